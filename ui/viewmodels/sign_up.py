"""Sign-up: phone first, the local duplicate at once, consents item by item; what was typed survives lock and kill."""

from __future__ import annotations

from typing import Any, cast, get_args

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import phone
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Policy, Settings
from guide_app.domain.records.member import Gender
from guide_app.services.members import MemberDesk, SignUpForm
from guide_app.services.ports import Drafts, MemberRow, ShopReader
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr
from ui.viewmodels.members import spelled
from ui.viewmodels.words import source_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

FIELDS = ("name", "birthday", "source", "referrer")
GENDERS: tuple[str, ...] = get_args(Gender)


class PolicyLine(Row, frozen=True):
    """One consent to ask for, with its words; `answer` is "" until asked, then "yes" or "no"."""

    title: str
    text: str
    required: bool
    answer: str


class ChoiceLine(Row, frozen=True):
    """One of a few things to choose from."""

    label: str
    selected: bool


@QmlElement
class SignUpViewModel(ViewModel):
    """The sign-up page. `problems` names the fields that hinder saving, in words, beside the field."""

    changed = Signal()
    done = Signal(str)

    def __init__(
        self, desk: Desk, members_desk: MemberDesk, shop: ShopReader, drafts: Drafts, session: Session
    ) -> None:
        super().__init__(desk)
        self._desk, self._shop, self._drafts, self._session = members_desk, shop, drafts, session
        self._policies, self._sources = KeyedListModel(PolicyLine), KeyedListModel(ChoiceLine)
        self._form = members_desk.new_form()
        self._duplicate: MemberRow | None = None
        self._e164, self._region = "", "CN"
        self._problems: dict[str, str] = {}
        self._saving, self._asked = False, 0
        self._asks: list[Policy] = []
        self._settings = Settings()
        session.subscribe(lambda _: self.clear())

    # ------------------------------------------------------------------ what the page shows

    @Property(str, notify=changed)
    def phone(self) -> str:
        """The phone as typed."""
        return self._form.phone

    @Property(str, notify=changed)
    def phoneShown(self) -> str:  # noqa: N802
        """The phone as it is understood, empty while it is none."""
        return phone.display(self._e164, self._region) if self._e164 else ""

    @Property(bool, notify=changed)
    def phoneGood(self) -> bool:  # noqa: N802
        """Whether the phone is one, and nobody of this store has it."""
        return bool(self._e164) and self._duplicate is None

    @Property(bool, notify=changed)
    def duplicate(self) -> bool:
        """Whether a member of this store has the phone already."""
        return self._duplicate is not None

    @Property(str, notify=changed)
    def duplicateName(self) -> str:  # noqa: N802
        """The name of that member."""
        return self._duplicate.name if self._duplicate else ""

    @Property(str, notify=changed)
    def duplicateId(self) -> str:  # noqa: N802
        """The id of that member, for the avatar's tint."""
        return self._duplicate.id if self._duplicate else ""

    @Property(str, notify=changed)
    def duplicateDetail(self) -> str:  # noqa: N802
        """What tells that member from others."""
        if self._duplicate is None:
            return ""
        row = self._duplicate
        seen = self.desk.figures.ago(row.last_contact_at) if row.last_contact_at else tr("never")
        parts = (
            spelled(row.pinyin),
            phone.mask(row.phone, self._region),
            row.member_no,
            tr("last contact %1", seen),
        )
        return " · ".join(part for part in parts if part)

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

    @Property(QObject, constant=True)
    def policies(self) -> KeyedListModel:
        """The consents to ask for."""
        return self._policies

    @Property(QObject, constant=True)
    def sources(self) -> KeyedListModel:
        """How they came."""
        return self._sources

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def problems(self) -> dict[str, str]:
        """Field → what is wrong with it, in words."""
        return self._problems

    @Property(bool, notify=changed)
    def saving(self) -> bool:
        """Whether a save is under way: a second tap does nothing."""
        return self._saving

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether the form can be saved as it stands."""
        required = all(self._form.consents.get(policy.kind) for policy in self._asks if policy.required)
        return bool(self._e164 and self._form.name.strip() and required and not self.duplicate and not self._saving)

    @Property(str, notify=changed)
    def missing(self) -> str:
        """The first thing that still hinders saving, in words; empty when it is ready."""
        if not self._e164:
            return tr("Phone number first")
        if self._duplicate is not None:
            return tr("This number has a member already")
        if not self._form.name.strip():
            return tr("Ask for the name")
        if any(policy.required and not self._form.consents.get(policy.kind) for policy in self._asks):
            return tr("The membership terms must be agreed to")
        return ""

    # ------------------------------------------------------------------ what can be done

    @Slot(str)
    def open(self, phone_typed: str = "") -> None:
        """The page was opened, perhaps with a phone that was searched for in vain."""
        self.run(self._open(phone_typed))

    @Slot(str)
    def setPhone(self, text: str) -> None:  # noqa: N802
        """The phone as it is being typed."""
        self._change(phone=text)
        self.run(self._look())

    @Slot(str, str)
    def setField(self, field: str, value: str) -> None:  # noqa: N802
        """One of name, birthday, source, referrer, gender."""
        if field == "gender" and value in GENDERS:
            self._change(gender=cast("Gender", value))
        elif field in FIELDS:
            self._change(**{field: value})
        if field == "source":
            self._show_choices()

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
            self.run(self._save())

    @Slot()
    def openDuplicate(self) -> None:  # noqa: N802
        """Opens the member who has this phone; the form is left empty for the next."""
        if self._duplicate is not None:
            member_id = self._duplicate.id
            self.clear()
            self.run(self._drop_draft())
            self.desk.go.open("Members", {"memberId": member_id})

    @Slot()
    def clear(self) -> None:
        """An empty form."""
        self._form, self._duplicate, self._e164, self._problems = self._desk.new_form(), None, "", {}
        self._saving = False
        self._show_choices()
        self.changed.emit()

    @Slot()
    def startOver(self) -> None:  # noqa: N802
        """Empties the form, with a way back."""
        before = self._form
        self.clear()
        self.run(self._drop_draft())
        self.desk.tell.say(tr("Form emptied"), lambda: self._restore(before))

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show_choices()
        self.changed.emit()

    # ------------------------------------------------------------------ work

    async def _open(self, phone_typed: str) -> None:
        tablet = await self._shop.tablet()
        self._region = tablet.region if tablet else self._region
        self._asks, self._settings = list(await self._shop.policies()), await self._shop.settings()
        kept = await self._drafts.get(self._key()) if self._session.guide else None
        if kept is not None and not self._form.phone:
            try:
                self._form = msgspec.json.decode(kept, type=SignUpForm)
            except msgspec.MsgspecError:
                await self._drop_draft()
        if phone_typed:
            self._form = msgspec.structs.replace(self._form, phone=phone_typed)
        self._show_choices()
        await self._look()

    async def _look(self) -> None:
        self._asked += 1
        asked, text = self._asked, self._form.phone
        self._problems = {name: words for name, words in self._problems.items() if name != "phone"}
        e164, duplicate = "", None
        if text.strip():
            try:
                found = await self._desk.check_phone(text)
                e164, duplicate = found.e164, found.member
            except BadInput:
                if sum(c.isdigit() for c in text) >= 11:
                    self._problems["phone"] = tr("This is not a phone number. Please check the digits.")
        if asked != self._asked:
            return
        self._e164, self._duplicate = e164, duplicate
        self.changed.emit()

    async def _save(self) -> None:
        form = self._form
        try:
            member_id = await self._desk.sign_up(form)
        except BadInput as error:
            self._problems = {_field(error.code): _words(error.code)}
            if error.code == "phone_taken":
                await self._look()
            return
        finally:
            self._saving = False
            self.changed.emit()
        await self._drop_draft()
        self.clear()
        self.desk.tell.say(tr("%1 is a member now", form.name.strip()))
        self.done.emit(member_id)
        self.desk.go.open("Members", {"memberId": member_id})

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

    async def _drop_draft(self) -> None:
        if self._session.guide is not None:
            await self._drafts.drop(self._key())

    def _show_choices(self) -> None:
        chinese = self.desk.figures.language == "zh_CN"
        answers = {True: "yes", False: "no", None: ""}
        self._policies.update(
            [
                PolicyLine(
                    key=policy.kind,
                    title=policy.title.zh if chinese else policy.title.en,
                    text=policy.text.zh if chinese else policy.text.en,
                    required=policy.required,
                    answer=answers[self._form.consents.get(policy.kind)],
                )
                for policy in self._asks
            ]
        )
        self._sources.update(
            [
                ChoiceLine(key=source, label=source_words(source), selected=source == self._form.source)
                for source in self._settings.sources
            ]
        )

    def _key(self) -> str:
        return f"sign_up:{self._session.guide_id}"


def _field(code: str) -> str:
    fields = {"name_missing": "name", "consent_missing": "consents", "birthday_invalid": "birthday"}
    return fields.get(code, "phone")


def _words(code: str) -> str:
    words = {
        "phone_invalid": tr("This is not a phone number. Please check the digits."),
        "name_missing": tr("Ask for the name"),
        "birthday_invalid": tr("Write the birthday as month-day, 05-20, or with the year, 1990-05-20"),
        "consent_missing": tr("The membership terms must be agreed to"),
        "phone_taken": tr("This number has a member already"),
    }
    return words.get(code, code)
