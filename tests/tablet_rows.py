"""What a tablet's encrypted file holds, read by a connection of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from guide_app.adapters.keys import FileKeySource
from guide_app.settings import Settings
from local_store.connection import connect
from local_store.rows import Rows

Key = tuple[str, str, str]
"""(scope, entity, id)."""


def held(settings: Settings, scopes: Iterable[str]) -> dict[Key, tuple[int, Any]]:
    """Every row of the scopes: its version and its data, decoded."""
    key = FileKeySource(settings.keys).load("database")
    assert key is not None
    connection = connect(settings.database, key, cache_mb=4, read_only=True)
    try:
        rows = Rows(connection)
        found: dict[Key, tuple[int, Any]] = {}
        for scope in scopes:
            for ref in rows.refs_in(scope):
                stored = rows.get(ref)
                assert stored is not None
                found[scope, ref.entity, ref.id] = (stored.ver, json.loads(stored.d))
        return found
    finally:
        connection.close()
