"""The counters are what a recount of the rows themselves comes to, whoever writes these, whenever they are folded."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.integration.two_worlds import World, two_worlds

pytestmark = pytest.mark.usefixtures("hq_database")
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ZONES = ("Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns")


@pytest.fixture
def worlds(hq_database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[World, World]:
    made = two_worlds()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(UTC))
    return made


def hours_by_rows(stores: list[Any]) -> dict[UUID, tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]]]:
    """What `live.today` says, from orders, members and talks one by one."""
    from hq.members.models import Member
    from hq.orders.models import Order
    from hq.talks.models import Talk

    found = dict[UUID, tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]]]()
    for store in stores:
        counts, sales, zone = Counter[tuple[str, int]](), Counter[tuple[str, int]](), ZoneInfo(store.time_zone)
        today = NOW.astimezone(zone).date()
        for order in Order.objects.filter(store_id=store.id):
            at = order.placed_at.astimezone(zone)
            if at.date() == today and order.state != "cancelled":
                counts["orders", at.hour] += 1
                sales[order.currency, at.hour] += order.held
        moments = [("sign_ups", one.joined_at) for one in Member.objects.filter(store_id=store.id) if one.joined_at]
        moments += [("talks", one.at) for one in Talk.objects.filter(store_id=store.id)]
        for measure, moment in moments:
            if moment.astimezone(zone).date() == today:
                counts[measure, moment.astimezone(zone).hour] += 1
        found[store.id] = counts, sales
    return found


def _all_day(hours: Counter[tuple[str, int]]) -> Counter[str]:
    """What they come to, without what comes to nothing."""
    found = Counter[str]()
    for (what, _hour), n in hours.items():
        found[what] += n
    return +found


def copied(row: Any, **over: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    made = type(row)(**{**values, "id": uuid4(), **over})
    made.save(force_insert=True)
    return made


def anything(chance: random.Random, world: World, made: list[Any]) -> None:
    """Something that a day brings: new rows, changed ones, ones that go."""
    at = NOW - timedelta(minutes=chance.randrange(40 * 60))
    if made and chance.random() < 0.4:
        row = chance.choice(made)
        if chance.random() < 0.3:
            made.remove(row)
            row.delete()
            return
        kind = row._meta.model_name
        if kind == "order":
            row.state, row.held = chance.choice(["placed", "cancelled"]), chance.randrange(9999)
        elif kind == "member":
            row.joined_at = chance.choice([at, None])
        else:
            row.at = at
        row.save()
        return
    what = chance.choice(["orders.order", "members.member", "talks.talk"])
    all_over: dict[str, dict[str, Any]] = {
        "orders.order": {"placed_at": at, "held": chance.randrange(9999), "number": str(uuid4())[:30],
                         "state": "placed", "currency": chance.choice(["CNY", "EUR"])},
        "members.member": {"joined_at": at, "phone": f"+86139{chance.randrange(10**8):08}",
                           "member_no": str(uuid4())[:12]},
        "talks.talk": {"at": at},
    }  # fmt: skip
    made.append(copied(world.rows[what], **all_over[what]))


@pytest.mark.parametrize("seed", range(4))
def test_the_day_live_is_what_its_rows_come_to(worlds: tuple[World, World], seed: int) -> None:
    from hq.console import live
    from hq.stores.models import Store
    from hq.tallies import folding

    chance = random.Random(seed)
    for world, zone in zip(worlds, chance.sample(ZONES, 2), strict=True):
        Store.objects.filter(pk=world.store.pk).update(time_zone=zone)
    stores, made = list(Store.objects.all()), list[Any]()
    for _ in range(4):
        for _ in range(25):
            anything(chance, chance.choice(worlds), made)
        wanted = hours_by_rows(stores)
        for told in (live.today(stores, NOW), (folding.fold(), live.today(stores, NOW))[1]):
            for store, (counts, sales) in wanted.items():
                assert +told.stores[store].counts == _all_day(counts)
                assert +told.stores[store].sales == _all_day(sales)
            assert +told.hours.counts == sum((counts for counts, _ in wanted.values()), Counter())
            assert +told.hours.sales == +sum((sales for _, sales in wanted.values()), Counter())
    assert folding.fold() == 0


def test_the_counters_of_older_days_go(worlds: tuple[World, World]) -> None:
    from django.db.models import F

    from hq.tallies import folding
    from hq.tallies.models import LiveCount

    first, _second = worlds
    copied(first.rows["talks.talk"], at=NOW)
    copied(first.rows["talks.talk"], at=NOW - timedelta(days=9))
    folding.fold()
    assert list(LiveCount.objects.filter(slot__lte=NOW - folding.KEPT)) == []
    LiveCount.objects.update(slot=F("slot") - timedelta(days=8))
    before = LiveCount.objects.count()
    assert folding.forget() == before > 0


def events(worlds: tuple[World, World], chance: random.Random, number: int) -> None:
    from hq.materials.models import MaterialEvent

    for _ in range(number):
        MaterialEvent.objects.create(
            id=uuid4(), store_id=chance.choice(worlds).store.pk, material=UUID(int=chance.randrange(3)), version=1,
            what=chance.choice(["shown", "read"]), at=NOW - timedelta(minutes=chance.randrange(4 * 24 * 60)),
            guide_id=UUID(int=chance.randrange(10, 13)),
        )  # fmt: skip


def recount(by: str, chosen: Any) -> dict[tuple[str, str], int]:
    """What `reading.counted` says, from showings, readings and tablets one by one."""
    from hq.materials.models import MaterialEvent
    from hq.outcomes.models import MaterialOnTablet
    from hq.stores.models import Store

    zones = {store.id: ZoneInfo(store.time_zone) for store in Store.objects.all()}
    facts: list[tuple[MaterialEvent | MaterialOnTablet, str, datetime, UUID]] = [
        (one, one.what, one.at, one.guide_id) for one in MaterialEvent.objects.all()
    ]
    told = MaterialOnTablet.objects.exclude(came_at=None)
    facts += [(one, "delivered", one.came_at, UUID(int=0)) for one in told if one.came_at]
    found = Counter[tuple[str, str]]()
    for row, what, at, guide in facts:
        day = at.astimezone(zones[row.store_id]).date()
        fits = chosen.stores is None or str(row.store_id) in chosen.stores
        if chosen.since <= day <= chosen.until and fits and chosen.material in (None, str(row.material)):
            key = {"day": day, "guide_id": guide, "store_id": row.store_id, "material": row.material}[by]
            found[str(key), what] += 1
    return dict(found)


@pytest.mark.parametrize("seed", range(3))
def test_what_was_done_with_material_is_what_its_rows_come_to(worlds: tuple[World, World], seed: int) -> None:
    from hq.outcomes.models import MaterialOnTablet
    from hq.stores.models import Store
    from hq.tallies import folding
    from hq.tallies.reading import Chosen, counted

    chance = random.Random(seed)
    for world, zone in zip(worlds, chance.sample(ZONES, 2), strict=True):
        Store.objects.filter(pk=world.store.pk).update(time_zone=zone)
    until = date(2026, 11, 23)
    for _ in range(3):
        events(worlds, chance, 40)
        for world in worlds:
            row = MaterialOnTablet.objects.create(
                device_id=uuid4(), store_id=world.store.pk, material=UUID(int=chance.randrange(3)), version=1,
                why="coming", since=NOW,
            )  # fmt: skip
            if chance.random() < 0.7:
                MaterialOnTablet.objects.filter(pk=row.pk).update(why="", came_at=NOW - timedelta(hours=30))
        if chance.random() < 0.7:
            folding.fold()
        for stores in (None, [str(worlds[0].store.pk)], []):
            for material in (None, str(UUID(int=1))):
                for days in (0, 1, 30):
                    chosen = Chosen(until - timedelta(days=days), until, stores, material)
                    for by in ("material", "store_id", "day", "guide_id"):
                        assert counted(by, chosen) == recount(by, chosen), (by, chosen)


def test_the_database_has_the_triggers_that_today_s_code_says(hq_database: str) -> None:
    """Each step keeps its own SQL; together they come to what `hq.tallies.triggers` says now."""
    from hq.database import statements
    from hq.tallies.triggers import COUNTED, made

    for one in COUNTED:
        ((body,),) = statements.rows("SELECT prosrc FROM pg_proc WHERE proname = %s", (f"{one.table}_counted",))
        assert body == made(one).split("$$")[1]
        named = statements.rows(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND tgname LIKE %s ORDER BY tgname",
            (one.table, f"{one.table}_counted%"),
        )
        at_rows, anew = (definition for (definition,) in named)
        assert "AFTER INSERT OR DELETE" in at_rows
        assert tuple(re.findall(r'old\."?(\w+)', anew)) == one.columns
