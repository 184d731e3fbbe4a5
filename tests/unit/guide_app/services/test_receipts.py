"""Receipts over a real store: what stands on them, which are copies, and that no printer touches a sale."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from guide_app.adapters.printing.delivery import Patience
from guide_app.adapters.printing.files import PdfFiles
from guide_app.adapters.printing.printer import ReceiptPrinter
from guide_app.adapters.printing.setting import FilePrinterSetting
from guide_app.domain import numbers
from guide_app.domain.errors import BadInput, NotPrinted
from guide_app.domain.records import Names, Order, ReceiptWords, Settings, ShopContact
from guide_app.services.ports.printing import PrinterChoice
from guide_app.services.receipts import ReceiptDesk
from tests.printers import PAPER_STOP, FakePrinter, printer
from tests.unit.guide_app.services.kit import Counter, signed_up, staffed
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, Bench

pytestmark = pytest.mark.asyncio
WORDS = ReceiptWords(
    language="en",
    header=Names(en="Warm from the first day", zh="从第一天起的温暖"),
    footer=Names(en="Thank you", zh="谢谢"),
    shops={"101": ShopContact(address=Names(en="12 Wutong Road"), phone="021-5555 0123")},
)

WORDS_OF_HQ = ("12 Wutong Road", "021-5555 0123", "Warm from the first day", "Thank you")


class Till:
    """A counter with a printer."""

    def __init__(self, counter: Counter, folder: Path) -> None:
        self.counter, self.bench = counter, counter.bench
        store = self.bench.store
        self.setting = FilePrinterSetting(folder / "printer.json")
        self.desk = ReceiptDesk(
            store.orders, store.members, store.catalogue, store.shop, store.printed,
            ReceiptPrinter(Patience(connect_s=1, answer_s=0.4, stall_s=0.4, finish_s=1)), self.setting, PdfFiles(),
            self.bench.clock,
        )  # fmt: skip

    def plugged(self, fake: FakePrinter) -> None:
        self.setting.keep(PrinterChoice(kind="network", host="127.0.0.1", port=fake.port))

    async def sell(self, **more: Any) -> str:
        till = self.counter.till
        basket = await till.add(await self.counter.baskets.empty(), PRODUCTS[0], 2)
        return (await till.place(msgspec.structs.replace(basket, **more))).order_id

    def sale(self) -> Sequence[tuple[str, str]]:
        """All that the sale is: the order and the operation."""
        return [*self.bench.sql("SELECT id, d FROM shop_order"), *self.bench.sql("SELECT op_id, body FROM outbox")]


@pytest_asyncio.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    bench = Bench(tmp_path / "store.db")
    await bench.enrol()
    counter = await staffed(bench)
    ((row_id,),) = bench.sql("SELECT id FROM other_row WHERE entity = 'settings'")
    bench.hq.publish("settings", row_id, Settings(receipt=WORDS))
    await bench.drain()
    yield Till(counter, tmp_path)
    bench.store.close()


async def test_a_receipt_has_hqs_words_and_a_masked_member(till: Till) -> None:
    order_id = await till.sell(member_id=await signed_up(till.counter))
    texts = (await till.desk.receipt(order_id)).document.texts
    for words in (
        "12 Wutong Road",
        "021-5555 0123",
        "Warm from the first day",
        "Thank you",
        "陈** 138****0001",
        "王芳",
    ):
        assert words in texts
    assert not any("13800000001" in text.replace(" ", "") or "陈静" in text for text in texts)


async def test_the_second_one_is_a_copy_also_after_a_restart(till: Till, tmp_path: Path) -> None:
    order_id = await till.sell()
    assert not (await till.desk.receipt(order_id)).copy
    with printer() as fake:
        till.plugged(fake)
        await till.desk.print_receipt(order_id)
        assert "COPY" not in [line.text.strip() for line in fake.paper().lines]
        assert (await till.desk.receipt(order_id)).printed_at
        till.counter.reopen()
        again = Till(till.counter, tmp_path)
        assert again.setting.choice.port == fake.port
        await again.desk.print_receipt(order_id)
        assert [line.text.strip() for line in fake.paper().lines].count("COPY") == 1


async def test_what_another_tablet_sold_comes_out_as_a_copy(till: Till) -> None:
    order_id = await till.sell()
    await till.bench.drain()
    record: Order = till.bench.hq.record("order", order_id)
    parts = numbers.parse(record.number)
    other = numbers.compose(parts.store_code, "ZZ", parts.incarnation, parts.n)
    elsewhere = uuid()
    till.bench.hq.publish("order", elsewhere, msgspec.structs.replace(record, number=other))
    doubled = uuid()
    till.bench.hq.publish("order", doubled, msgspec.structs.replace(record, number=f"{record.number}-2"))
    await till.bench.drain()
    assert [(await till.desk.receipt(one)).copy for one in (order_id, elsewhere, doubled)] == [False, True, False]


async def test_a_failed_print_is_no_copy_and_touches_nothing(till: Till) -> None:
    order_id = await till.sell()
    before = till.sale()
    with printer(offline=PAPER_STOP) as fake:
        till.plugged(fake)
        with pytest.raises(NotPrinted) as raised:
            await till.desk.print_receipt(order_id)
        assert raised.value.code == "printer_paper_out"
        assert not (await till.desk.receipt(order_id)).copy
        fake.offline = 0
        await till.desk.print_receipt(order_id)
        assert fake.paper().cut == 1
    assert till.sale() == before


async def test_a_cancelled_print_is_no_copy_and_touches_nothing(till: Till) -> None:
    order_id = await till.sell()
    before = till.sale()
    with printer("never_ends") as fake:
        till.plugged(fake)
        printing = asyncio.create_task(till.desk.print_receipt(order_id))
        assert await asyncio.to_thread(fake.began.wait, 5)
        printing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await printing
    assert not (await till.desk.receipt(order_id)).copy
    assert till.sale() == before


async def test_a_test_page_comes_from_the_printer_that_is_tried(till: Till) -> None:
    with printer() as fake:
        await till.desk.print_trial(PrinterChoice(kind="network", host="127.0.0.1", port=fake.port, columns=32))
        assert "12345678901234567890123456789012" in [line.text for line in fake.paper().lines]


async def test_an_order_that_is_not_here(till: Till) -> None:
    with pytest.raises(BadInput) as raised:
        await till.desk.receipt(uuid())
    assert raised.value.code == "receipt_order_unknown"


@pytest.mark.expects_log
async def test_a_damaged_setting_leaves_no_printer(tmp_path: Path) -> None:
    path = tmp_path / "printer.json"
    path.write_text('{"kind": "telepathy"}')
    assert FilePrinterSetting(path).choice == PrinterChoice()
    FilePrinterSetting(path).keep(PrinterChoice(kind="device", path="/dev/usb/lp0"))
    assert FilePrinterSetting(path).choice.path == "/dev/usb/lp0"
