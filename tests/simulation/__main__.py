"""`python -m tests.simulation 1..2000 [--postgres] [--trace] [--twice]`: plays seeds; ends with 1 on a violation."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.simulation.run import play, quiet, run


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("seeds", help="the first and the last seed, as in 1..2000, or one seed")
    parser.add_argument("--postgres", action="store_true", help="HQ on a real PostgreSQL")
    parser.add_argument("--trace", action="store_true", help="print the hash of every trace; of one seed, the trace")
    parser.add_argument("--twice", action="store_true", help="play all seeds twice and compare the hashes")
    chosen = parser.parse_args(arguments)
    seeds = _seeds(chosen.seeds)
    if chosen.trace and len(seeds) == 1:
        return _show(seeds[0])
    summary = run(seeds, postgres=chosen.postgres)
    print(summary.text())
    if chosen.trace:
        print("\n".join(f"{seed} {digest}" for seed, digest in sorted(summary.digests.items())))
    if chosen.twice:
        again = run(seeds, postgres=chosen.postgres).digests
        differ = sorted(seed for seed in seeds if again[seed] != summary.digests[seed])
        print(f"played twice: {len(seeds)}, of another trace: {len(differ)} {differ[:10] or ''}")
        return 1 if differ or summary.violations else 0
    return 1 if summary.violations else 0


def _seeds(text: str) -> range:
    first, _, last = text.partition("..")
    return range(int(first), int(last or first) + 1)


def _show(seed: int) -> int:
    with quiet():
        played = play(seed, whole=True)
    print("\n".join(played.trace))
    print(f"{played.digest} {played.violation}")
    return 1 if played.violation else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
