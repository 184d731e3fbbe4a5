"""The catalogue on the order page, its variants and the camera, in every look a person may choose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from guide_app.domain.records import Category, Names, Option, Price, Product, Stock
from tests.qt.runtime.test_camera import EAN, Frames, picture
from tests.qt.test_whole_app import faults, of_type, played
from tests.qt.whole_app import App, outside
from tests.unit.local_store.fake_hq import uuid
from ui.runtime.camera import Trouble

SUIT = (("66", "Cream", "米白"), ("80", "Cream", "米白"), ("80", "Misty blue", "雾蓝"), ("100", "Misty blue", "雾蓝"))


async def with_suit(running: App) -> str:
    """A suit in four variants, in a category below one of the top; the id of that one."""
    (list_id,) = [row_id for (_, (entity, row_id)), _ in running.hq.rows.items() if entity == "price_list"]
    top, below = next(row_id for (_, (entity, row_id)), _ in running.hq.rows.items() if entity == "category"), uuid()
    names = Names(en="Bodysuits", zh="连体衣")
    running.hq.publish("category", below, Category(names=names, parent_id=top))
    for n, (size, en, zh) in enumerate(SUIT):
        options = (
            Option(kind=Names(en="Size", zh="尺码"), value=Names(en=size, zh=size)),
            Option(kind=Names(en="Colour", zh="颜色"), value=Names(en=en, zh=zh)),
        )
        called = Names(en="Muslin bodysuit with long sleeves", zh="纱布长袖连体衣")
        product = uuid()
        running.hq.publish(
            "product",
            product,
            Product(names=called, sku=f"BODY-{n}", category_id=below, article="BODY", options=options),
        )
        running.hq.publish("price", uuid(), Price(list=list_id, product=product, amount=13900 + 1000 * n))
        running.hq.publish("stock", product, Stock(on_hand=2 * n))
    running.container.sync.nudge()
    order = running.model("Order")
    await running.open("Order")
    await running.until(lambda: any(row.key == "BODY" for row in order.products.rows), "the suit")
    return top


def test_variants_shelves_and_the_way_through_the_categories(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        top = await with_suit(running)
        order = running.model("Order")
        order.choose(top)
        await running.rest()
        order.chooseSub(order.subcategories.rows[0].key)
        await running.rest()
        assert not (found := await faults(running, "CatalogueBelow")), "\n".join(found)
        order.choose("*favourites")
        await running.rest()
        assert not (found := await faults(running, "FavouritesNone")), "\n".join(found)
        order.choose("")
        await running.rest()
        order.toggleFavourite("BODY")
        order.take("BODY")
        await running.rest()
        await running.until(lambda: running.screen.navigator._sheet == "Variants", "the variants")
        assert not (found := await faults(running, "Variants")), "\n".join(found)
        await by_keyboard(running)

    played(play, tmp_path)


async def by_keyboard(running: App) -> None:
    """The arrow keys and Enter choose a variant."""
    order = running.model("Order")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        await outside(lambda key=key: QTest.keyClick(running.window, key))  # type: ignore[misc]  # a default
        await running.rest()
    assert [(row.name, row.detail) for row in order.lines.rows] == [
        ("Muslin bodysuit with long sleeves", "80 · Cream")
    ]  # fmt: skip
    assert running.screen.navigator._sheet == ""


@pytest.mark.parametrize(("trouble", "name"), [("", "Scan"), ("no_camera", "ScanNoCamera"), ("refused", "ScanRefused")])
def test_the_camera_in_words_and_pictures(
    trouble: str, name: str, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = Frames(cast(Trouble, trouble) if trouble else None)
    monkeypatch.setattr("ui.runtime.frames.QtFrames", lambda: frames)

    async def play(running: App) -> None:
        await running.open("Order")
        running.model("Order").openCamera()
        await running.rest()
        if not trouble:
            await seen(running, frames.framed)
        assert not (found := await faults(running, name)), "\n".join(found)
        running.model("Scan").close()
        await running.rest()
        assert not frames.running

    played(play, tmp_path)


async def seen(running: App, framed: Callable[[QImage], None]) -> None:
    """Two pictures of a code come: nobody here has it, and the sheet stays."""
    for _ in range(2):
        framed(picture(EAN, turned=7))
        await running.until(lambda: not running.model("Scan").camera._looking, "the look")
    await running.rest()
    running.screen.toasts.close()
    assert running.model("Scan")._last == EAN
    assert running.screen.navigator._sheet == "Scan"
    assert [view.isVisible() for view in of_type(running.window.contentItem(), "Scan")] == [True]
