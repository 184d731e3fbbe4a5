"""The first page: my figures of the day next to the shop's, and the people to contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import Level
from guide_app.services.morning import Lists, MorningDesk, MorningRow
from guide_app.services.ports.shop import ShopReader, StaffRow
from guide_app.services.ports.today import DayFigures
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from guide_app.services.today import Today, TodayView
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.ending_quotations import EndingQuotationsViewModel
from ui.viewmodels.must_reads import MustReadsViewModel
from ui.viewmodels.promise_list import PromiseListViewModel
from ui.viewmodels.today_people import (
    KINDS,
    SITUATION_OF,
    TOPIC_OF,
    Choice,
    FilterChip,
    PersonLine,
    chip_words,
    choices,
    fits,
    person_line,
)

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

MINUTE_MS = 60_000
SHOWN_ENTITIES = frozenset({"member", "member_alias", "order", "talk", "followup", "reminder", "settings", "ticket"})
SHOWN_ROWS = 200
"""More are nobody's work of a morning; the filters count all of them."""


class CountLine(Row, frozen=True):
    """How many of something the guide did today."""

    label: str
    value: str
    icon: str


class ShareLine(Row, frozen=True):
    """A figure of the shop's; `mine` says the guide's part in words, `share` from 0 to 1."""

    label: str
    value: str
    mine: str
    share: float


