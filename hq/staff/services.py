"""Staff: saving a person, and issuing a PIN for one use when theirs is forgotten."""

from __future__ import annotations

import secrets

import argon2
import msgspec

from hq.protocol import saving
from hq.staff.mapping import STAFF
from hq.staff.models import Staff

_HASHER = argon2.PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""RFC 9106's second recommendation in one lane: it is checked on a tablet."""


def hash_pin(pin: str) -> str:
    """The argon2id PHC string of a PIN."""
    return _HASHER.hash(pin)


def save(person: Staff, seen: int | None = None) -> None:
    """Saves a new or changed person. Raises IntegrityError when another of the store has the number."""
    saving.save(STAFF, str(person.store_id), {str(person.id): STAFF.to_record(person)}, seen=seen)


def reset_pin(person: Staff) -> str:
    """Gives the person a PIN of six digits for one sign-in, and returns it: it is shown once and kept hashed."""
    pin = f"{secrets.randbelow(1_000_000):06d}"
    record = msgspec.structs.replace(STAFF.to_record(person), pin=hash_pin(pin), pin_once=True)
    saving.save(STAFF, str(person.store_id), {str(person.id): record}, seen=person.ver)
    return pin
