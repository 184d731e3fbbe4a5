"""The tablet's store: one encrypted SQLite file, behind the ports of the use cases and of sync."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.clock import Clock
from guide_app.domain.ids import Ids
from guide_app.domain.records import Ref
from local_store import migrations, shelving
from local_store.backups import Backups
from local_store.base import Base, Follow, moment, rows_of
from local_store.connection import connect, prepare, told
from local_store.effects import Effects
from local_store.journal import Drafts, Journal, Numbers, PinTries
from local_store.meta import Meta
from local_store.repositories.attention import OutboxView
from local_store.repositories.cards import Cards
from local_store.repositories.catalogue import Catalogue
from local_store.repositories.days import Days
from local_store.repositories.facts import Facts
from local_store.repositories.favourites import Favourites
from local_store.repositories.files import Files
from local_store.repositories.leases import Leases
from local_store.repositories.library import Library
from local_store.repositories.members import Members
from local_store.repositories.morning import Morning
from local_store.repositories.orders import Orders
from local_store.repositories.parcels import Parcels
from local_store.repositories.printed import Printed
from local_store.repositories.promotions import Promotions
from local_store.repositories.quotations import Quotations
from local_store.repositories.radar import Radar
from local_store.repositories.service import Service
from local_store.repositories.shop import Shop
from local_store.repositories.sold import Sold
from local_store.repositories.tagging import Tagging
from local_store.repositories.tags import Tags
from local_store.repositories.today import Today
from local_store.sync_store import SyncStore
from local_store.transaction import Ballast, transaction
from local_store.worker import Workers

_READERS = 2
_WRITER_CACHE_MB = 64
_READER_CACHE_MB = 16


class Store:
    """All ports of one open store. Close it; what was committed is safe even if nobody does."""

    def __init__(self, base: Base, tagging: Tagging) -> None:
        self._base = base
        self.journal = Journal(base)
        self.drafts = Drafts(base)
        self.numbers = Numbers(base)
        self.pin_tries = PinTries(base)
        self.members = Members(base)
        self.catalogue = Catalogue(base)
        self.cards = Cards(base)
        self.favourites = Favourites(base)
        self.promotions = Promotions(base)
        self.orders = Orders(base)
        self.sold = Sold(base)
        self.leases = Leases(base)
        self.today = Today(base)
        self.days = Days(base)
        self.morning = Morning(base)
        self.shop = Shop(base)
        self.service = Service(base)
        self.quotations = Quotations(base)
        self.parcels = Parcels(base)
        self.tags = Tags(base, tagging)
        self.outbox = OutboxView(base)
        self.facts = Facts(base)
        self.radar = Radar(base)
        self.printed = Printed(base)
        self.files = Files(base)
        self.library = Library(base)
        self.sync = SyncStore(base)

    @classmethod
    def open(cls, path: Path, key: bytes, clock: Clock, ids: Ids) -> Store:
        """Opens the file, or makes it. `key`: 32 bytes. It blocks, longest after a crash, when the file is checked.

        Raises StoreUnusable("wrong_key" | "damaged" | "newer_version" | "sqlite_too_old"), NotSaved.
        """
        with told():
            path.parent.mkdir(parents=True, exist_ok=True)
        ballast = Ballast(path.with_name(f"{path.name}.ballast"))
        tagging = Tagging(clock)
        connections = ballast.with_room(lambda: _connections(path, key, clock, tagging.follow))
        ballast.fill()
        return cls(Base(Workers(*connections), clock, ids, ballast, Backups(path), tagging.follow), tagging)

    def close(self) -> None:
        """Ends the store's threads after what is queued."""
        self._base.workers.close()


def _connections(
    path: Path, key: bytes, clock: Clock, follow: Follow
) -> tuple[sqlite.Connection, list[sqlite.Connection]]:
    """The writer's and the readers'; none stays open where one does not open."""
    with ExitStack() as opened:
        writer = opened.enter_context(closing(prepare(path, key, cache_mb=_WRITER_CACHE_MB)))
        _take_anew(writer, clock, follow)
        readers = [
            opened.enter_context(closing(connect(path, key, cache_mb=_READER_CACHE_MB, read_only=True)))
            for _ in range(_READERS)
        ]
        opened.pop_all()
        return writer, readers


def _take_anew(connection: sqlite.Connection, clock: Clock, follow: Follow) -> None:
    """After an update: rows that an older app did not know go where this one has them, and open operations lead to what
    its rules make of them; an older app's made less."""
    meta, newest = Meta(connection), list(migrations.STEPS)[-1]
    if meta.text("effects_of") == newest:
        return
    with transaction(connection):
        rows_of(connection).settle()
        shelving.note_all(connection, moment(connection, clock))
        touched = [Ref(*ref) for ref in connection.execute("SELECT DISTINCT entity, id FROM op_touch")]
        if changed := Effects(connection, rows_of(connection)).replay(touched):
            follow(connection, changed)
        meta.set(effects_of=newest)
