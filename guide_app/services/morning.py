"""The morning lists: whom to contact, why, and what a guide does about a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from guide_app.domain import morning
from guide_app.domain.errors import Defect
from guide_app.domain.morning import Due, Talked, Why
from guide_app.domain.records import Names, Reminder
from guide_app.domain.records.reminder import ReminderState
from guide_app.operations.reminders import ReminderSet, SetReminder
from guide_app.operations.talks import FollowupSet, SetFollowup
from guide_app.services.ports.base import View
from guide_app.services.ports.care import FollowupRow
from guide_app.services.ports.members import MemberRow
from guide_app.services.ports.today import MorningFacts, MorningPerson, MorningReader, TodayReader
from guide_app.services.ports.writing import Change, Draft, Journal
from guide_app.services.session import Session
from guide_app.services.today import Today

FOLLOWUPS = 500
_SHOWN = frozenset(
    {"member", "member_alias", "order", "talk", "followup", "reminder", "product", "category", "ticket", "settings"}
)


class MorningRow(View, frozen=True):
    """A row of a list. `guide_id`: whose it is, "" for nobody's; `reachable`: they may be contacted without standing in
    the shop; `followup`, or `due` with its `mark`: what it is about; `names`: of what runs out or ends."""

    key: str
    member: MemberRow
    why: Why
    guide_id: str
    reachable: bool = True
    followup: FollowupRow | None = None
    due: Due | None = None
    mark: Reminder | None = None
    names: Names = Names()

    @property
    def list(self) -> str:
        """followup, birthday, refill, renewal or lapsed."""
        return self.due.list if self.due is not None else "followup"


class Lists(View, frozen=True):
    """The lists of one day, each in the order to work through. `more`: those that have further rows."""

    day: str
    rows: Sequence[MorningRow]
    more: frozenset[str] = frozenset()


class MorningDesk:
    """Made on the tablet of local data, without HQ, and kept until data or the shop's day changes."""

    def __init__(
        self, morning_: MorningReader, followups: TodayReader, today: Today, session: Session, journal: Journal
    ) -> None:
        self._morning, self._followups, self._today = morning_, followups, today
        self._session, self._journal = session, journal
        self._kept: dict[tuple[str, str], Lists] = {}
        self._version = 0
        journal.subscribe(self._on_change)

    async def lists(self, *, mine: bool) -> Lists:
        """The signed-in guide's rows with nobody's, or the whole shop's. Raises Defect where nobody is signed in."""
        guide_id = self._session.guide_id if mine else ""
        day = (await self._today.calendar()).today()
        if (kept := self._kept.get((day.isoformat(), guide_id))) is not None:
            return kept
        while await self._morning.prepare():
            pass
        version = self._version
        found = await self._followups.followups(guide_id=guide_id, until_day=day.isoformat(), limit=FOLLOWUPS)
        facts = await self._morning.facts(day, guide_id=guide_id)
        rows = [*(_promised(row, day) for row in found), *_due(facts, day, guide_id)]
        lists = Lists(day=day.isoformat(), rows=rows, more=facts.full)
        if version == self._version:
            self._kept = {key: value for key, value in self._kept.items() if key[0] == lists.day}
            self._kept[lists.day, guide_id] = lists
        return lists

    async def snooze(self, row: MorningRow, until: str) -> Draft:
        """Puts a row off until a day of the shop; the result takes it back. Raises NotSaved, as the next two."""
        return await self._set(row, state="snoozed", until=until)

    async def done(self, row: MorningRow) -> Draft:
        """This cycle's row is seen to; the result takes it back."""
        return await self._set(row, state="done")

    async def hand(self, row: MorningRow, guide_id: str) -> Draft:
        """The row becomes a colleague's; the result takes it back."""
        return await self._set(row, guide_id=guide_id)

    async def take_back(self, undo: Draft) -> None:
        """What was done to a row is as if it had not been."""
        await self._journal.commit(self._session.guide_id, undo)

    async def _set(
        self, row: MorningRow, *, state: ReminderState = "open", until: str = "", guide_id: str = ""
    ) -> Draft:
        if row.followup is not None:
            now, before = _moved(row.followup, state, until, guide_id), _moved(row.followup)
        elif row.due is not None:
            kept = row.mark.guide_id if row.mark is not None else ""
            now = _marked(row.due, state, until, guide_id or kept)
            before = _marked(row.due, row.mark.state, row.mark.until, kept) if row.mark else _marked(row.due, "open")
        else:
            raise Defect("a row of no list")
        await self._journal.commit(self._session.guide_id, now)
        return before

    def _on_change(self, change: Change) -> None:
        if any(ref.entity in _SHOWN for ref in change.refs):
            self._version += 1
            self._kept.clear()


