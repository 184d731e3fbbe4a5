"""Starts the embedded PostgreSQL again when it dies under a running HQ: killed for want of memory, say.

PostgreSQL itself comes back from the death of a backend; from that of its first process it does not.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from hq.database.embedded import Cluster, DatabaseUnusable

EVERY_S = 1.0
_log = logging.getLogger(__name__)


@contextlib.contextmanager
def of(cluster: Cluster) -> Iterator[None]:
    """Looks after the running cluster for as long as the context lasts."""
    port = cluster.port()
    over = threading.Event()

    def look() -> None:
        while not over.wait(EVERY_S):
            try:
                if port is not None and cluster.revive(port):
                    _log.warning("the database had died and was started again")
            except DatabaseUnusable as problem:
                _log.warning("the database died and cannot be started yet: %s", problem.detail)

    watch = threading.Thread(target=look, name="database-upkeep", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()
