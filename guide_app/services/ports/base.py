"""What the ports of the screens share."""

from __future__ import annotations

import msgspec


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the store shows: immutable, with plain values."""
