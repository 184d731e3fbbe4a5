"""What a wallet comes to while orders that spend of it, or give back to it, are not at HQ yet."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from msgspec.structs import replace

from guide_app.domain import payments, returns
from guide_app.domain.records import Coupon, Names, Order, PricedBy, Wallet

POINTS = ""
"""The points' place among what an order uses."""


class Change(NamedTuple):
    """An order as HQ has it, None where it has none, and as it is here."""

    at_hq: Order | None
    here: Order


def used(order: Order | None) -> Counter[str]:
    """What an order uses of its member's today: by coupon how often, and `POINTS`."""
    if order is None or not any(returns.left(order).values()):
        return Counter()
    by = order.priced_by or PricedBy()
    rest = Counter({POINTS: by.points, **{one.coupon_id: 1 for one in by.coupons}})
    for back in returns.standing(order):
        rest.subtract({POINTS: back.refund.points, **dict.fromkeys(back.refund.coupons, 1)})
    return rest


def now(wallet: Wallet, changes: tuple[Change, ...]) -> Wallet:
    """HQ's wallet with what these orders changed here, what they paid from cards too. A coupon that is used up stays in
    it, with no use left; one that came back and that HQ's wallet has not again yet has the name and the template's
    version of its order."""
    more, on_cards = Counter[str](), Counter[str]()
    for one in changes:
        more.subtract(used(one.here))
        more.update(used(one.at_hq))
        on_cards.subtract(payments.from_cards(one.here))
        on_cards.update(payments.from_cards(one.at_hq) if one.at_hq else {})
    known = {coupon.id for coupon in wallet.coupons}
    coupons = [replace(one, uses=max(0, one.uses + more[one.id])) if one.id else one for one in wallet.coupons]
    coupons += [_come_back(one, changes) for one in more if more[one] > 0 and one not in known and one != POINTS]
    cards = tuple(replace(one, balance=max(0, one.balance + on_cards[one.id])) for one in wallet.cards)
    return replace(wallet, points=max(0, wallet.points + more[POINTS]), coupons=tuple(coupons), cards=cards)


def _come_back(coupon_id: str, changes: tuple[Change, ...]) -> Coupon:
    names = (
        discount.names
        for one in changes
        for line in one.here.lines
        for discount in line.discounts
        if discount.source_id == coupon_id
    )
    by = (one.here.priced_by or PricedBy() for one in changes)
    template = (chosen.promotion_id for each in by for chosen in each.coupons if chosen.coupon_id == coupon_id)
    return Coupon(title=next(names, Names()), id=coupon_id, promotion=next(template, ""))
