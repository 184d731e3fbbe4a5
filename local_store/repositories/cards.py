"""The catalogue as cards: an article is one card however many variants it has, and what sells most stands first.

What is asked for is first narrowed to the numbers of at most `MOST` products, which needs indexes alone: a search or a
shelf costs the same whatever the number of products. Where more are found than anybody would look through, those that
sell most are among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import Category
from guide_app.services.ports.cards import CardRow
from guide_app.services.ports.catalogue import CategoryCount, ProductRow
from local_store.base import Base
from local_store.meta import Meta
from local_store.repositories import catalogue
from local_store.repositories.reading import all_ids, listed, others
from local_store.search import find

MOST, BEST, READ = 3000, 1000, 800
"""Products that one question looks at; of what sells most where a shelf holds more; and where their rows must be read,
which costs far more than the indexes."""
_ORDERS = 200
"""Orders that are looked through for what was sold last."""
_NUMBER = re.compile(r"(\d+)")
_Ask = tuple[str, tuple[str | int, ...]]


class _Line(msgspec.Struct):
    product_id: str


class _Order(msgspec.Struct):
    lines: list[_Line] = []


_lines = msgspec.json.Decoder(_Order).decode


class Cards:
    """Implements `guide_app.services.ports.cards.CardReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def cards(
        self, text: str = "", *, category_id: str = "", limit: int = 60, offset: int = 0
    ) -> Sequence[CardRow]:
        def job(connection: sqlite.Connection) -> list[CardRow]:
            among = _found(connection, text) if text.strip() else _shelf(connection, category_id)
            return [] if among is None else self._cards(connection, _ranked(connection, among, limit, offset))

        return await self._base.read(job)

    async def of(self, product_ids: Sequence[str]) -> Sequence[CardRow]:
        return await self._base.read(lambda connection: self._of(connection, product_ids))

    async def sold_lately(self, member_id: str = "", *, limit: int = 60) -> Sequence[CardRow]:
        def job(connection: sqlite.Connection) -> list[CardRow]:
            members = listed(all_ids(connection, member_id))
            to_them = " AND member_id IN (SELECT value FROM json_each(?))" if member_id else ""
            orders = connection.execute(
                f"SELECT d FROM shop_order WHERE state NOT IN ('cancelled', 'returned'){to_them} "
                "ORDER BY placed_at DESC LIMIT ?",
                (*((members,) if member_id else ()), _ORDERS),
            )
            products = dict.fromkeys(line.product_id for (d,) in orders for line in _lines(d).lines)
            return self._of(connection, [*products][: 4 * limit])[:limit]

        return await self._base.read(job)

    async def variants(self, article: str) -> Sequence[ProductRow]:
        def job(connection: sqlite.Connection) -> list[ProductRow]:
            rows = catalogue.rows(
                connection,
                self._base.clock,
                "product AS m",
                "m.article = ? AND m.article <> '' AND m.active",
                (article,),
            )
            return sorted(rows, key=lambda row: [(int(part) if part.isdigit() else 0, part) for part in _parts(row)])

        return await self._base.read(job)

    async def tree(self) -> Sequence[CategoryCount]:
        return await self._base.read(_tree)

    # ------------------------------------------------------------ inside a snapshot

    def _of(self, connection: sqlite.Connection, product_ids: Iterable[str]) -> list[CardRow]:
        """The cards of products in the order given, each once."""
        query = (
            "SELECT m.n, m.article FROM json_each(?) AS asked CROSS JOIN product AS m ON m.id = asked.value "
            "WHERE m.active ORDER BY asked.key"
        )
        first: dict[str, int] = {}
        for n, article in connection.execute(query, (listed(product_ids),)):
            first.setdefault(article or str(n), n)
        return self._cards(connection, first.values())

    def _cards(self, connection: sqlite.Connection, numbers: Iterable[int]) -> list[CardRow]:
        asked = msgspec.json.encode([*numbers]).decode()
        source = "json_each(?) AS asked CROSS JOIN product AS m ON m.n = asked.value"
        rows = catalogue.rows(connection, self._base.clock, source, "1 ORDER BY asked.key", ranged=(asked,))
        whole = self._articles(connection, {row.product.article for row in rows} - {""})
        return [_card(row, whole.get(row.product.article)) for row in rows]

    def _articles(
        self, connection: sqlite.Connection, articles: Iterable[str]
    ) -> dict[str, tuple[int, int | None, int | None, int | None]]:
        """Of each article: its variants, the lowest and highest price, and the pieces of all."""
        query = (
            "SELECT m.article, count(*), min(p.amount), max(p.amount), sum(s.on_hand) "
            f"FROM json_each(?) AS asked CROSS JOIN product AS m ON m.article = asked.value{catalogue.JOINS} "
            "WHERE m.article <> '' AND m.active GROUP BY m.article"
        )
        list_id = catalogue.list_id(connection, self._base.clock)
        found = connection.execute(query, (listed(articles), list_id))
        return {article: (count, low, high, on_hand) for article, count, low, high, on_hand in found}


def _found(connection: sqlite.Connection, text: str) -> _Ask | None:
    """The numbers of what a text finds; None where it asks for nothing."""
    found = find(connection, "product", text)
    if found is None:
        return None
    return f"{found.numbers} LIMIT {READ if found.by_row else MOST}", (*found.ranged, *found.parameters)


def _shelf(connection: sqlite.Connection, category_id: str) -> _Ask:
    """The numbers of what stands in a category and below it, or in the whole catalogue."""
    below = listed(catalogue.below(connection, category_id)) if category_id else ""
    within = " AND m.category_id IN (SELECT value FROM json_each(?))" if category_id else ""
    values = (below,) if category_id else ()
    all_of = f"SELECT m.n FROM product AS m WHERE m.active = 1{within} LIMIT {MOST}"
    if len(connection.execute(all_of, values).fetchall()) < MOST:
        return all_of, values
    best = f"SELECT r.n FROM (SELECT n FROM product_rank ORDER BY sold DESC, n LIMIT {BEST}) AS r"
    if category_id:
        best += f" CROSS JOIN product AS m{_covering(connection)} ON m.n = r.n WHERE 1{within}"
    return f"SELECT * FROM ({all_of}) UNION {best}", values * 2


def _ranked(connection: sqlite.Connection, among: _Ask, limit: int, offset: int) -> list[int]:
    """One number for each card: its variant that sells most among those asked for."""
    query, values = among
    found = connection.execute(
        f"SELECT m.n, max(coalesce(r.sold, 0)) AS sold FROM ({query}) AS c "
        f"CROSS JOIN product AS m{_covering(connection)} ON m.n = c.n LEFT JOIN product_rank AS r ON r.n = m.n "
        "WHERE m.active = 1 GROUP BY CASE m.article WHEN '' THEN m.n ELSE m.article END "
        "ORDER BY sold DESC, m.n LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return [n for n, _ in found]


def _covering(connection: sqlite.Connection) -> str:
    """The index that knows what is asked of a product by its number; a first load has yet to build it."""
    return " INDEXED BY product_shelf" if Meta(connection).bootstrap == "ready" else ""


def _tree(connection: sqlite.Connection) -> list[CategoryCount]:
    counted = dict(
        connection.execute(
            "SELECT category_id, sum(article = '') + count(DISTINCT nullif(article, '')) FROM product "
            "WHERE active = 1 GROUP BY category_id"
        ).fetchall()
    )
    nodes = {row_id: category for _, row_id, category in others(connection, Category)}
    cards = dict.fromkeys(nodes, 0)
    for row_id in nodes:
        above, seen = row_id, set[str]()
        while above in nodes and above not in seen:
            seen.add(above)
            cards[above] += counted.get(row_id, 0)
            above = nodes[above].parent_id
    found = [CategoryCount(id=row_id, category=category, cards=cards[row_id]) for row_id, category in nodes.items()]
    return sorted(found, key=lambda node: (node.category.position, node.category.names.en, node.id))


def _card(row: ProductRow, whole: tuple[int, int | None, int | None, int | None] | None) -> CardRow:
    if whole is None:
        return CardRow(row=row, low=row.price, high=row.price, on_hand=row.on_hand)
    variants, low, high, on_hand = whole
    return CardRow(row=row, variants=variants, low=low, high=high, on_hand=on_hand)


def _parts(row: ProductRow) -> list[str]:
    """The number of a variant in the order in which people count: S-66, S-80, S-100."""
    return _NUMBER.split(row.product.sku)
