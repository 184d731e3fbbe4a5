"""What every adapter of the port `Past` must do; its test gives a `home` and a `past` and inherits this."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from guide_app.domain.records import (
    Followup,
    Instrument,
    Lease,
    MemberAlias,
    Order,
    Promise,
    Quotation,
    Ref,
    Reminder,
    Share,
    Talk,
    Ticket,
    Totals,
    Wallet,
)
from guide_app.operations import Versioned
from hq.joining.values import Joining, Referral
from hq.leases.values import CardFace, Value
from hq.ledger.past import Past, Person, Standing
from hq.ledger.port import Entry, FeedRow, Outcome, Stream
from tests.contract.ports import NOW, Home, entry, member, row, rows_of
from tests.ops import new_id, new_phone

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
WAITS = Outcome(status="parked", code="product_unknown")


def order(member_id: str, placed_at: str = NOW) -> Order:
    totals = Totals(lines=100, discounts=0, total=100)
    return Order(
        number=new_id(), state="accepted", guide_id=new_id(), placed_at=placed_at, currency="CNY", lines=(),
        totals=totals, member_id=member_id,
    )  # fmt: skip


def talk(member_id: str, at: str = NOW) -> Talk:
    return Talk(member_id=member_id, guide_id=new_id(), channel="phone", outcome="x", topic="y", at=at)


class PastContract:
    """Erasing and trimming."""

    def recorded(self, home: Home, *entries: Entry) -> Stream:
        stream = home.stream()
        with home.ledger.transaction():
            home.ledger.lock_stream(stream)
            home.ledger.record(stream, entries, {one.seq: one.op_id for one in entries if one.first}, len(entries))
        return stream

    def test_an_erased_id_blocks_from_then_on_in_every_store(self, home: Home, past: Past) -> None:
        person = Person(home.here.store_id, (new_id(), new_id()))
        for _ in range(2):
            with home.ledger.transaction():
                past.block(person, AT)
        for store in (home.here, home.there):
            assert store.aggregates.erased([*person.ids, new_id()]) == set(person.ids)
            assert store.aggregates.erased([]) == set()
        assert past.unfinished([*person.ids]) == set(person.ids)
        assert set(person.ids) <= set(past.erased_since(AT))
        with home.ledger.transaction():
            past.finished(person)
        assert past.unfinished([*person.ids]) == set()
        assert past.unfinished([person.store_id]) == {person.store_id}

    def test_what_is_about_a_person_is_found_in_one_store(self, home: Home, past: Past) -> None:
        who, alias, other = new_id(), new_id(), new_id()
        rows = {
            Ref("member", who): Versioned(member(), 1),
            Ref("member_alias", alias): Versioned(MemberAlias(member_id=who), 1),
            Ref("order", new_id()): Versioned(order(who), 1),
            Ref("talk", new_id()): Versioned(talk(who), 1),
            Ref("share", new_id()): Versioned(
                Share(material=new_id(), version=1, guide_id=new_id(), member_id=who, at=NOW), 1
            ),
            Ref("quotation", new_id()): Versioned(Quotation(member_id=who, number="N"), 1),
            Ref("followup", new_id()): Versioned(
                Followup(member_id=who, guide_id=new_id(), due_on="2026-12-01", state="open"), 1
            ),
            Ref("ticket", new_id()): Versioned(Ticket(member_id=who, state="solved"), 1),
            Ref("promise", new_id()): Versioned(Promise(member_id=who, state="open"), 1),
            Ref("reminder", new_id()): Versioned(Reminder(member_id=who, list="refill", cycle="1", state="done"), 1),
        }
        strangers = {Ref("member", other): Versioned(member(), 1), Ref("talk", new_id()): Versioned(talk(other), 1)}
        with home.ledger.transaction():
            home.here.aggregates.save({**rows, **strangers})
        assert set(past.about(home.here.store_id, [who])) == set(rows)
        assert past.about(home.there.store_id, [who]) == []
        with home.ledger.transaction():
            home.here.aggregates.remove(list(rows))
        assert past.about(home.here.store_id, [who]) == []
        assert set(past.about(home.here.store_id, [other])) == set(strangers)

    def test_gifts_and_referrals_are_found_of_both_who_brought_and_who_came(self, home: Home, past: Past) -> None:
        who, other = new_id(), new_id()
        gift, strange = Ref("joining", new_id()), Ref("referral", new_id())
        mine, brought = Ref("referral", who), Ref("referral", other)
        kept = {
            gift: Joining(at=NOW, member_id=who, person="p", product_id=home.here.product_id),
            mine: Referral(referrer_id=new_id(), points=5),
            brought: Referral(referrer_id=who, points=5),
            strange: Referral(referrer_id=new_id(), points=5),
        }
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(record, 1) for ref, record in kept.items()})
        assert set(past.about(home.here.store_id, [who])) == {gift, mine, brought}

    def test_what_a_person_owns_is_found_with_its_leases(self, home: Home, past: Past) -> None:
        who, value, other = new_id(), Ref("instrument", new_id()), Ref("instrument", new_id())
        ours, theirs = Instrument(kind="points", id=value.id), Instrument(kind="points", id=other.id)
        leases = {
            Ref("lease", new_id()): Lease(amount=5, expires_at=NOW, instrument=ours, granted_at=NOW),
            Ref("lease", new_id()): Lease(amount=5, expires_at=NOW, instrument=ours, returned=2, returned_at=NOW),
            Ref("lease", new_id()): Lease(amount=5, expires_at=NOW, instrument=ours, returned=5, returned_at=NOW),
            Ref("lease", new_id()): Lease(amount=5, expires_at=NOW, instrument=theirs, granted_at=NOW),
            Ref("lease", new_id()): Lease(amount=0, expires_at=NOW, returned_at=NOW, spent=3),
        }
        with home.ledger.transaction():
            home.here.aggregates.save({
                value: Versioned(Value(kind="points", owner_id=who, balance=20, held=13), 1),
                other: Versioned(Value(kind="points", owner_id=new_id(), balance=9, held=5), 1),
                Ref("wallet", who): Versioned(Wallet(points=20), 1),
                **{ref: Versioned(lease, 1, home.here.scope.scope) for ref, lease in leases.items()},
            })  # fmt: skip
        assert set(past.about(home.here.store_id, [who])) == {value, Ref("wallet", who), *list(leases)[:3]}
        assert past.about(home.there.store_id, [who]) == []

    def test_a_gift_card_of_theirs_is_found_from_every_store_and_its_leases_are_not(
        self, home: Home, past: Past
    ) -> None:
        who, card = new_id(), Ref("instrument", new_id())
        value = Value(kind="card", owner_id=who, balance=20, held=5, card=CardFace(number=new_id()[:16], amount=20))
        lease = Lease(amount=5, expires_at=NOW, instrument=Instrument(kind="card", id=card.id), granted_at=NOW)
        with home.ledger.transaction():
            home.here.aggregates.save({
                card: Versioned(value, 1), Ref("lease", new_id()): Versioned(lease, 1, home.here.scope.scope),
            })  # fmt: skip
        for store in (home.here, home.there):
            assert past.about(store.store_id, [who]) == [card]

    def test_who_named_somebody_as_their_friend_is_found(self, home: Home, past: Past) -> None:
        friend, other = Ref("member", new_id()), Ref("member", new_id())
        with home.ledger.transaction():
            home.here.aggregates.save(
                {friend: Versioned(member(referrer="13900001111"), 1), other: Versioned(member(), 1)}
            )
        assert past.referring(home.here.store_id, {"+8613900001111", "13900001111"}) == [friend]
        assert past.referring(home.here.store_id, set()) == []

    def test_bodies_go_ids_and_hashes_stay(self, home: Home, past: Past) -> None:
        who = new_id()
        about = entry(1, body=f'{{"member_id":"{who}"}}'.encode())
        waits = msgspec.structs.replace(about, seq=2, op_id=new_id(), outcome=WAITS, kind="member.edit")
        sale = msgspec.structs.replace(waits, seq=3, op_id=new_id(), kind="order.place")
        odd_sale = msgspec.structs.replace(
            sale, seq=4, op_id=new_id(), kind="", body=f'{{"kind":"order.place","b":"{who}"}}'.encode()
        )
        friend = entry(5, body=b'{"referrer":"13900002222"}')
        waiting_friend = msgspec.structs.replace(friend, seq=6, op_id=new_id(), outcome=WAITS)
        twin = entry(7, op_id=friend.op_id, sha="c" * 64, first=False, body=f"odd {who}".encode(), outcome=WAITS)
        stranger = entry(8, body=b"{}")
        stream = self.recorded(home, about, waits, sale, odd_sale, friend, waiting_friend, twin, stranger)
        with home.ledger.transaction():
            lost = past.scrub(home.here.store_id, {who}, {"13900002222"})
        assert [(one.entry.op_id, one.entry.body, one.stream) for one in lost.waited] == [(waits.op_id, None, stream)]
        assert lost.done == 4
        assert self.bodies(home) == {
            about.op_id: False, waits.op_id: False, sale.op_id: True, odd_sale.op_id: True, friend.op_id: False,
            waiting_friend.op_id: True, stranger.op_id: True, f"{twin.op_id} {twin.sha}": False,
        }  # fmt: skip
        known = home.ledger.known([about.op_id, friend.op_id, stranger.op_id])
        assert {op_id for op_id, one in known.items() if one.scrubbed} == {about.op_id, friend.op_id}
        assert (known[about.op_id].sha, known[friend.op_id].conflicts) == (about.sha, frozenset({twin.sha}))
        with home.ledger.transaction():
            assert past.scrub(home.here.store_id, {who}, ()) == (0, [])

    def test_a_sign_up_that_waits_loses_who_sent_it_alone(self, home: Home, past: Past) -> None:
        def waiting(seq: int, body: bytes, kind: str = "member.sign_up") -> Entry:
            return msgspec.structs.replace(entry(seq, body=body), kind=kind, outcome=WAITS)

        said, number = b'{"name":"A","referrer":"13900002222"}', b'{"note":"13900002222","referrer":"13900003333"}'
        sent, other, odd = waiting(1, said), waiting(2, number), waiting(3, b"13900002222 {")
        self.recorded(home, sent, other, odd, unknown := waiting(4, said, "member.later"))
        with home.ledger.transaction():
            assert past.scrub(home.here.store_id, {new_id()}, {"13900002222", "+8613900002222"}) == (0, [])
        kept = {one.entry.op_id: (one.entry.body, one.entry.sha) for one in home.ledger.parked()}
        assert kept == {
            sent.op_id: (b'{"name":"A"}', sent.sha), other.op_id: (number, other.sha),
            odd.op_id: (b"13900002222 {", odd.sha), unknown.op_id: (said, unknown.sha),
        }  # fmt: skip
        with home.ledger.transaction():
            assert past.scrub(home.here.store_id, {"13900002222"}, ()).done == 3, "they are found by what they hold"

    def test_only_one_store_s_operations_lose_their_bodies(self, home: Home, past: Past) -> None:
        who = new_id()
        theirs = entry(1, body=f'{{"member_id":"{who}"}}'.encode())
        there = home.stream()._replace(store_id=home.there.store_id)
        with home.ledger.transaction():
            home.ledger.lock_stream(there)
            home.ledger.record(there, [theirs], {1: theirs.op_id}, 1)
            assert past.scrub(home.here.store_id, {who}, ()) == (0, [])
            assert past.scrub(home.there.store_id, {who}, ()) == (1, [])
            assert past.key_some(10) == 0
        assert self.bodies(home)[theirs.op_id] is False

    def test_an_operation_that_was_carried_to_another_store_is_found_there(self, home: Home, past: Past) -> None:
        who = new_id()
        sent = entry(1, body=f'{{"member_id":"{who}"}}'.encode(), outcome=Outcome(status="forwarded"))
        stream = self.recorded(home, sent)
        with home.ledger.transaction():
            home.ledger.carry(msgspec.structs.replace(sent, outcome=Outcome(status="applied")), stream,
                              home.there.store_id)  # fmt: skip
            assert past.scrub(home.there.store_id, {who}, ()).done == 1

    def test_a_person_is_all_the_ids_that_merges_lead_from_and_to(self, home: Home, past: Past) -> None:
        first, second, third, survivor, other = (new_id() for _ in range(5))
        led = {first: second, second: survivor, third: survivor}
        with home.ledger.transaction():
            home.there.aggregates.save({Ref("member", survivor): Versioned(member(), 1)})
            home.here.aggregates.save(
                {Ref("member_alias", one): Versioned(MemberAlias(member_id=to), 1) for one, to in led.items()}
            )
        for known in (first, survivor, third):
            found = past.whole(Person(home.here.store_id, (known,)))
            assert (found.store_id, found.ids[0], set(found.ids)) == (home.there.store_id, known, {*led, survivor})
            assert past.whole(found) == found
        nobody = Person(home.here.store_id, (other,))
        assert past.whole(nobody) == nobody

    def test_what_somebody_erased_was_named_by_is_known_again_until_it_is_somebody_elses(
        self, home: Home, past: Past
    ) -> None:
        gone = msgspec.structs.replace(member(), phone=new_phone(), other_numbers=("OLD-0001",))
        ref, named = Ref("member", new_id()), {gone.phone, gone.phone[3:], gone.member_no, "OLD-0001"}
        stranger = new_phone()
        with home.ledger.transaction():
            home.there.aggregates.save({ref: Versioned(gone, 1)})
            assert home.here.aggregates.forgotten(named) == set()
            person = past.whole(Person(home.there.store_id, (ref.id,)))
            past.block(person, AT)
            assert home.here.aggregates.forgotten(named) == named, "though the row still stands"
            home.there.aggregates.remove([ref])
        assert not any(text in mark for text in named for mark in person.marks)
        with home.ledger.transaction():
            assert past.whole(person) == person
            assert home.here.aggregates.forgotten({*named, stranger}) == named
            assert home.here.aggregates.forgotten(()) == set()
            again = msgspec.structs.replace(member(), phone=gone.phone)
            home.here.aggregates.save({Ref("member", new_id()): Versioned(again, 1)})
            assert home.there.aggregates.forgotten({gone.phone, gone.member_no}) == {gone.member_no}

    def test_who_is_being_erased_has_no_home(self, home: Home, past: Past) -> None:
        who = Ref("member", new_id())
        with home.ledger.transaction():
            home.there.aggregates.save({who: Versioned(member(), 1)})
            assert set(home.here.aggregates.homes([who.id], hold=True)) == {who.id}
            past.block(Person(home.there.store_id, (who.id,)), AT)
        with home.ledger.transaction():
            assert home.here.aggregates.homes([who.id], hold=True) == {}

    def bodies(self, home: Home) -> dict[str, bool]:
        """op_id (with the hash, of a second content) → whether its body is there; of all operations."""
        raise NotImplementedError

    def test_a_settled_sale_loses_its_body_when_it_is_told_so(self, home: Home, past: Past) -> None:
        sale = entry(1, kind="order.place", outcome=WAITS)
        self.recorded(home, sale)
        (parked,) = [one for one in home.ledger.parked() if one.entry.op_id == sale.op_id]
        with home.ledger.transaction():
            home.ledger.settle(parked, Outcome(status="applied"), scrub=True)
        assert self.bodies(home)[sale.op_id] is False

    def test_old_orders_and_talks_are_found_the_oldest_first(self, home: Home, past: Past) -> None:
        old, older, young, left = (Ref("order", new_id()) for _ in range(4))
        said = Ref("talk", new_id())
        placed = {
            old: "2025-03-01T00:00:00.000Z", older: "2025-01-01T00:00:00.000Z", young: "2026-11-01T00:00:00.000Z",
            left: "2025-01-01T00:00:00.000Z",
        }  # fmt: skip
        with home.ledger.transaction():
            home.here.aggregates.save({ref: Versioned(order("", at), 1) for ref, at in placed.items()})
            home.here.aggregates.save({said: Versioned(talk(new_id(), "2025-02-01T00:00:00.000Z"), 1)})
            home.ledger.publish(home.here.scope, [row(3, ref=ref) for ref in (old, older, young, said)])
            home.ledger.publish(home.here.scope, [FeedRow(left, 2, None, "left")])
        before = datetime(2025, 10, 1, tzinfo=UTC)
        found = past.aged(home.here.scope, before, 10)
        assert list(found) == [Standing(older, 3), Standing(said, 3), Standing(old, 3)]
        assert list(past.aged(home.here.scope, before, 1)) == [Standing(older, 3)]
        assert list(past.aged(home.there.scope, before, 10)) == []

    def test_tombstones_are_dropped_and_the_floor_rises_to_the_last(self, home: Home, past: Past) -> None:
        key = home.here.scope
        kept, *dead = (Ref("talk", new_id()) for _ in range(4))
        with home.ledger.transaction():
            home.ledger.publish(key, [row(ref=kept)])
            at = home.ledger.publish(key, [FeedRow(ref, 2, None, "gone") for ref in dead])
        before = home.ledger.page([key], {}, 1).heads[key.scope]
        with home.ledger.transaction():
            assert past.trim(key, at[dead[1]], 1) == 1
        assert home.ledger.page([key], {}, 1).heads[key.scope].floor == at[dead[0]]
        with home.ledger.transaction():
            assert past.trim(key, at[dead[1]], 100) == 1
            assert past.trim(key, at[dead[1]], 100) == 0
        after = home.ledger.page([key], {}, 1).heads[key.scope]
        assert (after.floor, after.head, after.digest) == (at[dead[1]], before.head, before.digest)
        page = home.ledger.page([key], {key.scope: at[dead[1]]}, 10_000)
        assert [one["id"] for one in rows_of(page, key.scope)] == [dead[2].id]
        assert not home.ledger.page([key], {key.scope: at[dead[0]]}, 10_000).slices

    def test_late_outcomes_are_found_up_to_a_position(self, home: Home, past: Past) -> None:
        key = home.here.scope
        first, second = (Ref("op_outcome", new_id()) for _ in range(2))
        with home.ledger.transaction():
            at = home.ledger.publish(key, [row(1, ref=first), row(1), row(1, ref=second)])
        assert list(past.outcomes(key, at[first], 10)) == [Standing(first, 1)]
        assert list(past.outcomes(key, at[second], 10)) == [Standing(first, 1), Standing(second, 1)]
        assert list(past.outcomes(key, at[second], 1)) == [Standing(first, 1)]
