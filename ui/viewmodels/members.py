"""The members page: the list, and beside it one member's profile with the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import phone
from guide_app.domain.records import Policy
from guide_app.services.members import MemberDesk
from guide_app.services.ports import Change, Journal, MemberReader, MemberView, ShopReader
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.base import QML_MODULE, Desk, Latest, tr, trn
from ui.viewmodels.member_list import MemberListViewModel
from ui.viewmodels.member_story import ConsentLine, TimelineLine, birthday_words, consent_line, day_of, timeline_line

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

TIMELINE = 60
SHOWN_ENTITIES = frozenset({"member", "member_alias", "order", "talk", "followup", "staff"})


@QmlElement
class MembersViewModel(MemberListViewModel):
    """The list, and a profile. A member is chosen by `choose`; the profile's properties are empty while none is."""

    changed = Signal()
    fieldsChanged = Signal()
    """What can be typed into was changed: told apart, so that a sync does not undo half-typed words."""

    def __init__(
        self,
        desk: Desk,
        members: MemberReader,
        members_desk: MemberDesk,
        shop: ShopReader,
        session: Session,
        journal: Journal,
    ) -> None:
        super().__init__(desk, members, session)
        self._desk, self._shop = members_desk, shop
        self._timeline, self._consents = KeyedListModel(TimelineLine), KeyedListModel(ConsentLine)
        self._view: MemberView | None = None
        self._policies: dict[str, Policy] = {}
        self._staff: dict[str, str] = {}
        self._region, self._currency, self._phone_shown = "CN", "CNY", False
        self._wanted, self._chosen = "", Latest()
        self._forget = journal.subscribe(self._on_change)

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.open()
        if "text" in arguments:
            self.search(arguments["text"])
        if arguments.get("memberId"):
            self.choose(arguments["memberId"])

    @Slot(str)
    def choose(self, member_id: str) -> None:
        """Shows this member's profile."""
        self._phone_shown, self._wanted = False, member_id
        self.run(self._load())

    @Slot()
    def close(self) -> None:
        """Back to the list alone."""
        self._set_view(None)

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._set_view(None)
        super().clear()

    # ------------------------------------------------------------------ the profile

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether a member is shown."""
        return self._view is not None

    @Property(str, notify=changed)
    def memberId(self) -> str:  # noqa: N802
        """The member's id."""
        return self._view.id if self._view else ""

    @Property(str, notify=fieldsChanged)
    def name(self) -> str:
        """The member's name."""
        return self._view.member.name if self._view else ""

    @Property(str, notify=changed)
    def level(self) -> str:
        """The member's level, empty where the chain has none."""
        return self._view.member.level if self._view else ""

    @Property(str, notify=changed)
    def phone(self) -> str:
        """The phone, masked unless it was shown on purpose."""
        if self._view is None:
            return ""
        e164 = self._view.member.phone
        return phone.display(e164, self._region) if self._phone_shown else phone.mask(e164, self._region)

    @Property(bool, notify=changed)
    def phoneShown(self) -> bool:  # noqa: N802
        """Whether the whole phone is shown."""
        return self._phone_shown

    @Property(str, notify=changed)
    def identity(self) -> str:
        """Member number and owner, in words."""
        if self._view is None:
            return ""
        owner = self._staff.get(self._view.member.owner_id, "")
        number = self._view.member.member_no
        return tr("%1 · looked after by %2", number, owner) if owner else number

    @Property(str, notify=changed)
    def spent90(self) -> str:
        """Sales of the last 90 days."""
        return self.desk.figures.money(self._view.spent_90d, self._currency) if self._view else ""

    @Property(str, notify=changed)
    def orders90(self) -> str:
        """Orders of the last 90 days, in words."""
        return trn("%n order(s)", self._view.orders_90d) if self._view else ""

    @Property(str, notify=changed)
    def spentAll(self) -> str:  # noqa: N802
        """Sales since joining."""
        return self.desk.figures.money(self._view.member.spent, self._currency) if self._view else ""

    @Property(str, notify=changed)
    def ordersAll(self) -> str:  # noqa: N802
        """Orders since joining, in words."""
        return trn("%n order(s)", self._view.member.order_count) if self._view else ""

    @Property(str, notify=changed)
    def lastContact(self) -> str:  # noqa: N802
        """When the shop last met them."""
        at = self._view.member.last_contact_at if self._view else ""
        return self.desk.figures.ago(at) if at else tr("never")

    @Property(str, notify=changed)
    def rhythm(self) -> str:
        """How often they come, in words."""
        days = self._view.average_days if self._view else None
        return trn("comes every %n day(s)", days) if days else ""

    @Property(str, notify=changed)
    def joined(self) -> str:
        """When they joined."""
        return day_of(self._view.member.joined_at, self.desk) if self._view else ""

    @Property(str, notify=changed)
    def birthday(self) -> str:
        """The birthday, as told."""
        return birthday_words(self._view.member.birthday, self.desk) if self._view else ""

    @Property(str, notify=fieldsChanged)
    def note(self) -> str:
        """What the shop notes about them."""
        return self._view.member.note if self._view else ""

    @Property("QVariantList", notify=changed)  # type: ignore[arg-type]  # the stub knows only classes
    def tags(self) -> list[str]:
        """The member's tags."""
        return [*self._view.member.tags] if self._view else []

    @Property(int, notify=changed)
    def conflicts(self) -> int:
        """How many fields two people edited at once."""
        return len({each.field for each in self._view.member.conflicts}) if self._view else 0

    @Property(bool, notify=changed)
    def waiting(self) -> bool:
        """Whether HQ does not have all of it yet."""
        return bool(self._view and self._view.waiting)

    @Property(QObject, constant=True)
    def timeline(self) -> KeyedListModel:
        """Orders, talks, follow-ups and the sign-up, newest first."""
        return self._timeline

    @Property(QObject, constant=True)
    def consents(self) -> KeyedListModel:
        """The member's consents."""
        return self._consents

    @Slot()
    def showPhone(self) -> None:  # noqa: N802
        """Shows or masks the phone."""
        self._phone_shown = not self._phone_shown
        self.changed.emit()

    @Slot(str, str)
    def edit(self, field: str, value: str) -> None:
        """Changes one field of the member shown."""
        if self._view is not None and getattr(self._view.member, field) != value.strip():
            self.run(self._edit(self._view, field, value.strip()))

    @Slot(str, bool)
    def setConsent(self, kind: str, granted: bool) -> None:  # noqa: N802
        """Gives or withdraws a consent."""
        if self._view is not None and kind in self._policies:
            self.run(self._consent(self._view, self._policies[kind], granted))

    @Slot()
    def order(self) -> None:
        """Begins an order for this member."""
        self.desk.go.open("Order", {"memberId": self.memberId})

    @Slot()
    def talk(self) -> None:
        """Logs a talk with this member."""
        self.desk.go.sheet("LogTalk", {"memberId": self.memberId})

    @Slot()
    def signUp(self) -> None:  # noqa: N802
        """Whoever is not in the list may be signed up; what was typed goes along if it may be a phone."""
        typed = self._text.strip()
        phone_like = sum(c.isdigit() for c in typed) >= 5 and not any(c.isalpha() for c in typed)
        self.desk.go.open("SignUp", {"phone": typed if phone_like else ""})

    # ------------------------------------------------------------------ work

    async def _open(self) -> None:
        tablet = await self._shop.tablet()
        if tablet is not None:
            self._region, self._currency = tablet.region, tablet.currency
        self._staff = {row.id: row.staff.name for row in await self._shop.staff()}
        self._policies = {policy.kind: policy for policy in await self._shop.policies()}
        await super()._open()
        if self._wanted:
            await self._load()

    def _marked(self) -> str:
        return self._view.id if self._view else ""

    async def _load(self) -> None:
        """Shows the member that was chosen last, as the store has them now."""
        newest = self._chosen.ask()
        view = await self._members.get(self._wanted) if self._wanted else None
        entries = await self._members.timeline(view.id, limit=TIMELINE) if view else []
        if not newest():
            return
        self._set_view(view)
        if view is not None:
            self._timeline.update([timeline_line(entry, self._staff, self.desk) for entry in entries])
            self._consents.update([consent_line(view, policy, self.desk) for policy in self._policies.values()])
        await self._refresh_list()

    async def _edit(self, seen: MemberView, field: str, value: str) -> None:
        await self._desk.edit(seen, **{field: value})
        await self._load()
        before = getattr(seen.member, field)
        self.desk.tell.say(tr("Saved"), lambda: self.run(self._put_back(seen.id, field, before)))

    async def _put_back(self, member_id: str, field: str, value: str) -> None:
        """Undoes an edit, of whom it was, whoever is shown by now."""
        now = await self._members.get(member_id)
        if now is not None:
            await self._desk.edit(now, **{field: value})
            await self._load()

    async def _consent(self, seen: MemberView, policy: Policy, granted: bool) -> None:
        await self._desk.consent(seen, policy, granted)
        await self._load()
        said = tr("Consent recorded") if granted else tr("Consent withdrawn")
        self.desk.tell.say(said, lambda: self.run(self._turn_back(seen.id, policy, not granted)))

    async def _turn_back(self, member_id: str, policy: Policy, granted: bool) -> None:
        now = await self._members.get(member_id)
        if now is not None:
            await self._desk.consent(now, policy, granted)
            await self._load()

    def _set_view(self, view: MemberView | None) -> None:
        before, self._view = self._view, view
        if view is None:
            self._chosen.ask()
            self._wanted, self._phone_shown = "", False
            self._timeline.update([])
            self._consents.update([])
        if _typed_fields(before) != _typed_fields(view):
            self.fieldsChanged.emit()
        self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if self._session.guide is None or not any(ref.entity in SHOWN_ENTITIES for ref in change.refs):
            return
        self.run(self._refresh())

    async def _refresh(self) -> None:
        self._total = await self._members.count()
        if self._wanted:
            await self._load()
        else:
            await self._refresh_list()


def _typed_fields(view: MemberView | None) -> tuple[str, ...]:
    return (view.id, view.member.name, view.member.note) if view else ()
