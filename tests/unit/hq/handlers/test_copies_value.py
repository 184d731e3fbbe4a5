"""Goods of an order with points, a coupon and a gift card, brought back in another shop: as if they came home."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide_app.domain import leases, numbers, returns, shares
from guide_app.domain.clock import from_text
from guide_app.domain.dayclose import Sale, Span, figures
from guide_app.domain.pricing import Basket, ChosenCoupon, price
from guide_app.domain.records import Earning, Instrument, Order, Settings
from sync.protocol.messages import WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop
from tests.ops import body_of, new_id
from tests.priced import told as fields_of
from tests.unit.hq.handlers.test_copies import Two
from tests.unit.hq.handlers.test_earning import PLAN, agrees, ledger, told_of, value_of
from tests.unit.hq.handlers.test_variances import PLACED, TENTH, basket, change, known, publish

QTY, CARD, POINTS = 3, 5_000, 200
HELPER = "00000000-0000-4000-8000-00000000beef"
DAY = Span.of("2026-11-20", "Asia/Shanghai")


class Valued(Two):
    """A member's order of three pieces, with 200 points (2.00), a coupon (10.00 off from 60.00), 50.00 of a gift card
    and the rest in cash; half of it is a colleague's."""

    def __init__(self) -> None:
        super().__init__(qty=1)
        self.home._furnish("", "settings", new_id(), Settings(points=PLAN))
        coupon = publish(
            self.home, change(TENTH, kind="coupon", percent=0, amount=1_000, min_amount=6_000, stacks=True)
        )
        points = publish(self.home, change(TENTH, kind="points", percent=0, points=100, amount=100, stacks=True))
        self.promotions = known(self.home, coupon, points)
        self.coupon, self.card = self.home.instrument(1, "coupon", self.member_id), self.home.instrument(CARD, "card")
        self.account = leases.points_instrument(self.member_id)
        self.device = new_id()
        self.earns()
        asked = basket(
            self.home, self.promotions, points=POINTS,
            coupons=(ChosenCoupon(coupon_id=self.coupon.id, promotion_id=coupon),),
        )  # fmt: skip
        asked = change(asked, lines=(change(asked.lines[0], qty=QTY),))
        self.sells(asked)
        self.copies = (self.home, self.here, self.third)
        for shop in self.copies[1:]:
            self.look_up(shop)

    def earns(self) -> None:
        """An order before brings the points that this one uses."""
        maker = self.home.maker()
        first = maker.order([(self.home.product_id, 50, PRICE)], self.home.list_id, member_id=self.member_id)
        assert self.home.results(first)[0].status == "applied"
        self.sweep()

    def sells(self, asked: Basket) -> None:
        spends = [self.spend(self.coupon, 1), self.spend(self.account, POINTS)]
        maker, self.total = self.home.maker(), price(asked).total
        fields = fields_of(asked)
        fields["lines"][0]["guide_shares"] = [
            {"guide_id": self.home.guide_id, "share": 5_000}, {"guide_id": HELPER, "share": 5_000},
        ]  # fmt: skip
        body = {
            "order_id": new_id(), "number": numbers.compose("101", "AB", "7K", 43),
            "fulfilment": {"kind": "take_away"}, "price_list": {"id": self.home.list_id, "version": 1},
            "member_id": self.member_id, "spends": spends,
            **fields,
        }  # fmt: skip
        sale = maker.op("order.place", body, schema_v=2)
        self.order_id, self.line_id = body["order_id"], fields["lines"][0]["line_id"]
        card = maker.by_card(self.order_id, self.card.id, self.spend(self.card, CARD)["lease_id"], CARD)
        cash = maker.pay(self.order_id, self.total - CARD)
        told_all = [(one.status, one.code) for one in self.home.results(sale, card, cash)]
        assert told_all == [("applied", "")] * 3
        self.sweep()

    def spend(self, instrument: Instrument, amount: int) -> dict[str, Any]:
        lease = self.home.grant(self.device, instrument, amount).lease
        assert lease is not None
        return {"lease_id": lease.id, "amount": amount}

    def row(self, shop: MemoryShop) -> Order:
        """The order as the shop has it: its own, or its copy."""
        found: Order = self.order if shop is self.home else self.copy(shop)
        return found

    def bring(self, qty: int, shop: MemoryShop) -> WireOp:
        """As many pieces as are there, taken back as that shop's tablet reckons; nothing is said twice."""
        row = self.row(shop)
        qty = min(qty, returns.left(row)[self.line_id])
        goods = self.home.aggregates.goods({self.home.product_id})
        sold = returns.sold_basket(row, goods, self.promotions, from_text(PLACED))
        worth = returns.reckon(row, sold, {self.line_id: qty}).back
        legs = [
            {"leg_id": new_id(), "method": leg.method, "amount": leg.amount, "of": leg.id}
            for leg in returns.repaid(row, worth.money)
        ]
        body = {
            "order_id": self.order_id, "return_id": new_id(), "legs": legs,
            "lines": [{"line_id": self.line_id, "qty": qty, "reason": "wrong_size"}] if qty else [],
            "refund": {"money": worth.money, "points": worth.points, "coupons": list(worth.coupons)},
        }  # fmt: skip
        back = shop.maker().op("order.return" if shop is self.home else "order_copy.return", body)
        assert [(one.status, one.code) for one in shop.results(back)] == [("applied", "")]
        return back

    def unbring(self, back: WireOp, shop: MemoryShop) -> None:
        kind = "order.return_undo" if shop is self.home else "order_copy.return_undo"
        body = {"order_id": self.order_id, "return_id": body_of(back)["return_id"]}
        (result,) = shop.results(shop.maker().op(kind, body))
        assert result.status == "applied"

    def truth(self) -> dict[str, Any]:
        """Everything that it comes to, in numbers."""
        order, member = self.order, self.home.record("member", self.member_id)
        standing = returns.standing(order)
        spent = {one: sum(x.amount for x in returns.spent(order) if x.lease_id == one) for one in self._leases()}
        held = [self.value(one) for one in (self.coupon, self.account, self.card)]
        return {
            "state": order.state, "held": returns.held(order), "left": returns.left(order)[self.line_id],
            "refunds": [(one.refund.money, one.refund.points, len(one.refund.coupons)) for one in standing],
            "booked": [(one.variance, one.risk) for one in standing], "spends": list(spent.values()),
            "leases": [(one.spent, one.left, one.overspent) for one in self._leases().values()], "values": held,
            "member": (member.spent, member.order_count), "paid": self.paid(),
            "points": sum(one.points for one in ledger(self.home, self.member_id)),
        }  # fmt: skip

    def paid(self) -> dict[str, int]:
        """What the order has by each method; ids are chance, and which leg of one card is turned first."""
        found = Counter[str]()
        for leg in self.order.payments:
            found[leg.method] += leg.amount if leg.kind == "paid" else -leg.amount
        return dict(found)

    def _leases(self) -> dict[str, Any]:
        card = next(leg.card.lease_id for leg in self.order.payments if leg.card)
        return {one: self.home.lease(one) for one in (*(spend.lease_id for spend in self.order.spends), card)}

    def value(self, instrument: Instrument) -> tuple[int, int, int]:
        found = value_of(self.home, self.member_id) if instrument == self.account else self.home.value(instrument)
        return found.balance, found.held, found.owed

    def sold_by(self, guide_id: str) -> int:
        """What came back of a guide's sales on the day, by the home's figures."""
        day = Span.of((NOW + timedelta(days=-1)).date().isoformat(), "Asia/Shanghai")
        return figures([Sale(self.order_id, self.order)], day, guide_id).returns.amount


