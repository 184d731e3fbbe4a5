"""`profile`: from the tap on a member to the profile's data in hand: 100,000 members, 13 months of orders and talks.

Goal: p99 ≤ 50 ms. Whoever is tapped is drawn by what they bought: who comes often is opened often.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication

from benchmarks import harness, search
from benchmarks.members import rows as member_rows
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from guide_app.domain.records import Member, Names, Order, OrderLine, Price, PriceList, Product, Talk, Totals, decode
from guide_app.domain.records.member import Relative, Wish
from guide_app.services.members import MemberDesk
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from guide_app.services.today import Today
from local_store import Store
from sync.protocol.messages import Row
from tests.qt.viewmodels.fakes import Spawned
from ui.runtime.figures import LocalFigures
from ui.viewmodels.base import Desk
from ui.viewmodels.member_service import MemberServiceViewModel
from ui.viewmodels.members import MemberPorts, MembersViewModel
from ui.viewmodels.promise_list import PromiseListViewModel
from ui.viewmodels.service_words import ServiceReaders

MEMBERS, ORDERS, TALKS, PRODUCTS = 100_000, 300_000, 60_000, 2_000
"""Of one shop; a hundredth of the members make a third of the orders."""
RUNS, OPENED, DAYS = 5, 200, 395
GOAL_MS = 50.0
GUIDE = "00000000-0000-7000-8000-00000000aaaa"


def main() -> None:
    """Measures and reports. An argument: so many members, with orders in proportion."""
    size = int(sys.argv[1]) if sys.argv[1:] else MEMBERS
    _application = QCoreApplication.instance() or QCoreApplication([])
    report = harness.report("profile")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "store.db", size, report))
    p99 = report.figures["p99, tap to data"].median
    report.ratios["p99 against 50 ms"] = harness.Ratio(value=p99 / GOAL_MS, goal=1)
    report.finish()


async def _measure(path: Path, size: int, report: harness.Report) -> None:
    clock = SystemClock()
    ids = Ids(clock, secrets.token_bytes)
    store = Store.open(path, secrets.token_bytes(32), clock, ids)
    try:
        shop = _Shop(size)
        await search.load(store, size, shop.rows())
        page = _Page(store, ids)
        await page.open(shop.often[0])
        took = [[await page.open(one) for one in shop.drawn()] for _ in range(RUNS)]
    finally:
        store.close()
    for share in (0.5, 0.99):
        values = [harness.percentile(run, share) for run in took]
        report.figures[f"p{share * 100:.0f}, tap to data"] = harness.figure(values, "ms")


class _Shop:
    """What HQ sends: members with wishes and household, a catalogue, orders and talks over 13 months."""

    def __init__(self, size: int) -> None:
        self._random, self._size = random.Random(5), size
        self._products = [f"{n:08x}-0000-7000-8000-000000000001" for n in range(PRODUCTS)]
        self._members = [(row.id, decode(row.d, Member)) for row in member_rows(size, search.SCOPE)]
        self.often = [row_id for row_id, _ in self._members[: max(1, size // 100)]]

    def rows(self) -> Iterator[Row]:
        """All of it, in the order in which HQ publishes it."""
        made = chain(self._catalogue(), self._people(), self._orders(), self._talks())
        for position, (entity, row_id, record) in enumerate(made, 1):
            d = msgspec.Raw(msgspec.json.encode(record))
            yield Row(s=search.SCOPE, q=position, e=entity, id=row_id, v=1, o="put", d=d)

    def drawn(self) -> list[str]:
        """Who is tapped on, one after the other."""
        return [self._buyer() for _ in range(OPENED)]

    def _catalogue(self) -> Iterator[tuple[str, str, Any]]:
        price_list = "00000000-0000-7000-8000-00000000cccc"
        for n, product in enumerate(self._products):
            yield "product", product, Product(names=Names(en=f"Product {n}", zh=f"商品{n}"), sku=f"S{n}")
            yield "price", f"{n:08x}-0000-7000-8000-000000000002", Price(list=price_list, product=product, amount=990)
        names = Names(en="Now", zh="现价")
        yield "price_list", price_list, PriceList(names=names, version=1, currency="CNY", valid_from=self._at(DAYS))

    def _people(self) -> Iterator[tuple[str, str, Any]]:
        for row_id, member in self._members:
            wishes = tuple(Wish(product_id=self._random.choice(self._products), since=search.NOW) for _ in range(2))
            family = (Relative(id=GUIDE, relation="son", name="小禾", birthday="2026-06-15"),)
            yield "member", row_id, msgspec.structs.replace(member, wishes=wishes, household=family, sizes={"top": "M"})

    def _orders(self) -> Iterator[tuple[str, str, Any]]:
        for n in range(self._size * ORDERS // MEMBERS):
            lines = tuple(
                OrderLine(line_id=GUIDE, product_id=product, qty=1, unit_price=990, amount=990)
                for product in self._random.sample(self._products, 3)
            )
            yield "order", f"{n:08x}-0000-7000-8000-000000000003", Order(
                number=f"101AB7K{n:06d}", state="closed", guide_id=GUIDE, placed_at=self._at(), currency="CNY",
                lines=lines, totals=Totals(lines=2970, discounts=0, total=2970), member_id=self._buyer(),
            )  # fmt: skip

    def _talks(self) -> Iterator[tuple[str, str, Any]]:
        for n in range(self._size * TALKS // MEMBERS):
            yield "talk", f"{n:08x}-0000-7000-8000-000000000004", Talk(
                member_id=self._buyer(), guide_id=GUIDE, channel="wechat", outcome="interested", topic="care",
                at=self._at(), note="问护理",
            )  # fmt: skip

    def _buyer(self) -> str:
        if self._random.random() < 1 / 3:
            return self._random.choice(self.often)
        return self._random.choice(self._members)[0]

    def _at(self, ago: int = 0) -> str:
        day = ago or self._random.randrange(DAYS)
        return f"{2026 - (day > 324)}-{12 - day // 30 % 12:02d}-{1 + day % 28:02d}T{day % 24:02d}:00:00.000Z"


class _Nowhere:
    """Tell and Navigation: nothing is said, and it leads nowhere."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_args, **_more: None


