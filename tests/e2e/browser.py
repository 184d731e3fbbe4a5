"""Debian's Chromium, driven over HQ's console as an operator would: no download, no contact with other machines."""

from __future__ import annotations

import base64
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Without these Chromium asks its maker's servers for updates and settings at every start.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK = (1280, 800)
PHONE = (390, 844)
FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """A running browser that has the tablet's own fonts, so that Chinese is drawn on any machine. `folder`: scratch."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise RuntimeError(
            "No Chromium is installed. Install the package chromium; `make env` does so as root on Debian."
        )
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><include ignore_missing='yes'>/etc/fonts/fonts.conf</include><dir>{FONTS}</dir></fontconfig>"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(QUIET), env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
        try:
            yield browser
        finally:
            browser.close()


def page_of(browser: Browser, url: str, language: str, size: tuple[int, int] = DESK) -> tuple[Page, list[str]]:
    """A page in a language (en, zh-hans) and the list of what goes wrong on it: failed requests, faults of scripts."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai",
        locale="zh-CN" if language.startswith("zh") else "en-GB",
    )  # fmt: skip
    context.add_cookies([{"name": "guide_hq_language", "value": language, "url": url}])
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    return page, wrong


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Signs in for the first time on the console's own forms, and waits for the first page."""
    tell_password(page, url, name, password)
    page.wait_for_selector("#enrol-form")
    set_up(page)
    page.click("#onward")
    page.wait_for_selector(".console-figures")


def tell_password(page: Page, url: str, name: str, password: str) -> None:
    """Types name and password, and sends them."""
    page.goto(f"{url}/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("#login-form [type=submit]")


def set_up(page: Page) -> tuple[TOTP, str]:
    """Sets up the second factor on its page as somebody does who types the key: their app, and the code they typed."""
    letters = page.inner_text(".console-key").replace(" ", "")
    app = TOTP(base64.b32decode(letters), 6, SHA1(), 30)
    code = app.generate(time.time()).decode()
    page.fill("#id_code", code)
    page.click("#enrol-form [type=submit]")
    page.wait_for_selector("#onward")
    return app, code
