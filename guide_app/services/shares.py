"""Whose sale an order is, put right: a manager says so, and the order keeps who, when, from whom to whom and why."""

from __future__ import annotations

from collections.abc import Sequence

from guide_app.domain import shares
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.records import GuideShare
from guide_app.operations.reshares import OrderReshare, Reshare, Share
from guide_app.services.ports.orders import OrderReader, OrderRow
from guide_app.services.ports.shop import ShopReader, StaffRow
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session

REASONS = ("helped", "wrong_guide", "handed_over", "other")


class ShareDesk:
    """The use cases of guides' shares."""

    def __init__(self, orders: OrderReader, shop: ShopReader, journal: Journal, session: Session) -> None:
        self._orders, self._shop, self._journal, self._session = orders, shop, journal, session

    async def order(self, order_id: str) -> OrderRow | None:
        """The order as it stands."""
        return await self._orders.get(order_id)

    async def people(self) -> Sequence[StaffRow]:
        """Who works here."""
        return await self._shop.staff()

    @property
    def may(self) -> bool:
        """Whether the guide signed in may allow it."""
        return self._session.guide is not None and self._session.guide.staff.role == "manager"

    async def correct(self, order_id: str, line_id: str, parts: Sequence[GuideShare], reason: str) -> None:
        """Gives a line, or without `line_id` the whole order, to these guides.

        Raises Refused("no_manager"), BadInput("shares_not_whole"), NotSaved.
        """
        guide_id = self._session.guide_id
        if not self.may:
            raise Refused("no_manager")
        if not shares.whole(parts) or len(parts) > shares.MOST:
            raise BadInput("shares_not_whole")
        given = tuple(Share(guide_id=one.guide_id, share=one.share) for one in parts)
        body = Reshare(
            order_id=order_id, line_id=line_id or None, shares=given, reason=reason, approved_by=guide_id
        )  # fmt: skip
        await self._journal.commit(guide_id, Draft(kind=OrderReshare.kind, body=body))
