"""A staff purchase that is exchanged when its month is over counts in that month; the new month's limit stays whole."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guide_app.domain import leases, returns, staff_limit
from guide_app.domain.leases import staff_instrument
from guide_app.domain.records import Lease, Order, OrderLine, Refund, Return, ReturnedLine, Spend, Totals
from tests.memory_hq import NOW, PRICE
from tests.ops import body_of
from tests.unit.hq.handlers.test_staff_purchase import LIMIT, Shop, spending

LATER = NOW + timedelta(days=31)
deeds = st.lists(
    st.tuples(st.sampled_from(["exchange", "return", "undo"]), st.integers(1, 5), st.integers(1, 5)), max_size=6
)


class Month(Shop):
    """Five pieces that were bought in a month which is over; its lease is the instrument's again."""

    def __init__(self) -> None:
        super().__init__()
        lease = self.ask(0, LIMIT)
        self.lease_id = lease.lease.id
        assert self.sell(0, 5, spending(lease, LIMIT)) == ("applied", "")
        self.shop.release(NOW + timedelta(days=5))
        self.orders, self.undoable = [self.last], list[tuple[str, str, str]]()
        self.limit = staff_instrument(self.shop.store_id, self.person, f"{NOW:%Y-%m}")

    def named(self, order_id: str) -> Order:
        found: Order = self.shop.record("order", order_id)
        return found

    def has(self, order_id: str) -> int:
        return sum(returns.left(self.named(order_id)).values())

    def back(self, order_id: str, pieces: int) -> dict[str, Any]:
        line_id = self.named(order_id).lines[0].line_id
        return body_of(self.shop.maker().take_back(order_id, [(line_id, pieces)], pieces * PRICE))

    def exchange(self, order_id: str, pieces: int, into: int) -> None:
        """As a tablet makes it that has no lease at all: for as much, or less."""
        into = min(pieces, into)
        told = staff_limit.counted(self.named(order_id))
        back = leases.in_turn(told, pieces * PRICE, gone=pieces == self.has(order_id))
        kept = staff_limit.kept(back, into * PRICE)
        assert sum(kept.values()) == into * PRICE, "it needs nothing of today's limit"
        op = self.shop.maker().order(
            [(self.shop.product_id, into, PRICE)], kind="order.exchange", schema_v=3, staff_id=self.person,
            back=self.back(order_id, pieces), spends=[{"lease_id": k, "amount": v} for k, v in kept.items()],
        )  # fmt: skip
        assert self.at_hq(op) == ("applied", "")
        body = body_of(op)
        self.orders.append(body["order_id"])
        self.undoable.append((order_id, body["back"]["return_id"], body["order_id"]))

    def at_hq(self, op: Any) -> tuple[str, str]:
        told = self.shop.push(self.shop.stream(), [op], now=LATER).results[0]
        return told.status, told.code

    def undo(self) -> None:
        """The last exchange was none."""
        old, return_id, new = self.undoable.pop()
        if self.named(new).state == "accepted" and not self.named(new).returns:
            cancel = self.shop.maker().op("order.cancel", {"order_id": new, "reason": "exchange_undone"})
            undo = self.shop.maker().op("order.return_undo", {"order_id": old, "return_id": return_id})
            assert [self.at_hq(one) for one in (cancel, undo)] == [("applied", "")] * 2

    def play(self, what: str, pieces: int, into: int) -> None:
        order_id = max(self.orders, key=lambda one: (self.has(one), one))
        pieces = min(pieces, self.has(order_id))
        if what == "undo" and self.undoable:
            self.undo()
        elif what == "exchange" and pieces:
            self.exchange(order_id, pieces, into)
        elif what == "return" and pieces:
            op = self.shop.maker().op("order.return", self.back(order_id, pieces))
            assert self.at_hq(op) == ("applied", "")


@settings(max_examples=60)
@given(deeds)
def test_what_is_exchanged_later_counts_in_the_month_of_the_first_sale(told: list[tuple[str, int, int]]) -> None:
    month = Month()
    for what, pieces, into in told:
        month.play(what, pieces, into)
        lease, value = month.shop.lease(month.lease_id), month.shop.value(month.limit)
        has = sum(month.has(one) for one in month.orders)
        assert (lease.spent, lease.overspent) == (has * PRICE, 0)
        assert (value.held, value.free) == (has * PRICE, LIMIT - has * PRICE)
        assert all(one.repair == "" for one in (month.named(order).fulfilment for order in month.orders))
    assert month.ask(1, LIMIT, now=LATER).granted == LIMIT, "the new month is whole"


def sold(spends: dict[str, int], refunds: list[int], other: int = 0) -> Order:
    """A colleague's order that spends these leases, of which so much was refunded; `other`: promised pieces."""
    total = sum(spends.values())
    lines = tuple(
        OrderLine(line_id=f"l{n}", product_id="p", qty=1, unit_price=amount, amount=amount)
        for n, amount in enumerate([*refunds, total - sum(refunds)])
    )
    every = [Spend(lease_id=lease_id, amount=amount) for lease_id, amount in spends.items()]
    return Order(
        number="N", state="accepted", guide_id="g", placed_at="", currency="CNY", lines=lines, staff_id="s",
        totals=Totals(lines=total, discounts=0, total=total),
        spends=(*every, *((Spend(lease_id="stock", amount=other),) if other else ())),
        returns=tuple(
            Return(return_id=f"r{n}", guide_id="g", at="", refund=Refund(money=money),
                   lines=(ReturnedLine(line_id=f"l{n}", qty=1),))
            for n, money in enumerate(refunds)
        ),
    )  # fmt: skip


amounts = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 500), min_size=1)


@given(amounts, st.lists(st.integers(1, 300), max_size=3), st.integers(0, 3), st.integers(0, 900))
def test_it_is_told_from_the_order_alone_what_hq_would_find_in_the_leases(
    spends: dict[str, int], refunds: list[int], other: int, total: int
) -> None:
    refunds = refunds if sum(refunds) < sum(spends.values()) else []
    order = sold(spends, refunds, other)
    told = {one.lease_id: one.amount for one in staff_limit.counted(order)}
    if other:
        assert not told, "which of its spends are of the limit is not known"
        return
    limit = staff_instrument("s", "p", "2026-11")
    known = {one: Lease(amount=spends[one], expires_at="", instrument=limit) for one in spends}
    rest = Counter(spends)
    for money in refunds:
        rest.subtract(
            leases.limit_back(known, [Spend(lease_id=k, amount=v) for k, v in rest.items()], money, gone=False)
        )
    assert told == {lease_id: amount for lease_id, amount in rest.items() if amount}
    kept = staff_limit.kept(told, total)
    assert sum(kept.values()) == min(total, sum(told.values()))
    assert all(0 < amount <= told[lease_id] for lease_id, amount in kept.items())


def test_a_customer_s_order_counts_nothing() -> None:
    order = sold({"a": 5}, [])
    assert staff_limit.counted(order) == (Spend(lease_id="a", amount=5),)
    assert staff_limit.counted(Order(**{**_fields(order), "staff_id": ""})) == ()
    assert staff_limit.counted(Order(**{**_fields(order), "state": "cancelled"})) == ()


def _fields(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in Order.__struct_fields__}