@pytest.fixture
def two() -> Valued:
    return Valued()


def test_points_are_taken_back_at_the_rate_that_the_order_earned_by(two: Valued) -> None:
    earned = 50 * PRICE // 1_000 + two.total // 1_000
    entries = ledger(two.home, two.member_id)
    assert ("earned", two.total // 1_000) in told_of(entries)
    double = msgspec.structs.replace(PLAN, earnings=(Earning(amount=100, points=9),))
    two.home._furnish("", "settings", new_id(), Settings(points=double))
    back = two.bring(1, two.here)
    assert sum(one.points for one in ledger(two.home, two.member_id)) == sum(one.points for one in entries), "not yet"
    two.sweep()
    stays = (two.total - body_of(back)["refund"]["money"]) // 1_000
    lost = two.total // 1_000 - stays
    assert ("taken_back", -lost) in told_of(ledger(two.home, two.member_id))
    assert agrees(two.home, two.member_id)
    two.unbring(back, two.here)
    two.sweep()
    assert sum(one.points for one in ledger(two.home, two.member_id)) == earned - POINTS
    assert agrees(two.home, two.member_id)


def test_the_coupon_comes_back_when_what_stays_is_below_its_threshold_and_not_before(two: Valued) -> None:
    first = two.bring(1, two.here)
    assert body_of(first)["refund"]["coupons"] == [], "two pieces are 99.80, and it asks for 60.00"
    two.sweep()
    assert (two.order.returns[0].refund.coupons, two.order.returns[0].spends) == ((), ())
    second = two.bring(1, two.third)
    assert body_of(second)["refund"]["coupons"] == [two.coupon.id]
    two.sweep()
    made = two.order.returns[1]
    assert (made.refund.coupons, made.variance, made.risk) == ((two.coupon.id,), 0, 0)
    lease = two.home.lease(two.order.spends[0].lease_id)
    assert (lease.spent, lease.left) == (0, 1), "the member has it again"
    two.unbring(second, two.third)
    two.sweep()
    assert two.home.lease(two.order.spends[0].lease_id).spent == 1


def test_the_gift_card_gets_its_money_first_and_the_till_that_took_the_goods_gives_the_rest(two: Valued) -> None:
    back = two.bring(3, two.here)
    legs = {leg["method"]: leg["amount"] for leg in body_of(back)["legs"]}
    assert legs == {"gift_card": CARD, "cash": two.total - CARD}
    two.sweep()
    card = two._leases().popitem()[1]
    assert (card.spent, card.left) == (0, CARD)
    east = figures([Sale(two.order_id, two.copy())], DAY)
    given = {method: one.given_back.amount for method, one in east.methods.items()}
    assert given == {"gift_card": CARD, "cash": two.total - CARD}
    home = figures([Sale(two.order_id, two.order)], DAY)
    assert all(not one.given_back.amount for one in home.methods.values())
    two.unbring(back, two.here)
    two.sweep()
    card = two._leases().popitem()[1]
    assert (card.spent, card.left, card.overspent) == (CARD, 0, 0)


def test_what_went_back_on_the_card_already_goes_there_once_and_the_copy_says_so_too(two: Valued) -> None:
    """Schedule 66565: both shops gave all of it back; the copy went on showing a leg that home never booked."""
    two.bring(3, two.home)
    back = two.bring(3, two.here)
    two.sweep()
    assert [leg.amount for leg in two.order.payments if leg.kind == "refunded" and leg.card] == [CARD]
    assert two.copy().payments == two.order.payments
    two.unbring(back, two.here)
    two.sweep()
    assert [one.void for one in two.order.returns] == [False, True]
    assert two.copy().payments == two.order.payments
    card = two._leases().popitem()[1]
    assert (card.spent, card.left, card.overspent) == (0, CARD, 0)


def test_what_came_back_is_theirs_who_sold_it_and_not_theirs_who_took_it(two: Valued) -> None:
    before = shares.by_guide(two.order)
    assert before == {two.home.guide_id: two.total // 2, HELPER: two.total // 2}
    back = two.bring(2, two.here)
    two.sweep()
    money = body_of(back)["refund"]["money"]
    parts = [two.sold_by(guide) for guide in (two.home.guide_id, HELPER)]
    assert (sum(parts), abs(parts[0] - parts[1])) == (money, money % 2)
    assert two.sold_by("") == 0, "the shop that sold it took nothing in"
    east = [Sale(two.order_id, two.copy())]
    assert figures(east, DAY).returns.amount == money
    for guide in (two.here.guide_id, two.home.guide_id, HELPER):
        own = figures(east, DAY, guide)
        assert (own.returns.count, own.sales.count, own.guides) == (0, 0, {})
    assert all(not line.guide_shares for line in two.copy().lines)
    assert shares.by_guide(two.order) == before, "what they sold stays on its day"


class Step(msgspec.Struct, frozen=True):
    """Pieces come back in a shop, or (`undo`) the last return that stands was none."""

    shop: int
    qty: int
    undo: bool = False


STEPS = st.lists(st.builds(Step, st.integers(0, 2), st.integers(1, 3), st.booleans()), max_size=5)


@settings(max_examples=40)
@given(STEPS)
def test_wherever_goods_are_brought_back_it_comes_to_what_it_comes_to_at_home(steps: list[Step]) -> None:
    abroad, at_home = Valued(), Valued()
    made: list[tuple[WireOp, MemoryShop, WireOp]] = []
    for step in steps:
        if step.undo and made:
            there, shop, here = made.pop()
            abroad.unbring(there, shop)
            at_home.unbring(here, at_home.home)
        elif not step.undo and returns.left(abroad.order)[abroad.line_id]:
            shop = abroad.copies[step.shop]
            made.append((abroad.bring(step.qty, shop), shop, at_home.bring(step.qty, at_home.home)))
        abroad.sweep()
        at_home.sweep()
        assert abroad.truth() == at_home.truth()
        assert agrees(abroad.home, abroad.member_id)
        for shop in abroad.copies[1:]:
            told = tuple(change(one, spends=()) for one in abroad.order.returns)
            assert abroad.copy(shop).returns == told, "a copy has no leases"
            assert abroad.copy(shop).payments == abroad.order.payments
