"""`make prove`: every long proof at its full dose, one process each, and the dated table of what they printed.

    python -m tests.proofs.prove                 all of them; the table goes into docs/proof.md
    python -m tests.proofs.prove power_loss      this one alone; the table is brought up to date in its row

A proof that was not run keeps the row of its last run, with that run's date and commit.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.proofs.summary import Summary

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "docs" / "proofs"
PAGE = ROOT / "docs" / "proof.md"
BEGIN, END = "<!-- proofs: begin -->", "<!-- proofs: end -->"


@dataclass(frozen=True)
class Proof:
    """A proof: what it is called, the command that runs it alone, and the function behind it with its full dose."""

    name: str
    title: str
    command: str
    function: str
    dose: dict[str, Any]

    def run(self) -> Summary:
        """Runs it here."""
        module, _, name = self.function.partition(":")
        function: Callable[..., Summary] = getattr(import_module(module), name)
        return function(**self.dose)


PROOFS = (
    Proof(
        "simulation", "Simulated chains in virtual time", "make simulate SEEDS=1..10000",
        "tests.proofs.simulated:run", {"seeds": 10_000, "postgres": False},
    ),
    Proof(
        "simulation_postgres", "The same over PostgreSQL", "make simulate SEEDS=1..300 PG=1",
        "tests.proofs.simulated:run", {"seeds": 300, "postgres": True},
    ),
    Proof("mutants", "Rules switched off one by one", "make mutants", "tests.proofs.simulated:mutants", {}),
    Proof(
        "power_loss", "Power cuts on a recorded disk", "python -m tests.proofs.power_loss --images 5000",
        "tests.proofs.power_loss:run", {"images": 5000, "seed": 1},
    ),
    Proof(
        "kills", "SIGKILL at every call that changes the disk", "python -m tests.proofs.kills",
        "tests.proofs.kills:run", {},
    ),
    Proof(
        "disk_faults", "A full and a failing disk at every call", "python -m tests.proofs.disk_faults",
        "tests.proofs.disk_faults:run", {},
    ),
    Proof(
        "feed_race", "Twelve writers on one feed", "python -m tests.proofs.feed_race --commits 30000",
        "tests.proofs.feed_race:run", {"commits": 30_000, "seed": 7},
    ),
    Proof(
        "proxy", "A faulty network between real processes", "python -m tests.proofs.proxy --schedules 1000",
        "tests.proofs.proxy:run", {"schedules": 1000, "seed": 7},
    ),
    Proof(
        "outages", "kill -9 of HQ and of PostgreSQL", "python -m tests.proofs.outages --kills 20",
        "tests.proofs.outages:run", {"kills": 20, "seed": 7},
    ),
    Proof(
        "restore", "HQ restored from older base backups", "python -m tests.proofs.restore --rounds 5",
        "tests.proofs.restore:run", {"rounds": 5, "seed": 7},
    ),
    Proof(
        "api_fuzz", "schemathesis against the running HQ", "python -m tests.proofs.api_fuzz --examples 400",
        "tests.proofs.api_fuzz:run", {"examples": 400, "seed": 7},
    ),
    Proof(
        "forgery", "Altered signed requests", "python -m tests.proofs.forgery --examples 3000",
        "tests.proofs.forgery:run", {"examples": 3000, "seed": 7},
    ),
    Proof(
        "admission", "A full HQ costs its database nothing", "python -m tests.proofs.admission --requests 300",
        "tests.proofs.admission:run", {"requests": 300},
    ),
    Proof(
        "radar", "Probably a member elsewhere, and nobody missed", "python -m tests.proofs.radar --phones 1000000",
        "tests.proofs.radar:run", {"phones": 1_000_000, "seed": 7},
    ),
    Proof(
        "partitions", "Two tablets, one value, no network", "python -m tests.proofs.partitions --partitions 1000",
        "tests.proofs.partitions:run", {"partitions": 1000, "seed": 7},
    ),
    Proof(
        "repriced", "The real year priced again", "python -m tests.proofs.repriced",
        "tests.proofs.repriced:run", {"baskets": 155_848},
    ),
)  # fmt: skip


def prove(proof: Proof) -> bool:
    """Runs one proof, prints it, keeps its result; whether it holds."""
    summary = proof.run()
    print(summary, flush=True)
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = {"when": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}", "commit": _commit(), **asdict(summary)}
    (RESULTS / f"{proof.name}.json").write_text(
        json.dumps(kept, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8"
    )
    return summary.passed


def table() -> str:
    """The table of the last run of each proof, in Markdown; counts of single kinds ("kind: 3") stay in its file."""
    lines = ["| proof | what was run | violations | control | took | run on |", "| --- | --- | --- | --- | --- | --- |"]
    for proof in PROOFS:
        path = RESULTS / f"{proof.name}.json"
        if not path.exists():
            continue
        kept = json.loads(path.read_text(encoding="utf-8"))
        said = [f"{count:,} {what}" for what, count in kept["counts"].items() if count and ": " not in what]
        if further := sum(": " in what for what in kept["counts"]):
            said.append(f"[{further} kinds counted](proofs/{proof.name}.json)")
        counts = ", ".join(said)
        held = kept["control"] or "none"
        lines.append(
            f"| {proof.title}<br>`{proof.command}` | {counts} | {len(kept['violations'])} | {held} "
            f"| {kept['seconds'] / 60:.1f} min | {kept['when']}, {kept['commit']} |"
        )
    return "\n".join(lines)


def write_table() -> None:
    """Puts the table between its marks in the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """0 when every proof that was run holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*(proof.name for proof in PROOFS), []])
    parser.add_argument(
        "--dose", action="append", default=[], metavar="NAME=NUMBER", help="of one, other than the full"
    )
    given = parser.parse_args(arguments)
    names = given.names
    if len(names) == 1:
        other = {name: int(number) for name, _, number in (pair.partition("=") for pair in given.dose)}
        proof = next(proof for proof in PROOFS if proof.name == names[0])
        failed = [] if prove(replace(proof, dose={**proof.dose, **other})) else names
    else:
        chosen = names or [proof.name for proof in PROOFS]
        failed = [name for name in chosen if subprocess.call([sys.executable, "-m", __spec__.name, name], cwd=ROOT)]
    write_table()
    print(f"{len(names or PROOFS) - len(failed)} proofs hold, {len(failed)} do not {' '.join(failed)}".rstrip())
    return 1 if failed else 0


def _commit() -> str:
    asked = ["git", "rev-parse", "--short=10", "HEAD"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
