"""`basket`: from the tap on a product to its price on the order page, with 30 lines in the basket and 50 promotions.

The real store on the disk, the page's own view-model: the line is kept, the basket read, priced and kept with its price
too, and every row made. Goal: p99 ≤ 100 ms. The promotions are those of `pricing` on goods of their own.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication

from benchmarks import harness, pricing, search
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from guide_app.domain.records import Category, Names, Price, PriceList, Product, Promotion, Record, Staff
from guide_app.services.baskets import Baskets
from guide_app.services.by_hand import ByHandDesk
from guide_app.services.charging import ChargeDesk
from guide_app.services.fulfilling import FulfilDesk
from guide_app.services.leases import LeaseDesk
from guide_app.services.ports.chain import LeaseOffice
from guide_app.services.ports.shop import StaffRow
from guide_app.services.pricing import PriceDesk
from guide_app.services.selling import Till
from guide_app.services.session import Session
from guide_app.services.value import ValueDesk
from local_store import Store
from sync.protocol.messages import Row
from tests.qt.viewmodels.fakes import Spawned
from ui.runtime.figures import LocalFigures
from ui.viewmodels.base import Desk
from ui.viewmodels.catalogue import Shelves
from ui.viewmodels.order import OrderViewModel

RUNS, TAPS = 5, 40
GOAL_MS = 100.0
GUIDE, LIST = "00000000-0000-7000-8000-00000000aaaa", "00000000-0000-7000-8000-00000000cccc"


def main() -> None:
    """Measures and reports."""
    _application = QCoreApplication.instance() or QCoreApplication([])
    report = harness.report("basket")
    with tempfile.TemporaryDirectory() as folder:
        took = asyncio.run(_measure(Path(folder) / "store.db"))
    for share in (0.5, 0.99):
        values = [harness.percentile(run, share) for run in took]
        report.figures[f"p{share * 100:.0f}, tap to price"] = harness.figure(values, "ms")
    p99 = report.figures["p99, tap to price"].median
    report.ratios["p99 against 100 ms"] = harness.Ratio(value=p99 / GOAL_MS, goal=1)
    report.finish()


async def _measure(path: Path) -> list[list[float]]:
    clock = SystemClock()
    ids = Ids(clock, secrets.token_bytes)
    store = Store.open(path, secrets.token_bytes(32), clock, ids)
    try:
        await search.load(store, 0, _rows())
        page = _Page(store, ids)
        return [await page.taps() for _ in range(RUNS)]
    finally:
        store.close()


def _id(kind: int, n: int) -> str:
    return f"{n:08x}-0000-7000-8000-{kind:012x}"


def _rows() -> Iterator[Row]:
    """Categories, products with their prices, promotions: each as HQ publishes it."""
    for position, (entity, row_id, record) in enumerate(_made(), 1):
        d = msgspec.Raw(msgspec.json.encode(record))
        yield Row(s=search.SCOPE, q=position, e=entity, id=row_id, v=1, o="put", d=d)


def _made() -> Iterator[tuple[str, str, Record]]:
    chosen = random.Random(7)
    for n in range(pricing.CATEGORIES):
        yield "category", _id(1, n), Category(names=Names(en=f"Category {n}", zh=f"类别{n}"))
    for n in range(pricing.PRODUCTS):
        names = Names(en=f"Product {n}", zh=f"商品{n}")
        category = _id(1, n % pricing.CATEGORIES)
        yield "product", _id(2, n), Product(names=names, sku=f"S{n}", category_id=category, brand=f"b{n % 60}")
        yield "price", _id(3, n), Price(list=LIST, product=_id(2, n), amount=chosen.randrange(500, 30_000))
    yield "price_list", LIST, PriceList(names=Names(en="Now"), version=1, currency="CNY", valid_from=search.NOW)
    for n, one in enumerate(pricing.promotions(chosen)):
        yield "promotion", _id(4, n), _on_real_goods(one, _id(4, n))


def _on_real_goods(one: Promotion, row_id: str) -> Promotion:
    """With categories of this store instead of ``c7``."""
    told = msgspec.json.encode(one).decode()
    for n in range(pricing.CATEGORIES):
        told = told.replace(f'"c{n}"', f'"{_id(1, n)}"')
    return msgspec.structs.replace(msgspec.json.decode(told, type=Promotion), of=row_id, since=search.NOW)


class _Nowhere:
    """Tell and Navigation: nothing is said, and it leads nowhere."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_args, **_more: None


class _Signed:
    """A guide who is signed in all the time."""

    guide, guide_id = StaffRow(id=GUIDE, staff=Staff(name="林晓棠", staff_no="01")), GUIDE

    def subscribe(self, _listener: Any) -> None:
        """Nobody leaves."""


class _Page:
    """The order page's view-model over the store."""

    def __init__(self, store: Store, ids: Ids) -> None:
        self._work = Spawned()
        clock, nowhere, signed = SystemClock(), _Nowhere(), _Signed()
        desk = Desk(self._work.spawn, nowhere, LocalFigures(clock, "zh_CN", "Asia/Shanghai"), nowhere)
        session: Session = signed  # type: ignore[assignment]  # what the page asks of one
        prices = PriceDesk(store.promotions)
        baskets = Baskets(store.drafts, session, clock, ids)
        nobody: LeaseOffice = nowhere  # type: ignore[assignment]  # nothing is promised here
        leases = LeaseDesk(store.leases, nobody, store.journal, store.shop, clock, ids)
        goods = FulfilDesk(leases, store.catalogue, store.shop, clock)
        value = ValueDesk(prices, store.members, leases, store.shop)
        till = Till(store.catalogue, prices, store.journal, store.numbers, baskets, session, ids, goods, value,
                    ChargeDesk(store.orders, session, ids))  # fmt: skip
        by_hand = ByHandDesk(prices, store.shop, session, ids)
        shelves = Shelves(products=store.catalogue, cards=store.cards, favourites=store.favourites)
        self._model: Any = OrderViewModel(
            desk, shelves, store.members, store.shop, till, session, store.journal, by_hand, clock
        )
        self._random = random.Random(11)

    async def taps(self) -> list[float]:
        """Fills a basket of 29 lines; then taps on one product more and takes it out again, so many times."""
        self._model.clearBasket()
        self._model.open("")
        await self._rest()
        products = self._random.sample(range(pricing.PRODUCTS), pricing.LINES)
        for n in products[1:]:
            self._model.add(_id(2, n), 1)
        await self._rest()
        return [await self._tapped(_id(2, products[0])) for _ in range(TAPS)]

    async def _tapped(self, product: str) -> float:
        """Milliseconds from the tap until the line stands with the price of the whole basket."""
        shown = asyncio.Event()

        def look() -> None:
            if self._model.pieces == pricing.LINES and self._model._costs.quote is not None and len(
                self._model._costs.quote.priced.lines
            ) == pricing.LINES:  # fmt: skip
                shown.set()

        self._model.changed.connect(look)
        began = time.perf_counter()
        self._model.add(product, 1)
        await shown.wait()
        took = (time.perf_counter() - began) * 1000
        self._model.changed.disconnect(look)
        await self._rest()
        self._model.add(product, -1)
        await self._rest()
        return took

    async def _rest(self) -> None:
        await self._work.ended()


if __name__ == "__main__":
    main()
