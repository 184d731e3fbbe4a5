"""A document as the bytes of ESC/POS, the command set of most receipt printers.

Source: Epson, "ESC/POS Command Reference" (ESC @, ESC E, ESC a, ESC t, GS !, GS V, GS ( k functions 165, 167, 169, 180
and 181, FS &, FS ., FS !). Chinese printers of other makers take the same commands, and text in GB18030.
"""

from __future__ import annotations

from guide_app.domain.receipt import Code, Document
from guide_app.domain.receipt.charset import CHARSETS, Charset
from guide_app.domain.receipt.paper import Row, rows
from guide_app.services.ports.printing import PrinterChoice

_ESC, _FS, _GS, _LF = b"\x1b", b"\x1c", b"\x1d", b"\n"
_RESET = _ESC + b"@"
_CHINESE_ON, _CHINESE_OFF = _FS + b"&", _FS + b"."
_WINDOWS_1252 = _ESC + b"t\x10"
_CENTRED, _LEFT = _ESC + b"a\x01", _ESC + b"a\x00"
_FEED_AND_CUT = _GS + b"VB\x00"
_TWICE, _CHINESE_TWICE = 0x11, 0x0C
_DOTS = 6
"""Of one module of a QR code: 0.75 mm on a printer of 203 dots an inch."""


def job(document: Document, choice: PrinterChoice) -> bytes:
    """All that is sent for the document, from the reset to the cut."""
    charset = CHARSETS[choice.charset]
    font = _CHINESE_ON if charset.chinese else _CHINESE_OFF + _WINDOWS_1252
    printed = (
        qr(row.text) if isinstance(row, Code) else _row(row, charset) for row in rows(document, choice.columns, charset)
    )
    return b"".join((_RESET, font, *printed, _FEED_AND_CUT))


def _row(row: Row, charset: Charset) -> bytes:
    text = charset.encode(row.text) + _LF
    if row.strong:
        text = _strong(1) + text + _strong(0)
    if row.big:
        text = _size(_TWICE, _CHINESE_TWICE, charset) + text + _size(0, 0, charset)
    return text


def _strong(on: int) -> bytes:
    return _ESC + bytes((0x45, on))


def _size(latin: int, chinese: int, charset: Charset) -> bytes:
    """Printers differ in whether GS ! means the Chinese font too: FS ! says the same for it."""
    return _GS + bytes((0x21, latin)) + (_FS + bytes((0x21, chinese)) if charset.chinese else b"")


def qr(text: str) -> bytes:
    """A QR code of model 2 that can be read with 15 % of it gone (level M), in the middle of the paper."""
    data = text.encode()
    size = len(data) + 3
    return b"".join(
        (
            _CENTRED,
            _code(b"\x04\x00", b"A2\x00"),
            _code(b"\x03\x00", bytes((0x43, _DOTS))),
            _code(b"\x03\x00", b"E1"),
            _code(size.to_bytes(2, "little"), b"P0" + data),
            _code(b"\x03\x00", b"Q0"),
            _LEFT,
        )
    )


def _code(size: bytes, function: bytes) -> bytes:
    return _GS + b"(k" + size + b"1" + function
