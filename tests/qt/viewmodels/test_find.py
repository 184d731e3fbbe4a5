"""Search from every page, over a real store: groups, keys, and what each row opens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, place
from ui.viewmodels.find import FindViewModel
from ui.viewmodels.service_words import ServiceReaders
from ui.viewmodels.shortcuts import KeysViewModel

pytestmark = pytest.mark.asyncio


def finder(shop: OnStore) -> Any:
    store = shop.bench.store
    readers = ServiceReaders(service=store.service, catalogue=store.catalogue, shop=store.shop)
    return FindViewModel(
        shop.talk.desk, shop.slow_members, shop.slow_orders, shop.do.quotations, readers, shop.do.session
    )


async def asked(shop: OnStore, model: Any, text: str) -> list[tuple[str, str, bool]]:
    model.enter({"text": text})
    await shop.settle()
    return [(row.kind, row.heading, row.selected) for row in model.found.rows]


async def test_members_and_their_orders_are_found_in_groups(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id=member_id))
    model = finder(shop)
    assert await asked(shop, model, "陈静") == [("member", "Members", True), ("order", "Orders", False)]
    model.move(1)
    model.move(1)
    assert model.marked == 1, "the last row is the last"
    model.accept()
    model.move(-5)
    model.accept()
    assert shop.heard.pages == [("Orders", {"orderId": order_id}), ("Members", {"memberId": member_id})]


async def test_a_quotation_is_found_by_its_number_and_by_its_member(shop: OnStore) -> None:
    shop.order.enter({"memberId": await signed_up(shop.do)})
    shop.order.add(PRODUCTS[0], 2)
    await shop.settle()
    shop.quote.enter({})
    await shop.settle()
    shop.quote.save()
    await shop.settle()
    (quotation,) = await shop.bench.store.quotations.list(today=await shop.do.quotations.today())
    model = finder(shop)
    assert await asked(shop, model, quotation.quotation.number) == [("quotation", "Quotations", True)]
    assert await asked(shop, model, "陈静") == [("member", "Members", True), ("quotation", "Quotations", False)]
    assert "¥20" in model.found.rows[1].detail
    model.choose(model.found.rows[1].key)
    assert shop.heard.pages[-1] == ("Quotations", {"quotationId": quotation.id})


async def test_a_product_is_shown_where_it_can_be_sold(shop: OnStore) -> None:
    model = finder(shop)
    row = (await shop.bench.store.catalogue.search("", limit=1))[0]
    found = await asked(shop, model, row.product.names.en)
    assert ("product", "Products", True) in found
    model.accept()
    assert shop.heard.pages == [("Order", {"text": row.product.names.en})]


async def test_a_ticket_is_found_by_its_number_its_member_and_what_it_says(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    raised = await shop.do.service.raise_ticket(member_id, "after_sale", "the zip of the blue coat")
    row = await shop.bench.store.service.ticket(raised.row_id)
    assert row is not None
    model = finder(shop)
    alone = [("ticket", "Tickets", True)]
    assert await asked(shop, model, "blue zip") == alone
    assert await asked(shop, model, row.ticket.number) == alone
    (line,) = model.found.rows
    assert line.tickets == 0, "the ticket says it itself"
    assert (line.title, "陈静" in line.detail, "Open" in line.detail) == ("After-sale", True, True)
    assert await asked(shop, model, "chenjing") == [("member", "Members", True), ("ticket", "Tickets", False)]
    assert [line.tickets for line in model.found.rows] == [1, 0]
    model.move(1)
    model.accept()
    assert shop.heard.pages == [("Tickets", {"ticketId": raised.row_id})]


async def test_who_is_not_found_is_signed_up_with_the_phone_that_was_typed(shop: OnStore) -> None:
    model = finder(shop)
    assert await asked(shop, model, "") == []
    assert not model.nothing, "nothing was asked for yet"
    assert await asked(shop, model, "13912349999") == []
    assert model.nothing
    model.accept()
    model.signUp()
    await asked(shop, model, "nobody")
    model.signUp()
    assert shop.heard.pages == [("SignUp", {"phone": "13912349999"}), ("SignUp", {"phone": ""})]


async def test_the_last_question_counts_and_nothing_stays_for_the_next_guide(shop: OnStore) -> None:
    await signed_up(shop.do)
    model = finder(shop)
    gate = shop.slow_members.hold("search")
    model.search("陈静")
    await shop.until_held()
    model.search("zzzz")
    gate.set()
    await shop.settle()
    assert (model.found.rows, model.nothing) == ((), True)
    await asked(shop, model, "陈静")
    shop.do.session.lock()
    assert (model.found.rows, model.text, model.nothing) == ((), "", False)
    await shop.signed_in(OTHER)
    model.accept()
    assert shop.heard.pages == []


async def test_the_keys_are_named_in_both_languages(shop: OnStore) -> None:
    model: Any = KeysViewModel(shop.talk.desk)
    english = [row.label for row in model.keys.rows]
    with shop.chinese(model):
        assert not set(english) & {row.label for row in model.keys.rows}
    model.close()
    assert shop.heard.sheets == [("", {})]
