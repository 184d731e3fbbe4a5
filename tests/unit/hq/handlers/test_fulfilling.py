"""Goods that are handed over later, at HQ."""

from __future__ import annotations

import pytest

from guide_app.domain.leases import stock_instrument
from guide_app.domain.records import Stock
from hq.ledger.port import Stream
from tests.memory_hq import NOW, PRICE, MemoryShop
from tests.ops import Maker, body_of, new_id


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def sold(shop: MemoryShop, maker: Maker, way: str, qty: int = 1) -> str:
    body = body_of(shop.maker().order([(shop.product_id, qty, PRICE)], shop.list_id))
    order = maker.op("order.place", {**body, "fulfilment": {"kind": way}}, schema_v=3)
    assert shop.results(order)[0].status == "applied"
    maker.next_seq = 1  # each time it is another tablet
    return str(body_of(order)["order_id"])


def on_hand(shop: MemoryShop) -> int:
    stock: Stock = shop.record("stock", shop.product_id)
    return stock.on_hand


def test_steps_move_an_order_on_once_and_are_taken_back(shop: MemoryShop) -> None:
    maker = shop.maker()
    order_id = sold(shop, maker, "pick_up")
    steps = [maker.op("order.fulfil", {"order_id": order_id, "what": what}) for what in ("ready", "done")]
    assert [(one.status, one.code) for one in shop.results(*steps)] == [("applied", "")] * 2
    order = shop.record("order", order_id)
    assert (order.state, order.fulfilment.progress, len(order.fulfilment.steps)) == ("delivered", "done", 2)
    maker.next_seq = 1
    undo = maker.op("order.fulfil", {"order_id": order_id, "what": "undo", "undoes": steps[1].op_id})
    assert shop.results(undo)[0].status == "applied"
    assert shop.record("order", order_id).fulfilment.progress == "ready"


def test_two_tablets_hand_one_order_over_and_it_is_handed_over_once(shop: MemoryShop) -> None:
    order_id = sold(shop, shop.maker(), "pick_up")
    for _ in range(2):
        maker, device = shop.maker(), new_id()
        step = maker.op("order.fulfil", {"order_id": order_id, "what": "done"})
        stream = Stream(shop.store_id, device, device)
        assert shop.push(stream, [step], now=NOW).results[0].status == "applied"
    order = shop.record("order", order_id)
    assert (order.state, len(order.fulfilment.steps), on_hand(shop)) == ("delivered", 2, 9)


def test_another_way_says_what_is_missing(shop: MemoryShop) -> None:
    maker = shop.maker()
    ahead = sold(shop, maker, "pre_order", 11)
    assert on_hand(shop) == 10
    way = maker.op("order.reroute", {"order_id": ahead, "fulfilment": {"kind": "ship"}})
    assert [(one.status, one.code) for one in shop.results(way)] == [("applied", "out_of_stock")]
    assert (shop.record("order", ahead).fulfilment.repair, on_hand(shop)) == ("out_of_stock", -1)
    maker.next_seq = 1
    back = maker.op("order.reroute", {"order_id": ahead, "fulfilment": {"kind": "pre_order", "day": "2026-12-24"}})
    assert [(one.status, one.code) for one in shop.results(back)] == [("applied", "")]
    assert (shop.record("order", ahead).fulfilment.repair, on_hand(shop)) == ("", 10)


def test_a_step_of_an_order_that_hq_lacks_waits_and_one_of_a_cancelled_order_is_refused(shop: MemoryShop) -> None:
    maker = shop.maker()
    order_id = sold(shop, maker, "pick_up")
    ops = [
        maker.op("order.fulfil", {"order_id": new_id(), "what": "done"}),
        maker.op("order.cancel", {"order_id": order_id, "reason": "x"}),
        maker.op("order.fulfil", {"order_id": order_id, "what": "ready"}),
        maker.op("order.reroute", {"order_id": order_id, "fulfilment": {"kind": "take_away"}}),
    ]
    told = [(one.status, one.code) for one in shop.results(*ops)]
    assert told == [("parked", "order_unknown"), ("applied", ""), *[("rejected", "already_cancelled")] * 2]


