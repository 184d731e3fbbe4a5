"""How this tablet stands, as HQ is told (`sync.protocol.messages.Health`)."""

from __future__ import annotations

from sqlcipher3 import dbapi2 as sqlite

from local_store.meta import Meta
from sync.protocol.messages import Health


def health(connection: sqlite.Connection, last_seq: int, *, low_space: bool) -> Health:
    """As it is once HQ has the operations up to `last_seq`; three looks into indexes that are nearly empty."""
    waiting, oldest = connection.execute(
        "SELECT count(*), coalesce(min(made_at), '') FROM outbox WHERE answered = 0 AND seq > ?", (last_seq,)
    ).fetchone()
    parked = connection.execute("SELECT count(*) FROM outbox WHERE state = 'parked'").fetchone()[0]
    meta = Meta(connection)
    return Health(
        waiting=waiting, oldest=oldest, parked=parked, mended=meta.number("mended"),
        differs=bool(meta.number("differs")), low_space=low_space,
    )  # fmt: skip
