"""The steps by which a tablet's database came to its present form: one file a step, never changed once shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as sqlite

from local_store.migrations import (
    m0001_first,
    m0002_visitors,
    m0003_pages,
    m0004_reminders,
    m0005_edits,
    m0006_service,
    m0007_tags,
    m0008_rhythm,
    m0009_gifts,
    m0010_radar,
    m0011_payments,
    m0012_printed,
    m0013_shelf,
    m0014_told,
    m0015_moved,
    m0016_returns,
    m0017_owed,
    m0018_quotations,
    m0019_files,
    m0020_paid_members,
    m0021_to_hand,
    m0022_library,
    m0023_sent_by,
    m0024_shares,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

Steps = Mapping[str, "Callable[[Database], None]"]
STEPS: Steps = {
    "m0001_first": m0001_first.apply,
    "m0002_visitors": m0002_visitors.apply,
    "m0003_pages": m0003_pages.apply,
    "m0004_reminders": m0004_reminders.apply,
    "m0005_edits": m0005_edits.apply,
    "m0006_service": m0006_service.apply,
    "m0007_tags": m0007_tags.apply,
    "m0008_rhythm": m0008_rhythm.apply,
    "m0009_gifts": m0009_gifts.apply,
    "m0010_radar": m0010_radar.apply,
    "m0011_payments": m0011_payments.apply,
    "m0012_printed": m0012_printed.apply,
    "m0013_shelf": m0013_shelf.apply,
    "m0014_told": m0014_told.apply,
    "m0015_moved": m0015_moved.apply,
    "m0016_returns": m0016_returns.apply,
    "m0017_owed": m0017_owed.apply,
    "m0018_quotations": m0018_quotations.apply,
    "m0019_files": m0019_files.apply,
    "m0020_paid_members": m0020_paid_members.apply,
    "m0021_to_hand": m0021_to_hand.apply,
    "m0022_library": m0022_library.apply,
    "m0023_sent_by": m0023_sent_by.apply,
    "m0024_shares": m0024_shares.apply,
}
"""Name → step, in order."""
_SET = "local_store"


def applied(connection: sqlite.Connection) -> list[str]:
    """The names of the steps that the database has behind it, in order.

    Read as `sqlite_utils.Migrations` writes them: to import it takes longer than all else of a usual opening.
    """
    made = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlite_migrations'"
    if connection.execute(made).fetchone() is None:
        return []
    query = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"
    return [name for (name,) in connection.execute(query, (_SET,))]


def apply(connection: sqlite.Connection, steps: Steps = STEPS) -> None:
    """Runs what is pending; each step and its record are one transaction."""
    from sqlite_utils import Database, Migrations

    migrations = Migrations(_SET)
    for name, step in steps.items():
        migrations(name=name)(step)
    migrations.apply(Database(connection))
