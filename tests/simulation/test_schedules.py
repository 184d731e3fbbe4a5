"""2,000 schedules: tablets and HQ through all that can go wrong, and not one operation lost, doubled or diverged."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.pool import Pool

import pytest

from guide_app.domain.records import ENTITIES
from guide_app.operations import OPERATIONS
from tests.simulation.conftest import SEEDS, SLICE
from tests.simulation.faults import FAULTS
from tests.simulation.run import Summary, pool, run

_SLICES = [SEEDS[start : start + SLICE] for start in range(0, len(SEEDS), SLICE)]


@pytest.fixture(scope="module")
def players() -> Iterator[Pool]:
    """One pool for all slices: to start a process takes as long as many schedules."""
    with pool() as both:
        yield both


@pytest.fixture(scope="module")
def together() -> Summary:
    """What all slices of this run came to."""
    return Summary()


@pytest.mark.parametrize("seeds", _SLICES, ids=lambda seeds: f"{seeds[0]}..{seeds[-1]}")
def test_whatever_happens_all_agree_in_the_end(seeds: range, together: Summary, players: Pool) -> None:
    summary = run(seeds, players=players)
    together.join(summary)
    assert summary.schedules == len(seeds)
    assert not summary.violations, summary.text()


def test_everything_that_can_go_wrong_went_wrong(together: Summary, players: Pool) -> None:
    if not together.schedules:
        together.join(run(range(1, 61), players=players))
    assert set(together.faulted) >= set(FAULTS)
    assert min(together.faulted[name] for name in FAULTS) > together.schedules / 50


def test_every_operation_and_every_entity_there_is_was_played(together: Summary, players: Pool) -> None:
    """Of both the product's own lists count: what is added there, and nowhere in the simulation, fails here."""
    if not together.schedules:
        together.join(run(range(1, 61), players=players))
    assert set(together.kinds) == set(OPERATIONS)
    assert set(together.entities) == set(ENTITIES)
    assert min(together.entities.values()) > together.schedules / 50


def test_colleagues_bought_and_hq_moved_goods(together: Summary, players: Pool) -> None:
    """What no kind of operation tells."""
    if not together.schedules:
        together.join(run(range(1, 61), players=players))
    assert together.deeds["staff purchases"] > together.schedules / 50
    assert together.deeds["moves of goods by HQ"] > together.schedules / 50


def test_the_same_seed_gives_the_same_trace() -> None:
    """In another process too, where sets are walked in another order."""
    seeds = "11..16"
    command = [sys.executable, "-m", "tests.simulation", seeds, "--trace"]
    told = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": chosen}, check=True, capture_output=True, text=True
        ).stdout.partition("violations: 0")[2]
        for chosen in ("1", "2")
    }
    assert len(told) == 1
    assert len(told.pop().split()) == 2 * 6
