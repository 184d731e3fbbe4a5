"""Taking goods back: what stays is priced as if only it had been bought, then, by the same promotions."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from guide_app.domain.errors import BadInput
from guide_app.domain.money import split
from guide_app.domain.pricing.basket import Basket
from guide_app.domain.pricing.engine import price
from guide_app.domain.pricing.priced import Priced
from guide_app.domain.records.base import Part
from guide_app.domain.records.pricing import Manual


class Held(Part, frozen=True):
    """What the shop holds for an order: money in minor units, points, and the coupons that were used."""

    money: int
    points: int = 0
    coupons: tuple[str, ...] = ()


class Returned(Part, frozen=True):
    """`stays`: the price of what stays; `back`: what the customer gets back; `held`: what the shop holds after it.

    Where what stays costs more than is held (a promotion's condition is no longer met) nothing is given back.
    """

    stays: Priced
    back: Held
    held: Held


def held_for(priced: Priced) -> Held:
    """What the shop holds once an order was paid."""
    return Held(money=priced.total, points=priced.points, coupons=priced.coupons)


def take_back(basket: Basket, returned: Mapping[str, int], held: Held) -> Returned:
    """`basket`: as it was sold; `returned`: line id → all pieces that came back so far; `held`: before this return.

    BadInput("return_too_many") where a line has fewer pieces, or there is no such line.
    """
    stays = price(_what_stays(basket, returned, held))
    if stays.total > held.money:
        return Returned(stays=stays, back=Held(money=0), held=held)
    after = held_for(stays)
    back = Held(
        money=held.money - after.money,
        points=held.points - after.points,
        coupons=tuple(one for one in held.coupons if one not in after.coupons),
    )
    return Returned(stays=stays, back=back, held=after)


def _what_stays(basket: Basket, returned: Mapping[str, int], held: Held) -> Basket:
    sold = {line.line_id: line for line in basket.lines}
    if any(line_id not in sold or not 0 <= count <= sold[line_id].qty for line_id, count in returned.items()):
        raise BadInput("return_too_many")
    lines = tuple(msgspec.structs.replace(line, qty=line.qty - returned.get(line.line_id, 0)) for line in basket.lines)
    gross = {line.line_id: line.qty * line.price for line in basket.lines if not line.gift_card}
    staying = {line.line_id: line.qty * line.price for line in lines}
    return msgspec.structs.replace(
        basket,
        lines=lines,
        coupons=tuple(one for one in basket.coupons if one.coupon_id in held.coupons),
        manual=tuple(_staying(one, gross, staying) for one in basket.manual),
        points=held.points,
    )


def _staying(manual: Manual, gross: Mapping[str, int], staying: Mapping[str, int]) -> Manual:
    """An amount by hand goes in proportion to the goods that it was given on; a percentage stays one."""
    lines = [manual.line_id] if manual.line_id else list(gross)
    before, after = (sum(side.get(line_id, 0) for line_id in lines) for side in (gross, staying))
    kept, _ = split(manual.amount, [after, before - after]) if before else (0, 0)
    return msgspec.structs.replace(manual, amount=kept)
