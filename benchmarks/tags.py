"""`tags`: what judging a member by HQ's rules adds to an event, over 100,000 members and 13 months of orders.

A talk is logged with members who bought often, with 20 rules in force and with none. Goal: p99 of the whole event with
its rules ≤ 20 ms. Beside it: how long it takes, in steps, until everybody is judged anew, and the longest step.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, islice
from pathlib import Path

import msgspec

from benchmarks import harness
from benchmarks.members import rows
from benchmarks.search import NOW, PAGE, SCOPE
from guide_app.domain.clock import ManualClock, from_text, to_text
from guide_app.domain.ids import Ids
from guide_app.domain.records import Names, Order, OrderLine, Product, Record, TagRule, Totals, encode
from guide_app.operations.talks import LogTalk
from guide_app.services.ports.writing import Draft
from local_store import Store
from sync.protocol.messages import Batch, EnrolResponse, Grant, Row, ScopeState, SyncResponse

MEMBERS = 100_000
ORDERS = 200_000
OFTEN, THEIRS = 1_000, 100
"""Members who bought often, and how many orders each of them has; the other orders are spread over all."""
PRODUCTS, LINES = 2_000, 5
EVENTS, RUNS = 200, 5
GOAL_MS = 20.0
GUIDE = "00000000-0000-7000-8000-00000000aaaa"
RULES = (
    "orders.count >= 3 and days_since(orders.last) > 60 and not tag(\"quiet\")", "orders.sum(90) >= 500",
    "orders.average_days < 14", "not (days_since(talks.last) <= 30)", "days_until(birthday) <= 7",
    "bought.brand(\"brand 3\")", "bought.category(\"nothing\") or bought.product(\"sku 7\")",
    "talked.topic(\"size\", \"price\")", "level in (\"gold\", \"black\") and gender = \"f\"", "known(owner)",
    "days_since(joined) < 30", "source = \"walk_in\" and talks.count(30) = 0", "orders.count(30) > 1",
    "age >= 60 or not known(birthday)", "consent(\"marketing_phone\")", "touch_point != \"\"",
    "orders.count = 0 and talks.count > 2", "talked.outcome(\"thinking\") and orders.count(14) = 0",
    "not (gender = \"f\" or gender = \"m\")", "orders.sum > 10000 and level = \"\"",
)  # fmt: skip


def main() -> None:
    """Measures with so many members (an argument) and reports."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "store.db", size))


class _Clock(ManualClock):
    """Always the same day, but steps see how long they take."""

    def monotonic(self) -> float:
        return time.monotonic()


async def _measure(path: Path, size: int) -> None:
    report = harness.report("tags")
    clock = _Clock(from_text(NOW))
    store = Store.open(path, secrets.token_bytes(32), clock, Ids(clock, secrets.token_bytes))
    try:
        often = await _load(store, size)
        await _all(store)
        bare = [await _events(store, often) for _ in range(RUNS)]
        await _publish(store, [(f"{n:08x}-0000-7000-8000-00000000ffff", _rule(n)) for n in range(len(RULES))], size)
        began = time.perf_counter()
        steps = await _all(store)
        report.figures[f"everybody judged anew, {size:,} members"] = harness.figure([time.perf_counter() - began], "s")
        report.figures["the longest step"] = harness.figure([max(steps)], "ms")
        ruled = [await _events(store, often) for _ in range(RUNS)]
    finally:
        store.close()
    for share in (0.5, 0.99):
        name = f"p{share * 100:.0f}, a talk"
        report.figures[f"{name}, {len(RULES)} rules"] = harness.figure(
            [harness.percentile(run, share) for run in ruled], "ms"
        )
        report.baselines[f"{name}, no rule"] = harness.figure([harness.percentile(run, share) for run in bare], "ms")
    p99 = report.figures[f"p99, a talk, {len(RULES)} rules"].median
    report.ratios["p99 against 20 ms"] = harness.Ratio(value=p99 / GOAL_MS, goal=1)
    report.finish()


