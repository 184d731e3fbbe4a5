"""Points: what an order earns, what of it stays after a return, and which points expire. Pure, for tablet and HQ.

An order's terms are fixed when it is first judged, so that whatever changes at HQ later a return takes back exactly its
part. For every account: the sum of its entries = what its lots have left, less what is owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from guide_app.domain import payments, periods, returns
from guide_app.domain.money import WHOLE
from guide_app.domain.pricing.basket import Buyer, Line
from guide_app.domain.pricing.shelf import Shelf
from guide_app.domain.records.base import Part
from guide_app.domain.records.order import Order
from guide_app.domain.records.points import Bonus, Earning, PointsPlan

EntryKind = Literal["earned", "taken_back", "spent", "given_back", "expired", "adjusted", "referral", "bonus"]
_USES = frozenset({"spent", "given_back", "expired"})
"""Kinds that use up whatever there is; the others put into, or take out of, the lot of their source."""


class Terms(Part, frozen=True):
    """What an order earns by: `points` for every whole `amount`; `total`: what its lines came to, `weight`: the same
    with each line times its bonus (minor units times basis points); `until`: the last day of what it earns, or "";
    `paid`: nothing before the order is paid; `cards`: its lines that are gift cards, which are in none of these.
    """

    amount: int
    points: int
    total: int
    weight: int
    until: str = ""
    paid: bool = False
    cards: tuple[str, ...] = ()


class Paid(NamedTuple):
    """A line with what is paid for it, minor units."""

    line: Line
    amount: int


class Entry(Part, frozen=True):
    """One movement of an account; `source`: the order or act behind it; `until`: the last day of what was put in."""

    kind: EntryKind
    points: int
    source: str = ""
    at: str = ""
    until: str = ""


class Lot(NamedTuple):
    """Points of one source that are left; `until` "": they do not expire."""

    until: str
    at: str
    source: str
    left: int


def terms(plan: PointsPlan, paid: Sequence[Paid], buyer: Buyer, day: date) -> Terms | None:
    """By what an order of this day of the shop earns; None where nothing is earned. A gift card is money and earns
    nothing: what is bought with it does."""
    earning = _earning(plan.earnings, day)
    cards = tuple(sorted(one.line.line_id for one in paid if one.line.gift_card))
    paid = [one for one in paid if not one.line.gift_card]
    total = sum(one.amount for one in paid)
    if earning is None or total <= 0:
        return None
    shelf = Shelf(one.line for one in paid)
    times = {line.line_id: WHOLE for line in shelf.lines}
    bonuses = [one for one in plan.bonuses if _holds(one, buyer, day)]
    covered = [{shelf.lines[n].line_id for n in shelf.among(one.goods)} for one in bonuses]
    for line_id in times:
        found = [one.times for one, lines in zip(bonuses, covered, strict=True) if line_id in lines]
        found += [buyer.times] if buyer.times != WHOLE else []
        times[line_id] = 0 if 0 in found else max(found, default=WHOLE)
    weight = sum(one.amount * times[one.line.line_id] for one in paid)
    return Terms(
        amount=earning.amount, points=earning.points, total=total, weight=weight, until=last_day(plan, day),
        paid=plan.when == "paid", cards=cards,
    )  # fmt: skip


def earned(told: Terms, stays: int) -> int:
    """Points of an order of which `stays` (minor units) stays paid for: whole amounts only, by the order's average."""
    if stays <= 0:
        return 0
    return told.weight * min(stays, told.total) // (told.total * WHOLE * told.amount) * told.points


def goods_stay(told: Terms, order: Order) -> int:
    """What of an order stays paid for goods today, minor units; a gift card that stays is money that was changed."""
    has = returns.left(order)
    cards = (has[line.line_id] * line.unit_price for line in order.lines if line.line_id in told.cards)
    return payments.due(order) - sum(cards)


def last_day(plan: PointsPlan, day: date) -> str:
    """The last day on which points of that day count, "" where they do not expire."""
    return periods.last_day(plan.expiry, plan.months, day)


def lots(entries: Iterable[Entry]) -> tuple[Lot, ...]:
    """What is left of what was put in, soonest to expire first: it is also used in that order."""
    return _used(*_put_in(tuple(entries)))


def owed(entries: Sequence[Entry]) -> int:
    """By how much more was used than there was: what the next points pay first."""
    return sum(one.left for one in lots(entries)) - sum(one.points for one in entries)


def expired(entries: Iterable[Entry], today: date) -> int:
    """How many points have had their last day, and are still there."""
    return sum(one.left for one in lots(entries) if one.until and one.until < today.isoformat())


def _earning(earnings: Iterable[Earning], day: date) -> Earning | None:
    found = [one for one in earnings if _covers(one, day)]
    return max(found, key=lambda one: one.valid_from) if found else None


def _covers(one: Earning | Bonus, day: date) -> bool:
    text = day.isoformat()
    return one.valid_from <= text and (not one.valid_until or text < one.valid_until)


def _holds(bonus: Bonus, buyer: Buyer, day: date) -> bool:
    level = not bonus.levels or buyer.level in bonus.levels
    return _covers(bonus, day) and level and (not bonus.birthday_month or buyer.birth_month == day.month)


def _put_in(entries: Sequence[Entry]) -> tuple[list[Lot], int]:
    """Each source's lot, and how much was used of all of them. What was taken back beyond its lot is used, too."""
    uses = -sum(one.points for one in entries if one.kind in _USES)
    sums: dict[str, list[Entry]] = {}
    for one in entries:
        if one.kind not in _USES:
            sums.setdefault(one.source, []).append(one)
    found = list[Lot]()
    for source, parts in sums.items():
        left = sum(one.points for one in parts)
        uses += max(0, -left)
        ends = [one.until for one in parts if one.points > 0 and one.until]
        found.append(Lot(min(ends, default=""), min(one.at for one in parts), source, max(0, left)))
    return found, uses


def _used(found: list[Lot], uses: int) -> tuple[Lot, ...]:
    left = list[Lot]()
    for lot in sorted(found, key=lambda lot: (lot.until or "9999", lot.at, lot.source)):
        taken = min(max(0, uses), lot.left)
        uses -= taken
        if lot.left > taken:
            left.append(lot._replace(left=lot.left - taken))
    return tuple(left)
