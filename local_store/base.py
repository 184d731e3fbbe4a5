"""What all parts of the store share: its threads, its clock, its reserve on the disk, and who hears of changes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import Clock, from_text, to_text
from guide_app.domain.ids import Ids
from guide_app.domain.leases import Heard, hq_now
from guide_app.domain.materials import Moment
from guide_app.domain.records import Ref
from guide_app.services.ports.writing import Change
from local_store import shelving
from local_store.backups import Backups
from local_store.changes import Changes
from local_store.meta import Meta
from local_store.rows import Rows
from local_store.transaction import Ballast, transaction
from local_store.worker import Workers

T = TypeVar("T")
UNCHANGED = Change()
KEYS_EVERY_S = 6 * 3600.0
"""A tablet that is never started anew asks so often whether HQ's keys are others: one may have been withdrawn."""
Follow = Callable[[sqlite.Connection, Collection[Ref]], None]


class Base:
    """Reads in snapshots, writes in transactions."""

    def __init__(
        self, workers: Workers, clock: Clock, ids: Ids, ballast: Ballast, backups: Backups, follow: Follow
    ) -> None:
        """`follow`: what else is to be written wherever rows changed, in the same transaction."""
        self.workers, self.clock, self.ids, self.ballast, self.backups = workers, clock, ids, ballast, backups
        self._follow = follow
        self.changes = Changes()
        self._heard: Heard | None = None
        self.files_fresh, self.files_held = False, ""
        """Whether rows named files anew, and why no more come for now (`sync.ports.FileIndex`)."""
        self._keys_told_at = float("-inf")

    def heard(self, server_time: str) -> None:
        """HQ answered just now, at this time of its own."""
        self._heard = Heard(from_text(server_time), self.clock.monotonic(), self.clock.now())

    @property
    def keys_told(self) -> bool:
        """HQ was asked lately whether its keys are others, and no list since was signed by an unknown one."""
        return self.clock.monotonic() < self._keys_told_at + KEYS_EVERY_S

    def tell_keys(self) -> None:
        """HQ was asked just now."""
        self._keys_told_at = self.clock.monotonic()

    def ask_keys(self) -> None:
        """HQ is asked with the next round."""
        self._keys_told_at = float("-inf")

    def hq_now(self) -> datetime | None:
        """HQ's time by what cannot be put back: see `guide_app.domain.leases.hq_now`."""
        return hq_now(self._heard, self.clock)

    def moment(self, connection: sqlite.Connection) -> Moment:
        """What this tablet knows of HQ's time, for what is valid for a while (`guide_app.domain.materials`)."""
        return moment(connection, self.clock, self.hq_now())

    async def read(self, job: Callable[[sqlite.Connection], T]) -> T:
        """Runs the job in one snapshot, off the loop's thread."""

        def run(connection: sqlite.Connection) -> T:
            connection.execute("BEGIN")
            try:
                return job(connection)
            finally:
                connection.execute("COMMIT")

        return await self.workers.read(run)

    async def write(self, job: Callable[[sqlite.Connection], tuple[T, Change]], *, from_hand: bool = False) -> T:
        """Runs the job in one transaction; its result comes, and listeners hear of its change, after COMMIT returned.

        `from_hand`: what a person made, for which the reserve on the disk is kept; HQ's rows can come another time.
        Raises NotSaved, StoreUnusable, and what the job raises; then nothing changed.
        """

        def once(connection: sqlite.Connection) -> tuple[T, Change]:
            with transaction(connection):
                result, change = job(connection)
                if change.refs:
                    self._follow(connection, change.refs)
                    if shelved := [ref.id for ref in change.refs if ref.entity == "material"]:
                        if not shelving.note(connection, shelved, self.moment(connection)):
                            self.ask_keys()
                        self.files_fresh = True
                return result, change

        def run(connection: sqlite.Connection) -> T:
            result, change = self.ballast.with_room(lambda: once(connection)) if from_hand else once(connection)
            self.changes.tell(change)
            return result

        return await self.workers.write(run)


def moment(connection: sqlite.Connection, clock: Clock, known: datetime | None = None) -> Moment:
    """As `Base.moment`; `known`: HQ's time since this start, where it was heard."""
    meta = Meta(connection)
    now = clock.now() + timedelta(milliseconds=meta.number("hq_time_offset_ms"))
    return Moment(to_text(now), max(meta.text("last_in_step"), to_text(known) if known else ""))


def rows_of(connection: sqlite.Connection) -> Rows:
    """The rows of entities as they are to be written now: search keys wait until a first load is whole."""
    return Rows(connection, keyed=Meta(connection).bootstrap == "ready")
