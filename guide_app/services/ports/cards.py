"""Cards and leases of value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from guide_app.domain.records import (
    Lease,
)
from guide_app.services.ports.base import View
from guide_app.services.ports.catalogue import CategoryCount, ProductRow


class CardRow(View, frozen=True):
    """What stands in the catalogue as one thing: a product, or an article by that one of its variants which sells most
    among those asked for. `low` and `high`: prices in minor units, None where none has one; `on_hand`: of all."""

    row: ProductRow
    variants: int = 1
    low: int | None = None
    high: int | None = None
    on_hand: int | None = None


class CardReader(Protocol):
    """The catalogue as a page shows it: articles as one card, what this store sells most first."""

    async def cards(
        self, text: str = "", *, category_id: str = "", limit: int = 60, offset: int = 0
    ) -> Sequence[CardRow]:
        """By what `CatalogueReader.search` finds; empty text: of a category and below, or of all. Of a shelf of
        thousands the first few thousand, those that sell most among them."""

    async def of(self, product_ids: Sequence[str]) -> Sequence[CardRow]:
        """In the order given, each article once."""

    async def sold_lately(self, member_id: str = "", *, limit: int = 60) -> Sequence[CardRow]:
        """What was sold here last, last first; with `member_id` what they bought."""

    async def variants(self, article: str) -> Sequence[ProductRow]:
        """The variants of an article that are sold, by their numbers."""

    async def tree(self) -> Sequence[CategoryCount]:
        """All categories, in HQ's order."""


class LeaseRow(View, frozen=True):
    """A lease that this tablet has not given back. `usable`: it can be spent now."""

    id: str
    lease: Lease
    usable: bool


class LeaseReader(Protocol):
    """The leases of this tablet, with what waits here taken into account."""

    async def rows(self) -> Sequence[LeaseRow]: ...
    def hq_now(self) -> datetime | None:
        """HQ's time by what cannot be put back, None before its first answer: `guide_app.domain.leases.hq_now`."""
