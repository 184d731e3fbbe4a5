"""A dose of the fault proxy: the thousand schedules are for `make prove`."""

from __future__ import annotations

from tests.proofs.line import Line
from tests.proofs.telling import in_a_process


def test_a_hundred_schedules_of_network_faults_lose_and_double_nothing() -> None:
    found = in_a_process("tests.proofs.proxy", "--schedules", "100", "--seed", "20261122")
    assert found.passed, str(found)
    assert found.counts["schedules"] == 100
    assert found.counts["operations saved"] > 500
    idle = [kind for kind in Line.KINDS if not found.counts.get(f"fault: {kind}")]
    assert idle == [], "each kind of fault was played"
    assert found.control.startswith("doubled without idempotence: ")
