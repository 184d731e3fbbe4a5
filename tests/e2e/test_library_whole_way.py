"""The library's whole way: brought and looked at in a browser, published, shown by a real tablet with no network.

Prints how long it took; pictures of console and tablet at each step are kept under build/pictures.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import FilePayload, Page

from guide_app.domain.clock import SystemClock
from tests import shop
from tests.e2e.browser import DESK, FONTS, chromium
from tests.e2e.library_desk import LIST, PICTURES, apart, console, entered, person
from tests.e2e.link import Link
from tests.e2e.stage import VirtualScreen
from tests.e2e.street import enrol, press, sign_in
from tests.e2e.tablet import Tablet
from tests.integration.test_hq_library import Desk

__all__ = ["console"]
AWAY_DAYS = 7
TITLES = {"title_zh": "冬季护肤三步", "title_en": "Winter skin in three steps"}
WORDS = {"text_zh": "{name}，先洗，再抹，后护。", "text_en": "{name}, wash, cream, protect."}
NEWER, POSTER = ("冬季护肤四步", "Winter skin in four steps"), ("双十一海报", "November poster")
OVER = {"en": "Ended on", "zh_CN": "到期"}
SOON_S = 60.0
"""The seconds themselves are printed; this is so that a tablet that heard of nothing fails on a slow machine too."""


class Counter:
    """One tablet of the shop as a process with a window, its line to HQ, and the pictures that are taken of it."""

    def __init__(self, folder: Path, url: str, language: str, stack: ExitStack) -> None:
        self.language, self._folder, self._steps = language, folder, 0
        self.link, self._screen = Link(), VirtualScreen()
        for end in (self.link.close, self._screen.close):
            stack.callback(end)
        self.link.to(urlsplit(url).port or 0)
        self.link.up()
        apart(lambda: asyncio.run(enrol(folder, self.link.url, new_code())))
        self.tablet = self._made()
        stack.callback(self.close)

    def _made(self, **more: str) -> Tablet:
        environment = {
            "DISPLAY": self._screen.display, "QT_QPA_PLATFORM": "xcb", "GUIDE_KEY_SOURCE": "file",
            "GUIDE_LANG": self.language, "LANG": "C.UTF-8", **more,
        }  # fmt: skip
        return Tablet("counter", self._folder, environment)

    def start(self, *, days: int = 0) -> None:
        """Starts the app, so many days later, and opens the library."""
        self.tablet = self._made(**({"HANDS_DAYS": str(days)} if days else {}))
        self.tablet.start()
        self.look()

    def look(self) -> None:
        """The guide looks into the library, and signs in where the tablet locked itself meanwhile."""
        if not self.tablet.sees("rail-Library"):
            sign_in(self.tablet)
        self.tablet.click("rail-Library")

    def close(self) -> None:
        """Ends whatever app runs."""
        self.tablet.kill()

    def open(self, title: str) -> None:
        """Chooses a material, and shows it to the customer."""
        self.tablet.click(title)
        self.tablet.click("material-show")
        self.tablet.wait_for("shown-material")

    def take_back(self) -> None:
        """The guide takes the tablet back from the customer."""
        self.tablet.click("take-back")
        press(self.tablet, shop.PIN)
        self.tablet.wait_gone("shown-material")

    def kept(self, name: str) -> None:
        """A picture of the tablet, once it stands still."""
        time.sleep(1)
        self._steps += 1
        self.tablet.shot(PICTURES / f"way-tablet-{self._steps}-{name}-{self.language}.png")

    def files(self) -> int:
        """How many whole files are on its disk."""
        return sum(len(path.name) == 64 for path in (self._folder / "files").glob("*"))


def new_code() -> str:
    from django.utils import timezone

    from hq.devices import services as devices
    from hq.stores.models import Store

    return devices.new_code(Store.objects.get(), timezone.now()).code


def sheet(number: int) -> bytes:
    """A page of a leaflet."""
    nth = (number - 1) % 3
    image = Image.new("RGB", (1280, 800), ("#e8f1ee", "#fdf3e7", "#eef0fb")[nth])
    draw = ImageDraw.Draw(image)
    large = ImageFont.truetype(str(FONTS / "NotoSansSC-SemiBold.ttf"), 150)
    small = ImageFont.truetype(str(FONTS / "NotoSansSC-Regular.ttf"), 56)
    draw.text((110, 240), f"{number}  {('洗', '抹', '护')[nth]}", "#0b6e5d", large)
    draw.text((116, 480), ("温水轻洗 Wash", "趁湿抹匀 Cream", "出门防护 Protect")[nth], "#33413d", small)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def kept(page: Page, name: str, language: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.screenshot(path=PICTURES / f"way-console-{name}-{language}.png")


def bring(page: Page, url: str, language: str) -> str:
    """Uploads three pages, writes the words, and submits; the material's address."""
    from hq.files import jobs
    from hq.materials.models import Material

    page.goto(f"{url}{LIST}add/")
    for name, words in {**TITLES, **WORDS}.items():
        page.fill(f"#id_{name}", words)
    sheets: list[FilePayload] = [
        {"name": f"{number}.png", "mimeType": "image/png", "buffer": sheet(number)} for number in (1, 2, 3)
    ]
    for one in sheets:  # one after the other: this is their order
        page.set_input_files("#id_brought", one)
        name = one["name"]
        for _round in range(60):
            apart(jobs.run_queued)
            if page.locator(f".library-pages li:has-text('{name}')").count():
                break
            page.wait_for_timeout(300)
    kept(page, "1-brought", language)
    entered(page, "[name=_save]")
    page.wait_for_selector("table")
    address = f"{url}{LIST}{apart(Material.objects.get).pk}"
    page.goto(f"{address}/submit/")
    entered(page, ".console-ask [type=submit]")
    page.wait_for_selector("[role=status]")
    kept(page, "2-submitted", language)
    return address


