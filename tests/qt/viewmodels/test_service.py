"""Promises and tickets as a guide works with them: over the real store, each in few taps, each taken back in one."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.qt.viewmodels.fakes import field_rows
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.guide_app.services.kit import OTHER, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, place
from ui.viewmodels.service_figures import ServiceFiguresViewModel
from ui.viewmodels.service_words import ServiceReaders

pytestmark = pytest.mark.asyncio


async def undone(shop: OnStore) -> None:
    """The undo of the last toast is tapped."""
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()


def names(model: Any, field: str) -> list[Any]:
    return [row[field] for row in field_rows(model)]


async def test_a_promise_takes_two_taps_from_the_profile_and_stands_for_every_guide(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    shop.members.enter({"memberId": who})
    shop.members.service.show(who)
    await shop.settle()
    assert shop.members.service.nothing
    shop.members.service.promises.make()
    assert shop.heard.sheets[-1] == ("MakePromise", {"memberId": who})
    sheet = shop.make_promise
    sheet.enter({"memberId": who})
    await shop.settle()
    assert (sheet.memberName, sheet.ready) == ("陈静", True)
    sheet.save()
    await shop.settle()
    assert names(shop.members.service.promises.promises, "what") == ["Hold it back"]
    assert not shop.members.service.nothing
    await shop.signed_in(OTHER)
    shop.promises.show("")
    await shop.settle()
    (line,) = field_rows(shop.promises.promises)
    assert (line["name"], line["when"], line["late"], line["waiting"]) == ("陈静", "Tomorrow", False, True)
    assert "promised by" in line["detail"]
    await shop.reopen()
    shop.promises.show("")
    await shop.settle()
    assert names(shop.promises.promises, "name") == ["陈静"], "a kill of the app forgets no promise"


async def test_a_promise_about_a_product_says_which_and_how_many(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    sheet = shop.make_promise
    sheet.enter({"memberId": who, "productId": PRODUCTS[0]})
    await shop.settle()
    sheet.choose("call")
    sheet.choose("nonsense")
    sheet.chooseDay(names(sheet.days, "key")[3])
    sheet.search("p")
    await shop.settle()
    assert sheet.hasProduct
    sheet.setQuantity(2)
    sheet.setQuantity(0)
    assert sheet.quantity == 1
    sheet.setQuantity(2)
    sheet.setWords("the blue one")
    sheet.save()
    sheet.save()
    await shop.settle()
    shop.promises.show(who)
    await shop.settle()
    (line,) = field_rows(shop.promises.promises)
    assert (line["what"], "× 2" in line["detail"], "the blue one" in line["detail"]) == (
        "Call when it arrives", True, True,
    )  # fmt: skip
    await undone(shop)
    assert names(shop.promises.promises, "key") == []


@pytest.mark.parametrize(
    ("what", "said"), [("kept", "Promise kept"), ("broken", "Promise not kept"), ("dropped", "No longer wanted")]
)
async def test_a_promise_is_settled_in_one_tap_and_that_is_taken_back(shop: OnStore, what: str, said: str) -> None:
    who = await signed_up(shop.do)
    await shop.do.service.promise(who, "hold", "2026-11-20", "")
    shop.promises.show("")
    await shop.settle()
    (line,) = field_rows(shop.promises.promises)
    assert (line["late"], line["when"], shop.promises.late) == (True, "1 day(s) late", 1)
    shop.promises.settle(line["key"], "nonsense")
    shop.promises.settle(line["key"], what)
    await shop.settle()
    assert (shop.promises.count, shop.heard.said[-1]) == (0, said)
    counted = {"kept": "0 kept · 1 late · 0 not kept", "broken": "0 kept · 0 late · 1 not kept", "dropped": ""}
    assert (shop.promises.myWord, shop.promises.shopWord) == (counted[what], counted[what])
    await undone(shop)
    assert shop.promises.count == 1
    shop.promises.person(line["key"])
    assert shop.heard.pages[-1] == ("Members", {"memberId": who})


async def test_a_ticket_is_raised_and_marks_the_member_everywhere(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    shop.members.enter({"memberId": who})
    shop.members.service.show(who)
    await shop.settle()
    shop.members.service.raiseTicket()
    assert shop.heard.sheets[-1] == ("RaiseTicket", {"memberId": who})
    sheet = shop.raise_ticket
    sheet.enter({"memberId": who})
    await shop.settle()
    assert (sheet.ready, names(sheet.hands, "label")[0]) == (False, "I take it")
    sheet.choose("complaint")
    sheet.setWords("the zip")
    sheet.give(OTHER)
    assert sheet.ready
    sheet.save()
    await shop.settle()
    (ticket,) = field_rows(shop.members.service.tickets)
    assert (ticket["what"], ticket["standing"], ticket["tone"]) == ("Complaint", "Open · Li Wei", "bad")
    assert names(shop.members.found, "tickets") == [1]
    shop.order.setMember(who)
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id=who))
    shop.orders.enter({"orderId": order_id})
    await shop.do.service.promise(who, "hold", "2026-11-20", "")
    shop.promises.show("")
    for sheet in (shop.talk, shop.make_promise, shop.raise_ticket):
        sheet.enter({"memberId": who})
    await shop.settle()
    marked = (shop.order, shop.orders, shop.talk, shop.make_promise, shop.raise_ticket)
    assert [page.memberTickets for page in marked] == [1] * 5
    assert (shop.members.tickets, names(shop.promises.promises, "tickets")) == (1, [1])
    shop.members.service.openTicket(ticket["key"])
    assert shop.heard.pages[-1] == ("Tickets", {"ticketId": ticket["key"]})
    await undone(shop)
    assert (names(shop.members.found, "tickets"), shop.members.tickets, shop.orders.memberTickets) == ([0], 0, 0)
    assert names(shop.promises.promises, "tickets") == [0]
    assert names(shop.members.service.tickets, "key") == []


async def test_a_ticket_is_worked_on_step_by_step_each_with_an_undo(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    done = await shop.do.service.raise_ticket(who, "after_sale", "the zip", product_id=PRODUCTS[0])
    page = shop.tickets
    page.enter({"ticketId": done.row_id})
    await shop.settle()
    assert (page.chosen, page.memberName, page.kindWords, page.words) == (True, "陈静", "After-sale", "the zip")
    assert page.about
    for act, told, standing in (
        (page.give, OTHER, "Open · Li Wei"),
        (page.note, "asked the tailor", "Open · Li Wei"),
        (page.solve, "a new zip", "Solved"),
        (page.rate, 5, "Solved"),
    ):
        act(told)
        await shop.settle()
        assert page.standing == standing
    assert (page.solved, page.rating) == (True, 5)
    assert [step["icon"] for step in field_rows(page.steps)] == [
        "star", "circle-check", "sticky-note", "user-check", "flag",
    ]  # fmt: skip
    await undone(shop)
    assert (page.rating, [step["undone"] for step in field_rows(page.steps)].count(True)) == (0, 1)
    page.reopen()
    await shop.settle()
    assert page.standing == "Open · Li Wei"
    page.note("   ")
    page.rate(9)
    page.give(OTHER)
    await shop.settle()
    assert len(field_rows(page.steps)) == 6
    page.openMember()
    assert shop.heard.pages[-1] == ("Members", {"memberId": who})


async def test_tickets_are_filtered_and_found(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    mine = await shop.do.service.raise_ticket(who, "question", "")
    theirs = await shop.do.service.raise_ticket(who, "praise", "", to=OTHER)
    row = await shop.bench.store.service.ticket(theirs.row_id)
    assert row is not None
    over = await shop.do.service.raise_ticket(who, "complaint", "")
    solved = await shop.bench.store.service.ticket(over.row_id)
    assert solved is not None
    await shop.do.service.step(solved, "solve")
    page = shop.tickets
    page.enter({})
    await shop.settle()

    def shown() -> set[str]:
        return set(names(page.found, "key"))

    assert shown() == {mine.row_id, theirs.row_id}
    assert names(page.filters, "label") == ["Open 2", "Mine 1", "All"]
    page.setFilter("mine")
    await shop.settle()
    assert shown() == {mine.row_id}
    page.setFilter("all")
    await shop.settle()
    assert shown() == {mine.row_id, theirs.row_id, over.row_id}
    page.search(row.ticket.number)
    await shop.settle()
    assert shown() == {theirs.row_id}
    page.search("nobody")
    await shop.settle()
    assert page.nothing


async def test_a_step_that_came_too_late_is_told_and_changes_nothing(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    done = await shop.do.service.raise_ticket(who, "question", "")
    shop.tickets.enter({"ticketId": done.row_id})
    await shop.settle()
    shop.tickets.solve("")
    shop.tickets.solve("")
    await shop.settle()
    assert shop.heard.problems == ["moved_on"]
    assert shop.tickets.solved


async def test_another_guide_finds_nothing_of_the_last_one(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    done = await shop.do.service.raise_ticket(who, "question", "")
    shop.tickets.enter({"ticketId": done.row_id})
    shop.raise_ticket.enter({"memberId": who})
    shop.make_promise.enter({"memberId": who})
    await shop.settle()
    await shop.signed_in(OTHER)
    assert (shop.tickets.chosen, shop.raise_ticket.memberName, shop.make_promise.memberName) == (False, "", "")
    assert names(shop.tickets.found, "key") == []


async def test_a_guide_sees_the_shop_and_themselves_and_a_manager_everybody(shop: OnStore) -> None:
    who = await signed_up(shop.do)
    await shop.do.service.promise(who, "hold", "2026-11-20", "")
    for to, rating in (("", 5), ("", 4), (OTHER, 0)):
        done = await shop.do.service.raise_ticket(who, "question", "", to=to)
        for what in ("solve", "rate") if rating else ():
            row = await shop.bench.store.service.ticket(done.row_id)
            assert row is not None
            await shop.do.service.step(row, "solve" if what == "solve" else "rate", rating=rating * (what == "rate"))
    store = shop.bench.store
    readers = ServiceReaders(service=store.service, catalogue=store.catalogue, shop=store.shop)
    sheet: Any = ServiceFiguresViewModel(shop.talk.desk, shop.do.service, readers, shop.do.session)
    shop.tickets.figures()
    assert shop.heard.sheets[-1] == ("ServiceFigures", {})

    async def lines() -> list[tuple[str, str, str]]:
        sheet.enter({})
        await shop.settle()
        return [(row["name"], row["promises"], row["tickets"]) for row in field_rows(sheet.lines)]

    mine = ("王芳", "0 kept · 1 late · 0 not kept", "0 open · 2 solved · 4.5 of 5 from the customers")
    shops = ("The whole shop", "0 kept · 1 late · 0 not kept", "1 open · 2 solved · 4.5 of 5 from the customers")
    assert await lines() == [shops, mine]
    staff = {row.id: row.staff for row in await store.shop.staff()}
    shop.bench.hq.publish("staff", OTHER, replace(staff[OTHER], role="manager"))
    await shop.bench.drain()
    await shop.signed_in(OTHER)
    assert sheet.lines.rowCount() == 0, "nothing of the last guide's"
    assert await lines() == [shops, ("Li Wei", "", "1 open · 0 solved"), mine, ("赵敏", "", "")]
    with shop.chinese(sheet):
        await shop.settle()
        assert names(sheet.lines, "name")[0] == "本店全部"
    sheet.close()
    assert shop.heard.sheets[-1] == ("", {})
