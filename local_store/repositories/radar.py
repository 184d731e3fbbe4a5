"""Asking the radar about a phone."""

from __future__ import annotations

import logging

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.errors import BadInput
from guide_app.services.ports.writing import Change
from local_store.base import UNCHANGED, Base
from local_store.radar import RadarBox

_log = logging.getLogger(__name__)


class Radar:
    """Implements `guide_app.services.ports.members.RadarReader`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def may_have(self, e164: str) -> str | None:
        try:
            return await self._base.read(lambda connection: RadarBox(connection).may_have(e164))
        except BadInput:
            _log.exception("the radar is damaged: it is fetched again")
            await self._base.write(_forget)
            return None


def _forget(connection: sqlite.Connection) -> tuple[None, Change]:
    RadarBox(connection).forget()
    return None, UNCHANGED
