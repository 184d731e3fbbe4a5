"""What a person types wrong, and what the world does wrong: words on the screen say what to do, nothing typed is lost.

Real windows under Xvfb over a real HQ; the line between them and the tablet's own disk are broken on purpose.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import os
import resource
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from guide_app import bootstrap
from guide_app.adapters.instance import alone_in
from guide_app.domain.records import Names, Settings
from guide_app.settings import Settings as AppSettings
from hq.database.embedded import Cluster
from local_store.connection import connect
from tests import shop
from tests.e2e.link import Link
from tests.e2e.stage import Sql, VirtualScreen
from tests.e2e.tablet import Tablet
from tests.hq_fixtures import fresh_database
from tests.hq_server import serving

PAGE = 4096
PIN_TRIES, PIN_WAIT_S = 3, 5
UNREACHED = "HQ did not answer. Check the network"
UNKNOWN_CODE = "HQ does not know this code."
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


@pytest.fixture(scope="module")
def whole(street: World) -> Path:
    """The data folder of an enrolled tablet, closed well; to be copied."""
    street.link.to(street.port)
    street.link.up()
    data = street.folder / "whole"
    asyncio.run(enrol(data, street.link.url, street.code()))
    return data


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
    for nth in range(tablet.count("segment-yes")):
        tablet.click("segment-yes", nth)


def assert_kept(tablet: Tablet, *typed: str) -> None:
    shown = tablet.texts()
    assert [text for text in typed if text not in shown] == []


# ---------------------------------------------------------------- enrolling


class Portal(http.server.BaseHTTPRequestHandler):
    """A guest network's login page, whatever is asked."""

    def do_POST(self) -> None:
        page = b"<html><title>Guest WiFi</title>Please sign in</html>"
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def portal() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def type_code(tablet: Tablet, before: str, code: str) -> None:
    tablet.click("enrol-code")
    for _ in before:
        tablet.key("Back")
    tablet.type(code)


def test_what_does_not_enrol_says_why_and_keeps_what_was_typed(world: World) -> None:
    used, fresh = world.code(), world.code()
    asyncio.run(enrol(world.folder / "first", world.link.url, used))
    with open_tablet(world.tablet("new")) as tablet, portal() as login_page:
        for field, text in (("enrol-address", "http://hq.cn"), ("enrol-name", "Till 3"), ("enrol-code", "WRNG-CODE")):
            tablet.click(field)
            tablet.type(text)
        tablet.click("enrol")
        tablet.wait_for("This is no address of an HQ.")
        assert_kept(tablet, "http://hq.cn", "Till 3", "WRNG-CODE")
        tablet.click("enrol-address")
        for _ in "http://hq.cn":
            tablet.key("Back")
        tablet.type(world.link.url)
        tablet.wait_gone("This is no address of an HQ.")

        world.link.down()
        for target in (world.port, login_page):
            world.link.to(target)
            if target == login_page:
                world.link.up()
            tablet.click("enrol")
            tablet.wait_for(UNREACHED)
            tablet.click("enrol-address")
            tablet.type("/")
            tablet.wait_gone(UNREACHED)
            tablet.key("Back")
            assert_kept(tablet, world.link.url, "Till 3", "WRNG-CODE")

        world.link.to(world.port)
        tablet.click("enrol")
        tablet.wait_for(UNKNOWN_CODE)
        assert_kept(tablet, world.link.url, "Till 3", "WRNG-CODE")
        type_code(tablet, "WRNG-CODE", used)
        tablet.wait_gone(UNKNOWN_CODE)
        tablet.click("enrol")
        tablet.wait_for(UNKNOWN_CODE)
        assert_kept(tablet, world.link.url, "Till 3", used)
        type_code(tablet, used, fresh)
        tablet.click("enrol")
        tablet.wait_for(f"guide-{GUIDE}")


def test_a_first_sync_that_is_cut_off_goes_on(world: World) -> None:
    with open_tablet(world.tablet("cut")) as tablet:
        world.link.cut(1_800, 700)
        for field, text in (("enrol-address", world.link.url), ("enrol-code", world.code())):
            tablet.click(field)
            tablet.type(text)
        tablet.click("enrol")
        tablet.wait_for("Waiting for the network")
        tablet.wait_for("What has come is kept.")
        tablet.wait_for(f"guide-{GUIDE}")
        assert world.link.cuts_left == 0


# ---------------------------------------------------------------- at the counter


