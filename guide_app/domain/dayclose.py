"""The close of a shop's day: what was sold and what money moved, by one rule on tablet and at HQ.

Sales belong to the day on which an order was placed; an order cancelled since is none. Goods that came back belong to
the day on which they did, and lessen no day's sales. Money belongs to the day on which it was received or given back,
whatever day's order it was for, in the shop where it moved (a leg without a time, of an imported order, to the day of
its order). So a day's sales can change after it, by an order that a tablet sends late or by a cancelling; what a person
closed stays as they saw it, and the difference is named. Amounts in minor units; days and hours are the shop's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import payments, returns
from guide_app.domain.clock import from_text
from guide_app.domain.money import split
from guide_app.domain.records import Order, OrderCopy
from guide_app.domain.records.dayclose import Count, DayClose, Figures, MethodCount
from guide_app.domain.records.order import OrderLine, Payment, Return
from guide_app.domain.shares import by_guide, of_line
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


def figures(sales: Iterable[Sale], day: Span, guide_id: str = "") -> Figures:
    """The figures of a day, from at least all orders that were placed, paid, given back or cancelled on it.

    `guide_id`: this guide's alone: of each order that they share their part, so that what all guides have adds up to
    what the shop has, to the cent; an order counts with everybody who shares it. Goods that came back are theirs who
    sold them, in whatever shop they were taken in: never theirs who took them. So there the shop's own returns differ
    from its guides' by what another shop took in of its orders, and by what it took in of others'.
    """
    every = list(sales)
    own = [sale for sale in every if not isinstance(sale.order, OrderCopy)]
    found = [sale for sale in own if not guide_id or guide_id in _weights(sale.order)]
    copies = [sale.order for sale in every if isinstance(sale.order, OrderCopy)]
    placed = [sale for sale in found if sale.order.placed_at in day]
    stand = [sale.order for sale in placed if sale.order.state != "cancelled"]
    cancelled = [sale.order for sale in found if sale.order.state == "cancelled" and _cancelled_at(sale.order) in day]
    cut = [one for order in stand for one in _discounts(order, guide_id)]
    sold = [_part(order, guide_id, order.totals.total) for order in stand]
    return Figures(
        sales=_count(sold),
        pieces=sum(pieces for order in stand for pieces in _pieces(order, guide_id)),
        before_discounts=sum(sold) + sum(amount for _, amount in cut),
        discounts=_grouped(cut),
        owed=_count(_part(order, guide_id, owed) for order in stand if (owed := payments.owed(order))),
        cancelled=_count(_part(order, guide_id, order.totals.total) for order in cancelled),
        returns=_count(_returns(found, copies, day, guide_id)),
        methods=_methods(
            (
                *(leg for sale in found for leg in _legs(sale.order, day, guide_id)),
                *(
                    leg
                    for copy in copies
                    for leg in returns.till_legs(copy)
                    if leg.at in day and guide_id in ("", leg.guide_id)
                ),
            )
        ),
        guides=_grouped(
            part for order in stand for part in by_guide(order).items() if not guide_id or part[0] == guide_id
        ),
        hours=_grouped((_hour(order, day.zone), part) for order, part in zip(stand, sold, strict=True)),
        seen=tuple(sorted(sale.id[-SEEN:] for sale in placed if sale.order.state != "cancelled")),
    )


def waiting(sales: Iterable[Sale], guide_id: str = "") -> Count:
    """What these orders come to that HQ does not have yet, `guide_id` as of `figures`."""
    orders = [sale.order for sale in sales if not guide_id or guide_id in _weights(sale.order)]
    return _count(_part(order, guide_id, order.totals.total) for order in orders)


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


def _weights(order: Order) -> dict[str, int]:
    """By what its amounts are parted among the guides: what each sold of it. Of one for nothing all is the guide's."""
    sold = by_guide(order)
    return sold if any(sold.values()) else {order.guide_id: 1}


def _part(order: Order, guide_id: str, amount: int) -> int:
    """What of an amount of the order is the guide's; all of it for nobody."""
    if not guide_id:
        return amount
    weights = _weights(order)
    return dict(zip(weights, split(amount, list(weights.values())), strict=True)).get(guide_id, 0)


def _of_line(order: Order, line: OrderLine, guide_id: str, count: int) -> int:
    """What of so much of a line is the guide's; all of it for nobody."""
    told = of_line(line, order.guide_id)
    parts = zip(told, split(count, [one.share for one in told]), strict=True)
    return sum(part for one, part in parts if guide_id in ("", one.guide_id))


def _pieces(order: Order, guide_id: str) -> Iterator[int]:
    return (_of_line(order, line, guide_id, line.qty) for line in order.lines)


def _discounts(order: Order, guide_id: str) -> Iterator[tuple[str, int]]:
    for line in order.lines:
        if not guide_id or any(one.guide_id == guide_id for one in of_line(line, order.guide_id)):
            for one in line.discounts:
                yield one.kind, _of_line(order, line, guide_id, one.amount)


def _returns(found: Iterable[Sale], copies: Iterable[OrderCopy], day: Span, guide_id: str) -> Iterator[int]:
    """What was refunded for goods that came into this shop; of a guide their part of what came back of their sales."""
    for sale in found:
        for back in sale.order.returns:
            if _stands(back, day) and (guide_id or not back.store_id):
                yield _part(sale.order, guide_id, back.refund.money)
    for copy in () if guide_id else copies:
        yield from (back.refund.money for back in returns.taken_in(copy) if _stands(back, day))


def _stands(back: Return, day: Span) -> bool:
    return not back.void and back.at in day


def _cancelled_at(order: Order) -> str:
    return order.cancelled_at or order.placed_at


def _legs(order: Order, day: Span, guide_id: str) -> Iterator[Payment]:
    return (
        msgspec.structs.replace(leg, amount=_part(order, guide_id, leg.amount))
        for leg in returns.till_legs(order)
        if (leg.at or order.placed_at) in day
    )


def _methods(legs: Iterable[Payment]) -> dict[str, MethodCount]:
    every = list(legs)

    def of(method: str, kind: str) -> Count:
        return _count(leg.amount for leg in every if (leg.method, leg.kind) == (method, kind))

    methods = sorted({leg.method for leg in every})
    return {name: MethodCount(received=of(name, "paid"), given_back=of(name, "refunded")) for name in methods}


def _hour(order: Order, zone: str) -> str:
    return f"{from_text(order.placed_at).astimezone(ZoneInfo(zone)).hour:02d}"
