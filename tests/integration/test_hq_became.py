"""What became of material, in the console: by day, store, material and guide; whose tablets lack it, and why."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from guide_app.domain.materials import Reach
from guide_app.domain.records import Names
from hq.rights.table import Role
from tests.console_people import browser, person
from tests.integration.test_hq_materials import TEXT, change, published
from tests.integration.two_worlds import World, everybody, two_worlds

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # Django logs what it refuses
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PAGE = "/admin/materials/material/became/"


@pytest.fixture
def worlds(hq_database: str, monkeypatch: pytest.MonkeyPatch) -> tuple[World, World]:
    from hq.devices.models import Device

    made = two_worlds()
    for world in made:
        title = Names(en=f"{world.mark} skin", zh=f"{world.mark} 护肤")
        world.rows["material"] = published(change(TEXT, title=title), Reach(stores=(str(world.store.pk),)))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.astimezone(UTC))
    Device.objects.update(last_seen_at=NOW - timedelta(minutes=5), told_at=NOW)
    return made


def material(world: World) -> Any:
    """The one that stands in the world's shop."""
    from hq.materials.models import MaterialVersion

    return MaterialVersion.objects.get(material=world.rows["material"], state="published")


def happened(world: World, what: str, times: int, days: int = 0) -> None:
    from hq.materials.models import MaterialEvent

    for _ in range(times):
        MaterialEvent.objects.create(
            id=uuid4(), store_id=world.store.pk, material=material(world).material_id, version=1, what=what,
            at=NOW - timedelta(days=days), guide_id=world.rows["staff.staff"].pk,
        )  # fmt: skip


def said(world: World, why: str, since: datetime = NOW) -> None:
    from hq.outcomes.models import MaterialOnTablet

    version, device = material(world), world.rows["devices.device"]
    MaterialOnTablet.objects.update_or_create(
        device_id=device.pk, material=version.material_id, version=version.version,
        defaults={"store_id": world.store.pk, "why": why, "since": since, "came_at": None if why else since},
    )  # fmt: skip


def operator() -> Any:
    return browser(person("lin", Role.OPERATOR.value))


def told(client: Any, **asked: Any) -> dict[str, Any]:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return dict(answer.context_data)


def figures(page: dict[str, Any]) -> dict[str, int]:
    return {str(words): count for words, count in page["figures"]}


def test_it_counts_by_day_store_material_and_guide_within_what_is_asked_for(worlds: tuple[World, World]) -> None:
    first, second = worlds
    happened(first, "shown", 3)
    happened(first, "read", 1)
    happened(first, "shown", 2, days=1)
    happened(first, "shared", 2)
    happened(second, "shown", 5)
    happened(second, "shown", 7, days=40)
    said(first, "")
    client = operator()
    whole = told(client)
    others = figures(told(client, store=_third(worlds)))
    assert figures(whole) == {
        "Delivered": others["Delivered"] + 1, "Shown": others["Shown"] + 10, "Read": others["Read"] + 1,
        "Shared": others["Shared"] + 2,
    }  # fmt: skip
    mine = told(client, store=str(first.store.pk))
    assert figures(mine) == {"Delivered": 1, "Shown": 5, "Read": 1, "Shared": 2}
    assert [(str(day), counts) for day, counts in mine["days"][:2]] == [
        ("2026-11-23", [1, 3, 1, 2]), ("2026-11-22", [0, 2, 0, 0]),
    ]  # fmt: skip
    assert [counts for _id, _name, counts in mine["stores"]] == [[1, 5, 1, 2]]
    assert [counts for _id, _name, counts in mine["items"]] == [[1, 5, 1, 2]]
    assert [5, 0] in [[counts[1], counts[0]] for _id, _name, counts in mine["guides"]]
    assert figures(told(client, region=str(second.region.pk))) == {"Delivered": 0, "Shown": 5, "Read": 0, "Shared": 0}
    assert figures(told(client, region=str(second.region.pk), since="2026-10-01"))["Shown"] == 12
    one = told(client, material=str(material(first).material_id))
    assert figures(one) == {"Delivered": 1, "Shown": 5, "Read": 1, "Shared": 2}


def _third(worlds: tuple[World, World]) -> str:
    from hq.stores.models import Store

    return str(Store.objects.exclude(pk__in=[world.store.pk for world in worlds]).get().pk)


