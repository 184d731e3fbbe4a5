"""The first page: my figures of the day next to the shop's, and the people to contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import Followup
from guide_app.services.ports import Change, DayFigures, FollowupRow, Journal, ShopReader, StaffRow
from guide_app.services.session import Session
from guide_app.services.talks import TalkDesk
from guide_app.services.today import BirthdayRow, Today, TodayView
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr, trn

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

MINUTE_MS = 60_000
SHOWN_ENTITIES = frozenset({"member", "member_alias", "order", "talk", "followup", "settings"})
KINDS = ("all", "late", "followup", "birthday")


class PersonLine(Row, frozen=True):
    """A person to contact and why. `tone` and `icon` belong to the tag; `followup_id` is empty for a birthday."""

    member_id: str
    followup_id: str
    name: str
    level: str
    reason: str
    kind: str
    tag: str
    icon: str
    tone: str
    when: str
    late: bool


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


class FilterChip(Row, frozen=True):
    """A filter with its count."""

    label: str
    selected: bool


@QmlElement
class TodayViewModel(ViewModel):
    """The page that a guide comes back to all day."""

    changed = Signal()

    def __init__(
        self, desk: Desk, today: Today, talks: TalkDesk, shop: ShopReader, session: Session, journal: Journal
    ) -> None:
        super().__init__(desk)
        self._today, self._talks, self._shop, self._session = today, talks, shop, session
        self._people, self._chips = KeyedListModel(PersonLine), KeyedListModel(FilterChip)
        self._counts, self._shares = KeyedListModel(CountLine), KeyedListModel(ShareLine)
        self._view: TodayView | None = None
        self._followups: dict[str, Followup] = {}
        self._currency, self._filter, self._asked = "CNY", "all", 0
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
    def mySales(self) -> str:  # noqa: N802
        """What the guide sold today."""
        return self.desk.figures.money(self._view.mine.sales, self._currency) if self._view else ""

    @Property(str, notify=changed)
    def averageWords(self) -> str:  # noqa: N802
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

    # ------------------------------------------------------------------ people

    @Property(QObject, constant=True)
    def people(self) -> KeyedListModel:
        """The people to contact, by the filter chosen."""
        return self._people

    @Property(QObject, constant=True)
    def filters(self) -> KeyedListModel:
        """The filters, each with its count."""
        return self._chips

    @Property(bool, notify=changed)
    def nobody(self) -> bool:
        """Whether there is nobody to contact under this filter."""
        return self._view is not None and self._people.rowCount() == 0

    @Property(str, notify=changed)
    def nobodyWords(self) -> str:  # noqa: N802
        """What to do then."""
        if self._filter == "all":
            return tr("Log a talk with a follow-up day, and the person comes up here on that day.")
        return tr("There are others under All.")

    @Slot(str)
    def setFilter(self, kind: str) -> None:  # noqa: N802
        """Shows one kind of people."""
        if kind in KINDS:
            self._filter = kind
            self._show()

    @Slot(str)
    def contact(self, key: str) -> None:
        """Opens the person, and the talk sheet on top."""
        line = self._line(key)
        if line is not None:
            self.desk.go.open("Members", {"memberId": line.member_id})
            self.desk.go.sheet("LogTalk", {"memberId": line.member_id, "followupId": line.followup_id})

    @Slot(str)
    def person(self, key: str) -> None:
        """Opens the person's profile."""
        line = self._line(key)
        if line is not None:
            self.desk.go.open("Members", {"memberId": line.member_id})

    @Slot(str)
    def tomorrow(self, key: str) -> None:
        """Moves a follow-up to tomorrow."""
        line = self._line(key)
        if line is not None and line.followup_id in self._followups and self._view is not None:
            day = (date.fromisoformat(self._view.day) + timedelta(days=1)).isoformat()
            self.run(self._move(line, self._followups[line.followup_id], day))

    @Slot()
    def logTalk(self) -> None:  # noqa: N802
        """A talk with somebody who is not on the list: first the member."""
        self.desk.go.open("Members", {"text": ""})

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.open()

    @Slot()
    def open(self) -> None:
        """The page was opened."""
        if self._session.guide is not None:
            self.run(self._load())

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.open()

    # ------------------------------------------------------------------ work

    async def _load(self) -> None:
        self._asked += 1
        asked = self._asked
        tablet = await self._shop.tablet()
        view = await self._today.view()
        if asked != self._asked:
            return  # asked again meanwhile, or another guide
        self._currency = tablet.currency if tablet else self._currency
        self._view = view
        self._followups = {row.id: row.followup for row in view.followups}
        self._show()

    async def _move(self, line: PersonLine, followup: Followup, day: str) -> None:
        await self._talks.set_followup(line.followup_id, followup, "open", day)
        back = followup.due_on

        def undo() -> None:
            self.run(self._talks.set_followup(line.followup_id, followup, "open", back))

        self.desk.tell.say(tr("%1 moved to tomorrow", line.name), undo)

    def _show(self) -> None:
        if self._view is None:
            return
        today = self._view.day
        lines = [
            *(self._followup_line(row, today) for row in self._view.followups),
            *(self._birthday_line(row) for row in self._view.birthdays),
        ]
        counts = {kind: sum(_fits(line, kind) for line in lines) for kind in KINDS}
        if not counts[self._filter]:
            self._filter = "all"
        self._chips.update(
            [
                FilterChip(key=kind, label=_chip_words(kind, counts[kind]), selected=kind == self._filter)
                for kind in KINDS
                if counts[kind] or kind == "all"
            ]
        )
        self._people.update([line for line in lines if _fits(line, self._filter)])
        self._show_figures(self._view.mine, self._view.shop)
        self.changed.emit()

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

    def _followup_line(self, row: FollowupRow, today: str) -> PersonLine:
        days = (date.fromisoformat(today) - date.fromisoformat(row.followup.due_on)).days
        late = days > 0
        return PersonLine(
            key=f"followup:{row.id}",
            member_id=row.member.id,
            followup_id=row.id,
            name=row.member.name,
            level=row.member.level,
            reason=row.followup.note or tr("You promised to be in touch"),
            kind="followup",
            tag=tr("Late") if late else tr("Follow-up"),
            icon="handshake" if late else "message-circle",
            tone="clay" if late else "neutral",
            when=trn("%n day(s) late", days) if late else tr("Today"),
            late=late,
        )

    def _birthday_line(self, row: BirthdayRow) -> PersonLine:
        when = {0: tr("Today"), 1: tr("Tomorrow")}.get(row.in_days) or trn("in %n day(s)", row.in_days)
        return PersonLine(
            key=f"birthday:{row.member.id}",
            member_id=row.member.id,
            followup_id="",
            name=row.member.name,
            level=row.member.level,
            reason=tr("Birthday on %1: a good moment for a call", self.desk.figures.day(row.day)),
            kind="birthday",
            tag=tr("Birthday"),
            icon="cake",
            tone="clay",
            when=when,
            late=False,
        )

    def _line(self, key: str) -> PersonLine | None:
        return next((row for row in self._people.rows if isinstance(row, PersonLine) and row.key == key), None)

    def _on_change(self, change: Change) -> None:
        if any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            self.open()

    def _on_minute(self) -> None:
        """A new day may have begun."""
        self.open()

    def _on_session(self, guide: StaffRow | None) -> None:
        self._asked += 1
        self._view, self._filter, self._followups = None, "all", {}
        for model in (self._people, self._chips, self._counts, self._shares):
            model.update([])
        self.changed.emit()


def _share(part: int, whole: int) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def _fits(line: PersonLine, kind: str) -> bool:
    return kind in ("all", line.kind) or (kind == "late" and line.late)


def _chip_words(kind: str, count: int) -> str:
    words = {
        "all": tr("All %1", count),
        "late": tr("Late %1", count),
        "followup": tr("Follow-up %1", count),
        "birthday": tr("Birthday %1", count),
    }
    return words[kind]
