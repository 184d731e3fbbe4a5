"""What this store sells most, counted now and then from its own orders."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import to_text

_SPAN = timedelta(days=90)


class _Line(msgspec.Struct):
    product_id: str


class _Order(msgspec.Struct):
    lines: list[_Line] = []


_decode = msgspec.json.Decoder(_Order).decode


def refresh(connection: sqlite.Connection, now: datetime) -> None:
    """Counts the order lines of each product over the last 90 days."""
    found = connection.execute(
        "SELECT d FROM shop_order WHERE placed_at >= ? AND state NOT IN ('cancelled', 'returned')",
        (to_text(now - _SPAN),),
    )
    sold: Counter[str] = Counter()
    for (d,) in found:
        sold.update(line.product_id for line in _decode(d).lines)
    connection.execute("DELETE FROM product_rank")
    connection.executemany(
        "INSERT INTO product_rank (n, sold) SELECT n, ? FROM product WHERE id = ?",
        [(count, product_id) for product_id, count in sold.items()],
    )
