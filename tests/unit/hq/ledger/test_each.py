"""One thing that the database cannot do now delays nothing else, and is said in the end."""

from __future__ import annotations

import pytest

from hq.ledger.each import each
from hq.ledger.port import Transient


def done_of(count: int, *stuck: int) -> tuple[list[int], str]:
    """What was done of so many things where these cannot be, and what was raised in the end."""
    done: list[int] = []

    def work(thing: int) -> None:
        if thing in stuck:
            raise Transient(f"no {thing}")
        done.append(thing)

    try:
        each(range(count), work)
    except Transient as problem:
        return done, str(problem)
    return done, ""


def test_all_is_done_and_nothing_is_said() -> None:
    assert done_of(3) == ([0, 1, 2], "")


@pytest.mark.expects_log
def test_the_others_are_done_before_it_is_said(caplog: pytest.LogCaptureFixture) -> None:
    assert done_of(6, 1, 4) == ([0, 2, 3, 5], "no 4")
    assert "2 could not be done yet" in caplog.text


@pytest.mark.expects_log
def test_a_database_that_is_gone_is_not_asked_for_ever() -> None:
    assert done_of(100, *range(5, 100)) == ([0, 1, 2, 3, 4], "no 7")
