"""A full disk (ENOSPC), a failing one (EIO), at every call: "not saved" in words, never "saved" of what is not there.

`python -m tests.proofs.disk_faults --every 1 --seed 1`. Each call that a fault can strike fails once, or it and all
after it until the disk works again. After each refusal the file must hold exactly what was called saved; the same work
tried again must be saved; in the end everything must reach HQ once. With the reserve (8 MB) on a full disk nothing that
a person made may be refused at all.
"""

from __future__ import annotations

import argparse
import errno
import sys
import time
from collections.abc import Sequence

from tests.proofs.disk.recorder import Calls
from tests.proofs.disk.striking import counts, every_call, strike, violations
from tests.proofs.disk.struck import Came, Strike
from tests.proofs.summary import Summary

_FULL = int(Calls.TAKING_ROOM)
_KINDS = (
    ("full for a moment", Strike("first", error=errno.ENOSPC, kinds=_FULL)),
    ("full for a moment", Strike("day", error=errno.ENOSPC, kinds=_FULL)),
    ("full until somebody makes room", Strike("first", error=errno.ENOSPC, kinds=_FULL, lasting=True)),
    ("full until somebody makes room", Strike("day", error=errno.ENOSPC, kinds=_FULL, lasting=True)),
    ("full while it updates", Strike("update", error=errno.ENOSPC, kinds=_FULL)),
    ("full while it updates", Strike("update", error=errno.ENOSPC, kinds=_FULL, lasting=True)),
    ("full, with the reserve", Strike("day", error=errno.ENOSPC, kinds=_FULL, lasting=True, reserve=True)),
    ("failing once", Strike("first", error=errno.EIO)),
    ("failing once", Strike("day", error=errno.EIO)),
    ("failing while it updates", Strike("update", error=errno.EIO)),
    ("failing for a while", Strike("first", error=errno.EIO, lasting=True)),
    ("failing for a while", Strike("day", error=errno.EIO, lasting=True)),
)


def run(every: int = 1, seed: int = 1) -> Summary:
    """Every kind of fault at every call, or at each `every`-th."""
    started = time.monotonic()
    told: dict[str, int] = {}
    found: list[str] = []
    all_came: list[Came] = []
    for scene in ("first", "day", "update"):
        planned = [(name, one) for name, like in _KINDS if like.scene == scene for one in every_call(like, every, seed)]
        for (name, like), came in zip(planned, strike([one for _, one in planned], seed), strict=True):
            told[f"strikes: {name}"] = told.get(f"strikes: {name}", 0) + 1
            if like.reserve and came.refused_by_hand:
                found.append(f"{like}: a person was refused")
            all_came.append(came)
    told["reserves given back"] = sum(one.reserve_given for one in all_came)
    found += violations(all_came)
    missed = [one for one in all_came if not one.hits and not one.violations]
    found += [f"{one.strike} struck nothing" for one in missed]
    return Summary(
        "ENOSPC and EIO at every call that changes the disk",
        {**told, **counts(all_came)},
        tuple(found),
        seconds=time.monotonic() - started,
    )


def main(arguments: Sequence[str]) -> int:
    """Runs it and prints; 0 when it holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.disk_faults")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    summary = run(given.every, given.seed)
    print(summary)
    return 0 if summary.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
