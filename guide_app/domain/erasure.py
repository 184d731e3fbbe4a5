"""What stays of a trade record once the person in it is erased."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import msgspec

from guide_app.domain.pricing.priced import Step
from guide_app.domain.records import Discount, Instrument, Lease, Order, Payment, PricedBy, Return
from guide_app.domain.records.order import GoodsWay

_WORD = re.compile(r"[a-z_]*\Z")


def without_person(order: Order) -> Order:
    """The order as the books need it: goods, amounts, guide, times; neither member nor anything written freely, nor
    what of theirs it was paid with: coupons stand under names of this order alone, cards without their digits."""
    goes, names = order.fulfilment, coupon_names(order)
    steps = tuple(msgspec.structs.replace(step, way=_nobodys(step.way)) for step in goes.steps)
    nobodys = msgspec.structs.replace(goes, to=None, note="", first=_nobodys(goes.first), steps=steps)
    return msgspec.structs.replace(
        order, member_id="", note="", cancel_reason=coded(order.cancel_reason), fulfilment=nobodys,
        lines=tuple(msgspec.structs.replace(one, discounts=renamed(one.discounts, names)) for one in order.lines),
        priced_by=priced_by_nobody(order.priced_by, names), payments=tuple(map(_without_digits, order.payments)),
        returns=tuple(_returned(one, names) for one in order.returns),
        variances=tuple(msgspec.structs.replace(one, id=names.get(one.id, one.id)) for one in order.variances),
    )  # fmt: skip


def paid_by_somebody(order: Order) -> bool:
    """Whether operations about the order may hold a coupon of its customer, or what stands on their card."""
    return bool(coupon_names(order)) or any(leg.card is not None for leg in order.payments)


def nobodys_lease(lease_id: str, lease: Lease) -> Lease:
    """A lease of what has ended: an instrument's id is made of its owner's, so a name that leads nowhere stands for
    it."""
    if lease.instrument is None:
        return lease
    return msgspec.structs.replace(lease, instrument=Instrument(kind=lease.instrument.kind, id=lease_id))


def _nobodys(way: GoodsWay | None) -> GoodsWay | None:
    return msgspec.structs.replace(way, to=None, note="") if way else None


def coded(reason: str) -> str:
    """The reason if it is one of HQ's words, "" where somebody wrote it freely."""
    return reason if _WORD.match(reason) else ""


def coupon_names(order: Order) -> dict[str, str]:
    """Each coupon of the order, with what it is called once nobody's: see `stand_ins`."""
    back = (coupon for one in order.returns for coupon in one.refund.coupons)
    return stand_ins(order.priced_by, (each for line in order.lines for each in line.discounts), back)


def stand_ins(by: PricedBy | None, discounts: Iterable[Discount], more: Iterable[str] = ()) -> dict[str, str]:
    """Coupon → its name once it is nobody's. An id is made of the member's, so it tells who they were. The names keep
    the order of the ids, by which coupons are used: the order is priced as before."""
    found = {one.coupon_id for one in by.coupons} if by else set[str]()
    found |= {one.source_id for one in discounts if one.step == Step.COUPON} | set(more)
    return {one: coupon_name(n) for n, one in enumerate(sorted(found - {""}))}


def coupon_name(running: int) -> str:
    """What the n-th of an order's coupons is called once it is nobody's."""
    return f"coupon-{running:03}"


def priced_by_nobody(by: PricedBy | None, names: Mapping[str, str]) -> PricedBy | None:
    """What an order was priced by, its coupons under other names."""
    if by is None or not by.coupons:
        return by
    coupons = (msgspec.structs.replace(one, coupon_id=names[one.coupon_id]) for one in by.coupons)
    return msgspec.structs.replace(by, coupons=tuple(coupons))


def renamed(discounts: Collection[Discount], names: Mapping[str, str]) -> tuple[Discount, ...]:
    """The discounts, their coupons under other names."""
    return tuple(
        msgspec.structs.replace(one, source_id=names[one.source_id]) if one.source_id in names else one
        for one in discounts
    )


def _without_digits(leg: Payment) -> Payment:
    """The card's id stays, as money goes back on it: it is a bearer's, and says nothing of who that was."""
    if leg.card is None:
        return leg
    return msgspec.structs.replace(leg, card=msgspec.structs.replace(leg.card, digits=""))


def _returned(made: Return, names: Mapping[str, str]) -> Return:
    if not made.refund.coupons:
        return made
    coupons = tuple(names[one] for one in made.refund.coupons)
    return msgspec.structs.replace(made, refund=msgspec.structs.replace(made.refund, coupons=coupons))
