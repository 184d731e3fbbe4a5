"""Gift cards that are sold count as spent once: by what they pay later, or, where HQ says so, as they are sold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import levels, returns, spending
from guide_app.domain.records import (
    Instrument,
    Lease,
    Level,
    LevelRules,
    LevelStep,
    Member,
    Names,
    Order,
    PaymentIntent,
    PriceListUsed,
    Ref,
    Settings,
    Totals,
)
from guide_app.operations import OPERATIONS, Body, Refusal, Snapshot, Versioned, perform
from guide_app.operations.leases import Spending
from guide_app.operations.orders import Cancel, Place, PlacedLine, WantedFulfilment
from guide_app.operations.returns import LineBack, Promised, TakeBack, UndoReturn
from tests.ops import new_id
from tests.unit.guide_app.operations.kit import context

GOODS, CARD, MEMBER, COLLEAGUE, PRODUCT, LEASE = 700, 5_000, new_id(), new_id(), new_id(), new_id()
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
RULES = (LevelRules(steps=(LevelStep(code="gold", spent=2_000),), window="always"),)
deeds = st.lists(
    st.tuples(st.sampled_from(["sell", "return", "undo", "cancel"]), st.integers(0, 3), st.integers(0, 2)), max_size=8
)


class Till:
    """Sales of goods at 7.00 and gift cards at 50.00 to a member, or to a colleague."""

    def __init__(self, *, cards_count: bool, staff: bool = False) -> None:
        self.cards_count, self.staff = cards_count, staff
        limit = Instrument(kind="staff", id=new_id())
        lease = Lease(amount=10**6, expires_at="2027-01-01T00:00:00.000Z", instrument=limit)
        member = Member(member_no="N1", phone="+8613800000007", name="陈静", home_store_id=new_id())
        rows = {Ref("member", MEMBER): member, Ref("lease", LEASE): lease}
        self.rows: dict[Ref, Versioned | None] = {ref: Versioned(row, 1) for ref, row in rows.items()}
        self.sold, self.returned = list[str](), list[tuple[str, str]]()

    def record(self, entity: str, row_id: str) -> Any:
        row = self.rows.get(Ref(entity, row_id))
        return row.record if row else None

    def do(self, kind: str, body: Body) -> None:
        operation, state = OPERATIONS[kind], Snapshot(self.rows, {})
        assert operation.check(body, state, context()) is None
        assert operation.guard(body, state, NOW) is None
        effect = perform(operation, body, state, context())
        assert not isinstance(effect, Refusal)
        self.rows |= {ref: Versioned(record, 1) for ref, record in effect.changes.items()}

    def sell(self, goods: int, cards: int) -> None:
        told = [(GOODS, goods), (CARD, cards)]
        lines = tuple(
            PlacedLine(line_id=new_id(), product_id=PRODUCT, qty=qty, unit_price=price, amount=price * qty)
            for price, qty in told
            if qty
        )
        nothing = spending.uncounted(
            (line.line_id for line in lines if line.unit_price == CARD), cards_count=self.cards_count
        )
        total, counts = sum(line.amount for line in lines), spending.counted(lines, nothing)
        assert counts == spending.counted(lines[::-1], nothing)
        whose: dict[str, Any] = {"staff_id": COLLEAGUE} if self.staff else {"member_id": MEMBER}
        if self.staff and counts:
            whose["spends"] = (Spending(lease_id=LEASE, amount=counts),)
        place = Place(
            order_id=new_id(), number=new_id()[:12], lines=lines, uncounted=nothing,
            totals=Totals(lines=total, discounts=0, total=total), price_list=PriceListUsed(id=new_id(), version=1),
            fulfilment=WantedFulfilment(kind="take_away"), payment_intent=PaymentIntent(method="till", amount=total),
            **whose,
        )  # fmt: skip
        self.do("order.place", place)
        self.sold.append(place.order_id)

    def back(self, pieces: int) -> None:
        """So many pieces of what was sold first and is there yet come back, of each line."""
        order_id = next((one for one in self.sold if any(self.left(one).values())), "")
        order: Order | None = self.record("order", order_id)
        if order is None:
            return
        left = self.left(order_id)
        parts = [(line, min(pieces, left[line.line_id])) for line in order.lines]
        lines = tuple(LineBack(line_id=line.line_id, qty=qty, reason="unwanted") for line, qty in parts if qty)
        money = sum(line.unit_price * qty for line, qty in parts)
        if lines:
            body = TakeBack(order_id=order_id, return_id=new_id(), lines=lines, refund=Promised(money=money))
            self.do("order.return", body)
            self.returned.append((order_id, body.return_id))

    def undo(self) -> None:
        order_id, return_id = self.returned.pop() if self.returned else ("", "")
        if order_id and self.record("order", order_id).state != "cancelled":
            self.do("order.return_undo", UndoReturn(order_id=order_id, return_id=return_id))

    def cancel(self) -> None:
        for order_id in self.sold[-1:]:
            if self.record("order", order_id).state in ("placed", "accepted"):
                self.do("order.cancel", Cancel(order_id=order_id, reason="x"))

    def left(self, order_id: str) -> dict[str, int]:
        order: Order = self.record("order", order_id)
        return returns.left(order)

    def has(self, price: int) -> int:
        """What the customer still has of this price, minor units."""
        orders = [self.record("order", one) for one in self.sold]
        return sum(
            price * returns.left(order)[line.line_id]
            for order in orders
            for line in order.lines
            if line.unit_price == price
        )

    def play(self, what: str, goods: int, cards: int) -> None:
        match what:
            case "sell" if goods or cards:
                self.sell(goods, cards)
            case "return":
                self.back(goods)
            case "undo":
                self.undo()
            case "cancel":
                self.cancel()
            case _:
                pass


@given(deeds, st.booleans())
def test_a_member_has_spent_what_they_have_of_goods_and_of_cards_only_where_hq_counts_them(
    told: list[tuple[str, int, int]], cards_count: bool
) -> None:
    till = Till(cards_count=cards_count)
    for one in told:
        till.play(*one)
        member: Member = till.record("member", MEMBER)
        goods = till.has(GOODS)
        assert member.spent == goods + (till.has(CARD) if cards_count else 0)
        assert sum(day.spent for day in member.counted) == member.spent
        assert sum(spending.counts(till.record("order", order_id)) for order_id in till.sold) == member.spent
        settings = Settings(levels=(Level(code="gold", names=Names(en="Gold")),), level_rules=RULES)
        level = levels.seen(member, settings, date(2026, 11, 30)).level
        assert level == ("gold" if member.spent >= 2_000 else ""), "the level follows, on the tablet as at HQ"


@given(deeds, st.booleans())
def test_of_a_colleague_s_limit_no_more_is_spent_than_they_have_of_goods(
    told: list[tuple[str, int, int]], cards_count: bool
) -> None:
    till = Till(cards_count=cards_count, staff=True)
    for one in told:
        till.play(*one)
        lease: Lease = till.record("lease", LEASE)
        assert lease.spent == till.has(GOODS) + (till.has(CARD) if cards_count else 0)


@given(st.integers(1, 5), st.integers(0, 3))
def test_an_order_without_anything_that_is_not_counted_counts_what_it_comes_to(goods: int, back: int) -> None:
    till = Till(cards_count=True)
    till.sell(goods, 1)
    till.back(back)
    (order_id,) = till.sold
    order: Order = till.record("order", order_id)
    assert spending.counts(order) == returns.held(order)
    assert spending.refunded(order, 900, order.returns[0].lines if order.returns else ()) == 900
    plain = msgspec.structs.replace(order, uncounted=(order.lines[1].line_id,))
    assert spending.counts(plain) == returns.held(order) - CARD * returns.left(order)[order.lines[1].line_id]
