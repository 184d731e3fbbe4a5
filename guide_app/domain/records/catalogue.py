"""Products, categories, prices and what a store has on its shelf."""

from __future__ import annotations

from guide_app.domain.records.base import Minor, Names, Record


class Category(Record, frozen=True):
    """A node of the category tree; `parent_id` is empty at the top."""

    names: Names
    parent_id: str = ""
    position: int = 0


class Product(Record, frozen=True):
    """A product; `pinyin` and `initials` are search keys of its Chinese name; `size` as printed on the pack."""

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


class Stock(Record, frozen=True):
    """Pieces of a product in this store by the books; the row's id is the product's. May fall below zero."""

    on_hand: int
    as_of: str = ""
