"""HQ's console in a real browser: what an operator types there stands in the feed, and every page is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hq.load.drawings import draw
from tests import shop
from tests.e2e.browser import DESK, PHONE, chromium, page_of, sign_in
from tests.hq_server import serving
from tests.integration.test_hq_wallets import _member

NAME, PASSWORD = "operator", "correct-horse-9"
NARROW = (375, 812)
PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"
WIDER = "document.documentElement.scrollWidth - window.innerWidth"


@dataclass(frozen=True)
class Console:
    """HQ as served, its chain, and its database for queries that share no code with the product."""

    url: str
    chain: shop.Chain
    database: str

    def fed(self, entity: str, row: str) -> Any:
        """The current row of the feed."""
        with psycopg.connect(self.database) as connection:
            found = connection.execute(
                "SELECT data FROM feed WHERE entity = %s AND entity_id = %s AND op = 'put'", [entity, row]
            ).fetchone()
        assert found is not None
        return json.loads(found[0])


@pytest.fixture
def console(hq_database: str) -> Iterator[Console]:
    from django.contrib.auth.models import User

    chain = shop.make_chain()
    shop.make_shop(chain)
    User.objects.create_superuser(NAME, password=PASSWORD)
    with serving() as url:
        yield Console(url, chain, hq_database)


def test_what_an_operator_changes_reaches_the_feed(console: Console, tmp_path: Path) -> None:
    product = console.chain.product_ids[0]
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, console.url, "en")
        sign_in(page, console.url, NAME, PASSWORD)

        page.click(".console-groups a:has-text('Products')")
        page.click("#result_list a:has-text('T000')")
        page.fill("#id_name_en", "Milk powder 800 g")
        page.click("[name=_save]")
        page.wait_for_selector("text=was changed successfully")

        page.goto(f"{console.url}/admin/catalogue/pricelist/{console.chain.list_id}/change/")
        page.fill("#id_changes", "T000 52.50\nT002 -")
        page.click("[name=_save]")
        page.wait_for_selector("text=was changed successfully")
    assert wrong == []
    assert console.fed("product", product)["names"]["en"] == "Milk powder 800 g"
    with psycopg.connect(console.database) as connection:
        ids: dict[str, str] = dict(connection.execute("SELECT product_id::text, id::text FROM price").fetchall())
    assert console.fed("price", ids[product])["amount"] == 5_250
    assert console.chain.product_ids[2] not in ids


def test_a_tag_rule_is_checked_while_it_is_typed_tried_on_members_and_saved(console: Console, tmp_path: Path) -> None:
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, console.url, "en")
        sign_in(page, console.url, NAME, PASSWORD)
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.goto(f"{console.url}/admin/tags/tagrule/add/")
        page.fill("#id_tag", "newcomer")
        page.fill("#id_name_en", "Not bought yet")
        page.fill("#id_name_zh", "尚未购买")
        page.fill("#id_expression", "orders.cont = 0")
        page.wait_for_selector("#rule-check:has-text('nothing is called “orders.cont”')")
        page.fill("#id_expression", "orders.count = 0")
        page.wait_for_selector("#rule-check:has-text('This is a rule.')")
        page.click("#rule-preview")
        page.wait_for_selector("#rule-hits:has-text('Hits 0 of 0 members.')")
        page.screenshot(path=PICTURES / "hq-tag-rule-en.png", full_page=True)
        page.click("[name=_save]")
        page.wait_for_selector("text=was added successfully")
    assert wrong == []
    with psycopg.connect(console.database) as connection:
        ((rule,),) = connection.execute("SELECT id::text FROM tag_rule").fetchall()
    assert console.fed("tag_rule", rule)["expression"] == "orders.count = 0"


def test_pictures_of_a_product_are_brought_as_files(console: Console, tmp_path: Path) -> None:
    from hq.catalogue import services
    from hq.catalogue.models import Product

    product_id = console.chain.product_ids[0]
    PICTURES.mkdir(parents=True, exist_ok=True)
    files = [tmp_path / name for name in ("front.png", "back.png", "no-picture.jpg")]
    for file, content in zip(files, (draw("T000", "Milk"), draw("T000", "Milk", 1), b"words"), strict=True):
        file.write_bytes(content)
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, console.url, "en")
        sign_in(page, console.url, NAME, PASSWORD)
        address = f"{console.url}/admin/catalogue/product/{product_id}/change/"
        page.goto(address)
        page.set_input_files("input[name=album]", [str(file) for file in files])
        page.click("[name=_save]")
        page.wait_for_selector("text=“no-picture.jpg” is no JPEG, PNG, WebP or HEIC picture")
        page.set_input_files("input[name=album]", [str(file) for file in files[:2]])
        page.click("[name=_save]")
        page.wait_for_selector("text=was changed successfully")
        page.goto(address)
        images = page.locator(".console-album img")
        assert images.count() == 2
        assert all(images.nth(n).evaluate("one => one.naturalWidth") == 160 for n in range(2))
        page.screenshot(path=PICTURES / "hq-product-pictures.png", full_page=True)
        assert not wrong, wrong
    assert len(services.pictures_of(Product.objects.get(id=product_id))) == 2


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_and_nothing_on_it_fails(
    console: Console, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, console.url, language, size)
        sign_in(page, console.url, NAME, PASSWORD)
        links = page.eval_on_selector_all(".console-groups a", "all => all.map(one => one.href)")
        assert len(links) > 20
        for link in links:
            page.goto(link)
            assert page.evaluate(WIDER) <= 0, link
            if row := page.query_selector("#result_list a[href*='/change/']"):
                page.goto(row.evaluate("link => link.href"))
                assert page.evaluate(WIDER) <= 0, page.url
        page.goto(f"{console.url}/enrol#ABCD-EFGH")
        assert page.evaluate(WIDER) <= 0
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("deed", ["erase", "move"])
def test_what_a_deed_asks_and_its_buttons_fit_a_phone(
    console: Console, tmp_path: Path, language: str, deed: str
) -> None:
    """Reason or choice, the deed and its way back: none over another, each in one piece, wide enough for a thumb."""
    other = shop.make_shop(console.chain)
    member = _member(other)
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, console.url, language, NARROW)
        sign_in(page, console.url, NAME, PASSWORD)
        page.goto(f"{console.url}/admin/members/member/{member}/{deed}/")
        page.screenshot(path=PICTURES / f"hq-deed-{deed}-{language}.png")
        assert page.evaluate(WIDER) <= 0
        boxes = [one.bounding_box() for one in page.query_selector_all(".console-ask > *:not([type=hidden])")]
        assert len(boxes) == 3
        for one in boxes:
            assert one is not None
            assert one["x"] >= 0
            assert one["x"] + one["width"] <= NARROW[0]
            assert one["height"] >= 44
        lines = page.eval_on_selector_all(
            ".console-ask > button, .console-ask > a", "all => all.map(one => one.getClientRects().length)"
        )
        assert lines == [1, 1], "nothing is broken over two lines"
        for n, one in enumerate(boxes):
            assert not any(_over(one, other_) for other_ in boxes[n + 1 :])
    assert wrong == []


def _over(one: Any, other: Any) -> bool:
    apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return not apart and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]
