"""What becomes of a quotation: one order at most, at its prices until its last day, or nothing.

Two tablets that know nothing of each other may both make an order of it. Goods then went over two counters, so both
orders stand; the quotation is that of the order which HQ heard of first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from guide_app.domain.records.quotation import Quotation


class _Line(Protocol):
    @property
    def product_id(self) -> str: ...
    @property
    def qty(self) -> int: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def amount(self) -> int: ...


def arrived(quotation: Quotation | None) -> bool:
    """Whether what was promised is known, and not only what became of it."""
    return quotation is not None and quotation.number != ""


def holds(quotation: Quotation, day: str) -> bool:
    """Whether its prices hold on this day of the shop."""
    return day <= quotation.valid_until


def ordered(quotation: Quotation, order_id: str) -> Quotation | None:
    """The quotation as that order's; None where it became another one, or was taken back."""
    if quotation.state == "void" or quotation.order_id not in ("", order_id):
        return None
    return replace(quotation, state="ordered", order_id=order_id)


def freed(quotation: Quotation, order_id: str) -> Quotation:
    """The quotation once that order was taken back: open again, where it was that order's."""
    if quotation.order_id != order_id:
        return quotation
    return replace(quotation, state="open", order_id="")


def same_goods(promised: Sequence[_Line], sold: Sequence[_Line]) -> bool:
    """Whether these are the promised goods at the promised prices, in whatever order."""
    told, done = (
        sorted((line.product_id, line.qty, line.unit_price, line.amount) for line in lines)
        for lines in (promised, sold)
    )
    return told == done
