"""However tablets ask, spend, cancel, return, are cloned and come late: HQ's value is never given out twice, and what
was spent beyond it is booked to the unit.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import leases
from guide_app.domain.leases import GRACE, LIFE
from guide_app.domain.records import Instrument, Lease, Order
from hq.ledger.port import Stream
from sync.protocol import codec
from sync.protocol.messages import WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop
from tests.ops import Maker, body_of, new_id


@dataclass
class Tablet:
    """One database file: what it believes of its leases, what it did, and how much of that HQ has."""

    shop: MemoryShop
    device_id: str
    stream: Stream
    maker: Maker
    left: dict[str, int] = field(default_factory=dict)
    done: list[WireOp] = field(default_factory=list)
    orders: dict[str, tuple[str, int]] = field(default_factory=dict)
    sent: int = 0

    @classmethod
    def new(cls, shop: MemoryShop, device_id: str) -> Tablet:
        return cls(shop, device_id, Stream(shop.store_id, device_id, new_id()), shop.maker())

    def clone(self) -> Tablet:
        """The same file on a second tablet, as an incarnation of its own that tells all that it holds again."""
        other = Tablet.new(self.shop, self.device_id)
        other.left, other.orders = dict(self.left), dict(self.orders)
        other.done, other.maker.next_seq = list(self.done), self.maker.next_seq
        return other

    def ask(self, instrument: Instrument, amount: int, now: timedelta, lease_id: str | None = None) -> None:
        answer = self.shop.grant(self.device_id, instrument, amount, lease_id, now=NOW + now)
        if answer.lease is not None:
            self.left[answer.lease.id] = self.left.get(answer.lease.id, 0) + answer.granted

    def spend(self, lease_id: str, amount: int) -> None:
        spends = [{"lease_id": lease_id, "amount": amount}]
        op = self.maker.order([(self.shop.product_id, 1, PRICE)], spends=spends)
        self.left[lease_id] -= amount
        self.orders[body_of(op)["order_id"]] = (lease_id, amount)
        self.done.append(op)

    def cancel(self, order_id: str) -> None:
        lease_id, amount = self.orders.pop(order_id)
        if lease_id in self.left:
            self.left[lease_id] += amount
        self.done.append(self.maker.cancel(order_id))

    def give_back(self, lease_id: str) -> None:
        self.done.append(self.maker.give_back(lease_id, self.left.pop(lease_id)))

    def send(self, count: int, now: timedelta) -> None:
        ops = self.done[self.sent : self.sent + count]
        taken = self.shop.push(self.stream, ops, len(self.done) + 1, NOW + now)
        assert {result.status for result in taken.results} <= {"applied", "rejected"}
        self.sent += len(ops)


def leases_of(shop: MemoryShop) -> dict[str, Lease]:
    rows = shop.hq.state.rows.items()
    return {ref.id: row.record for (_store, ref), row in rows if isinstance(row.record, Lease)}


def standing(shop: MemoryShop) -> Counter[str]:
    """What the orders that stand spent from each lease: told by the orders, not by the leases."""
    orders = [row.record for row in shop.hq.state.rows.values() if isinstance(row.record, Order)]
    spent = Counter[str]()
    for order in orders:
        for one in order.spends if order.state != "cancelled" else ():
            spent[one.lease_id] += one.amount
    return spent


def check(shop: MemoryShop, instruments: Sequence[Instrument]) -> None:
    """Nothing is given out twice; every unit is free, in one lease, spent, or booked as the chain's risk."""
    leases, spent = leases_of(shop), standing(shop)
    assert {lease_id: lease.spent for lease_id, lease in leases.items() if lease.spent} == +spent
    for instrument in instruments:
        value = shop.value(instrument)
        mine = {id_: lease for id_, lease in leases.items() if lease.instrument == instrument}
        consumed = sum(spent[lease_id] for lease_id in mine)
        left, risk = sum(x.left for x in mine.values()), sum(x.overspent for x in mine.values())
        assert value.balance - (consumed - risk) >= left
        assert value.balance == value.free + left + consumed - risk
        assert all(lease.left == 0 or lease.overspent == 0 for lease in mine.values())


def act(chance: random.Random, tablets: list[Tablet], instruments: Sequence[Instrument], now: timedelta) -> None:
    tablet = chance.choice(tablets)
    full = [lease_id for lease_id, left in tablet.left.items() if left > 0]
    match chance.choice(("ask", "spend", "spend", "cancel", "return", "send", "send", "clone")):
        case "ask":
            enlarged = chance.choice([None, *sorted(tablet.left)])
            tablet.ask(chance.choice(instruments), chance.randint(1, 60), now, enlarged)
        case "spend" if full:
            lease_id = chance.choice(full)
            tablet.spend(lease_id, chance.randint(1, tablet.left[lease_id]))
        case "cancel" if tablet.orders:
            tablet.cancel(chance.choice(sorted(tablet.orders)))
        case "return" if tablet.left:
            tablet.give_back(chance.choice(sorted(tablet.left)))
        case "send":
            tablet.send(chance.randint(1, 5), now)
        case "clone" if len(tablets) < 6:
            tablets.append(tablet.clone())


