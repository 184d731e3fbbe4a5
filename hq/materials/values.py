"""A showing, a reading or a sharing of a material. HQ's own aggregate; it never travels."""

from __future__ import annotations

from guide_app.domain.records import Record


class MaterialEvent(Record, frozen=True):
    """Which version was "shown", "read" or "shared" by whom, when (RFC 3339 UTC), on the tablet of which `scope`."""

    material: str
    version: int
    what: str
    at: str
    guide_id: str
    scope: str = ""
