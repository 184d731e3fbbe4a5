"""The process that works on a recorded disk: `python -m tests.proofs.disk.child FOLDER SEED TURNS SYNCHRONOUS`.

FOLDER holds afterwards `log` (what reached the disk, in order) and `tablet/data`. After each transaction that the store
called done, a line of JSON goes into `witness`, which is in the log as well.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from itertools import chain
from pathlib import Path
from unittest.mock import patch

from sqlcipher3 import dbapi2 as sqlite

from guide_app.bootstrap import set_up_log
from local_store import connection as opening
from local_store.worker import QUIET_S
from tests.proofs.disk.looking import look
from tests.proofs.disk.recorder import Recorder
from tests.proofs.disk.workload import MARK, Days, settings


def main(folder: Path, seed: int, turns: int, synchronous: str) -> None:
    """Works and records."""
    (folder / "tablet").mkdir()
    Recorder().record(folder / "log")
    if synchronous != "FULL":
        _weaken(synchronous)
    data = folder / "tablet" / "data"
    set_up_log(settings(data))
    logging.getLogger().setLevel(logging.DEBUG)
    asyncio.run(_work(data, folder / "witness", seed, turns))


async def _work(data: Path, witness: Path, seed: int, turns: int) -> None:
    days = Days(data, seed)
    with witness.open("a", buffering=1) as file:
        file.write(json.dumps({"mark": MARK}) + "\n")

        def saw(name: str) -> None:
            found = look(data)
            number = found.next_number
            file.write(json.dumps([name, found.digest, found.op_ids, number, found.half]) + "\n")

        saw("open")
        for n, step in enumerate(chain(days.begin(), days.work(turns))):
            await step.act()
            saw(step.name)
            if n % 40 == 19:
                await asyncio.sleep(3 * QUIET_S)  # a quiet moment, in which the log goes into the file
            if n % 40 == 39:
                await days.reopen()
                saw("reopen")
        days.bench.store.close()


def _weaken(synchronous: str) -> None:
    """The control: every connection is as the store makes it, but for one setting."""
    real = opening.connect

    def weaker(path: Path, key: bytes, *, cache_mb: int, read_only: bool = False) -> sqlite.Connection:
        made = real(path, key, cache_mb=cache_mb, read_only=read_only)
        made.execute(f"PRAGMA synchronous = {synchronous}")
        return made

    for user in ("connection", "store"):
        patch(f"local_store.{user}.connect", weaker).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
