"""Two tablets through a network that loses, repeats and delays, with crashes and clocks that drift, seed by seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.world import World

pytestmark = [pytest.mark.asyncio, pytest.mark.expects_log]


async def played(seed: int, folder: Path, *, steps: int = 60, trouble: float = 0.4) -> World:
    world = World(seed, folder)
    try:
        await world.run(steps, trouble)
        await world.check()
    finally:
        await world.stop()
    return world


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_all_agree_in_the_end(seed: int, tmp_path: Path) -> None:
    world = await played(seed, tmp_path)
    assert sum(len(one.made) for one in world.tablets) > 10


async def test_the_faults_really_happen(tmp_path: Path) -> None:
    world = await played(99, tmp_path, steps=150, trouble=0.7)
    told = {fault for one in world.tablets for fault in one.line.told}
    assert told == {"well", "lost request", "lost answer", "twice", "late copy", "busy", "hang", "clock"}


async def test_the_same_seed_gives_the_same_trace(tmp_path: Path) -> None:
    first = await played(5, tmp_path / "first")
    again = await played(5, tmp_path / "again")
    assert first.trace == again.trace
