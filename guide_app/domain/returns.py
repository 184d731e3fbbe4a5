"""Goods that come back: what the customer still has of an order, what the shop holds for it, what a return is worth.

Amounts in minor units of the order's currency, pieces by the ids of the lines. Tablet and HQ reckon by this same code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import msgspec

from guide_app.domain import money, payments
from guide_app.domain.errors import BadInput
from guide_app.domain.pricing import Basket, Goods, Held, Priced, PricedLine, Why, basket_of, price, take_back
from guide_app.domain.records import PricedBy, Promotion
from guide_app.domain.records.base import Names, Part
from guide_app.domain.records.order import Order, OrderCopy, OrderLine, Payment, Return, Spend

GONE_OUT = frozenset({"shipped", "delivered", "closed", "returned"})
"""States in which the goods have left: too late to cancel."""


class Forgone(Part, frozen=True):
    """What one promotion no longer takes off the goods that stay (`amount` > 0), or takes off more (< 0); `why` it does
    not apply any more, where it does not."""

    source_id: str
    kind: str
    amount: int
    names: Names = Names()
    why: Why | None = None


class Reckoned(Part, frozen=True):
    """What comes of a return: ``back.money = goods - Σ forgone.amount``, but never below zero.

    `goods`: what the goods that come back were paid with; `wanting`: what the goods that stay cost more than the shop
    holds; it goes off the next refund.
    """

    back: Held
    goods: int
    forgone: tuple[Forgone, ...] = ()
    wanting: int = 0


def standing(order: Order) -> tuple[Return, ...]:
    """The returns that were not taken back."""
    return tuple(one for one in order.returns if not one.void)


def taken_in(order: Order) -> tuple[Return, ...]:
    """The returns that were made in the shop whose row this is: of its own order, or of its copy of another shop's."""
    here = order.store_id if isinstance(order, OrderCopy) else ""
    return tuple(one for one in order.returns if one.store_id == here)


def till_legs(order: Order) -> tuple[Payment, ...]:
    """The payments that moved money in the shop whose row this is. What another shop gave back for goods of the order,
    and took again where that was none, moved there."""
    if not isinstance(order, OrderCopy) and not any(one.store_id for one in order.returns):
        return order.payments
    mine = {leg for one in taken_in(order) for leg in one.legs}
    others = {leg for one in order.returns if one.store_id for leg in one.legs} - mine

    def here(leg: Payment) -> bool:
        if isinstance(order, OrderCopy):
            return leg.id in mine or leg.of in mine
        return leg.id not in others and leg.of not in others

    return tuple(leg for leg in order.payments if here(leg))


def returned(order: Order) -> Counter[str]:
    """Line → pieces that came back."""
    back = Counter[str]()
    for one in standing(order):
        for line in one.lines:
            back[line.line_id] += line.qty
    return back


def left(order: Order) -> dict[str, int]:
    """Line → pieces that the customer still has; none of a cancelled order."""
    back = returned(order)
    return {line.line_id: 0 if order.state == "cancelled" else line.qty - back[line.line_id] for line in order.lines}


def cancellable(order: Order) -> bool:
    """Whether it can still be taken back as a whole."""
    return order.state not in GONE_OUT and order.state != "cancelled"


def back_but_unpaid(order: Order) -> bool:
    """Whether everything came back and the shop still holds something for it."""
    return bool(standing(order)) and not any(left(order).values()) and held(order) > 0


def held(order: Order) -> int:
    """What the shop may keep for the order (`payments.due`)."""
    return payments.due(order)


def repaid(order: Order, amount: int) -> tuple[Payment, ...]:
    """By which payments so much of what the order comes to goes back at the till: on gift cards as far as they paid,
    and the others the last first; `amount` of each is what goes back. What was not paid yet needs none, what went
    through a provider goes back through HQ."""
    rest = min(amount, max(0, payments.received(order) - (held(order) - amount)))
    legs = []
    last_first = reversed(order.payments)
    for leg in sorted(last_first, key=lambda leg: leg.card is None):
        method = payments.tender(leg)
        if leg.kind == "paid" and method in (*payments.TILL, payments.GIFT_CARD) and leg.id:
            part = min(rest, payments.left_of(order, leg.id))
            rest -= part
            legs += [msgspec.structs.replace(leg, method=method, amount=part)] if part else []
    return tuple(legs)


def spent(order: Order) -> tuple[Spend, ...]:
    """What the order still spends of leases."""
    rest = Counter[str]()
    for one in order.spends:
        rest[one.lease_id] += one.amount
    for back in standing(order):
        rest.subtract({one.lease_id: one.amount for one in back.spends})
    return tuple(Spend(lease_id=lease_id, amount=amount) for lease_id, amount in rest.items() if amount > 0)


