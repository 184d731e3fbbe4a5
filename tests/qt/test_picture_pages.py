"""Pictures on the pages: drawn tiles until they come, then the pictures, in every look; a sheet to see them large."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import FileRef, Names, Option, Picture, Product
from hq.files import pictures
from hq.load.drawings import draw
from sync import files
from sync.remote import Sender
from tests.qt.test_whole_app import faults, of_type, played
from tests.qt.viewmodels.fakes import FilesHere
from tests.qt.whole_app import App, outside
from tests.unit.local_store.fake_hq import uuid
from ui.runtime.pictures import address


class DrawnFiles:
    """HQ's files: drawn pictures, which come once the line is there."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.there = True

    def picture(self, key: str, label: str, view: int = 0) -> Picture:
        made = pictures.make(io.BytesIO(draw(key, label, view)))
        return Picture(thumb=self._kept(made.thumb), large=self._kept(made.large))

    def _kept(self, shown: pictures.Rendering) -> FileRef:
        name = hashlib.sha256(shown.content).hexdigest()
        self.content[name] = shown.content
        return FileRef(sha256=name, bytes=len(shown.content), width=shown.width, height=shown.height)

    async def fetch(self, sender: Sender, sha256: str, size: int, first: int) -> AsyncGenerator[bytes, None]:
        if not self.there:
            raise NoNetwork("no_network")
        yield self.content[sha256][first:]

    async def aclose(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LOOK_EVERY_S", 0.0), ("AGAIN_S", 0.01), ("KEEP_FREE", 0)):
        monkeypatch.setattr(files, name, value)


def with_pictures(running: App, source: DrawnFiles) -> list[str]:
    """Every product of the shop gets a drawn picture, the first one three."""
    changed = []
    rows = [(row_id, row.d) for (_, (entity, row_id)), row in running.hq.rows.items() if entity == "product"]
    for n, (row_id, _) in enumerate(sorted(rows)):
        record: Product = running.hq.record("product", row_id)
        views = (0, 1, 2) if n == 0 else (0,)
        drawn = tuple(source.picture(f"{record.sku}{view // 2}", record.names.en, view % 2) for view in views)
        fields = {name: getattr(record, name) for name in record.__struct_fields__}
        running.hq.publish("product", row_id, Product(**{**fields, "pictures": drawn}))
        changed.append(row_id)
    running.container.sync.nudge()
    return changed


def shown(running: App) -> list[bool]:
    """Of each product's tile on the screen: whether its picture is there."""
    return [bool(tile.property("there")) for tile in of_type(running.window.contentItem(), "ProductPicture")]


async def all_shown(running: App) -> None:
    await running.until(lambda: bool(shown(running)) and all(shown(running)), "every picture")


def test_the_catalogue_shows_tiles_and_then_pictures(qapp: object, tmp_path: Path) -> None:
    source = DrawnFiles()
    source.there = False

    async def play(running: App) -> None:
        await running.open("Order")
        with_pictures(running, source)
        order = running.model("Order")
        await running.until(lambda: all(row.looks for row in order.products.rows), "the products' pictures' names")
        await running.rest()
        assert shown(running)
        assert not any(shown(running))
        source.there = True
        running.container.sync.nudge()
        await all_shown(running)
        assert not (found := await faults(running, "CataloguePictures")), "\n".join(found)
        for row in list(order.products.rows)[:3]:
            order.take(row.key)
            await running.rest()
        await all_shown(running)
        assert not (found := await faults(running, "BasketPictures")), "\n".join(found)

    played(play, tmp_path, source)


def test_a_product_s_pictures_are_looked_at_one_after_another(qapp: object, tmp_path: Path) -> None:
    source = DrawnFiles()

    async def play(running: App) -> None:
        await running.open("Order")
        with_pictures(running, source)
        order = running.model("Order")
        await running.until(lambda: any(row.looks == 3 for row in order.products.rows), "three pictures")
        key = next(row.key for row in order.products.rows if row.looks == 3)
        order.look(key)
        await running.until(lambda: running.screen.navigator._sheet == "ProductPictures", "the sheet")
        await running.rest()
        (strip,) = called(running.window.contentItem(), "product-pictures")
        await running.until(lambda: _large(strip) > 1, "the large picture")
        assert not (found := await faults(running, "ProductPictures")), "\n".join(found)
        await running.rest()
        (strip,) = called(running.window.contentItem(), "product-pictures")  # another: the window was turned
        for expected in (1, 2, 2):
            await outside(lambda: QTest.keyClick(running.window, Qt.Key.Key_Right))
            await running.rest()
            assert strip.property("currentIndex") == expected
        before = len(order.lines.rows)
        order.takeLooked()
        await running.until(lambda: len(order.lines.rows) == before + 1, "the line in the basket")

    played(play, tmp_path, source)


def called(item: QQuickItem, name: str) -> list[QQuickItem]:
    """The items below one that have this object name."""
    below = [found for child in item.childItems() for found in called(child, name)]
    return [item, *below] if item.objectName() == name else below


def _large(strip: QObject) -> float:
    """How wide the picture that is looked at came."""
    item: Any = strip.property("currentItem")
    found = [child for child in item.childItems() if child.property("source") is not None] if item else []
    return float(found[0].implicitWidth()) if found else 0.0


def test_an_order_and_a_variant_show_theirs(qapp: object, tmp_path: Path) -> None:
    source = DrawnFiles()

    async def play(running: App) -> None:
        with_pictures(running, source)
        for n, size in enumerate(("66", "80")):
            option = Option(kind=Names(en="Size", zh="尺码"), value=Names(en=size, zh=size))
            suit = Product(
                names=Names(en="Bodysuit", zh="连体衣"), sku=f"SUIT-{n}", article="SUIT", options=(option,),
                pictures=(source.picture(f"SUIT-{n}", "Suit"),),
            )  # fmt: skip
            running.hq.publish("product", uuid(), suit)
        running.container.sync.nudge()
        order = running.model("Order")
        await running.open("Order")
        await running.until(lambda: any(row.key == "SUIT" for row in order.products.rows), "the suit")
        order.take("SUIT")
        await running.until(lambda: running.screen.navigator._sheet == "Variants", "the variants")
        await running.rest()
        await all_shown(running)
        assert not (found := await faults(running, "VariantPictures")), "\n".join(found)
        order.closeSheet()
        await running.rest()
        orders = running.model("Orders")
        await running.open("Orders")
        orders.choose(orders.found.rows[0].key)
        await running.rest()
        await all_shown(running)
        assert not (found := await faults(running, "OrderPictures")), "\n".join(found)

    played(play, tmp_path, source)


@pytest.mark.expects_log
def test_a_picture_is_its_own_address_and_what_cannot_be_read_has_none(qapp: object) -> None:
    here = FilesHere()
    content = pictures.make(io.BytesIO(draw("a", "A"))).large.content
    here.content = {"good": content, "bad": b"no picture"}
    kind, _, text = address(here, "good").partition(",")
    assert (kind, base64.b64decode(text)) == ("data:image/webp;base64", content)
    assert [address(here, name) for name in ("bad", "absent", "")] == ["", "", ""]
