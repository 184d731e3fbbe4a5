"""Granting leases, and taking back what expired. Pure over the ports: the simulation runs this very code."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from guide_app.domain import clock, leases
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Instrument, Lease, Record, Ref, Staff, Stock
from guide_app.operations import Effect, Versioned
from hq.handlers import Desk
from hq.handlers.leases import settled
from hq.handlers.work import feed_rows
from hq.leases.values import LeaseAsked, Value
from hq.ledger.port import Aggregates, Clash, Ledger, ScopeKey, Transient
from hq.sync_api.publishing import publish_work
from hq.sync_api.push import TRIES
from hq.sync_api.session import Session
from sync.protocol.messages import LeaseRequest, LeaseResponse, Row

_AT_ONCE = 50
"""Leases that are taken back in one transaction."""


class _Found(NamedTuple):
    """An instrument, locked; the lease that is enlarged or opened again, or the name of a new one."""

    ref: Ref
    value: Versioned
    lease_ref: Ref
    lease: Versioned | None


class LeaseService:
    """Answers requests for leases of devices that are known."""

    def __init__(self, ledger: Ledger, aggregates_of: Callable[[Session], Aggregates]) -> None:
        self._ledger, self._aggregates_of = ledger, aggregates_of

    def ask(self, session: Session, asked: LeaseRequest, now: datetime) -> LeaseResponse:
        """Grants as much as is free, to the lease that the device names or to a new one.

        Raises Transient where nothing was committed.
        """
        for _ in range(TRIES):
            try:
                with self._ledger.transaction():
                    return self._answer(session, asked, now)
            except Transient as problem:
                if not problem.rerun:
                    raise
            except Clash:
                continue
        raise Transient("others kept writing the same rows")

    def _answer(self, session: Session, asked: LeaseRequest, now: datetime) -> LeaseResponse:
        aggregates = self._aggregates_of(session)
        instrument = Ref("instrument", asked.instrument.id)
        value = aggregates.load([instrument])[instrument]  # the lock that requests for one instrument queue for
        memo = Ref("lease_request", derived_id("lease_request", session.device_id, asked.request_id))
        known = aggregates.load([memo])[memo]
        if known is not None and isinstance(known.record, LeaseAsked):
            return self._again(session, aggregates, known.record, now)
        if _books(session, asked):
            value = self._by_the_books(aggregates, asked, instrument, value)
        if asked.instrument.kind == "staff":
            value = _staff_right(session, aggregates, asked, value, now)
        if value is None or not isinstance(value.record, Value) or value.record.kind != asked.instrument.kind:
            return LeaseResponse(server_time=clock.to_text(now), code="instrument_unknown")
        named = Ref("lease", asked.lease_id or "")
        lease = aggregates.load([named])[named] if asked.lease_id else None
        if lease is None or not _open(lease, asked, session.device_scope.scope):
            named = Ref("lease", derived_id("lease", session.device_id, asked.request_id))
            lease = aggregates.load([named])[named]  # HQ may have lost this very grant, and know what was spent of it
            if lease is not None and _instrument(lease) not in (None, asked.instrument):
                return LeaseResponse(server_time=clock.to_text(now), code="instrument_unknown")
        found = _Found(instrument, value, named, lease)
        return self._grant(session, aggregates, asked, found, memo, now)

    def _by_the_books(
        self, aggregates: Aggregates, asked: LeaseRequest, instrument: Ref, value: Versioned | None
    ) -> Versioned | None:
        """Promised pieces of which the shop keeps books: free is what is on hand and no lease has left. Whoever asks
        queues for the stock row, as orders do."""
        ref = Ref("stock", asked.product_id or "")
        row = aggregates.load([ref])[ref]
        if row is None or not isinstance(row.record, Stock):
            return value
        value = value or aggregates.load([instrument])[instrument]  # another may have made it while this one queued
        known = value.record if value is not None and isinstance(value.record, Value) else None
        before = known or Value(kind="stock", owner_id=ref.id)
        free = max(0, row.record.on_hand - aggregates.leased(instrument.id))
        return Versioned(msgspec.structs.replace(before, balance=before.held + free), value.ver if value else 0)

    def _grant(
        self, session: Session, aggregates: Aggregates, asked: LeaseRequest, found: _Found, memo: Ref, now: datetime
    ) -> LeaseResponse:
        value = found.value.record
        assert isinstance(value, Value)
        granted = min(asked.amount, value.free)
        code = "" if granted == asked.amount else "part" if granted else "nothing_left"
        rows: dict[Ref, Versioned] = {}
        if granted or asked.lease_id == found.lease_ref.id:
            lease = _granted(found.lease, asked, granted, now)
            ver = (found.lease.ver if found.lease else 0) + 1
            rows[found.lease_ref] = Versioned(lease, ver, session.device_scope.scope)
            held = msgspec.structs.replace(value, held=value.held + granted)
            rows[found.ref] = Versioned(held, found.value.ver + 1)
        lease_id = found.lease_ref.id if rows else ""
        note = LeaseAsked(lease_id=lease_id, granted=granted, code=code, at=clock.to_text(now))
        saved = aggregates.save({**rows, memo: Versioned(note, 1)})
        row = self._published(session, found.lease_ref, saved.get(found.lease_ref))
        return LeaseResponse(server_time=clock.to_text(now), granted=granted, code=code, lease=row)

    def _again(self, session: Session, aggregates: Aggregates, known: LeaseAsked, now: datetime) -> LeaseResponse:
        """The answer that was lost, with the lease as it is by now."""
        ref = Ref("lease", known.lease_id)
        row = aggregates.load([ref])[ref] if known.lease_id else None
        return LeaseResponse(
            server_time=clock.to_text(now), granted=known.granted, code=known.code,
            lease=self._published(session, ref, row),
        )  # fmt: skip

    def _published(self, session: Session, ref: Ref, row: Versioned | None) -> Row | None:
        """Puts the lease at the end of its device's feed: the row as it travels, None when it is closed."""
        made = feed_rows({ref: row}).get(ref) if row else None
        if made is None or made.data is None:
            return None
        at = self._ledger.publish(session.device_scope, [made])[ref]
        data = msgspec.Raw(made.data.encode())
        return Row(s=session.device_scope.scope, q=at, e=ref.entity, id=ref.id, v=made.ver, o="put", d=data)


