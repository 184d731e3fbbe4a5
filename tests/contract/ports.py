"""What every adapter of the ports `Ledger` and `Aggregates` must do; its test gives a `home` and inherits this."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from guide_app.domain import gift_cards, numbers
from guide_app.domain.clock import from_text
from guide_app.domain.errors import Defect
from guide_app.domain.points import Terms
from guide_app.domain.pricing import Basket, ChosenCoupon, Goods, Line
from guide_app.domain.records import (
    Category,
    Counted,
    Followup,
    Instrument,
    Lease,
    Member,
    MemberAlias,
    Names,
    Order,
    OrderCopy,
    OrderLine,
    Parcel,
    ParcelLine,
    Product,
    Promise,
    Promotion,
    Record,
    Ref,
    Refund,
    Reminder,
    Return,
    Staff,
    Stock,
    Ticket,
    Totals,
    Visitor,
    Wallet,
)
from guide_app.domain.records.reminder import reminder_ref
from guide_app.domain.records.talk import FollowupState
from guide_app.operations import Context, Versioned
from guide_app.operations.orders import OrderPlace
from hq.cards.values import CardEntry
from hq.handlers import HANDLERS, Desk
from hq.joining.values import Joining, Referral
from hq.leases.values import CardFace, LeaseAsked, Value
from hq.ledger.port import (
    Aggregates,
    Bought,
    Buckets,
    Clash,
    Entry,
    FeedRow,
    Ledger,
    Outcome,
    Page,
    Place,
    ScopeKey,
    Stream,
)
from hq.payments.values import PaymentRequest, RefundAsked
from hq.points.values import Earned, PointsEntry
from sync.protocol.digest import ScopeSums, bucket, row_hash
from tests.ops import new_id, new_phone
from tests.priced import told

NOW = "2026-11-21T10:00:00.000Z"


@dataclass(frozen=True)
class Store:
    """A furnished store: one guide, `product_id` priced `price` in the list `list_id`, 10 pieces of it, terms "1"."""

    store_id: str
    scope: ScopeKey
    guide_id: str
    product_id: str
    list_id: str
    price: int
    aggregates: Aggregates


@dataclass(frozen=True)
class Home:
    """An HQ with two stores."""

    ledger: Ledger
    here: Store
    there: Store
    furnish: Callable[[Ref, Record], None]
    """Puts a row of the chain there."""
    code: Callable[[str], str] = lambda _store_id: "101"
    """The code with which a store's numbers begin."""

    def stream(self) -> Stream:
        """A stream that HQ does not know."""
        return Stream(self.here.store_id, new_id(), new_id())


def entry(seq: int = 1, **over: Any) -> Entry:
    fields: dict[str, Any] = {
        "seq": seq,
        "op_id": new_id(),
        "kind": "talk.log",
        "schema_v": 1,
        "guide_id": new_id(),
        "made_at": NOW,
        "body": b'{"a":"\\u0000"}\x00\xff',
        "sha": "a" * 64,
        "outcome": Outcome(status="applied", feed_pos=7),
        "first": True,
        "received_at": datetime(2026, 11, 21, 12, tzinfo=UTC),
    }
    return Entry(**{**fields, **over})


def member(**over: Any) -> Member:
    return Member(**{"member_no": new_id(), "phone": new_phone(), "name": "陈静", "joined_at": NOW, **over})


def row(ver: int = 1, data: str = '{"name":"茶"}', ref: Ref | None = None) -> FeedRow:
    return FeedRow(ref or Ref("talk", new_id()), ver, data)


def rows_of(page: Page, scope: str) -> list[dict[str, Any]]:
    return [json.loads(row) for row in page.slices[scope].rows]


