"""The library's page in every look, what a customer sees on the whole screen, and the way back by PIN alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import MaterialUse
from guide_app.services.ports.library import MaterialRow
from sync import files
from sync.protocol import file_lists, share
from tests.qt.shown_library import Drawn, MemoryLibrary, a_library, drawn, row_of
from tests.qt.test_frame import words
from tests.qt.test_picture_pages import DrawnFiles, called
from tests.qt.test_whole_app import Play, faults, played
from tests.qt.walker import controls
from tests.qt.whole_app import PIN, App, outside
from tests.real_films import real
from tests.unit.local_store.fake_hq import KEY, uuid
from ui.runtime import pages
from ui.runtime.film import FilmPlayer
from ui.runtime.pages import Wires
from ui.viewmodels.base import ViewModel
from ui.viewmodels.library import LibraryViewModel
from ui.viewmodels.material import LibraryPorts


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LOOK_EVERY_S", 0.0), ("AGAIN_S", 0.01), ("KEEP_FREE", 0)):
        monkeypatch.setattr(files, name, value)


class Room:
    """A tablet's library in memory, with what was copied out of it."""

    def __init__(self) -> None:
        self.source = Drawn(SystemClock().now())
        self.library = MemoryLibrary(a_library(self.source), to_text(SystemClock().now()))
        self.copied: list[str] = []
        self.opened: list[str] = []

    def id(self, n: int) -> str:
        return self.library.rows[n].material.material

    def read(self, sha256: str) -> bytes | None:
        self.opened.append(sha256)
        return self.source.content.get(sha256)

    def made(self, w: Wires) -> ViewModel:
        import ui.runtime.film_view  # noqa: F401

        c, do, read = w.container, w.container.do, w.container.read
        ports = LibraryPorts(
            reader=self.library, doing=self.library, members=read.members, catalogue=read.catalogue, shop=read.shop,
            talks=do.talks,
        )  # fmt: skip
        player = FilmPlayer(self.read, w.desk.spawn)
        model = LibraryViewModel(w.desk, ports, do.session, c.journal, self.copied.append, player)
        player.setParent(model)
        model.showAsked.connect(w.shell.showCustomer)
        return model


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room()
    monkeypatch.setattr(pages, "PAGES", {**pages.PAGES, "Library": room.made})
    return room


