"""What somebody had of value when they are erased: gift cards stay money, points and coupons end, orders keep the
money and lose what it was paid with."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import payments
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Instrument, Order, Ref
from guide_app.operations import Versioned
from hq.leases.values import Value
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import body_of, new_id
from tests.unit.hq.history.test_erasing import erase, memory, outcomes


class Customer:
    """Somebody with a gift card, a coupon and points, all of them set aside for one tablet in part."""

    def __init__(self, shop: MemoryShop) -> None:
        self.shop = shop
        signed = shop.maker().sign_up()
        self.id, self.device = body_of(signed)["member_id"], new_id()
        shop.results(signed)
        self.card, self.number = shop.gift_card(1000)
        self._put(self.card, msgspec.structs.replace(shop.value(self.card), owner_id=self.id, balance=1000))
        self._active()
        self.coupon = Instrument(kind="coupon", id=derived_id("coupon", "summer", self.id))
        self._put(self.coupon, Value(kind="coupon", owner_id=self.id, balance=1))
        self.points = shop.instrument(80, owner_id=self.id)
        self.leases = {one.kind: self.leased(one, n) for one, n in ((self.card, 400), (self.points, 50))}
        self.leases["coupon"] = self.leased(self.coupon, 1)

    def leased(self, one: Instrument, amount: int, device: str = "") -> str:
        row = self.shop.grant(device or self.device, one, amount).lease
        assert row is not None
        return row.id

    def buys(self) -> str:
        """An order with the coupon and points, part of it paid by the card; its id."""
        off = {"kind": "coupon", "amount": 40, "step": 5, "source_id": self.coupon.id, "promotion_id": new_id()}
        op = self.shop.maker().order([(self.shop.product_id, 1, PRICE)], self.shop.list_id, member_id=self.id)
        body = body_of(op)
        body["lines"][0] |= {"amount": PRICE - 40, "discounts": [off]}
        body["totals"] = {"lines": PRICE, "discounts": 40, "total": PRICE - 40}
        body["priced_by"] = {"coupons": [{"coupon_id": self.coupon.id, "promotion_id": off["promotion_id"]}]}
        body["spends"] = [
            {"lease_id": self.leases["coupon"], "amount": 1}, {"lease_id": self.leases["points"], "amount": 20},
        ]  # fmt: skip
        maker = self.shop.maker()
        placed = maker.op("order.place", body, schema_v=3)
        paid = maker.by_card(body["order_id"], self.card.id, self.leases["card"], 300)
        assert {one.status for one in self.shop.results(placed, paid)} == {"applied"}
        return str(body["order_id"])

    def order(self, order_id: str) -> Order:
        found: Order = self.shop.record("order", order_id)
        return found

    def _put(self, one: Instrument, value: Value) -> None:
        self.shop.hq.shop_row(self.shop.store_id, Ref("instrument", one.id), Versioned(value, 1))

    def _active(self) -> None:
        value = self.shop.value(self.card)
        assert value.card is not None
        self._put(self.card, msgspec.structs.replace(value, card=msgspec.structs.replace(value.card, active=True)))


@pytest.fixture
def who() -> Customer:
    return Customer(MemoryShop())


def test_a_gift_card_is_nobodys_and_keeps_its_money_for_who_holds_it(who: Customer) -> None:
    before = who.shop.value(who.card)
    erase(who.shop, who.id)
    after = who.shop.value(who.card)
    assert after == msgspec.structs.replace(before, owner_id="")
    assert not who.shop.lease(who.leases["card"]).returned_at, "what a tablet has of it is still to be spent"
    bearer = who.shop.maker()
    bought = bearer.order([(who.shop.product_id, 1, PRICE)], who.shop.list_id)
    lease = who.leased(who.card, 600, new_id())
    paid = bearer.by_card(body_of(bought)["order_id"], who.card.id, lease, 600)
    assert outcomes(who.shop.results(bought, paid)) == [("applied", "")] * 2
    assert (after.balance, who.shop.value(who.card).held) == (1000, 1000)


def test_a_card_that_stands_in_another_store_is_unbound_too(who: Customer) -> None:
    there = MemoryShop(who.shop.hq)
    value = who.shop.value(who.card)
    del who.shop.hq.state.rows[who.shop.store_id, Ref("instrument", who.card.id)]
    who.shop.hq.shop_row(there.store_id, Ref("instrument", who.card.id), Versioned(value, 2))
    erase(who.shop, who.id, others=(there,))
    assert there.value(who.card) == msgspec.structs.replace(value, owner_id="")
    assert who.id not in memory(who.shop)


def test_points_and_coupons_end_with_whom_they_were_given_to(who: Customer) -> None:
    erase(who.shop, who.id)
    assert who.shop.record("instrument", who.coupon.id) is None
    assert who.shop.record("instrument", who.points.id) is None
    assert who.shop.grant(new_id(), who.coupon, 1).code == "instrument_unknown"


def test_their_orders_keep_the_money_and_no_operation_tells_what_of_theirs_paid_it(who: Customer) -> None:
    order_id = who.buys()
    before, value = who.order(order_id), who.shop.value(who.card)
    assert all(text in memory(who.shop) for text in (who.coupon.id, '"0042"', who.id))
    erase(who.shop, who.id)
    left = memory(who.shop)
    assert [text for text in (who.coupon.id, who.points.id, '"0042"', who.id) if text in left] == []
    after = who.order(order_id)
    assert (after.totals, after.spends, after.variance) == (before.totals, before.spends, before.variance)
    assert payments.from_leases(after) == payments.from_leases(before) == {who.leases["card"]: 300}
    assert (who.shop.value(who.card).balance, who.shop.lease(who.leases["card"]).spent) == (value.balance, 300)


def test_goods_of_such_an_order_come_back_as_before(who: Customer) -> None:
    order_id = who.buys()
    (line,), (leg,) = who.order(order_id).lines, who.order(order_id).payments
    erase(who.shop, who.id)
    told: dict[str, Any] = {"refund": {"money": PRICE - 40, "points": 20, "coupons": [who.coupon.id]}}
    late = who.shop.maker().take_back(order_id, [(line.line_id, 1)], 0, **told)
    assert [one.status for one in who.shop.results(late)] == ["applied"]
    assert who.order(order_id).returns[0].refund.money == PRICE - 40
    back = who.shop.maker().back_on_card(order_id, leg.id, 300)
    assert [one.status for one in who.shop.results(back)] == ["applied"]
    assert who.shop.lease(who.leases["card"]).spent == 0, "the card has its money again"
    assert who.coupon.id not in memory(who.shop), "nor by an operation that comes late"
