"""The customer's own phone in a real browser: a link, a form, a member; with scripts switched off."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page

from guide_app.operations.joining import of_form
from sync.protocol import invitation
from sync.protocol.invitation import LIFE_S, Invitation
from sync.protocol.signature import SigningKey
from tests import shop as shops
from tests.e2e.browser import PHONE, chromium
from tests.hq_server import serving
from tests.ops import new_id, new_phone

PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"
WIDER = "document.documentElement.scrollWidth - window.innerWidth"
NAMELESS = """() => [...document.querySelectorAll('input:not([type=hidden]), button, a')]
    .filter(one => !(one.labels && one.labels.length) && !one.innerText.trim() && one.ariaHidden !== 'true')
    .map(one => one.outerHTML)"""
"""Whatever can be used and has no name for who cannot see it."""
WORDS = {
    "en-GB": ("Sign up", "I agree", "I do not", "Thank you", "Please tell us your name"),
    "zh-CN": ("登记", "同意", "不同意", "谢谢您", "请填写您的姓名"),
}


@contextmanager
def phone(folder: Path, locale: str, *, dark: bool = False) -> Iterator[tuple[Page, list[str]]]:
    """A phone's browser without scripts, and what went wrong in it."""
    with chromium(folder) as browser:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, locale=locale, java_script_enabled=False,
            color_scheme="dark" if dark else "light", has_touch=True, is_mobile=True, device_scale_factor=2,
        )  # fmt: skip
        page = context.new_page()
        wrong: list[str] = []
        page.on("requestfailed", lambda request: wrong.append(request.url))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        yield page, wrong


@pytest.fixture
def link(hq_database: str) -> Iterator[tuple[str, Invitation]]:
    from hq.devices import services
    from hq.stores.models import Store

    shop = shops.make_shop(shops.make_chain())
    key, now = SigningKey(secrets.token_bytes(32)), datetime.now(UTC)
    store = Store.objects.get(id=shop.store_id)
    device = services.enrol(services.new_code(store, now).code, key.public_text, "One", "linux", now)
    told = Invitation(shop.store_id, shop.guide_id, str(device.id), new_id(), int(time.time()) + LIFE_S)
    with serving() as url:
        yield f"{url}/join/{invitation.write(told, key)}", told


@pytest.mark.expects_log  # Django says that a form came with something missing
@pytest.mark.parametrize(("locale", "dark"), [("en-GB", False), ("zh-CN", True)])
def test_a_customer_fills_in_the_form_on_a_phone(
    link: tuple[str, Invitation], hq_database: str, tmp_path: Path, locale: str, dark: bool
) -> None:
    url, told = link
    sign_up, yes, no, thanks, nameless = WORDS[locale]
    number = new_phone()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with phone(tmp_path, locale, dark=dark) as (page, wrong):
        page.goto(url)
        page.screenshot(path=PICTURES / f"join-{locale}.png", full_page=True)
        page.fill("#phone", number)
        page.press("#phone", "Enter")
        assert nameless in page.inner_text("#problem-name")
        assert page.input_value("#phone") == number
        page.screenshot(path=PICTURES / f"join-problems-{locale}.png", full_page=True)
        page.fill("#name", "林夏")
        page.get_by_label(yes, exact=True).first.check()
        page.get_by_label(no, exact=True).last.check()
        page.get_by_role("button", name=sign_up).click()
        page.get_by_role("heading", name=thanks).wait_for()
        page.screenshot(path=PICTURES / f"join-thanks-{locale}.png", full_page=True)
        page.reload()
        assert thanks in page.inner_text("h1")
        assert page.context.cookies() == []
    assert wrong == []
    with psycopg.connect(hq_database) as connection:
        rows = connection.execute("SELECT id::text, phone, name FROM member").fetchall()
    assert rows == [(of_form(told.form_id).member_id, number, "林夏")]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_it_fits_the_phone_and_every_field_has_its_name(
    link: tuple[str, Invitation], tmp_path: Path, locale: str
) -> None:
    with chromium(tmp_path) as browser:
        for width in (320, PHONE[0]):
            page = browser.new_page(viewport={"width": width, "height": PHONE[1]}, locale=locale)
            page.goto(link[0])
            assert page.evaluate(WIDER) <= 0, width
            assert page.evaluate(NAMELESS) == []
            small = "all => all.filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.outerHTML)"
            assert page.eval_on_selector_all("button:not(.unseen), .choice label, input:not([type=radio])", small) == []
            assert page.evaluate("document.documentElement.lang") == {"en-GB": "en", "zh-CN": "zh-Hans"}[locale]
