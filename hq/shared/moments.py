"""When somebody did something, remembered for all processes: the newest of so many moments, whoever's they are."""

from __future__ import annotations

import struct
from hashlib import blake2b
from pathlib import Path

from hq.shared.memory import Memory

_MOMENT = struct.Struct("16sd")
_HEAD = struct.Struct("q")  # how many were ever noted


class Moments:
    """A ring: the oldest gives way. Moments are of `Clock.monotonic`, which all processes of a machine share."""

    def __init__(self, kept: int, path: Path | None = None) -> None:
        self._kept = kept
        self._memory = Memory(_HEAD.size + kept * _MOMENT.size, path)

    def note(self, who: str, at: float) -> None:
        """Remembers one; of whom is kept as a hash."""
        with self._memory.changing():
            (ever,) = _HEAD.unpack_from(self._memory.bytes)
            _MOMENT.pack_into(self._memory.bytes, _HEAD.size + ever % self._kept * _MOMENT.size, _key(who), at)
            _HEAD.pack_into(self._memory.bytes, 0, ever + 1)

    def since(self, who: str, moment: float) -> list[float]:
        """What of somebody's is later than that, the oldest first."""
        key, found = _key(who), []
        at = self._memory.bytes.find(key, _HEAD.size)
        while at >= 0:
            found.append(float(_MOMENT.unpack_from(self._memory.bytes, at)[1]))
            at = self._memory.bytes.find(key, at + _MOMENT.size)
        return sorted(at for at in found if at > moment)


def _key(who: str) -> bytes:
    return blake2b(who.encode(), digest_size=16).digest()
