"""However work, answers, pages and HQ's own changes interleave: the screen is HQ's rows under the open operations."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from guide_app import operations
from guide_app.domain.errors import Refused
from guide_app.domain.records import ENTITIES, MemberAlias, Ref, Stock, decode
from guide_app.operations import OPERATIONS, Context, Refusal, Snapshot, Versioned
from guide_app.services.ports.writing import Draft
from tests.unit.local_store.fake_hq import SCOPES, uuid
from tests.unit.local_store.kit import PRODUCTS, Bench, cancel, consent, edit, followup, member, place, sign_up, talk

MEMBERS = [uuid() for _ in range(4)]
ORDERS = [uuid() for _ in range(6)]
PHONES = ["+8613800000001", "+8613800000002", "+8613800000003"]
members = st.sampled_from(MEMBERS)
orders = st.sampled_from(ORDERS)
products = st.sampled_from(PRODUCTS)


class Tablet(RuleBasedStateMachine):
    """Drives a real store against a small HQ."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.bench = Bench(self.folder / "store.db")

    @initialize()
    def enrol(self) -> None:
        self.runner.run(self.bench.enrol())

    def teardown(self) -> None:
        try:
            self.end()
        finally:
            self.bench.store.close()
            self.runner.close()
            shutil.rmtree(self.folder)

    def do(self, draft: Draft) -> None:
        """Commits, unless a rule forbids it."""
        try:
            self.runner.run(self.bench.do(draft))
        except Refused:
            return

    # ------------------------------------------------------------ the guide

    @rule(member_id=members, phone=st.sampled_from(PHONES))
    def sign_up(self, member_id: str, phone: str) -> None:
        self.do(sign_up(member_id, phone))

    @rule(order_id=orders, member_id=st.none() | members, product=products, qty=st.integers(1, 3))
    def place(self, order_id: str, member_id: str | None, product: str, qty: int) -> None:
        self.do(place(order_id, [(product, qty)], member_id))

    @rule(order_id=orders)
    def cancel(self, order_id: str) -> None:
        self.do(cancel(order_id))

    @rule(member_id=members, old=st.sampled_from(["", "a", "b"]), new=st.sampled_from(["a", "b"]))
    def edit(self, member_id: str, old: str, new: str) -> None:
        self.do(edit(member_id, "note", old, new))

    @rule(member_id=members, granted=st.booleans(), seen=st.integers(0, 5))
    def consent(self, member_id: str, granted: bool, seen: int) -> None:
        self.do(consent(member_id, granted, seen))

    @rule(member_id=members)
    def talk(self, member_id: str) -> None:
        self.do(talk(member_id, uuid(), at="2026-11-21T12:00:00.000Z"))
        self.do(followup(member_id, uuid()))

    # ------------------------------------------------------------ HQ and the network

    @rule(most=st.integers(0, 4), max_ops=st.integers(1, 4), lost=st.booleans())
    def round(self, most: int, max_ops: int, lost: bool) -> None:
        self.runner.run(self.bench.round(most=most, max_ops=max_ops, lost=lost))

    @rule(member_id=members, level=st.sampled_from(["gold", "silver"]))
    def hq_edits(self, member_id: str, level: str) -> None:
        record = self.bench.hq.record("member", member_id)
        if record is None and self.bench.hq.record("member_alias", member_id) is None:
            record = member(phone=f"+86139{int(member_id[:6], 16):08d}"[:14])
        if record is not None:
            self.bench.hq.publish("member", member_id, msgspec.structs.replace(record, level=level))

    @rule(product=products, on_hand=st.integers(0, 9))
    def hq_counts(self, product: str, on_hand: int) -> None:
        self.bench.hq.publish("stock", product, Stock(on_hand=on_hand))

    @rule(kind=st.sampled_from(["order.place", "member.sign_up", "member.edit", "order.cancel"]),
          verdict=st.sampled_from([("parked", "x"), ("forwarded", ""), ("rejected", "y")]))  # fmt: skip
    def hq_is_told(self, kind: str, verdict: Any) -> None:
        self.bench.hq.verdict[kind] = verdict

    @rule()
    def hq_is_mended(self) -> None:
        self.bench.hq.mend()

    @rule(scope=st.sampled_from(SCOPES))
    def refetch(self, scope: str) -> None:
        self.runner.run(self.bench.store.sync.refetch((scope,)))

    @rule()
    def fork(self) -> None:
        self.runner.run(self.bench.store.sync.fork())

    @rule()
    def restart(self) -> None:
        self.bench.store.close()
        self.bench.store = self.bench.opened()

    # ------------------------------------------------------------ what always holds

    @invariant()
    def the_screen_is_hqs_rows_under_the_open_operations(self) -> None:
        if not self.bench.sql("SELECT 1 FROM meta WHERE key = 'device_id'"):
            return
        expected, shadowed = _expected(self.bench)
        effective = _effective(self.bench)
        assert {ref: effective.get(ref) for ref in shadowed} == {ref: expected.get(ref) for ref in shadowed}

    @invariant()
    def seqs_have_no_gap(self) -> None:
        seqs = [row[0] for row in self.bench.sql("SELECT seq FROM outbox ORDER BY seq")]
        assert seqs == list(range(1, len(seqs) + 1))

    @precondition(lambda self: True)
    @rule()
    def all_is_quiet(self) -> None:
        self.end()

    def end(self) -> None:
        """Once faults stop everything drains, and the rows are HQ's, field by field."""
        self.bench.hq.mend()
        self.runner.run(self.bench.drain())
        self.bench.hq.mend()
        self.runner.run(self.bench.drain())
        want = {ref: value for ref, (_, value) in self.bench.hq.alive().items()}
        assert {ref: value for ref, (_, value) in _effective(self.bench).items()} == want
        assert self.runner.run(self.bench.store.sync.differing()) == ()
        assert self.bench.sql("SELECT count(*) FROM shadow") == [(0,)]
        assert self.bench.sql("SELECT count(*) FROM op_touch") == [(0,)]


