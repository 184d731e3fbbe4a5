"""Sign-up: phone first, the local duplicate at once, consents item by item; what was typed survives lock and kill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import BadInput
from guide_app.domain.records import Gift, Policy, Settings
from guide_app.domain.records.member import Gender
from guide_app.operations.joining import to_sign
from guide_app.services.attention import Attention
from guide_app.services.members import MemberDesk, SignUpForm
from guide_app.services.ports.catalogue import CatalogueReader, ProductRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Drafts
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.elsewhere import Elsewhere
from ui.viewmodels.sign_up_choices import Choices
from ui.viewmodels.sign_up_people import PhoneCheck, ReferrerCheck, digits
from ui.viewmodels.sign_up_words import (
    FIELD_OF,
    asked_words,
    duplicate_words,
    missing_words,
    problem_words,
    referrer_words,
)
from ui.viewmodels.words import named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FIELDS = ("name", "birthday", "source", "referrer", "touch_point")
GENDERS: tuple[str, ...] = get_args(Gender)
LONGEST_SIGNATURE = 8192
"""Characters, as the operation has them."""


@QmlElement
class SignUpViewModel(ViewModel):
    """The sign-up page. `problems` names the fields that hinder saving, in words, beside the field."""

    changed = Signal()
    done = Signal(str)
    handOver = Signal()
    """The customer is to fill it in on this tablet."""

    def __init__(
        self,
        desk: Desk,
        members_desk: MemberDesk,
        shop: ShopReader,
        drafts: Drafts,
        attention: Attention,
        session: Session,
        catalogue: CatalogueReader,
        elsewhere: Elsewhere,
    ) -> None:
        super().__init__(desk)
        self._desk, self._shop, self._drafts, self._session = members_desk, shop, drafts, session
        self._attention, self._catalogue = attention, catalogue
        self._choices, self._phone, self._referrer = Choices(), PhoneCheck(members_desk), ReferrerCheck(members_desk)
        self._gift: ProductRow | None = None
        self._form, self._region = members_desk.new_form(), "CN"
        self._problems: dict[str, str] = {}
        self._saving, self._opened = False, Latest()
        self._asks: list[Policy] = []
        self._settings = Settings()
        self._elsewhere = elsewhere
        elsewhere.setParent(self)
        elsewhere.arrived.connect(lambda _: self.run(self._look()))
        self.changed.connect(lambda: elsewhere.typed(self._form.phone, bool(self._phone.e164) and not self._taken))
        session.subscribe(lambda _: self.clear())

    # ------------------------------------------------------------------ what the page shows

    @Property(str, notify=changed)
    def phone(self) -> str:
        """The phone as typed."""
        return self._form.phone

    @Property(QObject, constant=True)
    def elsewhere(self) -> Elsewhere:
        """Whether the phone is probably a member's of another store; asks HQ."""
        return self._elsewhere

    @Property(str, notify=changed)
    def phoneShown(self) -> str:
        """The phone as it is understood, empty while it is none."""
        return self._phone.shown(self._region)

    @Property(bool, notify=changed)
    def phoneGood(self) -> bool:
        """Whether the phone is one, and nobody of this store has it."""
        return bool(self._phone.e164) and not self._taken

    @Property(bool, notify=changed)
    def duplicate(self) -> bool:
        """Whether a member of this store has the phone already."""
        return self._taken

    @Property(str, notify=changed)
    def duplicateName(self) -> str:
        """The name of that member."""
        return self._phone.member.name if self._phone.member else ""

    @Property(str, notify=changed)
    def duplicateId(self) -> str:
        """The id of that member, for the avatar's tint."""
        return self._phone.member.id if self._phone.member else ""

    @Property(str, notify=changed)
    def duplicateDetail(self) -> str:
        """What tells that member from others."""
        row = self._phone.member
        return duplicate_words(row, self._region, self.desk.figures) if row else ""

    @Property(str, notify=changed)
    def name(self) -> str:
        """The name as typed."""
        return self._form.name

    @Property(str, notify=changed)
    def gender(self) -> str:
        """f, m, x or empty."""
        return self._form.gender

    @Property(str, notify=changed)
    def birthday(self) -> str:
        """The birthday as typed."""
        return self._form.birthday

    @Property(str, notify=changed)
    def referrer(self) -> str:
        """Who sent them, as told."""
        return self._form.referrer

    @Property(str, notify=changed)
    def referrerFound(self) -> str:
        """With whom of this store who sent them was found, in words; empty while nobody was looked for."""
        return referrer_words(self._form.referrer, self._referrer.member, self._region)

    @Property(bool, notify=changed)
    def referrerKnown(self) -> bool:
        """Whether who sent them is a member of this store."""
        return self._referrer.member is not None

    @Property(QObject, constant=True)
    def touchPoints(self) -> KeyedListModel:
        """Posters, QR codes and campaigns that bring people."""
        return self._choices.touches

    @Property(str, notify=changed)
    def giftName(self) -> str:
        """What can be handed over; empty while the shop has none."""
        if self._gift is None:
            return ""
        names = self._gift.product.names
        return named(names.en, names.zh, self.desk.figures.language)

    @Property(bool, notify=changed)
    def giftGiven(self) -> bool:
        """Whether it is handed over."""
        return self._form.gift is not None

    @Property(bool, notify=changed)
    def signatureAsked(self) -> bool:
        """Whether the customer signs what they agreed to."""
        return bool(to_sign(self._form.consents, self._asks))

    @Property(str, notify=changed)
    def strokes(self) -> str:
        """The signature as an SVG path on a pad of 1000 by 400."""
        return self._form.strokes

    @Property(QObject, constant=True)
    def policies(self) -> KeyedListModel:
        """The consents to ask for."""
        return self._choices.policies

    @Property(QObject, constant=True)
    def sources(self) -> KeyedListModel:
        """How they came."""
        return self._choices.sources

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def problems(self) -> dict[str, str]:
        """Field → what is wrong with it, in words."""
        return {field: problem_words(code) for field, code in self._problems.items()}

    @Property(bool, notify=changed)
    def saving(self) -> bool:
        """Whether a save is under way: a second tap does nothing."""
        return self._saving

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether the form can be saved as it stands."""
        return not self._missing() and not self._saving

    @Property(str, notify=changed)
    def missing(self) -> str:
        """The first thing that still hinders saving, in words; empty when it is ready."""
        return missing_words(self._missing())

    @Property(bool, notify=changed)
    def filled(self) -> bool:
        """Whether nothing is missing but that the phone may be a member's already: so who holds the tablet may be done
        with it, and does not hear whose the phone is."""
        return not self._missing(discreet=True) and not self._saving

    @Property(str, notify=changed)
    def asked(self) -> str:
        """The first thing that is missing, said to the customer; empty when all is there."""
        return asked_words(self._missing(discreet=True))

    # ------------------------------------------------------------------ what can be done

    def enter(self, arguments: Mapping[str, Any]) -> None:
        if "attentionKey" in arguments:
            self.correct(arguments["attentionKey"])
        else:
            self.run(self._open(arguments.get("phone", ""), touch_point=arguments.get("touchPoint", "")))

    @Slot(str)
    def open(self, phone_typed: str = "") -> None:
        """The page was opened, perhaps with a phone that was searched for in vain."""
        self.run(self._open(phone_typed))

    def correct(self, key: str) -> None:
        """A sign-up that HQ could not take is to be made anew; `key` names its row of the attention list."""
        self.run(self._open("", key))

    @Slot(str)
    def setPhone(self, text: str) -> None:
        """The phone as it is being typed."""
        self._change(phone=text)
        self.run(self._look())

    @Slot(str, str)
    def setField(self, field: str, value: str) -> None:
        """One of name, birthday, source, referrer, gender."""
        if field == "gender" and value in GENDERS:
            self._change(gender=cast("Gender", value))
        elif field in FIELDS:
            self._change(**{field: value})
        if field == "touch_point":
            self._touched(value)
        if field == "referrer":
            self.run(self._seek())
        if field in ("source", "touch_point"):
            self._show_choices()

    @Slot(bool)
    def giveGift(self, given: bool) -> None:
        """The gift is handed over, or is not."""
        there = self._gift if given else None
        self._change(gift=Gift(product_id=there.id, on=self.desk.figures.today().isoformat()) if there else None)

    @Slot(str)
    def sign(self, strokes: str) -> None:
        """The customer drew; empty: the pad was wiped."""
        if len(strokes) <= LONGEST_SIGNATURE:
            self._change(strokes=strokes)

    @Slot(str, bool)
    def answer(self, kind: str, granted: bool) -> None:
        """What the customer answered to one consent."""
        self._change(consents={**self._form.consents, kind: granted})
        self._show_choices()

    @Slot()
    def save(self) -> None:
        """Signs the member up."""
        if not self._saving:
            self._saving = True
            self.changed.emit()
            self.run(self._save(self._form))

    @Slot()
    def showLink(self) -> None:
        """The customer is to fill it in on their own phone."""
        self.desk.go.sheet("OwnPhone", {"touchPoint": self._form.touch_point})

    @Slot()
    def hand(self) -> None:
        """The customer is to fill it in on this tablet."""
        self.handOver.emit()

    @Slot()
    def openDuplicate(self) -> None:
        """Opens the member who has this phone; the form is left empty for the next."""
        if self._phone.member is not None:
            member_id = self._phone.member.id
            self._begin_anew()
            self.desk.go.open("Members", {"memberId": member_id})

    @Slot()
    def clear(self) -> None:
        """An empty form."""
        self._phone.clear()
        self._referrer.clear()
        self._form, self._problems, self._saving = self._desk.new_form(), {}, False
        self._opened.ask()
        self._show_choices()
        self.changed.emit()

    @Slot()
    def startOver(self) -> None:
        """Empties the form, with a way back."""
        before = self._form
        self._begin_anew()
        self.desk.tell.say(tr("Form emptied"), lambda: self._restore(before))

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show_choices()
        self.changed.emit()

    # ------------------------------------------------------------------ work

    async def _open(self, phone_typed: str, corrects: str = "", touch_point: str = "") -> None:
        if self._session.guide is None:
            return
        newest = self._opened.ask()
        tablet, policies, settings = await self._shop.tablet(), await self._shop.policies(), await self._shop.settings()
        kept = await self._drafts.get(self._key())
        correction = await self._attention.correction(corrects) if corrects else None
        if not newest():
            return
        self._region = tablet.region if tablet else self._region
        self._asks, self._settings = list(policies), settings
        self._gift = await self._gift_there(settings.gift_product_id)
        if kept is not None and not self._form.phone:
            self._form = _read(kept) or self._form
        if correction is not None and correction.corrects != self._form.corrects:
            self._put_aside(correction)
        elif phone_typed and not self._form.phone:
            self._change(phone=phone_typed)
        elif phone_typed and digits(phone_typed) != digits(self._form.phone):
            self._put_aside(msgspec.structs.replace(self._desk.new_form(), phone=phone_typed))
        if touch_point:
            self._scanned(touch_point)
        self._show_choices()
        await self._look()
        await self._seek()

    async def _gift_there(self, product_id: str) -> ProductRow | None:
        """The gift, while the shop has some of it by its books."""
        found = await self._catalogue.get([product_id]) if product_id else ()
        return next((row for row in found if (row.on_hand or 0) > 0), None)

    async def _seek(self) -> None:
        """Looks for who sent them."""
        if await self._referrer.seek(self._form.referrer):
            self.changed.emit()

    def _touched(self, code: str) -> None:
        """A touch point belongs to a channel."""
        point = next((one for one in self._settings.touch_points if one.code == code), None)
        if point is not None and point.source:
            self._change(source=point.source)

    def _scanned(self, code: str) -> None:
        """A poster's code was read: what brought them needs no tap."""
        self.setField("touch_point", code)
        names = next((point.names for point in self._settings.touch_points if point.code == code), None)
        if names is not None:
            shown = named(names.en, names.zh, self.desk.figures.language)
            self.desk.tell.say(tr("What brought them: %1", shown))

    def _put_aside(self, form: SignUpForm) -> None:
        """Another person's form: what was half-typed for the last one is not mixed with it, and can be had back."""
        before = self._form
        self._form = form
        self._change()
        if before.phone or before.name:
            self.desk.tell.say(tr("Form emptied"), lambda: self._restore(before))

    async def _look(self) -> None:
        if not await self._phone.look(self._form.phone):
            return
        others = {field: code for field, code in self._problems.items() if field != "phone"}
        self._problems = {**others, "phone": "phone_invalid"} if self._phone.wrong else others
        self.changed.emit()

    async def _save(self, form: SignUpForm) -> None:
        try:
            member_id = await self._desk.sign_up(form, forget=self._key())
        except BadInput as error:
            if self._shows(form):
                self._problems = {FIELD_OF.get(error.code, "phone"): error.code}
                if error.code == "phone_taken":
                    await self._look()
            return
        finally:
            if self._shows(form):
                self._saving = False
                self.changed.emit()
        shown = self._shows(form)
        if shown:
            self.clear()
        if form.corrects:
            await self._attention.dismiss(form.corrects)
        self.desk.tell.say(tr("%1 is a member now", form.name.strip()))
        if shown:
            self.done.emit(member_id)
            self.desk.go.open("Members", {"memberId": member_id})

    def _shows(self, form: SignUpForm) -> bool:
        """Whether it is still this form that is on the page; the guide may have locked, or begun another."""
        return self._form.member_id == form.member_id

    def _change(self, **fields: Any) -> None:
        self._form = msgspec.structs.replace(self._form, **fields)
        self._problems = {name: words for name, words in self._problems.items() if name not in fields}
        self.changed.emit()
        if self._session.guide is not None:
            self.run(self._drafts.put(self._key(), msgspec.json.encode(self._form)))

    def _restore(self, form: SignUpForm) -> None:
        self._form = form
        self._show_choices()
        self._change()
        self.run(self._look())
        self.run(self._seek())

    def _begin_anew(self) -> None:
        self.clear()
        self.run(self._drafts.drop(self._key()))

    def _missing(self, *, discreet: bool = False) -> str:
        """What still hinders saving: the first of phone, duplicate (unless `discreet`), name, consents, signature;
        empty for nothing."""
        required = all(self._form.consents.get(policy.kind) for policy in self._asks if policy.required)
        hinders = {
            "phone": not self._phone.e164,
            "duplicate": self._taken and not discreet,
            "name": not self._form.name.strip(),
            "consents": not required,
            "signature": self.signatureAsked and not self._form.strokes,
        }
        return next((what for what, so in hinders.items() if so), "")

    @property
    def _taken(self) -> bool:
        return self._phone.member is not None

    def _show_choices(self) -> None:
        chinese = self.desk.figures.language == "zh_CN"
        self._choices.show(self._form, self._asks, self._settings, chinese=chinese)

    def _key(self) -> str:
        return f"sign_up:{self._session.guide_id}"


def _read(kept: bytes) -> SignUpForm | None:
    """A form as it was left; None for one of another version of the app."""
    try:
        return msgspec.json.decode(kept, type=SignUpForm)
    except msgspec.MsgspecError:
        return None
