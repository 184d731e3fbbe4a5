"""Tickets counted: by guide and for the whole shop, and what the customers said."""

from __future__ import annotations

import pytest

from guide_app.domain.tickets import Case, Score, scored


def test_tickets_are_counted_by_guide_and_for_the_shop() -> None:
    cases = [
        (Case("wang", "open", 0), 2), (Case("wang", "solved", 5), 3), (Case("li", "solved", 0), 1),
        (Case("li", "solved", 4), 1), (Case("", "open", 0), 1), (Case("li", "void", 5), 9),
    ]  # fmt: skip
    assert scored(cases) == {
        "": Score(open=3, solved=5, rated=4, stars=19),
        "wang": Score(open=2, solved=3, rated=3, stars=15),
        "li": Score(solved=2, rated=1, stars=4),
    }, "nobody's is counted once"
    assert scored([]) == {}


def test_what_an_open_one_was_rated_before_counts_for_nothing() -> None:
    assert scored([(Case("li", "open", 1), 1)])["li"] == Score(open=1)


@pytest.mark.parametrize(
    ("score", "tenths"),
    [(Score(), None), (Score(rated=4, stars=19), 48), (Score(rated=3, stars=14), 47), (Score(rated=1, stars=5), 50)],
)
def test_the_middle_is_told_in_tenths(score: Score, tenths: int | None) -> None:
    assert score.tenths == tenths
