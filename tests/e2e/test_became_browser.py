"""What became of material, in a real browser: plots, their numbers, one material by the keyboard; both languages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests import shop as shops
from tests.e2e.browser import DESK, chromium, page_of, sign_in
from tests.e2e.test_admin_browser import NARROW, PICTURES, WIDER
from tests.e2e.test_promotion_browser import apart, serious
from tests.hq_server import serving
from tests.integration.test_hq_materials import TEXT, change, published
from tests.tablet_client import Tablet

NAME, PASSWORD = "operator", "correct-horse-9"
TITLES = (
    ("Winter skin, step by step", "冬季护肤三步"),
    ("Which pram?", "婴儿车怎么选"),
    ("For a full moon", "满月礼怎么送"),
)


@pytest.fixture
def chain(hq_database: str, tmp_path: Path) -> Iterator[str]:
    from django.conf import settings
    from django.contrib.auth.models import User

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files", signing_key=tmp_path / "signing.key")
    made = shops.make_chain()
    places = [shops.make_shop(made), shops.make_shop(made)]
    User.objects.create_superuser(NAME, password=PASSWORD)
    ids = [published(change(TEXT, title=change(TEXT.title, en=en, zh=zh))) for en, zh in TITLES]
    used(places, ids)
    with serving() as url:
        for place in places:
            enrol(url, place)
        yield url
    settings.ENVIRONMENT = before


def enrol(url: str, place: shops.Shop) -> None:
    tablet = Tablet(url, place.guide_id)
    with tablet.http:
        assert apart(lambda: tablet.enrol(shops.new_code(place))).status_code == 200


def used(places: list[shops.Shop], ids: list[str]) -> None:
    """A month of showings."""
    from django.utils import timezone

    from hq.materials.models import MaterialEvent

    chance, now = random.Random(3), timezone.now()
    MaterialEvent.objects.bulk_create(
        MaterialEvent(
            id=uuid4(), store_id=(place := chance.choice(places)).store_id, material=UUID(chance.choice(ids)),
            version=1, what=chance.choice(["shown", "shown", "shown", "shared", "read"]), guide_id=place.guide_id,
            at=now - timedelta(days=int(chance.triangular(0, 30, 2)), minutes=1),
        ) for _ in range(400)
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "phone"])
def test_somebody_looks_what_became_of_it(chain: str, tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, chain, language, size)
        sign_in(page, chain, NAME, PASSWORD)
        page.goto(f"{chain}/admin/materials/material/")
        page.click("a[href$='/materials/material/became/']")
        page.wait_for_selector("#became-items")
        assert page.locator(".console-bars svg").count() == 4
        assert page.locator("#became-items tbody tr").count() == 3
        assert page.evaluate(WIDER) <= 0
        assert serious(page) == []
        page.screenshot(path=PICTURES / f"hq-became-{language}-{size[0]}.png")
        page.focus("#became-items tbody tr:first-child a")
        page.keyboard.press("Enter")
        page.wait_for_selector("#became-absent")
        assert page.locator("#became-absent tbody tr").count() == 2
        assert serious(page) == []
        page.screenshot(path=PICTURES / f"hq-became-one-{language}-{size[0]}.png", full_page=True)
        with page.expect_download() as download:
            page.evaluate("document.querySelector('a[href*=\"csv=1\"]').click()")
        assert download.value.suggested_filename.endswith(".csv")
        assert wrong == []
