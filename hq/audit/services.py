"""Writing the audit log, and proving that it is whole."""

from __future__ import annotations

import hashlib
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from hq.audit.models import Act, Entry

_LOCK = 0x617564
"""The database's lock under which entries are chained one after the other."""
LONGEST = 4_000


class Told(NamedTuple):
    """What is noted. `who`: a name of the console; `key`: of the row; `told`: nothing about people."""

    act: Act
    who: str
    role: str = ""
    feature: str = ""
    key: str = ""
    store_id: UUID | None = None
    told: str = ""


def note(one: Told) -> None:
    """Writes an entry, in the transaction of what was done where there is one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        before = Entry.objects.order_by("-id").values_list("link", flat=True).first() or ""
        entry = Entry(at=timezone.now(), **{**one._asdict(), "told": one.told[:LONGEST]})
        entry.link = _link(before, entry)
        entry.save(force_insert=True)


def _link(before: str, entry: Entry) -> str:
    facts = [
        before, entry.at.isoformat(), entry.who, entry.role, str(entry.act), entry.feature, entry.key,
        str(entry.store_id or ""), entry.told,
    ]  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


def broken() -> int | None:
    """The number of the first entry that is not what was written after the one before it; None where all are."""
    before = ""
    for entry in Entry.objects.order_by("id").iterator():
        if entry.link != _link(before, entry):
            return int(entry.pk)
        before = entry.link
    return None
