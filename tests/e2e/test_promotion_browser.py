"""The editor of promotions in a real browser: one is typed, tried on last month's orders, and its figures are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests import shop
from tests.e2e.browser import chromium, page_of, sign_in
from tests.hq_server import serving
from tests.integration.test_hq_promotion_trials import sell

T = TypeVar("T")
NAME, PASSWORD = "operator", "correct-horse-9"
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"
WIDER = "document.documentElement.scrollWidth - window.innerWidth"
FOUND = {"en": "2 of 2 orders", "zh-hans": "2 个订单中已试算 2 个"}


@dataclass(frozen=True)
class Console:
    """HQ as served, with two orders of this month."""

    url: str


@pytest.fixture
def console(hq_database: str) -> Iterator[Console]:
    from django.contrib.auth.models import User

    from hq.stores.models import Store

    chain = shop.make_chain()
    store: Any = Store.objects.get(id=shop.make_shop(chain).store_id)
    for days in (1.0, 20.0):
        sell(store, chain.product_ids[0], 2, days)
    User.objects.create_superuser(NAME, password=PASSWORD)
    with serving() as url:
        yield Console(url)


def apart(work: Callable[[], T]) -> T:
    """HQ's database in a thread of its own: the browser's driver keeps a loop in this one."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(work).result()


def serious(page: Page) -> list[str]:
    """What a reader of screens, or somebody without a mouse, would stumble over."""
    told = Axe().run(page).response
    assert len(told["passes"]) > 10, "it looked"
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']][:3]}"
        for one in told["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_promotion_is_typed_tried_on_last_month_s_orders_and_its_figures_are_read(
    console: Console, tmp_path: Path, language: str
) -> None:
    from hq.promoting import trials
    from hq.promotions.models import Promotion, Trial

    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, console.url, language)
        sign_in(page, console.url, NAME, PASSWORD)
        page.goto(f"{console.url}/admin/promotions/promotion/add/")
        assert serious(page) == []
        page.click("a.console-card[href='?kind=percentage']")
        page.fill("#id_name_zh", "九折")
        page.fill("#id_name_en", "Tenth off")
        page.wait_for_selector("#promotion-preview .console-wrong")
        page.fill("#id_percent", "10")
        page.wait_for_selector("#promotion-preview p[lang]")
        page.wait_for_selector("#promotion-preview .console-wrong", state="detached")
        assert "10" in page.inner_text("#promotion-preview")
        assert serious(page) == []
        assert page.evaluate(WIDER) <= 0
        page.screenshot(path=PICTURES / f"hq-promotion-{language}.png", full_page=True)
        page.click("#promotion-try ~ p button")
        page.wait_for_selector("#trial-found [role=status]")
        kept = apart(lambda: (Promotion.objects.count(), Trial.objects.count()))
        assert kept == (0, 1), "nothing is saved by trying"
        apart(trials.run_asked)
        page.wait_for_selector("#trial-found:has-text('20.00')")
        page.wait_for_selector("#trial-found:not([hx-get])")
        figures = page.inner_text(".console-figures").split()
        assert figures[0] == "2", "both orders would have cost less"
        assert FOUND[language] in page.inner_text("#trial-found [role=status]")
        assert page.locator("#trial-found table").count() == 2, "the days, and orders to look at"
        assert serious(page) == []
        assert page.evaluate(WIDER) <= 0
        page.screenshot(path=PICTURES / f"hq-trial-{language}.png", full_page=True)
    assert wrong == []
