"""A dose of the race for positions: 30,000 commits are for `make prove`."""

from __future__ import annotations

from tests.proofs.telling import in_a_process


def test_no_reader_by_the_contract_misses_a_commit_and_the_naive_one_does() -> None:
    found = in_a_process("tests.proofs.feed_race", "--commits", "2004", "--seed", "20261122")
    assert found.passed, str(found)
    assert (found.counts["commits"], found.counts["writers"]) == (2004, 12)
    assert min(found.counts["looks by pages"], found.counts["looks by SQL"]) > 50
    assert found.control.startswith("missed by the naive cursor: ")
