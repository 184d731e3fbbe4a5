"""HQ's people move the goods of an order on, or send them another way, in the console."""

from __future__ import annotations

from typing import Any

import pytest

from tests import shop as shops
from tests.integration.test_hq_sync import Hq, hq
from tests.ops import body_of, new_id

__all__ = ["hq"]
"""The fixture of a served HQ."""

TO = {"name": "Li Na", "phone": "+8613800000001", "address": "1 River Road"}


def _order(hq: Hq) -> Any:
    """An order of two pieces, paid, that the shop sends, and what the console calls it."""
    from hq.orders.models import Order

    tablet = hq.tablet()
    maker = tablet.maker
    body = body_of(maker.order([(hq.chain.product_ids[0], 2, shops.PRICES[0])], hq.chain.list_id))
    maker.next_seq = 1
    placed = maker.op("order.place", {**body, "fulfilment": {"kind": "ship", "to": TO}}, schema_v=3)
    leg = {"leg_id": new_id(), "method": "cash", "amount": 2 * shops.PRICES[0]}
    paid = maker.op("order.pay", {"order_id": body["order_id"], "legs": [leg]})
    assert [one.status for one in tablet.sync(placed, paid).results] == ["applied"] * 2
    return Order.objects.get(id=str(body["order_id"]))


def _client(role: str) -> Any:
    from tests.console_people import browser, person

    return browser(person("lin", role))


def _deed(order: Any, name: str) -> str:
    return f"/admin/orders/order/{order.pk}/{name}/"


def _text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def _history() -> list[tuple[str, str]]:
    from django.contrib.admin.models import LogEntry

    return list(LogEntry.objects.order_by("id").values_list("user__username", "change_message"))


@pytest.mark.expects_log  # Django logs what it refuses
def test_the_goods_are_moved_on_and_back_and_the_history_says_by_whom(hq: Hq) -> None:
    order, client = _order(hq), _client("O")
    page = _text(client.get(f"/admin/orders/order/{order.pk}/change/"))
    assert "Move the goods on" in page
    assert "on its way" in _text(client.get(_deed(order, "step")))
    assert "Done." in _text(client.post(_deed(order, "step"), {"choice": "shipped"}))
    order.refresh_from_db()
    assert (order.state, order.fulfilment["progress"]) == ("shipped", "shipped")
    assert client.get(_deed(order, "reroute")).status_code == 404, "what is out goes no other way"
    (made,) = order.fulfilment["steps"]
    assert "take back: on its way" in _text(client.get(_deed(order, "step")))
    assert "Done." in _text(client.post(_deed(order, "step"), {"choice": made["op_id"]}))
    order.refresh_from_db()
    assert (order.state, order.fulfilment.get("progress", "")) == ("paid", "")
    assert _history() == [
        ("lin", "Move the goods on: on its way"), ("lin", "Move the goods on: take back: on its way"),
    ]  # fmt: skip


def test_another_shop_of_the_region_hands_them_over_and_the_books_follow(hq: Hq) -> None:
    from hq.catalogue.models import Stock
    from hq.stores.models import Store

    other = shops.make_shop(hq.chain)
    own = Store.objects.get(id=hq.shop.store_id)
    Store.objects.filter(id=other.store_id).update(region=own.region_id)
    order, client = _order(hq), _client("O")
    books = Stock.objects.filter(store_id=own.id, product_id=hq.chain.product_ids[0])
    before = books.get().on_hand
    choice = f"pick_up:{other.store_id}"
    assert choice in _text(client.get(_deed(order, "reroute")))
    assert "Choose a way." in _text(client.post(_deed(order, "reroute"), {"choice": "pick_up:nowhere"}))
    assert "Done." in _text(client.post(_deed(order, "reroute"), {"choice": choice}))
    order.refresh_from_db()
    assert (order.fulfilment_kind, order.fulfilment["store_id"]) == ("pick_up", other.store_id)
    assert order.fulfilment["to"]["name"] == "Li Na"
    assert books.get().on_hand == before + 2
    ((who, said),) = _history()
    assert (who, said.startswith("Another way for the goods: picked up · ")) == ("lin", True)
    assert "Done." in _text(client.post(_deed(order, "reroute"), {"choice": "ship:here"}))
    assert books.get().on_hand == before


@pytest.mark.expects_log  # Django logs what it refuses
def test_nobody_without_the_right_moves_anything(hq: Hq) -> None:
    order, client = _order(hq), _client("A")
    assert "Move the goods on" not in _text(client.get(f"/admin/orders/order/{order.pk}/change/"))
    assert client.post(_deed(order, "step"), {"choice": "shipped"}).status_code == 403
    assert client.post(_deed(order, "reroute"), {"choice": "pick_up:here"}).status_code == 403
    order.refresh_from_db()
    assert (order.state, order.fulfilment.get("steps", []), _history()) == ("paid", [], [])


def test_a_step_that_somebody_else_did_meanwhile_is_offered_no_more(hq: Hq) -> None:
    order, client = _order(hq), _client("O")
    for told in ("Done.", "Choose a step."):
        assert told in _text(client.post(_deed(order, "step"), {"choice": "picking"}))
    order.refresh_from_db()
    assert len(order.fulfilment["steps"]) == 1


def test_goods_that_left_while_hq_chose_another_way_are_settled_in_the_console(hq: Hq) -> None:
    from hq.catalogue.models import Stock
    from hq.stores.models import Store

    other = shops.make_shop(hq.chain)
    own = Store.objects.get(id=hq.shop.store_id)
    Store.objects.filter(id=other.store_id).update(region=own.region_id)
    order, client = _order(hq), _client("O")
    books = Stock.objects.filter(store_id=own.id, product_id=hq.chain.product_ids[0])
    before = books.get().on_hand
    assert "Done." in _text(client.post(_deed(order, "reroute"), {"choice": f"pick_up:{other.store_id}"}))
    tablet = hq.tablet()
    sent = tablet.maker.op("order.fulfil", {"order_id": str(order.pk), "what": "shipped", "under": ""}, schema_v=2)
    (told,) = tablet.sync(sent).results
    assert (told.status, told.code) == ("applied", "way_too_late")
    order.refresh_from_db()
    assert (order.state, order.fulfilment_kind, order.fulfilment_repair) == ("shipped", "ship", "way_too_late")
    assert books.get().on_hand == before
    page = _text(client.get(f"/admin/orders/order/{order.pk}/change/"))
    assert "had left before another way was chosen" in page
    assert "they left: the way chosen later does not count" in _text(client.get(_deed(order, "step")))
    (late,) = (one["op_id"] for one in order.fulfilment["steps"] if one["what"] == "chosen")
    assert "Done." in _text(client.post(_deed(order, "step"), {"choice": late}))
    order.refresh_from_db()
    assert (order.state, order.fulfilment_repair, books.get().on_hand) == ("shipped", "", before)
