"""The basket's note: kept while it is typed, and for this basket alone."""

from __future__ import annotations

from pathlib import Path

from tests.qt.taps import Hand
from tests.qt.test_sign_up_page import named
from tests.qt.test_whole_app import of_type, played
from tests.qt.whole_app import App


def test_a_note_is_kept_while_it_is_typed(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order, hand = running.model("Order"), Hand(running)
        rows = await running.container.read.catalogue.search("", limit=1)
        await running.open("Order")
        order.add(rows[0].id, 1)
        await running.until(lambda: order.pieces == 1, "the piece")
        for page in of_type(running.window.contentItem(), "Order"):
            assert page.setProperty("basketOpen", True)
        await running.rest()
        await hand.tap("basket-note-shown")
        await hand.types("blue")
        await running.until(lambda: order.note.lower() == "blue", "the note, though the field still has the focus")
        await hand.types(" ok")
        await hand.tap("put-aside")
        await running.until(lambda: order.heldCount == 1, "the basket put aside")
        await running.rest()
        assert [row.note.lower() for row in order.held.rows] == ["blue ok"]
        order.add(rows[0].id, 1)
        await running.until(lambda: order.pieces == 1, "the next basket")
        await running.rest()
        field = named(running.window.contentItem(), "basket-note")
        assert (order.note, field and field.property("text")) in [("", ""), ("", None)]

    played(play, tmp_path)