def _promised(row: FollowupRow, today: date) -> MorningRow:
    late = (today - date.fromisoformat(row.followup.due_on)).days
    why = Why("promised_late" if late > 0 else "promised_today", max(0, late), day=row.followup.due_on)
    return MorningRow(
        key=f"followup:{row.id}", member=row.member, why=why, guide_id=row.followup.guide_id, followup=row
    )


def _due(facts: MorningFacts, day: date, guide_id: str) -> Iterator[MorningRow]:
    """Birthdays, what runs out (one row a person), what is to be renewed, and who stays away, in this order."""
    found: dict[str, list[MorningRow]] = {"birthday": [], "refill": [], "renewal": [], "lapsed": []}
    for member_id, person in facts.people.items():
        marks, talked = morning.latest(facts.marks.get(member_id, ())), facts.talked.get(member_id, Talked())
        for may_be in _of(facts, member_id, person, day):
            standing = (due for due in may_be if morning.wanted(due, marks.get((due.list, due.cycle)), talked, day))
            if (due := next(standing, None)) is not None:
                mark = marks.get((due.list, due.cycle))
                whose = morning.whose(person.row.owner_id, mark)
                if not guide_id or whose in (guide_id, ""):
                    found[due.list].append(_row(facts, person, due, mark, whose))
    for rows in found.values():
        yield from sorted(rows, key=_first)


def _first(row: MorningRow) -> tuple[int, str, str]:
    """By the day that counts; of those who stay away, whom one lost last."""
    return (row.why.days, "", row.member.id) if row.list == "lapsed" else (0, row.why.day, row.member.id)


def _of(facts: MorningFacts, member_id: str, person: MorningPerson, day: date) -> Iterator[tuple[Due, ...]]:
    """What may be due of one person: of each list, the first that stands counts."""
    now = day.toordinal()
    if (born := morning.birthday(member_id, person.row.birthday, day)) is not None:
        yield (born,)
    yield morning.refill(member_id, facts.refills.get(member_id, ()), now)
    if (ends := facts.renewals.get(member_id)) is not None:
        yield (morning.renewal(member_id, ends, now),)
    visits = facts.visits.get(member_id)
    if visits is not None and (gone := morning.lapsed(member_id, visits, facts.shop_usual, now)) is not None:
        yield (gone,)


def _row(facts: MorningFacts, person: MorningPerson, due: Due, mark: Reminder | None, whose: str) -> MorningRow:
    return MorningRow(
        key=f"{due.list}:{due.member_id}", member=person.row, why=due.why, guide_id=whose, reachable=person.reachable,
        due=due, mark=mark, names=facts.names.get(due.why.what, Names()),
    )  # fmt: skip


def _marked(due: Due, state: ReminderState, until: str = "", guide_id: str = "") -> Draft:
    body = SetReminder(
        member_id=due.member_id, list=due.list, cycle=due.cycle, state=state, until=until or None,
        guide_id=guide_id or None,
    )  # fmt: skip
    return Draft(kind=ReminderSet.kind, body=body)


def _moved(row: FollowupRow, state: ReminderState = "open", until: str = "", guide_id: str = "") -> Draft:
    """A follow-up is its own mark: put off it is due later, seen to it is done."""
    now = row.followup
    body = SetFollowup(
        followup_id=row.id, member_id=now.member_id, due_on=until or now.due_on, note=now.note,
        state="done" if state == "done" else now.state, guide_id=guide_id or now.guide_id or None,
    )  # fmt: skip
    return Draft(kind=FollowupSet.kind, body=body)