@pytest.mark.parametrize(
    ("why", "ago", "seen", "words", "since"),
    [
        ("no_room", 60, 5, "no room: what files may take is full", 60),
        ("broken", 60, 5, "a file came broken, and is tried again", 60),
        ("not_signed", 60, 5, "refused: not in a list that HQ's key signed", 60),
        ("coming", 300, 240, "it is on its way; it has not been heard of since", 240),
        (None, 0, 5, "it has not said yet that it is there", None),
    ],
)
def test_of_one_material_it_says_whose_tablets_lack_it_why_and_since_when(
    worlds: tuple[World, World], why: str | None, ago: int, seen: int, words: str, since: int | None
) -> None:
    from hq.devices.models import Device
    from hq.materials.models import MaterialVersion

    first, _second = worlds
    version = material(first)
    published = NOW - timedelta(days=2)
    MaterialVersion.objects.filter(pk=version.pk).update(published_at=published)
    if why is not None:
        said(first, why, NOW - timedelta(minutes=ago))
    Device.objects.update(last_seen_at=NOW - timedelta(minutes=seen))
    page = told(operator(), material=str(version.material_id))
    (row,) = [one for one in page["absent"] if one.store == first.store]
    assert (row.why, row.since) == (words, NOW - timedelta(minutes=since) if since else published)
    said(first, "")
    page = told(operator_again(), material=str(version.material_id))
    assert [one for one in page["absent"] if one.store == first.store] == []
    assert page["spread"].here == page["spread"].all - len(page["absent"]) >= 1


def operator_again() -> Any:
    return browser(person("wu", Role.OPERATOR.value))


def test_a_tablet_that_was_never_heard_of_and_one_that_lacks_more_than_it_names(worlds: tuple[World, World]) -> None:
    from hq.devices.models import Device

    first, _second = worlds
    mine = Device.objects.filter(pk=first.rows["devices.device"].pk)
    client = operator()
    for now_is, words in (
        ({"last_seen_at": None}, "it was never heard of"),
        ({"last_seen_at": NOW - timedelta(days=300)}, "it has not been heard of since this was published"),
        ({"last_seen_at": NOW + timedelta(days=1), "lacks": {"coming": 70, "no_room": 7}},
         "it lacks 77 in all and has not named this one"),
    ):  # fmt: skip
        mine.update(**now_is)
        page = told(client, material=str(material(first).material_id))
        assert [one.why for one in page["absent"] if one.store == first.store] == [words]


def test_everybody_counts_the_stores_of_their_reach_and_no_others(worlds: tuple[World, World]) -> None:
    for world, times in zip(worlds, (111, 222), strict=True):
        happened(world, "shown", times)
    for worker in everybody(worlds):
        answer = worker.client.get(PAGE)
        if not worker.role:
            assert answer.status_code == 403
            continue
        shown = figures(dict(answer.context_data))["Shown"]
        if worker.own is None:
            assert shown >= 333
        else:
            assert shown == (111 if worker.own is worlds[0] else 222)
            other = next(world for world in worlds if world is not worker.own)
            across = {"store": str(other.store.pk), "region": str(other.region.pk)}
            assert figures(told(worker.client, **across))["Shown"] == shown, "as if it had not been asked for"
            assert told(worker.client, material=str(material(other).material_id))["asked"].material is None


def test_the_table_has_every_line_and_no_formula(worlds: tuple[World, World]) -> None:
    from hq.stores.models import Store

    first, _second = worlds
    happened(first, "shown", 4)
    happened(first, "read", 2, days=1)
    Store.objects.filter(pk=first.store.pk).update(name_en="=HYPERLINK(1)", name_zh="=1+1")
    answer = operator().get(PAGE, {"store": str(first.store.pk), "csv": "1"})
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == ["day", "store", "material", "delivered", "shown", "read", "shared"]
    assert [(row[0], row[3:]) for row in rows[1:]] == [
        ("2026-11-22", ["0", "0", "2", "0"]), ("2026-11-23", ["0", "4", "0", "0"]),
    ]  # fmt: skip
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_what_cannot_be_asked_is_as_if_it_had_not_been(worlds: tuple[World, World]) -> None:
    page = told(operator(), since="soon", until="2026-13-40", store="x", region="y", material="z")
    asked = page["asked"]
    assert (str(asked.since), str(asked.until), asked.every, asked.material) == ("2026-10-25", "2026-11-23", True, None)
    asked = told(operator_again(), since="1900-01-01", until="2026-11-01")["asked"]
    assert len(asked.days) == 366
