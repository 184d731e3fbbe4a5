"""The sheet of whose sale an order is, over a real store."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.records import Staff
from guide_app.services.ports.shop import StaffRow
from tests.qt.viewmodels.on_store import GUIDE, OTHER, OnStore
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, place

pytestmark = pytest.mark.asyncio


async def opened(shop: OnStore, lines: int = 2, *, manager: bool = True) -> Any:
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[n], 1) for n in range(lines)]))
    role: Any = "manager" if manager else "guide"
    shop.do.session.guide = StaffRow(id=GUIDE, staff=Staff(name="王芳", staff_no="01", role=role))
    await again(shop, order_id)
    return shop.reshare


async def again(shop: OnStore, order_id: str) -> None:
    shop.reshare.enter({"orderId": order_id})
    await shop.settle()


def parts(model: Any) -> list[tuple[str, str]]:
    return [(row.name, row.percent) for row in model.parts.rows]


async def test_a_line_is_shared_with_a_colleague_and_the_trail_says_so(shop: OnStore) -> None:
    model = await opened(shop)
    assert (model.may, model.ready, parts(model)) == (True, False, [("王芳", "100 %")])
    assert model.orderWords.endswith("· 王芳 ¥20")
    model.chooseLine(model.lines.rows[2].key)
    model.toggle(OTHER)
    model.chooseReason("helped")
    assert parts(model) == [("王芳", "50 %"), ("Li Wei", "50 %")]
    model.step(OTHER, -1)
    model.step(uuid(), 1)
    assert (parts(model), model.ready) == ([("王芳", "55 %"), ("Li Wei", "45 %")], True)
    model.save()
    assert not model.ready, "a second tap does nothing"
    await shop.settle()
    assert shop.heard.said[-1].startswith("Whose sale")
    (order,) = await shop.bench.store.orders.list()
    await again(shop, order.id)
    assert model.orderWords.endswith("· 王芳 ¥15.50, Li Wei ¥4.50")
    (row,) = model.trail.rows
    assert row.title == "王芳 55 % and Li Wei 45 %, before: 王芳 100 %"
    assert row.detail.endswith("by 王芳, allowed by 王芳 · A colleague helped")
    with shop.chinese(model):
        assert model.reasons.rows[0].label == "同事协助成交"


async def test_somebody_always_has_it_and_what_is_as_it_was_needs_no_saving(shop: OnStore) -> None:
    model = await opened(shop, 1)
    assert model.lines.rows == (), "of one line there is nothing to choose"
    model.chooseReason("nonsense")
    model.chooseReason("other")
    model.toggle(GUIDE)
    assert parts(model) == [("王芳", "100 %")]
    assert not model.ready
    model.toggle(OTHER)
    model.toggle(GUIDE)
    assert (parts(model), model.ready) == ([("Li Wei", "100 %")], True)
    shop.do.session.lock()
    assert (model.orderWords, model.ready, model.parts.rows) == ("", False, ()), "nothing stays for the next guide"


async def test_a_guide_who_is_no_manager_sees_it_and_changes_nothing(shop: OnStore) -> None:
    model = await opened(shop, manager=False)
    model.toggle(OTHER)
    model.chooseReason("helped")
    assert (model.may, model.ready) == (False, False)
    model.save()
    await shop.settle()
    assert "order.reshare" not in shop.do.outbox()
    model.close()
    assert shop.heard.sheets[-1] == ("", {})


async def test_the_order_s_page_opens_it(shop: OnStore) -> None:
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 1)]))
    shop.orders.showShares()
    shop.orders.open(order_id)
    await shop.settle()
    shop.orders.showShares()
    assert shop.heard.sheets == [("Reshare", {"orderId": order_id})]


async def test_a_basket_is_shared_before_it_is_an_order(shop: OnStore) -> None:
    shop.order.showShares()
    assert shop.heard.sheets == [], "of an empty basket there is nothing to share"
    for product in PRODUCTS[:2]:
        shop.order.add(product, 1)
    await shop.settle()
    shop.order.showShares()
    assert shop.heard.sheets == [("BasketShares", {})]
    sheet = shop.basket_shares
    sheet.enter({})
    await shop.settle()
    assert (parts(sheet), len(sheet.lines.rows), shop.order.shared) == ([("王芳", "100 %")], 3, False)
    sheet.toggle(OTHER)
    sheet.save()
    sheet.chooseLine(sheet.lines.rows[2].key)
    sheet.toggle(OTHER)
    sheet.toggle(GUIDE)
    await shop.settle()
    sheet.chooseLine(sheet.lines.rows[2].key)
    assert parts(sheet) == [("王芳", "50 %"), ("Li Wei", "50 %")], "a line says what the basket says"
    sheet.toggle(GUIDE)
    sheet.save()
    await shop.settle()
    assert shop.order.shared
    await shop.reopen()
    shop.order.open()
    await shop.settle()
    shop.order.place()
    await shop.settle()
    (row,) = await shop.bench.store.orders.list()
    assert [[(one.guide_id, one.share) for one in line.guide_shares] for line in row.order.lines] == [
        [(GUIDE, 5_000), (OTHER, 5_000)], [(OTHER, 10_000)],
    ]  # fmt: skip
    assert row.order.reshares == (), "it was so from the beginning"
