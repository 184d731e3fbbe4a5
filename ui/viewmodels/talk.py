"""The talk sheet: saved at the third tap; note, products and the next follow-up may be added, or all taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import cast, get_args

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import Followup
from guide_app.domain.records.talk import Channel
from guide_app.services.ports import MemberReader, MemberView
from guide_app.services.session import Session
from guide_app.services.talks import OUTCOMES, TOPICS, LoggedTalk, TalkDesk
from guide_app.services.today import Today
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.words import channel_words, outcome_words, topic_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

CHANNELS: tuple[str, ...] = get_args(Channel)
ICONS = {
    "in_store": "store",
    "phone": "phone",
    "wechat": "message-circle",
    "sms": "message-square",
    "fitting": "shirt",
    "after_sale": "wrench",
    "other": "ellipsis",
}
DUE_DAYS = (1, 3, 7, 14, 30)


class Tile(Row, frozen=True):
    """One choice of the sheet."""

    label: str
    symbol: str
    selected: bool


class DueTile(Row, frozen=True):
    """A day for the next follow-up; the key is the day."""

    label: str
    selected: bool


@QmlElement
class TalkViewModel(ViewModel):
    """Three taps: channel, outcome, topic. The third saves."""

    changed = Signal()

    def __init__(self, desk: Desk, talks: TalkDesk, members: MemberReader, today: Today, session: Session) -> None:
        super().__init__(desk)
        self._talks, self._members, self._today = talks, members, today
        self._channels, self._outcomes = KeyedListModel(Tile), KeyedListModel(Tile)
        self._topics, self._days = KeyedListModel(Tile), KeyedListModel(DueTile)
        self._member: MemberView | None = None
        self._chosen = {"channel": "", "outcome": "", "topic": ""}
        self._logged: LoggedTalk | None = None
        self._settles: tuple[str, Followup] | None = None
        self._note, self._due, self._saving = "", "", False
        session.subscribe(lambda _: self.clear())
        self._show()

    @Property(QObject, constant=True)
    def channels(self) -> KeyedListModel:
        """How they talked."""
        return self._channels

    @Property(QObject, constant=True)
    def outcomes(self) -> KeyedListModel:
        """What came of it."""
        return self._outcomes

    @Property(QObject, constant=True)
    def topics(self) -> KeyedListModel:
        """What it was about."""
        return self._topics

    @Property(QObject, constant=True)
    def days(self) -> KeyedListModel:
        """Days for the next follow-up."""
        return self._days

    @Property(str, notify=changed)
    def memberName(self) -> str:  # noqa: N802
        """With whom."""
        return self._member.member.name if self._member else ""

    @Property(str, notify=changed)
    def memberId(self) -> str:  # noqa: N802
        """With whom, for the avatar's tint."""
        return self._member.id if self._member else ""

    @Property(bool, notify=changed)
    def saved(self) -> bool:
        """Whether the talk is committed."""
        return self._logged is not None

    @Property(int, notify=changed)
    def taps(self) -> int:
        """How many of the three taps were made."""
        return sum(1 for value in self._chosen.values() if value)

    @Property(str, notify=changed)
    def stepWords(self) -> str:  # noqa: N802
        """What comes next, in words."""
        if self._logged is not None:
            return tr("Saved. Add a note or a next step if you like.")
        for name, words in (("channel", tr("How did you talk?")), ("outcome", tr("What came of it?"))):
            if not self._chosen[name]:
                return words
        return tr("What was it about?")

    @Property(str, notify=changed)
    def settlesWords(self) -> str:  # noqa: N802
        """The follow-up that this talk settles."""
        if self._settles is None:
            return ""
        return tr("Settles: %1", self._settles[1].note or tr("Follow-up"))

    @Property(str, notify=changed)
    def note(self) -> str:
        """What else was said."""
        return self._note

    @Slot(str, str)
    def open(self, member_id: str, followup_id: str = "") -> None:
        """The sheet was opened for a member, perhaps to settle a follow-up."""
        self.clear()
        self.run(self._open(member_id, followup_id))

    @Slot(str, str)
    def choose(self, what: str, value: str) -> None:
        """One of the three taps: channel, outcome, topic."""
        if what in self._chosen and self._logged is None and not self._saving:
            self._chosen[what] = value
            self._show()
            if all(self._chosen.values()) and self._member is not None:
                self._saving = True
                self.run(self._save(self._member))

    @Slot(str)
    def setNote(self, note: str) -> None:  # noqa: N802
        """What else was said, kept when the field is left."""
        if self._logged is not None and note.strip() != self._note:
            self._note = note.strip()[:2000]
            self.run(self._add_note(self._logged))

    @Slot(str)
    def followUp(self, day: str) -> None:  # noqa: N802
        """Sets the next follow-up to a day of the shop."""
        if self._logged is not None:
            self._due = day
            self.run(self._follow_up(self._logged, day))

    @Slot()
    def takeBack(self) -> None:  # noqa: N802
        """Takes the talk back."""
        if self._logged is not None:
            self.run(self._take_back(self._logged))

    @Slot()
    def clear(self) -> None:
        """An empty sheet."""
        self._member, self._logged, self._settles = None, None, None
        self._chosen = dict.fromkeys(self._chosen, "")
        self._note, self._due, self._saving = "", "", False
        self._days.update([])
        self._show()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    async def _open(self, member_id: str, followup_id: str) -> None:
        self._member = await self._members.get(member_id)
        if followup_id and self._member is not None:
            entries = await self._members.timeline(self._member.id, limit=200)
            self._settles = next(
                ((e.id, e.record) for e in entries if e.id == followup_id and isinstance(e.record, Followup)), None
            )
        self.changed.emit()

    async def _save(self, member: MemberView) -> None:
        chosen = self._chosen
        try:
            self._logged = await self._talks.log(
                member.id, cast("Channel", chosen["channel"]), chosen["outcome"], chosen["topic"], done=self._settles
            )
        except BaseException:
            self._chosen["topic"] = ""  # the third tap can be made again
            raise
        finally:
            self._saving = False
            self._show()
        await self._show_days()

    async def _add_note(self, talk: LoggedTalk) -> None:
        self._logged = await self._talks.add(talk, note=self._note)
        self.changed.emit()

    async def _follow_up(self, talk: LoggedTalk, day: str) -> None:
        name = self._member.member.name if self._member else ""
        self._logged = await self._talks.follow_up(talk, day, self._note or tr("Ask %1 again", name))
        await self._show_days()
        self.desk.tell.say(tr("Follow-up on %1", self.desk.figures.day(day)))

    async def _take_back(self, talk: LoggedTalk) -> None:
        await self._talks.take_back(talk)
        self._logged, self._due = None, ""
        self._chosen = dict.fromkeys(self._chosen, "")
        self._days.update([])
        self._show()
        self.desk.tell.say(tr("The talk was taken back"))

    async def _show_days(self) -> None:
        today = (await self._today.calendar()).today()
        days = [(today + timedelta(days=n)).isoformat() for n in DUE_DAYS]
        names = (tr("Tomorrow"), tr("In 3 days"), tr("In a week"), tr("In two weeks"), tr("In a month"))
        self._days.update(
            [DueTile(key=d, label=name, selected=d == self._due) for d, name in zip(days, names, strict=True)]
        )
        self.changed.emit()

    def _show(self) -> None:
        self._channels.update(
            [
                Tile(key=c, label=channel_words(c), symbol=ICONS[c], selected=c == self._chosen["channel"])
                for c in CHANNELS
            ]
        )
        self._outcomes.update(
            [Tile(key=o, label=outcome_words(o), symbol="", selected=o == self._chosen["outcome"]) for o in OUTCOMES]
        )
        self._topics.update(
            [Tile(key=t, label=topic_words(t), symbol="", selected=t == self._chosen["topic"]) for t in TOPICS]
        )
        self.changed.emit()
