"""What the command line tells a person, in their language; it works before Django and its database do."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from guide_app.domain.errors import EnvironmentProblem

_LOCALE = Path(__file__).resolve().parent / "locale"


def language() -> str:
    """The person's language as gettext names it."""
    asked = os.environ.get("GUIDE_HQ_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "zh_Hans" if asked.lower().startswith("zh") else "en"


def _(text: str) -> str:
    """The text in the person's language."""
    return gettext.translation("django", _LOCALE, [language()], fallback=True).gettext(text)


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
        "setting_streams": _("A setting cannot be used."),
        "setting_processes": _("A setting cannot be used."),
        "setting_payments": _("A setting cannot be used."),
        "setting_files_s3": _("A setting cannot be used."),
        "setting_two_factor": _("A setting cannot be used."),
        "two_factor_key": _("The codes of operators were sealed with another key. Bring back two-factor.key."),
        "setting_radar": _("A setting cannot be used."),
        "setting_radar_bits": _("A setting cannot be used."),
        "setting_tombstone_days": _("A setting cannot be used."),
        "setting_database_url": _("A setting cannot be used."),
        "store_unknown": _("There is no store with this code. The stores are listed in the admin under Stores."),
        "staff_unknown": _("There is nobody with this staff number in this store."),
        "operator_unknown": _("There is no operator of this name."),
        "operator_exists": _("There is an operator of this name already."),
        "password_weak": _("This password is too weak."),
        "data_missing": _("The source's files are not installed. Install them as follows, then load again."),
        "data_there": _(
            "HQ has stores already: data is loaded into an empty HQ only. Choose another folder with --data."
        ),
        "data_erased": _("This data holds people who were erased here. Nothing was loaded: choose another --seed."),
        "erasures_damaged": _(
            "The journal of erasures cannot be read. HQ does not open, so that nobody who was erased comes back:"
            " bring the file back from its copy."
        ),
        "erasures_unwritable": _("The journal of erasures cannot be written. Nothing was erased. Is the disk full?"),
        "witness_unwritable": _("A file beside the journal of erasures cannot be written. Is the disk full?"),
        "member_unknown": _("There is no member with this number in this store."),
        "erasure_not_confirmed": _("The member's number was not repeated: nobody was erased."),
        "file_unwritable": _("This file cannot be written; it must not be there yet."),
        "device_unknown": _("There is no tablet with these letters in this store."),
        "day_invalid": _("A day is written as 2026-11-22."),
        "job_unknown": _("HQ has no such periodic work."),
        "process_start": _("A process of HQ could not start. Its reason stands above."),
        "port_taken": _("The address is in use by another program. Choose another port with --port."),
    }
    known = words.get(error.code, _("Something outside the program went wrong."))
    return f"{known}\n{error.detail}" if error.detail else known
