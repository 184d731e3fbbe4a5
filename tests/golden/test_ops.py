"""Operations of every version that was shipped: HQ reads each, and it leads to what it led to when it was kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
import pytest

from guide_app import operations
from guide_app.domain.records import Ref
from guide_app.domain.records.base import Short, Uuid
from guide_app.operations import (
    OPERATIONS,
    READERS,
    Body,
    Context,
    Effect,
    Older,
    Operation,
    Refusal,
    Snapshot,
    Unreadable,
    readers,
)
from guide_app.operations.orders import Cancel, OrderCancel
from hq.handlers import HANDLERS, Handler
from sync.protocol.digest import op_sha
from sync.protocol.messages import WireOp
from tests.golden import make_ops
from tests.golden.make_ops import OPS, Corpus, StoredOp
from tests.memory_hq import MemoryShop
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, Bench, cancel, place

FILES = sorted(OPS.glob("*.json"))
KEPT = [(corpus, op) for corpus in map(make_ops.read, FILES) for op in corpus.ops]


def test_every_version_of_every_kind_is_kept() -> None:
    missing = [make_ops.path_of(*key).name for key in sorted(READERS) if not make_ops.path_of(*key).exists()]
    assert not missing, (
        f"tests/golden/ops lacks {missing}: add bodies to op_bodies.py, then python -m tests.golden.make_ops"
    )
    unread = [path.name for path in FILES if (make_ops.read(path).kind, make_ops.read(path).schema_v) not in READERS]
    assert not unread, f"shipped, and no longer read: {unread}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_version_holds_what_it_held(path: Path) -> None:
    kept = make_ops.read(path)
    held = make_ops.schema_of(kept.kind, kept.schema_v)
    assert make_ops.shape(held) == make_ops.shape(kept.schema), (
        f"{kept.kind} v{kept.schema_v} was shipped with another body: keep its class in `older`, make a next version"
    )
    assert {"minimal", "full", "odd text", "maximal"} <= {op.name for op in kept.ops}


@pytest.mark.parametrize(("kept", "op"), KEPT, ids=lambda one: one.name if isinstance(one, StoredOp) else one.kind)
def test_an_old_operation_is_read_and_leads_to_what_it_did(kept: Corpus, op: StoredOp) -> None:
    assert (op.kind, op.schema_v) == (kept.kind, kept.schema_v)
    assert op_sha(op.op_id, op.kind, op.schema_v, op.store_id, op.guide_id, op.made_at, op.body) == op.sha
    assert make_ops.became(op.kind, op.schema_v, op.body) == op.became, (
        "the operation leads to something else now; if that is meant: python -m tests.golden.make_ops --effects"
    )


# ---------------------------------------------------------------- a second version, as a later app would have it


class CancelV2(Body, frozen=True):
    """The reason became a code and words; who asked for it is new."""

    order_id: Uuid
    code: Short
    words: Annotated[str, msgspec.Meta(max_length=400)] = ""
    asked_by: Short = "customer"

    @property
    def plain(self) -> Cancel:
        return Cancel(order_id=self.order_id, reason=f"{self.code}: {self.words}")


def _second(first: Cancel) -> CancelV2:
    return CancelV2(order_id=first.order_id, code="other", words=first.reason)


class OrderCancelV2(Operation[CancelV2]):
    """Takes an order back, with a body of the second version."""

    kind: ClassVar[str] = "order.cancel"
    version: ClassVar[int] = 2
    body = CancelV2
    older: ClassVar[tuple[Older, ...]] = (Older(1, Cancel, _second),)

    def touches(self, body: CancelV2) -> tuple[Ref, ...]:
        return OrderCancel().touches(body.plain)

    def follows(self, body: CancelV2, state: Snapshot) -> tuple[Ref, ...]:
        return OrderCancel().follows(body.plain, state)

    def check(self, body: CancelV2, state: Snapshot, context: Context) -> Refusal | None:
        return OrderCancel().check(body.plain, state, context)

    def effect(self, body: CancelV2, state: Snapshot, context: Context) -> Effect:
        return OrderCancel().effect(body.plain, state, context)


@pytest.fixture
def updated(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on this process is of the later version."""

    def update() -> None:
        operation: Operation[Any] = OrderCancelV2()
        monkeypatch.setitem(OPERATIONS, operation.kind, operation)
        monkeypatch.setitem(HANDLERS, operation.kind, Handler(OrderCancelV2()))
        for key, reader in readers(operation).items():
            monkeypatch.setitem(READERS, key, reader)

    return update


