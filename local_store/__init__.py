"""The tablet's local store: SQLite, and nothing else."""

from local_store.store import Store

__all__ = ["Store"]
