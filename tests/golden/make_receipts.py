"""Captures what is sent to a receipt printer: `python -m tests.golden.make_receipts` writes the streams anew, after the
look of a receipt was changed on purpose. Look at them with ``python -m tests.golden.make_receipts --show``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from guide_app.adapters.printing.escpos import job
from guide_app.domain.receipt.sale import receipt
from guide_app.domain.receipt.trial import trial_page
from guide_app.services.ports.printing import PrinterChoice
from tests.printers import Paper
from tests.sold import ENGLISH, SHOP, sold

RECEIPTS = Path(__file__).with_name("receipts")
_AT = "2026-11-22T06:30:00.000Z"


def captured() -> dict[str, bytes]:
    """Name → all that is sent."""
    wide, narrow = PrinterChoice(kind="network"), PrinterChoice(kind="network", columns=32)
    western = PrinterChoice(kind="network", columns=42, charset="western")
    return {
        "order.zh.48": job(receipt(sold(), SHOP), wide),
        "order.zh.32": job(receipt(sold(), SHOP), narrow),
        "order.en.western.42": job(receipt(sold(), ENGLISH), western),
        "copy.zh.32": job(receipt(sold(copied_at=_AT), SHOP), narrow),
        "test.zh.48": job(trial_page(SHOP, _AT, 48, chinese=True), wide),
    }


if __name__ == "__main__":
    for name, data in captured().items():
        if "--show" in sys.argv:
            paper = Paper()
            paper.read(data)
            print(f"== {name}", *(f"{'QR ' if line.qr else ''}{line.text}" for line in paper.lines), sep="\n")
        else:
            (RECEIPTS / f"{name}.bin").write_bytes(data)
