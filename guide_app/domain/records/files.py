"""Files that rows name by their content: fetched by their hash, never carried in the feed."""

from __future__ import annotations

from typing import Annotated

import msgspec

from guide_app.domain.records.base import Part

Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""The SHA-256 of a file's bytes in lower-case hex: its name at HQ and on every tablet."""


class FileRef(Part, frozen=True):
    """A file; `bytes` long. `width` and `height` in pixels where it is a picture."""

    sha256: Sha256
    bytes: Annotated[int, msgspec.Meta(ge=1)]
    type: str = "image/webp"
    width: int = 0
    height: int = 0


class Picture(Part, frozen=True):
    """A picture in both of its sizes: `thumb` for lists, `large` for a tablet's whole screen."""

    thumb: FileRef
    large: FileRef
