"""Goods of another shop's order: taken back here, judged by the shop that sold them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain import numbers, returns
from guide_app.domain.clock import to_text
from guide_app.domain.records import Names, OpOutcome, OrderCopy, Ref, Stock, decode, encode
from hq.handlers import copies
from hq.ledger.port import Stream
from hq.sync_api import lookup
from hq.sync_api.memory_chain import device_scope
from hq.sync_api.sweep import publish
from sync.protocol.messages import LookupRequest, LookupResponse, WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop, chain, swept
from tests.ops import Maker, body_of, new_id

RECIPIENT = {"name": "陈静", "phone": "+8613800000007", "address": "长安路 1 号"}


class Two:
    """A shop that sold, another that takes back, and an order of the first with `qty` pieces."""

    def __init__(self, qty: int = 3) -> None:
        self.home = MemoryShop()
        self.here, self.third = MemoryShop(self.home.hq), MemoryShop(self.home.hq)
        names = ((self.home, "West"), (self.here, "East"), (self.third, "North"))
        self.home.hq.names.update({shop.store_id: Names(en=name, zh=name) for shop, name in names})
        for shop in (self.here, self.third):
            shop._furnish(shop.store_id, "stock", self.home.product_id, Stock(on_hand=5))
        self.stream, self.seq = self.here.stream(), 0
        maker = self.home.maker()
        sign_up = maker.sign_up()
        self.member_id = body_of(sign_up)["member_id"]
        sale = maker.order(
            [(self.home.product_id, qty, PRICE)], self.home.list_id, member_id=self.member_id, note="给妈妈的",
            number=numbers.compose("101", "AB", "7K", 42),
        )  # fmt: skip
        paid = maker.pay(body_of(sale)["order_id"], qty * PRICE)
        assert [one.status for one in self.home.results(sign_up, sale, paid)] == ["applied"] * 3
        self.order_id, self.line_id = body_of(sale)["order_id"], body_of(sale)["lines"][0]["line_id"]
        self.cash = body_of(paid)["legs"][0]["leg_id"]

    @property
    def order(self) -> Any:
        return self.home.record("order", self.order_id)

    def copy(self, shop: MemoryShop | None = None) -> Any:
        return (shop or self.here).record("order_copy", self.order_id)

    def look_up(self, shop: MemoryShop | None = None) -> LookupResponse:
        shop = shop or self.here
        branch = chain(self.home, self.here, self.third).branch(shop.store_id)
        return lookup.answer(shop.ledger, branch, LookupRequest(order=self.order.number), NOW)

    def sweep(self) -> None:
        swept(self.home, self.here, self.third)

    def back(self, qty: int, money: int | None = None, shop: MemoryShop | None = None) -> WireOp:
        """A return as a tablet there makes it, cash for it from the till."""
        money = qty * PRICE if money is None else money
        legs = [{"leg_id": new_id(), "method": "cash", "amount": money, "of": self.cash}] if money else []
        body = body_of((shop or self.here).maker().take_back(self.order_id, [(self.line_id, qty)], money, legs=legs))
        return self.maker(shop).op("order_copy.return", body)

    def undo(self, back: WireOp) -> WireOp:
        body = {"order_id": self.order_id, "return_id": body_of(back)["return_id"]}
        return self.maker().op("order_copy.return_undo", body)

    def maker(self, shop: MemoryShop | None = None) -> Maker:
        return (shop or self.here).maker()

    def send(self, op: WireOp) -> tuple[str, str]:
        """By the tablet of this shop."""
        self.seq += 1
        told = self.here.push(self.stream, [msgspec.structs.replace(op, seq=self.seq)]).results[0]
        return told.status, told.code

    def told(self, op: WireOp, shop: MemoryShop | None = None, stream: Stream | None = None) -> OpOutcome | None:
        """What the tablet heard of it later."""
        shop, stream = shop or self.here, stream or self.stream
        row = shop.hq.state.feed.get((device_scope(shop.store_id, stream.device_id), Ref("op_outcome", op.op_id)))
        return decode(row.data or "", OpOutcome) if row else None


@pytest.fixture
def two() -> Two:
    return Two()


def test_a_copy_comes_here_and_names_nobody(two: Two) -> None:
    assert two.look_up() == LookupResponse(found=True, order_id=two.order_id, store=Names(en="West", zh="West"))
    copy = two.copy()
    assert isinstance(copy, OrderCopy)
    assert (copy.number, copy.lines, copy.payments) == (two.order.number, two.order.lines, two.order.payments)
    assert (copy.home_store_id, copy.home_names.en, copy.store_id) == (two.home.store_id, "West", two.here.store_id)
    assert copy.until == to_text(NOW + copies.KEPT)
    text = encode(copy).decode()
    member = two.home.record("member", two.member_id)
    for word in (two.member_id, member.phone, member.name, "给妈妈的"):
        assert word not in text
    assert two.here.hq.state.feed[two.here.scope, Ref("order_copy", two.order_id)].kind == "put"


def test_of_an_order_in_another_currency_no_more_is_told_than_where_it_was_bought(two: Two) -> None:
    ref = (two.home.store_id, Ref("order", two.order_id))
    row = two.home.hq.state.rows[ref]
    two.home.hq.state.rows[ref] = msgspec.structs.replace(
        row, record=msgspec.structs.replace(two.order, currency="EUR")
    )
    assert two.look_up() == LookupResponse(found=True, store=Names(en="West", zh="West"))
    assert two.copy() is None


def test_they_write_to_this_store_s_and_the_tablet_s_scope_alone(two: Two) -> None:
    two.look_up()
    feed = two.here.hq.state.feed
    own = {two.here.scope, device_scope(two.here.store_id, two.stream.device_id)}
    before = {place: row.ver for place, row in feed.items()}
    back = two.back(2)
    assert [two.send(op) for op in (back, two.undo(back))] == [("applied", "")] * 2
    written = {place for place, row in feed.items() if before.get(place) != row.ver}
    assert (two.here.scope, Ref("order_copy", two.order_id)) in written
    assert {scope for scope, _ref in written} <= own, "the home shop hears by a step, in a transaction of its own"


def test_goods_come_into_this_shop_s_stock_and_the_order_is_judged_at_home(two: Two) -> None:
    two.look_up()
    back = two.back(2)
    assert two.send(back) == ("applied", "")
    assert two.here.record("stock", two.home.product_id).on_hand == 7
    assert returns.left(two.copy())[two.line_id] == 1
    two.sweep()
    made = two.order.returns[0]
    assert (made.store_id, made.store.en, made.variance, made.risk) == (two.here.store_id, "East", 0, 0)
    assert (returns.left(two.order)[two.line_id], returns.held(two.order)) == (1, PRICE)
    assert two.home.record("stock", two.home.product_id).on_hand == 7, "they never came home"
    assert two.home.record("member", two.member_id).spent == PRICE
    assert two.copy().returns == two.order.returns
    assert two.copy().payments == two.order.payments
    assert two.told(back) is None, "there is nothing to tell"


def test_two_shops_take_back_the_same_goods_and_the_second_hears_of_it(two: Two) -> None:
    two.look_up()
    two.look_up(two.third)
    there, stream = two.back(3, shop=two.third), two.third.stream()
    assert two.third.push(stream, [there]).results[0].status == "applied"
    late = two.back(2)
    assert two.send(late) == ("applied", ""), "its copy says nothing of the other yet"
    two.sweep()
    assert [[(line.qty, line.beyond) for line in one.lines] for one in two.order.returns] == [[(3, 0)], [(0, 2)]]
    assert [one.risk for one in two.order.returns] == [0, 2 * PRICE]
    goods = [shop.record("stock", two.home.product_id).on_hand for shop in (two.home, two.third, two.here)]
    assert goods == [7, 8, 5], "what was sold comes back once"
    assert (two.order.state, returns.held(two.order)) == ("returned", 0)
    told = two.told(late)
    assert told is not None
    assert (told.status, told.code) == ("applied", "return_too_many")
    assert two.told(there, two.third, stream) is None
    assert [one.store.en for one in two.copy().returns] == ["North", "East"]
    assert two.copy() == msgspec.structs.replace(
        two.copy(two.third), store_id=two.here.store_id, until=two.copy().until
    )


def test_home_and_another_shop_take_back_the_same_goods(two: Two) -> None:
    two.look_up()
    assert two.home.results(two.home.maker().take_back(two.order_id, [(two.line_id, 3)], 3 * PRICE))[0].code == ""
    late = two.back(1)
    assert two.send(late) == ("applied", "")
    two.sweep()
    told = two.told(late)
    assert told is not None
    assert told.code == "return_too_many"
    assert two.order.returns[1].risk == PRICE
    next_one = two.back(1)
    assert two.send(next_one) == ("applied", "return_too_many"), "the copy knows by now"


def test_an_undo_gives_everything_back(two: Two) -> None:
    two.look_up()
    before, goods = two.order, two.here.record("stock", two.home.product_id).on_hand
    back = two.back(3)
    two.send(back)
    two.sweep()
    assert (two.order.state, two.home.record("member", two.member_id).order_count) == ("returned", 0)
    assert two.send(two.undo(back)) == ("applied", "")
    assert two.here.record("stock", two.home.product_id).on_hand == goods
    two.sweep()
    assert (two.order.state, returns.held(two.order)) == (before.state, returns.held(before))
    member = two.home.record("member", two.member_id)
    assert (member.order_count, member.spent) == (1, 3 * PRICE)
    assert two.copy().returns == two.order.returns


def test_what_has_not_reached_home_stays_on_the_copy(two: Two) -> None:
    """A row of home that comes first neither loses the return nor its undoing."""
    two.look_up()
    back = two.back(1)
    two.send(back)
    branch = chain(two.home, two.here, two.third).branch(two.here.store_id)

    def refreshed() -> None:
        with two.here.ledger.transaction():
            publish(two.here.ledger, branch, copies.refresh(branch.here, two.order_id))

    two.home.results(two.home.maker().take_back(two.order_id, [(two.line_id, 1)], PRICE))
    refreshed()
    assert returns.left(two.copy())[two.line_id] == 1
    assert len(two.copy().payments) == 2, "the money that went out of this till is not forgotten"
    two.sweep()
    two.send(two.undo(back))
    refreshed()
    assert returns.left(two.copy())[two.line_id] == 2
    two.sweep()
    assert returns.left(two.order)[two.line_id] == 2


def test_a_copy_that_went_meanwhile_comes_again_for_what_was_made_on_it(two: Two) -> None:
    two.look_up()
    branch = chain(two.home, two.here, two.third).branch(two.here.store_id)
    with two.here.ledger.transaction():
        publish(two.here.ledger, branch, copies.expire(branch.here, NOW + copies.KEPT - timedelta(seconds=1)))
    assert two.copy() is not None
    with two.here.ledger.transaction():
        publish(two.here.ledger, branch, copies.expire(branch.here, NOW + copies.KEPT))
    assert two.copy() is None
    assert two.here.hq.state.feed[two.here.scope, Ref("order_copy", two.order_id)].kind == "left"
    assert two.send(two.back(1)) == ("applied", "")
    assert two.copy().until == to_text(NOW + copies.KEPT)
    two.sweep()
    assert returns.left(two.order)[two.line_id] == 2


def test_a_return_of_an_order_that_nobody_sold_waits(two: Two) -> None:
    none = two.maker().op("order_copy.return", body_of(two.home.maker().take_back(new_id(), [(new_id(), 1)], 1)))
    assert two.send(none) == ("parked", "order_unknown")
    undo = two.maker().op("order_copy.return_undo", {"order_id": two.order_id, "return_id": new_id()})
    assert two.send(undo) == ("parked", "return_unknown")


def test_an_undo_that_comes_before_its_return_waits_for_it(two: Two) -> None:
    two.look_up()
    back = two.back(1)
    two.send(back)
    two.send(two.undo(back))
    ledger = two.home.ledger
    steps = [one for one in ledger.open_steps(10) if one.kind == "order.taken_back"]
    assert len(steps) == 2
    two.sweep()
    assert [one.void for one in two.order.returns] == [True]
    assert not ledger.open_steps(10)


def test_of_a_cancelled_order_an_undo_changes_nothing_and_home_s_word_stands(two: Two) -> None:
    two.look_up()
    back = two.back(1)
    two.send(back)
    two.sweep()
    assert two.home.results(two.home.maker().cancel(two.order_id))[0].status == "applied"
    assert two.send(two.undo(back)) == ("applied", ""), "its copy does not know yet"
    two.sweep()
    assert [one.void for one in two.order.returns] == [False]
    assert (two.copy().returns, two.copy().state) == (two.order.returns, "cancelled")
    assert two.copy().payments == two.order.payments, "nothing was paid for what stands"
    assert two.here.record("stock", two.home.product_id).on_hand == 6
