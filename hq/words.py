"""What the command line tells a person, in their language; it works before Django and its database do."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from guide_app.domain.errors import EnvironmentProblem

_LOCALE = Path(__file__).resolve().parent / "locale"


def _language() -> str:
    asked = os.environ.get("GUIDE_HQ_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "zh_Hans" if asked.lower().startswith("zh") else "en"


def _(text: str) -> str:
    """The text in the person's language."""
    return gettext.translation("django", _LOCALE, [_language()], fallback=True).gettext(text)


def problem(error: EnvironmentProblem) -> str:
    """What is wrong and what to do about it."""
    words = {
        "database_start": _(
            "The database could not be started. Is the disk full, or the data folder another program's?"
        ),
        "database_missing": _("The embedded database is not installed. Install store-guide[hq], or set DATABASE_URL."),
        "database_unreachable": _("The database cannot be reached. Check DATABASE_URL and that PostgreSQL runs."),
        "database_old": _("This PostgreSQL is too old. Version 15 or newer is needed."),
        "setting_language": _("A setting cannot be used."),
        "setting_public_url": _("A setting cannot be used."),
        "setting_min_app": _("A setting cannot be used."),
        "setting_database_url": _("A setting cannot be used."),
        "store_unknown": _("There is no store with this code. The stores are listed in the admin under Stores."),
        "staff_unknown": _("There is nobody with this staff number in this store."),
        "operator_exists": _("There is an operator of this name already."),
        "password_weak": _("This password is too weak."),
        "data_missing": _("The source's files are not installed. Install them as follows, then load again."),
        "data_there": _(
            "HQ has stores already: data is loaded into an empty HQ only. Choose another folder with --data."
        ),
        "job_unknown": _("HQ has no such periodic work."),
        "port_taken": _("The address is in use by another program. Choose another port with --port."),
    }
    known = words.get(error.code, _("Something outside the program went wrong."))
    return f"{known}\n{error.detail}" if error.detail else known
