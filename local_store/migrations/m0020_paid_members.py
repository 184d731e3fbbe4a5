"""Finds the members who pay for a membership: they are few among many."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def apply(database: Database) -> None:
    """Adds the index."""
    database.conn.execute("CREATE INDEX member_paid ON member (n) WHERE instr(d, '\"memberships\"') > 0")
