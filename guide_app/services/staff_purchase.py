"""Staff purchase: who may buy at staff prices, and what of their month's limit an order spends, from leases alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from guide_app.domain import leases, staff_limit
from guide_app.domain.errors import Defect, NoNetwork, Refused
from guide_app.domain.records import Staff
from guide_app.operations.leases import Spending
from guide_app.services.baskets import Basket
from guide_app.services.leases import LeaseDesk
from guide_app.services.ports.base import View
from guide_app.services.ports.shop import ShopReader
from guide_app.services.pricing import PriceDesk, Quote, shop_time


class Colleague(View, frozen=True):
    """Somebody who may buy at staff prices today: for so much a month, minor units. `number`: on their staff card."""

    id: str
    name: str
    limit: int
    number: str = ""


class StaffDesk:
    """The use cases of staff purchase."""

    def __init__(self, prices: PriceDesk, shop: ShopReader, desk: LeaseDesk) -> None:
        self._prices, self._shop, self._leases = prices, shop, desk

    async def colleagues(self, guide_id: str) -> Sequence[Colleague]:
        """Those to whom this guide may sell at staff prices now; the guide only where HQ lets them do it alone."""
        facts = await self._prices.facts([], "")
        day = shop_time(facts.at, facts.time_zone).date().isoformat()
        return [
            Colleague(id=row.id, name=row.staff.name, limit=row.staff.purchase.limit, number=row.staff.staff_no)
            for row in await self._shop.staff()
            if row.staff.purchase is not None and _may(row.staff, row.id == guide_id, day)
        ]

    async def spends(self, quote: Quote, basket: Basket) -> tuple[Spending, ...]:
        """From which leases an order of this price spends the colleague's limit; nothing where it is no staff purchase.
        What a staff purchase that comes back for it counted goes on counting where it did, in the month of that sale:
        only what is dearer needs leases of today.

        Raises Refused("staff_right": they may not, or not through this guide | "staff_limit": so much is not left this
        month), NoNetwork("staff_offline").
        """
        if not quote.staff_id:
            return ()
        tablet = await self._shop.tablet()
        if tablet is None:
            raise Defect("a sale before enrolment")
        if quote.staff_id not in {one.id for one in await self.colleagues(basket.guide_id)}:
            raise Refused("staff_right")
        if quote.counts <= 0:
            return ()
        month = f"{quote.asked.at:%Y-%m}"
        instrument = leases.staff_instrument(tablet.store_id, quote.staff_id, month)
        spends = Counter(staff_limit.kept(await self._back(basket), quote.counts))
        more = quote.counts - spends.total()
        try:
            fresh = await self._leases.need(instrument, more, quote.staff_id) if more else ()
        except Refused as refused:
            raise Refused("staff_limit", refused.detail) from refused
        except NoNetwork as problem:
            raise NoNetwork("staff_offline", problem.detail) from problem
        spends.update({one.lease_id: one.amount for one in fresh})
        return tuple(Spending(lease_id=lease_id, amount=amount) for lease_id, amount in spends.items())

    async def _back(self, basket: Basket) -> Mapping[str, int]:
        if basket.back is None or basket.back_staff != basket.staff_id:
            return {}
        spent, money = basket.back_limit, basket.back_counts
        if basket.back_sure:
            return leases.in_turn(spent, money, gone=basket.back_whole)
        return await self._leases.limit_back(spent, money, gone=basket.back_whole)


def _may(person: Staff, own: bool, day: str) -> bool:
    right = person.purchase
    return right is not None and person.active and right.holds(day) and (right.alone or not own)
