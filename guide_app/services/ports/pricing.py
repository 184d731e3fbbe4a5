"""What a basket is priced with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from guide_app.domain.pricing import Buyer, Goods
from guide_app.domain.records import (
    Names,
    Promotion,
    Settings,
)
from guide_app.services.ports.base import View
from guide_app.services.ports.catalogue import CurrentPrices


class PriceFacts(View, frozen=True):
    """All that prices in this shop are made by, of one moment: `at`, RFC 3339 UTC by HQ's clock as far as it is known.

    `promotions`: those current then, by id. `buyer`: None for somebody who is no member. By product, those that are
    known: `goods`, and what they are `listed` at in the list in force, minor units.
    """

    at: str
    time_zone: str
    settings: Settings
    prices: CurrentPrices | None
    promotions: Mapping[str, Promotion]
    buyer: Buyer | None
    goods: Mapping[str, Goods]
    listed: Mapping[str, int]


class PromotionReader(Protocol):
    """What this shop's prices are made by."""

    async def facts(self, product_ids: Collection[str], member_id: str = "") -> PriceFacts:
        """For these products and this member."""

    async def names(self, ids: Collection[str]) -> Mapping[str, Names]:
        """What products and categories are called, those that are known."""
