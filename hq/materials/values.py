"""A showing or a reading of a material. HQ's own aggregate; it never travels."""

from __future__ import annotations

from guide_app.domain.records import Record


class MaterialEvent(Record, frozen=True):
    """Which version was "shown" or "read" by whom, when (RFC 3339 UTC), and on which tablet: the one of `scope`."""

    material: str
    version: int
    what: str
    at: str
    guide_id: str
    scope: str = ""
