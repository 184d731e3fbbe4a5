"""Levels and paid memberships in a real browser: typed with the keyboard alone, tried, saved, read on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page

from guide_app.domain.records import LevelStep, Settings
from tests import shop
from tests.e2e.browser import DESK, chromium, page_of, sign_in
from tests.e2e.test_promotion_browser import NAME, PASSWORD, PICTURES, WIDER, apart, serious
from tests.hq_server import serving
from tests.integration.test_hq_levels import ruled

NARROW = (375, 812)
"""A phone's width, smaller than most."""


@dataclass(frozen=True)
class Console:
    """HQ as served, and its page of the chain's settings."""

    url: str
    page: str


@pytest.fixture
def console(hq_database: str) -> Iterator[Console]:
    from django.contrib.auth.models import User

    from hq.policies.models import ScopeSettings

    shop.make_shop(shop.make_chain())
    ruled()
    User.objects.create_superuser(NAME, password=PASSWORD)
    row = ScopeSettings.objects.get()
    with serving() as url:
        yield Console(url, f"{url}/admin/policies/scopesettings/{row.pk}")


def told() -> Settings:
    from hq.policies.models import ScopeSettings

    found: Any = apart(ScopeSettings.objects.get)
    return msgspec.convert(found.values, Settings)


def whole(page: Page, picture: str) -> None:
    """Nothing is wider than the window, nobody stumbles; a picture of it is kept."""
    assert page.evaluate(WIDER) <= 0, page.url
    assert serious(page) == []
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(PICTURES / f"{picture}.png"), full_page=True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "phone"])
def test_rules_and_a_plan_are_typed_tried_and_saved(
    console: Console, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    ends = f"{language}-{size[0]}"
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, console.url, language, size)
        sign_in(page, console.url, NAME, PASSWORD)
        page.goto(f"{console.page}/change/")
        page.click("a[href$='/levels/']")
        page.wait_for_selector("#levels-named")
        whole(page, f"hq-levels-{ends}")
        page.click("a[href='?rules=new']")
        page.wait_for_selector("#id_spent_1")
        page.focus("#id_spent_0")
        page.keyboard.type("900")
        page.focus("#id_spent_1")
        page.keyboard.type("500")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert] li")
        assert page.input_value("#id_spent_0") == "900", "what was typed stays"
        page.fill("#id_spent_0", "100")
        page.focus("button[value=try]")
        page.keyboard.press("Enter")
        page.wait_for_selector("#levels-moved td")
        whole(page, f"hq-level-rules-{ends}")
        assert told().level_rules == ()
        page.focus("button[value=save]")
        page.keyboard.press("Enter")
        page.wait_for_selector("article h3")
        whole(page, f"hq-levels-known-{ends}")

        page.goto(f"{console.page}/memberships/?plan=")
        for name, text in {"code": "club", "name_zh": "俱乐部", "name_en": "Club", "sku": "T001"}.items():
            page.fill(f"#id_{name}", text)
        page.select_option("#id_level", "gold")
        whole(page, f"hq-plan-{ends}")
        page.press("#id_sku", "Enter")
        page.wait_for_selector("article h3")
        whole(page, f"hq-plans-{ends}")
    assert wrong == []
    (rules,) = told().level_rules
    assert rules.steps == (LevelStep(code="silver", spent=10_000), LevelStep(code="gold", spent=50_000))
    assert [(one.code, one.level, one.months) for one in told().memberships] == [("club", "gold", 12)]
