"""Every page of a guide's work inside the frame, in every look a person may choose: no warning, no fault."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtQuick import QQuickItem
from qasync import QEventLoop

from guide_app.domain.errors import NoNetwork
from guide_app.operations.payments import OrderPay, Pay, Taken
from guide_app.services.ports.writing import Draft
from sync.remote import FileSource
from tests.qt.pictures import LANDSCAPE, PORTRAIT, Look, take
from tests.qt.walker import english, walk_through
from tests.qt.whole_app import PIN, App, app, outside
from ui.runtime.windows import load_fonts

LOOKS = [
    Look(size, language, dark=scale > 1, text_scale=scale)
    for size in (LANDSCAPE, PORTRAIT)
    for language in ("en", "zh_CN")
    for scale in (1.0, 1.3)
]
Play = Callable[[App], Coroutine[Any, Any, None]]


def played(play: Play, folder: Path, source: FileSource | None = None) -> None:
    """Runs a play on the app in Qt's own event loop."""

    async def whole() -> None:
        async with app(folder, source) as running:
            await play(running)

    load_fonts()
    application = QCoreApplication.instance()
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application, already_running=False)) as runner:
        runner.run(whole())


async def faults(running: App, name: str, looks: Sequence[Look] = LOOKS) -> list[str]:
    """The page as it stands, in every one of the looks; its contrast once in light and once in the dark."""
    found, themes, stage = [], set[bool](), running.screen.pages.shell._stage
    for look in looks:
        await running.look(look)
        sources = english("zh_CN") if look.language == "zh_CN" else ()
        await outside(partial(take, running.window, name, look))
        new = look.dark not in themes
        themes.add(look.dark)
        seen = await outside(partial(walk_through, running.window.contentItem(), sources, colours=new))
        found += [f"{look}: {fault}" for fault in seen]
        if (now := running.screen.pages.shell._stage) != stage:
            found.append(f"{look}: this is the page of {now!r}, not of {stage!r}")
    await running.look(Look())
    return found


