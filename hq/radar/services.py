"""A store's set: given to its tablets, asked for, and forgotten with its key. Raises the ports' Transient."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from django.utils.crypto import salted_hmac

from guide_app.domain.clock import to_text
from guide_app.domain.radar import KEY_BYTES, Terms
from hq.database import statements
from hq.ledger.postgres import translated
from sync.protocol.messages import RadarResponse

AT_ONCE = 1200
"""Buckets in one answer, some 170 KB: a tablet's work waits for it no longer than its line takes for that."""
_FRESH = "interval '24 hours'"
_TO_ITS_END = "interval '6 hours'"
"""So long a set is given out whoever is erased meanwhile: every tablet of the store gets it through, part by part."""
_FIND = (
    "SELECT key, version, count, width, rest, made_at, cardinality(buckets), buckets[%s:%s] FROM radar"
    " WHERE store_id = %s AND made_at > now() - " + _FRESH + " AND NOT EXISTS"
    " (SELECT 1 FROM erased_person WHERE finished_at >= made_at AND made_at <= now() - " + _TO_ITS_END + ")"
)
_ASK = (
    "INSERT INTO radar (store_id, key, version, count, width, rest, buckets, asked_at)"
    " VALUES (%s, %s, '', 0, 0, 0, '{}', now())"
    " ON CONFLICT (store_id) DO UPDATE SET asked_at = coalesce(radar.asked_at, excluded.asked_at)"
)
_ROTATE = "UPDATE radar SET key = %s, version = '', buckets = '{}', made_at = NULL WHERE store_id = %s"


class Kept(NamedTuple):
    """A version, and what of it was asked for; nothing of one that the tablet has."""

    version: str
    part: RadarResponse | None


def salt() -> bytes:
    """By which phones are named in the whole chain: from HQ's secret."""
    return salted_hmac("hq.radar", "names", algorithm="sha256").digest()


def find(store_id: str, first: int, has: str) -> Kept | None:
    """The store's set from the bucket `first` on, unless the tablet `has` this version; None while it must be made.

    A set is good for a day; once it is six hours old, no longer than until somebody was erased since it was made.
    """
    with translated():
        found = statements.rows(_FIND, (first + 1, first + AT_ONCE, store_id))
    if not found:
        return None
    key, version, count, width, rest, made_at, buckets, part = found[0]
    if version == has:
        return Kept(version, None)
    terms = Terms(count=count, width=width, rest=rest, salt=salt(), key=bytes(key))
    return Kept(
        version,
        RadarResponse(
            version=version, made_at=to_text(made_at), terms=terms, of=buckets, first=first, buckets=[*map(bytes, part)]
        ),
    )  # fmt: skip


def ask(store_id: str) -> None:
    """The store's set is to be made; its key too, if it has none."""
    with translated():
        statements.run(_ASK, (store_id, secrets.token_bytes(KEY_BYTES)))


def rotate(store_id: str) -> None:
    """The store gets another key, and no set until it is made anew: a tablet of it is in wrong hands."""
    statements.run(_ROTATE, (secrets.token_bytes(KEY_BYTES), store_id))
