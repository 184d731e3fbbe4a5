"""The only place where the parts of a tablet are wired together."""

from __future__ import annotations

import asyncio
import contextlib
import locale
import logging
import os
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from guide_app.adapters import logs
from guide_app.adapters.codes import Codes
from guide_app.adapters.diagnostics import DiagnosticsFile, documents_folder
from guide_app.adapters.files import make_folder, write_whole
from guide_app.adapters.instance import alone_in
from guide_app.adapters.keys import choose_key_source
from guide_app.adapters.pins import Argon2PinHasher
from guide_app.adapters.preferences import FilePreferences, language_of
from guide_app.adapters.printing.files import PdfFiles
from guide_app.adapters.printing.printer import ReceiptPrinter
from guide_app.adapters.printing.setting import FilePrinterSetting
from guide_app.adapters.sealed_files import SealedFiles, key_from
from guide_app.adapters.space import FolderSpace
from guide_app.domain.clock import Clock, SystemClock
from guide_app.domain.errors import NotSaved, StoreUnusable
from guide_app.domain.ids import Ids
from guide_app.domain.records import Instrument
from guide_app.services.attention import Attention
from guide_app.services.baskets import Baskets
from guide_app.services.by_hand import ByHandDesk
from guide_app.services.charging import ChargeDesk
from guide_app.services.container import Container, Desks, Readers
from guide_app.services.days import DayDesk
from guide_app.services.fulfilling import FulfilDesk, GoodsDesk
from guide_app.services.handing import HandingDesk
from guide_app.services.invitations import InvitationDesk
from guide_app.services.labels import LabelDesk
from guide_app.services.leases import LeaseDesk, returning
from guide_app.services.library import LibraryService
from guide_app.services.members import MemberDesk
from guide_app.services.messages import MessageDesk
from guide_app.services.missing_orders import MissingOrders
from guide_app.services.morning import MorningDesk
from guide_app.services.parcels import ParcelDesk
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.device import KeySource, PinHasher
from guide_app.services.ports.engine import SyncView
from guide_app.services.ports.printing import PaperFiles, Printer
from guide_app.services.ports.writing import Change, Draft, Journal
from guide_app.services.pricing import PriceDesk
from guide_app.services.quotations import QuotationDesk
from guide_app.services.receipts import ReceiptDesk
from guide_app.services.returning import ReturnDesk
from guide_app.services.selling import Till
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from guide_app.services.shares import ShareDesk
from guide_app.services.tags import tagging
from guide_app.services.talks import TalkDesk
from guide_app.services.today import Today
from guide_app.services.value import ValueDesk
from guide_app.services.visitors import VisitorDesk
from guide_app.settings import Settings
from sync.engine import SyncEngine
from sync.files import FileFetcher
from sync.net.events import HttpEvents
from sync.net.files import HttpFiles
from sync.net.transport import HttpRemote
from sync.remote import EventSource, FileSource, NoFiles, Remote

if TYPE_CHECKING:
    from local_store import Store

_KEY = "database"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What differs between the real world and a test's."""

    clock: Clock = field(default_factory=SystemClock)
    random_bytes: Callable[[int], bytes] = os.urandom
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    hasher: PinHasher = field(default_factory=Argon2PinHasher)
    remote: Remote | None = None
    """None: HTTP."""
    events: EventSource | None = None
    """None: HTTP, where `remote` is HTTP too; else none."""
    source: FileSource | None = None
    """Of files; None: HTTP, where `remote` is HTTP too; else none."""
    keys: KeySource | None = None
    """None: as the settings choose."""
    printer: Printer | None = None
    """None: one that speaks ESC/POS."""
    files: PaperFiles | None = None
    """None: PDF files in the account's folders and on its drives."""


class NudgingJournal:
    """The store's journal, that wakes sync after each commit."""

    def __init__(self, journal: Journal, nudge: Callable[[], None]) -> None:
        self._journal, self._nudge = journal, nudge

    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        change = await self._journal.commit(guide_id, *drafts, forget=forget)
        self._nudge()
        return change

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        return self._journal.subscribe(listener)


def app_version() -> str:
    return version("store-guide")


