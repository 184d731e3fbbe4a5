"""What a guide takes off by hand: tried before it is given, and above the guide's limit allowed by a manager's PIN."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from guide_app.domain import pricing
from guide_app.domain.ids import Ids
from guide_app.domain.pricing import Manual
from guide_app.services.baskets import Basket
from guide_app.services.ports.base import View
from guide_app.services.ports.shop import ShopReader, StaffRow
from guide_app.services.pricing import PriceDesk, Quote, placed_lines
from guide_app.services.session import Session


class Tried(View, frozen=True):
    """A basket as it would be. `needs`: the discounts by hand that need a manager; `too_much`: not even one may;
    `of_card`: one was for a gift card, off which nothing is taken."""

    basket: Basket
    quote: Quote
    needs: tuple[str, ...] = ()
    too_much: bool = False
    of_card: bool = False


class ByHandDesk:
    """Discounts by hand: one on each line, and one on the whole order."""

    def __init__(self, prices: PriceDesk, shop: ShopReader, session: Session, ids: Ids) -> None:
        self._prices, self._shop, self._session, self._ids = prices, shop, session, ids

    async def managers(self) -> Sequence[StaffRow]:
        """Who may allow more."""
        return [row for row in await self._shop.staff() if row.staff.role == "manager"]

    def made(self, line_id: str, *, percent: int = 0, amount: int = 0, label: str) -> Manual:
        """A discount of basis points or of minor units; a manager who serves has allowed it themself."""
        guide = self._session.guide
        approved_by = guide.id if guide is not None and guide.staff.role == "manager" else ""
        return Manual(
            manual_id=self._ids.uuid7(), line_id=line_id, percent=percent, amount=amount, label=label[:120],
            approved_by=approved_by,
        )  # fmt: skip

    async def tried(self, basket: Basket, manual: Manual) -> Tried:
        """The basket with this discount in place of the one that its line, or the order, has; nothing is kept."""
        return await self._judged(with_manual(basket, manual))

    async def allowed(self, tried: Tried, manager_id: str) -> Tried:
        """As tried, with what needed a manager allowed by this one, who typed their PIN (`Session.approve`)."""
        manual = tuple(
            msgspec.structs.replace(one, approved_by=manager_id) if one.manual_id in tried.needs else one
            for one in tried.basket.manual
        )
        return await self._judged(msgspec.structs.replace(tried.basket, manual=manual))

    async def _judged(self, basket: Basket) -> Tried:
        quote = await self._prices.quote(basket)
        lines, settings, cards = placed_lines(quote.priced), quote.facts.settings, pricing.cards_in(quote.asked)
        return Tried(
            basket=basket,
            quote=quote,
            needs=pricing.beyond(lines, basket.manual, settings, cards=cards),
            of_card=any(one.line_id in cards for one in basket.manual),
            too_much=bool(pricing.beyond(lines, basket.manual, settings, cards=cards, all_allowed=True)),
        )


def with_manual(basket: Basket, manual: Manual) -> Basket:
    """The basket with it instead of what its line, or the order, had."""
    others = tuple(one for one in basket.manual if one.line_id != manual.line_id)
    return msgspec.structs.replace(basket, manual=(*others, manual))


def without_manual(basket: Basket, line_ids: Collection[str]) -> Basket:
    """The basket without what was taken off these lines by hand; "": the whole order."""
    kept = tuple(one for one in basket.manual if one.line_id not in line_ids)
    return basket if kept == basket.manual else msgspec.structs.replace(basket, manual=kept)
