"""A guide's everyday tasks stay as short as docs/pages.md says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.qt.taps import play

LIMITS = {
    "find by phone tail": (2, 4),
    "find by initials": (2, 3),
    "log a talk with follow-up, the first of a guide": (6, 0),
    "log a talk with follow-up, each further one": (5, 0),
    "withdraw a consent": (2, 0),
    "sign up": (6, 21),
    "sign up by own phone, from the form": (1, 0),
    "an order of five lines": (6, 0),
    "a return": (4, 0),
    "an exchange": (6, 0),
    "another guide takes over": (7, 0),
}
"""Task → taps and keys; the taps of a talk count its button, its three taps or two, the day and Done; to withdraw a
consent takes a swipe, which counts as a tap."""
NAMED = ("find by phone tail", "find by initials", "sign up", "log a talk with follow-up", "withdraw a consent",
         "an order of five lines", "a return", "an exchange")  # fmt: skip
"""What a chain asks of every app for guides: the table has each."""
APP_S = 2.0
"""The app's own part of each, on a machine that does other things too."""


def test_taps_and_keys_are_as_few_as_told(qapp: object, tmp_path: Path) -> None:
    counts = play(tmp_path)
    assert {c.task: (c.taps, c.keys) for c in counts} == LIMITS
    page = (Path(__file__).parents[2] / "docs" / "pages.md").read_text(encoding="utf-8")
    for count in counts:
        assert f"| {count.task} | {count.taps} | {count.keys} |" in page, "docs/pages.md tells another number"
    assert [name for name in NAMED if not re.search(rf"^\| {name}(,[^|]*)? \| \d+ \| \d+ \|", page, re.MULTILINE)] == []
    assert {c.task: c.app_s for c in counts if c.app_s > APP_S * 4} == {}
