"""One street for tests with real windows: a shop with a real HQ, the line to it, and a screen under Xvfb.

Use it with `from tests.e2e.street import street, world` in a conftest.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from guide_app import bootstrap
from guide_app.domain.records import Names, Settings
from guide_app.settings import Settings as AppSettings
from hq.database.embedded import Cluster
from tests import shop
from tests.e2e.link import Link
from tests.e2e.stage import Sql, VirtualScreen
from tests.e2e.tablet import Tablet
from tests.hq_fixtures import fresh_database
from tests.hq_server import serving

PIN_TRIES, PIN_WAIT_S = 3, 5
GUIDE = "王芳"


@dataclass
class World:
    """A shop with its HQ, the line to it, a screen, and a folder for the tablets of one test."""

    link: Link
    port: int
    sql: Sql
    chain: shop.Chain
    store: shop.Shop
    display: str
    folder: Path

    def code(self) -> str:
        return shop.new_code(self.store)

    def tablet(self, name: str) -> Tablet:
        """Not started yet."""
        environment = {
            "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "GUIDE_KEY_SOURCE": "file", "GUIDE_LANG": "en",
            "LANG": "C.UTF-8",
        }  # fmt: skip
        return Tablet(name, self.folder / name, environment)

    def enrolled(self, name: str) -> Tablet:
        """A tablet of the shop after its first sync, not started."""
        asyncio.run(enrol(self.folder / name, self.link.url, self.code()))
        return self.tablet(name)


async def enrol(data: Path, url: str, code: str) -> None:
    async with bootstrap.tablet(AppSettings(data=data, key_source="file")) as container:
        await container.sync.enrol(url, code, data.name)
        rests = asyncio.Event()
        container.sync.subscribe(lambda view: rests.set() if view.phase == "idle" else None)
        await rests.wait()


@pytest.fixture(scope="module")
def street(hq_cluster: Cluster, hq_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """HQ and screen are the same for all tests."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(hq_cluster))
        chain = shop.make_chain()
        ask_for_pins()
        store = shop.make_shop(chain)
        port = urlsplit(stack.enter_context(serving())).port or 0
        sql, link, screen = Sql(url), Link(), VirtualScreen()
        for end in (sql.close, link.close, screen.close):
            stack.callback(end)
        yield World(link, port, sql, chain, store, screen.display, tmp_path_factory.mktemp("street"))


@pytest.fixture
def world(street: World, tmp_path: Path) -> World:
    street.link.to(street.port)
    street.link.up()
    street.folder = tmp_path
    return street


def ask_for_pins() -> None:
    """Few tries and a short wait, so that a test can see the end of it."""
    from hq.policies import services
    from hq.policies.models import ScopeSettings

    values = msgspec.to_builtins(Settings(data_note=Names(en="x", zh="x"), pin_tries=PIN_TRIES, pin_wait_s=PIN_WAIT_S))
    kept = ScopeSettings.objects.get()
    kept.values = values
    services.save_settings(kept)


@contextmanager
def open_tablet(tablet: Tablet) -> Iterator[Tablet]:
    tablet.start()
    try:
        yield tablet
    finally:
        tablet.kill()


def sign_in(tablet: Tablet) -> None:
    tablet.click(f"guide-{GUIDE}")
    press(tablet, shop.PIN)
    tablet.wait_for("rail-Today")


def press(tablet: Tablet, pin: str) -> None:
    for digit in pin:
        tablet.click(f"key-{digit}")


def fill_form(tablet: Tablet, phone: str, name: str) -> None:
    """A sign-up as far as the last tap."""
    tablet.click("quick-sign-up")
    tablet.click("phone")
    tablet.type(phone)
    tablet.wait_for("phone-good")
    tablet.click("name")
    tablet.type(name)
    tablet.wait_for("segment-yes")  # what is asked for is read from the disk
    for nth in range(tablet.count("segment-yes")):
        tablet.click("segment-yes", nth)


def assert_kept(tablet: Tablet, *typed: str) -> None:
    shown = tablet.texts()
    assert [text for text in typed if text not in shown] == []


def until(condition: Callable[[], bool], what: str) -> None:
    for _ in range(300):
        if condition():
            return
        threading.Event().wait(0.1)
    raise AssertionError(f"{what} never came")