TABLES = ("member", "member_alias", "product", "price", "stock", "talk", "followup")


def _effective(bench: Bench) -> dict[Ref, tuple[int, Any]]:
    found: dict[Ref, tuple[int, Any]] = {}
    for table in TABLES:
        for row_id, ver, d in bench.sql(f"SELECT id, ver, d FROM {table}"):
            found[Ref(table, row_id)] = (ver, msgspec.json.decode(d))
    for row_id, ver, d in bench.sql("SELECT id, ver, d FROM shop_order"):
        found[Ref("order", row_id)] = (ver, msgspec.json.decode(d))
    for entity, row_id, ver, d in bench.sql("SELECT entity, id, ver, d FROM other_row"):
        found[Ref(entity, row_id)] = (ver, msgspec.json.decode(d))
    return found


def _expected(bench: Bench) -> tuple[dict[Ref, tuple[int, Any]], set[Ref]]:
    """Shadow and effects in seq order, taken by the plainest code there is: everything in one snapshot."""
    rows: dict[Ref, Versioned | None] = {}
    for ref, (ver, value) in _effective(bench).items():
        rows[ref] = Versioned(decode(msgspec.json.encode(value), ENTITIES[ref.entity]), ver)
    shadowed: set[Ref] = set()
    for entity, row_id, ver, d in bench.sql("SELECT entity, id, ver, d FROM shadow"):
        ref = Ref(entity, row_id)
        shadowed.add(ref)
        rows[ref] = Versioned(decode(d, ENTITIES[entity]), ver) if d else None
    aliases = {ref.id: row.record.member_id for ref, row in rows.items() if row and isinstance(row.record, MemberAlias)}
    state = Snapshot(rows, aliases)
    done = {
        (n, Ref(entity, row_id)) for n, entity, row_id in bench.sql("SELECT n, entity, id FROM op_touch WHERE done")
    }
    columns = "n, state, op_id, kind, schema_v, store_id, guide_id, made_at, body"
    for n, op_state, op_id, kind, version, store_id, guide_id, made_at, text in bench.sql(
        f"SELECT {columns} FROM outbox WHERE listed = 1 ORDER BY seq"
    ):
        body = operations.read(kind, version, text)
        context = Context(
            op_id=op_id, store_id=store_id, guide_id=guide_id, made_at=made_at, now=made_at, currency="CNY"
        )
        operation = OPERATIONS[kind]
        partly = op_state == "applied" and any(of == n for of, _ in done)
        if partly or not isinstance(operation.check(body, state, context), Refusal):
            changes = operation.effect(body, state, context).changes
            state.apply({ref: record for ref, record in changes.items() if (n, state.resolve(ref)) not in done})
    found = {
        ref: (row.ver, msgspec.json.decode(msgspec.json.encode(row.record)))
        for ref in shadowed
        if (row := state.row(ref)) is not None and state.resolve(ref) == ref
    }
    return found, shadowed


TestTablet = Tablet.TestCase
TestTablet.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=30, deadline=None)
