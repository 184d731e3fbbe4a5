"""A dose of restored backups: more are for `make prove`."""

from __future__ import annotations

from tests.proofs.telling import in_a_process


def test_what_a_restored_hq_lost_is_sent_again_once() -> None:
    found = in_a_process("tests.proofs.restore", "--rounds", "1", "--seed", "20261122")
    assert found.passed, str(found)
    assert (found.counts["restores"], found.counts["restores that HQ did not notice"]) == (1, 0)
    assert found.counts["operations that HQ had lost"] > 0, "how many depends on how fast the machine is"
    assert found.counts["operations that the backups had"] > 0
    assert found.counts["people erased after the backup"] == found.counts["tablets that the backups lacked"] == 1
    assert found.counts["traces before the erasures"] > 0
