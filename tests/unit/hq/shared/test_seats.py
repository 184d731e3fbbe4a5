"""Who has a stream of events, as several processes see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hq.shared.seats import Seats


@pytest.fixture
def both(tmp_path: Path) -> tuple[Seats, Seats]:
    """The same seats as two processes see them."""
    return Seats(3, tmp_path / "seats", 101), Seats(3, tmp_path / "seats", 102)


def test_there_are_so_many_in_all(both: tuple[Seats, Seats]) -> None:
    one, other = both
    assert [one.take("a"), other.take("b"), one.take("c"), other.take("d"), one.take("d")] == [True] * 3 + [False] * 2
    other.leave("b")
    assert one.take("d")
    assert not other.taken("b")
    assert not Seats(0).take("a")


def test_a_device_has_one_seat_which_its_newer_stream_takes_along(both: tuple[Seats, Seats]) -> None:
    one, other = both
    assert one.take("a")
    assert one.take("a")
    assert other.take("a")
    assert (one.mine("a"), other.mine("a"), one.taken("a"), other.taken("a")) == (False, True, True, True)
    one.leave("a")
    assert other.mine("a"), "what is another's is not given up"
    assert [one.take(name) for name in "bcd"] == [True, True, False]


def test_what_a_dead_process_had_is_free_again(both: tuple[Seats, Seats]) -> None:
    one, other = both
    assert [one.take("a"), one.take("b"), other.take("c")] == [True] * 3
    other.forget(101)
    assert (one.taken("a"), one.taken("b"), one.taken("c")) == (False, False, True)
    assert [other.take(name) for name in "def"] == [True, True, False]


def test_those_of_one_process_alone_are_nobody_elses() -> None:
    one, other = Seats(1), Seats(1)
    assert one.take("a")
    assert (one.mine("a"), other.taken("a"), other.take("b")) == (True, False, True)
