"""A dose of altered requests: thousands are for `make prove`."""

from __future__ import annotations

from tests.proofs.alterations import ALTERATIONS
from tests.proofs.telling import in_a_process


def test_every_alteration_is_refused_and_changes_nothing() -> None:
    found = in_a_process("tests.proofs.forgery", "--examples", str(4 * len(ALTERATIONS)), "--seed", "20261122")
    assert found.passed, str(found)
    assert {found.counts[name] for name in ALTERATIONS} == {4}
    assert found.counts["an enrolment played again"] == 1
    assert sum(name.startswith("a radar ") for name in found.counts) == 4
