"""A dose of the kills of HQ and of its database: twenty are for `make prove`."""

from __future__ import annotations

from tests.proofs.outages import KINDS
from tests.proofs.telling import in_a_process


def test_each_kind_of_kill_loses_and_doubles_nothing() -> None:
    found = in_a_process("tests.proofs.outages", "--kills", "5", "--seed", "20261122")
    assert found.passed, str(found)
    assert [found.counts[f"kill -9 of {kind}"] for kind in KINDS] == [1, 1, 1, 1, 1]
    assert found.counts["processes killed"] > 12, "the backends too"
    assert found.counts["operations saved"] > 100
