"""A dose of schemathesis: more is for `make prove`."""

from __future__ import annotations

from guide_app.operations import READERS
from tests.proofs.telling import in_a_process


def test_every_answer_is_as_the_document_says() -> None:
    found = in_a_process("tests.proofs.api_fuzz", "--examples", "25", "--seed", "20261122")
    assert found.passed, str(found)
    sent = [name.partition(":")[0] for name in found.counts if ": " in name]
    assert {f"{kind}/{version}" for kind, version in READERS} <= set(sent)
    assert {"/v1/sync", "/v1/radar"} <= set(sent)
    became = {name.split()[-1] for name in found.counts if ": 200 " in name}
    assert {"applied", "parked", "rejected"} <= became, "the rules behind the form were met"
