"""`tell`: how soon 500 tablets hear that a new version of material was published, at one process of HQ.

Each tablet is enrolled and has a stream of its own (`GET /v1/events`). Another process publishes through the services
of the console, to the whole chain; its clock is read when it begins. Then each tablet that has heard asks
(`POST /v1/sync`), until it has the row. Goal: the last has heard within 5 s of "publish".

    python -m benchmarks.tell [ROUNDS] [TABLETS]
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import fleet, harness, hq_server
from benchmarks.fleet import Line, Tablet
from hq.database import embedded
from sync.protocol import codec

SHOPS, TABLETS, GOAL_S, PATIENCE_S = 20, 500, 5.0, 60.0


class Round(NamedTuple):
    """Seconds from "publish" until each tablet had heard, and until each had the row."""

    heard: list[float]
    had: list[float]


def main(rounds: int, tablets: int) -> None:
    """Measures, prints and writes the report."""
    _many_files(2 * tablets + 200)
    report = harness.report("tell")
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        hq = Path(folder) / "hq"
        enrolled = fleet.enlisted(hq, SHOPS, -(-tablets // SHOPS)).tablets[:tablets]
        with embedded.running(hq), hq_server.serving(hq, processes=1) as url, _desk(hq) as desk:
            runs = asyncio.run(_rounds(url, enrolled, desk, rounds))
    who = f"{tablets} tablets"
    for what, taken in (("heard", [run.heard for run in runs]), ("have the row", [run.had for run in runs])):
        report.figures[f"half of {who} {what}"] = harness.figure([harness.percentile(one, 0.5) for one in taken], "s")
        report.figures[f"all {who} {what}"] = harness.figure([max(one) for one in taken], "s")
    slowest = report.figures[f"all {who} heard"].median
    report.ratios[f"all have heard against {GOAL_S:g} s"] = harness.Ratio(value=slowest / GOAL_S, goal=1)
    report.finish()


async def _rounds(url: str, tablets: list[Tablet], desk: subprocess.Popen[str], rounds: int) -> list[Round]:
    few = asyncio.Semaphore(16)
    streams = await asyncio.gather(*(_followed(url, tablet, few) for tablet in tablets))
    runs = [await _round(url, tablets, streams, desk, version) for version in range(1, rounds + 1)]
    for _, line in streams:
        line.close()
    return runs


async def _followed(
    url: str, tablet: Tablet, few: asyncio.Semaphore
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The tablet's stream, open. Raises RuntimeError where HQ has none for it."""
    async with few:
        line = await Line.to(url)
        reader, writer = line.opened(fleet.following(tablet))
        head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200") or b"text/event-stream" not in head:
        raise RuntimeError(f"no stream: {head!r}")
    return reader, writer


async def _round(
    url: str, tablets: list[Tablet], streams: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
    desk: subprocess.Popen[str], version: int,
) -> Round:  # fmt: skip
    """One version: who publishes it, says when it was begun, by the machine's clock."""
    of_all = set[str].intersection(*(set(tablet.after) for tablet in tablets))

    async def one(tablet: Tablet, reader: asyncio.StreamReader) -> tuple[float, float]:
        while (await reader.readuntil(b"\n\n")).decode().rpartition("data: ")[2].strip() not in of_all:
            pass  # its own scopes, or a sign of life
        heard = time.monotonic()
        await _taken(url, tablet, version)
        return heard, time.monotonic()

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as all_of_them:
        waiting = [
            all_of_them.create_task(one(tablet, reader)) for tablet, (reader, _) in zip(tablets, streams, strict=True)
        ]
        began = float(await asyncio.to_thread(_publish, desk))
    moments = [task.result() for task in waiting]
    return Round([heard - began for heard, _ in moments], [had - began for _, had in moments])


async def _taken(url: str, tablet: Tablet, version: int) -> None:
    """Asks until the answer brings the version; HQ may say once or more that it is full, and when to come again."""
    mark = f'"version":{version},'.encode()
    while True:
        line = await Line.to(url)
        answer = await line.ask(tablet.request())
        line.close()
        if answer.status == 200:
            plain = codec.unpack(answer.body, codec.parse_encoding(answer.headers.get("content-encoding", "")))
            if b'"material"' in plain and mark in plain.replace(b"\\", b"").replace(b": ", b":"):
                return
            raise RuntimeError(f"it was told, and the version is not there: {plain[:500]!r}")
        if answer.status != 503:
            raise RuntimeError(f"HQ says {answer}")
        await asyncio.sleep(float(answer.headers["retry-after"]))


def _publish(desk: subprocess.Popen[str]) -> str:
    if desk.stdin is None or desk.stdout is None:
        raise RuntimeError("nobody can publish")
    time.sleep(1)  # all is quiet, and every head was looked at
    desk.stdin.write("publish\n")
    desk.stdin.flush()
    return desk.stdout.readline()


def _desk(data: Path) -> subprocess.Popen[str]:
    """Somebody at HQ, in a process of their own, who publishes the next version for each line."""
    command = [sys.executable, "-c", f"from benchmarks import tell; tell.publishing({str(data)!r})"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def publishing(data: str) -> None:
    """Publishes a version for each line that comes in, and says when it was begun: seconds of the machine's clock."""
    from hq.database.opening import opened

    with opened(Path(data)):
        from guide_app.domain.materials import Actor, Reach
        from guide_app.domain.records import Material, Names
        from hq.materials import services

        lin, wang = (Actor(name, may_write=True, may_publish=True) for name in ("lin", "wang"))
        material = ""
        for number, _ in enumerate(sys.stdin, 1):
            says = Material(
                material="00000000-0000-0000-0000-000000000000", version=1, kind="text",
                title=Names(en=f"Winter skin {number}", zh=f"冬季护肤{number}"), text=Names(en="Wash", zh="先洗"),
            )  # fmt: skip
            version = services.write(says, Reach(), by=lin, material_id=material)
            services.submit(str(version.id), by=lin)
            began = time.monotonic()
            services.publish(str(version.id), by=wang)
            print(began, flush=True)
            material = str(version.material_id)


def _many_files(count: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(given[0] if given else 5, given[1] if len(given) > 1 else TABLETS)
