"""The radar in the tablet's file (`guide_app.domain.radar`): the set that is in use, and a newer one as it comes.

A set that comes takes the other's place in the transaction that finds it whole. Nothing here is HQ's row: it is fetched
again whenever it is gone, and goes whenever this tablet is no longer the one that it was given to.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import from_text, to_text
from guide_app.domain.errors import BadInput, Defect
from guide_app.domain.radar import RadarSet, Terms
from local_store.meta import Meta
from sync.ports import RadarWanted
from sync.protocol.messages import RadarResponse

EVERY = timedelta(hours=20)
"""Since HQ last said what is the newest: once a day a tablet that goes home at night asks."""
DAY = timedelta(days=1)
"""A set of HQ's is no older: what it says is the newest was so this long ago at the earliest."""


class RadarBox:
    """The tables `radar` and `radar_bucket` behind one connection."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self._db, self._meta = connection, Meta(connection)

    def wanted(self, now: str) -> RadarWanted | None:
        """What is to be asked of HQ next, by HQ's time; None: nothing today, or before the first load is done."""
        asked = self._meta.text("radar_asked_at")
        device = self._meta.text("device_id")
        recent = bool(asked) and timedelta() <= from_text(now) - from_text(asked) < EVERY
        if recent or not device or self._meta.bootstrap != "ready":
            return None
        coming = self._row(whole=False)
        first = self._count(coming[0]) if coming else 0
        used = self._row(whole=True)
        return RadarWanted(
            device_id=device, version=used[1] if used else "", coming=coming[1] if coming else "", first=first
        )

    def take(self, wanted: RadarWanted, answer: RadarResponse | None, now: str) -> bool:
        """Takes in what HQ said to the question; None: what is here is the newest. Nothing for another device.

        False for what cannot be: then nothing stays of the set that was coming.
        """
        if wanted.device_id != self._meta.text("device_id"):
            return True
        if answer is None or answer.version == wanted.version:
            self._drop(whole=False)
            self._good_since(answer.made_at if answer else to_text(from_text(now) - DAY))
            self._meta.set(radar_asked_at=now)
            return True
        if answer.version != wanted.coming:
            self._drop(whole=False)
        if answer.first != (wanted.first if answer.version == wanted.coming else 0):
            return True  # another version than the one that was coming: it is asked for from its beginning
        count = len(answer.buckets)
        if answer.of != answer.terms.buckets or answer.first + count > answer.of or (count == 0 and answer.of):
            self._drop(whole=False)
            return False
        radar_id = self._coming(answer)
        if radar_id is None:
            self._drop(whole=False)
            return False
        self._db.executemany(
            "INSERT INTO radar_bucket (radar_id, n, data) VALUES (?, ?, ?)",
            [(radar_id, n, data) for n, data in enumerate(answer.buckets, answer.first)],
        )
        return answer.first + count < answer.of or self._finish(now)

    def forget(self, now: str = "") -> None:
        """Lets all of it go; HQ is asked again, the day after `now` where that is given."""
        self._db.execute("DELETE FROM radar_bucket")
        self._db.execute("DELETE FROM radar")
        self._meta.set(radar_asked_at=now)

    def may_have(self, phone: str) -> str | None:
        """When the set was made (RFC 3339 UTC), where the phone is probably a member's somewhere; else None.

        Raises BadInput("radar_invalid") for a set that is damaged.
        """
        found = self._row(whole=True)
        if found is None:
            return None
        radar_id, _, made_at, told = found
        try:
            terms = msgspec.json.decode(told, type=Terms)
        except msgspec.MsgspecError:
            raise BadInput("radar_invalid") from None
        if not terms.count:
            return None
        place, mark = terms.place(phone)
        bucket = self._db.execute(
            "SELECT data FROM radar_bucket WHERE radar_id = ? AND n = ?", (radar_id, place)
        ).fetchone()
        if bucket is None:
            raise BadInput("radar_invalid")
        return made_at if terms.has(bucket[0], mark) else None

    def _finish(self, now: str) -> bool:
        """A set that is whole is used from now on; one whose parts are not one set goes, to be fetched again."""
        found = self._row(whole=False)
        if found is None:
            raise Defect("no set is coming")
        radar_id, version, _, told = found
        rows = self._db.execute("SELECT data FROM radar_bucket WHERE radar_id = ? ORDER BY n", (radar_id,))
        sound = RadarSet(msgspec.json.decode(told, type=Terms), [data for (data,) in rows]).version == version
        self._drop(whole=sound)
        if sound:
            self._db.execute("UPDATE radar SET whole = 1")
            self._meta.set(radar_asked_at=now)
        return sound

    def _good_since(self, moment: str) -> None:
        """The set in use is what HQ would have made at this moment too; never dates it back."""
        self._db.execute("UPDATE radar SET made_at = max(made_at, ?) WHERE whole = 1", (moment,))

    def _coming(self, answer: RadarResponse) -> int | None:
        """The row of the set that comes; None for a part that has other terms than those before."""
        terms, found = msgspec.json.encode(answer.terms), self._row(whole=False)
        if found is not None:
            return found[0] if found[3] == terms else None
        made = self._db.execute(
            "INSERT INTO radar (version, made_at, terms) VALUES (?, ?, ?) RETURNING id",
            (answer.version, answer.made_at, terms),
        )
        return int(made.fetchone()[0])

    def _row(self, *, whole: bool) -> tuple[int, str, str, bytes] | None:
        query = "SELECT id, version, made_at, terms FROM radar WHERE whole = ?"
        found: tuple[int, str, str, bytes] | None = self._db.execute(query, (int(whole),)).fetchone()
        return found

    def _count(self, radar_id: int) -> int:
        query = "SELECT count(*) FROM radar_bucket WHERE radar_id = ?"
        return int(self._db.execute(query, (radar_id,)).fetchone()[0])

    def _drop(self, *, whole: bool) -> None:
        which = "SELECT id FROM radar WHERE whole = ?"
        self._db.execute(f"DELETE FROM radar_bucket WHERE radar_id IN ({which})", (int(whole),))
        self._db.execute("DELETE FROM radar WHERE whole = ?", (int(whole),))
