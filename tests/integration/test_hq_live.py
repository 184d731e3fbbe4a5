"""The day live: what of today it counts, of whose stores, at what hour, and what it asks the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from hq.rights.table import Role
from tests.console_people import browser, person
from tests.integration.two_worlds import World, everybody, two_worlds

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # Django logs what it refuses
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PAGE = "/admin/stores/store/live/"


@pytest.fixture
def worlds(hq_database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[World, World]:
    made = two_worlds()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(UTC))
    return made


def order(world: World, at: datetime, held: int, **over: Any) -> Any:
    return copied(world.rows["orders.order"], placed_at=at, held=held, number=str(uuid4())[:30],
                  **{"state": "placed", "currency": "CNY", **over})  # fmt: skip


def copied(row: Any, **over: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    made = type(row)(**{**values, "id": uuid4(), **over})
    made.save(force_insert=True)
    return made


def figures(world: World) -> Any:
    from hq.console import live

    day = live.today([world.store], NOW)
    own, hours = day.stores[world.store.id], day.hours
    assert {what: n for what, n in own.counts.items() if n} == {
        what: n for what in live.MEASURES if (n := sum(hours.of(what)))
    }
    assert dict(own.sales) == {currency: sum(hours.sold(currency)) for currency in hours.currencies()}
    return hours


def test_it_counts_the_stores_own_day_by_its_own_hours(worlds: tuple[World, World]) -> None:
    first, second = worlds
    type(second.store).objects.filter(pk=second.store.pk).update(time_zone="Europe/Berlin")
    second.store.refresh_from_db()
    midnight = NOW.replace(hour=0, minute=0)
    order(first, midnight, 100)
    order(first, NOW - timedelta(hours=1), 250)
    order(first, midnight - timedelta(seconds=1), 10_000)
    order(first, NOW, 0, state="cancelled")
    order(first, NOW, 999, currency="EUR")
    order(second, midnight, 700)
    found = figures(first)
    assert (sum(found.of("orders")), found.currencies()) == (3, ["CNY", "EUR"])
    assert (found.sold("CNY")[0], found.sold("CNY")[14], sum(found.sold("CNY"))) == (100, 250, 350)
    assert found.of("orders")[15] == 1
    assert sum(figures(second).of("orders")) == 0, "it was five in the afternoon of the day before there"
    order(second, NOW, 700)
    assert figures(second).of("orders")[8] == 1


def test_sign_ups_and_talks_are_counted_too(worlds: tuple[World, World]) -> None:
    first, _second = worlds
    before = figures(first)
    copied(first.rows["members.member"], joined_at=NOW, phone="+8613912340001", member_no="LIVE1")
    copied(first.rows["talks.talk"], at=NOW)
    after = figures(first)
    for measure in ("sign_ups", "talks"):
        assert sum(after.of(measure)) == sum(before.of(measure)) + 1
        assert after.of(measure)[15] == before.of(measure)[15] + 1


def test_everybody_sees_the_stores_of_their_reach_and_no_others(worlds: tuple[World, World]) -> None:
    for world, held in zip(worlds, (11_100, 22_200), strict=True):
        order(world, NOW, held)
    for worker in everybody(worlds):
        for url in (PAGE, f"{PAGE}?part"):
            answer = worker.client.get(url)
            if not worker.role:
                assert answer.status_code == 403
                continue
            page = answer.content.decode()
            seen = [world.mark for world in worlds if f"{world.mark} till" in page]
            sums = [told for told in ("CNY 111.00", "CNY 222.00", "CNY 333.00") if told in page]
            whole = worker.own is None
            assert seen == ([world.mark for world in worlds] if whole else [worker.own.mark if worker.own else ""])
            assert ("CNY 333.00" in page) == whole
            assert len(sums) == (3 if whole else 1), (worker.user, sums)


def test_tablets_with_trouble_come_first(worlds: tuple[World, World]) -> None:
    from hq.devices.models import Device

    _first, second = worlds
    Device.objects.update(last_seen_at=NOW, parked=0, waiting=0)
    Device.objects.filter(store_id=second.store.pk).update(parked=3, waiting=7)
    page = browser(person("lin", Role.OPERATOR.value)).get(PAGE).content.decode().partition("live-tablets")[2]
    assert page.index("MARK2 till") < page.index("MARK1 till")
    row = page.partition("MARK2 till")[2].partition("</tr>")[0]
    assert '<td class="amount">7</td><td class="amount">3</td><td>parked operations</td>' in row


def test_a_row_and_a_query_agree_on_every_trouble(worlds: tuple[World, World]) -> None:
    from hq.console import live
    from hq.devices import health
    from hq.devices.models import Device

    device = Device.objects.filter(revoked_at=None)[0]
    long_ago = NOW - timedelta(days=2)
    states: list[dict[str, Any]] = [
        {}, {"last_seen_at": None}, {"last_seen_at": long_ago}, {"waiting": 2, "oldest_waiting_at": long_ago},
        {"waiting": 2, "oldest_waiting_at": NOW}, {"waiting": 2}, {"parked": 1}, {"differs": True}, {"mended": 4},
        {"low_space": True},
    ]  # fmt: skip
    clean: dict[str, Any] = {"last_seen_at": NOW, "waiting": 0, "oldest_waiting_at": None, "parked": 0, "mended": 0,
                             "differs": False, "low_space": False}  # fmt: skip
    for state in states:
        Device.objects.filter(pk=device.pk).update(**{**clean, **state})
        device.refresh_from_db()
        for one in health.troubles(NOW):
            asked = Device.objects.filter(one.having, pk=device.pk).exists()
            assert live._has(device, one.name, NOW) == asked, (state, one.name)


def test_it_is_one_query_a_time_zone_however_many_stores_and_by_an_index(
    worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    from hq.console import live
    from hq.database import statements
    from hq.stores.models import Store
    from hq.tallies import folding

    folding.fold()
    asked, rows = list[tuple[str, Any]](), statements.rows

    def noted(sql: str, values: Any) -> Any:
        asked.append((sql, values))
        return rows(sql, values)

    monkeypatch.setattr(statements, "rows", noted)
    stores = list(Store.objects.all())
    assert len(stores) == 3
    live.today(stores, NOW)
    ((sql, values),) = asked
    statements.run("SET enable_seqscan = off", ())
    assert "live_count_once" in str(rows(f"EXPLAIN {sql}", values))
    statements.run("RESET enable_seqscan", ())