def test_an_older_body_is_upgraded_where_it_is_read(updated: Callable[[], None]) -> None:
    order_id = uuid()
    first = f'{{"order_id":"{order_id}","reason":"掉漆"}}'
    assert operations.read("order.cancel", 1, first) == Cancel(order_id=order_id, reason="掉漆")
    updated()
    assert operations.read("order.cancel", 1, first) == CancelV2(order_id=order_id, code="other", words="掉漆")
    second = f'{{"order_id":"{order_id}","code":"broken"}}'
    assert operations.read("order.cancel", 2, second) == CancelV2(order_id=order_id, code="broken")
    with pytest.raises(Unreadable, match="body_invalid"):
        operations.read("order.cancel", 2, first)
    with pytest.raises(Unreadable, match="schema_unknown"):
        operations.read("order.cancel", 3, second)


def test_several_versions_are_upgraded_one_after_the_other() -> None:
    class Third(Body, frozen=True):
        order_id: Uuid
        said: tuple[str, ...]

    class OrderCancelV3(Operation[Third]):
        kind: ClassVar[str] = "order.cancel"
        version: ClassVar[int] = 3
        body = Third
        older: ClassVar[tuple[Older, ...]] = (
            *OrderCancelV2.older,
            Older(2, CancelV2, lambda second: Third(order_id=second.order_id, said=(second.code, second.words))),
        )

        def touches(self, body: Third) -> tuple[Ref, ...]:
            return (Ref("order", body.order_id),)

        def effect(self, body: Third, state: Snapshot, context: Context) -> Effect:
            return Effect({})

    order_id, made = uuid(), readers(OrderCancelV3())
    assert [version for _, version in made] == [1, 2, 3]
    first = made["order.cancel", 1](f'{{"order_id":"{order_id}","reason":"why"}}')
    assert first == Third(order_id=order_id, said=("other", "why"))


def test_hq_takes_old_and_new_bodies_and_parks_what_is_newer_than_itself(updated: Callable[[], None]) -> None:
    shop = MemoryShop()
    maker = shop.maker()
    orders = [maker.order([(shop.product_id, 1, 4_990)], shop.list_id) for _ in range(3)]
    ids = [msgspec.json.decode(order.body or "")["order_id"] for order in orders]
    cancels = [
        maker.op("order.cancel", {"order_id": ids[0], "reason": "掉漆"}),
        maker.op("order.cancel", {"order_id": ids[1], "code": "broken"}, schema_v=2),
        maker.op("order.cancel", {"order_id": ids[2], "says": "a later app"}, schema_v=3),
    ]
    updated()
    told = shop.results(*orders, *cancels)[3:]
    assert [(one.status, one.code) for one in told] == [("applied", ""), ("applied", ""), ("parked", "schema_unknown")]
    assert [shop.record("order", order_id).cancel_reason for order_id in ids] == ["other: 掉漆", "broken: ", ""]


@pytest.mark.asyncio
async def test_an_updated_app_sends_what_the_old_one_made_byte_for_byte(
    tmp_path: Path, updated: Callable[[], None]
) -> None:
    bench = Bench(tmp_path / "store.db")
    await bench.enrol()
    order_id = uuid()
    await bench.do(place(order_id, [(PRODUCTS[0], 1)]))
    await bench.do(cancel(order_id))
    before = bench.sql("SELECT op_id, kind, schema_v, body, op_sha256 FROM outbox ORDER BY seq")
    bench.store.close()
    updated()
    bench.store = bench.opened()
    try:
        out = await bench.store.sync.outgoing()
        sent = [msgspec.json.decode(raw, type=WireOp) for raw in out.ops]
        assert [(op.op_id, op.kind, op.schema_v, op.body, op.sha) for op in sent] == before
        await bench.drain()
        assert bench.sql("SELECT state FROM outbox") == [("applied",)] * 2
        assert bench.hq.record("order", order_id).state == "cancelled"
    finally:
        bench.store.close()
