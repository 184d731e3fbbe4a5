"""How far it is to the next level."""

from __future__ import annotations

import pytest

from guide_app.domain.levels import next_level
from guide_app.domain.records import Level, Names

SILVER, GOLD, BLACK = (
    Level(code=code, names=Names(en=code), spent=spent)
    for code, spent in (("silver", 10_000), ("gold", 50_000), ("black", 200_000))
)
LEVELS = (BLACK, SILVER, GOLD)


@pytest.mark.parametrize(
    ("code", "spent", "following", "missing", "share"),
    [
        ("", 0, "silver", 10_000, 0.0),
        ("", 2_500, "silver", 7_500, 0.25),
        ("silver", 30_000, "gold", 20_000, 0.5),
        ("gold", 0, "black", 150_000, 0.0),  # HQ gave it: the way begins at its threshold
        ("silver", 60_000, "gold", 0, 1.0),  # HQ has not raised them yet
        ("of old", 5_000, "silver", 5_000, 0.5),
    ],
)
def test_the_way_to_the_next_level(code: str, spent: int, following: str, missing: int, share: float) -> None:
    ahead = next_level(LEVELS, code, spent)
    assert ahead is not None
    assert (ahead.level.code, ahead.missing, ahead.share) == (following, missing, share)


def test_above_the_highest_there_is_none() -> None:
    assert next_level(LEVELS, "black", 0) is next_level((), "gold", 10) is None
