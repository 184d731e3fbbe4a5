"""Where a tablet's sync spends its time: the seconds inside HTTP, decoding, and each job of the store."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from local_store.sync_store import SyncStore
from sync.net.transport import HttpRemote

ASKED, LINE, DECODING = "asked HQ", "HQ and the line (beside the writing)", "unpacking, decoding (beside it)"
WRITING, INDEXING = "rows into SQLite", "indexes and search keys"
PARTS: tuple[tuple[type, str, str], ...] = (
    (HttpRemote, "sync", ASKED),
    (HttpRemote, "_send", LINE),
    (SyncStore, "take", WRITING),
    (SyncStore, "finish_loading", INDEXING),
)
"""(class, method, what it is): patched while a round is watched."""


class Spent:
    """Seconds of each part, round by round."""

    def __init__(self) -> None:
        self._now: defaultdict[str, float] = defaultdict(float)
        self._rounds: list[dict[str, float]] = []

    def add(self, part: str, seconds: float) -> None:
        """So much more for a part of the round under way."""
        self._now[part] += seconds

    def end_round(self, whole: float) -> None:
        """A round took so long in all; HQ's answers come while rows are written, so the parts overlap."""
        counted = dict(self._now)
        counted[DECODING] = counted.pop(ASKED, 0.0) - counted.get(LINE, 0.0)
        counted["waiting for HQ, and all else"] = whole - counted.get(WRITING, 0.0) - counted.get(INDEXING, 0.0)
        self._rounds.append(counted)
        self._now.clear()

    def by_round(self) -> dict[str, list[float]]:
        """Part → its seconds in each round."""
        parts = dict.fromkeys(part for counted in self._rounds for part in counted)
        return {part: [counted.get(part, 0.0) for counted in self._rounds] for part in parts}


@contextmanager
def watched(spent: Spent) -> Iterator[None]:
    """Counts what the parts take while the context lasts."""
    patches = [
        patch.object(owner, method, _timed(getattr(owner, method), part, spent)) for owner, method, part in PARTS
    ]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def _timed(method: Callable[..., Awaitable[Any]], part: str, spent: Spent) -> Callable[..., Awaitable[Any]]:
    async def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return await method(*given, **named)
        finally:
            spent.add(part, time.perf_counter() - began)

    return timed
