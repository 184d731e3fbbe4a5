"""Sales of somebody erased: what the tablet told of them keeps goods and money, not whose, nor which coupon or card.

Other than a body that is nothing without the person, such a one stays: an HQ that was restored from a backup may need
it. It is another content then, with a hash of its own; HQ, which dropped its body too, knows it by its op_id.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.nobodys import stripped
from sync.protocol import digest

SALE = "sale"
"""In `erased`: operations that were open when their customer was erased, and lose whose they were once they are not."""
_HERE = "SELECT ? UNION SELECT id FROM member_alias WHERE member_id = ?"
_ORDERS = (
    f"SELECT id FROM shop_order WHERE member_id IN ({_HERE})"
    f" UNION SELECT id FROM shadow WHERE entity = 'order' AND d ->> '$.member_id' IN ({_HERE})"
    " UNION SELECT body ->> '$.order_id' FROM outbox WHERE kind IN ('order.place', 'order.exchange')"
    f" AND body ->> '$.member_id' IN ({_HERE})"
)
_SALES = "substr(kind, 1, 6) = 'order.' AND body IS NOT NULL"
_ABOUT = (
    f"SELECT op_id, kind, closed_at <> '' AND listed = 0 FROM outbox WHERE {_SALES}"
    " AND (body ->> '$.order_id' IN (SELECT value FROM json_each(?1))"
    " OR body ->> '$.back.order_id' IN (SELECT value FROM json_each(?1)))"
)
_WAITED = (
    "SELECT o.op_id FROM erased e JOIN outbox o ON o.op_id = e.id"
    f" WHERE e.entity = '{SALE}' AND o.closed_at <> '' AND o.listed = 0"
)
_TOLD = (
    "SELECT op_id, kind, schema_v, store_id, guide_id, made_at, body FROM outbox"
    f" WHERE {_SALES} AND op_id IN (SELECT value FROM json_each(?))"
)


def forget(connection: sqlite.Connection, member_id: str) -> None:
    """Somebody is erased, whose rows may stand here yet. A payment that is open keeps the digits of its card, as HQ
    keeps them: it cannot tell any more that the order was theirs, and the card is a bearer's."""
    orders = [order_id for (order_id,) in connection.execute(_ORDERS, (member_id,) * 6)]
    if not orders:
        return
    about = connection.execute(_ABOUT, (json.dumps(orders),)).fetchall()
    _strip(connection, [op_id for op_id, _, closed in about if closed])
    waits = [(SALE, op_id) for op_id, kind, closed in about if not closed and kind != "order.pay"]
    connection.executemany("INSERT OR IGNORE INTO erased (entity, id) VALUES (?, ?)", waits)


def forget_taken(connection: sqlite.Connection) -> None:
    """Those that were open then, and are not any more."""
    taken = [op_id for (op_id,) in connection.execute(_WAITED).fetchall()]
    _strip(connection, taken)
    connection.executemany(f"DELETE FROM erased WHERE entity = '{SALE}' AND id = ?", [(one,) for one in taken])


def _strip(connection: sqlite.Connection, op_ids: Collection[str]) -> None:
    for op_id, kind, version, store_id, guide_id, made_at, body in connection.execute(
        _TOLD, (json.dumps([*op_ids]),)
    ).fetchall():
        if left := stripped(body):
            sha = digest.op_sha(op_id, kind, version, store_id, guide_id, made_at, left)
            connection.execute("UPDATE outbox SET body = ?, op_sha256 = ? WHERE op_id = ?", (left, sha, op_id))
