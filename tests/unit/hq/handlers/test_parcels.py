"""Goods of one shop's order that another shop hands over or sends: a parcel there, and one truth for both."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import parcels
from guide_app.domain.records import Names, OpOutcome, Parcel, Ref, Stock, decode, encode
from guide_app.operations.orders import WantedFulfilment
from hq.handlers.moving import Mover
from hq.sync_api.memory_chain import device_scope
from hq.sync_api.sweep import publish
from sync.protocol.messages import WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop, chain, swept
from tests.ops import body_of, new_id

TO = {"name": "陈静", "phone": "+8613800000007", "address": "长安路 1 号"}


class Two:
    """A shop that sold two pieces, which the shop `here` is to send or to hand over; a third one has nothing to do."""

    def __init__(self, kind: str = "pick_up", *, paid: bool = True) -> None:
        self.home = MemoryShop()
        self.here, self.third = MemoryShop(self.home.hq), MemoryShop(self.home.hq)
        names = ((self.home, "West"), (self.here, "East"), (self.third, "North"))
        self.home.hq.names.update({shop.store_id: Names(en=name, zh=name) for shop, name in names})
        for shop in (self.here, self.third):
            shop._furnish(shop.store_id, "stock", self.home.product_id, Stock(on_hand=5))
        self.stream, self.seq = self.here.stream(), 0
        sale = self.home.maker().order([(self.home.product_id, 2, PRICE)], self.home.list_id)
        body = {**body_of(sale), "fulfilment": self.way(self.here, kind)}
        self.order_id, self.line_id = body["order_id"], body["lines"][0]["line_id"]
        self.at_home("order.place", body, schema_v=4)
        if paid:
            leg = {"leg_id": new_id(), "method": "cash", "amount": 2 * PRICE}
            self.at_home("order.pay", {"order_id": self.order_id, "legs": [leg]})
        self.sweep()

    def way(self, shop: MemoryShop | None, kind: str = "pick_up") -> dict[str, Any]:
        there = {"store_id": shop.store_id, "at": {"en": "x"}} if shop else {}
        return {"kind": kind, "to": TO, "note": "给妈妈的", **there}

    def at_home(self, kind: str, body: dict[str, Any], **more: Any) -> tuple[str, str]:
        """By some tablet of the shop that sold it."""
        (told,) = self.home.results(self.home.maker().op(kind, body, **more))
        return told.status, told.code

    def op(self, what: str, **more: Any) -> WireOp:
        return self.here.maker().op("parcel.step", {"order_id": self.order_id, "what": what, **more})

    def send(self, op: WireOp) -> tuple[str, str]:
        """By the tablet of this shop."""
        self.seq += 1
        told = self.here.push(self.stream, [msgspec.structs.replace(op, seq=self.seq)]).results[0]
        return told.status, told.code

    def step(self, what: str, **more: Any) -> WireOp:
        op = self.op(what, **more)
        assert self.send(op) == ("applied", "")
        return op

    def told(self, op: WireOp) -> str:
        """What the tablet heard of it later."""
        row = self.here.hq.state.feed.get(
            (device_scope(self.here.store_id, self.stream.device_id), Ref("op_outcome", op.op_id))
        )
        return decode(row.data or "", OpOutcome).code if row else ""

    def sweep(self) -> None:
        swept(self.home, self.here, self.third)

    @property
    def order(self) -> Any:
        return self.home.record("order", self.order_id)

    def parcel(self, shop: MemoryShop | None = None) -> Any:
        return (shop or self.here).record("parcel", self.order_id)

    def on_hand(self, shop: MemoryShop | None = None) -> int:
        stock: Stock = (shop or self.here).record("stock", self.home.product_id)
        return stock.on_hand

    def same_steps(self) -> None:
        """Both shops have the same steps, and say the same of how far the goods are."""
        order, parcel = self.order.fulfilment, self.parcel().goes
        assert [one.op_id for one in parcel.steps] == [one.op_id for one in order.steps]
        assert parcel.progress == order.progress


@pytest.fixture
def two() -> Two:
    return Two()


def test_the_other_shop_has_what_it_needs_and_no_third_one_hears_of_it(two: Two) -> None:
    parcel = two.parcel()
    assert isinstance(parcel, Parcel)
    assert (parcel.number, parcel.home_names.en, parcel.paid, parcel.cancelled) == (
        two.order.number, "West", True, False
    )  # fmt: skip
    assert [(line.product_id, line.qty) for line in parcel.lines] == [(two.home.product_id, 2)]
    assert parcel.to is not None
    assert (parcel.to.name, parcel.to.phone, parcel.to.address) == ("陈静", "****0007", "")
    assert TO["phone"] not in encode(parcel).decode()
    assert two.here.hq.state.feed[two.here.scope, Ref("parcel", two.order_id)].kind == "put"
    assert (two.parcel(two.third), two.parcel(two.home)) == (None, None)
    assert (two.on_hand(), two.on_hand(two.home)) == (5, 10), "nothing has moved yet"


def test_whoever_sends_them_has_the_address_until_they_are_there() -> None:
    two = Two("ship")
    assert msgspec.to_builtins(two.parcel().to) == TO
    two.step("shipped")
    two.sweep()
    assert two.parcel().to is not None
    two.step("done")
    two.sweep()
    assert (two.parcel().to, two.parcel().note) == (None, "")


def test_what_is_not_paid_is_said_and_told_once_it_is() -> None:
    two = Two(paid=False)
    assert two.parcel().paid is False
    leg = {"leg_id": new_id(), "method": "cash", "amount": 2 * PRICE}
    two.at_home("order.pay", {"order_id": two.order_id, "legs": [leg]})
    two.sweep()
    assert two.parcel().paid is True


def test_steps_of_the_other_shop_stand_in_the_order_and_its_books_follow(two: Two) -> None:
    ready = two.step("ready")
    assert (two.on_hand(), two.order.fulfilment.progress) == (3, ""), "set aside, and home has not heard of it"
    two.sweep()
    two.same_steps()
    (step,) = two.order.fulfilment.steps
    assert (step.op_id, step.what, step.store_id) == (ready.op_id, "ready", two.here.store_id)
    done = two.step("done")
    two.sweep()
    two.same_steps()
    assert (two.order.state, two.on_hand(), two.on_hand(two.home)) == ("delivered", 3, 10)
    two.step("undo", undoes=done.op_id)
    two.sweep()
    two.same_steps()
    assert (two.order.fulfilment.progress, two.on_hand()) == ("ready", 3)


def test_what_cannot_come_says_why_and_home_settles_it(two: Two) -> None:
    two.step("ready")
    two.step("failed", reason="damaged")
    two.sweep()
    assert two.order.fulfilment.repair == "cannot_fulfil"
    assert two.order.fulfilment.steps[-1].reason == "damaged"
    assert two.on_hand() == 5


def test_a_cancel_at_home_recalls_the_parcel_and_what_was_set_aside_is_the_shop_s_again(two: Two) -> None:
    two.step("ready")
    two.sweep()
    assert two.at_home("order.cancel", {"order_id": two.order_id, "reason": "x"}) == ("applied", "")
    two.sweep()
    parcel = two.parcel()
    assert (parcel.cancelled, parcels.asked(parcel), parcel.to, two.on_hand()) == (True, False, None, 5)
    assert parcels.next_steps(parcel) == ("done",), "only that they had left before"


def test_goods_handed_over_while_home_cancelled_are_gone_and_both_hear_of_it(two: Two) -> None:
    assert two.at_home("order.cancel", {"order_id": two.order_id, "reason": "x"}) == ("applied", "")
    done = two.step("done")
    two.sweep()
    two.same_steps()
    assert (two.order.state, two.order.fulfilment.repair) == ("cancelled", "left_cancelled")
    assert (two.on_hand(), two.on_hand(two.home)) == (3, 10), "they left the shop that had them, and no other"
    assert two.told(done) == "left_cancelled"
    back = {"order_id": two.order_id, "what": "undo", "undoes": done.op_id}
    assert two.at_home("order.fulfil", back, schema_v=2) == ("applied", "")
    two.sweep()
    two.same_steps()
    assert (two.order.fulfilment.repair, two.on_hand()) == ("", 5)


def test_goods_that_are_out_are_not_cancelled(two: Two) -> None:
    two.step("done")
    two.sweep()
    assert two.at_home("order.cancel", {"order_id": two.order_id, "reason": "x"}) == ("rejected", "already_shipped")
    assert two.on_hand() == 3


def test_another_way_recalls_it_here_and_asks_the_shop_that_is_chosen(two: Two) -> None:
    two.step("ready")
    two.sweep()
    two.at_home("order.reroute", {"order_id": two.order_id, "fulfilment": two.way(two.third)})
    two.sweep()
    assert (parcels.asked(two.parcel()), two.parcel().to, two.on_hand()) == (False, None, 5)
    assert parcels.asked(two.parcel(two.third))
    late = two.step("done")
    two.sweep()
    two.same_steps()
    assert two.told(late) == "way_too_late"
    assert (two.on_hand(), two.on_hand(two.third)) == (3, 5)
    assert (parcels.asked(two.parcel(two.third)), parcels.went(two.parcel())) == (False, True)


def test_a_way_that_hq_s_people_chose_reaches_the_shop(two: Two) -> None:
    branch = chain(two.home, two.here, two.third).branch(two.home.store_id)
    wanted = msgspec.convert(two.way(two.third), WantedFulfilment)
    with two.home.ledger.transaction():
        publish(two.home.ledger, branch, Mover(branch.aggregates, "CNY", NOW).reroute(two.order_id, wanted))
    two.sweep()
    assert (parcels.asked(two.parcel()), parcels.asked(two.parcel(two.third))) == (False, True)


def test_what_came_back_before_is_handed_over_no_more(two: Two) -> None:
    back = body_of(two.home.maker().take_back(two.order_id, [(two.line_id, 1)], PRICE))
    two.at_home("order.return", back)
    two.sweep()
    assert [line.qty for line in two.parcel().lines] == [1]
    late = two.here.maker().op(
        "parcel.step", {"order_id": two.order_id, "what": "done"}, made_at="2026-11-20T11:00:00.000Z"
    )
    assert two.send(late) == ("applied", "")
    two.sweep()
    assert ([line.qty for line in two.parcel().lines], two.on_hand()) == ([1], 4)


def test_it_comes_twice_and_counts_once_and_one_of_nothing_waits(two: Two) -> None:
    op = two.op("done")
    assert [two.send(op), two.send(op)] == [("applied", "")] * 2
    two.sweep()
    two.sweep()
    two.same_steps()
    assert (len(two.order.fulfilment.steps), two.on_hand()) == (1, 3)
    unknown = two.here.maker().op("parcel.step", {"order_id": new_id(), "what": "done"})
    assert two.send(unknown) == ("parked", "order_unknown")


def test_an_hq_that_lost_the_parcel_has_it_again_with_the_step_and_the_stock_is_right(two: Two) -> None:
    two.step("ready")
    two.sweep()
    del two.here.hq.state.rows[two.here.store_id, Ref("parcel", two.order_id)]
    two.here._furnish(two.here.store_id, "stock", two.home.product_id, Stock(on_hand=5))
    two.step("done")
    assert two.parcel() is not None
    two.sweep()
    two.same_steps()
    assert (two.order.state, two.on_hand()) == ("delivered", 3)
    del two.third.hq.state.rows[two.here.store_id, Ref("parcel", two.order_id)]
    unasked = two.third.maker().op("parcel.step", {"order_id": two.order_id, "what": "done"})
    assert [(one.status, one.code) for one in two.third.results(unasked)] == [("parked", "order_unknown")]


def test_a_shop_that_is_none_holds_nothing_up(two: Two) -> None:
    way = {"kind": "pick_up", "to": TO, "store_id": new_id()}
    assert two.at_home("order.reroute", {"order_id": two.order_id, "fulfilment": way})[0] == "applied"
    two.sweep()
    assert not parcels.asked(two.parcel())
    assert two.home.ledger.open_steps(10) == []


def test_they_write_to_this_store_s_and_the_tablet_s_scope_alone(two: Two) -> None:
    feed = two.here.hq.state.feed
    before = {place: row.ver for place, row in feed.items()}
    two.step("ready")
    written = {place for place, row in feed.items() if before.get(place) != row.ver}
    own = {two.here.scope, device_scope(two.here.store_id, two.stream.device_id)}
    assert (two.here.scope, Ref("parcel", two.order_id)) in written
    assert {scope for scope, _ref in written} <= own