class LedgerContract:
    """Streams, operations, feed."""

    def test_a_new_stream_begins_at_zero_and_remembers(self, home: Home) -> None:
        stream, op = home.stream(), entry()
        with home.ledger.transaction():
            assert home.ledger.lock_stream(stream) == 0
            home.ledger.record(stream, [op], {1: op.op_id}, 1)
        with home.ledger.transaction():
            assert home.ledger.lock_stream(stream) == 1
            assert home.ledger.seen(stream, [1, 2]) == {1: op.op_id}
        assert home.ledger.glance(stream, [])[0] == 1
        assert home.ledger.glance(home.stream(), [])[0] == 0

    def test_an_operation_is_known_from_then_on_with_its_outcome(self, home: Home) -> None:
        became = Outcome(status="merged", code="phone_known", message="…", entity="member", id=new_id())
        op = entry(outcome=became)
        stream = home.stream()
        with home.ledger.transaction():
            home.ledger.lock_stream(stream)
            home.ledger.record(stream, [op], {1: op.op_id}, 1)
        known = home.ledger.known([op.op_id, new_id()])
        assert known.keys() == {op.op_id}
        found = known[op.op_id]
        assert (found.store_id, found.sha, found.outcome) == (stream.store_id, op.sha, became)
        assert not found.conflicts

    def test_a_second_content_is_kept_beside_the_first(self, home: Home) -> None:
        op = entry()
        parked = Outcome(status="parked", code="op_id_conflict")
        other = entry(2, op_id=op.op_id, sha="b" * 64, first=False, outcome=parked)
        stream = home.stream()
        for _ in range(2):
            with home.ledger.transaction():
                last = home.ledger.lock_stream(stream)
                ops = [op, other] if last == 0 else [other]
                home.ledger.record(stream, ops, {} if last else {1: op.op_id, 2: op.op_id}, 2)
        found = home.ledger.known([op.op_id])[op.op_id]
        assert (found.sha, found.conflicts) == (op.sha, frozenset({other.sha}))

    def test_an_op_id_is_one_in_all_of_hq(self, home: Home) -> None:
        op, stranger = entry(), Stream(home.there.store_id, new_id(), new_id())

        def recorded(stream: Stream) -> None:
            with home.ledger.transaction():
                home.ledger.lock_stream(stream)
                home.ledger.record(stream, [op], {1: op.op_id}, 1)

        recorded(home.stream())
        with pytest.raises(Clash):
            recorded(stranger)
        assert home.ledger.glance(stranger, [])[0] == 0

    def test_a_parked_operation_waits_until_it_is_settled(self, home: Home) -> None:
        stream, waits = home.stream(), Outcome(status="parked", code="policy_unknown")
        ops = [entry(1), entry(2, outcome=waits), entry(3, outcome=waits, kind=""), entry(4, outcome=waits)]
        with home.ledger.transaction():
            home.ledger.lock_stream(stream)
            home.ledger.record(stream, ops, {op.seq: op.op_id for op in ops}, 4)
        anew = stream._replace(device_id=new_id(), incarnation=new_id())
        with home.ledger.transaction():
            home.ledger.lock_stream(anew)
            home.ledger.record(anew, [], {1: ops[1].op_id}, 1)
        mine = [parked for parked in home.ledger.parked() if parked.stream == stream]
        assert [parked.entry for parked in mine] == [ops[1], ops[3]]
        senders = [{one.device_id for one in home.ledger.senders(parked.entry.op_id)} for parked in mine]
        assert senders == [{stream.device_id, anew.device_id}, {stream.device_id}]
        became = Outcome(status="applied", code="conflict", message="…", feed_pos=9)
        for expected in (True, False):
            with home.ledger.transaction():
                assert home.ledger.reopen(mine[0]) is expected
                if expected:
                    home.ledger.settle(mine[0], became)
        assert home.ledger.known([ops[1].op_id])[ops[1].op_id].outcome == became
        assert [parked.entry for parked in home.ledger.parked() if parked.stream == stream] == [ops[3]]

    def test_an_error_takes_the_whole_transaction_back(self, home: Home) -> None:
        stream, op = home.stream(), entry()
        before = home.ledger.glance(stream, [home.here.scope])

        def broken() -> None:
            with home.ledger.transaction():
                home.ledger.lock_stream(stream)
                home.ledger.publish(home.here.scope, [row()])
                home.ledger.record(stream, [op], {1: op.op_id}, 1)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            broken()
        assert home.ledger.glance(stream, [home.here.scope]) == before
        assert home.ledger.known([op.op_id]) == {}

    def test_an_error_takes_back_its_savepoint_alone(self, home: Home) -> None:
        kept, lost = Ref("member", new_id()), Ref("member", new_id())

        def broken() -> None:
            with home.ledger.savepoint():
                home.here.aggregates.save({lost: Versioned(member(), 1)})
                raise ZeroDivisionError

        with home.ledger.transaction():
            with home.ledger.savepoint():
                home.here.aggregates.save({kept: Versioned(member(), 1)})
            with pytest.raises(ZeroDivisionError):
                broken()
        with home.ledger.transaction():
            found = home.here.aggregates.load([kept, lost])
        assert found[kept] is not None
        assert found[lost] is None

    def test_positions_follow_one_another_and_a_changed_row_moves_to_the_end(self, home: Home) -> None:
        first, second = row(), row()
        start = home.ledger.glance(home.stream(), [home.here.scope])[1].get(home.here.scope.scope)
        begin = start.head if start else 0
        with home.ledger.transaction():
            assert home.ledger.publish(home.here.scope, [first, second]) == {
                first.ref: begin + 1,
                second.ref: begin + 2,
            }
        with home.ledger.transaction():
            assert home.ledger.publish(home.here.scope, [row(2, ref=first.ref)]) == {first.ref: begin + 3}
        page = home.ledger.page([home.here.scope], {home.here.scope.scope: begin}, 10_000)
        assert [(r["id"], r["q"], r["v"]) for r in rows_of(page, home.here.scope.scope)] == [
            (second.ref.id, begin + 2, 1),
            (first.ref.id, begin + 3, 2),
        ]

    def test_the_digest_is_the_sum_over_the_put_rows(self, home: Home) -> None:
        def digest() -> int:
            return home.ledger.page([home.here.scope], {}, 1).heads[home.here.scope.scope].digest

        before, one, two = digest(), row(), row()
        with home.ledger.transaction():
            home.ledger.publish(home.here.scope, [one, two])
        with home.ledger.transaction():
            home.ledger.publish(home.here.scope, [row(5, ref=one.ref), FeedRow(two.ref, 2, None, "gone")])
        assert digest() == (before + row_hash(*one.ref, 5)) % 2**64

    def test_pages_hold_what_was_wanted_and_bring_every_row_once(self, home: Home) -> None:
        scope = home.here.scope.scope
        at = home.ledger.page([home.here.scope], {}, 1).heads[scope].head
        rows = [row(data='{"note":"' + "茶" * n + '"}') for n in range(1, 40)]
        with home.ledger.transaction():
            home.ledger.publish(home.here.scope, rows)
        for want in (1, 300, 5_000, 1_000_000):
            position, seen, more = at, list[str](), True
            while more:
                page = home.ledger.page([home.here.scope], {scope: position}, want)
                ready, more = page.slices[scope].rows, page.slices[scope].more
                assert ready
                assert len(ready) == 1 or sum(map(len, ready)) <= want
                seen += [r["id"] for r in rows_of(page, scope)]
                position = rows_of(page, scope)[-1]["q"]
            assert seen == [r.ref.id for r in rows]
            assert position == page.heads[scope].head

    def test_a_page_passes_over_what_was_not_asked_or_lies_outside_the_feed(self, home: Home) -> None:
        with home.ledger.transaction():
            home.ledger.publish(home.here.scope, [row()])
            home.ledger.publish(home.there.scope, [row()])
        both = [home.here.scope, home.there.scope]
        page = home.ledger.page(both, {home.there.scope.scope: 0}, 10_000)
        assert page.slices.keys() == {home.there.scope.scope}
        assert page.heads.keys() == {key.scope for key in both}
        beyond = page.heads[home.there.scope.scope].head + 1
        assert not home.ledger.page(both, {home.there.scope.scope: beyond}, 10_000).slices

    def test_a_row_that_went_carries_its_id_alone(self, home: Home) -> None:
        gone = FeedRow(Ref("talk", new_id()), 3, None, "gone")
        with home.ledger.transaction():
            at = home.ledger.publish(home.here.scope, [gone])[gone.ref]
        page = home.ledger.page([home.here.scope], {home.here.scope.scope: at - 1}, 10_000)
        assert rows_of(page, home.here.scope.scope) == [
            {"s": home.here.scope.scope, "q": at, "e": "talk", "id": gone.ref.id, "v": 3, "o": "gone"}
        ]

    def test_a_scope_is_compared_by_its_buckets_at_its_head_alone(self, home: Home) -> None:
        key = home.here.scope
        with home.ledger.transaction():
            rows = [row(ver=n % 3 + 1) for n in range(40)]
            at = max(home.ledger.publish(key, [*rows, FeedRow(Ref("talk", new_id()), 2, None, "gone")]).values())
        held = ScopeSums(_standing(home, key))
        same = [int(text, 16) for text in held.texts()]
        assert home.ledger.compare(key, at - 1, same, Place(), 1_000_000) is None
        assert home.ledger.compare(key, at, same, Place(), 1_000_000) == Buckets((), (), None)
        lost, older = rows[0], rows[1]
        held.move(*lost.ref, lost.ver, None)
        held.move(*older.ref, older.ver, older.ver + 7)
        differing = tuple(sorted({bucket(*lost.ref), bucket(*older.ref)}))
        found = home.ledger.compare(key, at, [int(text, 16) for text in held.texts()], Place(), 1_000_000)
        assert found is not None
        assert (found.buckets, found.next) == (differing, None)
        standing = {(entity, id_) for entity, id_, _ver in _standing(home, key)}
        assert _named(found) == {name for name in standing if bucket(*name) in differing}

    def test_a_bucket_comes_whole_in_pages_with_what_was_erased(self, home: Home) -> None:
        key, place = home.here.scope, 7
        ids = [id_ for id_ in (new_id() for _ in range(4000)) if bucket("talk", id_) == place]
        with home.ledger.transaction():
            home.ledger.publish(key, [row(ref=Ref("talk", id_)) for id_ in ids[:-2]])
            gone = FeedRow(Ref("talk", ids[-2]), 2, None, "gone")
            at = max(home.ledger.publish(key, [gone, FeedRow(Ref("talk", ids[-1]), 2, None, "erased")]).values())
        found, after, pages = set[tuple[str, str]](), Place(), 0
        while True:
            part = home.ledger.compare(key, at, place, after, 150)
            assert part is not None
            assert part.buckets == (place,)
            assert part.rows
            assert not _named(part) & found
            found |= _named(part)
            pages += 1
            if part.next is None:
                break
            after = part.next
        assert pages > 2
        assert found >= {("talk", id_) for id_ in [*ids[:-2], ids[-1]]}
        assert ("talk", ids[-2]) not in found
        assert {bucket(*name) for name in found} == {place}

    def test_heads_are_locked_in_a_transaction_and_rows_follow_in_any_order(self, home: Home) -> None:
        keys = sorted([home.here.scope, home.there.scope])
        with home.ledger.transaction():
            home.ledger.lock_heads(keys)
            for key in reversed(keys):
                assert len(home.ledger.publish(key, [row()])) == 1
        with pytest.raises(Defect):
            home.ledger.lock_heads(keys)

    def test_steps_are_offered_in_their_order_until_they_are_done_and_then_keep_nothing(self, home: Home) -> None:
        with home.ledger.transaction():
            home.ledger.add_steps(home.here.store_id, [("a", "{1}"), ("b", "{2}")])
            home.ledger.add_steps(home.there.store_id, [])
        with home.ledger.transaction():
            home.ledger.add_steps(home.there.store_id, [("c", "{3}")])
        first, second, third = home.ledger.open_steps(10)
        assert [(s.store_id, s.kind, s.body) for s in (first, second, third)] == [
            (home.here.store_id, "a", "{1}"),
            (home.here.store_id, "b", "{2}"),
            (home.there.store_id, "c", "{3}"),
        ]
        assert home.ledger.open_steps(1) == [first]
        with home.ledger.transaction():
            home.ledger.finish_step(first, datetime(2026, 11, 21, 12, tzinfo=UTC))
        assert home.ledger.open_steps(10) == [second, third]

    def test_a_step_is_taken_once_in_a_store_unless_that_was_taken_back(self, home: Home) -> None:
        step, there = new_id(), home.there.store_id

        def broken() -> None:
            with home.ledger.transaction():
                assert home.ledger.take_step(there, step)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            broken()
        for expected in (True, False):
            with home.ledger.transaction():
                assert home.ledger.take_step(there, step) is expected

    def test_steps_of_a_transaction_that_fails_were_never_left(self, home: Home) -> None:
        def broken() -> None:
            with home.ledger.transaction():
                home.ledger.add_steps(home.here.store_id, [("a", "{}")])
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            broken()
        assert home.ledger.open_steps(10) == []

    def test_an_operation_that_was_carried_is_known_by_what_became_of_it_there(self, home: Home) -> None:
        stream, op = home.stream(), entry(outcome=Outcome(status="forwarded"))
        with home.ledger.transaction():
            home.ledger.lock_stream(stream)
            home.ledger.record(stream, [op], {1: op.op_id}, 1)
        for status in ("forwarded", "applied"):
            became = msgspec.structs.replace(op, outcome=Outcome(status=status, feed_pos=3))
            with home.ledger.transaction():
                home.ledger.carry(became, stream, home.there.store_id)
            known = home.ledger.known([op.op_id])[op.op_id]
            assert (known.store_id, known.outcome) == (home.there.store_id, became.outcome)
        assert [tuple(one) for one in home.ledger.senders(op.op_id)] == [(stream.store_id, stream.device_id, 1)]

    def test_a_carried_operation_can_wait_where_it_was_carried(self, home: Home) -> None:
        stream, op = home.stream(), entry(outcome=Outcome(status="forwarded"))
        waits = msgspec.structs.replace(op, outcome=Outcome(status="parked", code="policy_unknown"))
        with home.ledger.transaction():
            home.ledger.lock_stream(stream)
            home.ledger.record(stream, [op], {1: op.op_id}, 1)
            home.ledger.carry(waits, stream, home.there.store_id)
        (parked,) = home.ledger.parked()
        assert (parked.stream.store_id, parked.entry) == (home.there.store_id, waits)


