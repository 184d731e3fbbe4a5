"""The proof of a tablet's numbers, over files, days and holes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hq.devices.proof import File, Hole, Seen, Span, prove

MORNING = datetime(2026, 11, 22, 1, tzinfo=UTC)
DAY = Span(datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))


def file(*seqs: int, last: int, name: str = "a", forked_from: str = "", day: int = 0, status: str = "applied") -> File:
    """A file whose numbers were made a minute apart, `day` days from the day of the tests."""
    begins = MORNING + timedelta(days=day)
    seen = [Seen(seq, begins + timedelta(minutes=seq), "talk.log", status, "") for seq in seqs]
    return File(name, last, forked_from, seen)


def test_numbers_without_a_hole_are_all_here() -> None:
    (stretch,) = prove([file(*range(1, 149), last=148)])
    assert (stretch.first, stretch.last, stretch.missing, stretch.parked) == (1, 148, (), ())


def test_every_hole_is_named_also_at_either_end() -> None:
    (stretch,) = prove([file(3, 4, 7, last=9)])
    assert stretch.missing == (Hole(1, 2), Hole(5, 6), Hole(8, 9))
    assert (stretch.first, stretch.last) == (1, 9)


def test_a_file_of_which_nothing_is_left_is_missing_whole() -> None:
    (stretch,) = prove([file(last=5)], DAY)
    assert stretch.missing == (Hole(1, 5),)
    assert prove([file(last=0)]) == ()


def test_a_day_takes_its_own_numbers_and_holes_that_can_be_its_own() -> None:
    before, own, behind = file(1, 2, last=0, day=-1), file(4, 5, last=0), file(8, 11, last=0, day=1)
    whole = File("a", 11, "", [*before.seen, *own.seen, *behind.seen])
    (stretch,) = prove([whole], DAY)
    assert stretch.missing == (Hole(3, 3), Hole(6, 7))
    assert (stretch.first, stretch.last) == (3, 7)


def test_a_hole_between_two_other_days_is_not_the_days() -> None:
    whole = File("a", 4, "", [*file(1, last=0, day=-3).seen, *file(3, last=0, day=-2).seen, *file(4, last=0).seen])
    (stretch,) = prove([whole], DAY)
    assert (stretch.first, stretch.last, stretch.missing) == (4, 4, ())


def test_a_day_begins_and_ends_at_its_midnights() -> None:
    edges = [DAY.since - timedelta(milliseconds=1), DAY.since, DAY.until - timedelta(milliseconds=1), DAY.until]
    seen = [Seen(seq, at, "talk.log", "applied", "") for seq, at in enumerate(edges, 1)]
    (stretch,) = prove([File("a", 4, "", seen)], DAY)
    assert (stretch.first, stretch.last) == (2, 3)


def test_each_file_is_proved_by_itself_and_one_without_work_of_the_day_is_left_out() -> None:
    old = file(*range(1, 11), last=10, day=-1)
    copy = file(*range(1, 6), last=6, name="b", forked_from="a")
    assert [(s.incarnation, s.forked_from, s.missing) for s in prove([old, copy], DAY)] == [("b", "a", (Hole(6, 6),))]
    assert [(s.incarnation, s.last) for s in prove([old, copy])] == [("a", 10), ("b", 6)]


def test_what_waits_at_hq_is_here_and_named() -> None:
    (stretch,) = prove([file(1, 2, last=2, status="parked")])
    assert stretch.missing == ()
    assert [seen.seq for seen in stretch.parked] == [1, 2]
