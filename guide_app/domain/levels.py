"""Levels of membership, as HQ's settings define them: by what a member spent since joining."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from guide_app.domain.records.shop import Level


class Progress(NamedTuple):
    """How far it is to the next level: `missing` minor units, `share` of the way between the two, 0 to 1."""

    level: Level
    missing: int
    share: float


def next_level(levels: Sequence[Level], code: str, spent: int) -> Progress | None:
    """The way from the level that the member has (`code`, "" for none) to the next; None where there is none above.

    A level that HQ gave stands whatever was spent: the way begins at its threshold.
    """
    rising = sorted(levels, key=lambda level: level.spent)
    own = next((level.spent for level in rising if level.code == code), 0)
    above = next((level for level in rising if level.spent > own and level.code != code), None)
    if above is None:
        return None
    begun = max(spent, own) - own
    return Progress(above, max(0, above.spent - max(spent, own)), min(1.0, begun / (above.spent - own)))
