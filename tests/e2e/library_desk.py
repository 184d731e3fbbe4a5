"""The library's pages in a browser, as the tests of them share it: HQ with two people, and a look at a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests import shop
from tests.e2e.browser import page_of, sign_in
from tests.hq_server import serving

T = TypeVar("T")
PASSWORD = "correct-horse-9"
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"
WIDER = """[...document.querySelectorAll("#main *, main *, form *")]
    .filter((one) => document.documentElement.scrollWidth > window.innerWidth
        && one.getBoundingClientRect().right > window.innerWidth)
    .map((one) => one.outerHTML.slice(0, 120))"""
LIST = "/admin/materials/material/"


@pytest.fixture
def console(hq_database: str, tmp_path: Path) -> Iterator[str]:
    """HQ as served, with a shop and two people who may write and publish."""
    from django.conf import settings
    from django.contrib.auth.models import User

    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files", signing_key=tmp_path / "signing.key")
    shop.make_shop(shop.make_chain())
    for name in ("lin", "wang"):
        User.objects.create_superuser(name, password=PASSWORD)
    with serving() as url:
        yield url
    settings.ENVIRONMENT = before


def apart(work: Callable[[], T]) -> T:
    """HQ's database in a thread of its own: the browser's driver keeps a loop in this one."""

    def run() -> T:
        from django.db import connections

        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as other:
        return other.submit(run).result()


def looked_at(page: Page, name: str) -> None:
    """Nothing on it that a reader of screens would stumble over, nothing wider than the window; a picture is kept."""
    told = Axe().run(page).response
    assert len(told["passes"]) > 10, "it looked"
    found = [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']][:3]}"
        for one in told["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert found == [], name
    assert page.evaluate(WIDER) == [], name
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def entered(page: Page, selector: str, nth: int = 0) -> None:
    """Presses Enter on it, as somebody does who has no mouse."""
    page.locator(selector).nth(nth).focus()
    page.keyboard.press("Enter")


def person(browser: Browser, url: str, language: str, size: tuple[int, int], name: str) -> tuple[Page, list[str]]:
    page, wrong = page_of(browser, url, language, size)
    sign_in(page, url, name, PASSWORD)
    return page, wrong
