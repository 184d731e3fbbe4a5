"""`make bench-morning`: the morning lists with 100,000 members and 300,000 orders of about two lines.

The members buy in rhythms of their own. Measured are the lists of the whole shop and of one guide, from the page's
question to the rows in their order, and what one more order costs until the lists are right again; beside it how long
it takes, in steps, until every rhythm is made after a first load, and the longest of these steps. The baseline is a
read of every order of the shop: what the lists would take if no rhythms were kept.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import harness, members
from guide_app.adapters.pins import Argon2PinHasher
from guide_app.domain.clock import ManualClock, to_text
from guide_app.domain.ids import Ids
from guide_app.domain.records import Names, Order, OrderLine, Product, Record, Staff, Totals, decode, encode
from guide_app.services.morning import MorningDesk
from guide_app.services.ports.shop import StaffRow
from guide_app.services.session import Session
from guide_app.services.today import Today
from local_store import Store
from local_store.connection import connect, prepare
from local_store.indexes import build_late, drop_late
from local_store.meta import Meta
from local_store.rows import Rows
from local_store.tables import Stored

MEMBERS, ORDERS, PRODUCTS, RUNS, GOAL_MS = 100_000, 300_000, 400, 15, 300.0
NOW = datetime(2026, 11, 21, 1, tzinfo=UTC)
KEY = bytes(32)
GUIDE = "00000003-0000-7000-8000-00000000aaaa"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        path = Path(folder) / "store.db"
        people = fill(path)
        report = harness.report("morning")
        asyncio.run(measure(path, people, report))
    report.finish()


def fill(path: Path) -> list[str]:
    """The shop as after a first load; the ids of its members."""
    connection = prepare(path, KEY, cache_mb=64)
    chosen = random.Random(7)
    connection.execute("BEGIN")
    drop_late(connection)
    Meta(connection).set(
        bootstrap="loading", time_zone="Asia/Shanghai", store_id="s", device_id="d", authorised_until=to_text(NOW)
    )
    rows = Rows(connection, keyed=False)
    made = [(row.id, Stored("s", row.q, 1, 1, bytes(row.d).decode())) for row in members.rows(MEMBERS, "s")]
    rows.put("member", made)
    products = [f"{n:08x}-0000-7000-8000-0000000000c1" for n in range(PRODUCTS)]
    rows.put(
        "product", [(one, _stored(Product(names=Names(en=one), sku=one, category_id=one[6:]))) for one in products]
    )
    people = [row_id for row_id, _ in made]
    for first in range(0, ORDERS, 10_000):
        rows.put("order", [_order(n, people, products, chosen) for n in range(first, first + 10_000)])
    build_late(connection)
    Meta(connection).set(bootstrap="ready")
    connection.execute("COMMIT")
    connection.close()
    return people


def _order(n: int, people: list[str], products: list[str], chosen: random.Random) -> tuple[str, Stored]:
    """The member's next purchase, going back in steps of a rhythm of their own that is now and then broken."""
    who, back = n % MEMBERS, n // MEMBERS
    rhythm = 15 + who % 90
    days = (back + 1) * rhythm - who % 17 + chosen.choice((0, 0, 1, 2, 20))
    lines = tuple(
        OrderLine(line_id=f"{n:08x}-0000-7000-8000-00000000000{at}", product_id=products[(who + at) % PRODUCTS], qty=1,
                  unit_price=100, amount=100)
        for at in range(2)
    )  # fmt: skip
    placed_at = to_text(NOW - timedelta(days=days))
    order = Order(
        number=f"N{n}", state="closed", guide_id=GUIDE, placed_at=placed_at, currency="CNY", lines=lines,
        totals=Totals(lines=200, discounts=0, total=200), member_id=people[who],
    )  # fmt: skip
    return f"{n:08x}-0000-7000-8000-0000000000d1", _stored(order)


def _stored(record: Record) -> Stored:
    return Stored("s", 1, 1, 1, encode(record).decode())


async def measure(path: Path, people: list[str], report: harness.Report) -> None:
    clock = ManualClock(NOW)
    store = Store.open(path, KEY, clock, Ids(clock, random.Random(1).randbytes))
    steps = await _all(store)
    report.figures["every rhythm, once after a first load"] = harness.figure([sum(steps) / 1000], "s")
    report.figures["the longest step of it"] = harness.figure([max(steps)], "ms")
    whole, mine, anew, plain = [list[float]() for _ in range(4)]
    for run in range(RUNS):
        whole.append(await _lists(store, clock, mine=False))
        mine.append(await _lists(store, clock, mine=True))
        _touch(path, people[run])
        anew.append(await _lists(store, clock, mine=False))
        if run < 3:
            began = time.perf_counter()
            _every_order(path)
            plain.append((time.perf_counter() - began) * 1000)
    report.figures["lists of the whole shop"] = harness.figure(whole, "ms")
    report.figures["lists of a guide"] = harness.figure(mine, "ms")
    report.figures["after one more order"] = harness.figure(anew, "ms")
    report.baselines["read every order"] = harness.figure(plain, "ms")
    report.ratios["slowest of all against 300 ms"] = harness.Ratio(value=max(*whole, *mine, *anew) / GOAL_MS, goal=1)
    store.close()


class _Signed(Session):
    """A guide who is signed in all the time."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.shop, store.journal, Argon2PinHasher(), store.pin_tries)
        self.guide = StaffRow(id=GUIDE, staff=Staff(name="Guide", staff_no="1"))


async def _lists(store: Store, clock: ManualClock, *, mine: bool) -> float:
    """Milliseconds until a page that has none yet has its lists."""
    session = _Signed(store)
    desk = MorningDesk(
        store.morning, store.today, Today(store.today, store.shop, session, clock), session, store.journal
    )
    began = time.perf_counter()
    found = await desk.lists(mine=mine)
    took = (time.perf_counter() - began) * 1000
    if not found.rows:
        raise RuntimeError("the lists are empty")
    return took


async def _all(store: Store) -> list[float]:
    """Steps until nobody's rhythm waits; milliseconds of each."""
    took, more = [], True
    while more:
        began = time.perf_counter()
        more = await store.morning.prepare()
        took.append((time.perf_counter() - began) * 1000)
    return took


def _touch(path: Path, member_id: str) -> None:
    """An order of the member changes, as HQ tells it."""
    with closing(connect(path, KEY, cache_mb=1)) as connection:
        connection.execute("UPDATE shop_order SET d = d || ' ' WHERE member_id = ?", (member_id,))


def _every_order(path: Path) -> None:
    with closing(connect(path, KEY, cache_mb=16)) as connection:
        for (d,) in connection.execute("SELECT d FROM shop_order WHERE state NOT IN ('cancelled', 'returned')"):
            decode(d, Order)


if __name__ == "__main__":
    main()
