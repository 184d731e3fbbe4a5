"""Identifiers: UUIDs as lower-case text; clock and randomness are injected, so that a run can be replayed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from guide_app.domain.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTER_MAX = 0xFFF


def _text(value: int, version: int) -> str:
    """``value`` (128 bits) with the version and variant bits of RFC 9562 set."""
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return str(UUID(int=value | version << 76 | 0x2 << 62))


class Ids:
    """A source of new ids; safe to share between threads."""

    def __init__(self, clock: Clock, random_bytes: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._last_ms = -1
        self._counter = 0

    def uuid7(self) -> str:
        """A UUID of version 7 (RFC 9562 5.7), greater than every one this source gave before.

        Within a millisecond, or when the clock was put back, the 12 bits of ``rand_a`` count on (method 1 of 6.2);
        when they are used up, the next millisecond is borrowed.
        """
        with self._lock:
            ms = (self._clock.now() - _EPOCH) // timedelta(milliseconds=1)
            noise = int.from_bytes(self._random_bytes(10), "big")
            if ms > self._last_ms:
                self._last_ms, self._counter = ms, (noise >> 64) & (_COUNTER_MAX >> 1)
            elif self._counter < _COUNTER_MAX:
                self._counter += 1
            else:
                self._last_ms, self._counter = self._last_ms + 1, 0
            return _text(self._last_ms << 80 | self._counter << 64 | noise & (1 << 62) - 1, 7)

    def uuid4(self) -> str:
        """A random UUID of version 4: for what must not tell when it was made."""
        return _text(int.from_bytes(self._random_bytes(16), "big"), 4)


def derived_id(namespace: str, *parts: str) -> str:
    """The id of a row that is keyed by other ids: the same parts give the same id everywhere (UUIDv8 over SHA-256).

    Each part is preceded by its length, so ("ab", "c") and ("a", "bc") differ.
    """
    hashed = hashlib.sha256()
    for part in (namespace, *parts):
        data = part.encode()
        hashed.update(b"%d:" % len(data) + data)
    return _text(int.from_bytes(hashed.digest()[:16], "big"), 8)