@pytest.mark.parametrize("page", ["Today", "Members", "SignUp", "Order", "Orders", "Tickets", "Attention", "Settings"])
def test_a_page_stands_in_every_look(page: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open(page)
        assert not (found := await faults(running, page)), "\n".join(found)

    played(play, tmp_path)


def test_a_member_with_a_story(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        row = (await running.container.read.members.search("许安然"))[0]
        await running.open("Members", memberId=row.id)
        assert not (found := await faults(running, "Profile")), "\n".join(found)
        running.screen.navigator.sheet("LogTalk", {"memberId": row.id})
        await running.rest()
        assert not (found := await faults(running, "Talk")), "\n".join(found)
        for what, value in (("channel", "phone"), ("outcome", "interested"), ("topic", "care")):
            running.model("LogTalk").choose(what, value)
        await running.until(lambda: running.model("LogTalk")._logged, "the talk")
        await running.rest()
        assert not (found := await faults(running, "TalkSaved")), "\n".join(found)

    played(play, tmp_path)


def test_members_by_tag(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        members = running.model("Members")
        await running.open("Members")
        rows = members.found.rows
        await running.until(
            lambda: any(tag["rule"] for row in members.found.rows for tag in row.tags), f"a tag: {rows}"
        )
        members.askTag()
        await running.rest()
        assert not (found := await faults(running, "MembersTagsOffered")), "\n".join(found)
        members.showTag("生日临近")
        await running.rest()
        assert 0 < len(members.found.rows) < len(rows)
        assert not (found := await faults(running, "MembersByTag")), "\n".join(found)

    played(play, tmp_path)


def test_search_keys_and_a_message_over_a_page(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        row = (await running.container.read.members.search("许安然"))[0]
        for sheet, name, arguments in (
            ("Find", "Find", {"text": "xa"}),
            ("Find", "FindNothing", {"text": "13912345678"}),
            ("Keys", "Keys", {}),
            ("Message", "Message", {"memberId": row.id, "situation": "thanks"}),
            ("Message", "MessageBarred", {"memberId": row.id, "situation": "birthday"}),
        ):
            running.screen.navigator.sheet(sheet, arguments)
            await running.rest()
            assert not (found := await faults(running, name)), "\n".join(found)

    played(play, tmp_path)


async def promised_and_raised(running: App) -> tuple[str, str]:
    """Three promises and two tickets; the ids of a member and of the ticket about them."""
    row = (await running.container.read.members.search("许安然"))[0]
    other = (await running.container.read.members.search("欧阳若汐"))[0]
    desk, goods = running.container.do.service, (await running.container.read.catalogue.search("", limit=1))[0]
    today = (await running.container.do.today.calendar()).today()
    await desk.promise(row.id, "call", (today - timedelta(days=2)).isoformat(), "蓝色那件", product_id=goods.id)
    await desk.promise(other.id, "hold", today.isoformat(), "", product_id=goods.id, quantity=2)
    await desk.promise(other.id, "other", (today + timedelta(days=3)).isoformat(), "她要的收据")
    await desk.raise_ticket(other.id, "question", "")
    said = "推车右后轮有异响，周末前想知道怎么处理"
    ticket = await desk.raise_ticket(row.id, "complaint", said, product_id=goods.id)
    shown = await running.container.read.service.ticket(ticket.row_id)
    assert shown is not None
    await desk.step(shown, "note", words="已请厂家回电")
    return row.id, ticket.row_id


@pytest.mark.parametrize("page", ["Today", "Members", "MakePromise", "RaiseTicket", "ServiceFigures"])
def test_promises_and_tickets(page: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        member_id, _ = await promised_and_raised(running)
        if page in ("MakePromise", "RaiseTicket", "ServiceFigures"):
            running.screen.navigator.sheet(page, {"memberId": member_id})
            await running.rest()
        else:
            await running.open(page, **({"memberId": member_id} if page == "Members" else {}))
        name = {"Today": "TodayPromises", "Members": "ProfileService"}.get(page, page)
        assert not (found := await faults(running, name)), "\n".join(found)

    played(play, tmp_path)


@pytest.mark.parametrize("sheet", ["Find", "LogTalk", "Message"])
def test_an_unsolved_ticket_stands_on_the_sheets(sheet: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        member_id, _ = await promised_and_raised(running)
        running.screen.navigator.sheet(sheet, {"text": "许安然"} if sheet == "Find" else {"memberId": member_id})
        await running.rest()
        await running.until(lambda: marks(running, sheet), "the mark")
        assert marks(running, sheet) == ["1 open ticket"]
        assert not (found := await faults(running, f"{sheet}Ticket")), "\n".join(found)

    played(play, tmp_path)


def marks(running: App, sheet: str) -> list[str]:
    """What the marks of unsolved tickets on a sheet say."""
    (shown,) = of_type(running.window.contentItem(), sheet)
    return [str(mark.property("words")) for mark in of_type(shown, "TicketMark") if mark.isVisible()]


def of_type(item: QQuickItem, name: str) -> list[QQuickItem]:
    """The items below one whose QML file has this name."""
    below = [found for child in item.childItems() for found in of_type(child, name)]
    return [item, *below] if item.metaObject().className().startswith(f"{name}_QML") else below


@pytest.mark.parametrize("solved", [False, True])
def test_a_ticket_whole(solved: bool, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        _, ticket_id = await promised_and_raised(running)
        row = await running.container.read.service.ticket(ticket_id)
        assert row is not None
        if solved:
            await running.container.do.service.step(row, "solve", words="换了新轮子")
        await running.open("Tickets", ticketId=ticket_id)
        name = "TicketSolved" if solved else "TicketOpen"
        assert not (found := await faults(running, name)), "\n".join(found)

    played(play, tmp_path)


def test_a_duplicate_a_full_basket_and_an_order(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order, sign_up = running.model("Order"), running.model("SignUp")
        await running.open("SignUp")
        sign_up.setPhone("13812340000")
        await running.rest()
        assert not (found := await faults(running, "SignUpDuplicate")), "\n".join(found)
        sign_up.startOver()
        await running.open("Order")
        row = (await running.container.read.members.search("Anna"))[0]
        order.setMember(row.id)
        for product in await running.container.read.catalogue.search("", limit=4):
            order.add(product.id, 2)
        await running.rest()
        running.screen.toasts.close()
        assert not (found := await faults(running, "Basket")), "\n".join(found)
        await held_baskets(running)
        running.remote.problem = NoNetwork("no_network")
        order.place()
        await running.until(lambda: running.screen.navigator._page == "Orders", "the order")
        await running.until(lambda: running.container.sync.view().phase == "offline", "being offline")
        running.screen.toasts.close()  # what was said in English stays English
        await running.rest()
        assert not (found := await faults(running, "OrderPlaced")), "\n".join(found)
        await running.open("Today")
        assert not (found := await faults(running, "TodayOffline")), "\n".join(found)

    played(play, tmp_path)


def test_goods_that_come_back(qapp: object, tmp_path: Path) -> None:
    """Nothing chosen, a faulty piece chosen, the order after it, an exchange in the basket, nothing left."""

    async def play(running: App) -> None:
        order_id = await sold(running)
        sheet, navigator = running.model("TakeBack"), running.screen.navigator
        await running.open("Orders", orderId=order_id)
        navigator.sheet("TakeBack", {"orderId": order_id})
        await running.rest()
        assert not (found := await faults(running, "TakeBack")), "\n".join(found)
        sheet.step(sheet.lines.rows[0].key, 1)
        sheet.setReason(sheet.lines.rows[0].key, "faulty")
        await running.rest()
        assert not (found := await faults(running, "TakeBackChosen")), "\n".join(found)
        sheet.save()
        await running.rest()
        running.screen.toasts.close()
        assert not (found := await faults(running, "OrderReturned")), "\n".join(found)
        navigator.sheet("TakeBack", {"orderId": order_id})
        await running.rest()
        sheet.all()
        sheet.exchange()
        await running.rest()
        assert not (found := await faults(running, "BasketExchange")), "\n".join(found)
        running.model("Order").keepGoods()
        navigator.sheet("TakeBack", {"orderId": order_id})
        await running.rest()
        sheet.all()
        sheet.save()
        await running.rest()
        running.screen.toasts.close()
        navigator.sheet("TakeBack", {"orderId": order_id})
        await running.rest()
        assert not (found := await faults(running, "TakeBackGone")), "\n".join(found)

    played(play, tmp_path)


async def sold(running: App) -> str:
    """An order of two products, paid in cash at the till."""
    do = running.container.do
    basket = await do.till.baskets.mine()
    for product in await running.container.read.catalogue.search("", limit=2):
        basket = await do.till.add(basket, product.id, 2)
    done = await do.till.place(basket)
    leg = Taken(leg_id=running.container.ids.uuid7(), method="cash", amount=done.total)
    body = Pay(order_id=done.order_id, legs=(leg,))
    await running.container.journal.commit(do.session.guide_id, Draft(kind=OrderPay.kind, body=body))
    await running.rest()
    return done.order_id


async def held_baskets(running: App) -> None:
    """The open basket is put aside, then another; the list of them, empty and full. The first is open again after."""
    order, members = running.model("Order"), running.container.read.members
    order.openHeld()
    await running.rest()
    assert not (found := await faults(running, "BasketsNone")), "\n".join(found)
    order.setNote("蓝色那件，周六来取")
    order.putAside()
    await running.rest()
    order.setMember((await members.search("许安然"))[0].id)
    order.add((await running.container.read.catalogue.search("", limit=1))[0].id, 1)
    order.putAside()
    await running.rest()
    running.screen.toasts.close()
    assert not (found := await faults(running, "BasketsHeld")), "\n".join(found)
    order.takeUp(order.held.rows[1].key)
    order.closeSheet()
    await running.rest()
    assert not (found := await faults(running, "BasketHeldBeside")), "\n".join(found)


def test_what_hq_took_otherwise_than_it_was_meant(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        running.hq.verdict["order.place"] = ("applied", "number_changed")
        await running.open("Order")
        order, outbox = running.model("Order"), running.container.read.outbox
        order.add((await running.container.read.catalogue.search("", limit=1))[0].id, 1)
        await running.rest()
        order.place()
        for _ in range(200):
            if any(row.kind == "number_changed" for row in await outbox.attention()):
                break
            await asyncio.sleep(0.05)
        await running.open("Attention")
        running.screen.toasts.close()
        assert "The number was in use" in [row.title for row in running.model("Attention").lines.rows]
        assert not (found := await faults(running, "AttentionTold")), "\n".join(found)

    played(play, tmp_path)


def test_whose_sale_a_basket_is(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("Order")
        order = running.model("Order")
        for product in await running.container.read.catalogue.search("", limit=2):
            order.add(product.id, 1)
        await running.rest()
        order.showShares()
        await running.rest()
        sheet = running.model("BasketShares")
        sheet.chooseLine(sheet.lines.rows[1].key)
        sheet.toggle(next(row.key for row in sheet.guides.rows if not row.selected))
        await running.rest()
        assert not (found := await faults(running, "BasketShares")), "\n".join(found)
        sheet.save()
        await running.rest()
        running.screen.toasts.close()
        assert not (found := await faults(running, "BasketShared")), "\n".join(found)

    played(play, tmp_path)


def test_whose_sale_an_order_is(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        orders = await running.container.read.orders.list(limit=1)
        await running.open("Orders", orderId=orders[0].id)
        running.model("Orders").showShares()
        await running.rest()
        assert not (found := await faults(running, "ReshareSeen")), "\n".join(found)
        running.screen.navigator.closeSheet()
        staff = await running.container.read.shop.staff()
        manager = next(row.id for row in staff if row.staff.role == "manager")
        assert (await running.container.do.session.sign_in(manager, PIN)).ok
        await running.open("Orders", orderId=orders[0].id)
        running.model("Orders").showShares()
        await running.rest()
        sheet = running.model("Reshare")
        for guide in sheet.guides.rows[:2]:
            if not guide.selected:
                sheet.toggle(guide.key)
        sheet.chooseReason("helped")
        assert not (found := await faults(running, "Reshare")), "\n".join(found)
        sheet.save()
        await running.rest()
        running.model("Orders").showShares()
        await running.rest()
        running.screen.toasts.close()
        assert not (found := await faults(running, "ReshareTrail")), "\n".join(found)

    played(play, tmp_path)
