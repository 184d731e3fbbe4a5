"""How the shops keep their word, counted per guide and store: the tablet counts the same by the same rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone

from guide_app.domain.promises import Outcome, Tally, Word, tallied
from guide_app.domain.promises import outcome as outcome_of
from hq.service.models import Promise
from hq.staff.models import Staff
from hq.stores.models import Store

SPANS = ("30", "90", "365")
"""Days back from today that a promise may have been due on to be counted."""
USUAL = 90


class Row(NamedTuple):
    """One guide of a store; `guide` "" is the whole store."""

    store: str
    guide: str
    tally: Tally


def outcome(promise: Promise, today: date) -> Outcome:
    """What became of one promise."""
    return outcome_of(_word(promise.guide_id, promise.state, promise.due_on, promise.settled_on), today.isoformat())


def rows(days: int) -> Iterator[Row]:
    """Every store in which something was promised, first as a whole, then guide by guide in the order of their names.
    Today is each store's own day."""
    people = {str(one.id): str(one) for one in Staff.objects.all()}
    for store in Store.objects.order_by("code"):
        today = timezone.now().astimezone(ZoneInfo(store.time_zone)).date()
        groups = (
            Promise.objects.filter(store_id=store.id, due_on__gte=today - timedelta(days=days))
            .values_list("guide_id", "state", "due_on", "settled_on")
            .annotate(times=Count("id"))
        )
        counted = tallied(((_word(*word), times) for *word, times in groups), today.isoformat())
        for guide_id in sorted(counted, key=lambda one: (one != "", people.get(one, one))):
            yield Row(str(store), people.get(guide_id, guide_id), counted[guide_id])


def _word(guide_id: object, state: str, due_on: date | None, settled_on: date | None) -> Word:
    return Word(str(guide_id or ""), state, _text(due_on), _text(settled_on))


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
