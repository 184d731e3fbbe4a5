"""Closing a day: a row of its own with the figures as they were seen, which nothing changes any more."""

from __future__ import annotations

from guide_app.domain.records import DayClose, Ref
from guide_app.domain.records.dayclose import Count, Counted, Figures
from guide_app.operations import OPERATIONS, Effect, perform
from guide_app.operations.days import Close
from tests.unit.guide_app.operations.kit import GUIDE, MADE, OTHER, TALK, context, snapshot

CLOSE = OPERATIONS["day.close"]
SEEN = Figures(sales=Count(count=2, amount=3000), seen=("a" * 12, "b" * 12))


def body(close_id: str = TALK, figures: Figures = SEEN) -> Close:
    return Close(
        close_id=close_id, day="2026-11-20", currency="CNY", figures=figures,
        counted=Counted(amount=2990, difference=-10, reason="wrong_change"),
    )  # fmt: skip


def test_a_close_keeps_who_when_and_the_figures_as_they_were_seen() -> None:
    state = snapshot({})
    assert isinstance(perform(CLOSE, body(), state, context()), Effect)
    close = state.get(Ref("day_close", TALK), DayClose)
    assert close is not None
    assert (close.day, close.guide_id, close.closed_at, close.figures) == ("2026-11-20", GUIDE, MADE, SEEN)
    assert close.counted == Counted(amount=2990, difference=-10, reason="wrong_change")


def test_a_second_close_of_the_day_is_another_row_and_the_same_one_again_changes_nothing() -> None:
    state = snapshot({})
    perform(CLOSE, body(), state, context())
    later = Figures(sales=Count(count=3, amount=4000))
    assert perform(CLOSE, body(figures=later), state, context()) == Effect({})
    perform(CLOSE, body(OTHER, later), state, context())
    first, second = (state.get(Ref("day_close", one), DayClose) for one in (TALK, OTHER))
    assert first is not None
    assert second is not None
    assert (first.figures, second.figures) == (SEEN, later)