@given(st.integers(0, 2**32), st.integers(1, 80))
def test_value_is_conserved_whatever_happens(seed: int, steps: int) -> None:
    chance, shop, now = random.Random(seed), MemoryShop(), timedelta()
    instruments = [shop.instrument(chance.randint(0, 150)) for _ in range(2)]
    tablets = [Tablet.new(shop, new_id()) for _ in range(3)]
    for _ in range(steps):
        act(chance, tablets, instruments, now)
        if chance.random() < 0.1:
            now += timedelta(hours=chance.randint(1, 100))
            shop.release(NOW + now)
        check(shop, instruments)
    for tablet in tablets:
        tablet.send(len(tablet.done), now)
        check(shop, instruments)
    shop.release(NOW + now + LIFE + GRACE + timedelta(seconds=1))
    check(shop, instruments)
    assert not any(lease.left for lease in leases_of(shop).values())


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_without_clones_and_in_time_nothing_is_overspent(seed: int, steps: int) -> None:
    chance, shop = random.Random(seed), MemoryShop()
    instruments = [shop.instrument(chance.randint(0, 150)) for _ in range(2)]
    tablets = [Tablet.new(shop, new_id()) for _ in range(3)]
    for _ in range(steps):
        act(chance, tablets, instruments, timedelta())
        del tablets[3:]
    for tablet in tablets:
        tablet.send(len(tablet.done), timedelta())
    check(shop, instruments)
    assert not any(lease.overspent for lease in leases_of(shop).values())
    for tablet in tablets:
        assert tablet.left == {
            lease_id: lease.left
            for lease_id, lease in leases_of(shop).items()
            if lease_id in tablet.left and not lease.returned_at
        }


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_in_what_order_the_tablets_are_heard_does_not_matter(seed: int, steps: int) -> None:
    chance, shop = random.Random(seed), MemoryShop()
    instrument = shop.instrument(120)
    tablets = [Tablet.new(shop, new_id()) for _ in range(3)]
    for tablet in tablets:
        tablet.ask(instrument, chance.randint(1, 40), timedelta())
    for _ in range(steps):
        tablet = chance.choice(tablets)
        full = [lease_id for lease_id, left in tablet.left.items() if left > 0]
        match chance.choice(("spend", "spend", "cancel", "return")):
            case "spend" if full:
                tablet.spend(full[0], chance.randint(1, tablet.left[full[0]]))
            case "cancel" if tablet.orders:
                tablet.cancel(chance.choice(sorted(tablet.orders)))
            case "return" if tablet.left:
                tablet.give_back(next(iter(tablet.left)))
    before = shop.hq.state.copy()
    ends = []
    for _ in range(2):
        shop.hq.state = before.copy()
        waiting = [copy.copy(tablet) for tablet in tablets]
        while waiting := [tablet for tablet in waiting if tablet.sent < len(tablet.done)]:
            chance.choice(waiting).send(chance.randint(1, 3), timedelta())
        ends.append((shop.value(instrument), leases_of(shop)))
    assert ends[0] == ends[1]


@given(st.integers(1, 100), st.integers(1, 100), st.sampled_from(["open", "returned", "released"]))
def test_cancelling_undoes_a_spend_to_the_unit(amount: int, spent: int, closed: str) -> None:
    shop = MemoryShop()
    instrument = shop.instrument(100)
    tablet = Tablet.new(shop, new_id())
    tablet.ask(instrument, amount, timedelta())
    (lease_id,) = tablet.left
    if closed == "returned":
        tablet.give_back(lease_id)
        tablet.send(1, timedelta())
    if closed == "released":
        assert shop.release(NOW + LIFE + GRACE + timedelta(seconds=1)) == 1
    tablet.left[lease_id] = spent
    before = shop.lease(lease_id), shop.value(instrument)
    tablet.spend(lease_id, spent)
    tablet.send(1, timedelta())
    assert shop.lease(lease_id).overspent == max(0, spent - (amount if closed == "open" else 0))
    tablet.cancel(next(iter(tablet.orders)))
    tablet.send(1, timedelta())
    assert (shop.lease(lease_id), shop.value(instrument)) == before
    check(shop, [instrument])


@given(st.lists(st.integers(1, 50), min_size=1, max_size=5), st.integers(0, 100))
def test_a_lost_answer_never_grants_twice(amounts: list[int], balance: int) -> None:
    shop, device_id = MemoryShop(), new_id()
    instrument = shop.instrument(balance)
    given_out, lease_id = 0, None
    for amount in amounts:
        request_id = new_id()
        first = shop.grant(device_id, instrument, amount, lease_id, request_id=request_id)
        again = shop.grant(device_id, instrument, amount, lease_id, request_id=request_id)
        assert (again.granted, again.code) == (first.granted, first.code)
        assert first.granted == min(amount, balance - given_out)
        given_out += first.granted
        assert shop.value(instrument).held == given_out
        if first.lease is not None and again.lease is not None:
            assert (again.lease.id, again.lease.v) == (first.lease.id, first.lease.v)
            assert codec.decode(bytes(again.lease.d), Lease).amount == given_out
            lease_id = first.lease.id


@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 2000), st.booleans())
def test_what_a_refund_gave_away_is_fetched_again_or_is_risk_to_the_unit(
    amount: int, spent: int, refunded: int, free: int, again: bool
) -> None:
    """A return's undo: lease and instrument are as before it, but for what others hold by then."""
    spent, refunded = min(amount, spent), min(amount, spent, refunded)
    lease = Lease(amount=amount, expires_at="", spent=spent)
    closed = leases.give_back(lease, amount - spent, "now")
    back = leases.refund(leases.refund(closed, refunded), 0)
    assert back.returned - closed.returned == refunded, "a closed lease gives all of it to its instrument"
    after = leases.spend_again(back, refunded, free)
    fetched = back.returned - after.returned
    assert (fetched, after.overspent) == (min(refunded, free), refunded - fetched)
    assert (after.spent, after.left) == (spent, 0)
    if free >= refunded:
        assert after == closed
    if again:
        assert leases.spend_again(lease, refunded, free).returned == lease.returned, "of an open one nothing is fetched"
