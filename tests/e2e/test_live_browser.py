"""The day live in a real browser: an order that arrives is there a few seconds later, with nobody touching the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import shop as shops
from tests.e2e.browser import DESK, chromium, page_of, sign_in
from tests.e2e.test_admin_browser import NARROW, PICTURES, WIDER
from tests.e2e.test_promotion_browser import apart, serious
from tests.hq_server import serving
from tests.tablet_client import Tablet

NAME, PASSWORD = "operator", "correct-horse-9"


@pytest.fixture
def chain(hq_database: str) -> Iterator[tuple[str, shops.Chain, shops.Shop]]:
    from django.contrib.auth.models import User

    chain = shops.make_chain()
    shop = shops.make_shop(chain)
    shops.make_shop(chain)
    User.objects.create_superuser(NAME, password=PASSWORD)
    with serving() as url:
        yield url, chain, shop


def sold(tablet: Tablet, chain: shops.Chain, hours: float = 0) -> None:
    """An order so many hours ago."""
    from guide_app.domain.clock import SystemClock, to_text

    at = to_text(SystemClock().now() - timedelta(hours=hours))
    op = tablet.maker.order([(chain.product_ids[0], 1, shops.PRICES[0])], chain.list_id)
    op = tablet.maker.op("order.place", op.body or "", seq=op.seq, made_at=at)
    joined = tablet.maker.sign_up()
    joined = tablet.maker.op("member.sign_up", joined.body or "", seq=joined.seq, made_at=at)
    (result,) = tablet.sync(op, joined).results[:1]
    assert result.status == "applied"


def orders(page: Page) -> int:
    return int(page.inner_text(".console-figures .console-card:first-child .console-figure"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "phone"])
def test_an_order_arrives_while_somebody_looks(
    chain: tuple[str, shops.Chain, shops.Shop], tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    url, goods, shop = chain
    tablet = Tablet(url, shop.guide_id)
    assert apart(lambda: tablet.enrol(shops.new_code(shop))).status_code == 200
    for hours in (0, 0, 1, 2, 2, 2, 3, 4):
        sold(tablet, goods, hours)
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, url, language, size)
        sign_in(page, url, NAME, PASSWORD)
        page.click("a[href$='/stores/store/live/']")
        page.wait_for_selector("#live")
        before = orders(page)
        sold(tablet, goods)
        page.wait_for_function(
            "n => +document.querySelector('.console-figures .console-figure').innerText === n", arg=before + 1,
            timeout=20_000,
        )  # fmt: skip
        assert page.evaluate(WIDER) <= 0
        assert serious(page) == []
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"hq-live-{language}-{size[0]}.png", full_page=True)
        page.click("#live-pause")
        page.wait_for_selector("#live:not([hx-get])")
        shown = page.inner_text("#live-now")
        sold(tablet, goods)
        page.wait_for_timeout(7_000)
        assert (page.inner_text("#live-now"), orders(page)) == (shown, before + 1), "it stands still"
        page.click("#live-pause")
        page.wait_for_selector("#live[hx-get]")
        assert orders(page) == before + 2
    tablet.close()
    assert wrong == []
