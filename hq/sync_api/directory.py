"""Devices as the sync API finds them: who a signature belongs to, in one query; and enrolment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from guide_app.domain import clock, leases
from guide_app.domain.errors import Defect, Refused
from guide_app.domain.records import Names
from hq.database import statements
from hq.devices import services as devices
from hq.devices.models import Device, UsedNonce
from hq.files import signing
from hq.leases.models import Lease, LeaseRequest
from hq.ledger.aggregates import PostgresAggregates
from hq.ledger.past_postgres import PostgresPast
from hq.ledger.port import Glance, Head, ScopeKey, Transient
from hq.ledger.postgres import PostgresLedger, translated
from hq.outcomes import arriving
from hq.protocol import epoch, scopes
from hq.protocol.models import CHAIN_STORE_ID
from hq.stores.models import Store
from hq.sync_api import wandering
from hq.sync_api.events import Seen
from hq.sync_api.leasing import release
from hq.sync_api.problems import Problem
from hq.sync_api.replay import Replayed, replay
from hq.sync_api.running import Shop
from hq.sync_api.session import Granted, Session
from hq.sync_api.sweep import Branch, Sweeper
from hq.sync_api.turns import Turns
from sync.protocol.messages import EnrolRequest, EnrolResponse, Grant, Health
from sync.protocol.signature import is_past_proof, key_from_text

_LOOK = (
    "SELECT asked.place, d.public_key, d.revoked_at, d.name, d.scope, d.app_version, d.last_seen_at, s.id::text,"
    " s.currency, s.scope, s.name_zh, r.scope, r.name_zh, c.id,"
    " (SELECT epoch FROM epoch ORDER BY began_at DESC LIMIT 1), coalesce(t.last_seq, 0), hs.head, hs.floor,"
    " hs.digest, hd.head, hd.floor, hd.digest, hr.head, hr.floor,"
    " hr.digest, hc.head, hc.floor, hc.digest, s.time_zone"
    " FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS asked (device_id, incarnation, place)"
    " JOIN device d ON d.id = asked.device_id JOIN store s ON s.id = d.store_id JOIN region r ON r.id = s.region_id"
    " JOIN scope c ON c.owner_id = %s AND c.kind = 'chain'"
    " LEFT JOIN scope_head hs ON hs.store_id = s.id AND hs.scope = s.scope"
    " LEFT JOIN scope_head hd ON hd.store_id = s.id AND hd.scope = d.scope"
    " LEFT JOIN scope_head hr ON hr.store_id = c.store_id AND hr.scope = r.scope"
    " LEFT JOIN scope_head hc ON hc.store_id = c.store_id AND hc.scope = c.id"
    " LEFT JOIN device_stream t ON t.store_id = s.id AND t.device_id = d.id AND t.incarnation = asked.incarnation"
)
_HEADS = (
    "SELECT h.store_id::text, h.scope, h.head FROM unnest(%s::uuid[], %s::text[]) AS asked (store_id, scope)"
    " JOIN scope_head h ON h.store_id = asked.store_id AND h.scope = asked.scope"
    " UNION ALL SELECT id::text, NULL, 0 FROM device WHERE id = ANY(%s::uuid[]) AND revoked_at IS NOT NULL"
)
_Row = Sequence[Any]
"""What the look-up says of one device."""
_Asked = tuple[str, str]
"""A device's id and its file's incarnation."""
NO_STREAM = str(UUID(int=0))
"""No database file's incarnation."""
_SEEN_EVERY = timedelta(minutes=10)
_NONCES_KEPT = timedelta(minutes=15)
_REQUESTS_KEPT = timedelta(days=1)
"""A request for a lease that is repeated is known for so long; its signature holds for minutes."""
_NAME, _PLATFORM = 120, 40
"""Characters of a device's name and platform that are kept."""
_LANGUAGES = ["zh_CN", "en"]
_LOOKING = 4
"""Connections that look devices up."""
_REACHED_BY = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "service")


class Known(NamedTuple):
    """A device that HQ enrolled. `public_key`: 32 raw bytes; `stale`: its row should say that it was seen; `glance`: as
    `Ledger.glance` of the stream asked for and of all its scopes, of the same moment."""

    public_key: bytes
    revoked: bool
    session: Session
    stale: bool
    glance: Glance


def find(keyid: str, app: str, now: datetime, incarnation: str = NO_STREAM) -> Known | None:
    """The device with this id, or None. Raises Transient."""
    if not _is_id(keyid):
        return None
    with translated():
        found = statements.rows(_LOOK, ([keyid], [incarnation], str(CHAIN_STORE_ID)))
    return _known(keyid, found[0][1:], app, now) if found else None