def _staff_right(
    session: Session, aggregates: Aggregates, asked: LeaseRequest, known: Versioned | None, now: datetime
) -> Versioned | None:
    """What a colleague of this store may buy this month: what HQ's people say now, and never below what leases hold.
    Nothing is free any more of a right that was stopped, nor of another month than the shop's. Whoever asks for one
    that is new queues for the colleague's row."""
    ref = Ref("staff", asked.staff_id or "")
    row = aggregates.load([ref])[ref] if asked.staff_id else None
    today = now.astimezone(ZoneInfo(session.shop.time_zone)).date()
    day, ends = today.isoformat(), today.replace(day=monthrange(today.year, today.month)[1])
    mine = leases.staff_instrument(session.shop.store_id, ref.id, day[:7])
    if row is None or not isinstance(row.record, Staff) or asked.instrument != mine:
        return None
    known = known or aggregates.load([Ref("instrument", mine.id)])[Ref("instrument", mine.id)]
    there = known.record if known is not None and isinstance(known.record, Value) else None
    before = there or Value(kind="staff", owner_id=ref.id, until=ends.isoformat())
    right = row.record.purchase
    limit = right.limit if right is not None and row.record.active and right.holds(day) else 0
    value = msgspec.structs.replace(before, balance=max(before.held, limit))
    return Versioned(value, known.ver if known else 0)


def _books(session: Session, asked: LeaseRequest) -> bool:
    """Whether it is about pieces of a product of this store."""
    return asked.product_id is not None and asked.instrument == leases.stock_instrument(
        session.shop.store_id, asked.product_id
    )


def _open(lease: Versioned, asked: LeaseRequest, scope: str) -> bool:
    """Whether this is an open lease of the instrument that the device has."""
    record = lease.record
    mine = lease.scope == scope and _instrument(lease) == asked.instrument
    return mine and isinstance(record, Lease) and not record.returned_at


def _instrument(lease: Versioned) -> Instrument | None:
    """What it is a lease of; None: HQ knows only what was spent of it."""
    return lease.record.instrument if isinstance(lease.record, Lease) else None


def _granted(before: Versioned | None, asked: LeaseRequest, granted: int, now: datetime) -> Lease:
    until, at = clock.to_text(now + leases.LIFE), clock.to_text(now)
    if before is not None and isinstance(before.record, Lease):
        known = before.record
        opened = msgspec.structs.replace(
            known, instrument=asked.instrument, granted_at=known.granted_at or at, returned_at=""
        )
        return leases.enlarge(opened, granted, until)
    return Lease(amount=granted, expires_at=until, instrument=asked.instrument, granted_at=at)


def release(ledger: Ledger, aggregates: Aggregates, store: ScopeKey, now: datetime) -> int:
    """Takes back the rests of a store's leases that expired `GRACE` ago; returns how many. Raises Transient, Clash."""
    before, done = clock.to_text(now - leases.GRACE), 0
    while late := aggregates.leases_expired(before)[:_AT_ONCE]:
        with ledger.transaction():
            desk = Desk(aggregates)
            refs = [Ref("lease", lease_id) for lease_id in late]
            desk.fetch(refs)
            found = ((ref, desk.rows.get(ref, Lease)) for ref in refs)
            changes: dict[Ref, Record] = {
                ref: leases.release(lease, clock.to_text(now))
                for ref, lease in found
                if lease is not None and lease.expires_at < before  # not renewed since it was looked for
            }
            desk.apply(settled(Effect(changes), desk).changes)
            publish_work(ledger, store, desk.save())
            done += len(changes)
    return done
