"""Signing in to HQ's console in a real browser: the first time, the next time, and one's own page for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.browser import DESK, chromium, page_of, set_up, tell_password
from tests.e2e.test_admin_browser import NARROW, PICTURES, WIDER
from tests.e2e.test_promotion_browser import serious
from tests.hq_server import serving

NAME, PASSWORD = "operator", "correct-horse-9"
USED = {"en": "was used already", "zh-hans": "已经用过"}


@pytest.fixture
def url(hq_database: str) -> Iterator[str]:
    from django.contrib.auth.models import User

    User.objects.create_superuser(NAME, password=PASSWORD)
    with serving() as url:
        yield url


def whole(page: Page, picture: str) -> None:
    """Nothing is wider than the window, nobody stumbles, every target is large enough; a picture of it is kept."""
    assert page.evaluate(WIDER) <= 0, page.url
    assert serious(page) == []
    boxes = [one.bounding_box() for one in page.query_selector_all(".console-sign-in input, .console-sign-in button")]
    assert all(box is None or box["height"] >= 44 for box in boxes)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{picture}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "phone"])
def test_the_first_sign_in_and_the_next(url: str, tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    ends = f"{language}-{size[0]}"
    with chromium(tmp_path) as browser:
        page, wrong = page_of(browser, url, language, size)
        tell_password(page, url, NAME, PASSWORD)
        page.wait_for_selector("#enrol-form")
        whole(page, f"hq-two-factor-{ends}")
        drawn = Image.open(BytesIO(page.locator(".console-qr").screenshot()))
        (read,) = zxingcpp.read_barcodes(drawn)
        assert read.text.startswith("otpauth://totp/")
        assert page.inner_text(".console-key").replace(" ", "") in read.text
        page.fill("#id_code", "12")
        page.keyboard.press("Enter")
        page.wait_for_selector("#wrong")
        app, typed = set_up(page)
        whole(page, f"hq-recovery-codes-{ends}")
        code = page.inner_text(".console-codes li:first-child")
        page.click("#onward")
        page.wait_for_selector(".console-figures")

        page.context.clear_cookies(name="guide_hq_session")
        tell_password(page, url, NAME, PASSWORD)
        page.wait_for_selector("#code-form")
        page.fill("#id_code", typed)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#wrong:has-text('{USED[language]}')")
        whole(page, f"hq-code-{ends}")
        page.fill("#id_code", app.generate(time.time() + 30).decode())
        page.keyboard.press("Enter")
        page.wait_for_selector(".console-figures")

        page.goto(f"{url}/admin/two-factor/")
        whole(page, f"hq-two-factor-own-{ends}")
        page.fill("#id_code", code)
        page.click("button[value=codes]")
        page.wait_for_selector("#onward")
        assert code not in page.inner_text(".console-codes")
    assert wrong == []
