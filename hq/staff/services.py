"""Staff: saving a person, and issuing a PIN for one use when theirs is forgotten."""

from __future__ import annotations

import secrets
from dataclasses import replace

import argon2
import msgspec
from django.db import transaction
from django.utils import timezone

from hq.protocol import rows, saving
from hq.staff.mapping import STAFF
from hq.staff.models import Role, Staff, Term

_HASHER = argon2.PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
"""RFC 9106's second recommendation, as tablets make them."""


def hash_pin(pin: str) -> str:
    """The argon2id PHC string of a PIN."""
    return _HASHER.hash(pin)


def save(person: Staff, seen: int | None = None) -> None:
    """Saves a new or changed person. Raises IntegrityError when another of the store has the number."""
    with transaction.atomic():
        saving.save(STAFF, str(person.store_id), {str(person.id): STAFF.to_record(person)}, seen=seen)
        _note_term(person, str(person.store_id))


def move(person: Staff, store_id: str) -> None:
    """The person works in another store from now on; what their old store's tablets still send of theirs is taken.

    Raises IntegrityError when somebody there has their number.
    """
    with transaction.atomic():
        before = STAFF.load(str(person.store_id), [str(person.id)], lock=True)[str(person.id)]
        after = replace(before, store_id=store_id, ver=before.ver + 1)
        Staff.objects.filter(id=person.id).update(store_id=store_id, ver=after.ver)
        rows.publish_moved(before, after)
        _note_term(person, store_id)


def reset_pin(person: Staff) -> str:
    """Gives the person a PIN of six digits for one sign-in, and returns it: it is shown once and kept hashed."""
    pin = f"{secrets.randbelow(1_000_000):06d}"
    record = msgspec.structs.replace(STAFF.to_record(person), pin=hash_pin(pin), pin_once=True)
    saving.save(STAFF, str(person.store_id), {str(person.id): record}, seen=person.ver)
    return pin


def _note_term(person: Staff, store_id: str) -> None:
    """Keeps since when, and until when, the person is a manager of a store: what they allowed then stays allowed."""
    manages = store_id if person.role == Role.MANAGER and person.active else ""
    now, standing = timezone.now(), Term.objects.filter(staff_id=person.id, until=None)
    ended = standing.exclude(store_id=manages) if manages else standing
    ended.update(until=now)
    if manages and not standing.exists():
        Term.objects.create(staff_id=person.id, store_id=manages, since=now)
