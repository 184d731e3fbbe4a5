"""How the shops keep their word and solve their tickets, per guide and store: the tablet counts by the same rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from guide_app.domain.promises import Outcome, Tally, Word, tallied
from guide_app.domain.promises import outcome as outcome_of
from guide_app.domain.tickets import Case, Score, scored
from hq.service.models import Promise, Ticket
from hq.staff.models import Staff
from hq.stores.models import Store

SPANS = ("30", "90", "365")
"""Days back from today that a promise may have been due on, or a solved ticket raised on, to be counted."""
USUAL = 90


class Kept(NamedTuple):
    """The promises of one guide of a store; `guide` "" is the whole store."""

    store: str
    guide: str
    tally: Tally


class Solved(NamedTuple):
    """The tickets of one guide of a store, as `Kept`."""

    store: str
    guide: str
    score: Score


def outcome(promise: Promise, today: date) -> Outcome:
    """What became of one promise."""
    return outcome_of(_word(promise.guide_id, promise.state, promise.due_on, promise.settled_on), today.isoformat())


def kept(days: int, stores: QuerySet[Store] | None = None) -> Iterator[Kept]:
    """Every store in which something was promised, first as a whole, then guide by guide in the order of their names.
    Today is each store's own day. `stores`: of these alone."""
    people = _people()
    for store, now in _stores(stores):
        today = now.date()
        groups = (
            Promise.objects.filter(store_id=store.id, due_on__gte=today - timedelta(days=days))
            .values_list("guide_id", "state", "due_on", "settled_on")
            .annotate(times=Count("id"))
        )
        tallies = tallied(((_word(*word), times) for *word, times in groups), today.isoformat())
        for guide_id in _in_order(tallies, people):
            yield Kept(str(store), people.get(guide_id, guide_id), tallies[guide_id])


def scores(days: int, stores: QuerySet[Store] | None = None) -> Iterator[Solved]:
    """Every store that has tickets, in the order of `kept`: all that are open, and the solved ones raised in these days
    of the store."""
    people = _people()
    for store, now in _stores(stores):
        since = datetime.combine(now.date() - timedelta(days=days), time(), now.tzinfo)
        groups = (
            Ticket.objects.filter(Q(state="open") | Q(state="solved", raised_at__gte=since), store_id=store.id)
            .values_list("guide_id", "state", "rating")
            .annotate(times=Count("id"))
        )
        found = scored((Case(str(guide_id or ""), state, rating), times) for guide_id, state, rating, times in groups)
        for guide_id in _in_order(found, people):
            yield Solved(str(store), people.get(guide_id, guide_id), found[guide_id])


def _people() -> dict[str, str]:
    return {str(one.id): str(one) for one in Staff.objects.all()}


def _stores(stores: QuerySet[Store] | None) -> Iterator[tuple[Store, datetime]]:
    """Each store with its own wall clock."""
    for store in (Store.objects.all() if stores is None else stores).order_by("code"):
        yield store, timezone.now().astimezone(ZoneInfo(store.time_zone))


def _in_order(guides: Iterable[str], people: Mapping[str, str]) -> list[str]:
    return sorted(guides, key=lambda one: (one != "", people.get(one, one)))


def _word(guide_id: object, state: str, due_on: date | None, settled_on: date | None) -> Word:
    return Word(str(guide_id or ""), state, _text(due_on), _text(settled_on))


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
