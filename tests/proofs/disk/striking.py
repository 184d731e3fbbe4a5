"""Has the disk of a tablet struck, once for each strike told, and counts what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

import msgspec

from tests.proofs.disk.running import on_recorded_disk, scratch
from tests.proofs.disk.struck import Came, Scene, Strike

_SECONDS_EACH = 5


def strike(strikes: Sequence[Strike], seed: int) -> list[Came]:
    """What came of each, in order; all are of one scene."""
    told = "".join(msgspec.json.encode(one).decode() + "\n" for one in strikes)
    with scratch() as folder:
        said = on_recorded_disk(
            folder, "tests.proofs.disk.struck", str(folder), str(seed), told=told,
            limit_s=60 + _SECONDS_EACH * len(strikes),
        )  # fmt: skip
    came = [msgspec.json.decode(line, type=Came) for line in said.splitlines() if line.startswith("{")]
    if len(came) != len(strikes):
        raise RuntimeError(f"{len(came)} answers to {len(strikes)} strikes: {said[-2000:]}")
    return came


def every_call(like: Strike, every: int, seed: int) -> list[Strike]:
    """The same strike at every call that it could hit, or at each `every`-th."""
    calls = _calls(like.scene, like.kinds, seed)
    return [msgspec.structs.replace(like, at=at) for at in range(1 + seed % every, calls + 1, every)]


@cache
def _calls(scene: Scene, kinds: int, seed: int) -> int:
    (counted,) = strike([Strike(scene, kinds=kinds)], seed)
    if counted.violations or not counted.calls:
        raise RuntimeError(f"it does not even work on a disk that works: {counted}")
    return counted.calls


def counts(came: Sequence[Came]) -> dict[str, int]:
    """The counts of all, summed."""
    total: Counter[str] = Counter()
    for one in came:
        total["strikes"] += 1
        total["operations saved"] += one.saved
        total["transactions told as not saved"] += one.refused
        total["processes killed"] += one.killed
        total["strikes that SQLite or the store got over unseen"] += not one.killed and not one.refused
    return {name: count for name, count in total.items() if count}


def violations(came: Sequence[Came]) -> tuple[str, ...]:
    """All of all, each with its strike."""
    return tuple(f"{one.strike}: {violation}" for one in came for violation in one.violations)
