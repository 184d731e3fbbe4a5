"""A tablet whose disk, file or key fails, or our own code: the screen says so and what to do, nothing typed is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from guide_app.adapters.instance import alone_in
from local_store.connection import connect
from tests.e2e.street import GUIDE, World, assert_kept, enrol, fill_form, open_tablet, sign_in, until
from tests.e2e.tablet import Tablet

PAGE = 4096


@pytest.fixture(scope="module")
def whole(street: World) -> Path:
    """The data folder of an enrolled tablet, closed well; to be copied."""
    street.link.to(street.port)
    street.link.up()
    data = street.folder / "whole"
    asyncio.run(enrol(data, street.link.url, street.code()))
    return data


# ---------------------------------------------------------------- the disk


SETTLED_S = 1.0


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
    time.sleep(SETTLED_S)  # the draft of the form may have failed first: the member's own write must fail too
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
    """The app was killed, and one page behind the middle has wrong bytes."""
    database = data / "store.db"
    writer = connect(database, (data / "keys" / "database.key").read_bytes(), cache_mb=1)
    writer.execute("CREATE TABLE x (y)")
    left = {name: (data / name).read_bytes() for name in ("store.db", "store.db-wal")}
    writer.close()
    for name, held in left.items():
        (data / name).write_bytes(held)
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // PAGE * 2 // 3 * PAGE + 100)
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


# ---------------------------------------------------------------- our own mistakes


def test_a_defect_is_said_and_logged_and_the_work_goes_on(world: World) -> None:
    with open_tablet(world.enrolled("defect")) as tablet:
        sign_in(tablet)
        fill_form(tablet, "13900000003", "Synthetic Three")
        tablet.fail()
        tablet.wait_for("Something went wrong that should not.")
        assert_kept(tablet, "13900000003", "Synthetic Three")
        tablet.click("Close")
        tablet.click("save-member")
        tablet.wait_for("order-for-member")
        tablet.close()
    log = "".join(path.read_text(encoding="utf-8") for path in (world.folder / "defect" / "logs").iterdir())
    assert "a mistake made on purpose" in log