class _Signed:
    """A guide who is signed in all the time."""

    guide, guide_id = object(), GUIDE

    def subscribe(self, _listener: Any) -> None:
        """Nobody leaves."""


async def _nobody(_asked: str) -> str | None:
    """HQ has nobody like that, nor has the radar."""
    return None


class _Page:
    """The members page's view-model over the store."""

    def __init__(self, store: Store, ids: Ids) -> None:
        self._work = Spawned()
        clock, nowhere, signed = SystemClock(), _Nowhere(), _Signed()
        desk = Desk(self._work.spawn, nowhere, LocalFigures(clock, "zh_CN", "Asia/Shanghai"), nowhere)
        session: Session = signed  # type: ignore[assignment]  # what the page asks of one
        members = MemberDesk(store.members, store.shop, store.journal, store.numbers, session, ids)
        ports = MemberPorts(
            store.members, store.catalogue, store.shop, store.journal, ids, clock, _nobody, _nobody, str
        )
        today = Today(store.today, store.shop, session, clock)
        reads = ServiceReaders(service=store.service, catalogue=store.catalogue, shop=store.shop)
        kept = ServiceDesk(store.service, store.journal, store.numbers, session, today, ids)
        promises = PromiseListViewModel(desk, kept, reads, today, session, store.journal)
        service = MemberServiceViewModel(desk, promises, reads, session, store.journal)
        self._model: Any = MembersViewModel(desk, ports, members, session, service)

    async def open(self, member_id: str) -> float:
        """Taps on a member; milliseconds until the profile has its data."""
        here = asyncio.Event()

        def look() -> None:
            if self._model.memberId == member_id and self._model.timeline.rows:
                here.set()

        self._model.changed.connect(look)
        began = time.perf_counter()
        self._model.choose(member_id)
        await here.wait()
        took = (time.perf_counter() - began) * 1000
        self._model.changed.disconnect(look)
        await self._work.ended()
        self._model.close()
        return took


if __name__ == "__main__":
    main()