def _standing(home: Home, key: ScopeKey) -> list[tuple[str, str, int]]:
    page = home.ledger.page([key], {key.scope: 0}, 10_000_000)
    return [(r["e"], r["id"], r["v"]) for r in rows_of(page, key.scope) if r["o"] == "put"]


def _named(found: Buckets) -> set[tuple[str, str]]:
    return {(r["e"], r["id"]) for r in map(json.loads, found.rows)}


class AggregatesContract:
    """The rows of the trade, and what is known of the shop."""

    def test_leases_keep_their_scope_and_come_up_once_they_expired(self, home: Home) -> None:
        instrument, asked = Ref("instrument", new_id()), Ref("lease_request", new_id())
        refs = [Ref("lease", new_id()) for _ in range(5)]
        named = Instrument(kind="card", id=instrument.id)
        early, late = "2026-11-20T10:00:00.000Z", "2026-11-21T10:00:00.000Z"
        made = [
            Lease(amount=5, expires_at=late, instrument=named, granted_at=NOW),
            Lease(amount=5, expires_at=early, instrument=named, granted_at=NOW, spent=9),
            Lease(amount=5, expires_at=early, instrument=named, returned=2, returned_at=NOW),
            Lease(amount=5, expires_at=early, instrument=named, returned=5, returned_at=NOW),
            Lease(amount=0, expires_at=early, spent=3, returned_at=NOW),
        ]
        rows = {ref: Versioned(lease, 1, home.here.scope.scope) for ref, lease in zip(refs, made, strict=True)}
        rows[refs[4]] = Versioned(made[4], 1)
        rows[instrument] = Versioned(Value(kind="card", owner_id=new_id(), balance=20, held=13), 1)
        rows[asked] = Versioned(LeaseAsked(lease_id=refs[0].id, granted=5, code="part", at=NOW), 1)
        with home.ledger.transaction():
            assert home.here.aggregates.save(rows) == rows
        with home.ledger.transaction():
            assert home.here.aggregates.load(rows.keys()) == rows
            assert home.there.aggregates.load(rows.keys()) == dict.fromkeys(rows)
        assert home.here.aggregates.leases_expired(late) == sorted(ref.id for ref in refs[1:3])
        assert home.here.aggregates.leases_expired("2026-11-22T10:00:00.000Z")[2:] == [refs[0].id]
        assert not home.there.aggregates.leases_expired("2027-01-01T00:00:00.000Z")
        assert home.here.aggregates.leased(instrument.id) == 5 + 3
        assert (home.there.aggregates.leased(instrument.id), home.here.aggregates.leased(new_id())) == (0, 0)

    def test_payment_requests_are_found_by_when_they_are_due_and_in_any_store(self, home: Home) -> None:
        refs = [Ref("payment_request", new_id()) for _ in range(3)]
        times = ("2026-11-21T10:00:00.000Z", "2026-11-21T09:00:00.000Z", "")
        made = {
            ref: PaymentRequest(
                order_id=new_id(), amount=4990, currency="CNY", provider="local", made_at=NOW, until=NOW, look_at=at,
                state="paid", provider_id="4200", code="", device_id=new_id(), guide_id=new_id(), attempts=2,
                refunds=(RefundAsked(id=new_id(), amount=90, reason="slip", order_id=new_id(), leg_id=new_id()),),
            )
            for ref, at in zip(refs, times, strict=True)
        }  # fmt: skip
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(record, 1) for ref, record in made.items()})
        with home.ledger.transaction():
            found = home.here.aggregates.load(made)
        assert {ref: row.record for ref, row in found.items() if row} == made
        assert home.here.aggregates.payments_due(times[0]) == [refs[1].id, refs[0].id]
        assert home.here.aggregates.payments_due(times[1]) == [refs[1].id]
        assert not home.there.aggregates.payments_due(times[0])
        assert home.there.aggregates.payment_store(refs[0].id) == home.here.store_id
        assert home.there.aggregates.payment_store(new_id()) == ""

    def test_what_was_saved_is_loaded(self, home: Home) -> None:
        ref, absent = Ref("member", new_id()), Ref("talk", new_id())
        with home.ledger.transaction():
            saved = home.here.aggregates.save({ref: Versioned(member(tags=("vip",)), 1)})
            assert home.here.aggregates.load([absent, ref]) == {absent: None, ref: saved[ref]}
            later = Versioned(msgspec.structs.replace(saved[ref].record, name="Anna"), 2)
            home.here.aggregates.save({ref: later})
        with home.ledger.transaction():
            assert home.here.aggregates.load([ref]) == {ref: later}

    def test_a_store_sees_its_own_rows_alone(self, home: Home) -> None:
        ref, kept = Ref("member", new_id()), member()
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(kept, 1)})
        with home.ledger.transaction():
            assert home.there.aggregates.load([ref]) == {ref: None}
            assert home.there.aggregates.find_phones([kept.phone]) == {}
        with pytest.raises(Clash), home.ledger.transaction():
            home.there.aggregates.save({ref: Versioned(member(), 1)})
        with home.ledger.transaction():
            found = home.here.aggregates.load([ref])[ref]
        assert found is not None
        assert found.record == kept

    def test_a_member_has_one_home_that_every_store_finds(self, home: Home) -> None:
        vanished, survivor, unknown = new_id(), new_id(), new_id()
        ref = Ref("member", survivor)
        with home.ledger.transaction():
            saved = home.here.aggregates.save({ref: Versioned(member(), 1)})
            alias = Versioned(MemberAlias(member_id=survivor), 1)
            for store in (home.here, home.there):
                store.aggregates.save({Ref("member_alias", vanished): alias})
        with home.ledger.transaction():
            found = home.there.aggregates.homes([vanished, survivor, unknown], hold=True)
        assert {asked: (one.store_id, one.member_id, one.row) for asked, one in found.items()} == dict.fromkeys(
            (vanished, survivor), (home.here.store_id, survivor, saved[ref])
        )

    def test_a_circle_of_aliases_ends(self, home: Home) -> None:
        one, two = new_id(), new_id()
        with home.ledger.transaction():
            home.here.aggregates.save({Ref("member_alias", one): Versioned(MemberAlias(member_id=two), 1)})
            home.there.aggregates.save({Ref("member_alias", two): Versioned(MemberAlias(member_id=one), 1)})
        assert home.here.aggregates.homes([one, two]) == {}

    def test_each_store_may_have_a_copy_of_a_member_for_its_time(self, home: Home) -> None:
        member_id, late = new_id(), "2026-12-21T10:00:00.000Z"
        copy = Visitor(
            member_no="1", phone=new_phone(), name="陈静", home_store_id=new_id(), home_names=Names(en="One"),
            home_ver=2,
            until=late,
        )  # fmt: skip
        ref = Ref("visitor", member_id)
        with home.ledger.transaction():
            for store in (home.here, home.there):
                store.aggregates.save({ref: Versioned(copy, 1)})
        with home.ledger.transaction():
            assert home.here.aggregates.load([ref]) == {ref: Versioned(copy, 1)}
        both = tuple(sorted((home.here.store_id, home.there.store_id)))
        assert home.here.aggregates.visits([member_id, new_id()]) == {member_id: both}
        assert home.here.aggregates.visitors([member_id, new_id()]) == {member_id}
        assert home.here.aggregates.expired_visitors(NOW) == set()
        assert home.here.aggregates.expired_visitors(late) == {member_id}
        with home.ledger.transaction():
            home.here.aggregates.remove([ref])
        assert home.here.aggregates.visitors([member_id]) == set()
        assert home.there.aggregates.visitors([member_id]) == {member_id}

    def test_who_was_received_first_is_told_first(self, home: Home) -> None:
        phone, number = new_phone(), f"T{new_id()[:8]}"
        refs = [Ref("member", new_id()) for _ in range(2)]
        fields: tuple[dict[str, Any], ...] = ({"other_numbers": (number,)}, {"member_no": number})
        for ref, store, more in zip(refs, (home.there, home.here), fields, strict=True):
            with home.ledger.transaction():
                store.aggregates.save({ref: Versioned(member(phone=phone, **more), 1)})
        with home.ledger.transaction():
            row = home.there.aggregates.load([refs[0]])[refs[0]]
            assert row is not None
            home.there.aggregates.save({refs[0]: Versioned(row.record, 2)})
        told = [(home.there.store_id, refs[0].id), (home.here.store_id, refs[1].id)]
        assert home.here.aggregates.same_phone(phone) == told
        assert home.there.aggregates.same_number(number) == told
        assert home.here.aggregates.same_phone("") == []
        assert home.here.aggregates.same_number("") == []

    def test_an_order_is_found_by_its_number_here_first_then_where_it_was_made(self, home: Home) -> None:
        here, there = home.here, home.there
        mine, theirs = Ref("order", new_id()), Ref("order", new_id())
        made = ((here, 42), (there, 43))
        numbered = [numbers.compose(home.code(store.store_id), "AB", "7K", n) for store, n in made]
        for store, ref, number in ((here, mine, numbered[0]), (there, theirs, numbered[1])):
            with home.ledger.transaction():
                store.aggregates.save({ref: Versioned(_order(number), 1)})
        told = [here.aggregates.order_numbered(number) for number in (*numbered, "TILL-1", "")]
        assert [(one.store_id, one.order_id) if one else None for one in told] == [
            (here.store_id, mine.id), (there.store_id, theirs.id), None, None,
        ]  # fmt: skip

    def test_another_store_s_order_is_found_at_its_home_and_each_store_may_have_a_copy_for_its_time(
        self, home: Home
    ) -> None:
        here, there, order_id = home.here.aggregates, home.there.aggregates, new_id()
        sold = Order(
            number=new_id()[:8], state="paid", guide_id=home.there.guide_id, placed_at=NOW, currency="CNY",
            lines=(OrderLine(line_id=new_id(), product_id=home.there.product_id, qty=2, unit_price=500, amount=1000),),
            totals=Totals(lines=1000, discounts=0, total=1000),
        )  # fmt: skip
        with home.ledger.transaction():
            there.save({Ref("order", order_id): Versioned(sold, 3)})
            found = here.order_home(order_id)
            assert found is not None
            assert (found.store_id, found.ver, found.order) == (home.there.store_id, 3, sold)
            assert found.names == here.store_names(home.there.store_id)
            assert there.order_home(order_id) is None, "its own is no other's"
            assert here.order_home(new_id()) is None
            assert here.store_names(new_id()) == Names()
        fields = {name: getattr(sold, name) for name in Order.__struct_fields__}
        copy = OrderCopy(
            **fields, store_id=here.store_id, home_store_id=there.store_id, home_names=found.names, home_ver=3,
            until=NOW,
        )  # fmt: skip
        ref = Ref("order_copy", order_id)
        with home.ledger.transaction():
            assert here.copies([order_id]) == {}
            saved = here.save({ref: Versioned(copy, 1)})
            assert saved == {ref: Versioned(copy, 1)}
            assert here.load([ref]) == saved
            assert there.load([ref]) == {ref: None}
            assert there.copies([order_id, new_id()]) == {order_id: (here.store_id,)}
            assert here.expired_copies(NOW) == {order_id}
            assert here.expired_copies("2026-11-21T09:59:59.999Z") == there.expired_copies(NOW) == set()
            here.remove([ref])
            assert here.copies([order_id]) == {}
        parcel = Parcel(
            store_id=here.store_id, home_store_id=there.store_id, home_names=found.names, number=sold.number,
            placed_at=NOW, lines=(ParcelLine(line_id=new_id(), product_id=home.there.product_id, qty=2),),
        )  # fmt: skip
        ref = Ref("parcel", order_id)
        with home.ledger.transaction():
            saved = here.save({ref: Versioned(parcel, 1)})
            assert here.load([ref]) == saved == {ref: Versioned(parcel, 1)}
            assert there.load([ref]) == {ref: None}

    def test_followups_and_marks_are_found_by_their_member_and_by_their_store(self, home: Home) -> None:
        member_id = new_id()
        ids = [new_id() for _ in range(3)]
        with home.ledger.transaction():
            states: tuple[FollowupState, ...] = ("open", "done", "open")
            for row_id, store, state in zip(ids, (home.here, home.here, home.there), states, strict=True):
                plan = Followup(member_id=member_id, guide_id=new_id(), due_on="2026-12-01", state=state)
                store.aggregates.save({Ref("followup", row_id): Versioned(plan, 1)})
                mark = Reminder(member_id=member_id, list="lapsed", cycle=row_id, state="done")
                store.aggregates.save({reminder_ref(member_id, "lapsed", row_id): Versioned(mark, 1)})
            wallet = Ref("wallet", member_id)
            home.here.aggregates.save({wallet: Versioned(Wallet(points=7), 1)})
        marks = {reminder_ref(member_id, "lapsed", row_id) for row_id in ids[:2]}
        assert home.here.aggregates.going_along(member_id) == {Ref("followup", ids[0]), *marks, wallet}
        assert home.there.aggregates.going_along(member_id).isdisjoint({wallet})
        assert home.here.aggregates.strangers([Ref("followup", one) for one in (*ids, new_id())]) == {
            Ref("followup", ids[2]): home.there.store_id
        }

    def test_what_hangs_on_a_member_is_found_by_them_and_by_its_store(self, home: Home) -> None:
        member_id = new_id()
        plans: tuple[Record, ...] = (
            Followup(member_id=member_id, guide_id=new_id(), due_on="2026-12-01", state="open"),
            Ticket(member_id=member_id, state="open"),
            Promise(member_id=member_id, due_on="2026-12-01", state="open"),
        )
        done: tuple[Record, ...] = (
            Followup(member_id=member_id, guide_id=new_id(), due_on="2026-12-01", state="done"),
            Ticket(member_id=member_id, state="solved"),
            Promise(member_id=member_id, due_on="2026-12-01", state="kept"),
            Ticket(member_id=new_id(), state="open"),
        )
        entities = {Followup: "followup", Ticket: "ticket", Promise: "promise"}
        ours = {Ref(entities[type(plan)], new_id()): Versioned(plan, 1) for plan in plans}
        over = {Ref(entities[type(plan)], new_id()): Versioned(plan, 1) for plan in done}
        theirs = {Ref(entities[type(plan)], new_id()): Versioned(plan, 1) for plan in plans}
        with home.ledger.transaction():
            home.here.aggregates.save({**ours, **over})
            home.there.aggregates.save(theirs)
        assert home.here.aggregates.going_along(member_id) == set(ours)
        asked = [*ours, *over, *theirs, Ref("ticket", new_id())]
        assert home.here.aggregates.strangers(asked) == dict.fromkeys(theirs, home.there.store_id)

    def test_a_phone_leads_to_its_member_and_is_one_in_the_store(self, home: Home) -> None:
        ref, kept = Ref("member", new_id()), member()
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(kept, 1)})
        assert home.here.aggregates.find_phones([kept.phone, new_phone()]) == {kept.phone: ref.id}
        with pytest.raises(Clash), home.ledger.transaction():
            home.here.aggregates.save({Ref("member", new_id()): Versioned(member(phone=kept.phone), 1)})
        with home.ledger.transaction():
            home.there.aggregates.save({Ref("member", new_id()): Versioned(member(phone=kept.phone), 1)})

    def test_an_alias_leads_to_the_survivor(self, home: Home) -> None:
        vanished, survivor = new_id(), new_id()
        with home.ledger.transaction():
            alias = Versioned(MemberAlias(member_id=survivor), 1)
            home.here.aggregates.save({Ref("member_alias", vanished): alias})
        assert home.here.aggregates.aliases([vanished, survivor]) == {vanished: survivor}

    def test_numbers_in_use_are_told_with_their_suffixes(self, home: Home) -> None:
        number, other = f"A{new_id()[:8]}", f"B{new_id()[:8]}"
        with home.ledger.transaction():
            for text in (number, f"{number}-2", f"{number}9"):
                home.here.aggregates.save({Ref("order", new_id()): Versioned(_order(text), 1)})
        assert home.here.aggregates.taken_numbers([number, other]) == {number, f"{number}-2"}
        assert home.there.aggregates.taken_numbers([number]) == set()

    def test_member_numbers_in_use_are_told_with_their_suffixes(self, home: Home) -> None:
        number = f"A{new_id()[:8]}"
        with home.ledger.transaction():
            for text in (number, f"{number}-2", f"{number}9"):
                home.here.aggregates.save({Ref("member", new_id()): Versioned(member(member_no=text), 1)})
        assert home.here.aggregates.taken_member_numbers([number, new_id()]) == {number, f"{number}-2"}
        assert home.there.aggregates.taken_member_numbers([number]) == set()
        with pytest.raises(Clash), home.ledger.transaction():
            home.here.aggregates.save({Ref("member", new_id()): Versioned(member(member_no=number), 1)})

    def test_what_a_member_bought_is_told_without_what_was_cancelled(self, home: Home) -> None:
        member_id, nobody, later = new_id(), new_id(), "2026-11-21T11:00:00.000Z"
        totals = Totals(lines=700, discounts=0, total=700)
        orders = [
            msgspec.structs.replace(
                _order(new_id()[:12]), member_id=member_id, totals=totals, placed_at=at, state=state
            )
            for at, state in ((later, "accepted"), (NOW, "shipped"), (later, "cancelled"), (NOW, "returned"))
        ]
        part, whole = (
            Return(return_id=new_id(), guide_id=new_id(), at=NOW, refund=Refund(money=money, points=1), risk=risk)
            for money, risk in ((150, 50), (700, 0))
        )
        orders[1] = msgspec.structs.replace(orders[1], returns=(part, msgspec.structs.replace(whole, void=True)))
        orders[3] = msgspec.structs.replace(orders[3], returns=(whole,))
        with home.ledger.transaction():
            home.here.aggregates.save({Ref("order", new_id()): Versioned(order, 1) for order in orders})
        for store in (home.here, home.there):
            days = (Counted(on="2026-11-21", spent=1300, orders=2),)
            assert store.aggregates.bought([member_id, nobody], "CNY") == {member_id: Bought(2, 1300, later, days)}
        days = (Counted(on="2026-11-21", orders=2),)
        assert home.there.aggregates.bought([member_id], "EUR") == {member_id: Bought(2, 0, later, days)}

    def test_stock_is_the_stores_own(self, home: Home) -> None:
        ref = Ref("stock", home.here.product_id)
        with home.ledger.transaction():
            before = home.here.aggregates.load([ref])[ref]
            assert before is not None
            home.here.aggregates.save({ref: Versioned(Stock(on_hand=-3), before.ver + 1)})
        with home.ledger.transaction():
            assert home.here.aggregates.load([ref]) == {ref: Versioned(Stock(on_hand=-3), before.ver + 1)}
            there = home.there.aggregates.load([ref])[ref]
        assert there is None or there.record == Stock(on_hand=10)

    def test_a_gift_is_known_by_its_person_in_every_store(self, home: Home) -> None:
        phones = [new_phone() for _ in range(3)]
        persons = [home.here.aggregates.person(phone) for phone in phones]
        assert persons == [home.there.aggregates.person(phone) for phone in phones]
        assert len({*persons, *phones}) == 6, "the key tells nobody the phone"
        given, signed = (Ref("joining", new_id()) for _ in range(2))
        kept = {
            given: Joining(at=NOW, member_id=new_id(), person=persons[0], product_id=home.here.product_id),
            signed: Joining(at=NOW, member_id=new_id(), person=persons[1], signed=("terms",), strokes="M1 2"),
        }
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(record, 1) for ref, record in kept.items()})
        assert home.there.aggregates.gifted(persons) == {persons[0]}
        with home.ledger.transaction():
            found = home.here.aggregates.load(kept)
        assert {ref: row.record for ref, row in found.items() if row} == kept

    def test_a_referral_and_what_is_owed_are_kept_and_an_instrument_is_found_in_any_store(self, home: Home) -> None:
        referral, value = Ref("referral", new_id()), Ref("instrument", new_id())
        kept = {
            referral: Referral(referrer_id=new_id(), points=50, paid=False),
            value: Value(kind="points", owner_id=referral.id, balance=40, held=40, owed=10),
        }
        with home.ledger.transaction():
            home.there.aggregates.save({ref: Versioned(record, 1) for ref, record in kept.items()})
        assert home.here.aggregates.instrument_store(value.id) == home.there.store_id == home.there.aggregates.store_id
        assert home.here.aggregates.instrument_store(new_id()) == ""
        with home.ledger.transaction():
            found = home.there.aggregates.load(kept)
        assert {ref: row.record for ref, row in found.items() if row} == kept

    def test_a_gift_card_is_the_chains_and_its_ledger_is_kept(self, home: Home) -> None:
        number = gift_cards.numbered(int(new_id()[:8], 16))
        card, entry = Ref("instrument", new_id()), Ref("card_entry", new_id())
        value = Value(
            kind="card", digits=number[-4:], until="2027-11-21",
            card=CardFace(number=number, amount=500, sold_by=new_id(), active=True),
        )  # fmt: skip
        moved = CardEntry(
            card_id=card.id, kind="handed_out", amount=500, source=new_id(), at="2026-11-21T10:00:00.000Z",
            reason="why", by="who",
        )  # fmt: skip
        with home.ledger.transaction():
            home.there.aggregates.save({card: Versioned(value, 1), entry: Versioned(moved, 1)})
        assert home.here.aggregates.cards([number, gift_cards.numbered(1)]) == {number: card.id}
        blocked = msgspec.structs.replace(
            value, balance=500, held=20, card=CardFace(number=number, amount=500, blocked=True)
        )  # fmt: skip
        for aggregates, ver, record in ((home.here.aggregates, 2, blocked), (home.there.aggregates, 3, value)):
            with home.ledger.transaction():
                row = aggregates.load([card])[card]
                assert row is not None
                assert row.ver == ver - 1
                aggregates.save({card: Versioned(record, ver)})
            with home.ledger.transaction():
                assert home.here.aggregates.load([card])[card] == Versioned(record, ver)
                assert home.there.aggregates.load([entry])[entry] == Versioned(moved, 1)

    def test_points_of_an_order_and_their_ledger_are_kept(self, home: Home) -> None:
        order, entry = Ref("points_earned", new_id()), Ref("points_entry", new_id())
        terms = Terms(amount=1_000, points=2, total=500, weight=5_000_000, until="2027-11-21", paid=True)
        kept = {
            order: Earned(member_id=new_id(), terms=terms, earned=4, used=1),
            entry: PointsEntry(
                instrument_id=new_id(), kind="taken_back", points=-4, source=order.id, at="2026-11-21T10:00:00.000Z",
                until="2027-11-21", reason="why", by="who",
            ),
        }  # fmt: skip
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(record, 1) for ref, record in kept.items()})
        with home.ledger.transaction():
            found = home.here.aggregates.load(kept)
        assert {ref: row.record for ref, row in found.items() if row} == kept

    def test_an_order_keeps_what_of_its_coupons_and_points_nothing_stands_behind(self, home: Home) -> None:
        """By the handler, on a lease of points that has too few, and with no lease of the coupon."""
        coupon, points = new_id(), new_id()
        says = Promotion(names=Names(en="C", zh="券"), kind="coupon", amount=300, stacks=True, of=coupon, since=NOW)
        home.furnish(Ref("promotion", coupon), says)
        rate = msgspec.structs.replace(says, kind="points", points=100, amount=100, of=points)
        home.furnish(Ref("promotion", points), rate)
        account, lease = new_id(), Ref("lease", new_id())
        held = Lease(
            amount=167, expires_at="2026-11-28T10:00:00.000Z", instrument=Instrument(kind="points", id=account)
        )
        kept: dict[Ref, Record] = {lease: held, Ref("instrument", account): Value(kind="points", balance=167, held=167)}
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(record, 1) for ref, record in kept.items()})
        line = Line(line_id=new_id(), product_id=home.here.product_id, qty=1, price=home.here.price)
        asked = Basket(
            at=from_text(NOW), lines=(line,), promotions={coupon: says, points: rate}, points=250,
            coupons=(ChosenCoupon(coupon_id=(used := new_id()), promotion_id=coupon),),
        )  # fmt: skip
        body = msgspec.convert({
            "order_id": new_id(), "number": new_id()[:20], "price_list": {"id": home.here.list_id, "version": 1},
            "fulfilment": {"kind": "take_away"}, "spends": [{"lease_id": lease.id, "amount": 250}], **told(asked),
        }, OrderPlace.body)  # fmt: skip
        context = Context(
            op_id=new_id(),
            store_id=home.here.store_id,
            guide_id=home.here.guide_id,
            made_at=NOW,
            now=NOW,
            currency="CNY",
        )
        handler = HANDLERS["order.place"]
        with home.ledger.transaction():
            desk = Desk.laid_out(home.here.aggregates, "CNY", [handler.needs(body, context)])
            assert handler.run(body, desk, context).code == "overspent"
            desk.save()
        with home.ledger.transaction():
            row = home.here.aggregates.load([Ref("order", body.order_id)])[Ref("order", body.order_id)]
        assert row is not None
        assert isinstance(row.record, Order)
        causes = {one.cause: (one.amount, one.id) for one in row.record.variances}
        assert causes == {"coupon_missing": (-300, used), "points_missing": (-83, "")}
        assert row.record.variance == -383

    def test_the_settings_of_the_chain_are_the_shops(self, home: Home) -> None:
        assert home.here.aggregates.settings().pin_tries == 5

    def test_the_shops_knowledge(self, home: Home) -> None:
        here = home.here
        assert here.aggregates.products([here.product_id, new_id()]) == {here.product_id}
        lists = here.aggregates.price_lists()
        assert lists[here.list_id].currency == "CNY"
        prices = here.aggregates.prices([here.list_id], [here.product_id, new_id()])
        assert prices == {(here.list_id, here.product_id): here.price}
        assert ("terms", "1") in here.aggregates.policies()
        people = {here.guide_id, home.there.guide_id}
        assert here.aggregates.staff([*people, new_id()]) == people, "a guide may have moved on since"

    def test_managers_are_those_of_the_store(self, home: Home) -> None:
        boss, former, elsewhere = new_id(), new_id(), new_id()
        made = Staff(name="顾明珊", staff_no="91", role="manager")
        kept: dict[Ref, Record] = {
            Ref("staff", boss): made,
            Ref("staff", former): msgspec.structs.replace(made, staff_no="92", active=False),
        }
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(record, 1) for ref, record in kept.items()})
            home.there.aggregates.save({Ref("staff", elsewhere): Versioned(made, 1)})
        found = home.here.aggregates.managers([boss, former, elsewhere, home.here.guide_id, new_id(), "no id"])
        assert {one: [term.covers("2026-11-20T10:00:00.000Z") for term in terms] for one, terms in found.items()} == {
            boss: [True]
        }

    def test_promotions_are_those_of_a_time_and_those_that_are_named(self, home: Home) -> None:
        def version(of: str, since: str, until: str = "") -> Promotion:
            return Promotion(names=Names(en="Tenth", zh="九折"), kind="percentage", percent=1000, of=of,
                             since=f"2026-11-{since}T00:00:00.000Z",
                             until_moment=until and f"2026-11-{until}T00:00:00.000Z")  # fmt: skip

        first, other = new_id(), new_id()
        told = {
            first: version(first, "01", "10"), new_id(): version(first, "10", "20"), new_id(): version(first, "20"),
            other: version(other, "15", "16"),
        }  # fmt: skip
        for row_id, record in told.items():
            home.furnish(Ref("promotion", row_id), record)

        def found(since: str, until: str, *named: str) -> dict[str, Promotion]:
            moments = (f"2026-11-{since}T00:00:00.000Z", f"2026-11-{until}T00:00:00.000Z")
            rows = home.here.aggregates.promotions(*moments, named)
            return {row_id: rows[row_id] for row_id in told if row_id in rows}

        _, second, third, _ = told
        assert found("12", "12") == {second: told[second]}
        assert found("12", "15") == {second: told[second], other: told[other]}
        assert found("10", "20") == {row_id: told[row_id] for row_id in (second, third, other)}
        assert found("16", "16", first, "no id", new_id()) == {first: told[first], second: told[second]}

    def test_goods_have_their_brand_every_category_above_and_whether_they_are_gift_cards(self, home: Home) -> None:
        top, middle, bare, boxed = (new_id() for _ in range(4))
        home.furnish(Ref("category", top), Category(names=Names(en="Care", zh="护理")))
        home.furnish(Ref("category", middle), Category(names=Names(en="Bath", zh="洗浴"), parent_id=top))
        home.furnish(Ref("product", bare), Product(names=Names(en="Soap", zh="皂"), sku=bare[:8]))
        soap = Product(names=Names(en="Box", zh="盒"), sku=boxed[:8], brand="Hill", category_id=middle, gift_card=True)
        home.furnish(Ref("product", boxed), soap)
        goods = home.here.aggregates.goods([bare, boxed, new_id()])
        assert goods.keys() == {bare, boxed}
        assert goods[bare] == Goods()
        assert (goods[boxed].brand, set(goods[boxed].categories)) == ("Hill", {top, middle})
        assert goods[boxed].gift_card

    def test_a_store_has_its_clock(self, home: Home) -> None:
        assert home.here.aggregates.time_zone() == "Asia/Shanghai"


def _order(number: str) -> Order:
    return Order(
        number=number, state="accepted", guide_id=new_id(), placed_at=NOW, currency="CNY", lines=(),
        totals=Totals(lines=0, discounts=0, total=0),
    )  # fmt: skip
