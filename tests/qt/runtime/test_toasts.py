"""What is said in passing: the newest counts, its undo works once, and it goes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from guide_app.domain.errors import NoNetwork, StoreUnusable
from ui.runtime.toasts import GRAVE_S, PROBLEM_S, SHOWN_S, Toasts
from ui.viewmodels.problems import problem_words


@pytest.fixture
def toasts(qapp: object) -> Iterator[Any]:
    toasts = Toasts()
    yield toasts
    toasts.close()


def pass_a_second(toasts: Any) -> None:
    """The second passes at once, by the toast's own clock."""
    timer = toasts.findChild(QTimer)
    assert timer is not None
    assert timer.isActive()
    timer.timeout.emit()


def test_undo_works_once_and_closes(toasts: Any) -> None:
    undone: list[bool] = []
    toasts.say("Order cancelled", lambda: undone.append(True))
    assert (toasts.text, toasts.tone, toasts.undoable) == ("Order cancelled", "plain", True)
    toasts.undo()
    toasts.undo()
    assert undone == [True]
    assert (toasts.text, toasts.undoable) == ("", False)


def test_it_counts_down_and_then_there_is_no_way_back(toasts: Any) -> None:
    undone: list[bool] = []
    toasts.say("Order cancelled", lambda: undone.append(True))
    left = []
    while toasts.text:
        left.append(toasts.secondsLeft)
        pass_a_second(toasts)
    assert left == list(range(SHOWN_S, 0, -1))
    toasts.undo()
    assert undone == []


def test_the_newest_takes_the_place_and_the_undo_of_the_last(toasts: Any) -> None:
    toasts.say("first", lambda: pytest.fail("the first toast is gone"))
    toasts.say("second")
    toasts.undo()
    toasts.say("third")
    assert (toasts.text, toasts.undoable, toasts.secondsLeft) == ("third", False, SHOWN_S)


def test_news_waits_until_there_is_no_way_back(toasts: Any) -> None:
    undone: list[bool] = []
    toasts.news("before")
    assert (toasts.text, toasts.secondsLeft) == ("before", SHOWN_S)
    toasts.say("Saved", lambda: undone.append(True))
    toasts.news("both are one member now")
    assert (toasts.text, toasts.undoable) == ("Saved", True)
    for _ in range(SHOWN_S):
        pass_a_second(toasts)
    assert (toasts.text, toasts.undoable, toasts.secondsLeft) == ("both are one member now", False, SHOWN_S)
    toasts.say("Saved again", lambda: undone.append(True))
    toasts.news("a gift was given twice")
    toasts.undo()
    assert (undone, toasts.text) == ([True], "a gift was given twice")
    toasts.close()
    assert toasts.text == "", "it is said once"


def test_news_of_one_guide_is_not_told_to_the_next(toasts: Any) -> None:
    toasts.say("Saved", lambda: pytest.fail("nobody asked for it"))
    toasts.news("both are one member now")
    toasts.clear()
    assert (toasts.text, toasts.undoable) == ("", False)
    toasts.say("Saved")
    toasts.close()
    assert toasts.text == ""


def test_a_problem_is_told_in_words_and_stays_longer(toasts: Any) -> None:
    toasts.problem(NoNetwork("no_network", "only for the log"))
    assert (toasts.tone, toasts.secondsLeft, toasts.undoable) == ("bad", PROBLEM_S, False)
    assert toasts.text == problem_words("no_network")


def test_a_defect_stays_until_it_was_seen(toasts: Any) -> None:
    toasts.defect()
    assert (toasts.text, toasts.tone, toasts.secondsLeft) == (problem_words("defect"), "bad", GRAVE_S)
    toasts.close()
    assert toasts.text == ""
    toasts.problem(StoreUnusable("damaged"))
    assert toasts.secondsLeft == GRAVE_S
