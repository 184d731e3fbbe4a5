"""Quotations inside the frame, in every look: the sheet, the page, the paper, and the morning's card."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from guide_app.domain.records import Quotation
from tests.qt.test_priced_pages import filled
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App


async def shown(running: App, name: str) -> None:
    running.screen.toasts.close()
    await running.rest()
    assert not (found := await faults(running, name)), "\n".join(found)


async def quoted(running: App) -> None:
    """Anna thinks it over: her basket is a quotation that ends the day after tomorrow."""
    await filled(running)
    running.model("Order").makeQuotation()
    quote = running.model("Quote")
    await running.until(lambda: quote.ready, "the sheet")
    soon = (await running.container.do.today.calendar()).today() + timedelta(days=2)
    quote.chooseDay(soon.isoformat())


async def made(running: App) -> None:
    running.model("Quote").save()
    await running.until(lambda: running.screen.navigator._page == "Quotations", "the page")
    await running.until(lambda: running.model("Quotations").lines.rows, "the quotation")
    await running.rest()


def test_a_quotation_is_made_seen_on_paper_and_becomes_an_order(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await quoted(running)
        await shown(running, "Quote")
        await made(running)
        page = running.model("Quotations")
        await shown(running, "Quotation")
        page.askBack()
        await shown(running, "QuotationTakeBack")
        page.askBack()
        page.showPaper()
        receipt = running.model("Receipt")
        await running.until(lambda: receipt.paper.rows, "the paper")
        await shown(running, "QuotationPaper")
        receipt.close()
        running.screen.navigator.sheet("Find", {"text": page._row.quotation.number})
        find = running.model("Find")
        await running.until(lambda: any(row.kind == "quotation" for row in find.found.rows), "the quotation among all")
        await shown(running, "FindQuotation")
        await running.open("Today")
        await running.until(lambda: running.model("Today").ending.count, "the morning's card")
        await shown(running, "TodayQuotations")
        await running.open("Quotations")
        await running.rest()
        assert page.isOpen
        page.makeOrder()
        await running.until(lambda: running.screen.navigator._page == "Orders", "the order")
        await running.until(lambda: running.model("Orders")._row, "the order on its page")
        (row,) = await running.container.read.quotations.list(today="2026-01-01")
        assert (row.quotation.state, row.quotation.totals) == ("ordered", running.model("Orders")._row.order.totals)

    played(play, tmp_path)


def test_one_that_ended_says_so_and_is_priced_anew(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await quoted(running)
        await made(running)
        page = running.model("Quotations")
        row_id = page._row.id
        await running.until(lambda: running.hq.record("quotation", row_id), "HQ's row")
        ended: Quotation = running.hq.record("quotation", row_id)
        fields = {name: getattr(ended, name) for name in ended.__struct_fields__}
        running.hq.publish("quotation", row_id, Quotation(**{**fields, "valid_until": "2026-01-05"}))
        running.container.sync.nudge()
        await running.until(lambda: page.ended, "its end")
        await shown(running, "QuotationEnded")
        page.setFilter("ordered")
        await running.until(lambda: page.nothing, "the empty list")
        page.close()
        await shown(running, "QuotationsNone")

    played(play, tmp_path)