def test_a_wrong_pin_counts_and_waits_also_over_a_restart(world: World) -> None:
    with open_tablet(world.enrolled("pins")) as tablet:
        tablet.click(f"guide-{GUIDE}")
        for left in ("2 tries left", "1 try left"):
            press(tablet, "111112")
            tablet.wait_for(f"Wrong PIN. {left}.")
        press(tablet, "111112")
        tablet.wait_for("Too many wrong PINs. Try again in")
        tablet.kill()
        tablet.start()
        tablet.click(f"guide-{GUIDE}")
        press(tablet, shop.PIN)
        tablet.wait_for("Too many wrong PINs. Try again in")
        tablet.wait_gone("Too many wrong PINs. Try again in")
        press(tablet, shop.PIN)
        tablet.wait_for("rail-Today")


def test_a_phone_that_is_none_and_a_code_that_nobody_knows_cost_nothing_typed(world: World) -> None:
    with open_tablet(world.enrolled("form")) as tablet:
        sign_in(tablet)
        tablet.click("quick-sign-up")
        tablet.click("phone")
        tablet.type("99999999999")
        tablet.wait_for("This is not a phone number. Please check the digits.")
        tablet.click("name")
        tablet.type("Synthetic Bo")
        tablet.scan("9990000000017")
        tablet.wait_for("This code is not known here: 9990000000017")
        assert_kept(tablet, "99999999999", "Synthetic Bo")
        assert "Phone number first" in tablet.texts(), "what still hinders saving"

        tablet.click("rail-Order")
        tablet.wait_for("product-card")
        tablet.click("product-card")
        tablet.wait_count("basket-line", 1)
        tablet.click("product-search")
        tablet.type("wipes")
        tablet.scan("9990000000024")
        tablet.wait_for("9990000000024")
        assert_kept(tablet, "wipes")
        assert tablet.count("basket-line") == 1
        tablet.click("rail-Members")
        tablet.click("quick-sign-up")
        tablet.wait_for("Synthetic Bo")
        assert_kept(tablet, "99999999999", "Synthetic Bo")


def test_an_expired_price_list_still_sells_at_the_promised_price(world: World) -> None:
    expire(world.chain)
    with open_tablet(world.enrolled("prices")) as tablet:
        sign_in(tablet)
        world.link.down()
        tablet.click("rail-Order")
        tablet.wait_for("has run out. Its prices stay promised; HQ settles any difference")
        tablet.click("product-card")
        tablet.wait_count("basket-line", 1)
        total = tablet.text_of("basket-total")
        tablet.click("place-order")
        tablet.wait_for("order-number")
        number = tablet.text_of("order-number").replace("-", "")
        world.link.up()
        orders = "select state, total from shop_order where number = %(n)s"
        until(lambda: bool(world.sql.rows(orders, n=number)), "the order at HQ")
        minor = int("".join(digit for digit in total if digit.isdigit()))
        assert world.sql.rows(orders, n=number) == [("accepted", minor)]


def expire(chain: shop.Chain) -> None:
    from hq.catalogue import services
    from hq.catalogue.models import PriceList

    kept = PriceList.objects.get(id=chain.list_id)
    kept.valid_until = datetime.now(UTC) - timedelta(hours=1)
    services.save_price_list(kept, {})


def until(condition: Callable[[], bool], what: str) -> None:
    for _ in range(300):
        if condition():
            return
        threading.Event().wait(0.1)
    raise AssertionError(f"{what} never came")


# ---------------------------------------------------------------- the disk


def test_what_the_disk_does_not_take_is_said_and_stays_on_the_screen(world: World) -> None:
    with small_disk(world.folder / "disk") as own:
        tablet = world.enrolled("disk")
        with open_tablet(tablet):
            sign_in(tablet)
            fill_form(tablet, "13900000001", "Synthetic One")
            with no_writes(tablet.pid):
                assert_not_saved(tablet, "the tablet's memory failed", "13900000001", "Synthetic One")
            tablet.click("save-member")
            tablet.wait_for("order-for-member")
            if own:
                fill_form(tablet, "13900000002", "Synthetic Two")
                tablet.close()  # its log goes into the file: the next write needs new room
                tablet.start()
                sign_in(tablet)
                tablet.click("quick-sign-up")
                tablet.wait_for("phone-good")
                with full(world.folder / "disk"):
                    assert_not_saved(tablet, "this tablet is full", "13900000002", "Synthetic Two")
                tablet.click("save-member")
                tablet.wait_for("order-for-member")
            held = "select count(*) from member where name in ('Synthetic One', 'Synthetic Two')"
            until(lambda: world.sql.one(held) == 1 + own, "the members at HQ")