@QmlElement
class TodayViewModel(ViewModel):
    """The page that a guide comes back to all day."""

    changed = Signal()

    moreChanged = Signal()

    def __init__(
        self,
        desk: Desk,
        today: Today,
        morning: MorningDesk,
        shop: ShopReader,
        session: Session,
        journal: Journal,
        promises: PromiseListViewModel,
        ending: EndingQuotationsViewModel,
        must: MustReadsViewModel,
    ) -> None:
        super().__init__(desk)
        self._promises = promises
        promises.setParent(self)
        self._ending = ending
        ending.setParent(self)
        self._must = must
        must.setParent(self)
        self._today, self._morning, self._shop, self._session = today, morning, shop, session
        self._people, self._chips = KeyedListModel(PersonLine), KeyedListModel(FilterChip)
        self._choices = KeyedListModel(Choice)
        self._counts, self._shares = KeyedListModel(CountLine), KeyedListModel(ShareLine)
        self._view: TodayView | None = None
        self._lists: Lists | None = None
        self._staff: Sequence[StaffRow] = ()
        self._levels: Sequence[Level] = ()
        self._mine, self._more = True, ""
        self._currency, self._filter = "CNY", "all"
        self._loads = Latest()
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()
        journal.subscribe(self._on_change)
        session.subscribe(self._on_session)

    # ------------------------------------------------------------------ figures

    @Property(bool, notify=changed)
    def loading(self) -> bool:
        """Whether nothing has been read yet."""
        return self._view is None

    @Property(str, notify=changed)
    def day(self) -> str:
        """The shop's day, in words."""
        return self.desk.figures.weekday(self._view.day) if self._view else ""

    @Property(str, notify=changed)
    def mySales(self) -> str:
        """What the guide sold today."""
        return self.desk.figures.money(self._view.mine.sales, self._currency) if self._view else ""

    @Property(str, notify=changed)
    def averageWords(self) -> str:
        """What an order of the guide's was worth, in words; empty without orders."""
        if self._view is None or not self._view.mine.orders:
            return ""
        each = round(self._view.mine.sales / self._view.mine.orders)
        return tr("%1 an order", self.desk.figures.money(each, self._currency))

    @Property(QObject, constant=True)
    def counts(self) -> KeyedListModel:
        """The guide's orders, sign-ups and talks of the day."""
        return self._counts

    @Property(QObject, constant=True)
    def shares(self) -> KeyedListModel:
        """The shop's figures of the day, each with the guide's part of it."""
        return self._shares

    @Property(QObject, constant=True)
    def ending(self) -> EndingQuotationsViewModel:
        """Members' quotations that end soon."""
        return self._ending

    @Property(QObject, constant=True)
    def must(self) -> MustReadsViewModel:
        """What the guide must still read."""
        return self._must

    # ------------------------------------------------------------------ promises

    @Property(QObject, constant=True)
    def promises(self) -> PromiseListViewModel:
        """What the shop promised its customers and has not settled."""
        return self._promises

    # ------------------------------------------------------------------ people

    @Property(QObject, constant=True)
    def people(self) -> KeyedListModel:
        """The people to contact, by the filter chosen."""
        return self._people

    @Property(QObject, constant=True)
    def filters(self) -> KeyedListModel:
        """The filters, each with its count."""
        return self._chips

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def scopes(self) -> list[dict[str, str]]:
        """Whose rows can be looked at."""
        return [{"key": "mine", "label": tr("Mine")}, {"key": "shop", "label": tr("Whole shop")}]

    @Property(str, notify=changed)
    def scope(self) -> str:
        """Whose rows are shown: the guide's with nobody's, or the whole shop's."""
        return "mine" if self._mine else "shop"

    @Property(bool, notify=changed)
    def listing(self) -> bool:
        """Whether the lists are still being made, for the first time of this day."""
        return self._view is not None and self._lists is None

    @Property(bool, notify=changed)
    def nobody(self) -> bool:
        """Whether there is nobody to contact under this filter."""
        return self._lists is not None and self._people.rowCount() == 0

    @Property(str, notify=changed)
    def nobodyWords(self) -> str:
        """What to do then."""
        if self._mine:
            return tr("Log a talk with a follow-up day, and the person comes up here on that day.")
        return tr("Nothing is due in the whole shop.")

    @Property(str, notify=moreChanged)
    def moreName(self) -> str:
        """About whom something else is to be done; empty while nothing is."""
        line = self._line(self._more)
        return line.name if line is not None else ""

    @Property(str, notify=moreChanged)
    def moreReason(self) -> str:
        """Why they are on the list."""
        line = self._line(self._more)
        return line.reason if line is not None else ""

    @Property(QObject, constant=True)
    def choices(self) -> KeyedListModel:
        """What can be done about that row besides contacting."""
        return self._choices

    @Slot(str)
    def setFilter(self, kind: str) -> None:
        """Shows one kind of people."""
        if kind in KINDS:
            self._filter = kind
            self._show()

    @Slot(str)
    def setScope(self, scope: str) -> None:
        """Shows the guide's own rows, or the whole shop's."""
        self._mine = scope != "shop"
        self.open()

    @Slot(str)
    def contact(self, key: str) -> None:
        """Opens the person, and the talk sheet on top."""
        line = self._line(key)
        if line is not None:
            self.desk.go.open("Members", {"memberId": line.member_id})
            likely = {"topic": TOPIC_OF[line.kind]} if line.kind in TOPIC_OF else {}
            self.desk.go.sheet("LogTalk", {"memberId": line.member_id, "followupId": line.followup_id, **likely})

    @Slot(str)
    def person(self, key: str) -> None:
        """Opens the person's profile."""
        line = self._line(key)
        if line is not None:
            self.desk.go.open("Members", {"memberId": line.member_id})

    @Slot(str)
    def done(self, key: str) -> None:
        """The row is seen to, until its next cycle."""
        self._act(key, "done")

    @Slot(str)
    def more(self, key: str) -> None:
        """Asks what else is to be done about a row."""
        line = self._line(key)
        if line is not None and self._view is not None:
            others = [one for one in self._staff if one.staff.active and one.id != self._session.guide_id]
            today = date.fromisoformat(self._view.day)
            self._choices.update(choices(today, self.desk.figures, others, reachable=line.reachable))
            self._more = key
            self.moreChanged.emit()

    @Slot()
    def closeMore(self) -> None:
        """Nothing else."""
        self._more = ""
        self.moreChanged.emit()

    @Slot(str)
    def choose(self, choice: str) -> None:
        """Does that."""
        key = self._more
        self.closeMore()
        if choice == "message":
            self._write(key)
        else:
            self._act(key, choice)

    @Slot()
    def logTalk(self) -> None:
        """A talk with somebody who is not on the list: first the member."""
        self.desk.go.open("Members", {"text": ""})

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.open()
        if self._session.guide is not None:
            self._promises.show("")
            self._ending.open()
            self._must.open()

    @Slot()
    def open(self) -> None:
        """The page was opened."""
        if self._session.guide is not None:
            self.run(self._load())

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.open()
        self._promises.retranslate()
        self._ending.retranslate()
        self._must.retranslate()

    # ------------------------------------------------------------------ work

    async def _load(self) -> None:
        newest = self._loads.ask()
        tablet = await self._shop.tablet()
        view = await self._today.view()
        staff, settings = await self._shop.staff(), await self._shop.settings()
        if not newest():
            return  # asked again meanwhile, or another guide
        self._currency = tablet.currency if tablet else self._currency
        self._view, self._staff, self._levels = view, staff, settings.levels
        self._show()
        lists = await self._morning.lists(mine=self._mine)
        if newest():
            self._lists = lists
            self._show()

    def _row(self, key: str) -> MorningRow | None:
        return next((row for row in self._lists.rows if row.key == key), None) if self._lists else None

    def _write(self, key: str) -> None:
        """A message about what the row is there for: the member's page, and the sheet on top."""
        row = self._row(key)
        if row is not None:
            about = {"memberId": row.member.id, "situation": SITUATION_OF.get(row.list, "")}
            if row.followup is not None:
                about |= {"followupId": row.followup.id, "date": row.followup.followup.due_on}
            if row.why.kind == "product":
                about["productId"] = row.why.what
            self.desk.go.open("Members", {"memberId": row.member.id})
            self.desk.go.sheet("Message", about)

    def _act(self, key: str, choice: str) -> None:
        line, row = self._line(key), self._row(key)
        if line is not None and row is not None:
            self.run(self._do(line.name, row, choice))

    async def _do(self, name: str, row: MorningRow, choice: str) -> None:
        what, _, value = choice.partition(":")
        if what == "day":
            undo = await self._morning.snooze(row, value)
            said = tr("%1 comes up again on %2", name, self.desk.figures.day(value))
        elif what == "guide":
            undo = await self._morning.hand(row, value)
            said = tr("%1 was handed to %2", name, self._names().get(value, ""))
        else:
            undo = await self._morning.done(row)
            said = tr("%1 is done", name)
        self.desk.tell.say(said, lambda: self.run(self._morning.take_back(undo)))

    def _names(self) -> dict[str, str]:
        return {one.id: one.staff.name for one in self._staff}

    def _show(self) -> None:
        if self._view is None:
            return
        self._show_figures(self._view.mine, self._view.shop)
        if self._lists is not None:
            staff, me, levels = self._names(), self._session.guide_id, self._levels
            lines = [person_line(row, self.desk.figures, staff, me, levels) for row in self._lists.rows]
            self._show_people(lines, self._lists)
        self.changed.emit()

    def _show_people(self, lines: Sequence[PersonLine], lists: Lists) -> None:
        counts = {kind: sum(fits(line, kind) for line in lines) for kind in KINDS}
        if not counts[self._filter]:
            self._filter = "all"
        beyond = {*lists.more, "all"} if lists.more else set()
        number = self.desk.figures.number
        self._chips.update(
            [
                FilterChip(
                    key=kind,
                    label=chip_words(kind, number(counts[kind]) + ("+" if kind in beyond else "")),
                    selected=kind == self._filter,
                )
                for kind in KINDS
                if counts[kind] or kind == "all"
            ]
        )
        self._people.update([line for line in lines if fits(line, self._filter)][:SHOWN_ROWS])
        if self._more and not self.moreName:
            self.closeMore()

    def _show_figures(self, mine: DayFigures, shop: DayFigures) -> None:
        number = self.desk.figures.number
        told = [
            ("orders", tr("Orders"), "shopping-bag", mine.orders, shop.orders),
            ("sign_ups", tr("Sign-ups"), "user-plus", mine.sign_ups, shop.sign_ups),
            ("talks", tr("Talks"), "message-circle", mine.talks, shop.talks),
        ]
        self._counts.update([CountLine(key=key, label=label, value=number(n), icon=i) for key, label, i, n, _ in told])
        sales = ShareLine(
            key="sales",
            label=tr("Sales"),
            value=self._money(shop.sales),
            mine=tr("%1 by me", self._money(mine.sales)),
            share=_share(mine.sales, shop.sales),
        )
        counted = [
            ShareLine(key=key, label=label, value=number(all_), mine=tr("%1 by me", number(n)), share=_share(n, all_))
            for key, label, _, n, all_ in told
        ]
        self._shares.update([sales, *counted])

    def _money(self, minor: int) -> str:
        return self.desk.figures.money(minor, self._currency)

    def _line(self, key: str) -> PersonLine | None:
        return next((row for row in self._people.rows if isinstance(row, PersonLine) and row.key == key), None)

    def _on_change(self, change: Change) -> None:
        if any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.open()

    def _on_minute(self) -> None:
        """A new day may have begun."""
        self.enter({})

    def _on_session(self, guide: StaffRow | None) -> None:
        self._loads.ask()
        self._view, self._lists, self._staff, self._filter, self._mine = None, None, (), "all", True
        for model in (self._people, self._chips, self._counts, self._shares, self._choices):
            model.update([])
        self.closeMore()
        self.changed.emit()


def _share(part: int, whole: int) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
