"""Noticing that the database went back, where PostgreSQL itself cannot tell: a copy of its files, a dump loaded anew.

A number in the database counts up while HQ runs, and after each step it is written to a file outside it. A database
whose number is below the file's is an older one: a new epoch begins, and tablets compare all they have. Between two
steps (ten seconds) a copy of the running database could pass, a cold one never (each start is a step): then a tablet
sees by the numbers of its operations that HQ went back, sends them again and fetches all, and digests tell the others.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from guide_app.domain.errors import EnvironmentProblem
from hq.history.models import Witness
from hq.protocol import epoch


def look() -> bool:
    """Compares and counts on; True when the database is an older one: a new epoch has begun then.

    Raises EnvironmentProblem("witness_unwritable").
    """
    path = _path()
    try:
        seen = int(path.read_text(encoding="ascii") or 0)
    except (FileNotFoundError, ValueError):
        seen = 0  # the first start, or a file that was cut off: there is nothing to compare with
    except OSError as error:
        raise EnvironmentProblem("witness_unwritable", f"{path}: {error.strerror}") from error
    with transaction.atomic():
        row, _made = Witness.objects.select_for_update().get_or_create(id=1)
        older = row.count < seen
        if older:
            epoch.begin("an older copy of the database")
        row.count = max(row.count, seen) + 1
        row.save()
    _write(path, row.count)
    return older


def _path() -> Path:
    """Beside the journal of erasures: both must outlive the database."""
    kept: Path = settings.ENVIRONMENT.erasures
    return kept.with_name(f"{kept.stem}.witness")


def _write(path: Path, count: int) -> None:
    """Whole or not at all, and on the disk; HQ's processes start at once, each with a file of its own beside it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="ascii") as file:
            file.write(str(count))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise EnvironmentProblem("witness_unwritable", f"{path}: {error.strerror}") from error
