"""The members page: the list, and beside it one member's profile with the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.records import Policy
from guide_app.services.members import MemberDesk
from guide_app.services.ports import Change, Journal, MemberReader, MemberView, ShopReader
from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.member_profile import MemberProfileViewModel
from ui.viewmodels.member_story import consent_line, timeline_line

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

TIMELINE = 60
SHOWN_ENTITIES = frozenset({"member", "member_alias", "order", "talk", "followup", "staff"})


@QmlElement
class MembersViewModel(MemberProfileViewModel):
    """The list and a profile: who is chosen, and what is changed of them."""

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
        self._policies: dict[str, Policy] = {}
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
