"""`guide`: starts the tablet app; `guide doctor` looks at what it stands on; `guide diagnostics` writes it down."""

from __future__ import annotations

import argparse
import asyncio
import gc
import locale
import os
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from guide_app import words
from guide_app.adapters import logs
from guide_app.adapters.preferences import language_of
from guide_app.domain.errors import EnvironmentProblem
from guide_app.settings import Settings, read

OnWindow = Callable[[Any], object]
"""Told each of the app's windows once it stands."""
TURN_S = 0.0005
"""How long a thread that takes rows in may go on while the screen's waits for the interpreter. Python's own 5 ms are a
third of a frame, and a frame asks several times."""


def main(arguments: Sequence[str] | None = None, on_window: OnWindow | None = None) -> int:
    """The exit code: 0 well, 1 something is wrong (said on stderr and, by the app, on the screen), 2 a wrong call."""
    language = _language(arguments if arguments is not None else sys.argv[1:])
    given = _parser(language).parse_args(arguments)
    try:
        settings = read(os.environ, {"data": given.data, "language": given.lang, "windowed": given.windowed})
        if given.command == "doctor":
            return doctor(settings, language)
        return diagnose(settings, language) if given.command == "diagnostics" else start(settings, on_window)
    except EnvironmentProblem as error:
        print(words.problem(error.code, language, error.detail), file=sys.stderr)
        return 1


def start(settings: Settings, on_window: OnWindow | None = None) -> int:
    """Opens the tablet on the screen until it is closed."""
    from guide_app import bootstrap
    from ui.runtime import run

    def stands(window: object) -> None:
        gc.freeze()  # what a start makes stays
        gc.enable()
        if on_window is not None:
            on_window(window)

    gc.disable()  # until the window stands: a start makes much, drops little, and loses a tenth of its time by looking
    sys.setswitchinterval(TURN_S)
    handler = bootstrap.set_up_log(settings)
    try:
        chosen = bootstrap.preferences(settings)
        return run(
            lambda: bootstrap.tablet(settings, chosen=chosen),
            preferences=chosen,
            app_version=bootstrap.app_version(),
            windowed=settings.windowed,
            on_window=stands,
        )
    finally:
        gc.enable()
        logs.take_down(handler)


def doctor(settings: Settings, language: words.Language) -> int:
    """Prints what was found; 1 when something is wrong."""
    from guide_app.doctor import examine

    wrong = False
    for finding in examine(settings, language):
        wrong |= finding.verdict == "wrong"
        print(f"{words.say(finding.verdict, language):6} {finding.what}: {finding.words}")
    return 1 if wrong else 0


def diagnose(settings: Settings, language: words.Language) -> int:
    """Writes a diagnostics file of a tablet whose app does not run, and says where."""
    from guide_app import bootstrap
    from guide_app.adapters.instance import alone_in
    from guide_app.domain.clock import SystemClock
    from guide_app.domain.ids import Ids

    if not settings.database.exists():
        print(words.say("not made yet: the tablet is not enrolled", language), file=sys.stderr)
        return 1
    clock = SystemClock()
    with alone_in(settings.data):
        keys = bootstrap.key_source(settings)
        store = bootstrap.open_store(settings, keys, clock, Ids(clock, os.urandom))
        try:
            path = asyncio.run(bootstrap.diagnostics(settings, store, clock).save())
        finally:
            store.close()
    print(words.say("Written: {path}", language, path=path))
    return 0


def _language(arguments: Sequence[str]) -> words.Language:
    """Of the words on the command line: known before the arguments are parsed, as `--help` is in it too."""
    asked = next((after for before, after in pairwise(arguments) if before == "--lang"), "")
    asked = asked or os.environ.get("GUIDE_LANG", "") or locale.getlocale()[0] or os.environ.get("LANG", "")
    return language_of(asked)


def _parser(language: words.Language) -> argparse.ArgumentParser:
    def say(text: str) -> str:
        return words.say(text, language)

    parser = argparse.ArgumentParser(prog="guide", description=say("Store Guide: the tablet app of a shop's guides"))
    parser.add_argument("--data", metavar="DIR", help=say("the folder of this tablet's data"))
    parser.add_argument("--lang", choices=("en", "zh_CN"), help=say("en or zh_CN"))
    parser.add_argument(
        "--windowed", action="store_true", default=None, help=say("a window instead of the whole screen")
    )
    commands = parser.add_subparsers(dest="command", metavar="")
    commands.add_parser("doctor", help=say("check this tablet and say what to do"))
    commands.add_parser("diagnostics", help=say("write a file for HQ's support that tells how this tablet stands"))
    return parser
