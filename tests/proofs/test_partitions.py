"""A dose of the partitions: a thousand are for `make prove`."""

from __future__ import annotations

from tests.proofs import partitions


def test_two_tablets_with_no_network_never_overspend_and_without_leases_they_do() -> None:
    found = partitions.run(60, seed=11)
    assert found.passed, str(found)
    assert (found.counts["partitions"], found.counts["units overspent"]) == (60, 0)
    assert found.counts["orders that spent, with no network"] > 20
    assert found.control.startswith("with leases off overspent")
