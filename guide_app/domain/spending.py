"""What of an order counts as spent: for a member's level, and for what a colleague may buy at staff prices in a month.

A gift card that is sold is money and no goods: what is paid with it later counts then, and would count twice. HQ can
let it count all the same (`cards_count` of the settings). Which lines count nothing is settled as the order is placed
(`Order.uncounted`), and stays so, so that cancelling and returns undo it exactly. A card costs its list price, whatever
else there is. Minor units.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from guide_app.domain import payments, returns
from guide_app.domain.records.order import Order


class Priced(Protocol):
    """A line with what it comes to."""

    @property
    def line_id(self) -> str: ...
    @property
    def amount(self) -> int: ...


class Back(Protocol):
    """Pieces of a line that come back."""

    @property
    def line_id(self) -> str: ...
    @property
    def qty(self) -> int: ...


def uncounted(cards: Iterable[str], *, cards_count: bool) -> tuple[str, ...]:
    """The lines of a sale that count nothing, of those that are gift cards (`cards`), by HQ's setting."""
    return () if cards_count else tuple(sorted(cards))


def counted(lines: Iterable[Priced], nothing: Collection[str]) -> int:
    """What a sale of these lines counts; `nothing`: those that do not."""
    return sum(line.amount for line in lines if line.line_id not in nothing)


def counts(order: Order) -> int:
    """What an order counts today: what it comes to, without what was not counted and stays."""
    has = returns.left(order) if order.uncounted else {}
    return payments.due(order) - _worth(order, has)


def refunded(order: Order, money: int, back: Iterable[Back]) -> int:
    """What of so much money for these pieces counted once."""
    pieces = {line.line_id: line.qty for line in back} if order.uncounted else {}
    return max(0, money - _worth(order, pieces))


def _worth(order: Order, pieces: Mapping[str, int]) -> int:
    """What so many pieces of the lines that count nothing come to."""
    found = (line for line in order.lines if line.line_id in order.uncounted)
    return sum(pieces.get(line.line_id, 0) * line.unit_price for line in found)
