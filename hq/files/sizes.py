"""The sizes in which pictures travel, pixels of the longer side: the one place that says so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

THUMB, LARGE, FULL = 160, 1280, 1920
"""For lists; for the whole screen of a small tablet; for that of a large one."""
PRODUCT = (THUMB, LARGE)
MATERIAL = (THUMB, LARGE, FULL)
QUALITY = {THUMB: 75, LARGE: 82, FULL: 82}
"""Of WebP."""


def worth_making(sides: Sequence[int], longest: int) -> tuple[int, ...]:
    """Those of the sizes in which a picture of this longer side differs from the size before; the first two always."""
    return (*sides[:2], *(side for before, side in pairwise(sides[1:]) if longest > before))