def test_goods_that_left_though_the_order_was_cancelled_are_nowhere_lost(shop: MemoryShop) -> None:
    order_id = sold(shop, shop.maker(), "ship", 2)
    cancel = shop.maker().op("order.cancel", {"order_id": order_id, "reason": "x"})
    assert (shop.results(cancel)[0].code, on_hand(shop)) == ("", 10)
    sent = shop.maker().op("order.fulfil", {"order_id": order_id, "what": "shipped", "under": ""}, schema_v=2)
    (told,) = shop.results(sent)
    assert (told.status, told.code, bool(told.message)) == ("applied", "left_cancelled", True)
    order = shop.record("order", order_id)
    assert (order.state, order.fulfilment.progress, order.fulfilment.repair) == (
        "cancelled", "shipped", "left_cancelled"
    )  # fmt: skip
    assert on_hand(shop) == 8
    seen = {"order_id": order_id, "what": "seen", "undoes": sent.op_id}
    assert shop.results(shop.maker().op("order.fulfil", seen, schema_v=2))[0].code == ""
    assert (shop.record("order", order_id).fulfilment.repair, on_hand(shop)) == ("", 8), "given up: still not here"
    back = {"order_id": order_id, "what": "undo", "undoes": sent.op_id}
    assert shop.results(shop.maker().op("order.fulfil", back, schema_v=2))[0].code == ""
    order = shop.record("order", order_id)
    assert (order.state, order.fulfilment.repair, on_hand(shop)) == ("cancelled", "", 10)
    unknown = {"order_id": order_id, "what": "undo", "undoes": new_id()}
    (refused,) = shop.results(shop.maker().op("order.fulfil", unknown, schema_v=2))
    assert (refused.status, refused.code) == ("rejected", "already_cancelled")


def test_goods_that_left_are_charged_anew_and_a_second_charge_is_told(shop: MemoryShop) -> None:
    order_id = sold(shop, shop.maker(), "ship", 2)
    cancel = shop.maker().op("order.cancel", {"order_id": order_id, "reason": "x"})
    sent = shop.maker().op("order.fulfil", {"order_id": order_id, "what": "shipped", "under": ""}, schema_v=2)
    shop.results(cancel)
    assert (shop.results(sent)[0].code, on_hand(shop)) == ("left_cancelled", 8)

    def charge(told: str) -> str:
        maker = shop.maker()
        new = body_of(shop.maker().order([(shop.product_id, 2, PRICE)], shop.list_id))
        body = {"order_id": order_id, "what": "undo", "undoes": sent.op_id, "charged_by": new["order_id"]}
        settled = maker.op("order.fulfil", body, schema_v=3)
        results = shop.results(settled, maker.op("order.place", new, schema_v=3))
        assert [(one.status, one.code) for one in results] == [("applied", told), ("applied", "")]
        return settled.op_id

    charge("")
    order = shop.record("order", order_id)
    assert (order.fulfilment.repair, on_hand(shop)) == ("", 8), "back, and out again by the new order"
    again = charge("settled_twice")
    order = shop.record("order", order_id)
    assert (order.state, order.fulfilment.repair) == ("cancelled", "settled_twice")
    assert on_hand(shop) == 6, "until one of the two is taken back"
    seen = {"order_id": order_id, "what": "seen", "undoes": again}
    assert shop.results(shop.maker().op("order.fulfil", seen, schema_v=3))[0].status == "applied"
    assert shop.record("order", order_id).fulfilment.repair == ""


def test_what_leases_got_back_by_the_cancel_they_do_not_get_twice() -> None:
    shop = MemoryShop()
    order_id = sold(shop, shop.maker(), "ship", 2)
    elsewhere = shop.maker().op("order.reroute", {"order_id": order_id, "fulfilment": OTHER})
    assert shop.results(elsewhere)[0].code == ""
    maker, device = shop.maker(), new_id()
    lease = shop.grant(device, stock_instrument(shop.store_id, shop.product_id), 2, product_id=shop.product_id).lease
    assert lease is not None
    way = {"order_id": order_id, "fulfilment": {"kind": "pick_up"}, "spends": [{"lease_id": lease.id, "amount": 2}]}
    ops = [maker.op("order.reroute", way), maker.op("order.cancel", {"order_id": order_id, "reason": "x"})]
    assert [one.code for one in shop.push(Stream(shop.store_id, device, device), ops, now=NOW).results] == ["", ""]
    body = {"order_id": order_id, "what": "done", "under": elsewhere.op_id}
    (told,) = shop.results(shop.maker().op("order.fulfil", body, schema_v=2))
    assert (told.code, shop.lease(lease.id).spent, on_hand(shop)) == ("left_cancelled", 0, 10)


