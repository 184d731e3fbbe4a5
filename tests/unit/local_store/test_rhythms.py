"""Everybody's rhythm made anew in steps: the same as one by one, whatever happens between two steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
import pytest_asyncio
from msgspec import structs

from guide_app.domain.clock import to_text
from guide_app.domain.records import MemberAlias, Order
from guide_app.domain.records.order import OrderLine, Totals
from local_store import rhythm, rhythms
from local_store.base import UNCHANGED
from local_store.repositories.morning import Morning
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PHONES, PRODUCTS, START, Bench, member

pytestmark = pytest.mark.asyncio
Rows = dict[str, list[tuple[object, ...]]]


@pytest_asyncio.fixture
async def people(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Three who bought, in steps of two orders and one member."""
    monkeypatch.setattr(rhythms, "PAGE", 2)
    monkeypatch.setattr(rhythms, "RANGE", 1)
    made = sorted(uuid() for _ in range(3))
    for n, member_id in enumerate(made):
        bench.hq.publish("member", member_id, member(phone=PHONES[n]))
        for days in (84 + n, 56, 28):
            bench.hq.publish("order", uuid(), order(member_id, days))
    await bench.drain()
    await finished(bench.store.morning)
    yield made


def order(member_id: str, days: int) -> Order:
    line = OrderLine(line_id=uuid(), product_id=PRODUCTS[0], qty=1, unit_price=1000, amount=1000)
    return Order(
        number=f"O{uuid()[:8]}", state="closed", guide_id=GUIDE, currency="CNY", lines=(line,), member_id=member_id,
        placed_at=to_text(START - timedelta(days=days)), totals=Totals(lines=1000, discounts=0, total=1000),
    )  # fmt: skip


async def finished(morning: Morning) -> int:
    """Goes on until nobody waits; in how many steps."""
    steps = 0
    while await morning.prepare():
        steps += 1
    return steps


def made(bench: Bench) -> Rows:
    return {table: bench.sql(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in rhythm.TABLES}


async def everybody(bench: Bench) -> None:
    await bench.store._base.write(lambda connection: (connection.execute(rhythm.ALL_STALE), UNCHANGED))


async def one_by_one(bench: Bench) -> Rows:
    """What the rows would be if each member's were made on its own."""
    await bench.store._base.write(
        lambda connection: (
            connection.execute("INSERT OR IGNORE INTO rhythm_stale SELECT DISTINCT member_id FROM shop_order"),
            UNCHANGED,
        )
    )
    await finished(bench.store.morning)
    return made(bench)


async def test_all_at_once_is_the_same_as_one_by_one(bench: Bench, people: list[str]) -> None:
    wanted = made(bench)
    assert [row[0] for row in wanted["visit_rhythm"]] == people
    await everybody(bench)
    assert await finished(bench.store.morning) == 1 + 6 + 3  # its beginning, nine orders and none, three members
    assert made(bench) == wanted == await one_by_one(bench)


async def bought(bench: Bench, people: list[str]) -> None:
    bench.hq.publish("order", uuid(), order(people[0], 7))


async def merged(bench: Bench, people: list[str]) -> None:
    bench.hq.publish("member", people[2], None, "gone")
    bench.hq.publish("member_alias", people[2], MemberAlias(member_id=people[0]))


async def erased(bench: Bench, people: list[str]) -> None:
    """As HQ tells it: their orders are nobody's, then the person is gone."""
    for (row_id,) in bench.sql("SELECT id FROM shop_order WHERE member_id = ?", people[1]):
        bench.hq.publish("order", row_id, structs.replace(bench.hq.record("order", row_id), member_id=""))
    await bench.drain()
    bench.hq.publish("member", people[1], None, "erased")


async def moved(bench: Bench, people: list[str]) -> None:
    product = bench.hq.record("product", PRODUCTS[0])
    bench.hq.publish("product", PRODUCTS[0], structs.replace(product, category_id=""))


@pytest.mark.parametrize("between", range(11))
@pytest.mark.parametrize("event", [bought, merged, erased, moved])
async def test_whatever_happens_between_two_steps_is_made_good(
    bench: Bench, people: list[str], event: Callable[[Bench, list[str]], Awaitable[None]], between: int
) -> None:
    before = made(bench)
    await everybody(bench)
    for _ in range(between):
        assert await bench.store.morning.prepare()
    await event(bench, people)
    await bench.drain()
    await finished(bench.store.morning)
    assert made(bench) == await one_by_one(bench) != before
    if event is erased:
        assert people[1] not in str(made(bench))


@pytest.mark.parametrize("after", range(10))
async def test_a_process_that_ended_between_two_steps_begins_anew(bench: Bench, people: list[str], after: int) -> None:
    wanted = made(bench)
    await everybody(bench)
    for _ in range(after):
        assert await bench.store.morning.prepare()
    assert await finished(Morning(bench.store._base)) == 1 + 6 + 3
    assert made(bench) == wanted


async def test_a_step_that_failed_is_taken_again(
    bench: Bench, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = made(bench)
    await everybody(bench)
    for _ in range(8):
        assert await bench.store.morning.prepare()
    with monkeypatch.context() as broken:
        broken.setattr(rhythm, "insert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await bench.store.morning.prepare()
    assert await finished(bench.store.morning) == 2
    assert made(bench) == wanted