async def _events(store: Store, often: list[str]) -> list[float]:
    """Milliseconds from the tap to the end of the commit, of talks with members who bought often."""
    took = []
    for n in range(EVENTS):
        body = LogTalk(
            talk_id=_id("e", secrets.randbits(40)), member_id=often[n * 7 % len(often)], channel="phone",
            outcome="thinking", topic="size", at=NOW,
        )  # fmt: skip
        began = time.perf_counter()
        await store.journal.commit(GUIDE, Draft(kind="talk.log", body=body))
        took.append((time.perf_counter() - began) * 1000)
    return took


async def _all(store: Store) -> list[float]:
    """Steps until nobody waits; milliseconds of each."""
    took, more = [], True
    while more:
        began = time.perf_counter()
        more = await store.tags.step()
        took.append((time.perf_counter() - began) * 1000)
    return took


async def _load(store: Store, size: int) -> list[str]:
    """Members, products and orders, as a first load brings them; the ids of those who bought often."""
    grant = Grant(scope=SCOPE, kind="store", name="Shop")
    await store.sync.enrolled("https://hq.example", "bench", EnrolResponse(
        device_id="00000000-0000-7000-8000-0000000000d1", store_id="00000000-0000-7000-8000-0000000000a1",
        store_code="101", device_letters="AB", region="CN", time_zone="Asia/Shanghai", currency="CNY",
        languages=["zh_CN"], epoch="e1", grants=[grant], authorised_until=NOW, server_time=NOW, hq_public_keys=[],
    ))  # fmt: skip
    people = [row.id for row in rows(size, SCOPE)]
    made = chain(((row.e, row.id, bytes(row.d)) for row in rows(size, SCOPE)), _products(), _orders(people))
    await _take(store, made, 0, size + PRODUCTS + ORDERS)
    await store.sync.finish_loading()
    return people[:OFTEN]


async def _publish(store: Store, told: list[tuple[str, Record]], size: int) -> None:
    source = (("tag_rule", row_id, encode(record)) for row_id, record in told)
    await _take(store, source, size + PRODUCTS + ORDERS, len(told))


async def _take(store: Store, source: Iterator[tuple[str, str, bytes]], begun: int, count: int) -> None:
    """Takes so many rows in behind position `begun`, page by page."""
    done = begun
    while page := list(islice(source, PAGE)):
        sent = await store.sync.outgoing()
        put = [
            Row(s=SCOPE, q=done + n, e=entity, id=row_id, v=1, o="put", d=msgspec.Raw(data))
            for n, (entity, row_id, data) in enumerate(page, 1)
        ]
        done += len(page)
        state = ScopeState(head=begun + count, floor=0, digest="", more=done < begun + count)
        await store.sync.take(sent, SyncResponse(
            batch=Batch(status="ok", last_seq=0), server_time=NOW, next_sync_after_ms=1000, authorised_until=NOW,
            rows=put, scopes={SCOPE: state},
        ))  # fmt: skip


def _products() -> Iterator[tuple[str, str, bytes]]:
    for n in range(PRODUCTS):
        product = Product(names=Names(en=f"Thing {n}", zh=f"物品{n}"), sku=f"sku {n}", brand=f"brand {n % 50}")
        yield "product", _id("a", n), encode(product)


def _orders(people: list[str]) -> Iterator[tuple[str, str, bytes]]:
    chosen, now = random.Random(11), from_text(NOW)
    for n in range(ORDERS):
        member = people[n // THEIRS] if n < OFTEN * THEIRS else chosen.choice(people)
        lines = tuple(
            OrderLine(
                line_id=_id("c", n * LINES + i), product_id=_id("a", chosen.randrange(PRODUCTS)), qty=1,
                unit_price=1_000, amount=1_000,
            )
            for i in range(LINES)
        )  # fmt: skip
        at = to_text(now - timedelta(minutes=chosen.randrange(390 * 24 * 60)))
        total = 1_000 * LINES
        yield "order", _id("b", n), encode(Order(
            number=f"N{n}", state="closed", guide_id=GUIDE, placed_at=at, currency="CNY", lines=lines,
            totals=Totals(lines=total, discounts=0, total=total), member_id=member,
        ))  # fmt: skip


def _rule(n: int) -> TagRule:
    return TagRule(names=Names(en=f"Rule {n}", zh=f"规则{n}"), tag=f"tag {n}", expression=RULES[n])


def _id(kind: str, n: int) -> str:
    return f"{kind * 8}-0000-7000-8000-{n:012x}"


if __name__ == "__main__":
    main()
