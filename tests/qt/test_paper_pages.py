"""Receipts and the printer inside the frame, in every look, against a printer on a real port."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtQuick import QQuickItem

from guide_app.domain.errors import NoNetwork
from guide_app.services.ports.printing import PaperPlace, PrinterChoice
from tests.printers import PAPER_STOP, FakePrinter, printer
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import PIN, App
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import place


async def sold(running: App, member: str = "") -> str:
    """An order of two products placed on this tablet."""
    order = running.model("Order")
    await running.open("Order")
    if member:
        order.setMember((await running.container.read.members.search(member))[0].id)
    for product in await running.container.read.catalogue.search("", limit=2):
        order.add(product.id, 2)
    await running.rest()
    order.place()
    await running.until(lambda: running.screen.navigator._page == "Orders", "the order")
    await running.rest()
    running.screen.toasts.close()
    return str(running.model("Orders")._row.id)


def plugged(running: App, fake: FakePrinter, **more: Any) -> None:
    choice = PrinterChoice(kind="network", host="127.0.0.1", port=fake.port, **more)
    running.container.do.receipts.setting.keep(choice)


async def shown(running: App, name: str) -> None:
    running.screen.toasts.close()
    await running.rest()
    assert not (found := await faults(running, name)), "\n".join(found)


def item(running: App, name: str) -> QQuickItem:
    found = running.window.findChild(QQuickItem, name)
    assert isinstance(found, QQuickItem)
    return found


def test_a_receipt_is_seen_printed_and_printed_again(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        with printer(offline=PAPER_STOP) as fake:
            plugged(running, fake)
            order_id = await sold(running, "许安然")
            running.model("Orders").showReceipt()
            receipt = running.model("Receipt")
            await running.until(lambda: receipt.paper.rows, "the receipt")
            await shown(running, "Receipt")
            receipt.print()
            await running.until(lambda: receipt.printing._problem, "the empty roll")
            await shown(running, "ReceiptPaperOut")
            fake.offline = 0
            receipt.print()
            await running.until(lambda: receipt._receipt and receipt._receipt.copy, "the print")
            assert receipt.printing._problem == ""
            await shown(running, "ReceiptCopy")
            await running.open("Orders", orderId=order_id)
            await running.rest()
            assert item(running, "order-receipt").isVisible()

    played(play, tmp_path)


def test_a_stalled_print_can_be_cancelled_and_the_page_goes_on(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        with printer("never_ends") as fake:
            plugged(running, fake)
            await sold(running)
            running.model("Orders").showReceipt()
            receipt = running.model("Receipt")
            await running.until(lambda: receipt.paper.rows, "the receipt")
            receipt.print()
            await running.until(lambda: fake.job, "the job")
            assert receipt.printing._under_way
            receipt.printing.cancel()
            await running.until(lambda: not receipt.printing._under_way, "the end")
            assert "cancelled" in running.screen.toasts._text
            assert not receipt._receipt.copy

    played(play, tmp_path)


def test_each_order_comes_out_by_itself_where_it_is_set_so(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        with printer() as fake:
            plugged(running, fake, auto=True)
            await sold(running)
            await running.until(lambda: fake.job, "the receipt")
            await running.rest()
            assert fake.paper().cut == 1

    played(play, tmp_path)


def test_a_pdf_goes_where_the_person_says(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        places = (
            PaperPlace(path=str(tmp_path / "Documents"), kind="documents"),
            PaperPlace(path=str(tmp_path / "STICK"), kind="drive", name="STICK"),
        )
        running.container.do.receipts.files = Files(places, running.container.do.receipts.files)
        await sold(running)
        running.model("Orders").showReceipt()
        receipt = running.model("Receipt")
        await running.until(lambda: receipt.paper.rows, "the receipt")
        receipt.choosePlace()
        await shown(running, "ReceiptPlaces")
        receipt.savePdf(places[0].path)
        await running.until(lambda: list((tmp_path / "Documents").glob("*.pdf")), "the file")
        receipt.choosePlace()
        receipt.savePdf(places[1].path)
        await running.until(lambda: "drive" in running.screen.toasts._text, "what is wrong")

    played(play, tmp_path)


class Files:
    """The real files, in places of the test."""

    def __init__(self, places: tuple[PaperPlace, ...], real: Any) -> None:
        self._places, self.save = places, real.save

    def places(self) -> tuple[PaperPlace, ...]:
        return self._places


@pytest.mark.parametrize(
    ("kind", "name"), [("none", "PrinterNone"), ("network", "PrinterNetwork"), ("device", "PrinterCable")]
)
def test_the_printer_is_set_up(kind: Any, name: str, qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        model, setting = running.model("Printer"), running.container.do.receipts.setting
        await running.open("Settings")
        running.model("Settings").showSheet("Printer")
        await running.rest()
        model.choose("kind", kind)
        model.choose("kind", "carrier pigeon")
        model.setHost("192.168.1.60:9101")
        model.setPath("/dev/usb/lp0 ")
        model.choose("columns", "32")
        model.choose("columns", "33")
        model.choose("charset", "western")
        model.setPort("70000")
        model.setAnswers(False)
        model.setAuto(True)
        await running.rest()
        assert setting.choice == PrinterChoice(
            kind=kind, host="192.168.1.60", port=9101, path="/dev/usb/lp0", columns=32, charset="western",
            answers=False, auto=True,
        )  # fmt: skip
        assert msgspec.json.decode((tmp_path / "printer.json").read_bytes(), type=PrinterChoice) == setting.choice
        await shown(running, name)

    played(play, tmp_path)


def test_the_test_page_says_whether_it_is_right(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        with printer() as fake:
            plugged(running, fake)
            running.screen.navigator.sheet("Printer", {})
            await running.rest()
            model = running.model("Printer")
            model.printTrial()
            await running.until(lambda: fake.job, "the test page")
            await running.until(lambda: not model.printing._under_way, "its end")
            assert "test page" in running.screen.toasts._text
            model.setHost("")
            await running.rest()
            model.printTrial()
            await running.until(lambda: model.printing._problem == "printer_none", "what is missing")

    played(play, tmp_path)


async def as_manager(running: App) -> None:
    manager = next(row for row in await running.container.read.shop.staff() if row.staff.role == "manager")
    assert (await running.container.do.session.sign_in(manager.id, PIN)).ok
    await running.until(lambda: running.screen.pages.shell._stage == "work", "the frame")
    await running.rest()


def test_a_guide_sees_their_own_day_and_closes_none(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("Orders")
        running.model("Orders").showDay()
        day = running.model("DayClose")
        await running.until(lambda: day._view, "the day")
        assert (day._view.mine, day._days.may_close) == (True, False)
        assert [list(day._view.figures.guides)] == [[running.guide_id]]
        await shown(running, "DayMine")

    played(play, tmp_path)


def test_a_day_that_is_not_closed_after_all_is_shown_as_it_stands(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await as_manager(running)
        await sold(running)
        running.model("Orders").showDay()
        day = running.model("DayClose")
        await running.until(lambda: day._view, "the day")
        before = day._view.figures
        day.ask()
        for text in ("1,000", "-5", "abc"):
            day.setCash(text)
            assert (day.cashProblem, day.ready, day.difference) == ("This is no amount of money.", False, ""), text
        day.setCash("12,50")
        assert (day.cashProblem, day._counted()) == ("", 12_50)
        day.chooseReason("petty_cash")
        (product, *_) = await running.container.read.catalogue.search("", limit=1)
        order = place(uuid(), [(product.id, 1)])
        await running.container.journal.commit(running.container.do.session.guide_id, order)
        await running.rest()
        assert day._view.figures == before, "what is counted against stands still"
        day.cancel()
        assert (day.closing, day.cash, day._reason) == (False, "", "")
        await running.until(lambda: day._view.figures != before, "the day as it stands")

    played(play, tmp_path)


def test_a_manager_closes_the_day_offline_and_what_comes_later_stands_beside_it(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        running.remote.problem = NoNetwork("no_network")
        await as_manager(running)
        await sold(running, "许安然")
        running.model("Orders").showDay()
        day = running.model("DayClose")
        await running.until(lambda: day._view and day._view.waiting.count, "the day")
        first = day._view.figures
        await shown(running, "DayShop")
        day.ask()
        day.setCash("12.50")
        assert day._counted() != day._view.cash
        day.save()
        assert day._closing, "a difference wants its reason"
        day.chooseReason("petty_cash")
        await shown(running, "DayCash")
        day.save()
        await running.until(lambda: day._view and day._view.closes, "the close")
        close = day._view.closes[0].close
        assert (close.figures, close.counted.amount, close.counted.difference) == (first, 12_50, 12_50 - day._view.cash)
        assert close.counted.reason == "petty_cash"
        await sold(running)
        running.model("Orders").showDay()
        await running.until(lambda: day._view and day._view.closes and day._view.closes[0].since, "what came later")
        day.choose("0")
        await shown(running, "DayChanged")
        assert day._view.closes[0].close.figures == first
        assert len(day._view.closes[0].since.late) == 1
        with printer() as fake:
            plugged(running, fake)
            day.print()
            await running.until(lambda: fake.job, "the print")
            await running.until(lambda: not day.printing._under_way, "its end")
            lines = [line.text for line in fake.paper().lines]
            assert any("后到订单" in line for line in lines)
            assert any("零星支出" in line for line in lines)
        day.step(1)
        await running.until(lambda: day._view and day._view.closes == (), "the day before")
        await shown(running, "DayBefore")

    played(play, tmp_path)
