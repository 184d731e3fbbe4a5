"""The day and the morning lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from guide_app.domain.memberships import Term
from guide_app.domain.morning import Talked
from guide_app.domain.records import (
    Names,
    Reminder,
)
from guide_app.domain.rhythm import Refill, Visits
from guide_app.services.ports.base import View
from guide_app.services.ports.care import FollowupRow
from guide_app.services.ports.members import MemberRow


class DayFigures(View, frozen=True):
    """What was done in a span of time; money in minor units; cancelled and returned orders not counted."""

    sales: int
    orders: int
    sign_ups: int
    talks: int


class TodayReader(Protocol):
    """The figures and lists of the first page; `since` and `until` are RFC 3339 UTC."""

    async def figures(self, *, guide_id: str, since: str, until: str) -> DayFigures: ...
    async def followups(self, *, guide_id: str = "", until_day: str, limit: int = 50) -> Sequence[FollowupRow]:
        """Open follow-ups due on or before the day, longest due first."""


class MorningPerson(View, frozen=True):
    """A member who may be due; `reachable`: they agreed to be contacted by what they did not ask for."""

    row: MemberRow
    reachable: bool


class MorningFacts(View, frozen=True):
    """What the morning lists are made of (`guide_app.domain.morning`), by member id. `names`: of products, categories
    and plans; `full`: the lists of which more were found than asked for; `renewals`: paid memberships that end."""

    shop_usual: int | None
    people: Mapping[str, MorningPerson]
    refills: Mapping[str, tuple[Refill, ...]]
    visits: Mapping[str, Visits]
    talked: Mapping[str, Talked]
    marks: Mapping[str, tuple[Reminder, ...]]
    names: Mapping[str, Names]
    full: frozenset[str] = frozenset()
    renewals: Mapping[str, Term] = {}


class MorningReader(Protocol):
    """Who may be due on the shop's day."""

    async def prepare(self) -> bool:
        """Brings some members' rhythms up to their orders; whether others wait."""

    async def facts(self, today: date, *, guide_id: str = "", limit: int = 500) -> MorningFacts:
        """Of each list those who became due last, at most `limit`; with `guide_id` the guide's members, nobody's, and
        whom they were handed."""
