"""Trimming in memory: batches, digests, and that a tablet below the floor is told to fetch again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guide_app.domain.records import Ref
from hq.history import trimming
from hq.history.trimming import Trimmer
from hq.ledger.page import in_feed
from hq.ledger.past_memory import MemoryPast
from hq.ledger.port import FeedRow
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import body_of, new_id

BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> MemoryShop:
    monkeypatch.setattr(trimming, "BATCH", 2)
    return MemoryShop()


def trimmer(shop: MemoryShop) -> Trimmer:
    return Trimmer(shop.ledger, MemoryPast(shop.hq))


def test_old_orders_leave_the_tablets_and_stay_at_hq(shop: MemoryShop) -> None:
    maker = shop.maker()
    old = [maker.order([(shop.product_id, 1, PRICE)], shop.list_id) for _ in range(5)]
    maker.next_seq = 1
    old = [maker.op("order.place", body_of(op), made_at="2025-01-01T00:00:00.000Z", op_id=new_id()) for op in old]
    young = maker.order([(shop.product_id, 1, PRICE)], shop.list_id)
    shop.results(*old, young)
    assert trimmer(shop).let_old_leave(shop.scope, BEFORE) == 5
    kinds = {ref.id: row.kind for (_key, ref), row in shop.hq.state.feed.items() if ref.entity == "order"}
    assert kinds == {**{body_of(op)["order_id"]: "left" for op in old}, body_of(young)["order_id"]: "put"}
    assert all(shop.record("order", body_of(op)["order_id"]) is not None for op in old)
    assert trimmer(shop).let_old_leave(shop.scope, BEFORE) == 0


def test_an_old_order_that_changes_comes_back_until_the_next_trimming(shop: MemoryShop) -> None:
    maker = shop.maker()
    order = maker.order([(shop.product_id, 1, PRICE)], shop.list_id)
    old = maker.op("order.place", body_of(order), seq=1, made_at="2025-01-01T00:00:00.000Z", op_id=new_id())
    shop.results(old)
    ref = Ref("order", body_of(order)["order_id"])

    def standing() -> str:
        return str(shop.hq.state.feed[shop.scope, ref].kind)

    assert (trimmer(shop).let_old_leave(shop.scope, BEFORE), standing()) == (1, "left")
    shop.results(shop.maker().cancel(ref.id))
    assert standing() == "put"
    assert (trimmer(shop).let_old_leave(shop.scope, BEFORE), standing()) == (1, "left")


def test_tombstones_go_and_who_missed_them_fetches_again(shop: MemoryShop) -> None:
    with shop.ledger.transaction():
        shop.ledger.publish(shop.scope, [FeedRow(Ref("talk", new_id()), 1, "{}")])
        shop.ledger.publish(shop.scope, [FeedRow(Ref("talk", new_id()), 2, None, "gone") for _ in range(5)])
    head = shop.hq.state.heads[shop.scope]
    assert trimmer(shop).drop_tombstones(shop.scope, head.head - 1) == 4
    after = shop.hq.state.heads[shop.scope]
    assert (after.floor, after.head, after.digest) == (head.head - 1, head.head, head.digest)
    assert not in_feed(after, after.floor - 1)
    assert in_feed(after, after.floor)
    assert len(shop.hq.state.feed) == 2


def test_old_outcomes_are_gone(shop: MemoryShop) -> None:
    refs = [Ref("op_outcome", new_id()) for _ in range(3)]
    with shop.ledger.transaction():
        shop.ledger.publish(shop.scope, [FeedRow(ref, 1, "{}") for ref in refs])
    assert trimmer(shop).drop_outcomes(shop.scope, 2) == 2
    assert [shop.hq.state.feed[shop.scope, ref].kind for ref in refs] == ["gone", "gone", "put"]
