"""Files on their way out: piece by piece, so that none is ever whole in memory, and only so many at once.

They go out behind the admission's places: a slow line keeps nobody from a place. Whoever takes nothing for a while, or
asks while all are taken, comes again and goes on where the file broke off.
"""

from __future__ import annotations

import asyncio
import logging

from hq.files.port import BlobsFailed
from hq.shared.bodies import Send
from hq.sync_api.problems import Answer

_log = logging.getLogger(__name__)


class Sending:
    """At most `limit` files at once, each piece of which is taken within `piece_s` seconds."""

    def __init__(self, limit: int, piece_s: float) -> None:
        self._limit, self._piece_s = limit, piece_s
        self._now = 0

    @property
    def full(self) -> bool:
        """Whether another would be too many."""
        return self._now >= self._limit

    async def serve(self, answer: Answer, send: Send) -> None:
        """Sends the answer; one that cannot be read or is not taken breaks off, and its length says so."""
        headers = [(name.encode(), value.encode()) for name, value in (("cache-control", "no-store"), *answer.headers)]
        self._now += 1
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            while piece := await asyncio.to_thread(next, answer.pieces or iter(()), b""):
                async with asyncio.timeout(self._piece_s):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            _log.info("a file was not taken for %g s: broken off", self._piece_s)
        except BlobsFailed as problem:
            _log.error("a file broke off: %s", problem)
        finally:
            self._now -= 1
