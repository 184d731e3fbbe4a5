"""What HQ's people do about the goods of an order: a guide's rules, and nobody of the shop."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import ways
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.records import Order, Ref, Stock
from guide_app.operations.fulfilling import Fulfil
from guide_app.operations.orders import WantedFulfilment
from hq.handlers.moving import Mover, last_step
from hq.handlers.work import Work
from tests.memory_hq import NOW, PRICE, MemoryShop
from tests.ops import body_of, new_id

TO = {"name": "Li Na", "phone": "+8613800000001", "address": "1 River Road"}


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def sold(shop: MemoryShop, way: dict[str, Any], *, paid: bool = True) -> str:
    maker = shop.maker()
    body = body_of(maker.order([(shop.product_id, 2, PRICE)], shop.list_id))
    maker.next_seq = 1
    order = maker.op("order.place", {**body, "fulfilment": way}, schema_v=3)
    assert shop.results(order)[0].status == "applied"
    order_id = str(body_of(order)["order_id"])
    maker.next_seq = 1
    if paid:
        leg = {"leg_id": new_id(), "method": "cash", "amount": 2 * PRICE}
        pay = maker.op("order.pay", {"order_id": order_id, "legs": [leg]})
        assert [(one.status, one.code) for one in shop.results(pay)] == [("applied", "")]
    return order_id


def step(shop: MemoryShop, order_id: str, what: str, undoes: str | None = None) -> Work:
    body = msgspec.convert({"order_id": order_id, "what": what, "undoes": undoes}, Fulfil)
    with shop.ledger.transaction():
        return Mover(shop.aggregates, "CNY", NOW).step(body)


def reroute(shop: MemoryShop, order_id: str, way: dict[str, Any]) -> Work:
    with shop.ledger.transaction():
        return Mover(shop.aggregates, "CNY", NOW).reroute(order_id, msgspec.convert(way, WantedFulfilment))


def order_of(shop: MemoryShop, order_id: str) -> Order:
    order: Order = shop.record("order", order_id)
    return order


def on_hand(shop: MemoryShop) -> int:
    stock: Stock = shop.record("stock", shop.product_id)
    return stock.on_hand


def test_a_step_is_nobody_s_of_the_shop_is_published_and_taken_back(shop: MemoryShop) -> None:
    order_id = sold(shop, {"kind": "ship", "to": TO})
    work = step(shop, order_id, "shipped")
    assert Ref("order", order_id) in work.rows
    order = order_of(shop, order_id)
    assert (order.state, [(one.what, one.guide_id) for one in order.fulfilment.steps]) == ("shipped", [("shipped", "")])
    step(shop, order_id, "undo", last_step(order))
    order = order_of(shop, order_id)
    assert (order.state, order.fulfilment.progress, last_step(order)) == ("paid", "", "")


def test_what_a_guide_may_not_hq_s_people_may_not(shop: MemoryShop) -> None:
    unpaid = sold(shop, {"kind": "ship", "to": TO}, paid=False)
    with pytest.raises(Refused, match="not_paid"):
        step(shop, unpaid, "shipped")
    with pytest.raises(Refused, match="order_unknown"):
        step(shop, new_id(), "picking")
    with pytest.raises(Refused, match="changed_meanwhile"):
        step(shop, unpaid, "ready")
    with pytest.raises(Refused, match="changed_meanwhile"):
        step(shop, unpaid, "undo", new_id())
    maker = shop.maker()
    cancel = maker.op("order.cancel", {"order_id": unpaid, "reason": "x"})
    assert shop.results(cancel)[0].status == "applied"
    with pytest.raises(Refused, match="already_cancelled"):
        step(shop, unpaid, "picking")
    with pytest.raises(Refused, match="already_cancelled"):
        reroute(shop, unpaid, {"kind": "pick_up", "to": TO})
    assert order_of(shop, unpaid).fulfilment.steps == ()


def test_another_way_moves_the_pieces_in_the_books_both_ways(shop: MemoryShop) -> None:
    order_id = sold(shop, {"kind": "pick_up", "to": TO})
    assert on_hand(shop) == 8
    work = reroute(shop, order_id, {"kind": "ship", "store_id": new_id(), "at": {"en": "Depot"}, "to": TO})
    assert {Ref("order", order_id), Ref("stock", shop.product_id)} <= set(work.rows)
    assert (on_hand(shop), order_of(shop, order_id).fulfilment.at.en) == (10, "Depot")
    reroute(shop, order_id, {"kind": "pick_up", "to": TO})
    assert (on_hand(shop), order_of(shop, order_id).fulfilment.store_id) == (8, "")
    assert [one.what for one in order_of(shop, order_id).fulfilment.steps] == ["chosen", "chosen"]


def test_another_way_needs_what_it_needs_and_says_what_is_missing(shop: MemoryShop) -> None:
    order_id = sold(shop, {"kind": "pre_order", "day": "2026-12-24", "to": TO})
    with pytest.raises(BadInput, match="recipient_missing"):
        reroute(shop, order_id, {"kind": "ship"})
    for _ in range(5):
        sold(shop, {"kind": "take_away"})
    reroute(shop, order_id, {"kind": "pick_up", "to": TO})
    assert (order_of(shop, order_id).fulfilment.repair, on_hand(shop)) == ("out_of_stock", -2)
    step(shop, order_id, "done")
    with pytest.raises(Refused, match="already_shipped"):
        reroute(shop, order_id, {"kind": "ship", "to": TO})


def test_hq_settles_goods_that_left_while_it_chose_another_way(shop: MemoryShop) -> None:
    order_id = sold(shop, {"kind": "ship", "to": TO})
    reroute(shop, order_id, {"kind": "pick_up", "store_id": new_id(), "at": {"en": "East"}, "to": TO})
    assert order_of(shop, order_id).fulfilment.repair == "way_of_hq"
    sent = shop.maker().op("order.fulfil", {"order_id": order_id, "what": "shipped", "under": ""}, schema_v=2)
    assert shop.results(sent)[0].code == "way_too_late"
    order = order_of(shop, order_id)
    assert (last_step(order), order.fulfilment.repair, on_hand(shop)) == (sent.op_id, "way_too_late", 8)
    (late,) = ways.too_late(order.fulfilment.steps)
    step(shop, order_id, "undo", late.op_id)
    assert (order_of(shop, order_id).fulfilment.repair, order_of(shop, order_id).state) == ("", "shipped")
