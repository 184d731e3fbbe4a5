"""Products with their current price and this store's stock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.records import Category, NearStock, PriceList, Product
from guide_app.services.ports.catalogue import CategoryView, CurrentPrices, ProductRow
from local_store.base import Base
from local_store.repositories.reading import listed, others, readable
from local_store.search import find
from local_store.words import plain

_COLUMNS = "m.id, m.d, p.amount, s.on_hand, s.as_of, s.d -> '$.near'"
JOINS = (
    " LEFT JOIN price AS p ON p.list = ? AND p.product = m.id"
    " LEFT JOIN stock AS s ON s.id = m.id"
)  # fmt: skip
_Row = tuple[str, str, int | None, int | None, str | None, str | None]


class Catalogue:
    """Implements `guide_app.services.ports.catalogue.CatalogueReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def search(
        self, text: str = "", *, category_id: str = "", limit: int = 60, offset: int = 0
    ) -> Sequence[ProductRow]:
        if text.strip():
            return await self._base.read(lambda connection: self._found(connection, text, category_id, limit, offset))
        return await self._base.read(lambda connection: self._best(connection, category_id, limit, offset))

    async def by_barcode(self, code: str) -> ProductRow | None:
        def job(connection: sqlite.Connection) -> ProductRow | None:
            for spelling in _spellings(plain(code)):
                found = connection.execute(
                    f"SELECT {_COLUMNS} FROM product_key AS k CROSS JOIN product AS m ON m.n = k.n{JOINS} "
                    "WHERE k.key = ? AND m.active",
                    (self._list_id(connection), spelling),
                )
                for row in map(_product_row, found):
                    if row and spelling in map(plain, row.product.barcodes):
                        return row
            return None

        return await self._base.read(job)

    async def get(self, product_ids: Sequence[str]) -> Sequence[ProductRow]:
        def job(connection: sqlite.Connection) -> list[ProductRow]:
            found = connection.execute(
                f"SELECT {_COLUMNS} FROM json_each(?) AS asked CROSS JOIN product AS m ON m.id = asked.value{JOINS} "
                "ORDER BY asked.key",
                (listed(product_ids), self._list_id(connection)),
            )
            return _rows(found)

        return await self._base.read(job)

    async def categories(self, parent_id: str = "") -> Sequence[CategoryView]:
        def job(connection: sqlite.Connection) -> list[CategoryView]:
            found = [(row_id, category) for _, row_id, category in others(connection, Category)]
            here = [CategoryView(id=row_id, category=c) for row_id, c in found if c.parent_id == parent_id]
            return sorted(here, key=lambda view: (view.category.position, view.category.names.en, view.id))

        return await self._base.read(job)

    async def price_list(self) -> CurrentPrices | None:
        return await self._base.read(lambda connection: current_prices(connection, self._base.clock))

    # ------------------------------------------------------------ inside a snapshot

    def _list_id(self, connection: sqlite.Connection) -> str:
        return list_id(connection, self._base.clock)

    def _found(
        self, connection: sqlite.Connection, text: str, category_id: str, limit: int, offset: int
    ) -> list[ProductRow]:
        found = find(connection, "product", text)
        if found is None:
            return []
        within, values = _within(connection, category_id)
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM {found.source}{JOINS} WHERE {found.condition} AND m.active{within} "
            "LIMIT ? OFFSET ?",
            (*found.ranged, self._list_id(connection), *found.parameters, *values, limit, offset),
        )
        return _rows(rows)

    def _best(self, connection: sqlite.Connection, category_id: str, limit: int, offset: int) -> list[ProductRow]:
        """What sells most, then what has not been sold."""
        within, values = _within(connection, category_id)
        ranked = f"FROM product_rank AS r CROSS JOIN product AS m ON m.n = r.n{JOINS} WHERE m.active{within}"
        list_id = self._list_id(connection)
        rows = _rows(
            connection.execute(
                f"SELECT {_COLUMNS} {ranked} ORDER BY r.sold DESC, r.n LIMIT ? OFFSET ?",
                (list_id, *values, limit, offset),
            )
        )
        if len(rows) == limit:
            return rows
        count = connection.execute(f"SELECT count(*) {ranked}", (list_id, *values)).fetchone()[0]
        unsold = connection.execute(
            f"SELECT {_COLUMNS} FROM product AS m{JOINS} WHERE m.active{within} "
            "AND m.n NOT IN (SELECT n FROM product_rank) ORDER BY m.n LIMIT ? OFFSET ?",
            (list_id, *values, limit - len(rows), max(0, offset - count)),
        )
        return rows + _rows(unsold)


def current_prices(connection: sqlite.Connection, clock: Clock) -> CurrentPrices | None:
    """Of the lists that have begun the latest that still holds, else the latest of all."""
    now = to_text(clock.now())
    begun = [
        CurrentPrices(id=row_id, price_list=each, expired=bool(each.valid_until and each.valid_until <= now))
        for _, row_id, each in others(connection, PriceList)
        if each.valid_from <= now
    ]
    begun.sort(key=lambda list_: (not list_.expired, list_.price_list.valid_from, list_.price_list.version))
    return begun[-1] if begun else None


def list_id(connection: sqlite.Connection, clock: Clock) -> str:
    """The id of the current price list, empty where there is none."""
    current = current_prices(connection, clock)
    return current.id if current else ""


def rows(
    connection: sqlite.Connection,
    clock: Clock,
    source: str,
    condition: str,
    parameters: tuple[str | int, ...] = (),
    *,
    ranged: tuple[str | int, ...] = (),
) -> list[ProductRow]:
    """Products `m` of a FROM clause (with its parameters `ranged`) and a WHERE condition, with price and stock."""
    query = f"SELECT {_COLUMNS} FROM {source}{JOINS} WHERE {condition}"
    return _rows(connection.execute(query, (*ranged, list_id(connection, clock), *parameters)))


def _within(connection: sqlite.Connection, category_id: str) -> tuple[str, tuple[str, ...]]:
    """The condition for a category and everything below it."""
    if not category_id:
        return "", ()
    return " AND m.category_id IN (SELECT value FROM json_each(?))", (listed(below(connection, category_id)),)


def below(connection: sqlite.Connection, category_id: str) -> set[str]:
    """A category and everything below it."""
    children: dict[str, list[str]] = {}
    for _, row_id, category in others(connection, Category):
        children.setdefault(category.parent_id, []).append(row_id)
    inside, ask = {category_id}, [category_id]
    while ask:
        new = [child for child in children.get(ask.pop(), []) if child not in inside]
        inside.update(new)
        ask += new
    return inside


def _spellings(code: str) -> list[str]:
    """A UPC of 12 digits is an EAN of 13 with a zero in front; scanners say either."""
    return list(dict.fromkeys((code, f"0{code}", code.removeprefix("0")))) if code else []


def _rows(found: Iterable[_Row]) -> list[ProductRow]:
    return [row for row in map(_product_row, found) if row is not None]


def _product_row(row: _Row) -> ProductRow | None:
    product = readable(row[1], Product)
    if product is None:
        return None
    return ProductRow(
        id=row[0], product=product, price=row[2], on_hand=row[3], stock_as_of=row[4] or "", near=_near(row[5])
    )


def _near(text: str | None) -> tuple[NearStock, ...]:
    """The shops nearby; none where a later version says it in a way that this one cannot read."""
    try:
        return msgspec.json.decode(text, type=tuple[NearStock, ...]) if text else ()
    except msgspec.ValidationError:
        return ()
