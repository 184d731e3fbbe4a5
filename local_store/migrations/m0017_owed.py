"""What is owed of orders in a later state, too: a return taken back once its money had gone left it unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_BACK = (
    "(SELECT coalesce(sum((one.value ->> '$.refund.money') - coalesce(one.value ->> '$.risk', 0)), 0)"
    " FROM json_each(d, '$.returns') AS one WHERE coalesce(one.value ->> '$.void', 0) = 0)"
)
_RECEIVED = (
    "(SELECT sum(iif(coalesce(leg.value ->> '$.kind', 'paid') = 'paid', 1, -1) * (leg.value ->> '$.amount'))"
    " FROM json_each(d, '$.payments') AS leg)"
)
FILL = (
    f"UPDATE shop_order SET owed = max(0, total - {_BACK} - {_RECEIVED})"
    " WHERE state NOT IN ('placed', 'accepted', 'cancelled')"
    " AND EXISTS (SELECT 1 FROM json_each(d, '$.payments') AS leg WHERE leg.value ->> '$.id' <> '')"
)


def apply(database: Database) -> None:
    """Fills the column."""
    database.conn.execute(FILL)
