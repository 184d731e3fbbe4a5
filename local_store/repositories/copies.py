"""Orders of other shops of which goods may be taken back here: few, so they need no table of their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records import OrderCopy
from guide_app.services.ports.orders import OrderRow
from local_store.repositories.reading import others, readable

_ENTITY = "order_copy"
_OUTBOX = (
    "SELECT coalesce(min(w.state), '') FROM op_touch AS t JOIN outbox AS w ON w.n = t.n "
    f"WHERE t.entity = '{_ENTITY}' AND t.id = ? AND w.state IN ('pending', 'sent', 'parked')"
)


def copy_of(connection: sqlite.Connection, order_id: str) -> OrderCopy | None:
    """The copy of this order."""
    found = connection.execute("SELECT d FROM other_row WHERE entity = ? AND id = ?", (_ENTITY, order_id)).fetchone()
    return readable(found[0], OrderCopy) if found else None


def copy_row(connection: sqlite.Connection, order_id: str) -> OrderRow | None:
    """It as a row of a list."""
    copy = copy_of(connection, order_id)
    if copy is None:
        return None
    (outbox,) = connection.execute(_OUTBOX, (order_id,)).fetchone()
    return OrderRow(id=order_id, order=copy, member_name="", outbox=outbox)


def copy_numbered(connection: sqlite.Connection, number: str) -> OrderRow | None:
    """The copy of the order with exactly this number."""
    order_id = next((row_id for row_id, copy in copies(connection) if copy.number == number), "")
    return copy_row(connection, order_id) if order_id else None


def copies(connection: sqlite.Connection) -> Sequence[tuple[str, OrderCopy]]:
    """All of them, with their ids."""
    return [(row_id, copy) for _, row_id, copy in others(connection, OrderCopy)]