@pytest.mark.parametrize("known", [True, False])
def test_two_tablets_put_pieces_of_one_order_aside_and_they_are_put_aside_once(known: bool) -> None:
    shop = MemoryShop()
    ahead, instrument = sold(shop, shop.maker(), "pre_order", 2), shop.instrument(9)
    leases = []
    for _ in range(2):
        maker, device = shop.maker(), new_id()
        row = shop.grant(device, instrument, 2).lease
        assert row is not None
        leases.append(row.id)
        named = row.id if known or len(leases) == 1 else new_id()
        way = {"order_id": ahead, "fulfilment": {"kind": "pick_up"}, "spends": [{"lease_id": named, "amount": 2}]}
        stream = Stream(shop.store_id, device, device)
        result = shop.push(stream, [maker.op("order.reroute", way)], now=NOW).results[0]
        assert (result.status, result.code) == ("applied", "")
    assert ([shop.lease(one).spent for one in leases], on_hand(shop)) == ([2, 0], 8)
    assert [(one.lease_id, one.amount) for one in shop.record("order", ahead).spends] == [(leases[0], 2)]


OTHER = {"kind": "pick_up", "store_id": new_id(), "at": {"en": "East"}}


def test_goods_that_left_while_another_way_was_chosen_left_and_both_hear_of_it(shop: MemoryShop) -> None:
    order_id = sold(shop, shop.maker(), "ship", 2)
    way = shop.maker().op("order.reroute", {"order_id": order_id, "fulfilment": OTHER})
    assert [(one.status, one.code) for one in shop.results(way)] == [("applied", "")]
    assert (on_hand(shop), shop.record("order", order_id).fulfilment.store_id) == (10, OTHER["store_id"])
    sent = shop.maker().op("order.fulfil", {"order_id": order_id, "what": "shipped", "under": ""}, schema_v=2)
    (told,) = shop.results(sent)
    assert (told.status, told.code, bool(told.message)) == ("applied", "way_too_late", True)
    order = shop.record("order", order_id)
    assert (order.state, order.fulfilment.kind, order.fulfilment.store_id) == ("shipped", "ship", "")
    assert (order.fulfilment.repair, on_hand(shop)) == ("way_too_late", 8)
    here = {"order_id": order_id, "what": "undo", "undoes": sent.op_id}
    assert [one.code for one in shop.results(shop.maker().op("order.fulfil", here, schema_v=2))] == [""]
    order = shop.record("order", order_id)
    assert (order.state, order.fulfilment.store_id, order.fulfilment.repair) == ("accepted", OTHER["store_id"], "")
    assert on_hand(shop) == 10


def test_another_way_that_comes_behind_the_goods_is_told_so(shop: MemoryShop) -> None:
    order_id = sold(shop, shop.maker(), "ship", 2)
    sent = shop.maker().op("order.fulfil", {"order_id": order_id, "what": "shipped", "under": ""}, schema_v=2)
    assert [one.code for one in shop.results(sent)] == [""]
    way = shop.maker().op("order.reroute", {"order_id": order_id, "fulfilment": OTHER})
    assert [(one.status, one.code) for one in shop.results(way)] == [("applied", "way_too_late")]
    gone = {"order_id": order_id, "what": "undo", "undoes": way.op_id}
    assert [one.code for one in shop.results(shop.maker().op("order.fulfil", gone, schema_v=2))] == [""]
    order = shop.record("order", order_id)
    assert (order.state, order.fulfilment.store_id, order.fulfilment.repair) == ("shipped", "", "")
    assert on_hand(shop) == 8


def test_pieces_put_aside_for_a_way_that_was_none_are_the_lease_s_again() -> None:
    shop = MemoryShop()
    order_id = sold(shop, shop.maker(), "ship", 2)
    elsewhere = shop.maker().op("order.reroute", {"order_id": order_id, "fulfilment": OTHER})
    assert shop.results(elsewhere)[0].code == ""
    instrument = stock_instrument(shop.store_id, shop.product_id)
    maker, device = shop.maker(), new_id()
    lease = shop.grant(device, instrument, 2, product_id=shop.product_id).lease
    assert lease is not None
    way = {"order_id": order_id, "fulfilment": {"kind": "pick_up"}, "spends": [{"lease_id": lease.id, "amount": 2}]}
    back = maker.op("order.reroute", way)
    assert shop.push(Stream(shop.store_id, device, device), [back], now=NOW).results[0].code == ""
    assert (shop.lease(lease.id).spent, on_hand(shop)) == (2, 8)
    body = {"order_id": order_id, "what": "done", "under": elsewhere.op_id}
    assert shop.results(shop.maker().op("order.fulfil", body, schema_v=2))[0].code == "way_too_late"
    order = shop.record("order", order_id)
    assert (order.fulfilment.store_id, order.state, order.spends) == (OTHER["store_id"], "delivered", ())
    assert (shop.lease(lease.id).spent, on_hand(shop)) == (0, 10), "they left the other shop, and only that one"
