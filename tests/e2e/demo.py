"""`make demo`: the whole product on a real year of baskets, played before your eyes.

HQ starts on its embedded database and loads the year (once), two tablets are enrolled, one is opened. With no display
a scripted day is played on a virtual screen through the real windows, by clicks and keys; at its end stands what HQ
holds next to what was done, and a picture of every page in both languages. All people in the data are synthetic.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from guide_app import bootstrap
from guide_app.settings import read as read_settings
from hq.database import embedded
from tests.e2e.day import Day
from tests.e2e.link import Link
from tests.e2e.stage import Hq, Sql, VirtualScreen
from tests.e2e.tablet import Tablet

ROOT = Path("build/demo")
STORES = "4"


def main(root: Path) -> int:
    """0 when what HQ holds is what was done. `root`: the folder everything lies in, kept from run to run."""
    began = time.monotonic()
    root.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        cluster = stack.enter_context(embedded.running((root / "hq").absolute()))
        hq = Hq((root / "hq").absolute())
        hq.command("migrate")
        sql = Sql(cluster.url())
        stack.callback(sql.close)
        if not sql.one("select count(*) from store"):
            hq.load("--stores", STORES)
        hq.start()
        stack.callback(hq.stop)
        links = [Link(port) for port in _ports(root)]
        for link in links:
            stack.callback(link.close)
            link.to(hq.port)
            link.up()
        _say(f"HQ serves {sql.one('select count(*) from member'):,} members; {time.monotonic() - began:.0f} s")
        if os.environ.get("DISPLAY"):
            return _show(root, hq, sql, links)
        screen = VirtualScreen()
        stack.callback(screen.close)
        return _play(root, hq, sql, links, screen.display)


def _play(root: Path, hq: Hq, sql: Sql, links: list[Link], display: str) -> int:
    shutil.rmtree(root / "pictures", ignore_errors=True)
    tablets = [
        Tablet(
            f"tablet-{language}",
            (root / f"tablet-{language}").absolute(),
            {"DISPLAY": display, "GUIDE_LANG": language, "GUIDE_KEY_SOURCE": "file", "LANG": "C.UTF-8"},
        )
        for language in ("en", "zh_CN")
    ]
    day = Day(hq, sql, links, tablets, root / "pictures", _say)
    try:
        return day.play()
    finally:
        for tablet in tablets:
            tablet.kill()


def _show(root: Path, hq: Hq, sql: Sql, links: list[Link]) -> int:
    """Enrols two tablets and opens the first on the person's own display, until it is closed."""
    store = sql.one("select code from store order by code limit 1")
    folders = [(root / f"own-{number}").absolute() for number in (1, 2)]
    for folder, link in zip(folders, links, strict=True):
        if not (folder / "store.db").exists():
            asyncio.run(_enrol(folder, link.url, hq.command("enrol-code", "--store", store).split()[0]))
    _say(f"HQ's pages: http://127.0.0.1:{hq.port}/admin/ (make an operator: guide-hq create-operator)")
    _say("The first sign-in there shows a QR code for an authenticator app; GUIDE_HQ_TWO_FACTOR=off leaves that out.")
    _say("Everybody's PIN is 246810; all people in the data are synthetic. Close the window to end.")
    return subprocess.call(
        [sys.executable, "-m", "guide_app", "--windowed", "--data", str(folders[0])],
        env={**os.environ, "GUIDE_KEY_SOURCE": "file"},
    )


async def _enrol(folder: Path, url: str, code: str) -> None:
    settings = read_settings({"GUIDE_DATA": str(folder), "GUIDE_KEY_SOURCE": "file"})
    async with bootstrap.tablet(settings) as tablet:
        await tablet.sync.enrol(url, code, folder.name)
    _say(f"{folder.name} is enrolled")


def _ports(root: Path) -> list[int]:
    """The links' ports stay the same from run to run: the tablets know HQ by them."""
    kept = root / "ports.json"
    if kept.exists():
        return list(json.loads(kept.read_text(encoding="utf-8")))
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            ports.append(probe.getsockname()[1])
    kept.write_text(json.dumps(ports), encoding="utf-8")
    return ports


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
