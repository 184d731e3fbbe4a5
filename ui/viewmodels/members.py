"""The members page: the list, and beside it one member's profile with the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock, to_text
from guide_app.domain.ids import Ids
from guide_app.domain.records import Policy
from guide_app.services.attention import Repair, chosen, collisions, repairs
from guide_app.services.members import MemberDesk
from guide_app.services.ports.catalogue import CatalogueReader, ProductRow
from guide_app.services.ports.engine import AttentionRow
from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.ask_hq import Find
from ui.viewmodels.attention_words import attention_line
from ui.viewmodels.base import QML_MODULE, Desk, Latest, tr
from ui.viewmodels.elsewhere import Elsewhere, Suspect
from ui.viewmodels.level_words import LevelWords
from ui.viewmodels.member_consents import consent_line, reach_lines
from ui.viewmodels.member_details import MemberDetails, Shown, WishLine, wish_line
from ui.viewmodels.member_profile import MemberProfileViewModel
from ui.viewmodels.member_service import MemberServiceViewModel
from ui.viewmodels.member_words import field_words
from ui.viewmodels.timeline import GROUPS, Teller, group_chips, kinds_of, timeline_line
from ui.viewmodels.words import named, typed_phone

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

PAGE = 30
"""Entries of the timeline that are read at once."""
OFFERED = 4
"""Products that a search for a wish offers."""
SHOWN_ENTITIES = frozenset(
    {
        "member",
        "visitor",
        "member_alias",
        "order",
        "talk",
        "followup",
        "ticket",
        "promise",
        "staff",
        "wallet",
        "settings",
        "policy",
        "tag_rule",
        "member_tag",
    }
)


@dataclass(frozen=True)
class MemberPorts:
    """What the page reads from, and what new things are named and dated by."""

    members: MemberReader
    catalogue: CatalogueReader
    shop: ShopReader
    journal: Journal
    ids: Ids
    clock: Clock
    find: Find
    """Asks HQ for a member of another store."""
    suspect: Suspect
    heard: Callable[[], str]
    """Until when HQ was heard, RFC 3339 UTC; empty where it never was."""


@QmlElement
class MembersViewModel(MemberProfileViewModel):
    """The list and a profile: who is chosen, and what is changed of them."""

    offersChanged = Signal()

    def __init__(
        self,
        desk: Desk,
        ports: MemberPorts,
        members_desk: MemberDesk,
        session: Session,
        service: MemberServiceViewModel,
    ) -> None:
        super().__init__(desk, ports.members, ports.shop, session, members_desk.reveal)
        self._service = service
        service.setParent(self)
        self._desk, self._catalogue, self._ports = members_desk, ports.catalogue, ports
        self._details = MemberDetails(
            desk, self._set_field, ports.ids.uuid4, lambda: to_text(ports.clock.now())
        )  # fmt: skip
        self._offers, self._asked_offers = KeyedListModel(WishLine), Latest()
        self._hq = Elsewhere(desk, ports.find, ports.suspect, ports.journal)
        self._hq.setParent(self)
        self._hq.arrived.connect(self.choose)
        self.listChanged.connect(lambda: self._hq.typed(self._text, self._found == 0))
        self._policies: dict[str, Policy] = {}
        self._length = PAGE
        self._forget = ports.journal.subscribe(self._on_change)
        self._offered: Sequence[ProductRow] = ()
        desk.pictures.changed.connect(self._on_pictures)

    @Property(QObject, constant=True)
    def details(self) -> MemberDetails:
        """What is noted of the member and changed in place; level and wallet."""
        return self._details

    @Property(QObject, constant=True)
    def offers(self) -> KeyedListModel:
        """Products found for the wish list."""
        return self._offers

    @Property(QObject, constant=True)
    def hq(self) -> Elsewhere:
        """Whom this tablet does not have: whether they are probably known elsewhere; asks HQ."""
        return self._hq

    @Property(QObject, constant=True)
    def service(self) -> MemberServiceViewModel:
        """Promises and tickets of the member shown."""
        return self._service

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.open()
        if "text" in arguments:
            self.search(arguments["text"])
        if arguments.get("memberId"):
            self.choose(arguments["memberId"])

    @Slot(str)
    def choose(self, member_id: str) -> None:
        """Shows this member's profile."""
        if member_id != self._wanted:
            self._phone.hide()
            self._group, self._length = GROUPS[0], PAGE
            self._groups.update(group_chips(self._group))
        self._wanted = member_id
        self.searchWish("")
        self.changed.emit()
        self.run(self._load())

    @Slot()
    def close(self) -> None:
        """Back to the list alone."""
        self._set_view(None)

    @Slot(str, str)
    def edit(self, field: str, value: str) -> None:
        """Changes one field of the member shown."""
        self._set_field(field, value.strip())

    @Slot(str)
    def showGroup(self, group: str) -> None:
        """Shows one filter of the timeline; the empty one shows everything."""
        if group in GROUPS:
            self._group, self._length = group, PAGE
            self._groups.update(group_chips(group))
            self.run(self._load())

    @Slot()
    def showEarlier(self) -> None:
        """Shows more of what happened."""
        self._length += PAGE
        self.run(self._load())

    @Slot(str)
    def searchWish(self, text: str) -> None:
        """Looks for a product to put on the wish list."""
        newest = self._asked_offers.ask()
        if text.strip():
            self.run(self._offer(text, newest))
        else:
            self._offers.update([])

    @Slot(str)
    def wish(self, product_id: str) -> None:
        """Puts a product that was found on the wish list."""
        self.searchWish("")
        self._details.addWish(product_id)

    @Slot(str)
    def orderWish(self, product_id: str) -> None:
        """Begins an order for this member with a product of their wish list."""
        self.desk.go.open("Order", {"memberId": self.memberId, "productId": product_id})

    @Slot(str)
    def openOrder(self, order_id: str) -> None:
        """Opens an order of the timeline."""
        self.desk.go.open("Orders", {"orderId": order_id})

    @Slot(str)
    def openQuotation(self, quotation_id: str) -> None:
        """Opens one of their quotations."""
        self.desk.go.open("Quotations", {"quotationId": quotation_id})

    @Slot(str, bool)
    def setConsent(self, kind: str, granted: bool) -> None:
        """Gives or withdraws a consent."""
        if self._view is not None and kind in self._policies:
            self.run(self._consent(self._view, self._policies[kind], granted))

    @Slot(str, str)
    def settle(self, key: str, repair: str) -> None:
        """Settles a field that two people changed: "keep_hq" or "take_theirs"."""
        rows = collisions(self._view) if self._view is not None else []
        row = next((row for row in rows if row.key == key), None)
        if row is not None and repair in repairs(row):
            self.run(self._settle(row, cast("Repair", repair)))

    @Slot()
    def order(self) -> None:
        """Begins an order for this member."""
        self.desk.go.open("Order", {"memberId": self.memberId})

    @Slot()
    def talk(self) -> None:
        """Logs a talk with this member."""
        self.desk.go.sheet("LogTalk", {"memberId": self.memberId})

    @Slot()
    def material(self) -> None:
        """What of the library goes with them."""
        self.desk.go.open("Library", {"memberId": self.memberId})

    @Slot()
    def message(self) -> None:
        """Writes them a message."""
        self.desk.go.sheet("Message", {"memberId": self.memberId})

    @Slot()
    def signUp(self) -> None:
        """Whoever is not in the list may be signed up; what was typed goes along if it may be a phone."""
        self.desk.go.open("SignUp", {"phone": typed_phone(self._text)})

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        super().retranslate()
        self._service.retranslate()

    # ------------------------------------------------------------------ work

    async def _open(self) -> None:
        tablet = await self._shop.tablet()
        if tablet is not None:
            self._region, self._currency = tablet.region, tablet.currency
        self._staff = {row.id: row.staff.name for row in await self._shop.staff()}
        self._policies = {policy.kind: policy for policy in await self._shop.policies()}
        self._groups.update(group_chips(self._group))
        await super()._open()
        if self._wanted:
            await self._load()

    async def _load(self) -> None:
        """Shows the member that was chosen last, as the store has them now."""
        newest = self._chosen.ask()
        view = await self._members.get(self._wanted) if self._wanted else None
        kinds = kinds_of(self._group) if self._group else ()
        entries = await self._members.timeline(view.id, kinds=kinds, limit=self._length + 1) if view else []
        wished = [wish.product_id for wish in view.member.wishes] if view else []
        products = await self._catalogue.get(wished) if wished else []
        if not newest():
            return
        gone = view is None and self._wanted != ""
        self._set_view(view)
        self._missing = gone
        if view is not None:
            self._earlier = len(entries) > self._length
            words = LevelWords(self.desk.figures, self._currency, self._settings)
            teller = Teller(self._staff, self._titles(), self.desk, words)
            self._timeline.update([timeline_line(entry, teller) for entry in entries[: self._length]])
            self._consents.update([consent_line(view, policy, self.desk) for policy in self._policies.values()])
            self._reach.update(reach_lines(view.member, self.desk))
            self._conflicts.update([attention_line(row, self.desk) for row in collisions(view)])
            self._details.show(Shown(
                view=view, settings=self._settings, currency=self._currency, today=self.desk.figures.today(),
                heard=self._ports.heard(),
                products={row.id: row for row in products},
                rule_tags=tuple(dict.fromkeys(one.tag for one in view.rule_tags)),
            ))  # fmt: skip
        self.changed.emit()
        await self._refresh_list()

    def _titles(self) -> dict[str, str]:
        language = self.desk.figures.language
        return {kind: named(one.title.en, one.title.zh, language) for kind, one in self._policies.items()}

    def _set_view(self, view: MemberView | None) -> None:
        super()._set_view(view)
        if view is None:
            self._details.show(None)
            self.searchWish("")

    async def _offer(self, text: str, newest: Any) -> None:
        rows = await self._catalogue.search(text, limit=OFFERED)
        if newest() and self._view is not None:
            self._offered = rows
            self._show_offers()

    def _show_offers(self) -> None:
        self._offers.update([wish_line(row, self._currency, self.desk) for row in self._offered])

    def _on_pictures(self) -> None:
        self._details.again()
        if len(self._offers.rows):
            self._show_offers()

    def _set_field(self, field: str, value: Any) -> None:
        if self._view is not None and getattr(self._view.member, field) != value:
            self.run(self._edit(self._view, field, value))

    async def _edit(self, seen: MemberView, field: str, value: Any) -> None:
        op_id = await self._desk.edit(seen, **{field: value})
        await self._load()
        said = tr("%1 saved", field_words(field))
        self.desk.tell.say(said, lambda: self.run(self._put_back(seen, op_id, field, value)))

    async def _put_back(self, seen: MemberView, op_id: str, field: str, made: Any) -> None:
        """Undoes an edit, of whom it was, whoever is shown by now."""
        await self._desk.take_back(seen, op_id, **{field: made})
        await self._load()

    async def _settle(self, row: AttentionRow, repair: Repair) -> None:
        settled = await self._desk.settle(row.member_id, row.field, row.hq, chosen(row, repair))
        await self._load()
        said = tr("%1 saved", field_words(row.field))
        self.desk.tell.say(said, lambda: self.run(self._desk.unsettle(settled)))

    async def _consent(self, seen: MemberView, policy: Policy, granted: bool) -> None:
        await self._desk.consent(seen, policy, granted)
        await self._load()
        said = tr("Consent recorded") if granted else tr("Consent withdrawn")
        self.desk.tell.say(said, lambda: self.run(self._turn_back(seen, policy, not granted)))

    async def _turn_back(self, seen: MemberView, policy: Policy, granted: bool) -> None:
        """One more decision, never a change of the one before; under the words that held when it was first made."""
        now, before = await self._members.get(seen.id), seen.member.consent(policy.kind)
        if now is not None:
            version = before.policy_version if before is not None else policy.version
            await self._desk.consent(now, msgspec.structs.replace(policy, version=version), granted)
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
