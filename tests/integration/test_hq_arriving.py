"""What tablets say of their library, over HTTP: a row for each version on each tablet, there or why not, since when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain.materials import Reach
from sync.protocol.messages import Health, Lacking, Library
from tests import shop
from tests.hq_server import serving
from tests.integration.test_hq_materials import TEXT, change, pictures, published
from tests.tablet_client import Tablet

pytestmark = pytest.mark.usefixtures("hq_database")


@pytest.fixture
def chain(hq_database: str) -> shop.Chain:
    return shop.make_chain()


@pytest.fixture
def place(chain: shop.Chain, tmp_path: Path) -> Iterator[shop.Shop]:
    from django.conf import settings

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files", signing_key=tmp_path / "signing.key")
    yield shop.make_shop(chain, stock=10)
    settings.ENVIRONMENT = before


@contextmanager
def enrolled(place: shop.Shop) -> Iterator[Tablet]:
    with serving() as url:
        tablet = Tablet(url, place.guide_id)
        with tablet.http:
            assert tablet.enrol(shop.new_code(place)).status_code == 200
            yield tablet


def rows() -> dict[tuple[str, int], tuple[str, Any, Any]]:
    from hq.outcomes.models import MaterialOnTablet

    return {(str(one.material), one.version): (one.why, one.since, one.came_at) for one in
            MaterialOnTablet.objects.all()}  # fmt: skip


def row_ids() -> dict[str, str]:
    from hq.materials.models import MaterialPlace

    return {str(one.material): str(one.id) for one in MaterialPlace.objects.all()}


def says(*lacks: tuple[str, str], mark: str = "", **counts: int) -> Health:
    first = [Lacking(id=row_id, why=why) for row_id, why in sorted(lacks)]
    told = counts or {why: [one.why for one in first].count(why) for _row_id, why in lacks}
    return Health(library=Library(whole=1, mark=mark, lacking=told, first=first))


def test_it_is_there_once_the_tablet_has_its_row_and_does_not_name_it(place: shop.Shop) -> None:
    first, second = published(TEXT), published(pictures())
    with enrolled(place) as tablet:
        tablet.sync(health=says(mark="before its rows came"))
        assert rows() == {}, "it has said nothing yet of what it has not heard of"
        tablet.sync(health=says((row_ids()[second], "coming")))
        told = rows()
        assert [told[first, 1][0], told[second, 1][0]] == ["", "coming"]
        assert told[first, 1][2] is not None
        assert told[second, 1][2] is None
        tablet.sync(health=says())
        assert rows()[first, 1] == told[first, 1], "since when it is there stays"
        came = rows()[second, 1]
        assert (came[0], came[2] == came[1]) == ("", True)
        tablet.sync(health=says((row_ids()[second], "no_room")))
        left = rows()[second, 1]
        assert (left[0], left[2]) == ("no_room", came[2]), "it was delivered, and is there no more"


def test_each_version_has_a_row_and_what_was_published_behind_its_back_has_none(place: shop.Shop) -> None:
    material = published(TEXT)
    with enrolled(place) as tablet:
        tablet.sync()
        tablet.sync(health=says())
        published(change(TEXT, tags=("new",)), material_id=material)
        tablet.sync(health=says(mark="it has not heard of the second version"))
        assert rows().keys() == {(material, 1)}
        tablet.sync(health=says(mark="now it has"))
        assert rows().keys() == {(material, 1), (material, 2)}


def test_of_more_than_it_names_nothing_is_made_up(place: shop.Shop) -> None:
    made = {row_id: material for material, row_id in
            ((one, row_ids()[one]) for one in [published(change(TEXT, tags=(str(n),))) for n in range(5)])}  # fmt: skip
    ids = sorted(made)
    with enrolled(place) as tablet:
        tablet.sync()
        tablet.sync(health=says((ids[1], "coming"), (ids[2], "coming"), coming=3))
        assert {material: why for (material, _v), (why, _s, _c) in rows().items()} == {
            made[ids[0]]: "", made[ids[1]]: "coming", made[ids[2]]: "coming",
        }  # fmt: skip
        tablet.sync(health=says(coming=3))
        assert len(rows()) == 3
    from hq.devices.models import Device

    assert Device.objects.get(id=tablet.told.device_id).lacks == {"coming": 3}


def test_what_is_for_others_is_not_said_of_this_tablet_whatever_positions_it_names(
    chain: shop.Chain, place: shop.Shop
) -> None:
    from hq.protocol.models import Scope

    other = shop.make_shop(chain, stock=1)
    elsewhere = published(TEXT, Reach(stores=(other.store_id,)))
    here = published(pictures(), Reach(stores=(place.store_id,)))
    with enrolled(place) as tablet:
        tablet.sync()
        every = {str(scope): 2**40 for scope in Scope.objects.values_list("id", flat=True)}
        tablet.sync(after={**tablet.cursors, **every}, health=says())
    assert {material for material, _version in rows()} == {here} != {elsewhere}


def test_reasons_of_a_later_app_spoil_nothing(place: shop.Shop) -> None:
    material = published(TEXT)
    with enrolled(place) as tablet:
        tablet.sync()
        tablet.sync(health=says((row_ids()[material], "a reason that nobody has heard of")))
    assert rows()[material, 1][0] == "a reason that nobody"
