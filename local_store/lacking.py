"""What of the library is not on this tablet, and why, as HQ is told it (`sync.protocol.messages.Library`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import to_text
from guide_app.domain.materials import KINDS, Moment
from local_store.base import Base
from local_store.meta import Meta
from sync.protocol.messages import LACKING_NAMED, Lacking, Library

_CURRENT = "m.state = 'published' AND (m.valid_until = '' OR m.valid_until > max(:now, :heard))"
_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)
_LIES = f"FROM material AS m INDEXED BY material_list LEFT JOIN material_lies AS l ON l.id = m.id WHERE {_CURRENT}"
"""The index has all of it: a row itself, with its files, is long."""
_WHOLE = (
    "SELECT count(*), coalesce(sum(m.version), 0), coalesce(max(m.published_at), '')"
    f" {_LIES} AND m.kind IN ({_KINDS}) AND coalesce(l.here >= l.bytes, 1)"
)
_AWAY = f"SELECT m.id, m.kind {_LIES} AND (l.here < l.bytes OR m.kind NOT IN ({_KINDS})) ORDER BY m.id"
_FILES = (
    "SELECT count(*), coalesce(sum(f.let_go AND f.asked_at = ''), 0),"
    " coalesce(max(CASE WHEN f.not_before > ? THEN f.put_off END), '')"
    " FROM file_use AS x JOIN file AS f ON f.sha256 = x.sha256"
    " WHERE x.entity = 'material' AND x.id = ? AND f.here = 0"
)


def told(connection: sqlite.Connection, base: Base) -> Library | None:
    """None before the first load is done, and where there is no material: then nothing is told of it."""
    if Meta(connection).bootstrap != "ready":
        return None
    at = base.moment(connection)
    values = {"now": at.now, "heard": at.heard}
    whole, versions, newest = connection.execute(_WHOLE, values).fetchone()
    here = to_text(base.clock.now())
    away = sorted(_away(connection, at, here, base.files_held), key=lambda one: one.id)
    if not whole and not away:
        return None
    return Library(
        whole=whole, mark=f"{versions} {newest}", lacking=dict(sorted(Counter(one.why for one in away).items())),
        first=away[:LACKING_NAMED],
    )  # fmt: skip


def _away(connection: sqlite.Connection, at: Moment, here: str, held: str) -> Iterator[Lacking]:
    for row_id, kind in connection.execute(_AWAY, {"now": at.now, "heard": at.heard}).fetchall():
        yield Lacking(id=row_id, why=_why(connection, row_id, here, held) if kind in KINDS else "app_old")
    for (row_id,) in connection.execute("SELECT id FROM other_row WHERE entity = 'material'").fetchall():
        yield Lacking(id=row_id, why="app_old")


def _why(connection: sqlite.Connection, row_id: str, here: str, held: str) -> str:
    """Of several reasons the one that somebody can do something about. `here`: the tablet's own time."""
    away, let_go, put_off = connection.execute(_FILES, (here, row_id)).fetchone()
    if not away:
        return "not_signed"
    return put_off or ("no_room" if let_go else held or "coming")
