"""Returns to finish, over a real store: said in words, kept through lock and kill, offered when the network is back."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.records import Names
from guide_app.services.ports.chain import FoundOrder
from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.qt.viewmodels.test_orders import placed
from tests.unit.guide_app.services.test_missing_orders import NUMBER

pytestmark = pytest.mark.asyncio


async def sought(shop: OnStore, number: str = NUMBER) -> Any:
    shop.orders.enter({"missing": number})
    await shop.settle()
    return shop.missing


def shown(model: Any) -> list[tuple[str, str, str]]:
    return [(row.detail.split(":")[0].split(",")[0], row.tone, row.action) for row in model.rows.rows]


async def test_with_no_network_it_waits_and_is_offered_to_whoever_is_there_when_it_is_back(shop: OnStore) -> None:
    shop.do.order_hq.offline = True
    model = await sought(shop)
    assert shown(model) == [("It is not on this tablet", "warn", "again")]
    assert model.rows.rows[0].title == "Return to finish: order 101-AB7K-0042-" + NUMBER[-1]
    shop.do.session.lock()
    await shop.settle()
    assert (model.any, model.rows.rows) == (False, ())
    await shop.signed_in(OTHER)
    assert shown(shop.missing) == [("It is not on this tablet", "warn", "again")]
    shop.link.set(phase="offline")
    shop.do.order_hq.offline = False
    shop.do.order_hq.knows[NUMBER] = FoundOrder(store=Names(en="Shop 7", zh="七号店"))
    shop.link.set(phase="idle")
    await shop.settle()
    assert shown(shop.missing) == [("It was bought in another shop", "warn", "")]
    assert "Shop 7" in shop.heard.said[-1]
    with shop.chinese(shop.missing):
        assert "七号店" in shop.missing.rows.rows[0].detail


async def test_it_survives_a_kill_and_is_looked_for_at_the_next_sign_in(shop: OnStore) -> None:
    shop.do.order_hq.offline = True
    await sought(shop)
    await shop.reopen()
    assert shown(shop.missing) == [("HQ has no order of this number. Compare it with the receipt.", "bad", "")]
    assert shop.do.order_hq.asked == [NUMBER]


async def test_what_hq_sends_can_be_finished_and_then_goes(shop: OnStore) -> None:
    order_id = await placed(shop)
    row = await shop.bench.store.orders.get(order_id)
    assert row is not None
    model = await sought(shop, row.order.number)
    assert shown(model) == [("It is here", "good", "finish")]
    shop.bench.clock.advance(1)
    model.act(row.order.number)
    assert shop.heard.sheets[-1] == ("TakeBack", {"orderId": order_id})
    shop.take_back.enter({"orderId": order_id})
    await shop.settle()
    shop.take_back.save()
    await shop.settle()
    assert model.any is False


async def test_asked_again_and_dropped_with_a_way_back(shop: OnStore) -> None:
    shop.do.order_hq.offline = True
    model = await sought(shop)
    shop.do.order_hq.offline = False
    model.act(NUMBER)
    await shop.settle()
    assert shown(model) == [("HQ has no order of this number. Compare it with the receipt.", "bad", "")]
    model.drop(NUMBER)
    await shop.settle()
    assert model.any is False
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert [row.key for row in model.rows.rows] == [NUMBER]


async def test_what_is_no_number_is_said(shop: OnStore) -> None:
    model = await sought(shop, "4006381333931")
    assert (shop.heard.problems, model.any) == (["number_invalid"], False)
