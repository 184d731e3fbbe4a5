"""What was taken off by hand beyond what the guide might give alone, or the manager who is named for it: it stands, and
is booked.
"""

from __future__ import annotations

import msgspec

from guide_app.domain import pricing
from guide_app.domain.pricing import Manual, Step
from guide_app.domain.records import Discount, Order, OrderLine, Variance
from guide_app.operations.orders import PlacedLine
from hq.handlers.base import Desk


def approval_missing(order: Order, desk: Desk) -> tuple[Variance, ...]:
    """Each such discount with what it took off. An order of before promotions says nothing of what it was priced by,
    and nothing of it is judged. Who was no manager of this store at `placed_at` counts as nobody.
    """
    if order.priced_by is None:
        return ()
    manual = tuple(_as_known(one, order.placed_at, desk) for one in order.priced_by.manual)
    taken = [one for line in order.lines for one in by_hand(line)]
    cards = pricing.cards_sold(order.lines, desk.goods)
    return tuple(
        Variance(cause="approval_missing", amount=-sum(one.amount for one in taken if one.source_id == manual_id),
                 id=manual_id)
        for manual_id in pricing.beyond(order.lines, manual, desk.settings, cards=cards)
    )  # fmt: skip


def by_hand(line: OrderLine | PlacedLine) -> list[Discount]:
    """What was taken off a line by hand."""
    return [one for one in line.discounts if one.step == Step.MANUAL]


def _as_known(one: Manual, moment: str, desk: Desk) -> Manual:
    managed = any(term.covers(moment) for term in desk.managers.get(one.approved_by, ()))
    return one if managed else msgspec.structs.replace(one, approved_by="")
