"""Printing on a real TCP port and on a real serial line: what goes wrong is said, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import threading
import time
from pathlib import Path

import pytest

from guide_app.adapters.printing.delivery import Patience
from guide_app.adapters.printing.printer import ReceiptPrinter
from guide_app.domain.errors import NotPrinted
from guide_app.domain.receipt import Document, Line
from guide_app.domain.receipt.sale import receipt
from guide_app.services.ports.printing import PrinterChoice
from tests.golden.make_receipts import RECEIPTS
from tests.printers import COVER_OPEN, ERROR_STOP, HOT, KNIFE, PAPER_STOP, FakePrinter, printer
from tests.sold import SHOP, sold

pytestmark = pytest.mark.asyncio
SHORT = Patience(connect_s=2, answer_s=0.5, stall_s=0.5, finish_s=1.5)
RECEIPT = receipt(sold(), SHOP)
LONG = Document(title="", blocks=tuple(Line(text="长" * 24) for _ in range(4_000)))


def at(fake: FakePrinter, *, answers: bool = True) -> PrinterChoice:
    return PrinterChoice(kind="network", host="127.0.0.1", port=fake.port, answers=answers)


async def failure(choice: PrinterChoice, document: Document = RECEIPT) -> str:
    with pytest.raises(NotPrinted) as raised:
        await ReceiptPrinter(SHORT).print(choice, document)
    return raised.value.code


async def test_a_receipt_comes_out_as_it_was_captured() -> None:
    with printer() as fake:
        await ReceiptPrinter(SHORT).print(at(fake), RECEIPT)
        assert fake.job == (RECEIPTS / "order.zh.48.bin").read_bytes()
        assert fake.paper().cut == 1


async def test_two_receipts_come_out_one_after_the_other() -> None:
    with printer() as fake:
        prints = ReceiptPrinter(SHORT)
        await asyncio.gather(prints.print(at(fake), RECEIPT), prints.print(at(fake), RECEIPT))
        assert fake.job == 2 * (RECEIPTS / "order.zh.48.bin").read_bytes()


@pytest.mark.parametrize(
    ("offline", "error", "code"),
    [
        (PAPER_STOP, 0, "printer_paper_out"),
        (COVER_OPEN, 0, "printer_cover_open"),
        (COVER_OPEN | PAPER_STOP, 0, "printer_cover_open"),
        (ERROR_STOP, KNIFE, "printer_knife"),
        (ERROR_STOP, HOT, "printer_hot"),
        (ERROR_STOP, 0x20, "printer_broken"),
        (0x08, 0, "printer_offline"),
    ],
)
async def test_a_printer_that_cannot_print_is_sent_nothing(offline: int, error: int, code: str) -> None:
    with printer(offline=offline, error=error) as fake:
        assert await failure(at(fake)) == code
        assert fake.job == b""


@pytest.mark.parametrize(("bits", "code"), [(PAPER_STOP, "printer_paper_out"), (COVER_OPEN, "printer_cover_open")])
async def test_what_stops_it_half_way_is_told(bits: int, code: str) -> None:
    with printer() as fake:
        fake.stops_after, fake.then_offline = 100, bits
        assert await failure(at(fake)) == code
        assert fake.job


async def test_a_printer_that_says_nothing() -> None:
    with printer("silent") as fake:
        assert await failure(at(fake)) == "printer_silent"
        assert fake.job == b""


async def test_a_printer_that_cannot_answer_is_believed() -> None:
    with printer("silent") as fake:
        await ReceiptPrinter(SHORT).print(at(fake, answers=False), RECEIPT)
        assert await asyncio.to_thread(fake.ended.wait, 5)
        assert fake.job == (RECEIPTS / "order.zh.48.bin").read_bytes()


async def test_a_printer_that_takes_nothing_more() -> None:
    with printer("stalls") as fake:
        assert await failure(at(fake), LONG) == "printer_stalled"


async def test_a_printer_that_never_says_that_it_is_done() -> None:
    with printer("never_ends") as fake:
        assert await failure(at(fake)) == "printer_stalled"


async def test_a_printer_that_hangs_up_half_way() -> None:
    with printer("hangs_up") as fake:
        assert await failure(at(fake), LONG) == "printer_broke_off"


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert await failure(PrinterChoice(kind="network", host="127.0.0.1", port=port)) == "printer_unreachable"


async def test_an_address_that_is_none() -> None:
    assert await failure(PrinterChoice(kind="network", host="a" * 300)) == "printer_unreachable"


async def test_no_printer_was_chosen() -> None:
    for choice in (PrinterChoice(), PrinterChoice(kind="network"), PrinterChoice(kind="device")):
        assert await failure(choice) == "printer_none"


async def test_a_print_can_be_cancelled_at_once() -> None:
    with printer("stalls") as fake:
        prints = ReceiptPrinter(Patience(stall_s=60))
        printing = asyncio.create_task(prints.print(at(fake), LONG))
        assert await asyncio.to_thread(fake.began.wait, 5)
        began = time.monotonic()
        printing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await printing
        assert time.monotonic() - began < 1
    with printer() as fake:
        await prints.print(at(fake), RECEIPT)
        assert fake.paper().cut == 1


async def test_the_event_loop_goes_on_while_a_printer_stalls() -> None:
    with printer("stalls") as fake:
        printing = asyncio.create_task(failure(at(fake), LONG))
        longest, last = 0.0, time.monotonic()
        while not printing.done():
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        assert await printing == "printer_stalled"
        assert longest < 0.5


async def test_a_serial_printer_gets_the_same_bytes() -> None:
    ours, theirs = os.openpty()
    try:
        fake = threading.Thread(target=_serial_printer, args=(ours, got := bytearray()), daemon=True)
        fake.start()
        choice = PrinterChoice(kind="device", path=os.ttyname(theirs), speed=115200)
        await ReceiptPrinter(SHORT).print(choice, RECEIPT)
    finally:
        os.close(theirs)
        os.close(ours)
    assert bytes(got) == (RECEIPTS / "order.zh.48.bin").read_bytes()


def _serial_printer(number: int, got: bytearray) -> None:
    held = b""
    while True:
        try:
            held += os.read(number, 256)
        except OSError:
            return
        while (at := held.find(b"\x10\x04")) >= 0 and at + 2 < len(held):
            os.write(number, b"\x12")
            held = held[:at] + held[at + 3 :]
        if (turn := held.find(b"\x1dr\x01")) >= 0:
            got += held[:turn]
            held = held[turn + 3 :]
            os.write(number, b"\x00")


async def test_a_device_that_is_not_there(tmp_path: Path) -> None:
    assert await failure(PrinterChoice(kind="device", path=str(tmp_path / "lp0"))) == "printer_unreachable"


async def test_a_file_that_takes_everything_is_a_printer_that_cannot_answer(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    os.mkfifo(device)
    reading = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
    try:
        await ReceiptPrinter(SHORT).print(PrinterChoice(kind="device", path=str(device), answers=False), RECEIPT)
        assert os.read(reading, 65536) == (RECEIPTS / "order.zh.48.bin").read_bytes()
        assert stat.S_ISFIFO(device.stat().st_mode)
    finally:
        os.close(reading)
