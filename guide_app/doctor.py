"""`guide doctor`: looks at what a tablet stands on, and says in words what is wrong and what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from guide_app import words
from guide_app.adapters.instance import alone_in
from guide_app.bootstrap import key_source, open_store
from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.ids import Ids
from guide_app.settings import Settings

FONTS = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-SemiBold.ttf")
LEAST_FREE = 500 << 20
"""Bytes: a first sync of a large chain and a week of work."""

IN_FILES = (
    "kept in files of this account, as there is no key store here: whoever can read them can read the shop's data"
)

Verdict = Literal["well", "look", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in the person's language."""

    what: str
    verdict: Verdict
    words: str


def examine(settings: Settings, language: words.Language) -> Iterator[Finding]:
    """All findings, each as soon as it is known; changes nothing but makes an empty data folder."""
    for what, look in (
        ("Database library", _library),
        ("Fonts", _fonts),
        ("Room on the disk", _room),
        ("Keys", _keys),
        ("Database", _database),
    ):
        try:
            verdict, said = look(settings, language)
        except EnvironmentProblem as error:
            verdict, said = "wrong", words.problem(error.code, language, error.detail)
        yield Finding(words.say(what, language), verdict, said)


def _library(_settings: Settings, _language: words.Language) -> tuple[Verdict, str]:
    from local_store.connection import check_library

    return "well", f"SQLite {check_library()}"


def _fonts(_settings: Settings, language: words.Language) -> tuple[Verdict, str]:
    import assets

    try:
        for name in FONTS:
            assets.path(name)
    except FileNotFoundError:
        return "wrong", words.say("a font is missing: install Store Guide again", language)
    return "well", words.say("both weights are there", language)


def _room(settings: Settings, language: words.Language) -> tuple[Verdict, str]:
    folder = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        text = "{free} free: make room, or new work cannot be saved"
        return "wrong", words.say(text, language, free=size(free))
    return "well", words.say("{free} free", language, free=size(free))


def _keys(settings: Settings, language: words.Language) -> tuple[Verdict, str]:
    source = key_source(settings)
    source.load("database")
    if source.warning:
        return "look", words.say(IN_FILES, language)
    return "well", words.say("kept in the system's key store", language)


def _database(settings: Settings, language: words.Language) -> tuple[Verdict, str]:
    if not settings.database.exists():
        return "look", words.say("not made yet: the tablet is not enrolled", language)
    clock = SystemClock()
    with alone_in(settings.data):
        store = open_store(settings, key_source(settings), clock, Ids(clock, os.urandom))
        try:
            device = asyncio.run(store.sync.device())
            waiting = asyncio.run(store.outbox.waiting())
        finally:
            store.close()
    said = words.say("opens, {size}", language, size=size(_bytes(settings.database)))
    if device is None:
        return "look", words.say("not made yet: the tablet is not enrolled", language)
    text = "not in step since {since}, {waiting} waiting"
    since = device.last_in_step or "-"
    return "well", f"{said}; {words.say(text, language, since=since, waiting=str(waiting.total))}"


def _bytes(database: Path) -> int:
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*"))


def size(count: int) -> str:
    """Bytes as a person reads them."""
    amount = float(count)
    for unit in ("B", "KiB", "MiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GiB"
