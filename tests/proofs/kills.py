"""SIGKILL before every call that changes the disk: what was called saved is there, the rest whole or not at all.

`python -m tests.proofs.kills --every 1 --seed 1`. Three scenes: a first start with enrolment and first load, a day of
work with sync and a page taken in, and the update of a stored tablet of the first schema. The process is killed at the
n-th write, sync, cut, opening or renaming.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests.proofs.disk.striking import counts, every_call, strike, violations
from tests.proofs.disk.struck import Strike
from tests.proofs.summary import Summary

_SCENES = (Strike("first"), Strike("day"), Strike("update"))


def run(every: int = 1, seed: int = 1) -> Summary:
    """Kills at every call, or at each `every`-th."""
    started = time.monotonic()
    came = [one for scene in _SCENES for one in strike(every_call(scene, every, seed), seed)]
    alive = [f"{one.strike}: it was not killed" for one in came if not one.killed]
    return Summary(
        "SIGKILL at every call that changes the disk",
        counts(came),
        (*violations(came), *alive),
        seconds=time.monotonic() - started,
    )


def main(arguments: Sequence[str]) -> int:
    """Runs it and prints; 0 when it holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.kills")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    summary = run(given.every, given.seed)
    print(summary)
    return 0 if summary.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
