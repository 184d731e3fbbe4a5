"""The talk sheet: saved at the third tap; note, products and the next follow-up may be added, or all taken back.

How they talked is suggested: by where the sheet was opened from, else as this guide did last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import Followup
from guide_app.domain.records.talk import Channel
from guide_app.operations.talks import SetFollowup
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Drafts
from guide_app.services.session import Session
from guide_app.services.talks import OUTCOMES, TOPICS, LoggedTalk, TalkDesk
from guide_app.services.today import Today
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.member_sheet import ChoiceTile, MemberSheetViewModel
from ui.viewmodels.next_step import NextStepViewModel
from ui.viewmodels.shown_products import ShownProductsViewModel
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
    "interested": "thumbs-up",
    "bought": "shopping-bag",
    "thinking": "hourglass",
    "not_now": "meh",
    "no_answer": "circle-x",
    "solved": "circle-check",
    "product": "package",
    "price": "tag",
    "size": "ruler",
    "delivery": "truck",
    "care": "sparkles",
    "complaint": "circle-alert",
    "birthday": "cake",
    "general": "message-circle",
}
"""The picture of each channel, outcome and topic."""


@QmlElement
class TalkViewModel(MemberSheetViewModel):
    """Three taps: channel, outcome, topic. The third saves."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        talks: TalkDesk,
        members: MemberReader,
        today: Today,
        session: Session,
        catalogue: CatalogueReader,
        shop: ShopReader,
        drafts: Drafts,
    ) -> None:
        super().__init__(desk, members, session)
        self._talks, self._today = talks, today
        self._catalogue, self._shop, self._drafts = catalogue, shop, drafts
        self._channels, self._outcomes = KeyedListModel(ChoiceTile), KeyedListModel(ChoiceTile)
        self._topics = KeyedListModel(ChoiceTile)
        self._products, self._next = ShownProductsViewModel(desk, catalogue, members), NextStepViewModel(desk)
        for part in (self._products, self._next):
            part.setParent(self)
        self._products.chosenChanged.connect(lambda: self.run(self._add()))
        self._next.decided.connect(lambda: self.run(self._follow_up()))
        self._chosen = {"channel": "", "outcome": "", "topic": ""}
        self._logged: LoggedTalk | None = None
        self._settles: tuple[str, Followup] | None = None
        self._note, self._saving = "", False
        self._here = self._sheets.ask()
        self._turn = asyncio.Lock()  # a note and a day that are given at once are two changes of one talk
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

    @Property(ShownProductsViewModel, constant=True)
    def products(self) -> ShownProductsViewModel:
        """What was shown."""
        return self._products

    @Property(NextStepViewModel, constant=True)
    def next(self) -> NextStepViewModel:
        """Day and person of the next follow-up."""
        return self._next

    @Property(bool, notify=changed)
    def saved(self) -> bool:
        """Whether the talk is committed."""
        return self._logged is not None

    @Property(int, notify=changed)
    def taps(self) -> int:
        """How many of the three taps were made."""
        return sum(1 for value in self._chosen.values() if value)

    @Property(str, notify=changed)
    def stepWords(self) -> str:
        """What comes next, in words."""
        if self._logged is not None:
            return tr("Saved. Add a note or a next step if you like.")
        for name, words in (("channel", tr("How did you talk?")), ("outcome", tr("What came of it?"))):
            if not self._chosen[name]:
                return words
        return tr("What was it about?")

    @Property(str, notify=changed)
    def summary(self) -> str:
        """The talk that was saved, in words."""
        if self._logged is None:
            return ""
        said = self._logged.body
        return " · ".join((channel_words(said.channel), outcome_words(said.outcome), topic_words(said.topic)))

    @Property(str, notify=changed)
    def settlesWords(self) -> str:
        """The follow-up that this talk settles."""
        if self._settles is None:
            return ""
        return tr("Settles: %1", self._settles[1].note or tr("Follow-up"))

    @Property(str, notify=changed)
    def note(self) -> str:
        """What else was said."""
        return self._note

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`memberId`; `followupId`: what the talk settles; `channel`, `topic`: what is likely where one comes from."""
        self.clear()
        known = {name: str(arguments.get(name, "")) for name in ("channel", "topic")}
        self.run(self._open(arguments.get("memberId", ""), arguments.get("followupId", ""), known, self._here))

    @Slot(str, str)
    def choose(self, what: str, value: str) -> None:
        """One of the three taps: channel, outcome, topic."""
        if what in self._chosen and self._logged is None and not self._saving:
            self._chosen[what] = value
            self._show()
            self._save_when_whole()

    @Slot(str)
    def setNote(self, note: str) -> None:
        """What else was said, kept when the field is left."""
        if self._logged is not None and note.strip() != self._note:
            self._note = note.strip()[:2000]
            self.run(self._add())

    @Slot(str)
    def scanned(self, code: str) -> None:
        """A product was scanned while the sheet is open: it was shown."""
        self.run(self._scanned(code, self._here))

    @Slot()
    def takeBack(self) -> None:
        """Takes the talk back."""
        if self._logged is not None:
            self.run(self._take_back())

    @Slot()
    def clear(self) -> None:
        """An empty sheet."""
        self._logged, self._settles = None, None
        self._chosen = dict.fromkeys(self._chosen, "")
        self._note, self._saving = "", False
        self._products.clear()
        self._next.clear()
        super().clear()
        self._here = self._sheets.ask()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._products.retranslate()
        self._next.retranslate()
        super().retranslate()

    async def _open(self, member_id: str, followup_id: str, known: Mapping[str, str], here: Callable[[], bool]) -> None:
        likely = {**known, "channel": known["channel"] or await self._usual_channel(followup_id)}
        member = await self._members.get(member_id)
        settles = await self._settled(member, followup_id) if member is not None else None
        if not here():
            return
        self._settles = settles
        if not any(self._chosen.values()):  # whoever taps quicker than the store answers needs no suggestion
            self._chosen = {name: likely.get(name, "") for name in self._chosen}
        self._begin(member)
        self._save_when_whole()
        if member is not None:
            await self._products.offer_to(member.id)

    async def _usual_channel(self, followup_id: str) -> str:
        """As this guide talked last; whoever begins with a follow-up has somebody to call."""
        guide = self._session.guide
        kept = await self._drafts.get(_usual_key(guide.id)) if guide else None
        channel = kept.decode() if kept else "phone" if followup_id else ""
        return channel if channel in CHANNELS else ""

    def _save_when_whole(self) -> None:
        if self._member is not None and all(self._chosen.values()) and not self._saving:
            self._saving = True
            self.run(self._save(self._member, self._here))

    async def _save(self, member: MemberView, here: Callable[[], bool]) -> None:
        chosen, me = dict(self._chosen), self._session.guide_id
        try:
            day, staff = (await self._today.calendar()).today(), await self._shop.staff()
            logged = await self._talks.log(
                member.id, cast("Channel", chosen["channel"]), chosen["outcome"], chosen["topic"], done=self._settles
            )
            if here():
                self._logged = logged
                self._next.begin(day, me, staff)
        except BaseException:
            if here():
                self._chosen["topic"] = ""  # the third tap can be made again
            raise
        finally:
            if here():
                self._saving = False
                self._show()
        await self._drafts.put(_usual_key(me), chosen["channel"].encode())

    async def _change(self, how: Callable[[LoggedTalk], Awaitable[LoggedTalk | None]]) -> bool:
        """One change of the talk after the other; whether it was made: the sheet may be another talk's by then."""
        here = self._here
        async with self._turn:
            if self._logged is None or not here():
                return False
            changed = await how(self._logged)
            if here():
                self._logged = changed
                self._show()
            return True

    async def _add(self) -> None:
        """Note and products as they stand now."""
        note, products = self._note, self._products.ids
        await self._change(lambda talk: self._talks.add(talk, note=note, products=products))

    async def _scanned(self, code: str, here: Callable[[], bool]) -> None:
        row = await self._catalogue.by_barcode(code)
        if not here():
            return
        if row is None:
            self.desk.tell.say(tr("This code is not known here: %1", code))
        elif self._logged is None:
            self.desk.tell.say(tr("What was shown is added once the talk is saved"))
        else:
            self._products.take(row)

    async def _follow_up(self) -> None:
        day, guide_id = self._next.due, self._next.guide_id
        name = self._member.member.name if self._member else ""
        words, here = self._note or tr("Ask %1 again", name), self._here
        before: SetFollowup | None = None

        async def follow_up(talk: LoggedTalk) -> LoggedTalk:
            nonlocal before
            before = talk.followup  # as it is when its turn has come: a change before it may still be under way now
            return await self._talks.follow_up(talk, day, words, guide_id)

        if not await self._change(follow_up):
            return
        talk = self._logged
        to, on = self._next.name_of(guide_id), self.desk.figures.day(day)
        said = tr("Follow-up on %1 for %2", on, to) if to else tr("Follow-up on %1", on)
        if talk is not None and here():
            self.desk.tell.say(said, lambda: self.run(self._put_back(talk, before, here)))

    async def _put_back(self, talk: LoggedTalk, before: SetFollowup | None, here: Callable[[], bool]) -> None:
        """The follow-up as it was before, of whichever talk it was; the sheet says so while it is still that talk's."""
        async with self._turn:
            await self._talks.put_back(talk, before)
            if here() and self._logged is not None:
                self._logged = msgspec.structs.replace(self._logged, followup=before)
                self._next.put_back(before.due_on if before else "", (before.guide_id if before else "") or "")

    async def _take_back(self) -> None:
        async def back(talk: LoggedTalk) -> None:
            await self._talks.take_back(talk)

        here = self._here
        if not await self._change(back):
            return
        if here():
            self._note = ""
            self._chosen = dict.fromkeys(self._chosen, "")
            self._next.clear()
            self._products.clear()
            self._show()
        self.desk.tell.say(tr("The talk was taken back"))

    def _show(self) -> None:
        for what, tiles, codes, words in (
            ("channel", self._channels, CHANNELS, channel_words),
            ("outcome", self._outcomes, OUTCOMES, outcome_words),
            ("topic", self._topics, TOPICS, topic_words),
        ):
            chosen = self._chosen[what]
            tiles.update([ChoiceTile(key=c, label=words(c), symbol=ICONS[c], selected=c == chosen) for c in codes])
        self.changed.emit()


def _usual_key(guide_id: str) -> str:
    """Where the channel is kept that a guide used last."""
    return f"talk_channel:{guide_id}"
