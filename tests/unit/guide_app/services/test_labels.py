"""Labels over a real store, on a printer on a real port: what comes out, and that HQ hears whose phone it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from guide_app.adapters.printing.delivery import Patience
from guide_app.adapters.printing.files import PdfFiles
from guide_app.adapters.printing.printer import ReceiptPrinter
from guide_app.adapters.printing.setting import FilePrinterSetting
from guide_app.domain.errors import NotPrinted, Refused
from guide_app.domain.records import Fulfilment, Names, Parcel
from guide_app.domain.records.parcel import ParcelLine
from guide_app.operations.orders import WantedFulfilment
from guide_app.services.labels import LabelDesk
from guide_app.services.ports.printing import PrinterChoice
from guide_app.services.receipts import ReceiptDesk
from tests.printers import PAPER_STOP, FakePrinter, printer
from tests.unit.guide_app.services.kit import SENT, Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio
WHOLE = "138 0000 0001"


def desk(counter: Counter, folder: Path, fake: FakePrinter | None = None) -> LabelDesk:
    """The desk, its printer plugged in."""
    store, setting = counter.bench.store, FilePrinterSetting(folder / "printer.json")
    if fake is not None:
        setting.keep(PrinterChoice(kind="network", host="127.0.0.1", port=fake.port))
    receipts = ReceiptDesk(
        store.orders, store.members, store.catalogue, store.shop, store.printed,
        ReceiptPrinter(Patience(connect_s=1, answer_s=0.4, stall_s=0.4, finish_s=1)), setting, PdfFiles(),
        counter.bench.clock,
    )  # fmt: skip
    return LabelDesk(store.orders, store.parcels, store.shop, receipts, counter.members)


async def sent(counter: Counter, **more: Any) -> str:
    """An order whose goods another shop sends, for which nothing is put aside here; its id."""
    reach = msgspec.structs.replace(SENT, store_id=uuid(), at=Names(en="East", zh="东店"))
    basket = await counter.till.add(await counter.baskets.empty(), PRODUCTS[0], 2)
    return (await counter.till.place(msgspec.structs.replace(basket, **{"reach": reach, **more}))).order_id


async def test_the_phone_is_whole_on_paper_alone_and_hq_hears_of_it(counter: Counter, tmp_path: Path) -> None:
    member_id = await signed_up(counter)
    order_id = await sent(counter, member_id=member_id)
    before = counter.outbox()
    with printer() as fake:
        labels = desk(counter, tmp_path, fake)
        assert not any(WHOLE in text for text in (await labels.shown(order_id)).texts)
        assert counter.outbox() == before, "a look at it is no showing"
        await labels.print(order_id)
        printed = [line.text.strip() for line in fake.paper().lines]
    assert WHOLE in printed
    assert any("南京东路 1 号 3 楼" in line for line in printed)
    assert counter.outbox() == [*before, "member.reveal"]


async def test_another_shop_s_goods_have_one_too(counter: Counter, tmp_path: Path) -> None:
    row_id, here = uuid(), counter.bench.hq.store_id
    parcel = Parcel(
        store_id=here, home_store_id=uuid(), home_names=Names(en="West Street", zh="西街店"), number="20204AB00017",
        placed_at="2026-11-20T03:00:00.000Z", paid=True, to=SENT.to, goes=Fulfilment(kind="ship", store_id=here),
        lines=(ParcelLine(line_id=uuid(), product_id=PRODUCTS[0], qty=2),), note="gift",
    )  # fmt: skip
    counter.bench.hq.publish("parcel", row_id, parcel)
    await counter.bench.drain()
    with printer() as fake:
        await desk(counter, tmp_path, fake).print(row_id)
        printed = [line.text.strip() for line in fake.paper().lines]
    assert {WHOLE, "gift"} <= set(printed)
    counter.bench.hq.publish("parcel", row_id, msgspec.structs.replace(parcel, to=None, cancelled=True))
    await counter.bench.drain()
    with pytest.raises(Refused, match="label_nobody"):
        await desk(counter, tmp_path).shown(row_id)


async def test_what_is_taken_along_or_is_not_here_has_none(counter: Counter, tmp_path: Path) -> None:
    labels = desk(counter, tmp_path)
    for order_id in (await sent(counter, reach=WantedFulfilment(kind="take_away")), uuid()):
        with pytest.raises(Refused, match="label_nobody"):
            await labels.print(order_id)


async def test_a_printer_without_paper_is_told_and_the_order_is_as_it_was(counter: Counter, tmp_path: Path) -> None:
    order_id = await sent(counter)
    before = counter.bench.sql("SELECT id, d FROM shop_order")
    with printer(offline=PAPER_STOP) as fake, pytest.raises(NotPrinted, match="printer_paper_out"):
        await desk(counter, tmp_path, fake).print(order_id)
    assert counter.bench.sql("SELECT id, d FROM shop_order") == before
    assert "member.reveal" not in counter.outbox(), "nobody's phone that HQ knows of"
