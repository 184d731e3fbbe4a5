"""Orders of other shops inside the frame, in every look: what is to be prepared, unpaid, recalled, and none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec

from guide_app.domain import numbers
from guide_app.domain.clock import to_text
from guide_app.domain.records import Fulfilment, Names, Parcel, Recipient
from guide_app.domain.records.order import FulfilmentKind
from guide_app.domain.records.parcel import ParcelLine
from tests.qt.test_quotation_pages import shown
from tests.qt.test_whole_app import played
from tests.qt.whole_app import App
from tests.unit.local_store.fake_hq import uuid

TO = Recipient(name="欧阳若汐", phone="****3307", address="")
SENT = Recipient(name="陈静", phone="+8613900000001", address="上海市长宁区长宁路 1 号 12 幢 302")


def number(n: int) -> str:
    """As the other shop's tablet gives them."""
    return numbers.compose("202", "AB", "7K", n)


async def asked(running: App, told: str, kind: FulfilmentKind = "pick_up", **more: object) -> str:
    """Another shop sold goods that this one is to see to; the order's id."""
    row_id, hq = uuid(), running.hq
    goods = await running.container.read.catalogue.search("", limit=3)
    lines = tuple(ParcelLine(line_id=uuid(), product_id=row.id, qty=n) for n, row in enumerate(goods, 1))
    parcel = Parcel(
        store_id=hq.store_id, home_store_id=uuid(), home_names=Names(en="West Street", zh="西街店"), number=told,
        placed_at=to_text(running.container.clock.now() - timedelta(hours=20)), lines=lines, paid=True,
        goes=Fulfilment(kind=kind, store_id=hq.store_id, at=Names(en="Here", zh="本店")),
        to=SENT if kind == "ship" else TO,
    )  # fmt: skip
    hq.publish("parcel", row_id, msgspec.structs.replace(parcel, **more))
    running.container.sync.nudge()
    return row_id


def test_orders_of_other_shops_are_seen_prepared_and_handed_over(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        first = await asked(running, number(17))
        sending = await asked(running, number(21), "ship", note="请包装成礼物")
        unpaid = await asked(running, number(33), paid=False)
        gone = await asked(running, number(49), cancelled=True, to=None)
        orders, page = running.model("Orders"), running.model("Parcels")
        await running.open("Orders")
        await running.until(lambda: orders.parcels.openWords, "what waits here")
        await shown(running, "OrdersOfOthersWait")
        await running.open("Parcels", orderId=first)
        await running.until(lambda: page.lines.rows and len(page.found.rows) == 3, "the list")
        await shown(running, "Parcels")
        page.step("failed")
        await shown(running, "ParcelReasons")
        page.fail("")
        page.choose(sending)
        await running.until(lambda: page.labelled, "what is sent")
        await shown(running, "ParcelSent")
        page.showLabel()
        await running.until(lambda: running.model("Receipt").paper.rows, "its label")
        await shown(running, "ParcelLabel")
        running.model("Receipt").close()
        page.choose(unpaid)
        await running.until(lambda: page.advice, "what is in the way")
        await shown(running, "ParcelUnpaid")
        page.setFilter("recalled")
        page.choose(gone)
        await running.until(lambda: page.tone == "bad", "the recalled one")
        await shown(running, "ParcelRecalled")
        running.screen.pages.shell.scanned(number(17))
        await running.until(lambda: page._wanted == first and page.tone == "good", "the receipt's order")
        page.step("done")
        await running.until(lambda: not page.steps, "the step")
        await running.until(lambda: running.hq.record("parcel", first).goes.progress == "done", "HQ's row")
        page.close()
        page.setFilter("over")
        await running.until(lambda: len(page.found.rows) == 1, "what is done")
        page.search("9999")
        await running.until(lambda: page.nothing, "nothing with that number")
        await shown(running, "ParcelsNone")

    played(play, tmp_path)
