"""`commit`: an order of five lines placed offline, from the call to the return after COMMIT.

Baseline: one bare SQLite commit (WAL, synchronous=FULL, unencrypted, one row in one table) of as many bytes as the
order put into the database: its operation, and every row and shadow that it wrote. In turn, order by order.
Goal: p99 ≤ 3×.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks import harness
from benchmarks.members import rows
from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids, derived_id
from guide_app.domain.records import Names, PaymentIntent, PriceListUsed, Product, Record, Stock
from guide_app.operations.orders import OrderPlace, Place, PlacedLine, WantedFulfilment, totals
from guide_app.services.ports.writing import Draft
from local_store import Store
from sync.protocol.messages import Batch, EnrolResponse, Grant, Row, ScopeState, SyncResponse

RUNS = 5
ORDERS = 200
MEMBERS = 10_000
PRODUCTS = 1_000
LINES = 5
GOAL = 3.0
SCOPE, NOW = "s1", "2026-11-21T10:00:00.000Z"
GUIDE = derived_id("bench", "guide")


def main() -> None:
    """Measures and reports."""
    report = harness.report("commit")
    with tempfile.TemporaryDirectory() as folder:
        ours, bare, size = asyncio.run(_measure(Path(folder)))
    for share in (0.5, 0.99):
        name = f"p{share * 100:.0f}"
        report.figures[f"{name}, an order of {LINES} lines"] = harness.figure(_shares(ours, share), "ms")
        report.baselines[f"{name}, {size:,} bytes in one row"] = harness.figure(_shares(bare, share), "ms")
        ratios = [a / b for a, b in zip(_shares(ours, share), _shares(bare, share), strict=True)]
        median = harness.figure(ratios, "×").median
        report.ratios[name] = harness.Ratio(value=median, goal=GOAL if share == 0.99 else None)
    report.finish()


def _shares(runs: list[list[float]], share: float) -> list[float]:
    return [harness.percentile(run, share) for run in runs]


async def _measure(folder: Path) -> tuple[list[list[float]], list[list[float]], int]:
    """Milliseconds of ours and of the bare commits, run by run, and the bytes of one."""
    clock = SystemClock()
    store = Store.open(folder / "store.db", secrets.token_bytes(32), clock, Ids(clock, secrets.token_bytes))
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE t (d BLOB)")
    try:
        members, products = await _furnish(store)
        size = await _bytes(store, members, products)
        ours: list[list[float]] = []
        theirs: list[list[float]] = []
        for _ in range(RUNS):
            pairs = [(await _place(store, _order(members, products)), _bare(bare, size)) for _ in range(ORDERS)]
            ours.append([a for a, _ in pairs])
            theirs.append([b for _, b in pairs])
        return ours, theirs, size
    finally:
        bare.close()
        store.close()


async def _furnish(store: Store) -> tuple[list[str], list[str]]:
    """A loaded store; its members' and products' ids."""
    await store.sync.enrolled("https://hq.example", "bench", EnrolResponse(
        device_id=derived_id("bench", "device"), store_id=derived_id("bench", "store"), store_code="101",
        device_letters="AB", region="CN", time_zone="Asia/Shanghai", currency="CNY", languages=["zh_CN"], epoch="e1",
        grants=[Grant(scope=SCOPE, kind="store", name="Shop")], authorised_until=NOW, server_time=NOW,
        hq_public_keys=[],
    ))  # fmt: skip
    feed = list(rows(MEMBERS, SCOPE))
    members = [row.id for row in feed]
    products = [derived_id("bench", "product", str(n)) for n in range(PRODUCTS)]
    for n, product in enumerate(products):
        feed.append(_row(len(feed) + 1, "product", product, Product(names=Names(en=f"Product {n}"), sku=f"P{n}")))
        feed.append(_row(len(feed) + 1, "stock", product, Stock(on_hand=1000)))
    await store.sync.take(await store.sync.outgoing(), SyncResponse(
        batch=Batch(status="ok", last_seq=0), server_time=NOW, next_sync_after_ms=1000, authorised_until=NOW, rows=feed,
        scopes={SCOPE: ScopeState(head=len(feed), floor=0, digest="")},
    ))  # fmt: skip
    await store.sync.finish_loading()
    return members, products


def _row(q: int, entity: str, row_id: str, record: Record) -> Row:
    return Row(s=SCOPE, q=q, e=entity, id=row_id, v=1, o="put", d=msgspec.Raw(msgspec.json.encode(record)))


def _order(members: list[str], products: list[str]) -> Place:
    lines = tuple(
        PlacedLine(
            line_id=derived_id("line", secrets.token_hex(8)), product_id=product, qty=1, unit_price=1000, amount=1000
        )
        for product in (products[secrets.randbelow(len(products))] for _ in range(LINES))
    )
    return Place(
        order_id=derived_id("order", secrets.token_hex(8)), number=f"101AB7K{secrets.randbelow(10**8)}", lines=lines,
        totals=totals(lines), price_list=PriceListUsed(id=derived_id("bench", "list"), version=1),
        fulfilment=WantedFulfilment(kind="take_away"), payment_intent=PaymentIntent(method="till", amount=LINES * 1000),
        member_id=members[secrets.randbelow(len(members))],
    )  # fmt: skip


async def _place(store: Store, body: Place) -> float:
    began = time.perf_counter()
    await store.journal.commit(GUIDE, Draft(kind=OrderPlace.kind, body=body))
    return (time.perf_counter() - began) * 1000


def _bare(connection: sqlite3.Connection, size: int) -> float:
    data = secrets.token_bytes(size)
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO t (d) VALUES (?)", (data,))
    connection.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


async def _bytes(store: Store, members: list[str], products: list[str]) -> int:
    """What one order puts into the database: the operation and its order, and twice (row, shadow) member and stock."""
    body = _order(members, products)
    await _place(store, body)
    placed = await store.orders.get(body.order_id)
    view = await store.members.get(body.member_id or "")
    if placed is None or view is None:
        raise RuntimeError("the order was not placed")
    stock = sum(len(msgspec.json.encode(Stock(on_hand=999, as_of=NOW))) for _ in range(LINES))
    op = len(msgspec.json.encode(body))
    return op + len(msgspec.json.encode(placed.order)) + 2 * (len(msgspec.json.encode(view.member)) + stock)


if __name__ == "__main__":
    main()
