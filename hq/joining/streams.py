"""HQ's own streams: what customers sent by a tablet's links is numbered beside what the tablet itself did."""

from __future__ import annotations

from guide_app.domain.ids import derived_id


def incarnation_of_links(device_id: str, epoch: str) -> str:
    """What such a stream has in the place of a database file's id. A restored HQ begins another one, so that its
    members get other numbers than those whom it lost."""
    return derived_id("join_stream", device_id, epoch)
