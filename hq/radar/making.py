"""Making the sets that tablets asked for: beside serving, one after another, for a bounded time each round.

The phones of the chain (or of a region, `GUIDE_HQ_RADAR`) are read and named once a round; what a store costs is one
hash of each name under its key.
"""

from __future__ import annotations

import logging
import time
from array import array
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from guide_app.domain import radar
from hq.database import statements
from hq.ledger.postgres import translated
from hq.radar import services

ROUND_S = 20.0
"""After so long a round begins no further set: other jobs of the same thread are due."""
_AT_ONCE = 500
_ASKED = (
    "SELECT r.store_id::text, s.region_id::text FROM radar r JOIN store s ON s.id = r.store_id"
    " WHERE r.asked_at IS NOT NULL ORDER BY r.asked_at LIMIT %s"
)
_KEY = "SELECT key FROM radar WHERE store_id = %s"
_PHONES = "SELECT phone FROM member WHERE phone <> ''"
_OF_REGION = " AND store_id IN (SELECT id FROM store WHERE region_id = %s)"
_KEEP = (
    "UPDATE radar SET version = %s, count = %s, width = %s, rest = %s, buckets = %s::bytea[], made_at = %s,"
    " asked_at = NULL WHERE store_id = %s AND key = %s"
)
_FETCHED_AT_ONCE = 10_000

_log = logging.getLogger(__name__)


class _Known(NamedTuple):
    """Names of phones, all of a moment of the database's clock."""

    names: array[int]
    at: object


def make_asked(monotonic: Callable[[], float] = time.monotonic) -> int:
    """Makes the sets that tablets wait for, the one asked for longest first; how many. Raises Transient."""
    began, done = monotonic(), 0
    with translated():
        asked = statements.rows(_ASKED, (_AT_ONCE,))
        known = dict[str, _Known]()
        for store_id, region in asked:
            if monotonic() - began >= ROUND_S:
                break
            of = region if settings.ENVIRONMENT.radar == "region" else ""
            if of not in known:
                known = {of: _known(of)}
            _make(store_id, known[of])
            done += 1
    return done


def _known(region: str) -> _Known:
    """Of all living members, or of those whose home is in the region."""
    with transaction.atomic():
        ((at,),) = statements.rows("SELECT now()", ())
        return _Known(radar.names(_phones(region), services.salt()), at)


def _phones(region: str) -> Iterator[str]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_PHONES + _OF_REGION * bool(region), [region] if region else [])
        while found := cursor.fetchmany(_FETCHED_AT_ONCE):
            yield from (phone for (phone,) in found)


def _make(store_id: str, known: _Known) -> None:
    """Under the key of now; one that changes meanwhile leaves it to be made anew."""
    ((key,),) = statements.rows(_KEY, (store_id,))
    began = time.perf_counter()
    made = radar.made(known.names, services.salt(), bytes(key), settings.ENVIRONMENT.radar_bits)
    terms = made.terms
    buckets = [*made.buckets]
    statements.run(
        _KEEP, (made.version, terms.count, terms.width, terms.rest, buckets, known.at, store_id, bytes(key))
    )  # fmt: skip
    _log.info("store %s: a radar of %d names in %.2f s", store_id, terms.count, time.perf_counter() - began)
