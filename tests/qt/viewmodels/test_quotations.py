"""Quotations on the screen, over a real store: made in two taps, found, an order in one tap, priced anew, void."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guide_app.domain.leases import stock_instrument
from guide_app.domain.records import Order, Price
from guide_app.operations.quotations import QuoteTake, TakeQuote
from guide_app.services.ports.writing import Draft
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import LIST, PRODUCTS, place
from ui.viewmodels.soon import UNDO_MS

pytestmark = pytest.mark.asyncio


async def filled(shop: OnStore, *, member: bool = True) -> str:
    """Two pieces in the open basket, for a member; who that is."""
    who = await signed_up(shop.do) if member else ""
    shop.order.enter({"memberId": who})
    shop.order.add(PRODUCTS[0], 2)
    await shop.settle()
    return who


async def quoted(shop: OnStore, days: int | None = None) -> Any:
    """The page with a quotation that has just been made, for so many days from today."""
    shop.quote.enter({})
    await shop.settle()
    if days is not None:
        shop.quote.chooseDay((shop.bench.clock.now() + timedelta(days=days)).date().isoformat())
    shop.quote.save()
    shop.quote.save()
    await shop.settle()
    page, arguments = shop.heard.pages[-1]
    assert page == "Quotations"
    shop.quotations.enter(arguments)
    await shop.settle()
    return shop.quotations


async def dearer(shop: OnStore) -> None:
    (row,) = shop.bench.sql("SELECT id FROM price WHERE product = ?", PRODUCTS[0])
    shop.bench.hq.publish("price", row[0], Price(list=LIST, product=PRODUCTS[0], amount=1500))
    await shop.bench.drain()
    await shop.settle()


async def test_a_basket_is_a_quotation_in_two_taps(shop: OnStore) -> None:
    await filled(shop)
    shop.order.makeQuotation()
    assert shop.heard.sheets[-1][0] == "Quote"
    shop.quote.enter({})
    await shop.settle()
    assert (shop.quote.total, shop.quote.ready, shop.quote.without) == ("¥20", True, "")
    assert [row.label for row in shop.quote.days.rows] == ["7 day(s)", "14 day(s)", "30 day(s)", "90 day(s)"]
    assert [row.selected for row in shop.quote.days.rows] == [False, True, False, False]
    page = await quoted(shop)
    assert shop.do.outbox().count("quote.make") == 1, "a second tap does nothing"
    assert (page.memberName, page.total, page.isOpen, page.ended) == ("陈静", "¥20", True, False)
    assert page.standing.startswith("until ")
    assert shop.order.empty
    assert [row.amount for row in page.lines.rows] == ["¥20"]
    assert page.waiting


async def test_a_day_is_typed(shop: OnStore) -> None:
    await filled(shop, member=False)
    shop.quote.enter({})
    await shop.settle()
    shop.quote.typeDay("nonsense")
    assert (bool(shop.quote.problem), shop.quote.ready) == (True, False)
    shop.quote.typeDay("12-24")
    assert (shop.quote.problem, shop.quote.ready) == ("", True)
    assert shop.quote.untilWords == "The price holds until Thursday 24 December"
    page = await quoted(shop, 0)
    assert (page.standing, page.memberName) == ("ends today", "no member")


async def test_one_tap_makes_it_an_order_at_the_promised_price(shop: OnStore) -> None:
    await filled(shop)
    page = await quoted(shop)
    placed: list[str] = []
    page.placed.connect(placed.append)
    await dearer(shop)
    page.makeOrder()
    page.makeOrder()
    await shop.settle()
    assert shop.do.outbox().count("order.place") == 1, "a second tap places nothing"
    name, arguments = shop.heard.pages[-1]
    assert (name, [arguments["orderId"]]) == ("Orders", placed)
    order: Order = await shop.do.hq_has("order", placed[0])
    assert order.totals.total == 2000
    await shop.settle()
    assert (page.isOpen, page.orderId, page.standing) == (False, placed[0], "became an order")
    page.openOrder()
    assert shop.heard.pages[-1] == ("Orders", {"orderId": placed[0]})


async def sent_later(shop: OnStore, free: int) -> Any:
    """The page with a quotation whose goods are picked up; so many pieces are free."""
    shop.do.lender.free[stock_instrument(shop.bench.hq.store_id, PRODUCTS[0]).id] = free
    await filled(shop)
    shop.reach.enter({})
    await shop.settle()
    shop.reach.choose("pick_up")
    shop.reach.save()
    await shop.settle()
    return await quoted(shop)


async def test_the_way_of_the_goods_is_shown_and_the_order_takes_it(shop: OnStore) -> None:
    page = await sent_later(shop, 2)
    assert (page.reach, page.recipient) == ("Pick up later", "陈静 · 138****0001")
    placed: list[str] = []
    page.placed.connect(placed.append)
    page.makeOrder()
    await shop.settle()
    order: Order = await shop.do.hq_has("order", placed[0])
    assert (order.fulfilment.kind, [one.amount for one in order.spends]) == ("pick_up", [2])


async def test_a_way_that_is_no_longer_possible_is_asked_for_in_words_and_the_price_stays(shop: OnStore) -> None:
    page = await sent_later(shop, 1)
    await dearer(shop)
    page.makeOrder()
    await shop.settle()
    assert "order.place" not in shop.do.outbox()
    assert shop.heard.said[-1].startswith("Not all of it is free in this shop.")
    name, arguments = shop.heard.sheets[-1]
    assert (name, set(arguments)) == ("Reach", {"quotationId"})
    shop.reach.enter(arguments)
    await shop.settle()
    assert (shop.reach.kind, shop.reach.name) == ("pick_up", "陈静")
    shop.reach.save()
    await shop.settle()
    assert "order.place" not in shop.do.outbox(), "it is still not possible, and the sheet stays"
    shop.reach.choose("take_away")
    shop.reach.choose("take_away")
    await shop.settle()
    assert shop.do.outbox().count("order.place") == 1
    name, arguments = shop.heard.pages[-1]
    order: Order = await shop.do.hq_has("order", arguments["orderId"])
    assert (name, order.fulfilment.kind, order.totals.total) == ("Orders", "take_away", 2000)
    assert order.quotation_id


async def test_after_its_time_its_goods_are_priced_by_today_and_what_changed_is_said(shop: OnStore) -> None:
    await filled(shop)
    page = await quoted(shop, 0)
    await dearer(shop)
    shop.bench.clock.advance(24 * 3600)
    page.enter({"quotationId": page.found.rows[0].key})
    await shop.settle()
    assert (page.ended, page.standing.startswith("ended on")) == (True, True)
    page.makeOrder()
    await shop.settle()
    assert shop.heard.pages[-1][0] == "Order"
    assert shop.order.priceNews[0] == "The price has changed: ¥30 instead of ¥20"
    shop.order.place()
    shop.bench.clock.advance(5)
    shop.order.place()
    await shop.settle()
    (row,) = await shop.bench.store.quotations.list(today="2026-11-22")
    assert (row.quotation.state, shop.do.outbox().count("quote.take")) == ("ordered", 1)


async def test_another_tablet_was_first_and_the_guide_is_told_and_sells_on(shop: OnStore) -> None:
    await filled(shop, member=False)
    page = await quoted(shop, 0)
    quotation_id, first = page.found.rows[0].key, uuid()
    shop.bench.clock.advance(24 * 3600)
    page.makeOrder()
    await shop.settle()
    taken = Draft(kind=QuoteTake.kind, body=TakeQuote(quotation_id=quotation_id, order_id=first))
    await shop.bench.do(place(first, [(PRODUCTS[0], 2)]), taken)
    await shop.settle()
    shop.order.place()
    await shop.settle()
    assert shop.heard.problems == ["quotation_ordered"]
    shop.order.place()
    await shop.settle()
    assert shop.do.outbox().count("order.place") == 2, "a sale is never lost"


async def test_it_is_taken_back_with_a_reason(shop: OnStore) -> None:
    await filled(shop)
    page = await quoted(shop)
    page.askBack()
    assert [row.label for row in page.reasons.rows][-1] == "Made by mistake"
    page.takeBack("nonsense")
    page.takeBack("mistake")
    await shop.settle()
    assert (page.isOpen, page.standing, shop.do.outbox().count("quote.void")) == (False, "is being taken back", 0)
    page.makeOrder()
    await shop.settle()
    assert shop.do.outbox().count("quote.take") == 0, "no order comes of what is being taken back"
    assert shop.heard.undo is not None
    shop.heard.undo()
    assert (page.isOpen, page.takingBack, page._soon.waiting) == (True, False, {})
    page.takeBack("mistake")
    for timer in list(page._soon.waiting.values()):
        assert timer.interval() == UNDO_MS
        timer.timeout.emit()
    await shop.settle()
    assert shop.do.outbox().count("quote.void") == 1
    assert (page.isOpen, page.standing, page.takingBack) == (False, "taken back", False)
    page.setFilter("open")
    await shop.settle()
    assert page.nothing


async def test_locking_within_the_undo_leaves_the_quotation_as_it_was(shop: OnStore) -> None:
    await filled(shop)
    page = await quoted(shop)
    page.takeBack("mistake")
    shop.do.session.lock()
    await shop.settle()
    assert (page._soon.waiting, shop.do.outbox().count("quote.void")) == ({}, 0)


async def test_it_is_found_by_a_scan_on_the_member_s_page_and_on_the_morning_s(shop: OnStore) -> None:
    who = await filled(shop)
    page = await quoted(shop, 2)
    shop.ending.open()
    await shop.settle()
    assert [row.person for row in shop.ending.found.rows] == ["陈静"]
    shop.ending.show(shop.ending.found.rows[0].key)
    assert shop.heard.pages[-1] == ("Quotations", {"quotationId": page.found.rows[0].key})
    shop.members.enter({"memberId": who})
    await shop.settle()
    entry = next(row for row in shop.members.timeline.rows if row.kind == "quotation")
    assert (entry.title, entry.opens) == ("Quotation ¥20", page.found.rows[0].key)
    shop.members.openQuotation(entry.opens)
    assert shop.heard.pages[-1] == ("Quotations", {"quotationId": entry.opens})
    page.search(page.code)
    await shop.settle()
    assert len(page.found.rows) == 1
    page.search("nobody")
    await shop.settle()
    assert page.nothing


async def test_its_paper_is_headed_as_what_it_is(shop: OnStore) -> None:
    await filled(shop)
    page = await quoted(shop)
    page.showPaper()
    name, arguments = shop.heard.sheets[-1]
    assert name == "Receipt"
    shop.receipt.enter(arguments)
    await shop.settle()
    assert (shop.receipt.title, shop.receipt.copy) == ("Quotation", False)
    texts = [row.text for row in shop.receipt.paper.rows]
    assert "报价单" in texts
    assert page.code in texts, "the code that a scanner reads"
    with shop.chinese(page, shop.receipt):
        await shop.settle()
        assert shop.receipt.title == "报价单"
        assert page.standing.startswith("有效期至")


async def test_nothing_of_a_guide_s_stays_for_the_next(shop: OnStore) -> None:
    await filled(shop)
    page = await quoted(shop)
    shop.do.session.lock()
    await shop.settle()
    assert (page.chosen, list(page.found.rows), shop.ending.count) == (False, [], 0)
