"""The table of proofs: every row names what can be run, and the page shows the results that are kept."""

from __future__ import annotations

import inspect
import json
from importlib import import_module

import pytest

from tests.proofs import prove, simulated
from tests.proofs.prove import PROOFS, Proof


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_each_proof_names_a_function_that_takes_its_dose(proof: Proof) -> None:
    module, _, name = proof.function.partition(":")
    inspect.signature(getattr(import_module(module), name)).bind(**proof.dose)


def test_the_page_shows_the_results_that_are_kept() -> None:
    page = prove.PAGE.read_text(encoding="utf-8")
    shown = page.partition(prove.BEGIN)[2].partition(prove.END)[0].strip()
    assert shown == prove.table()


def test_every_result_that_is_kept_holds_and_says_when_and_of_what() -> None:
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(prove.RESULTS.glob("*.json"))]
    assert kept
    assert [(one["name"], one["violations"], one["control_held"]) for one in kept if one["violations"]] == []
    assert all(one["when"] and one["commit"] and one["control_held"] for one in kept)


def test_a_run_of_the_simulation_plays_seeds_that_none_before_it_played(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated, "RECORD", type(simulated.RECORD)(str(tmp_path)) / "schedules.md")
    first = simulated.run(seeds=2, postgres=False)
    then = simulated.run(seeds=1, postgres=False)
    assert (first.name[-4:], then.name[-4:]) == ("1..2", "3..3")
    assert (first.violations, then.violations) == ((), ())
    assert (then.counts["schedules"], then.counts["schedules in sum"]) == (1, 3)