def sold_basket(
    order: Order, goods: Mapping[str, Goods], promotions: Mapping[str, Promotion], at: datetime
) -> Basket | None:
    """The basket as it was sold: of a promotion that the order names the version that it names, else the one that was
    current at its `placed_at`. None where the order does not say what it was priced by. Arguments as `basket_of`'s."""
    if order.priced_by is None:
        return None
    named = named_by(order)
    families = {promotions[row_id].of for row_id in named if row_id in promotions}
    known = {
        row_id: msgspec.structs.replace(one, since="", until_moment="") if row_id in named else one
        for row_id, one in promotions.items()
        if row_id in named or one.of not in families
    }
    return basket_of(order, goods, known, at)


def named_by(order: Order) -> frozenset[str]:
    """The versions of promotions that an order names."""
    by = order.priced_by or PricedBy()
    taken = {one.promotion_id for line in order.lines for one in line.discounts if one.promotion_id}
    return frozenset(taken.union(by.audience, (one.promotion_id for one in by.coupons)))


def reckon(order: Order, basket: Basket | None, more: Mapping[str, int]) -> Reckoned:
    """What the customer gets for `more` pieces (by line) than came back before; of none: what is due to them yet.

    `basket`: as it was sold (`sold_basket`); None, or where the prices do not come out as on the order (imported,
    or priced by what is not known here): each line goes in proportion to its pieces. BadInput("return_too_many").
    """
    has = left(order)
    if any(not 0 <= count <= has.get(line_id, 0) for line_id, count in more.items()):
        raise BadInput("return_too_many")
    back = returned(order)
    back.update(more)
    sold = price(basket) if basket is not None and order.priced_by is not None else None
    if basket is None or sold is None or not _as_sold(sold, order):
        return _in_proportion(order, back)
    points = sold.points - sum(one.refund.points for one in standing(order))
    given = {coupon for one in standing(order) for coupon in one.refund.coupons}
    before = Held(
        money=held(order), points=max(0, points), coupons=tuple(one for one in sold.coupons if one not in given)
    )
    told = take_back(basket, back, before)
    goods = before.money - sum(_share(line, back) for line in order.lines)
    lost = tuple(_forgone(sold, told.stays, back))
    return Reckoned(back=told.back, goods=goods, forgone=lost, wanting=max(0, told.stays.total - before.money))


def _as_sold(sold: Priced, order: Order) -> bool:
    return {line.line_id: line.amount for line in sold.lines} == {line.line_id: line.amount for line in order.lines}


def _share(line: OrderLine, back: Mapping[str, int]) -> int:
    """What of a line's amount belongs to the pieces that stay."""
    gone = back.get(line.line_id, 0)
    stays, _ = money.split(line.amount, [line.qty - gone, gone])
    return stays


def _in_proportion(order: Order, back: Mapping[str, int]) -> Reckoned:
    there, stays = held(order), sum(_share(line, back) for line in order.lines)
    worth = there - stays
    return Reckoned(back=Held(money=max(0, worth)), goods=worth, wanting=max(0, -worth))


def _forgone(sold: Priced, stays: Priced, back: Mapping[str, int]) -> list[Forgone]:
    """By each cause: its share of the pieces that stay, less what it still takes off them."""
    now = {line.line_id: line for line in stays.lines}
    reasons = {one.source_id: one.why for one in stays.not_applied}
    lost: Counter[tuple[str, str]] = Counter()
    names: dict[tuple[str, str], Names] = {}
    for line in sold.lines:
        gone = back.get(line.line_id, 0)
        for one in line.reductions:
            share, _ = money.split(one.amount, [line.qty - gone, gone])
            lost[one.kind, one.source_id] += share
            names[one.kind, one.source_id] = one.names
        for one in now[line.line_id].reductions if line.line_id in now else ():
            lost[one.kind, one.source_id] -= one.amount
            names.setdefault((one.kind, one.source_id), one.names)
        _round_share(line, gone, lost)
    applied = {one.source_id for line in stays.lines for one in line.reductions}
    return [
        Forgone(
            source_id=source, kind=kind, amount=amount, names=names.get((kind, source), Names()),
            why=None if source in applied else reasons.get(source),
        )
        for (kind, source), amount in sorted(lost.items())
        if amount
    ]  # fmt: skip


def _round_share(line: PricedLine, gone: int, lost: Counter[tuple[str, str]]) -> None:
    """The minor units by which a line's share differs from the shares of its causes count as rounding."""
    stay = line.qty - gone
    by_cause = sum(money.split(one.amount, [stay, gone])[0] for one in line.reductions)
    lost["rounding", ""] += stay * line.price - by_cause - money.split(line.amount, [stay, gone])[0]


__all__ = [
    "GONE_OUT", "Forgone", "Reckoned", "back_but_unpaid", "cancellable", "held", "left", "named_by", "reckon", "repaid",
    "returned", "spent", "standing", "taken_in", "till_legs",
]  # fmt: skip
