"""How a proof that counts by kind tells what it found, also out of a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.proofs.summary import Summary

ROOT = Path(__file__).resolve().parents[2]
_MARK = "summary: "


def told(
    name: str,
    exercised: Mapping[str, int],
    wrong: Mapping[str, int],
    seconds: float,
    control: Mapping[str, int] | None = None,
    notes: Sequence[str] = (),
) -> Summary:
    """`wrong`: violations by kind, all 0 when the proof holds; `notes` are told with them.

    `control`: what the same measuring found where it must find something, each above 0.
    """
    violations = [f"{kind}: {count}" for kind, count in wrong.items() if count]
    return Summary(
        name,
        {**exercised, **wrong},
        tuple([*violations, *notes] if violations else ()),
        control=", ".join(f"{what}: {count:,}" for what, count in (control or {}).items()),
        control_held=all((control or {}).values()),
        seconds=seconds,
    )


def finish(summary: Summary) -> int:
    """Prints a summary for people and for `in_a_process`; gives the exit status."""
    print(summary)
    print(_MARK + json.dumps(asdict(summary)), flush=True)
    return 0 if summary.passed else 1


def in_a_process(module: str, *arguments: str, timeout_s: float = 7200) -> Summary:
    """Runs `python -m module` and gives the summary it printed: a proof that sets up Django needs its own process.

    Raises RuntimeError with its last words where there is none.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False)
    for line in reversed(done.stdout.splitlines()):
        if line.startswith(_MARK):
            found = json.loads(line.removeprefix(_MARK))
            return Summary(**{**found, "violations": tuple(found["violations"]), "notes": tuple(found["notes"])})
    raise RuntimeError(f"{module} ended {done.returncode}\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}")
