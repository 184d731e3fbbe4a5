"""When this tablet's rows are to be compared with HQ's, and how often they were found to differ: kept in `meta`."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import from_text, to_text
from local_store.meta import Meta
from local_store.scopes import Scopes
from sync.ports import Care, Divergence
from sync.protocol.digest import BUCKETS

DAY = timedelta(days=1)
MOST_BUCKETS = 3
"""In one day, after days without: a shop that opens five days a week still has all 256 within a year."""


def due(connection: sqlite.Connection, now: datetime) -> Care:
    """What is due at `now` by the tablet's own clock."""
    meta = Meta(connection)
    if meta.bootstrap != "ready":
        return Care(compare=False, bucket=None, scopes={})
    hq_now = now + timedelta(milliseconds=meta.number("hq_time_offset_ms"))
    scrub = _days(meta.text("scrubbed_at"), hq_now) > 0
    return Care(
        compare=_days(meta.text("compared_at"), hq_now) > 0,
        bucket=meta.number("next_bucket") if scrub else None,
        scopes={c.scope: c.seq for c in Scopes(connection).all().values() if c.seq == c.head and not c.sweep},
        epoch=meta.text("epoch"),
    )


def note(meta: Meta, now: str, *, compared: bool, bucket: int | None) -> None:
    """What was done of it. A bucket stands for one day: after days without, others are due at once."""
    if compared:
        meta.set(compared_at=now)
    if bucket is not None:
        days = _days(meta.text("scrubbed_at"), from_text(now))
        behind = min(days, MOST_BUCKETS) - 1 if meta.text("scrubbed_at") else 0
        meta.set(next_bucket=(bucket + 1) % BUCKETS, scrubbed_at=to_text(from_text(now) - behind * DAY))


def count(meta: Meta, now: str, *, rows: int = 0, scopes: int = 0) -> None:
    """Adds to what was found to differ."""
    if rows or scopes:
        meta.set(
            mended=meta.number("mended") + rows,
            refetched=meta.number("refetched") + scopes,
            diverged_at=now,
        )


def told(meta: Meta) -> Divergence:
    """The counts."""
    return Divergence(rows=meta.number("mended"), scopes=meta.number("refetched"), last_at=meta.text("diverged_at"))


def _days(last: str, now: datetime) -> int:
    """Whole days since `last`; 1 where there was none, or it lies ahead: somebody set a clock."""
    if not last:
        return 1
    passed = now - from_text(last)
    return 1 if passed < -DAY else max(0, passed // DAY)