class Front:
    """Finds devices from the event loop, on connections of its own: what an idle tablet costs is a part of one query,
    which tablets that ask at the same time have in common."""

    def __init__(self) -> None:
        self._finding = Turns[_Asked, _Row | None](self._find)
        self._pool: AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]] | None = None

    async def find(self, keyid: str, app: str, now: datetime, incarnation: str) -> Known | None:
        """As the function of that name."""
        row = await self._finding.ask((keyid, incarnation)) if _is_id(keyid) else None
        return _known(keyid, row, app, now) if row else None

    async def _find(self, asked: Sequence[_Asked]) -> Sequence[_Row | None]:
        """The rows of these devices and their streams, in order; raises Transient."""
        values = ([device_id for device_id, _ in asked], [stream for _, stream in asked], str(CHAIN_STORE_ID))
        found = {place: row for place, *row in await self._rows(_LOOK, values)}
        return [found.get(place) for place in range(1, len(asked) + 1)]

    async def look(self, keys: Collection[ScopeKey], devices: Collection[str]) -> Seen:
        """Where these scopes are, and which of these devices are revoked."""
        values = ([key.store_id for key in keys], [key.scope for key in keys], list(devices))
        rows = await self._rows(_HEADS, values)
        heads = {ScopeKey(store_id, scope): head for store_id, scope, head in rows if scope is not None}
        return Seen(heads, {device_id for device_id, scope, _ in rows if scope is None})

    async def close(self) -> None:
        """Ends its connections; a later query opens new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            async with (await self._opened()).connection() as connection:
                return await (await connection.execute(query.encode(), values, prepare=True)).fetchall()
        except psycopg.OperationalError as problem:
            raise Transient(type(problem).__name__) from problem

    async def _opened(self) -> AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]:
        if self._pool is None:
            given = {name: value for name, value in connection.get_connection_params().items() if name in _REACHED_BY}
            self._pool = AsyncConnectionPool(
                kwargs={**given, "autocommit": True}, min_size=1, max_size=_LOOKING, timeout=10, open=False,
                configure=_bounded,
            )  # fmt: skip
        if self._pool.closed:
            await self._pool.open()
        return self._pool


async def _bounded(looking: AsyncConnection[tuple[Any, ...]]) -> None:
    """One plan a connection: planning ten tables costs 2 ms, and lists of devices tempt into doing it each time."""
    await looking.execute("SET statement_timeout = '5s'")
    await looking.execute("SET plan_cache_mode = 'force_generic_plan'")


def _is_id(keyid: str) -> bool:
    """Whether this is a device's id in its one spelling."""
    try:
        return str(UUID(keyid)) == keyid
    except ValueError:
        return False


def _known(keyid: str, row: _Row, app: str, now: datetime) -> Known:
    seen, version = row[5], row[4]
    stale = seen is None or now - seen > _SEEN_EVERY or version != app[:20]
    scopes_of_it = (row[8], row[3], row[10], row[12])
    heads = {
        scope: Head(row[at], row[at + 1], int(row[at + 2]))
        for scope, at in zip(scopes_of_it, range(15, 27, 3), strict=True)
        if row[at] is not None
    }
    session = _session(keyid, row, now)
    return Known(key_from_text(row[0]), row[1] is not None, session, stale, Glance(row[14], heads))


def _session(device_id: str, row: _Row, now: datetime) -> Session:
    name, device_scope, store_id, currency, store_scope, store_name, region_scope, region_name, chain_scope, era = (
        row[2], row[3], *row[6:14]
    )  # fmt: skip
    granted = (
        Granted(Grant(scope=store_scope, kind="store", name=store_name), ScopeKey(store_id, store_scope)),
        Granted(Grant(scope=device_scope, kind="device", name=name), ScopeKey(store_id, device_scope)),
        Granted(Grant(scope=region_scope, kind="region", name=region_name), ScopeKey(CHAIN_STORE_ID, region_scope)),
        Granted(Grant(scope=chain_scope, kind="chain", name=""), ScopeKey(CHAIN_STORE_ID, chain_scope)),
    )
    return Session(device_id, Shop(store_id, currency, row[27]), era, granted, clock.to_text(now + devices.AUTHORISED))


def saw(session: Session, app: str, now: datetime) -> None:
    """Notes that the device was here, and with which app; its authorisation begins anew."""
    with translated():
        Device.objects.filter(id=session.device_id).update(
            last_seen_at=now, app_version=app[:20], authorised_until=now + devices.AUTHORISED
        )


def report(session: Session, health: Health, after: Mapping[str, int], now: datetime) -> None:
    """Keeps how the tablet says that it stands, with the positions that it said so at. Raises Transient."""
    granted = {key: after[key.scope] for key in session.keys if key.scope in after}
    with translated(), transaction.atomic():
        devices.report(session.device_id, health, now)
        if health.library is not None:
            arriving.note(session.device_id, session.shop.store_id, health.library, granted, now)