def assert_not_saved(tablet: Tablet, why: str, *typed: str) -> None:
    tablet.click("save-member")
    tablet.wait_for(f"NOT saved: {why}")
    assert_kept(tablet, *typed)
    tablet.click("Close")


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """The folder as a disk of its own, of 24 MB; False where this account may not make one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    own = shutil.which("mount") is not None and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield own
    finally:
        if own:
            subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No room on the disk of the folder."""
    stone = folder / "stone"
    with stone.open("wb") as file, contextlib.suppress(OSError):
        while True:
            os.write(file.fileno(), bytes(PAGE))
    try:
        yield
    finally:
        stone.unlink()


@contextmanager
def no_writes(pid: int) -> Iterator[None]:
    """Every write of the process to any file fails."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


# ---------------------------------------------------------------- what keeps the app from opening


def lose_key(data: Path) -> None:
    (data / "keys" / "database.key").rename(data / "kept")


def change_key(data: Path) -> None:
    (data / "keys" / "database.key").write_bytes(bytes(32))


def make_newer(data: Path) -> None:
    newer = Migrations("local_store")

    @newer(name="m9999_later")
    def later(database: Database) -> None:
        database.conn.execute("CREATE TABLE later (x)")

    writer = connect(data / "store.db", (data / "keys" / "database.key").read_bytes(), cache_mb=1)
    newer.apply(Database(writer))
    writer.close()


def damage_the_middle(data: Path) -> None:
    """Every page but the first few has one wrong byte."""
    with (data / "store.db").open("r+b") as file:
        for page in range(8, (data / "store.db").stat().st_size // PAGE):
            file.seek(page * PAGE + 100)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0xFF]))


def crash_and_damage_a_page(data: Path) -> None:
    """The app was killed, and one page in the middle has one wrong byte."""
    database = data / "store.db"
    writer = connect(database, (data / "keys" / "database.key").read_bytes(), cache_mb=1)
    writer.execute("CREATE TABLE x (y)")
    left = {name: (data / name).read_bytes() for name in ("store.db", "store.db-wal")}
    writer.close()
    for name, held in left.items():
        (data / name).write_bytes(held)
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // PAGE // 2 * PAGE + 100)
        file.write(b"wrong")


TROUBLES: dict[str, tuple[Callable[[Path], None], str, bool]] = {
    "key_gone": (lose_key, "The data on this tablet cannot be opened", True),
    "wrong_key": (change_key, "The data on this tablet cannot be opened", True),
    "newer_version": (make_newer, "This app must be updated", False),
    "damaged": (damage_the_middle, "The data on this tablet is damaged", False),
    "damaged (quick_check)": (crash_and_damage_a_page, "The data on this tablet is damaged", False),
}


@pytest.mark.parametrize("code", TROUBLES)
def test_an_app_that_cannot_open_says_why_on_the_screen(world: World, whole: Path, code: str) -> None:
    spoil, title, hopeful = TROUBLES[code]
    data = world.folder / "spoilt"
    shutil.copytree(whole, data)
    spoil(data)
    with open_tablet(world.tablet("spoilt")) as tablet:
        tablet.wait_for(title)
        assert f"For support: {code}" in "\n".join(tablet.texts())
        assert tablet.sees("Try again") == hopeful
        tablet.click("segment-zh_CN")
        tablet.wait_for(f"技术支持信息：{code}")
        tablet.click("trouble-close")
        assert tablet.ended() == 1
    assert tablet.log.read_text(encoding="utf-8").strip(), "the command line hears of it too"


def test_another_try_opens_once_the_key_is_back(world: World, whole: Path) -> None:
    data = world.folder / "spoilt"
    shutil.copytree(whole, data)
    lose_key(data)
    with open_tablet(world.tablet("spoilt")) as tablet:
        tablet.click("trouble-again")
        tablet.wait_for("Try again")
        (data / "kept").rename(data / "keys" / "database.key")
        tablet.click("trouble-again")
        tablet.wait_for(f"guide-{GUIDE}")
        tablet.close()


def test_a_second_app_on_the_same_data_is_told_where_the_first_is(world: World) -> None:
    held: AbstractContextManager[None] = alone_in(world.folder / "twice")
    with held, open_tablet(world.tablet("twice")) as tablet:
        tablet.wait_for("Store Guide is open already")
        held.__exit__(None, None, None)
        tablet.click("trouble-again")
        tablet.wait_for("enrol-code")
