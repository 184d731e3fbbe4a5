"""What keeps the app from opening, in words for the one who stands before the screen."""

from __future__ import annotations

from typing import NamedTuple

from ui.viewmodels.base import tr
from ui.viewmodels.problems import problem_words


class Opening(NamedTuple):
    """What it is, what to do, and whether the person should hear that their work is safe."""

    title: str
    text: str
    kept: bool = False


def opening_words(code: str) -> Opening:
    """The words of a problem's code; a code that is not listed here is named by `problem_words`."""
    known = {**_file(), **_keys(), **_tablet()}
    return known.get(code) or Opening(tr("Store Guide cannot open"), problem_words(code))


def kept_words() -> str:
    """That nothing is lost, and what would lose it."""
    return tr("What HQ has is safe; what was made here and not sent yet is still in this tablet, so delete nothing.")


def _file() -> dict[str, Opening]:
    shut = tr("The data on this tablet cannot be opened")
    return {
        "damaged": Opening(
            tr("The data on this tablet is damaged"),
            tr("Use another tablet for now, and show this page to HQ."),
            kept=True,
        ),
        "wrong_key": Opening(
            shut, tr("The key that is kept here is not the one it was made with. Show this page to HQ."), kept=True
        ),
        "key_gone": Opening(
            shut,
            tr("Its key is gone from the key store. Let it be restored, then try again; or ask HQ."),
            kept=True,
        ),
        "newer_version": Opening(
            tr("This app must be updated"),
            tr("The data on this tablet was made by a newer Store Guide. Install that version; everything is kept."),
        ),
        "sqlite_too_old": Opening(
            tr("This app must be updated"),
            tr("A part of it is too old. Install Store Guide again; everything is kept."),
        ),
    }


def _keys() -> dict[str, Opening]:
    shut = tr("The key store does not open")
    return {
        "key_store": Opening(shut, tr("Unlock the tablet's key store or sign in to the tablet again, then try again.")),
        "key_store_missing": Opening(shut, tr("The system's key store is not there. Start it, then try again.")),
        "key_file": Opening(shut, tr("The file with the key cannot be read or kept. Free some space, then try again.")),
        "key_file_open": Opening(
            tr("Others can read this tablet's key"),
            tr("Whoever can read the key can read the customers' data. Ask HQ to mend the files' rights."),
        ),
    }


def _tablet() -> dict[str, Opening]:
    return {
        "disk_full": Opening(
            tr("This tablet is full"),
            tr("Store Guide needs a little room to open. Delete what is not needed on this tablet, then try again."),
        ),
        "disk_failed": Opening(
            tr("The tablet's memory does not take anything"),
            tr("Start the tablet again, then try once more. If it stays, use another tablet and tell HQ."),
            kept=True,
        ),
        "already_running": Opening(
            tr("Store Guide is open already"),
            tr("It runs on this tablet in another window: go on there. If you do not find it, close it and try again."),
        ),
        "defect": Opening(
            tr("Something went wrong that should not"),
            tr("It is a mistake in the app, and it was written to the log. Show this page to HQ."),
            kept=True,
        ),
    }