def publish(page: Page, address: str, language: str) -> float:
    """A second person looks at it and publishes it; the moment at which they did."""
    page.goto(f"{address}/compare/")
    kept(page, "3-review", language)
    page.goto(f"{address}/publish/")
    began = time.monotonic()
    entered(page, ".console-ask [type=submit]")
    page.wait_for_selector("[role=status]")
    kept(page, "4-published", language)
    return began


def published_poster(ends_in_days: int) -> None:
    """A poster that is over in some days, by the console's own forms."""
    from hq.materials.models import Material

    chen, wei = Desk("chen"), Desk("wei")
    ends = (SystemClock().now() + timedelta(days=ends_in_days)).strftime("%Y-%m-%dT%H:%M")
    brought = [f"u:{chen.bring(sheet(5), 'poster.png')['id']}"]
    told = chen.write(brought=brought, title_zh=POSTER[0], title_en=POSTER[1], valid_until=ends)
    assert told.status_code == 302
    poster = Material.objects.order_by("-made_at")[0]
    chen.do("submit", poster)
    wei.do("publish", poster)


def next_version() -> None:
    """The leaflet's next version, while the tablet is away."""
    from hq.materials.models import Material

    chen, wei = Desk("chen2"), Desk("wei2")
    material: Any = Material.objects.order_by("made_at")[0]
    told = chen.write(
        f"{LIST}{material.pk}/change/", seen_ver="0", title_zh=NEWER[0], title_en=NEWER[1],
        brought=["p:1", "p:2", "p:3", f"u:{chen.bring(sheet(4), 'fourth.png')['id']}"],
    )  # fmt: skip
    assert told.status_code == 302
    chen.do("submit", material)
    wei.do("publish", material)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as kept_open:
        yield kept_open


@pytest.mark.expects_log  # Django logs that an unread form was refused
@pytest.mark.parametrize(("language", "spoken"), [("en", "en"), ("zh-hans", "zh_CN")])
def test_from_the_upload_to_a_customer_s_eyes_with_no_network(
    console: str, tmp_path: Path, language: str, spoken: str, stack: ExitStack
) -> None:
    at = 0 if spoken == "zh_CN" else 1
    title = TITLES["title_zh" if at == 0 else "title_en"]
    counter = Counter(tmp_path / "tablet", console, spoken, stack)
    counter.start()
    counter.kept("before")
    with chromium(tmp_path) as browser:
        lin, wrong = person(browser, console, language, DESK, "lin")
        address = bring(lin, console, spoken)
        wang, also_wrong = person(browser, console, language, DESK, "wang")
        counter.look()
        counter.tablet.wait_for("library-search")
        assert not counter.tablet.sees(title), "nothing that waits for review"
        began = publish(wang, address, spoken)
        counter.tablet.wait_for(title, SOON_S)
        listed_s = time.monotonic() - began
        counter.tablet.click(title)
        counter.tablet.click("material-show")
        counter.tablet.wait_for("shown-material")
        shown_s = time.monotonic() - began
    assert (wrong, also_wrong) == ([], [])
    counter.kept("shown")
    counter.take_back()
    apart(lambda: published_poster(3))
    counter.look()
    counter.tablet.wait_for(POSTER[at], SOON_S)
    until_whole(counter, 3 + 1)

    counter.link.down()
    counter.tablet.kill()
    counter.start()
    counter.kept("offline")
    counter.open(title)
    counter.kept("offline-shown")
    counter.tablet.kill()

    apart(next_version)
    counter.start(days=AWAY_DAYS)
    counter.tablet.wait_for(OVER[spoken])
    counter.open(title)
    counter.kept("week-later")
    counter.tablet.kill()

    counter.link.up()
    back = time.monotonic()
    counter.start()
    counter.tablet.wait_for(NEWER[at], SOON_S)
    counter.open(NEWER[at])
    counter.kept("back")
    print(
        f"\n{spoken}: published → in the tablet's list {listed_s:.1f} s, before the customer {shown_s:.1f} s; "
        f"started after {AWAY_DAYS} days → the new version before the customer {time.monotonic() - back:.1f} s"
    )


def until_whole(counter: Counter, pages: int) -> None:
    """Until all pictures of so many pages are on the tablet's disk, large and small."""
    for _round in range(600):
        if counter.files() >= 2 * pages:
            return
        time.sleep(0.1)
    raise AssertionError(f"{counter.files()} files came")
