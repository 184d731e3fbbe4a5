"""What is sent to a printer, byte by byte: against captured streams, and as a printer reads it.

`tests/golden/receipts/qr.bin` was captured from python-escpos 3.1 (``qr("101AB7K00423", native=True, size=6, ec=1)``);
the others are ours, each read and approved once as paper. `python -m tests.golden.make_receipts` writes them anew.
"""

from __future__ import annotations

import pytest

from guide_app.adapters.printing.escpos import job, qr
from guide_app.domain.receipt.sale import receipt
from guide_app.services.ports.printing import PrinterChoice
from tests.golden.make_receipts import RECEIPTS, captured
from tests.printers import Paper, Printed
from tests.sold import ENGLISH, NUMBER, SHOP, sold


@pytest.mark.parametrize("name", sorted(captured()))
def test_the_bytes_are_those_that_were_captured(name: str) -> None:
    assert captured()[name] == (RECEIPTS / f"{name}.bin").read_bytes()


def test_a_qr_code_is_what_another_library_sends() -> None:
    assert (RECEIPTS / "qr.bin").read_bytes() in qr(NUMBER)


def paper(data: bytes) -> Paper:
    read = Paper()
    read.read(data)
    return read


def test_a_chinese_printer_reads_every_word() -> None:
    document = receipt(sold(), SHOP)
    sheet = paper(job(document, PrinterChoice(kind="network", columns=48)))
    text = "".join(line.text for line in sheet.lines)
    assert sheet.cut == 1
    assert sheet.lines[0] == Printed("     暖芽·梧桐路店", strong=True, big=True)
    assert Printed(NUMBER, qr=True, centred=True) in sheet.lines
    for words in ("云朵纸尿裤 M", "纸尿裤满减", "-34.00", "￥1,372.00", "待付", "找零", "30 天内凭小票退换。"):
        assert words in text
    assert all(len(line.text.encode("gbk")) <= (24 if line.big else 48) for line in sheet.lines if not line.qr)


def test_a_western_printer_is_set_to_its_code_page() -> None:
    sheet = paper(job(receipt(sold(), ENGLISH), PrinterChoice(kind="network", columns=32, charset="western")))
    assert Printed("Total  ¥1,372.00", strong=True, big=True) in sheet.lines
    assert all(len(line.text) <= 32 for line in sheet.lines if not line.qr)
