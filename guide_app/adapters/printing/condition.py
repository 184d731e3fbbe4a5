"""What a printer says about itself, read from its status bytes.

Source: Epson, "ESC/POS Command Reference", DLE EOT n (real-time status, answered also while the printer stands still)
and GS r 1 (paper sensor, answered in its turn: all that was sent before is printed by then).
"""

from __future__ import annotations

PRINTER, OFFLINE, ERROR, PAPER = 1, 2, 3, 4
"""What DLE EOT asks for."""
IN_ITS_TURN = b"\x1dr\x01"

_IS_OFFLINE = 0x08
_COVER, _PAPER_STOP, _ERROR_STOP = 0x04, 0x20, 0x40
_KNIFE, _BROKEN, _HOT = 0x08, 0x20, 0x40
_PAPER_END = 0x60


def question(what: int) -> bytes:
    """DLE EOT for one of the four bytes."""
    return bytes((0x10, 0x04, what))


def is_answer(byte: int) -> bool:
    """Whether a byte answers DLE EOT: bits 1 and 4 set, 0 and 7 not; flow control and others are told apart by it."""
    return byte & 0x93 == 0x12


def is_turn(byte: int) -> bool:
    """Whether a byte answers GS r: bits 4 and 7 not set."""
    return byte & 0x90 == 0


def problem(printer: int, offline: int, error: int, paper: int) -> str:
    """The code of what keeps a printer from printing, by its four bytes; empty: nothing does."""
    if offline & _COVER:
        return "printer_cover_open"
    if offline & _PAPER_STOP or paper & _PAPER_END == _PAPER_END:
        return "printer_paper_out"
    if offline & _ERROR_STOP:
        return _of_error(error)
    return "printer_offline" if printer & _IS_OFFLINE else ""


def _of_error(error: int) -> str:
    if error & _KNIFE:
        return "printer_knife"
    if error & _HOT and not error & _BROKEN:
        return "printer_hot"
    return "printer_broken"
