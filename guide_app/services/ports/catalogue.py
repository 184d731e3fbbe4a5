"""Products, prices, favourites and files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from guide_app.domain.records import (
    Category,
    NearStock,
    PriceList,
    Product,
)
from guide_app.services.ports.base import View


class ProductRow(View, frozen=True):
    """A product as the catalogue shows it; `price` in minor units, None where the current list has none. `near`: the
    shops nearby that have some."""

    id: str
    product: Product
    price: int | None
    on_hand: int | None
    stock_as_of: str = ""
    near: tuple[NearStock, ...] = ()


class CategoryView(View, frozen=True):
    """A category with its id."""

    id: str
    category: Category


class CategoryCount(View, frozen=True):
    """A category with its id, and how many cards stand in it and below it."""

    id: str
    category: Category
    cards: int


class CurrentPrices(View, frozen=True):
    """The price list in force, or the last one when it has expired (`expired`)."""

    id: str
    price_list: PriceList
    expired: bool


class FilesView(View, frozen=True):
    """How files stand on this tablet: how many are here and how many are to come, with their bytes, and of `quota` at
    most. `problem`: "", or why none come: disk_low, disk_full, disk_failed."""

    here: int = 0
    here_bytes: int = 0
    coming: int = 0
    coming_bytes: int = 0
    quota: int = 0
    problem: str = ""


class Files(Protocol):
    """The files that rows name, such as pictures, as far as they are here."""

    def read(self, sha256: str) -> bytes | None:
        """A file that is here, whole; None otherwise, and then it is fetched before others. Blocks; for any thread."""

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Calls `listener` in the loop's thread with the name of each file that came; the result unsubscribes."""

    async def view(self) -> FilesView: ...


class CatalogueReader(Protocol):
    """Products, prices and this store's stock."""

    async def search(
        self, text: str = "", *, category_id: str = "", limit: int = 60, offset: int = 0
    ) -> Sequence[ProductRow]:
        """By name in both languages, pinyin, initials, brand, sku, barcode. Empty text: what this store sells most."""

    async def by_barcode(self, code: str) -> ProductRow | None: ...
    async def get(self, product_ids: Sequence[str]) -> Sequence[ProductRow]: ...
    async def categories(self, parent_id: str = "") -> Sequence[CategoryView]: ...
    async def price_list(self) -> CurrentPrices | None: ...


class Favourites(Protocol):
    """What a guide keeps at hand, on this tablet; `of`: the latest first."""

    async def of(self, guide_id: str) -> Sequence[str]: ...
    async def add(self, guide_id: str, product_id: str) -> None: ...
    async def remove(self, guide_id: str, product_ids: Collection[str]) -> None: ...
