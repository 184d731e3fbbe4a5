"""When a promise is kept, late or broken, and how it is counted."""

from __future__ import annotations

import pytest

from guide_app.domain.promises import Outcome, Tally, Word, outcome, tallied

TODAY = "2026-11-22"


@pytest.mark.parametrize(
    ("state", "due_on", "settled_on", "expected"),
    [
        ("open", "2026-11-22", "", "open"),
        ("open", "2026-11-21", "", "late"),
        ("kept", "2026-11-21", "2026-11-21", "kept"),
        ("kept", "2026-11-21", "2026-11-22", "kept_late"),
        ("broken", "2026-11-21", "2026-11-20", "broken"),
        ("dropped", "2026-11-01", "2026-11-22", "dropped"),
        ("void", "2026-11-01", "", "void"),
    ],
)
def test_late_follows_from_the_day(state: str, due_on: str, settled_on: str, expected: Outcome) -> None:
    assert outcome(Word("g", state, due_on, settled_on), TODAY) == expected


def test_each_guide_and_the_shop_are_counted_and_what_was_dropped_is_nobodys() -> None:
    words = [
        (Word("a", "kept", "2026-11-20", "2026-11-19"), 3),
        (Word("a", "kept", "2026-11-20", "2026-11-21"), 1),
        (Word("a", "open", "2026-11-21", ""), 1),
        (Word("b", "open", "2026-11-23", ""), 2),
        (Word("b", "broken", "2026-11-20", "2026-11-20"), 1),
        (Word("c", "dropped", "2026-11-20", "2026-11-20"), 9),
        (Word("c", "void", "2026-11-20", ""), 9),
    ]
    assert tallied(words, TODAY) == {
        "": Tally(open=2, kept=3, late=2, broken=1),
        "a": Tally(kept=3, late=2),
        "b": Tally(open=2, broken=1),
    }
    assert tallied([], TODAY) == {}
