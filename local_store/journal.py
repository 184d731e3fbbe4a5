"""What is written on the tablet besides HQ's rows: operations, drafts, numbers, tries of a PIN."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import numbers
from guide_app.services.ports.writing import Change, Draft
from local_store.base import UNCHANGED, Base, rows_of
from local_store.meta import Meta
from local_store.outbox import Outbox
from local_store.repositories.shop import settings

_LONGEST_WAIT_S = 3600
_FORGET = "DELETE FROM draft WHERE key = ?"


class Journal:
    """Implements `guide_app.services.ports.writing.Journal`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        def job(connection: sqlite.Connection) -> tuple[Change, Change]:
            outbox = Outbox(connection, rows_of(connection), self._base.clock, self._base.ids)
            made = [outbox.add(guide_id, draft, self._base.hq_now()) for draft in drafts]
            if forget:
                connection.execute(_FORGET, (forget,))
            refs = frozenset(ref for _, changed in made for ref in changed)
            change = Change(refs=refs, state=bool(drafts), ops=tuple(op_id for op_id, _ in made))
            return change, change

        return await self._base.write(job, from_hand=True)

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        return self._base.changes.subscribe(listener)


class Drafts:
    """Implements `guide_app.services.ports.writing.Drafts`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def put(self, key: str, value: bytes) -> None:
        await self.change(put={key: value})

    async def get(self, key: str) -> bytes | None:
        def job(connection: sqlite.Connection) -> bytes | None:
            found = connection.execute("SELECT value FROM draft WHERE key = ?", (key,)).fetchone()
            return bytes(found[0]) if found else None

        return await self._base.read(job)

    async def drop(self, key: str) -> None:
        await self.change(put={}, drop=(key,))

    async def all(self, prefix: str) -> Mapping[str, bytes]:
        def job(connection: sqlite.Connection) -> dict[str, bytes]:
            found = connection.execute(
                "SELECT key, value FROM draft WHERE substr(key, 1, ?) = ?", (len(prefix), prefix)
            )
            return {key: bytes(value) for key, value in found}

        return await self._base.read(job)

    async def change(self, *, put: Mapping[str, bytes], drop: Collection[str] = (), needs: str = "") -> bool:
        def job(connection: sqlite.Connection) -> tuple[bool, Change]:
            if needs and not connection.execute("SELECT 1 FROM draft WHERE key = ?", (needs,)).fetchone():
                return False, UNCHANGED
            connection.executemany(_FORGET, [(key,) for key in drop])
            connection.executemany("INSERT OR REPLACE INTO draft (key, value) VALUES (?, ?)", [*put.items()])
            return True, UNCHANGED

        return await self._base.write(job, from_hand=True)


class Numbers:
    """Implements `guide_app.services.ports.writing.Numbers`; the scheme is in `guide_app.domain.numbers`."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def next(self) -> str:
        def job(connection: sqlite.Connection) -> tuple[str, Change]:
            meta = Meta(connection)
            running = meta.number("next_number") + 1
            meta.set(next_number=running)
            chars = numbers.incarnation_chars(meta.text("incarnation"))
            return numbers.compose(meta.text("store_code"), meta.text("device_letters"), chars, running), UNCHANGED

        return await self._base.write(job, from_hand=True)


class PinTries:
    """Implements `guide_app.services.ports.device.PinTries`.

    After HQ's number of wrong tries each further one doubles the wait, up to an hour. The count is kept on the disk,
    the wait is judged by the monotonic clock; after a restart it begins anew, so that restarting gains nothing.
    """

    def __init__(self, base: Base) -> None:
        self._base = base
        self._until: dict[str, float] = {}

    async def wrong(self, staff_id: str) -> int:
        def job(connection: sqlite.Connection) -> tuple[tuple[int, float], Change]:
            connection.execute(
                "INSERT INTO pin_try (staff_id, wrong) VALUES (?, 1) "
                "ON CONFLICT (staff_id) DO UPDATE SET wrong = wrong + 1",
                (staff_id,),
            )
            return _wrong(connection, staff_id), UNCHANGED

        count, wait = await self._base.write(job, from_hand=True)
        self._until[staff_id] = self._base.clock.monotonic() + wait
        return count

    async def wait_s(self, staff_id: str) -> float:
        if staff_id not in self._until:
            _, wait = await self._base.read(lambda connection: _wrong(connection, staff_id))
            self._until[staff_id] = self._base.clock.monotonic() + wait
        return max(0.0, self._until[staff_id] - self._base.clock.monotonic())

    async def reset(self, staff_id: str) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            connection.execute("DELETE FROM pin_try WHERE staff_id = ?", (staff_id,))
            return None, UNCHANGED

        await self._base.write(job, from_hand=True)
        self._until[staff_id] = 0.0


def _wrong(connection: sqlite.Connection, staff_id: str) -> tuple[int, float]:
    """Wrong tries so far, and the seconds to wait after the last of them."""
    found = connection.execute("SELECT wrong FROM pin_try WHERE staff_id = ?", (staff_id,)).fetchone()
    count = int(found[0]) if found else 0
    told = settings(connection)
    over = count - told.pin_tries
    return count, float(min(told.pin_wait_s * 2 ** min(over, 12), _LONGEST_WAIT_S)) if over >= 0 else 0.0
