"""What pages and log still hold of rows that were deleted: nothing of an erased person may stay in the file."""

from __future__ import annotations

import logging

from sqlcipher3 import dbapi2 as sqlite

from local_store.meta import Meta

_log = logging.getLogger(__name__)


def clean(connection: sqlite.Connection) -> None:
    """Empties the write-ahead log, which keeps what pages held before. A file from before `secure_delete` may hold
    traces in free pages too: the first time it is written anew. Outside any transaction, on the writer's thread.

    Broken off anywhere, or on a full disk, it is as it was, and is done at the next `tidy`.
    """
    meta = Meta(connection)
    try:
        if not meta.number("pages_clean"):
            connection.execute("VACUUM")  # all or nothing, through the log like every other write
            meta.set(pages_clean=1)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite.OperationalError as error:
        _log.warning("pages with traces of the erased stay for now: %s", getattr(error, "sqlite_errorname", ""))


def unclean(connection: sqlite.Connection) -> bool:
    """Whether somebody was erased from a file that is still to be written anew."""
    erased = connection.execute("SELECT 1 FROM erased LIMIT 1").fetchone()
    return erased is not None and not Meta(connection).number("pages_clean")
