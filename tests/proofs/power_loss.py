"""Power cuts: whatever a disk kept of the real store's writes, it opens whole with every operation that was saved.

`python -m tests.proofs.power_loss --images 5000 --seed 1`. A tablet works on a recorded disk (enrolment, a first load
in pages, work, sync, restarts); at points of the log spread evenly over it, images are made of what a power cut may
leave (`disk/model.py`), and the application's own start-up opens each. It must hold exactly the rows that the store had
after the last transaction it called done, or after the one that was under way. The control is the same store with
`synchronous=NORMAL`: it must lose operations that it called saved, and nothing worse.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

from guide_app.adapters.keys import FileKeySource
from guide_app.bootstrap import open_store
from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.ids import Ids
from local_store.transaction import BALLAST_BYTES
from tests.proofs.disk.looking import Looked, look
from tests.proofs.disk.model import Disk
from tests.proofs.disk.recorder import Event, read_log
from tests.proofs.disk.running import on_recorded_disk, scratch
from tests.proofs.disk.workload import MARK, PLANTED, settings
from tests.proofs.summary import Summary

_IGNORED = (".ballast", "-shm")
"""Room without content; SQLite's own memory, which it makes anew after a crash."""


class Saved(NamedTuple):
    """What the store held when a transaction had been called done."""

    name: str
    digest: str
    op_ids: list[str]
    next_number: int
    half: list[str]


class Recording(NamedTuple):
    """A tablet's work: its disk's log, and after which event which state was known to be saved."""

    root: Path
    events: list[Event]
    saved: list[tuple[int, Saved]]
    said: str


@dataclass
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def note(self, kind: str, what: str) -> None:
        self.counts[kind] += 1
        self.violations.append(f"{kind}: {what}")


def record(folder: Path, seed: int, turns: int, synchronous: str = "FULL") -> Recording:
    """Lets a tablet work in the folder."""
    module = "tests.proofs.disk.child"
    said = on_recorded_disk(folder, module, str(folder), str(seed), str(turns), synchronous)
    events = list(read_log(folder / "log"))
    witness, saved = str(folder / "witness"), []
    for n, event in enumerate(events):
        told = json.loads(event.data) if event.kind == "W" and event.path == witness else None
        if isinstance(told, list):
            saved.append((n, Saved(*told)))
    return Recording(folder / "tablet", events, saved, said)


def replay(recording: Recording, images: int, seed: int, into: Path) -> _Tally:
    """Makes and opens the images."""
    tally, events = _Tally(), recording.events
    disk = Disk(recording.root, _IGNORED, Random(seed))
    done = 0
    for image in range(images):
        upto = (image + 1) * len(events) // images
        for event in events[done:upto]:
            disk.apply(event)
        done = upto
        data = into / "data"
        luck = disk.cut(Random(f"{seed} {image}"), into)
        tally.counts[f"images {luck}"] += 1
        _judge(recording, upto, data, f"image {image} after event {upto}, {luck}", tally)
        shutil.rmtree(data, ignore_errors=True)
    tally.counts["points of the log"] = min(images, len(events))
    return tally


def _judge(recording: Recording, upto: int, data: Path, name: str, tally: _Tally) -> None:
    states = [saved for _, saved in recording.saved]
    acknowledged = sum(at < upto for at, _ in recording.saved)
    try:
        found = _start(data)
    except EnvironmentProblem as problem:
        tally.note("images that did not open", f"{name}: {problem!r}")
        return
    tally.counts["images opened"] += 1
    if found.half:
        tally.note("images with something half", f"{name}: {found.half[:3]}")
    if not acknowledged:
        return
    last = states[acknowledged - 1]
    tally.counts["acknowledged operations looked for"] += len(last.op_ids)
    if lost := set(last.op_ids) - set(found.op_ids):
        tally.counts["acknowledged operations lost"] += len(lost)
        tally.note("images that lost an operation", f"{name}: {len(lost)} after {last.name}")
    if found.next_number < last.next_number:
        tally.note("images that would give a number again", f"{name}: {found.next_number} < {last.next_number}")
    if found.digest not in [saved.digest for saved in states[acknowledged - 1 : acknowledged + 1]]:
        kind = "in an older state" if found.digest in {saved.digest for saved in states} else "in no state there was"
        tally.note(f"images {kind}", name)


def _start(data: Path) -> Looked:
    """Starts the application's store on an image, looks into it, and writes to it. Raises EnvironmentProblem."""
    here = settings(data)
    data.mkdir(parents=True, exist_ok=True)
    with Path(f"{here.database}.ballast").open("wb") as file:
        file.truncate(BALLAST_BYTES)
    clock = SystemClock()
    store = open_store(here, FileKeySource(here.keys), clock, Ids(clock, secrets.token_bytes))
    try:
        found = look(data)
        asyncio.run(store.drafts.put("proof", b"written after the power cut"))
        return found
    finally:
        store.close()


def planted(recording: Recording) -> list[str]:
    """Where words that were typed in stand in the clear, among all bytes written and all that was logged.

    A word counts in UTF-8 and in both UTF-16; the mark that the process wrote in the clear must be among what is found.
    """
    written: dict[str, bytearray] = {}
    for event in recording.events:
        written.setdefault(event.path, bytearray()).extend(event.data)
    written["what it said"] = bytearray(recording.said.encode())
    forms = [word.encode(code) for word in (*PLANTED, MARK) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [path for path, data in written.items() if any(form in data for form in forms)]


def run(images: int = 5000, seed: int = 1, *, turns: int = 120) -> Summary:
    """The proof with its control, which gets a tenth of the images."""
    started = time.monotonic()
    with scratch() as folder:
        parts = {name: folder / name for name in ("full", "normal", "images")}
        for part in parts.values():
            part.mkdir()
        full = record(parts["full"], seed, turns)
        tally = replay(full, images, seed, parts["images"])
        found = planted(full)
        if found != [str(full.root.parent / "witness")]:
            tally.note("files with personal data in the clear", ", ".join(found))
        normal = record(parts["normal"], seed, turns, "NORMAL")
        control = replay(normal, max(images // 10, 100), seed, parts["images"])
    halves = [saved.name for _, saved in full.saved if saved.half]
    if halves:
        tally.note("states that were half while it worked", ", ".join(halves))
    bytes_written = sum(len(event.data) for event in full.events)
    told = {
        "images": images,
        **{kind: tally.counts[kind] for kind in sorted(tally.counts)},
        "acknowledged operations lost": tally.counts["acknowledged operations lost"],
        "transactions recorded": len(full.saved),
        "events recorded": len(full.events),
        "bytes searched for personal data": bytes_written,
    }
    lost, worse = control.counts["acknowledged operations lost"], control.counts["images with something half"]
    return Summary(
        "power loss",
        told,
        tuple(tally.violations),
        control=f"with synchronous=NORMAL {control.counts['images that lost an operation']} of "
        f"{max(images // 10, 100)} images lost {lost} acknowledged operations; {worse} held something half",
        control_held=lost > 0 and not worse and not control.counts["images that did not open"],
        seconds=time.monotonic() - started,
    )


def main(arguments: Sequence[str]) -> int:
    """Runs it and prints; 0 when it holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.power_loss")
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    summary = run(given.images, given.seed)
    print(summary)
    return 0 if summary.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