def preferences(settings: Settings) -> FilePreferences:
    """How the first screen looks: needed before the store is open."""
    chosen = FilePreferences(settings.preferences, language_of(locale.getlocale()[0] or os.environ.get("LANG", "")))
    if settings.language:
        chosen.language = settings.language
    return chosen


def key_source(settings: Settings) -> KeySource:
    """Raises StoreUnusable, NotSaved."""
    return choose_key_source(settings.key_source, settings.keys, _tablet_id(settings))


@asynccontextmanager
async def tablet(
    settings: Settings, *, chosen: FilePreferences | None = None, parts: Parts | None = None
) -> AsyncIterator[Container]:
    """A whole tablet with sync running, for as long as the context lasts; opening happens off the event loop's thread.

    Raises StoreUnusable (also "already_running", "key_gone"), NotSaved.
    """
    parts = parts or Parts()
    ids = Ids(parts.clock, parts.random_bytes)
    with ExitStack() as held:
        held.enter_context(alone_in(settings.data))
        keys = parts.keys
        if keys is None:
            keys = await asyncio.to_thread(key_source, settings)
        store = await asyncio.to_thread(open_store, settings, keys, parts.clock, ids)
        try:
            files = await asyncio.to_thread(_files, settings, parts, store, keys)
            engine = SyncEngine(
                store=store.sync, remote=parts.remote or HttpRemote(app_version=app_version(), nonce=_nonce),
                events=_events(parts), keys=keys, clock=parts.clock, sleep=parts.sleep,
                random_bytes=parts.random_bytes, app_version=app_version(), platform=sys.platform,
                files=files,
            )  # fmt: skip
            async with _running(engine):
                made = _container(settings, chosen or preferences(settings), parts, store, engine, files, ids, keys)

                async def in_baskets() -> Collection[Instrument]:
                    return await made.do.value.chosen(await made.do.till.baskets.all())

                async with returning(made.do.leases, made.do.session, in_baskets), tagging(store.tags, store.journal):
                    yield made
        finally:
            await asyncio.shield(asyncio.to_thread(store.close))


def _events(parts: Parts) -> EventSource | None:
    if parts.events is None and parts.remote is None:
        return HttpEvents(app_version=app_version(), nonce=_nonce)
    return parts.events


def _files(settings: Settings, parts: Parts, store: Store, keys: KeySource) -> FileFetcher:
    """Fetches and reads files; their key follows from the store's. Blocking. Raises StoreUnusable."""
    key = keys.load(_KEY)
    if key is None:
        raise StoreUnusable("key_gone")
    source = parts.source
    if source is None:
        source = HttpFiles(app_version=app_version(), nonce=_nonce) if parts.remote is None else NoFiles()
    return FileFetcher(
        store.files, SealedFiles(settings.files, key_from(key)), source, parts.clock,
        chance=lambda: int.from_bytes(parts.random_bytes(4), "big") / 2**32, quota=settings.files_mb << 20,
    )  # fmt: skip


def _nonce() -> str:
    return secrets.token_urlsafe(16)


def open_store(settings: Settings, keys: KeySource, clock: Clock, ids: Ids) -> Store:
    """The database with its key, both made on the first start; blocking. Raises StoreUnusable, NotSaved."""
    from local_store import Store

    try:
        make_folder(settings.data)
    except OSError as error:
        raise NotSaved("disk_failed", error.strerror or "") from error
    key = keys.load(_KEY)
    if key is None:
        if settings.database.exists():
            raise StoreUnusable("key_gone")
        key = secrets.token_bytes(32)
        keys.store(_KEY, key)
    return Store.open(settings.database, key, clock, ids)


def diagnostics(
    settings: Settings, store: Store, clock: Clock, view: Callable[[], SyncView] | None = None
) -> DiagnosticsFile:
    """The file that tells how this tablet stands; `view` where its sync runs."""
    return DiagnosticsFile(
        folder=settings.diagnostics or documents_folder(), data=settings.data, logs=settings.logs, facts=store.facts,
        clock=clock, app_version=app_version(), view=view,
    )  # fmt: skip


def set_up_log(settings: Settings) -> logging.Handler:
    """The log's file; where it cannot be written, stderr: a full disk must not keep a shop from opening."""
    try:
        make_folder(settings.data)
        return logs.set_up(settings.logs, settings.log_level)
    except OSError:
        return logs.set_up(None, settings.log_level)


