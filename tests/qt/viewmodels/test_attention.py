"""The attention list: each kind has its words and its repairs, and what cannot be taken back waits for an undo."""

from __future__ import annotations

from typing import Any, cast

import pytest

from guide_app.operations.members import Edit
from guide_app.services.attention import Repair
from guide_app.services.baskets import Basket
from guide_app.services.ports.engine import AttentionRow
from tests.qt.viewmodels.fakes import Counter, troubles
from ui.viewmodels.attention import AttentionViewModel
from ui.viewmodels.soon import UNDO_MS

LEFT = ["Charge anew", "They are back", "Given up as lost", "Open the order"]


@pytest.fixture
def page(counter: Counter) -> Any:
    counter.shelf.things = troubles()
    model = AttentionViewModel(
        counter.desk,
        counter.attention,
        counter.reopened.append,
        counter.state,
        counter.session,
        counter.any_shelf,
        "key_file",
    )
    counter.sign_in()
    model.open()
    return model


def fire(page: Any, key: str) -> None:
    """The time for an undo is over."""
    timer = page._pending.waiting[key]
    assert timer.interval() == UNDO_MS
    timer.stop()
    timer.timeout.emit()


def test_each_kind_has_its_words_and_buttons(page: Any) -> None:
    shown = {row.key: (row.title, row.what, row.labels) for row in page.lines.rows}
    assert shown == {
        "r": ("HQ could not take this", "New member 唐雨桐", ["Correct and sign up again", "I have seen it"]),
        "c": (
            "Two people changed one thing",
            'Birthday: HQ has "05-01", somebody also typed "05-02"',
            ['Take "05-02"', 'Keep "05-01"'],
        ),
        "o": ("Out of stock", "", ["Another way", "Wait for the goods", "Cancel the order"]),
    }


def test_what_needs_nobody_stands_apart(page: Any) -> None:
    assert [row.label for row in page.filters.rows] == ["Need you 3", "With HQ 1", "Settled 1"]
    page.setFilter("hq")
    assert [(row.key, row.repairs) for row in page.lines.rows] == [("p", [])]
    page.setFilter("settled")
    assert [row.repairs for row in page.lines.rows] == [["open_member", "seen"]]


def test_a_refused_sign_up_is_corrected_with_what_was_typed(counter: Counter, page: Any) -> None:
    page.repair("r", "correct_sign_up")
    assert counter.heard.pages == [("SignUp", {"attentionKey": "r"})]


def test_a_conflict_is_settled_and_can_be_settled_back(counter: Counter, page: Any) -> None:
    page.repair("c", "take_theirs")
    assert counter.heard.undo is not None
    counter.heard.undo()
    edits = [cast(Edit, draft.body).set["birthday"] for _, draft in counter.shelf.drafts]
    assert [(edit.old, edit.new) for edit in edits] == [("05-01", "05-02"), ("05-02", "05-01")]


def test_an_order_is_cancelled_only_after_the_time_for_an_undo(counter: Counter, page: Any) -> None:
    page.repair("o", "cancel_order")
    assert "o" not in [row.key for row in page.lines.rows]
    assert counter.shelf.drafts == []
    fire(page, "o")
    assert [draft.kind for _, draft in counter.shelf.drafts] == ["order.cancel"]


def test_an_undo_brings_the_row_back(counter: Counter, page: Any) -> None:
    page.repair("o", "cancel_order")
    assert counter.heard.undo is not None
    counter.heard.undo()
    assert "o" in [row.key for row in page.lines.rows]
    assert counter.shelf.drafts == []


def test_a_lock_in_between_is_said(counter: Counter, page: Any) -> None:
    page.repair("o", "cancel_order")
    counter.session.lock()
    assert counter.heard.said[-1] == "1 thing(s) stay on the list: the tablet was locked before"
    assert counter.shelf.drafts == []


def test_a_row_that_was_read_goes(counter: Counter, page: Any) -> None:
    page.setFilter("settled")
    page.repair("m", "seen")
    fire(page, "m")
    assert counter.shelf.dismissed == ["m"]
    assert page.nothing


def test_only_the_rows_own_repairs_are_taken(counter: Counter, page: Any) -> None:
    page.repair("p", "seen")
    page.repair("c", "cancel_order")
    page.repair("nobody", "seen")
    assert (counter.shelf.drafts, counter.heard.said) == ([], [])


def test_the_tablets_state_stands_beside_it(counter: Counter, page: Any) -> None:
    assert page.stateTitle == "In step with HQ"
    assert [(row.key, row.value) for row in page.facts.rows] == [("waiting", "0"), ("needs", "5")]
    assert ("members", "100,312") in [(row.key, row.value) for row in page.held.rows]
    assert "no key store" in page.keyWarning
    page.syncNow()
    assert counter.link.nudges == 1


@pytest.mark.parametrize(
    ("kind", "labels", "repair"),
    [
        ("way_too_late", ["They have left", "They are still here", "Open the order"], "goods_left"),
        ("way_too_late", ["They have left", "They are still here", "Open the order"], "goods_here"),
        ("way_of_hq", ["Done, I know", "Open the order"], "way_seen"),
        ("left_cancelled", LEFT, "goods_back"),
        ("left_cancelled", LEFT, "goods_given_up"),
        ("settled_twice", ["Open the order", "It is settled"], "settled_seen"),
    ],
)
def test_goods_that_were_to_go_two_ways_are_settled_by_one_tap(
    counter: Counter, page: Any, monkeypatch: pytest.MonkeyPatch, kind: str, labels: list[str], repair: str
) -> None:
    settled: list[tuple[str, str]] = []

    async def settle(row: AttentionRow, what: Repair) -> None:
        settled.append((row.order_id, what))

    monkeypatch.setattr(counter.attention, "settle_goods", settle)
    counter.shelf.things = [AttentionRow(key="g", kind=kind, code=kind, at="", order_id="o1", order_number="7")]
    page.open()
    (line,) = page.lines.rows
    assert (line.labels, line.about) == (labels, "Order 7")
    assert line.icon == ("receipt" if kind == "settled_twice" else "truck")
    page.repair("g", repair)
    assert settled == [], "not before the time for its undo is over"
    fire(page, "g")
    assert settled == [("o1", repair)]


def test_goods_that_left_are_charged_anew_by_a_basket_of_them(
    counter: Counter, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def basket(row: AttentionRow) -> Basket:
        return Basket(order_id="new", guide_id="g", charges=row.order_id, charges_number=row.order_number)

    monkeypatch.setattr(counter.attention, "charge_anew", basket)
    row = AttentionRow(key="g", kind="left_cancelled", code="left_cancelled", at="", order_id="o1", order_number="7")
    counter.shelf.things = [row]
    page.open()
    page.repair("g", "charge_anew")
    assert [one.charges for one in counter.reopened] == ["o1"]
    assert counter.heard.pages[-1][0] == "Order"


def test_the_order_that_charged_a_second_time_is_opened(counter: Counter, page: Any) -> None:
    counter.shelf.things = [
        AttentionRow(key="g", kind="settled_twice", code="settled_twice", at="", order_id="o1", charged_by="o2")
    ]
    page.open()
    page.repair("g", "open_order")
    assert counter.heard.pages[-1] == ("Orders", {"orderId": "o2"})
