"""HQ in one process as `guide-hq serve` starts it, with counters that others can read while it runs: for `herd`.

Counted, in a file of four numbers: the most requests that were inside at once, how many were admitted, how many were
refused, and how many statements went to the database on behalf of requests.
"""

from __future__ import annotations

import contextlib
import mmap
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

_FORM = struct.Struct("4q")


class Counted(NamedTuple):
    """What was counted so far."""

    peak: int
    admitted: int
    refused: int
    statements: int


@contextlib.contextmanager
def counting(data: Path, counters: Path) -> Iterator[str]:
    """The address of a counted HQ on this data folder."""
    counters.write_bytes(bytes(_FORM.size))
    call = f"herd_hq.serve({str(data)!r}, {str(counters)!r})"
    command = [sys.executable, "-c", f"import sys; from benchmarks import herd_hq; sys.exit({call})"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            if running.stdout is None or "http" not in (line := running.stdout.readline()):
                raise RuntimeError("HQ does not start")
            yield line.split()[-1]
        finally:
            running.terminate()


def read(counters: Path) -> Counted:
    """What stands in the file now."""
    return Counted(*_FORM.unpack(counters.read_bytes()))


def serve(data: str, counters: str) -> int:
    """Serves until it is told to end."""
    import psycopg

    from hq import cli
    from hq.sync_api.gate import Gate
    from hq.sync_api.problems import Problem

    lock = threading.Lock()
    counted = [0, 0, 0, 0]
    with Path(counters).open("r+b") as file, mmap.mmap(file.fileno(), _FORM.size) as shared:

        def count(at: int, value: int | None = None) -> None:
            with lock:
                counted[at] = counted[at] + 1 if value is None else max(counted[at], value)
                _FORM.pack_into(shared, 0, *counted)

        admitted, run, run_async = Gate.admitted, psycopg.Cursor.execute, psycopg.AsyncCursor.execute
        inside = [0]

        @contextlib.contextmanager
        def watched(gate: Gate, *, first: bool) -> Iterator[None]:
            try:
                with admitted(gate, first=first):
                    inside[0] += 1
                    count(0, inside[0])
                    count(1)
                    try:
                        yield
                    finally:
                        inside[0] -= 1
            except Problem as problem:
                if problem.code == "busy":
                    count(2)
                raise

        def ran(cursor: Any, *given: Any, **named: Any) -> Any:
            if threading.current_thread().name.startswith("sync-api"):  # HQ's periodic work has threads of its own
                count(3)
            return run(cursor, *given, **named)

        async def ran_async(cursor: Any, *given: Any, **named: Any) -> Any:
            count(3)
            return await run_async(cursor, *given, **named)

        with (
            patch.object(Gate, "admitted", watched),
            patch.object(psycopg.Cursor, "execute", ran),
            patch.object(psycopg.AsyncCursor, "execute", ran_async),
        ):
            return cli.main(["serve", "--data", data, "--port", "0", "--processes", "1"])
