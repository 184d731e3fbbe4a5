"""The journal of erasures as a file: whole lines, a torn end, damage."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from guide_app.domain.errors import EnvironmentProblem
from hq.history.journal import Journal
from hq.ledger.past import Person
from tests.ops import new_id

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "apart" / "erasures.jsonl"


def somebody(ids: int = 1) -> Person:
    return Person(new_id(), tuple(new_id() for _ in range(ids)))


def test_it_tells_all_persons_in_their_order_to_whoever_opens_it(path: Path) -> None:
    assert Journal(path).read() == []
    first, second = somebody(), msgspec.structs.replace(somebody(ids=3), marks=("0123456789abcdef",))
    Journal(path).append(first, AT)
    Journal(path).append(second, AT)
    assert Journal(path).read() == [first, second]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="ascii").count('"at":"2026-11-22T12:00:00.000Z"') == 2


@pytest.mark.parametrize("kept", [1, 20, -1])
def test_a_line_that_a_crash_cut_off_was_never_told_as_done_and_makes_room_for_the_next(path: Path, kept: int) -> None:
    journal, first, cut, third = Journal(path), somebody(), somebody(), somebody()
    journal.append(first, AT)
    whole = path.stat().st_size
    journal.append(cut, AT)
    line = path.read_bytes()[whole:]
    os.truncate(path, whole + len(line[:kept]))
    assert journal.read() == [first]
    journal.append(third, AT)
    assert journal.read() == [first, third]
    assert path.read_bytes().count(b"\n") == 2


def test_a_file_that_is_nothing_but_a_torn_line_is_begun_anew(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"at":"2026')
    journal, person = Journal(path), somebody()
    assert journal.read() == []
    journal.append(person, AT)
    assert journal.read() == [person]


@pytest.mark.parametrize("damage", [b"\x00", b"}", b"[1]", b""])
def test_a_damaged_line_anywhere_else_is_said(path: Path, damage: bytes) -> None:
    journal = Journal(path)
    for _ in range(2):
        journal.append(somebody(), AT)
    first, second, _end = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([damage, second, b""]))
    with pytest.raises(EnvironmentProblem, match="erasures_damaged"):
        journal.read()
    path.write_bytes(b"\n".join([first, damage, b""]))
    with pytest.raises(EnvironmentProblem, match="erasures_damaged"):
        journal.read()


def test_what_is_no_file_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(EnvironmentProblem, match="erasures_damaged"):
        Journal(path).read()
    with pytest.raises(EnvironmentProblem, match="erasures_unwritable"):
        Journal(path).append(somebody(), AT)
