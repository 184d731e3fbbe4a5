"""A quick dose of the mutants: each is caught by one of a few seeds, which nothing hurts without it."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS, Caught, play_mutated, table

SEEDS = range(1, 60)
RARE = {
    "aliases forgotten", "digest not compared", "floor ignored", "late name kept", "lists overwritten", "no scrub",
    "priced by what is now", "quotation sold twice", "too much refused",
}  # fmt: skip
"""What takes more schedules than a quick dose has: `make mutants` hunts these too."""


@pytest.mark.parametrize("name", sorted(set(MUTANTS) - RARE))
def test_a_rule_that_is_switched_off_is_soon_caught(name: str) -> None:
    assert any(play_mutated((name, seed)).number is not None for seed in SEEDS)


def test_the_table_says_of_each_rule_whether_it_was_caught() -> None:
    first, second = list(MUTANTS)[:2]
    told = table([Caught(first, 3, 3, "6: a row | passed by"), Caught(second, 0, 0, "")])
    assert f"| {first} | 3 | 6: a row / passed by |" in told
    assert f"| {second} | - | **not caught** |" in told
