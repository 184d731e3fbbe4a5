"""Products, categories, prices and what a store has on its shelf."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from guide_app.domain.records.base import Minor, Names, Part, Record
from guide_app.domain.records.files import Picture


class Category(Record, frozen=True):
    """A node of the category tree; `parent_id` is empty at the top."""

    names: Names
    parent_id: str = ""
    position: int = 0


ArticleId = Annotated[str, msgspec.Meta(max_length=40)]
"""What HQ calls an article, such as its style number; empty for a product that is the only one of its kind."""


MOST_PICTURES = 12
"""Of one product."""


class Option(Part, frozen=True):
    """In what a variant differs from its sisters: of this kind (size, colour …) it is this value."""

    kind: Names
    value: Names


class Product(Record, frozen=True):
    """A product; `pinyin` and `initials` are search keys of its Chinese name; `size` as printed on the pack. Products
    of one `article` are its variants, and their `options` tell them apart. `pictures`: the first stands for it.
    `gift_card`: a piece of it is a gift card, whose number is asked for when it is handed over."""

    names: Names
    sku: str
    category_id: str = ""
    brand: str = ""
    size: str = ""
    unit: str = "piece"
    barcodes: tuple[str, ...] = ()
    pinyin: str = ""
    initials: str = ""
    active: bool = True
    article: ArticleId = ""
    options: tuple[Option, ...] = ()
    pictures: Annotated[tuple[Picture, ...], msgspec.Meta(max_length=MOST_PICTURES)] = ()
    gift_card: bool = False

    @property
    def called(self) -> Names:
        """What it is called where it stands alone, as on a receipt: its names, with what tells it from its sisters."""
        values = [option.value for option in self.options]
        return Names(
            en=_told(self.names.en, [value.en or value.zh for value in values]),
            zh=_told(self.names.zh, [value.zh or value.en for value in values]),
        )


def _told(name: str, values: Iterable[str]) -> str:
    """The name with the values that it does not say itself; none where there is no name in the language."""
    return " ".join([name, *(value for value in values if value not in name)]) if name else ""


class PriceList(Record, frozen=True):
    """The header of a price list, published after its prices; valid from (inclusive) until (exclusive; empty: open)."""

    names: Names
    version: int
    currency: str
    valid_from: str
    valid_until: str = ""


class Price(Record, frozen=True):
    """One product's unit price in one list, in minor units; its id is derived from both."""

    list: str
    product: str
    amount: Minor


class NearStock(Part, frozen=True):
    """Pieces of a product in another shop nearby, as HQ heard of it at `as_of` (RFC 3339 UTC). `more`: that many or
    more; HQ counts no further."""

    store_id: str
    at: Names
    on_hand: int
    as_of: str
    more: bool = False


class Stock(Record, frozen=True):
    """Pieces of a product in this store by the books; the row's id is the product's. May fall below zero. `near`: the
    shops nearby that have some, in HQ's order."""

    on_hand: int
    as_of: str = ""
    near: tuple[NearStock, ...] = ()
