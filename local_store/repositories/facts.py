"""What the store can say about itself to somebody who looks after tablets: counts, positions, hashes. Nothing that a
person typed, no name, no number of a person."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from local_store.base import Base
from local_store.meta import Meta, Number, Text
from local_store.migrations import applied
from local_store.repositories.files import counted
from local_store.rows import Rows
from local_store.scopes import Scopes
from local_store.tables import TABLES

_TEXTS: tuple[Text, ...] = (
    "device_id", "store_id", "store_code", "device_letters", "region", "time_zone", "currency", "languages", "epoch",
    "incarnation", "forked_from", "authorised_until", "last_in_step", "bootstrap",
    "compared_at", "scrubbed_at", "diverged_at",
)  # fmt: skip
_NUMBERS: tuple[Number, ...] = ("next_seq", "next_number", "hq_time_offset_ms", "mended", "differs", "refetched")
_BESIDE = ("shadow", "op_touch", "dismissed", "draft", "erased", "file", "file_use")


class Facts:
    """Implements `guide_app.services.ports.device.FactsReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def facts(self) -> dict[str, Any]:
        return await self._base.read(_facts)


def _facts(connection: sqlite.Connection) -> dict[str, Any]:
    meta = Meta(connection)
    return {
        "tablet": {**{key: meta.text(key) for key in _TEXTS}, **{key: meta.number(key) for key in _NUMBERS}},
        "scopes": _scopes(connection),
        "outbox": _outbox(connection),
        "rows": _rows(connection),
        "files": msgspec.to_builtins(counted(connection)),
        "database": {
            "schema": applied(connection),
            "sqlite": connection.execute("SELECT sqlite_version()").fetchone()[0],
            "cipher": connection.execute("PRAGMA cipher_version").fetchone()[0],
            "bytes": _bytes(connection),
            "quick_check": [row[0] for row in connection.execute("PRAGMA quick_check(10)")],
        },
    }


def _scopes(connection: sqlite.Connection) -> list[dict[str, Any]]:
    """Where each scope stands, HQ's digest and the one of the rows that are here."""
    rows = Rows(connection)
    return [
        {
            "scope": cursor.scope, "kind": cursor.kind, "seq": cursor.seq, "head": cursor.head,
            "hq_digest": cursor.digest, "own_digest": rows.digest(cursor.scope), "sweep": bool(cursor.sweep),
        }
        for cursor in Scopes(connection).all().values()
    ]  # fmt: skip


def _outbox(connection: sqlite.Connection) -> list[dict[str, Any]]:
    """Operations by state, kind and code, with their numbers from–to and their times from–to."""
    found = connection.execute(
        "SELECT state, kind, schema_v, code, count(*), min(seq), max(seq), min(made_at), max(made_at) FROM outbox "
        "GROUP BY state, kind, schema_v, code ORDER BY state, kind, schema_v, code"
    )
    names = ("state", "kind", "schema_v", "code", "count", "first_seq", "last_seq", "first_at", "last_at")
    return [dict(zip(names, row, strict=True)) for row in found]


def _rows(connection: sqlite.Connection) -> dict[str, int]:
    """How many rows each table has; rows that are kept in the general table by their entity."""
    tables = [*dict.fromkeys(table.name for table in TABLES.values()), *_BESIDE]
    counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    others = connection.execute("SELECT entity, count(*) FROM other_row GROUP BY entity ORDER BY entity")
    return {**counts, **{f"other: {entity}": count for entity, count in others}}


def _bytes(connection: sqlite.Connection) -> int:
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages) * int(size)
