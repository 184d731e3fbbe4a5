"""The steps by which a tablet's database came to its present form: one file a step, never changed once shipped."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database, Migrations

from local_store.migrations import m0001_first

STEPS: dict[str, Callable[[Database], None]] = {"m0001_first": m0001_first.apply}
"""Name → step, in order."""

MIGRATIONS = Migrations("local_store")
"""Runs what is pending; each step and its record are one transaction."""
for _name, _step in STEPS.items():
    MIGRATIONS(name=_name)(_step)
