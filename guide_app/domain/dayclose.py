"""The close of a shop's day: what was sold and what money moved, by one rule on tablet and at HQ.

Sales belong to the day on which an order was placed; an order cancelled since is none. Goods that came back belong to
the day on which they did, and lessen no day's sales. Money belongs to the day on which it was received or given back,
whatever day's order it was for (a leg without a time, of an imported order, to the day of its order). So a day's sales
can change after it, by an order that a tablet sends late or by a cancelling; what a person closed stays as they saw it,
and the difference is named. Amounts in minor units; days and hours are the shop's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from guide_app.domain import payments
from guide_app.domain.clock import from_text
from guide_app.domain.records import Discount, Order
from guide_app.domain.records.dayclose import Count, DayClose, Figures, MethodCount
from guide_app.domain.records.order import Payment, Return
from guide_app.domain.shares import by_guide
from guide_app.domain.shopday import day_bounds

SEEN = 12
"""Characters of an order's id, its last, by which a close names the orders in it: 48 bits, and few orders a day."""


class Sale(NamedTuple):
    """An order with its id."""

    id: str
    order: Order


class Span(NamedTuple):
    """A day of a shop: its bounds in RFC 3339 UTC, the second excluded, and the zone of its hours (IANA name)."""

    since: str
    until: str
    zone: str

    @classmethod
    def of(cls, day: str, zone: str) -> Span:
        """The day ``2026-11-22`` of a shop in this zone."""
        return cls(*day_bounds(date.fromisoformat(day), ZoneInfo(zone)), zone)

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, str) and self.since <= instant < self.until


def figures(sales: Iterable[Sale], day: Span) -> Figures:
    """The figures of a day, from at least all orders that were placed, paid, given back or cancelled on it."""
    found = list(sales)
    placed = [sale for sale in found if sale.order.placed_at in day]
    stand = [sale.order for sale in placed if sale.order.state != "cancelled"]
    cancelled = [sale.order for sale in found if sale.order.state == "cancelled" and _cancelled_at(sale.order) in day]
    return Figures(
        sales=_count(order.totals.total for order in stand),
        pieces=sum(line.qty for order in stand for line in order.lines),
        before_discounts=sum(order.totals.lines for order in stand),
        discounts=_grouped((discount.kind, discount.amount) for discount in _discounts(stand)),
        owed=_count(owed for order in stand if (owed := payments.owed(order))),
        cancelled=_count(order.totals.total for order in cancelled),
        returns=_count(back.refund.money for sale in found for back in sale.order.returns if _stands(back, day)),
        methods=_methods(leg for sale in found for leg in _legs(sale.order, day)),
        guides=_grouped(part for order in stand for part in by_guide(order).items()),
        hours=_grouped((_hour(order, day.zone), order.totals.total) for order in stand),
        seen=tuple(sorted(sale.id[-SEEN:] for sale in placed if sale.order.state != "cancelled")),
    )


def of_guide(sales: Iterable[Sale], guide_id: str, day: Span) -> Figures:
    """The same for the orders of one guide alone."""
    return figures((sale for sale in sales if sale.order.guide_id == guide_id), day)


class Since(NamedTuple):
    """What happened to a day after it was closed: orders that were not there then (`late`), and orders that were, and
    were cancelled since (`gone`, by what of their id was kept)."""

    late: tuple[Sale, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.late or self.gone)


def since(closed: DayClose, sales: Iterable[Sale], day: Span) -> Since:
    """How the day differs now from what its close has."""
    known = frozenset(closed.figures.seen)
    stand = [sale for sale in sales if sale.order.placed_at in day and sale.order.state != "cancelled"]
    now = {sale.id[-SEEN:] for sale in stand}
    return Since(
        late=tuple(sale for sale in stand if sale.id[-SEEN:] not in known), gone=tuple(sorted(known - now))
    )  # fmt: skip


def expected_cash(figures: Figures) -> int:
    """What the drawer should hold of the day: the cash received less what was given back."""
    cash = figures.methods.get("cash", MethodCount())
    return cash.received.amount - cash.given_back.amount


def _count(amounts: Iterable[int]) -> Count:
    every = list(amounts)
    return Count(count=len(every), amount=sum(every))


def _grouped(amounts: Iterable[tuple[str, int]]) -> dict[str, Count]:
    groups = defaultdict[str, list[int]](list)
    for key, amount in amounts:
        groups[key].append(amount)
    return {key: _count(groups[key]) for key in sorted(groups)}


def _discounts(orders: Iterable[Order]) -> Iterator[Discount]:
    return (discount for order in orders for line in order.lines for discount in line.discounts)


def _stands(back: Return, day: Span) -> bool:
    return not back.void and back.at in day


def _cancelled_at(order: Order) -> str:
    return order.cancelled_at or order.placed_at


def _legs(order: Order, day: Span) -> Iterator[Payment]:
    return (leg for leg in order.payments if (leg.at or order.placed_at) in day)


def _methods(legs: Iterable[Payment]) -> dict[str, MethodCount]:
    every = list(legs)

    def of(method: str, kind: str) -> Count:
        return _count(leg.amount for leg in every if (leg.method, leg.kind) == (method, kind))

    methods = sorted({leg.method for leg in every})
    return {name: MethodCount(received=of(name, "paid"), given_back=of(name, "refunded")) for name in methods}


def _hour(order: Order, zone: str) -> str:
    return f"{from_text(order.placed_at).astimezone(ZoneInfo(zone)).hour:02d}"