@asynccontextmanager
async def _running(engine: SyncEngine) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(engine.run())
    task.add_done_callback(_say_if_it_failed)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _say_if_it_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler({"message": "sync has stopped: a defect", "exception": error})


def _container(
    settings: Settings,
    chosen: FilePreferences,
    parts: Parts,
    store: Store,
    engine: SyncEngine,
    files: FileFetcher,
    ids: Ids,
    keys: KeySource,
) -> Container:
    journal = NudgingJournal(store.journal, engine.nudge)
    session = Session(store.shop, journal, parts.hasher, store.pin_tries)
    members = MemberDesk(store.members, store.shop, journal, store.numbers, session, ids)
    today = Today(store.today, store.shop, session, parts.clock)
    talks = TalkDesk(journal, session, parts.clock, ids)
    baskets = Baskets(store.drafts, session, parts.clock, ids)
    prices = PriceDesk(store.promotions)
    leases = LeaseDesk(store.leases, engine, journal, store.shop, parts.clock, ids)
    goods = FulfilDesk(leases, store.catalogue, store.shop, parts.clock)
    value = ValueDesk(prices, store.members, leases, store.shop)
    charging = ChargeDesk(store.orders, session, ids)
    till = Till(store.catalogue, prices, journal, store.numbers, baskets, session, ids, goods, value, charging)
    receipts = ReceiptDesk(
        store.orders,
        store.members,
        store.catalogue,
        store.shop,
        store.printed,
        parts.printer or ReceiptPrinter(),
        FilePrinterSetting(settings.printer),
        parts.files or PdfFiles(),
        parts.clock,
    )
    hand_over = GoodsDesk(store.orders, goods, journal, session)
    return Container(
        clock=parts.clock, ids=ids, preferences=chosen, journal=journal, drafts=store.drafts, numbers=store.numbers,
        favourites=store.favourites, sync=engine, files=files, space=FolderSpace(settings.data), codes=Codes(),
        app_version=app_version(), diagnostics=diagnostics(settings, store, parts.clock, engine.view),
        warnings=(keys.warning,) if keys.warning else (),
        read=Readers(
            members=store.members, catalogue=store.catalogue, cards=store.cards, orders=store.orders, today=store.today,
            shop=store.shop, outbox=store.outbox, service=store.service, quotations=store.quotations,
            library=store.library,
        ),
        do=Desks(
            session=session, members=members, till=till, talks=talks,
            by_hand=ByHandDesk(prices, store.shop, session, ids),
            messages=MessageDesk(store.shop, talks, session, engine.view, parts.clock),
            today=today, service=ServiceDesk(store.service, journal, store.numbers, session, today, ids),
            morning=MorningDesk(store.morning, store.today, today, session, journal),
            attention=Attention(store.outbox, members, till, hand_over),
            visitors=VisitorDesk(store.members, store.shop, engine, store.radar),
            invitations=InvitationDesk(engine, store.shop, session, ids),
            handing=HandingDesk(store.library, engine, store.shop, journal, session, ids),
            library=LibraryService(store.library, journal, session, store.files.ask),
            days=DayDesk(store.days, store.shop, journal, session, parts.clock, ids),
            receipts=receipts,
            labels=LabelDesk(store.orders, store.parcels, store.shop, receipts, members),
            quotations=QuotationDesk(
                store.quotations, store.catalogue, store.shop, prices, journal, store.numbers, session, today, receipts,
                ids, goods,
            ),
            missing=MissingOrders(store.orders, engine, store.drafts, parts.clock),
            shares=ShareDesk(store.orders, store.shop, journal, session),
            goods=hand_over, parcels=ParcelDesk(store.parcels, journal, session),
            returns=ReturnDesk(store.orders, store.sold, journal, session, ids),
            payments=PaymentDesk(store.orders, engine, journal, session, ids, leases, engine),
            leases=leases, value=value,
        ),
    )  # fmt: skip


def _tablet_id(settings: Settings) -> str:
    """Tells this data folder's keys from those of another in the same key store; no secret."""
    path = settings.data / "tablet-id"
    try:
        make_folder(settings.data)
        if not path.exists():
            write_whole(path, secrets.token_hex(8).encode())
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise NotSaved("disk_failed", type(error).__name__) from error
