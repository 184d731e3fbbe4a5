"""The store as the sync engine sees it: `sync.ports.SyncStore`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import from_text
from guide_app.domain.errors import BadInput, Defect
from guide_app.domain.records import ENTITIES, Ref
from guide_app.services.ports.writing import Change
from local_store import care, lacking, pages, rank, shelving
from local_store.apply import Answered, Applier, unfinished
from local_store.base import UNCHANGED, Base, rows_of
from local_store.health import health
from local_store.history import History
from local_store.indexes import build_late, roomy
from local_store.meta import Meta
from local_store.outbox import Outbox
from local_store.radar import RadarBox
from local_store.repositories import tagging
from local_store.scopes import Cursor, Scopes
from local_store.scrub import Scrub, names_in
from local_store.shelving import keys_of
from local_store.tables import TABLES
from sync.ports import Care, Device, Divergence, LoadState, Outgoing, RadarWanted, Taken
from sync.protocol import digest, file_lists
from sync.protocol.messages import EnrolResponse, LeaseResponse, RadarResponse, Row, ScopeState, SyncResponse

_log = logging.getLogger(__name__)
_STEPS = {
    "members": ("member",),
    "catalogue": ("product", "price"),
    "orders": ("shop_order", "talk", "followup", "reminder", "ticket", "promise", "quotation", "share"),
}
_DRIFT_MS = 1000
_IN_STEP = timedelta(seconds=60)
_AUTHORISED = timedelta(hours=1)
"""By how much the tablet's own idea of its authorisation, of some weeks, may be behind HQ's."""

_IN_DOUBT = (
    "SELECT 1 FROM op_touch AS t JOIN outbox AS o ON o.n = t.n "
    "WHERE t.entity = ? AND t.id = ? AND t.done = 0 AND o.state IN ('sent', 'parked')"
)
"""Operations on a row that HQ may have carried out, though it was not heard."""


class SyncStore:
    """Implements `sync.ports.SyncStore`; see there for what each method promises."""

    def __init__(self, base: Base) -> None:
        self._base = base

    async def device(self) -> Device | None:
        return await self._base.read(_device)

    async def enrolled(self, hq_url: str, device_name: str, answer: EnrolResponse) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            changed = self._history(connection).enrol(hq_url, device_name, answer)
            return None, Change(refs=frozenset(changed), state=True)

        await self._base.write(job)

    async def outgoing(self, *, max_ops: int = 200, max_bytes: int = 256 * 1024) -> Outgoing:
        def look(connection: sqlite.Connection) -> Outgoing | None:
            waits = connection.execute("SELECT 1 FROM outbox WHERE answered = 0 LIMIT 1").fetchone()
            return None if waits else self._outgoing(connection, [], 0)

        def job(connection: sqlite.Connection) -> tuple[Outgoing, Change]:
            ops, last_seq = self._outbox(connection).waiting(max_ops, max_bytes)
            return self._outgoing(connection, ops, last_seq), UNCHANGED

        nothing_waits: Outgoing | None = await self._base.read(look)
        return nothing_waits if nothing_waits is not None else await self._base.write(job)

    def _outgoing(self, connection: sqlite.Connection, ops: list[msgspec.Raw], last_seq: int) -> Outgoing:
        meta = Meta(connection).texts()
        stands = health(connection, last_seq, low_space=not self._base.ballast.held)
        stands = msgspec.structs.replace(stands, library=lacking.told(connection, self._base))
        return Outgoing(
            incarnation=meta.get("incarnation", ""),
            epoch=meta.get("epoch", ""),
            next_seq=int(meta.get("next_seq", 0)),
            ops=tuple(ops),
            after={scope: cursor.seq for scope, cursor in Scopes(connection).all().items()},
            forked_from=meta.get("forked_from") or None,
            more=stands.waiting > 0,
            health=stands,
            keys="" if self._base.keys_told else file_lists.fingerprint(keys_of(meta.get("hq_public_keys", ""))),
        )

    async def take(self, sent: Outgoing, answer: SyncResponse) -> Taken:
        if answer.batch.status not in ("ok", "gap"):
            raise Defect(f"an answer of status {answer.batch.status} has nothing to take in")
        if sent.keys:
            self._base.tell_keys()
        if _is_quiet(sent, answer) and await self._base.read(
            lambda connection: (
                self._nothing_new(connection, sent, answer) and not (sent.keys and shelving.strangers(connection))
            )
        ):
            self._base.heard(answer.server_time)
            return Taken()

        def job(connection: sqlite.Connection) -> tuple[Taken, Change]:
            meta = Meta(connection)
            if (sent.incarnation, sent.epoch) != (meta.text("incarnation"), meta.text("epoch")):
                return Taken(stale=True), UNCHANGED
            moved = self._note(meta, answer)  # HQ's time first: by it operations are closed, and kept for 35 days
            applier = Applier(connection, rows_of(connection), self._outbox(connection).now())
            if answer.hq_public_keys is not None:
                meta.set(hq_public_keys=",".join(answer.hq_public_keys))
                shelving.note_all(connection, self._base.moment(connection))
                self._base.files_fresh = True
            count = _take(applier, Scopes(connection), sent, answer)
            if answer.grants is not None and Scopes(connection).store_seq() < 0:
                RadarBox(connection).forget()
            granted = not sent.after.keys() >= Scopes(connection).all().keys()
            more = unfinished(answer.scopes)
            if sent.keys:
                self._leave_strangers(connection, more=more)
            loaded = meta.bootstrap == "loading" and not more and not granted and Scopes(connection).all_at_head()
            if loaded:
                meta.set(bootstrap="indexing")
            state = bool(moved or answer.results or answer.scopes or loaded)
            self._base.heard(answer.server_time)
            taken = Taken(rows=count, closed=applier.closed, more=more, granted=granted, loaded=loaded)
            return taken, Change(refs=frozenset(applier.changed), state=state)

        taken: Taken = await self._base.write(job)
        if any(row.o == "erased" for row in answer.rows):
            await self._base.workers.write(pages.clean)
        return taken

    async def resend_after(self, last_seq: int) -> None:
        await self._rewrite(lambda history: history.went_back(last_seq))

    async def fork(self) -> None:
        await self._rewrite(lambda history: history.fork())

    async def new_epoch(self, epoch: str, last_seq: int, scopes: dict[str, ScopeState]) -> None:
        await self._rewrite(lambda history: history.new_epoch(epoch, last_seq, scopes))

    async def refetch(self, scopes: tuple[str, ...]) -> None:
        await self._rewrite(lambda history: history.refetch(scopes))

    async def differing(self) -> tuple[str, ...]:
        def job(connection: sqlite.Connection) -> tuple[str, ...]:
            rows = rows_of(connection)
            return tuple(
                scope
                for scope, cursor in Scopes(connection).all().items()
                if cursor.digest and cursor.seq == cursor.head and not cursor.sweep
                and rows.digest(scope) != cursor.digest
            )  # fmt: skip

        return await self._base.read(job)

    async def care(self) -> Care:
        return await self._base.read(lambda connection: care.due(connection, self._base.clock.now()))

    async def sums(self, scope: str) -> list[str]:
        return await self._base.read(lambda connection: digest.ScopeSums(rows_of(connection).versions(scope)).texts())

    async def mend(self, scope: str, at: int, bucket: int, brought: tuple[Row, ...]) -> int | None:
        here = await self._base.read(lambda connection: names_in(rows_of(connection), scope, bucket))

        def job(connection: sqlite.Connection) -> tuple[int | None, Change]:
            cursor = Scopes(connection).all().get(scope)
            if cursor is None or cursor.sweep or (cursor.seq, cursor.head) != (at, at):
                return None, UNCHANGED
            rows, now = rows_of(connection), self._outbox(connection).now()
            applier = Applier(connection, rows, now)
            count = Scrub(connection, rows, applier).mend(scope, cursor.g, here, brought)
            care.count(Meta(connection), now, rows=count)
            return count, Change(refs=frozenset(applier.changed), state=bool(count))

        return await self._base.write(job)

    async def cared(self, *, compared: bool = False, bucket: int | None = None, refetched: int = 0) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            now = self._outbox(connection).now()
            care.note(Meta(connection), now, compared=compared, bucket=bucket)
            care.count(Meta(connection), now, scopes=refetched)
            if compared:
                Meta(connection).set(differs=int(refetched > 0))
            return None, UNCHANGED

        await self._base.write(job)

    async def divergence(self) -> Divergence:
        return await self._base.read(lambda connection: care.told(Meta(connection)))

    async def load_state(self) -> LoadState:
        return await self._base.read(_load_state)

    async def finish_loading(self) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            with roomy(connection):
                build_late(connection)
            rank.refresh(connection, self._base.clock.now())
            tagging.forget(connection)
            Meta(connection).set(bootstrap="ready")
            return None, Change(state=True)

        await self._base.write(job)

    async def set_clock_offset(self, offset_ms: int) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            Meta(connection).set(hq_time_offset_ms=offset_ms)
            return None, UNCHANGED

        await self._base.write(job)

    async def take_lease(self, answer: LeaseResponse) -> bool:
        def job(connection: sqlite.Connection) -> tuple[bool, Change]:
            cursors, row = Scopes(connection).all(), answer.lease
            if row is not None and connection.execute(_IN_DOUBT, (row.e, row.id)).fetchone():
                self._base.heard(answer.server_time)
                return False, UNCHANGED
            applier = Applier(connection, rows_of(connection), self._outbox(connection).now())
            if row is not None and row.s in cursors:
                cursor = cursors[row.s]
                if cursor.seq == 0:  # HQ may forget that it left before it tells: the first fetch brings it, or it goes
                    Scopes(connection).sweep_after(row.s)
                applier.rows([row], {row.s: cursor.g - (cursor.seq == 0)})
                applier.replay(())
            self._base.heard(answer.server_time)
            return True, Change(refs=frozenset(applier.changed))

        return await self._base.write(job)

    async def radar_wanted(self) -> RadarWanted | None:
        return await self._base.read(lambda connection: RadarBox(connection).wanted(self._outbox(connection).now()))

    async def take_radar(self, wanted: RadarWanted, answer: RadarResponse | None) -> None:
        def job(connection: sqlite.Connection) -> tuple[bool, Change]:
            return RadarBox(connection).take(wanted, answer, self._outbox(connection).now()), UNCHANGED

        if not await self._base.write(job):
            raise BadInput("radar_invalid")

    async def forget_radar(self) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            RadarBox(connection).forget(self._outbox(connection).now())
            return None, UNCHANGED

        await self._base.write(job)

    async def lock_out(self) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            Meta(connection).set(locked_out=1)
            RadarBox(connection).forget()
            return None, Change(state=True)

        await self._base.write(job)

    async def tidy(self) -> int:
        def job(connection: sqlite.Connection) -> tuple[int, Change]:
            rank.refresh(connection, self._base.clock.now())
            _say_unknown(connection)
            self._base.backups.drop()  # HQ has answered this file: an update that made it did well
            return self._history(connection).forget_old(), UNCHANGED

        self._base.ballast.fill()
        if await self._base.read(pages.unclean):
            await self._base.workers.write(pages.clean)
        return await self._base.write(job)

    # ------------------------------------------------------------ inside a transaction

    def _outbox(self, connection: sqlite.Connection) -> Outbox:
        return Outbox(connection, rows_of(connection), self._base.clock, self._base.ids)

    def _history(self, connection: sqlite.Connection) -> History:
        outbox = self._outbox(connection)
        return History(connection, outbox, Applier(connection, rows_of(connection), outbox.now()))

    async def _rewrite(self, act: Callable[[History], set[Ref]]) -> None:
        def job(connection: sqlite.Connection) -> tuple[None, Change]:
            return None, Change(refs=frozenset(act(self._history(connection))), state=True)

        await self._base.write(job)

    def _note(self, meta: Meta, answer: SyncResponse) -> bool:
        """Keeps what every answer tells; whether the authorisation moved."""
        news = self._news(meta.texts(), answer)
        meta.set(**news)
        return "authorised_until" in news

    def _leave_strangers(self, connection: sqlite.Connection, *, more: bool) -> None:
        """HQ was asked for its keys, and told all rows: lists of other keys are nobody's. With `more` to come it is
        asked again."""
        unknown = shelving.strangers(connection)
        if unknown and more:
            self._base.ask_keys()
        elif unknown:
            shelving.note(connection, unknown, self._base.moment(connection), asked=True)
            self._base.files_fresh = True

    def _nothing_new(self, connection: sqlite.Connection, sent: Outgoing, answer: SyncResponse) -> bool:
        """Whether to take in an answer that says nothing would change nothing: then no transaction is needed."""
        meta = Meta(connection).texts()
        cursors = Scopes(connection).all()
        same = (sent.incarnation, sent.epoch) == (meta.get("incarnation"), meta.get("epoch"))
        whole = sent.after.keys() >= cursors.keys() and not any(cursor.sweep for cursor in cursors.values())
        return same and whole and meta.get("bootstrap") == "ready" and not self._news(meta, answer)

    def _news(self, meta: dict[str, str], answer: SyncResponse) -> dict[str, str | int]:
        """What an answer tells that is not known; what hardly moved counts as known: an idle round writes nothing."""
        news = dict[str, str | int]()
        offset = round((from_text(answer.server_time) - self._base.clock.now()) / timedelta(milliseconds=1))
        if abs(offset - int(meta.get("hq_time_offset_ms", 0))) > _DRIFT_MS:
            news["hq_time_offset_ms"] = offset
        if not unfinished(answer.scopes) and _moved(meta.get("last_in_step", ""), answer.server_time, _IN_STEP):
            news["last_in_step"] = answer.server_time
        if _moved(meta.get("authorised_until", ""), answer.authorised_until, _AUTHORISED):
            news["authorised_until"] = answer.authorised_until
        if meta.get("forked_from"):
            news["forked_from"] = ""
        if meta.get("locked_out", "0") != "0":
            news["locked_out"] = 0
        return news


def _is_quiet(sent: Outgoing, answer: SyncResponse) -> bool:
    """Whether nothing was told of operations, rows, scopes, grants or keys."""
    spoken = sent.ops or answer.results or answer.rows or answer.scopes or answer.grants is not None or answer.min_app
    return answer.batch.status == "ok" and not spoken and answer.hq_public_keys is None


def _moved(known: str, told: str, least: timedelta) -> bool:
    """Whether a time is another: later by more than that, or earlier at all."""
    return not known or not timedelta() <= from_text(told) - from_text(known) <= least


def _take(applier: Applier, scopes: Scopes, sent: Outgoing, answer: SyncResponse) -> int:
    """Results, grants, rows, cursors, in this order; how many rows."""
    applier.results(
        [
            Answered(told.op_id, told.status, told.code, told.message, (told.entity, told.id), told.feed_pos)
            for told in answer.results
        ]
    )
    if answer.grants is not None:
        for revoked in scopes.grant(answer.grants):
            applier.sweep(revoked, None)
    cursors = scopes.all()
    fresh: dict[str, ScopeState] = {}
    for scope, state in answer.scopes.items():
        if scope in cursors and state.refetch:
            scopes.refetch(scope)
        elif scope in cursors and sent.after.get(scope, 0) == cursors[scope].seq:
            fresh[scope] = state
    rows: list[Row] = [row for row in answer.rows if row.s in fresh]
    applier.rows(rows, {scope: cursor.g for scope, cursor in cursors.items()})
    last = {row.s: row.q for row in rows}
    for scope, state in fresh.items():
        seq = last.get(scope, cursors[scope].seq) if state.more else state.head
        scopes.move(scope, seq, state.head, state.digest)
    still = _unmoved(cursors, sent, answer)
    for scope in still:
        scopes.at_end(scope)
    for scope in [scope for scope, c in cursors.items() if c.sweep and _whole(scope, fresh, still)]:
        applier.sweep(scope, cursors[scope].g)
        scopes.swept(scope)
    applier.settle()
    return len(rows)


def _unmoved(cursors: dict[str, Cursor], sent: Outgoing, answer: SyncResponse) -> set[str]:
    """The scopes in which HQ has nothing behind the cursor: it was asked, and does not name them."""
    if answer.min_app:
        return set()  # an app that is too old hears of none
    asked = {scope for scope, cursor in cursors.items() if sent.after.get(scope) == cursor.seq}
    return asked - answer.scopes.keys()


def _whole(scope: str, fresh: dict[str, ScopeState], still: set[str]) -> bool:
    """Whether a fetch from scratch is at its end."""
    return scope in still or (scope in fresh and not fresh[scope].more)


def _say_unknown(connection: sqlite.Connection) -> None:
    """Rows that wait for a later version of the app are counted where who looks after tablets can see it."""
    found = connection.execute("SELECT entity, count(*) FROM other_row GROUP BY entity").fetchall()
    unknown = {entity: count for entity, count in found if entity not in ENTITIES or entity in TABLES}
    if unknown:
        _log.info("kept for a later version: %s", unknown)


def _device(connection: sqlite.Connection) -> Device | None:
    meta = Meta(connection)
    if not meta.text("device_id"):
        return None
    return Device(
        device_id=meta.text("device_id"),
        store_id=meta.text("store_id"),
        hq_url=meta.text("hq_url"),
        epoch=meta.text("epoch"),
        offset_ms=meta.number("hq_time_offset_ms"),
        authorised_until=meta.text("authorised_until"),
        last_in_step=meta.text("last_in_step"),
    )


def _load_state(connection: sqlite.Connection) -> LoadState:
    """Counts by the highest row number: what a first load appended."""
    cursors = Scopes(connection).all().values()
    by_step = {
        step: sum(connection.execute(f"SELECT coalesce(max(n), 0) FROM {table}").fetchone()[0] for table in tables)
        for step, tables in _STEPS.items()
    }
    by_step["other"] = connection.execute("SELECT count(*) FROM other_row").fetchone()[0]
    return LoadState(
        bootstrap=Meta(connection).bootstrap,
        done=sum(cursor.seq for cursor in cursors),
        total=sum(cursor.head for cursor in cursors),
        by_step=by_step,
    )
