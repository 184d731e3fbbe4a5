"""What happens on a tablet in the proofs of durability: the real store's own doing, one transaction a step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from guide_app import operations
from guide_app.adapters.keys import FileKeySource
from guide_app.bootstrap import open_store
from guide_app.services.ports.writing import Draft
from guide_app.settings import Settings
from local_store import Store
from sync.ports import Outgoing
from sync.protocol.messages import SyncResponse
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import (
    GUIDE,
    PRODUCTS,
    Bench,
    cancel,
    consent,
    edit,
    followup,
    furnish,
    member,
    place,
    sign_up,
    talk,
)

PLANTED = ("慕容皎月", "murongjiaoyue", "Wilhelmina Thistlewood", "13911223344", "44332211931", "only after six, 小声")
"""A name, its pinyin, a name, a phone and its reverse, a note: typed in here, to be found nowhere in the clear."""
MARK = "seen in the clear"
"""A word that the process writes in the clear: who looks for the others must find it."""
_NAMES = (PLANTED[0], PLANTED[2], "陈静")
_PHONE = f"+86{PLANTED[3]}"


def settings(folder: Path) -> Settings:
    """A tablet that keeps its keys in files."""
    return Settings(data=folder, key_source="file")


class Tablet(Bench):
    """A bench whose store is opened as the application opens it."""

    def opened(self) -> Store:
        here = settings(self.path.parent)
        return open_store(here, FileKeySource(here.keys), self.clock, self.ids)


class Step(NamedTuple):
    """One transaction. `makes`: (kind, body) of the operations that it saves."""

    name: str
    act: Callable[[], Awaitable[Any]]
    makes: tuple[tuple[str, str], ...] = ()


class Days:
    """Enrolment, a first load in pages, then work and sync by chance; `numbers` are all that were given out."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.bench = Tablet(folder / "store.db", seed)
        self.numbers: list[str] = []
        self._random = Random(seed)
        self._sent: Outgoing | None = None
        self._answer: SyncResponse | None = None
        self._members: list[str] = []
        self._orders: list[str] = []

    def begin(self) -> Iterator[Step]:
        """From an empty file to a shop that stands ready, its last page still to come."""
        hq = self.bench.hq
        furnish(hq)
        for n in range(30):
            hq.publish("member", uuid(), member(phone=f"+86137{n:08d}"))
        yield Step("enrol", lambda: self.bench.store.sync.enrolled("https://hq.example", "One", hq.enrolment()))
        for _ in range(4):
            yield from self.sync(most=15)
        yield Step("finish loading", self._finish)

    def work(self, count: int) -> Iterator[Step]:
        """So many turns of work, with sync between."""
        for n in range(count):
            self.bench.clock.advance(60)
            choice = self._random.random()
            if choice < 0.2:
                yield from self.sync()
            elif choice < 0.25:
                yield Step("draft", partial(self._keep, f"d{n}"))
            elif choice < 0.28:
                yield Step("tidy", self._tidy)
            elif choice < 0.45 or not self._members:
                yield from self._sell(n)
            else:
                yield self._commit(*self._drafts(n))

    def sync(self, *, most: int = 10_000) -> Iterator[Step]:
        """A round: what is sent is marked, then HQ's answer is taken in. HQ has changed something of its own, too."""

        async def send() -> None:
            self._sent, self._answer = await self.bench.store.sync.outgoing(), None

        async def take() -> None:
            assert self._sent is not None
            self._answer = self._answer or self.bench.hq.sync(self._sent, most=most)
            await self.bench.store.sync.take(self._sent, self._answer)

        self.bench.hq.publish("member", uuid(), member(name=PLANTED[2], phone=f"+86136{self._random.randrange(10**8)}"))
        yield Step("send", send)
        yield Step("take", take)

    async def reopen(self) -> None:
        """The application is closed and started again."""
        self.bench.store.close()
        self.bench.store = self.bench.opened()

    async def _keep(self, key: str) -> None:
        await self.bench.store.drafts.put(key, PLANTED[0].encode() * 200)

    async def _finish(self) -> None:
        await self.bench.store.sync.finish_loading()

    async def _tidy(self) -> None:
        await self.bench.store.sync.tidy()

    def _sell(self, n: int) -> Iterator[Step]:
        async def number() -> None:
            self.numbers.append(await self.bench.store.numbers.next())

        yield Step("number", number)
        if self._members and self._random.random() < 0.7:
            order_id, member_id = uuid(), self._random.choice(self._members)
            self._orders.append(order_id)
            lines = [(product, 1) for product in PRODUCTS]
            yield self._commit(
                place(order_id, lines, member_id, self.numbers[-1], note=PLANTED[5]), talk(member_id, uuid())
            )
            return
        member_id = uuid()
        self._members.append(member_id)
        phone = _PHONE if len(self._members) == 1 else f"+86138{n:08d}"
        yield self._commit(sign_up(member_id, phone, _NAMES[len(self._members) % 3], self.numbers[-1]))

    def _drafts(self, n: int) -> tuple[Draft, ...]:
        who = self._random.choice(self._members)
        match self._random.randrange(5):
            case 0:
                return (edit(who, "note", "", f"{PLANTED[5]} {n}"),)
            case 1 if self._orders:
                return (cancel(self._orders.pop()),)
            case 2:
                return (consent(who, granted=bool(n % 2), seen_ver=n),)
            case 3:
                return (followup(who, uuid()),)
            case _:
                return talk(who, uuid()), followup(who, uuid())

    def _commit(self, *drafts: Draft) -> Step:
        makes = tuple((draft.kind, operations.write(draft.body)) for draft in drafts)
        return Step("commit", lambda: self.bench.store.journal.commit(GUIDE, *drafts), makes)
