"""How far what is taken off by hand may go: the tablet asks for a manager's PIN by this, HQ judges orders by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from guide_app.domain.money import percent
from guide_app.domain.pricing.priced import Step
from guide_app.domain.records.order import Discount
from guide_app.domain.records.pricing import Manual
from guide_app.domain.records.shop import Settings


class SoldLine(Protocol):
    """A line of an order, as `guide_app.operations.orders` and `guide_app.domain.records.order` tell it."""

    @property
    def line_id(self) -> str: ...
    @property
    def qty(self) -> int: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def discounts(self) -> tuple[Discount, ...]: ...


def limit_of(one: Manual, settings: Settings) -> int:
    """The share that may be taken off by it, in basis points: a manager's where one allowed it, else the guide's."""
    return settings.manager_limit if one.approved_by else settings.guide_limit


def beyond(
    lines: Sequence[SoldLine],
    manual: Sequence[Manual],
    settings: Settings,
    *,
    cards: Collection[str],
    all_allowed: bool = False,
) -> tuple[str, ...]:
    """The ids of the discounts by hand that go beyond their limits, shares of what their goods cost without any.

    `all_allowed`: as if a manager had allowed each. Of a line all that was taken off by hand for the line itself counts
    together; of the order everything by hand: nobody gets around a limit by many small discounts. A discount on a line
    that names none of `manual` is beyond every limit. `cards`: the lines that are gift cards; nothing may be taken off
    these, and they are no part of what the order costs.
    """
    of_line = {one.manual_id: one.line_id for one in manual}
    told = {each.source_id for line in lines for each in _by_hand(line)}
    limits = {
        one.manual_id: settings.manager_limit if all_allowed else limit_of(one, settings)
        for one in manual
        if one.manual_id in told
    }
    found = {one.manual_id for one in manual
             if one.manual_id in limits and _is_beyond(one, lines, of_line, cards, limits[one.manual_id])}  # fmt: skip
    return tuple(sorted(found | (told - of_line.keys())))


def _is_beyond(
    one: Manual, lines: Sequence[SoldLine], of_line: dict[str, str], cards: Collection[str], limit: int
) -> bool:
    meant = [line for line in lines if one.line_id in ("", line.line_id)]
    cost = sum(line.qty * line.unit_price - sum(d.amount for d in line.discounts if d.step < Step.MANUAL)
               for line in meant if line.line_id not in cards)  # fmt: skip
    off = sum(d.amount for line in meant for d in _by_hand(line) if not one.line_id or of_line.get(d.source_id))
    return off > percent(cost, limit)


def _by_hand(line: SoldLine) -> Iterator[Discount]:
    return (each for each in line.discounts if each.step == Step.MANUAL)
