"""What of the whole HQ is one process's, and how many of them there are."""

from __future__ import annotations

import pytest

from hq.shared import share

EMBEDDED = 117
"""Connections that the embedded database gives to those who are not its superuser."""


@pytest.mark.parametrize("processes", range(1, share.MOST + 1))
def test_all_parts_together_are_never_above_the_whole(processes: int) -> None:
    whole, part = share.Whole(), share.of(processes)
    assert part.inside >= 8
    assert processes * part.inside <= whole.inside
    assert part.threads >= 2
    assert part.connections > part.threads, "the console needs some"
    assert 16 << 20 <= part.ready_bytes <= whole.ready_bytes


def test_one_process_has_all() -> None:
    assert share.of(1) == share.Share(threads=8, inside=64, ready_bytes=64 << 20, connections=16)


@pytest.mark.parametrize(
    ("asked", "cores", "connections", "run"),
    [
        (0, 1, EMBEDDED, 1),
        (0, 2, EMBEDDED, 2),
        (0, 64, EMBEDDED, 8),
        (1, 64, EMBEDDED, 1),
        (5, 2, EMBEDDED, 5),
        (8, 2, 60, 4),
        (0, 8, 30, 1),
        (0, 8, 10, 1),
    ],
)
def test_as_many_as_were_asked_for_or_cores_unless_connections_are_few(
    asked: int, cores: int, connections: int, run: int
) -> None:
    assert share.count(asked, cores, connections) == run
