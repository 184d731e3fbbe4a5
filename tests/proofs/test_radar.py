"""A dose of the radar: a million phones are for `make prove`."""

from __future__ import annotations

from tests.proofs.telling import in_a_process


def test_nobody_is_missed_and_few_strangers_are_taken_for_members() -> None:
    found = in_a_process("tests.proofs.radar", "--phones", "20000")
    assert found.passed, str(found)
    assert (found.counts["members"], found.counts["strangers"], found.counts["members missed"]) == (20_000, 20_000, 0)
    assert 200 < found.counts["strangers taken for members"] < 400
    assert found.control.endswith("damaged sets refused, of three: 3")
