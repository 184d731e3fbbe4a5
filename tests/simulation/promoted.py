"""Promotions in the simulation: what HQ's people write, how guides sell by what their tablet has, and what must hold of
every order whatever was published, changed and ended while tablets were offline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import pricing
from guide_app.domain.clock import from_text, to_text
from guide_app.domain.pricing import Basket, Buyer, Line, Manual, Rounding, Step
from guide_app.domain.records import Audience, Names, Order, OrderLine, Promotion, Selection, Totals, decode
from guide_app.domain.records.order import PaymentIntent
from guide_app.operations.orders import Place, PlacedLine
from tests.simulation.hq_data import CHAIN
from tests.simulation.invariants import Violation

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet
    from tests.simulation.world import World

ZONE = ZoneInfo("Asia/Shanghai")
Says = Callable[[Random, Sequence[str]], Promotion]


class Sold(NamedTuple):
    """What a tablet priced an order by: the versions that it had for current, and when."""

    versions: frozenset[str]
    at: str


def _percentage(random: Random, products: Sequence[str]) -> Promotion:
    goods = Selection(products=(random.choice(products),)) if random.random() < 0.5 else Selection()
    audience = Audience(members=True) if random.random() < 0.3 else Audience()
    return Promotion(names=Names(en="Off", zh="折"), kind="percentage", percent=random.randint(1, 50) * 100,
                     goods=goods, audience=audience, from_time=random.choice(("", "18:00")))  # fmt: skip


def _amount(random: Random, products: Sequence[str]) -> Promotion:
    return Promotion(names=Names(en="Less", zh="减"), kind="amount", reach="order", stacks=random.random() < 0.5,
                     amount=random.randint(1, 300), min_amount=random.choice((0, 2_000)))  # fmt: skip


def _buy_get(random: Random, products: Sequence[str]) -> Promotion:
    return Promotion(names=Names(en="Sets", zh="送"), kind="buy_get", buy=1, get=1, percent=10_000,
                     repeats=random.choice((0, 1)))  # fmt: skip


def _staff(random: Random, products: Sequence[str]) -> Promotion:
    return Promotion(names=Names(en="Staff", zh="员工"), kind="staff", percent=random.randint(10, 50) * 100)


KINDS: Mapping[str, Says] = {"percentage": _percentage, "amount": _amount, "buy_get": _buy_get, "staff": _staff}


def sold(tablet: Tablet, place: Place, random: Random) -> tuple[Place, Sold]:
    """The order as this tablet prices it now."""
    now = to_text(tablet.time.now())
    here = tablet.query("SELECT id, d FROM other_row WHERE entity = 'promotion' ORDER BY id")
    rows = {row_id: one for row_id, text in here if (one := decode(text, Promotion)).current(now)}
    lines = tuple(
        Line(line_id=one.line_id, product_id=one.product_id, qty=one.qty, price=one.unit_price) for one in place.lines
    )
    by_hand = (Manual(manual_id="m", amount=random.randint(1, 99), label="?"),) if random.random() < 0.2 else ()
    basket = Basket(
        at=from_text(now).astimezone(ZONE), lines=lines, promotions=rows, manual=by_hand,
        buyer=Buyer(staff=bool(place.staff_id)) if place.member_id or place.staff_id else None,
        rounding=Rounding(unit=random.choice((1, 10))),
    )  # fmt: skip
    priced = pricing.price(basket)
    told = msgspec.structs.replace(
        place,
        lines=tuple(
            PlacedLine(line_id=one.line_id, product_id=one.product_id, qty=one.qty, unit_price=one.price,
                       amount=one.amount, discounts=pricing.discounts(one))
            for one in priced.lines
        ),
        totals=Totals(lines=priced.gross, discounts=priced.discounts, total=priced.total),
        payment_intent=PaymentIntent(method="cash", amount=priced.total), priced_by=pricing.priced_by(basket),
    )  # fmt: skip
    return told, Sold(frozenset(rows), now)


_BESIDE = {"price", "approval_missing", "coupon_missing", "points_missing"}
"""What is booked beside the engine's own difference: other list prices, what nobody was allowed to take off, and value
that was not there."""


def at_rest(world: World) -> None:
    """Of every order that was priced by promotions: lines = total, each cent off has its reason, and it differs from
    HQ's price by exactly what HQ has booked: by nothing where the tablet had the versions that were current."""
    rows = {row_id: row.record for row_id, row in world.hq.data.records(CHAIN, "promotion").items()}
    versions = {row_id: one for row_id, one in rows.items() if isinstance(one, Promotion)}
    for store in world.hq.stores:
        for order_id, row in world.hq.data.records(store.store_id, "order").items():
            if isinstance(row.record, Order) and row.record.priced_by is not None:
                _explained(row.record)
                _priced_again(row.record, versions, world.guides.sold.get(order_id))


def _explained(order: Order) -> None:
    for line in order.lines:
        if line.amount != line.qty * line.unit_price - sum(one.amount for one in line.discounts) or line.amount < 0:
            raise Violation(5, f"a line comes to {line.amount}")
        if silent := [one for one in line.discounts if not _has_reason(one.promotion_id, one.step, line)]:
            raise Violation(5, f"a discount of {silent[0].amount} has no reason")
    if order.totals.total != sum(line.amount for line in order.lines):
        raise Violation(5, "an order is not its lines")


def _has_reason(promotion_id: str, step: int, line: OrderLine) -> bool:
    return bool(promotion_id) or step in (Step.MANUAL, Step.ROUNDING)


def _priced_again(order: Order, versions: Mapping[str, Promotion], by: Sold | None) -> None:
    if any(order.placed_at in (one.since, one.until_moment) for one in versions.values()):
        return  # in that very moment HQ may have heard of it before or after
    current = {row_id for row_id, one in versions.items() if one.current(order.placed_at)}
    shop_time = from_text(order.placed_at).astimezone(ZONE)
    ours = pricing.price(pricing.basket_of(order, {}, versions, shop_time)).total
    booked = sum(one.amount for one in order.variances if one.cause not in _BESIDE)
    if booked != order.totals.total - ours:
        raise Violation(5, f"promised {order.totals.total}, HQ's price is {ours}, and {booked} is booked")
    if by and by.versions == current and by.at == order.placed_at and booked:
        raise Violation(5, f"priced by what was current, and differs by {booked}")
