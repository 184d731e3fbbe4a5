"""What a colleague's order counts against their month's limit: told from the order alone, whoever holds its leases.

What is taken instead of goods that come back counts in the month of the first sale, as far as these counted there:
only what it costs beyond them needs something of the limit of its own month. Minor units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from guide_app.domain import leases, returns, spending
from guide_app.domain.records.order import Order, Spend


def counted(order: Order) -> tuple[Spend, ...]:
    """What the order still counts, by lease. Nothing where the order alone does not say: no colleague bought it, or it
    spends something else than the limit too."""
    if not order.staff_id or not any(returns.left(order).values()):
        return ()
    whole = Counter[str]()
    for one in order.spends:
        whole[one.lease_id] += one.amount
    if sum(whole.values()) != spending.counted(order.lines, order.uncounted):
        return ()
    spent = [Spend(lease_id=lease_id, amount=amount) for lease_id, amount in sorted(whole.items())]
    refunded = sum(spending.refunded(order, one.refund.money, one.lines) for one in returns.standing(order))
    back = leases.in_turn(spent, refunded, gone=False)
    rest = (Spend(lease_id=one.lease_id, amount=one.amount - back.get(one.lease_id, 0)) for one in spent)
    return tuple(one for one in rest if one.amount > 0)


def kept(back: Mapping[str, int], total: int) -> dict[str, int]:
    """What of a return's `back` (by lease) a new order of this total goes on counting."""
    return leases.in_turn((Spend(lease_id=one, amount=amount) for one, amount in back.items()), total, gone=False)