def enrol(asked: EnrolRequest, nonce: str, now: datetime) -> EnrolResponse:
    """Enrols the device that signed with the key in the request. Raises Problem 401 or 403, and the ports' errors."""
    with translated():
        _use_nonce(asked.device_public_key, nonce, now)
        try:
            name, platform = asked.device_name[:_NAME], asked.platform[:_PLATFORM]
            device = devices.enrol(asked.code, asked.device_public_key, name, platform, now)
        except Refused as refusal:
            raise Problem(403, refusal.code) from refusal
        if asked.was is not None and _was(asked):
            devices.remember(device, asked.was)
            wandering.came(PostgresLedger(), PostgresPast(), ScopeKey(str(device.store_id), device.scope), now)
        store = Store.objects.select_related("region").get(id=device.store_id)
        return EnrolResponse(
            device_id=str(device.id),
            store_id=str(store.id),
            store_code=store.code,
            device_letters=device.letters,
            region=store.country,
            time_zone=store.time_zone,
            currency=store.currency,
            languages=_LANGUAGES,
            epoch=epoch.current(),
            grants=devices.grants(device),
            authorised_until=clock.to_text(device.authorised_until or now),
            server_time=clock.to_text(now),
            hq_public_keys=[*signing.public_keys()],
            store_names=Names(en=store.name_en, zh=store.name_zh),
        )


def past_stores(session: Session) -> frozenset[str]:
    """The stores in which the tablet was enrolled before. Raises Transient."""
    with translated():
        return devices.past_stores(session.device_id)


def continues(era: str) -> bool:
    """Whether HQ's history goes on from that epoch's. Raises Transient."""
    with translated():
        return epoch.continues(era)


def _was(asked: EnrolRequest) -> bool:
    """Whether the tablet proves that it was the device it says; one that was revoked counts too."""
    was = asked.was or ""
    key = Device.objects.filter(id=was).values_list("public_key", flat=True).first()
    return key is not None and is_past_proof(asked.was_proof, key_from_text(key), was, asked.device_public_key)


def _use_nonce(key: str, nonce: str, now: datetime) -> None:
    """A signed enrolment counts once: whoever recorded one cannot play it again."""
    try:
        with transaction.atomic():
            UsedNonce.objects.filter(used_at__lt=now - _NONCES_KEPT).delete()
            UsedNonce.objects.create(key=key, nonce=nonce[:120], used_at=now)
    except IntegrityError:
        raise Problem(401, "nonce") from None


class PostgresChain:
    """All stores of this HQ (the protocol `Chain`)."""

    def branch(self, store_id: str) -> Branch:
        """The store with what work in it needs."""
        store = Store.objects.select_related("region").filter(id=store_id).first()
        if store is None:
            raise Defect(f"no store {store_id}")
        aggregates = PostgresAggregates(store_id, [store.region.scope, scopes.of_chain()])
        return Branch(Shop(store_id, store.currency, store.time_zone), ScopeKey(store_id, store.scope), aggregates)

    def knows(self, store_id: str) -> bool:
        """Whether there is such a store."""
        return Store.objects.filter(id=store_id).exists()

    def device_scope(self, store_id: str, device_id: str) -> ScopeKey:
        """The device's own scope."""
        return ScopeKey(store_id, scopes.of_device(device_id))

    def wanderers(self, store_id: str) -> Sequence[ScopeKey]:
        """The scopes of the store's devices that were another store's before."""
        return [ScopeKey(store_id, scope) for scope in devices.wanderers(store_id)]


def release_leases() -> int:
    """Takes back what expired leases of all stores had left; returns how many. Forgets requests that nobody repeats
    any more. Raises Transient, Clash.
    """
    now = timezone.now()
    LeaseRequest.objects.filter(at__lt=now - _REQUESTS_KEPT).delete()
    ledger, done = PostgresLedger(), 0
    late = Lease.objects.filter(settled=False, expires_at__lt=now - leases.GRACE).values("store_id")
    for store in Store.objects.filter(id__in=late):
        store_id = str(store.id)
        done += release(ledger, PostgresAggregates(store_id, []), ScopeKey(store_id, store.scope), now)
    return done


def replay_parked(only: Collection[str] | None = None) -> Replayed:
    """Runs every parked operation of HQ again, or those with these ids. Raises Transient."""
    return replay(PostgresLedger(), PostgresChain(), only)


def sweep() -> int:
    """Carries out every step that waits; how many. Raises Transient."""
    return Sweeper(PostgresLedger(), PostgresChain()).sweep(timezone.now())
