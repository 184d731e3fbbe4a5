"""The update that is struck: a stored tablet of the first schema, today's steps, and two that only this test has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest.mock import patch

from sqlite_utils import Database

from guide_app.adapters.keys import FileKeySource
from local_store import connection as opening
from local_store import migrations
from tests.golden.make_store import STORES, read
from tests.proofs.disk.looking import look
from tests.proofs.disk.workload import settings

_FIRST = "schema-0001"


def _wider(database: Database) -> None:
    database.conn.execute("ALTER TABLE outbox ADD COLUMN proof TEXT NOT NULL DEFAULT ''")
    database.conn.execute("UPDATE outbox SET proof = op_id")


def _moved(database: Database) -> None:
    database.conn.execute("CREATE TABLE proof_talk AS SELECT * FROM talk")
    database.conn.execute("DELETE FROM talk")
    database.conn.execute("INSERT INTO talk SELECT * FROM proof_talk")


FURTHER: migrations.Steps = {"m9001_wider": _wider, "m9002_moved": _moved}
"""A step that changes every row of a table, and one that writes a table anew."""


def go_on() -> None:
    """From now on this process's store has the further steps."""
    patch("local_store.connection.STEPS", {**migrations.STEPS, **FURTHER}).start()


def stored_tablet(data: Path) -> None:
    """The stored tablet with its key, as a data folder."""
    stored = read(STORES / _FIRST)
    FileKeySource(settings(data).keys).store("database", bytes.fromhex(stored.key))
    settings(data).database.write_bytes((STORES / _FIRST / "store.db").read_bytes())


def wrong(data: Path, ops: Counter[tuple[str, str]], *, done: bool) -> list[str]:
    """What is not as it must be: old or new, whole, with all operations; `done`: new, and the old one kept beside."""
    found = look(data)
    key = FileKeySource(settings(data).keys).load("database") or b""
    told = [*found.half, *([] if found.ops == ops else ["the operations are not those there were"])]
    connection = opening.connect(settings(data).database, key, cache_mb=1)
    try:
        applied = migrations.applied(connection)
        wider = "proof" in [row[1] for row in connection.execute("PRAGMA table_info(outbox)")]
        copied = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'proof_talk'").fetchone() == (1,)
    finally:
        connection.close()
    if (wider, copied) != ("m9001_wider" in applied, "m9002_moved" in applied):
        told.append(f"half a step: {applied}")
    if done:
        told += [] if applied[-1] == "m9002_moved" else [f"not up to date: {applied}"]
        told += _copy(data, key, ops)
    return told


def _copy(data: Path, key: bytes, ops: Counter[tuple[str, str]]) -> list[str]:
    copies = sorted(data.glob("*.bak"))
    if not copies:
        return ["no copy of the old file was kept"]
    connection = opening.connect(copies[0], key, cache_mb=1)
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        held = Counter(connection.execute("SELECT kind, body FROM outbox").fetchall())
        return [] if whole and held == ops else ["the copy of the old file is not whole"]
    finally:
        connection.close()
