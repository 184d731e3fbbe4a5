"""What shops nearby have: on the catalogue's cards, on the variants, and on a sheet of its own, in every look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from guide_app.domain.records import Names, NearStock, Option, Product, Stock
from tests.qt.test_picture_pages import called
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App
from tests.unit.local_store.fake_hq import uuid

AGO = "2026-11-21T01:00:00.000Z"


def near() -> tuple[NearStock, ...]:
    return (
        NearStock(store_id=uuid(), at=Names(en="Nanjing Road East", zh="南京东路店"), on_hand=4, as_of=AGO),
        NearStock(store_id=uuid(), at=Names(en="Xujiahui", zh="徐家汇店"), on_hand=10, as_of=AGO, more=True),
    )


def test_what_is_gone_here_and_there_nearby_is_seen_with_its_age(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await running.open("Order")
        order = running.model("Order")
        await running.until(lambda: bool(order.products.rows), "the cards")
        key = order.products.rows[0].key
        for n, (here, around) in enumerate(((0, near()), (3, near()[:1]), (5, ()))):
            stock = Stock(on_hand=here, as_of=AGO, near=around)
            running.hq.publish("stock", order.products.rows[n].key, stock)
        running.container.sync.nudge()
        await running.until(lambda: [row.near for row in order.products.rows[:3]] == [2, 1, 0], "what is near")
        assert not (found := await faults(running, "NearCards")), "\n".join(found)
        buttons = [one for one in called(running.window.contentItem(), "near") if one.isVisible()]
        assert len(buttons) == 2
        order.lookAround(key)
        await running.until(lambda: running.screen.navigator._sheet == "NearStock", "the sheet")
        await running.rest()
        told: list[Any] = order.lookedStock
        assert [(row["shop"], row["pieces"]) for row in told] == [
            ("This shop", "0"), ("Nanjing Road East", "4"), ("Xujiahui", "10 or more"),
        ]  # fmt: skip
        assert all(row["age"] for row in told)
        assert not (found := await faults(running, "NearStock")), "\n".join(found)

    played(play, tmp_path)


def test_a_variant_says_where_else_it_is(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        for n, size in enumerate(("66", "80")):
            option = Option(kind=Names(en="Size", zh="尺码"), value=Names(en=size, zh=size))
            names = Names(en="Bodysuit", zh="连体衣")
            suit, product_id = Product(names=names, sku=f"SUIT-{n}", article="SUIT", options=(option,)), uuid()
            running.hq.publish("product", product_id, suit)
            running.hq.publish("stock", product_id, Stock(on_hand=n, as_of=AGO, near=near() if n == 0 else ()))
        await running.open("Order")
        running.container.sync.nudge()
        order = running.model("Order")
        order.search("bodysuit")
        await running.until(lambda: any(row.variants == 2 for row in order.products.rows), "the article")
        card = next(row for row in order.products.rows if row.variants == 2)
        assert card.near == 0, "its variants say it"
        order.take(card.key)
        await running.until(lambda: running.screen.navigator._sheet == "Variants", "the variants")
        await running.rest()
        first, second = order.variants.rows
        assert first.near.startswith("Nanjing Road East: 4, ")
        assert "Xujiahui: 10 or more, " in first.near
        assert second.near == ""
        assert not (found := await faults(running, "NearVariants")), "\n".join(found)

    played(play, tmp_path)