def in_the_library(play: Play, room: Room, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole(running: App) -> None:
        monkeypatch.setattr(running.container.files, "read", room.read)
        await running.open("Library")
        await play(running)

    played(whole, folder)


def one(running: App, name: str) -> QQuickItem:
    (item,) = (item for item in called(running.window.contentItem(), name) if item.isVisible())
    return item


async def tap(running: App, name: str) -> None:
    item = one(running, name)
    middle = item.mapToScene(QPoint(int(item.width() / 2), int(item.height() / 2))).toPoint()
    await outside(lambda: QTest.mouseClick(running.window, Qt.MouseButton.LeftButton, pos=middle))
    await running.rest()


async def key(running: App, which: Qt.Key) -> None:
    await outside(lambda: QTest.keyClick(running.window, which))
    await running.rest()


async def chosen(running: App, room: Room, n: int) -> Any:
    model = running.model("Library")
    model.choose(room.id(n))
    await running.rest()
    return model


@pytest.mark.parametrize("name", ["Library", "LibraryChosen", "LibraryText", "LibraryWithdrawn", "LibraryFilters"])
def test_the_page_in_every_look(
    name: str, room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(running: App) -> None:
        shown = {"LibraryChosen": 0, "LibraryText": 9, "LibraryWithdrawn": 8}
        if name in shown:
            await chosen(running, room, shown[name])
        if name == "LibraryFilters":
            running.model("Library").askFilters()
            await running.rest()
        assert not (found := await faults(running, name)), "\n".join(found)

    in_the_library(play, room, tmp_path, monkeypatch)


@pytest.mark.parametrize("name", ["LookMaterial", "ShowMaterial", "ShowMaterialPin"])
def test_a_material_whole_in_every_look(
    name: str, room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(running: App) -> None:
        model = await chosen(running, room, 0)
        if name == "LookMaterial":
            model.look()
        else:
            model.show()
        await running.rest()
        if name == "ShowMaterialPin":
            running.model("ShowMaterial").askPin()
            await running.rest()
        assert not (found := await faults(running, name)), "\n".join(found)

    in_the_library(play, room, tmp_path, monkeypatch)


def test_keys_a_double_tap_and_buttons_turn_pages_and_zoom(
    room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(running: App) -> None:
        await chosen(running, room, 0)
        await tap(running, "material-look")
        strip = one(running, "material-pages")
        for which, expected in (
            (Qt.Key.Key_Right, 1),
            (Qt.Key.Key_Space, 2),
            (Qt.Key.Key_Left, 1),
            (Qt.Key.Key_Home, 0),
        ):
            await key(running, which)
            assert strip.property("currentIndex") == expected
        pane: Any = strip.property("currentItem")
        await key(running, Qt.Key.Key_Plus)
        assert pane.property("contentWidth") == pytest.approx(1.5 * pane.width())
        assert not strip.property("interactive"), "a swipe moves the enlarged page"
        await key(running, Qt.Key.Key_0)
        middle = strip.mapToScene(QPoint(int(strip.width() / 2), int(strip.height() / 2))).toPoint()
        await outside(lambda: QTest.mouseDClick(running.window, Qt.MouseButton.LeftButton, pos=middle))
        await running.rest()
        assert pane.property("zoom") > 1
        await tap(running, "page-after")
        assert (strip.property("currentIndex"), pane.property("zoom")) == (1, 1), "the next page is whole again"

    in_the_library(play, room, tmp_path, monkeypatch)


def test_what_must_be_read_is_confirmed_only_once_its_end_was_seen(
    room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(running: App) -> None:
        model = await chosen(running, room, 0)
        model.confirm()
        await running.rest()
        assert (room.library.done, model.found.rows[0].must) == ([], "Must read")
        await tap(running, "material-look")
        await key(running, Qt.Key.Key_Right)
        assert not one(running, "look-confirm").isEnabled()
        await key(running, Qt.Key.Key_End)
        await tap(running, "look-confirm")
        assert room.library.done == [("read", room.id(0), 1)]
        assert next(row.must for row in model.found.rows if row.key == room.id(0)) == "Read"

    in_the_library(play, room, tmp_path, monkeypatch)


def test_the_customer_sees_it_and_nothing_of_the_shop_s_until_the_guide_s_pin(
    room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(running: App) -> None:
        await chosen(running, room, 0)
        await tap(running, "material-show")
        shell = running.screen.pages.shell
        assert shell.standing == "shown"
        assert room.library.done == [("shown", room.id(0), 1)], "which version was shown is noted"
        seen = words(running.window) + " ".join(controls(running.window.contentItem()))
        assert not [name for name in ("林晓棠", "Wutong", "Today", "Members", "Must read") if name in seen], seen
        for which in (Qt.Key.Key_Escape, Qt.Key.Key_Back):
            await key(running, which)
        shell.scanned("6900000000000")
        await running.rest()
        assert (shell.standing, running.screen.navigator._sheet) == ("shown", "")
        await tap(running, "take-back")
        assert not called(running.window.contentItem(), "material-pages"), "it is not even behind the pad"
        for digit in "000000":
            running.model("ShowMaterial").pad.digit(digit)
        await running.rest()
        assert shell.standing == "shown"
        for digit in PIN:
            running.model("ShowMaterial").pad.digit(digit)
        await running.until(lambda: shell.standing == "work", "the guide's return")
        await running.rest()
        assert (running.screen.navigator._page, running.model("Library").title) == (
            "Library",
            "Winter skin in three steps",
        )

    in_the_library(play, room, tmp_path, monkeypatch)


def test_what_is_withdrawn_while_a_customer_looks_leaves_the_screen(
    room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(running: App) -> None:
        model = await chosen(running, room, 0)
        model.show()
        await running.rest()
        assert one(running, "shown-material")
        room.library.withdraw(0)
        running.model("ShowMaterial")._again.timeout.emit()
        await running.rest()
        assert not [item for item in called(running.window.contentItem(), "shown-material") if item.isVisible()]
        assert model.pages == []
        assert "Please hand the tablet back" in words(running.window)

    in_the_library(play, room, tmp_path, monkeypatch)


def test_paging_through_a_thousand_pictures_keeps_memory_bounded(
    room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.library.rows = [row_of(room.source.material(7)) for _ in range(1000)]
    weights = [drawn(n % 6, (320, 200)) + bytes(36_000) + str(n).encode() for n in range(1000)]
    room.library.rows = [_with_thumb(room, row, n, weights[n]) for n, row in enumerate(room.library.rows)]

    async def play(running: App) -> None:
        pictures = running.screen._pictures
        grid, most, alive = one(running, "library-grid"), 0, 0
        model: Any = running.model("Library")
        while True:
            most = max(most, sum(map(len, pictures._open.values())))
            alive = max(alive, len(called(running.window.contentItem(), "material")))
            end = float(grid.property("contentHeight")) - grid.height()
            if float(grid.property("contentY")) >= end - 1 and len(model.found.rows) == 1000:
                break
            grid.setProperty("contentY", min(end, float(grid.property("contentY")) + 2 * grid.height()))
            await running.rest()
        thumbs = {row.material.files[0].sha256 for row in room.library.rows}
        assert len(thumbs & set(room.opened)) > 400, "they were really looked at"
        assert most <= 16 << 20, most
        assert alive <= 60, alive

    in_the_library(play, room, tmp_path, monkeypatch)


def _with_thumb(room: Room, row: MaterialRow, n: int, content: bytes) -> MaterialRow:
    made = (room.source.file(content, "thumb"),)
    return msgspec.structs.replace(row, material=msgspec.structs.replace(row.material, files=made))


@pytest.mark.qt_log_ignore("PulseAudioService", "No RHI backend")
def test_a_film_is_played_held_and_sought_from_the_tablet_s_own_file(
    room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = real(black=10, length=30)
    made = (room.source.file(film, "video", seconds=3), room.source.file(drawn(1, (320, 200)), "thumb"))
    row = room.library.rows[1]
    changed = msgspec.structs.replace(row.material, files=made, must_read=True)
    room.library.rows[1] = msgspec.structs.replace(row, material=changed)
    pictures: list[QImage] = []

    async def play(running: App) -> None:
        model = await chosen(running, room, 1)
        model.player.framed.connect(pictures.append)
        model.look()
        await running.rest()
        view: Any = one(running, "film")
        await running.until(lambda: view.property("begun"), "the first picture")
        await running.until(lambda: view.property("length") > 2_000, "its length")
        assert not model.endSeen
        view.toggle()
        await running.until(lambda: not view.property("playing"), "that it stands still")
        await running.rest()
        (stood, seen) = (view.property("at"), len(pictures))
        await running.rest()
        assert (view.property("at"), len(pictures)) == (stood, seen)
        view.seek(2_000)
        await running.until(lambda: view.property("at") >= 1_900, "the place sought")
        view.toggle()
        await running.until(lambda: model.endSeen, "its end")
        colour = pictures[-1].pixelColor(pictures[-1].width() // 4, pictures[-1].height() // 2)
        assert colour.red() > 150 > colour.blue(), "its left half is red"
        model.closeSheet()
        await running.rest()
        assert model.player._player is None, "the film and its memory are let go"

    in_the_library(play, room, tmp_path, monkeypatch)


@pytest.mark.expects_log
def test_a_film_that_cannot_be_played_says_so(
    room: Room, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(running: App) -> None:
        model = await chosen(running, room, 1)
        model.look()
        await running.until(lambda: model.player.broken, "that it is broken")
        await running.rest()
        assert "cannot be played here" in words(running.window)
        assert not model.endSeen

    in_the_library(play, room, tmp_path, monkeypatch)


def test_what_hq_publishes_is_shown_read_and_kept_and_hq_hears_of_it(qapp: object, tmp_path: Path) -> None:
    source = Drawn(SystemClock().now())
    here = DrawnFiles()
    here.content = source.content
    must, other = source.material(0, must_read=True), source.material(2)

    async def play(running: App) -> None:
        await running.open("Library")
        model = running.model("Library")
        assert model.empty
        for one_of_them in (must, other):
            running.hq.publish("material", uuid(), file_lists.sign(KEY, one_of_them))
        running.container.sync.nudge()
        await running.until(lambda: [t.standing for t in model.found.rows] == ["On this tablet"] * 2, "the files")
        assert [tile.must for tile in model.found.rows] == ["Must read", ""]
        model.choose(must.material)
        await running.until(lambda: model.showable, "the material")
        model.keep()
        model.show()
        await running.until(lambda: bool(called(running.window.contentItem(), "shown-material")), "the whole screen")
        running.screen.pages.shell.handedBack()
        model.sawEnd()
        model.confirm()
        await running.until(lambda: model.read, "the confirmation")
        assert (model.favourite, model.found.rows[0].must) == (True, "Read")
        await running.until(lambda: _used(running) == (must.material, True, 1, 1), f"HQ's word of it: {_used(running)}")

    played(play, tmp_path, here)


def test_what_must_be_read_stands_on_today_and_one_tap_opens_it_with_no_network(qapp: object, tmp_path: Path) -> None:
    source = Drawn(SystemClock().now())
    here = DrawnFiles()
    here.content = source.content
    must = [source.material(n, must_read=True) for n in (0, 2, 4)]

    async def play(running: App) -> None:
        today = running.model("Today").must
        assert not today.count
        for one_of_them in must:
            running.hq.publish("material", uuid(), file_lists.sign(KEY, one_of_them))
        running.container.sync.nudge()
        await running.until(lambda: [t.standing for t in today.found.rows] == ["On this tablet"] * 3, "the files")
        await running.open("Today")
        assert (today.count, today.found.rows[0].key) == (3, must[0].material)
        running.remote.problem = NoNetwork("no_network")
        (first, *_) = (item for item in called(running.window.contentItem(), "must-read") if item.isVisible())
        middle = first.mapToScene(QPoint(int(first.width() / 2), int(first.height() / 2))).toPoint()
        await outside(lambda: QTest.mouseClick(running.window, Qt.MouseButton.LeftButton, pos=middle))
        await running.rest()
        await key(running, Qt.Key.Key_End)
        await tap(running, "look-confirm")
        await running.until(lambda: today.count == 2, "that it is gone from Today")
        assert must[0].material not in [tile.key for tile in today.found.rows]
        await running.open("Today")
        running.screen.toasts.close()  # it was said in the language of then
        await running.rest()
        assert not (found := await faults(running, "TodayMustReads")), "\n".join(found)

    played(play, tmp_path, here)


def _used(running: App) -> tuple[str, bool, int, int] | None:
    """What HQ knows of a guide and a material: which, kept, the version read, the version shown."""
    known = [ref.id for (_, ref) in running.hq.rows if ref.entity == "material_use"]
    if not known:
        return None
    use: MaterialUse = running.hq.record("material_use", known[0])
    return use.material, use.favourite, use.read, use.shown


def test_a_customer_takes_it_home_offline_and_the_member_s_story_says_so(qapp: object, tmp_path: Path) -> None:
    source = Drawn(SystemClock().now())
    said = source.material(0)

    async def play(running: App) -> None:
        row = (await running.container.read.members.search("许安然"))[0]
        running.hq.publish("material", uuid(), file_lists.sign(KEY, said))
        running.container.sync.nudge()
        await running.open("Library")
        model = running.model("Library")
        await running.until(lambda: len(model.found.rows) == 1, "the material")
        running.remote.problem = NoNetwork("no_network")
        await running.open("Library", memberId=row.id)
        model.narrow("all", "")
        model.choose(said.material)
        model.everything()
        await running.open("Library", memberId=row.id, materialId=said.material)
        await running.until(lambda: model.shareable and model.memberName == "许安然", "the material for them")
        await tap(running, "material-share")
        sheet = running.model("ShareMaterial")
        await running.until(lambda: sheet.link, "the link")
        await running.rest()
        base, _, text = sheet.link.rpartition(share.WAY)
        token = share.read(text).token
        assert (base, token.material, token.of_member) == ("https://hq.example.com", said.material, True)
        code = one(running, "share-qr")
        assert code.property("side") * 6 <= code.width(), "each module has six pixels or more"
        assert not (found := await faults(running, "ShareMaterial")), "\n".join(found)
        await key(running, Qt.Key.Key_Escape)
        assert running.screen.navigator._sheet == ""
        await running.open("Members", memberId=row.id)
        await running.until(lambda: "Shared: Winter skin in three steps" in words(running.window), "the story")

    played(play, tmp_path)
