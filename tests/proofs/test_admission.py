"""What a full HQ says, and that it asks its database nothing for it."""

from __future__ import annotations

from tests.proofs.telling import in_a_process


def test_a_full_hq_sends_away_without_a_query() -> None:
    found = in_a_process("tests.proofs.admission", "--requests", "60")
    assert found.passed, str(found)
    assert (found.counts["refused when full"], found.counts["taken with room"]) == (60, 60)
    assert found.counts["queries while full"] == 0
    assert found.control.startswith("queries with room: ")
