"""Looking into a tablet's file behind the store's back: what is in it, and whether anything in it is half."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.adapters.keys import FileKeySource
from guide_app.domain.records import Ref
from local_store import migrations
from local_store.connection import connect
from local_store.effects import Effects
from local_store.rows import Rows
from tests.proofs.disk.workload import settings

_MADE_BY = {
    "member.sign_up": ("member", "member_id"), "order.place": ("shop_order", "order_id"),
    "talk.log": ("talk", "talk_id"), "followup.set": ("followup", "followup_id"),
}  # fmt: skip
"""Operation → the table where its effect makes a row, and the field that names it."""


class Looked(NamedTuple):
    """`digest` is of every row of every table. `half`: what has only a part of itself here, in words."""

    digest: str
    ops: Counter[tuple[str, str]]
    op_ids: tuple[str, ...]
    next_number: int
    half: tuple[str, ...]


def look(data: Path) -> Looked:
    """What the tablet's file holds; its log is read as SQLite reads it."""
    key = FileKeySource(settings(data).keys).load("database")
    assert key is not None
    connection = connect(settings(data).database, key, cache_mb=4)
    try:
        ops = connection.execute("SELECT seq, op_id, kind, body, state FROM outbox ORDER BY seq").fetchall()
        return Looked(
            _digest(connection),
            Counter((kind, body) for _, _, kind, body, _ in ops),
            tuple(op_id for _, op_id, *_ in ops),
            _number(connection, "next_number"),
            tuple(_half(connection, ops)),
        )
    finally:
        connection.close()


def _half(connection: sqlite.Connection, ops: list[Any]) -> list[str]:
    found = [f"integrity: {told}" for (told,) in connection.execute("PRAGMA integrity_check(5)") if told != "ok"]
    if ops and _number(connection, "next_seq") != ops[-1][0] + 1:
        found.append("the next seq is not the one after the last operation's")
    found += [f"seqs: {a} then {b}" for (a, *_), (b, *_) in pairwise(ops) if b != a + 1]
    for _, op_id, kind, body, state in ops:
        table, field = _MADE_BY.get(kind, ("", ""))
        if not table or body is None or state in ("rejected", "merged"):
            continue
        made = msgspec.json.decode(body)[field]
        if connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (made,)).fetchone() is None:
            found.append(f"{kind} {op_id} without its effect")
    for table in ("member", "shop_order", "talk", "followup"):
        known = {made for _, _, kind, body, _ in ops for made in _ids(kind, body, table)}
        own = {row_id for (row_id,) in connection.execute(f"SELECT id FROM {table} WHERE scope = ''")}
        found += [f"{table} {row_id} without its operation" for row_id in own - known]
    # today's code reads no older tables, and an update ends with making anew what an older app made
    taken = connection.execute("SELECT value FROM meta WHERE key = 'effects_of'").fetchone()
    current = set(migrations.STEPS) <= set(migrations.applied(connection)) and taken == (list(migrations.STEPS)[-1],)
    return found + (_replayed(connection) if current else [])


def _replayed(connection: sqlite.Connection) -> list[str]:
    """All open operations taken anew over HQ's rows must give what stands there already."""
    connection.execute("BEGIN")
    try:
        touched = [Ref(*ref) for ref in connection.execute("SELECT DISTINCT entity, id FROM op_touch")]
        other = Effects(connection, Rows(connection, keyed=False)).replay(touched)
        return [f"{ref} is not what its operations make" for ref in other]
    finally:
        connection.execute("ROLLBACK")


def _ids(kind: str, body: str | None, table: str) -> list[str]:
    where, field = _MADE_BY.get(kind, ("", ""))
    return [msgspec.json.decode(body)[field]] if body and where == table else []


def _number(connection: sqlite.Connection, key: str) -> int:
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return int(found[0]) if found else 0


def _digest(connection: sqlite.Connection) -> str:
    hashed = hashlib.sha256()
    schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    for kind, name, sql in schema:
        hashed.update(repr((kind, name, sql)).encode())
        if kind == "table":
            # Nobody sorts by the time of a migration; everything else is the same however the rows came.
            # A start after a crash forgets when the rows were last compared with HQ's, so that they are soon again.
            where = " WHERE key <> 'compared_at'" if name == "meta" else ""
            rows = sorted(map(repr, connection.execute(f"SELECT * FROM {name}{where}")))
            hashed.update("\n".join(rows).encode())
    return hashed.hexdigest()
