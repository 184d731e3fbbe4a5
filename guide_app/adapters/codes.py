"""Barcodes in a picture: zxing-cpp finds them in any direction, with no network."""

from __future__ import annotations

from guide_app.services.ports.device import Seen

FORMATS = ("EAN13", "EAN8", "UPCA", "UPCE", "Code128", "QRCode")
"""What stands on goods, receipts, cards and posters. Others are left out: each costs time and may be misread."""
_SAMPLES = 4000


class Codes:
    """Implements `guide_app.services.ports.device.CodeReader`."""

    def read(self, pixels: memoryview, height: int, stride: int) -> Seen:
        import zxingcpp  # when somebody scans for the first time: no start needs it

        flat = pixels.cast("B")
        formats = zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in FORMATS])
        found = zxingcpp.read_barcodes(flat.cast("B", (height, stride)), formats=formats)
        some = bytes(flat[:: max(1, len(flat) // _SAMPLES)])
        codes = tuple(dict.fromkeys(code.text for code in found if code.text))
        return Seen(codes=codes, brightness=sum(some) // max(1, len(some)))
