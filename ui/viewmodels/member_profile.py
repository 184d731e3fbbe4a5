"""One member as the profile shows them: who they are, what they bought, when they were last here."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from guide_app.services.ports.members import MemberReader, MemberView
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel
from ui.viewmodels.attention_words import AttentionLine
from ui.viewmodels.base import Desk, Latest, tr, trn
from ui.viewmodels.member_consents import ConsentLine, ReachLine, day_of
from ui.viewmodels.member_list import MemberListViewModel
from ui.viewmodels.member_words import birthday_words, gender_words
from ui.viewmodels.shown_phone import ShownPhone, Tell
from ui.viewmodels.timeline import GROUPS, GroupChip, TimelineLine
from ui.viewmodels.words import named, source_words


class MemberProfileViewModel(MemberListViewModel):
    """The list with a profile beside it, whose properties are empty while nobody is chosen."""

    changed = Signal()
    fieldsChanged = Signal()
    """What can be typed into was changed: told apart, so that a sync does not undo half-typed words."""

    def __init__(self, desk: Desk, members: MemberReader, shop: ShopReader, session: Session, tell: Tell) -> None:
        """`tell`: writes down that a phone was shown."""
        super().__init__(desk, members, shop, session)
        self._phone = ShownPhone(self.run, tell, self)
        self._phone.changed.connect(self.changed)
        self._timeline, self._consents = KeyedListModel(TimelineLine), KeyedListModel(ConsentLine)
        self._reach, self._conflicts = KeyedListModel(ReachLine), KeyedListModel(AttentionLine)
        self._groups, self._group, self._earlier = KeyedListModel(GroupChip), GROUPS[0], False
        self._view: MemberView | None = None
        self._staff: dict[str, str] = {}
        self._region, self._currency = "CN", "CNY"
        self._wanted, self._chosen, self._missing = "", Latest(), False

    @Property(bool, notify=changed)
    def chosen(self) -> bool:
        """Whether a member is shown."""
        return self._view is not None

    @Property(str, notify=changed)
    def memberId(self) -> str:
        """The member's id."""
        return self._view.id if self._view else ""

    @Property(str, notify=fieldsChanged)
    def name(self) -> str:
        """The member's name."""
        return self._view.member.name if self._view else ""

    @Property(str, notify=changed)
    def memberNo(self) -> str:
        """The member's number."""
        return self._view.member.member_no if self._view else ""

    @Property(str, notify=changed)
    def home(self) -> str:
        """What the store is called that a visitor belongs to; empty for a member of this one."""
        return named(self._view.home.en, self._view.home.zh, self.desk.figures.language) if self._view else ""

    @Property(str, notify=changed)
    def phone(self) -> str:
        """The phone, masked unless it was shown on purpose."""
        return self._phone.text

    @Property(bool, notify=changed)
    def phoneShown(self) -> bool:
        """Whether the whole phone is shown."""
        return self._phone.shown

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
    def spentAll(self) -> str:
        """Sales since joining."""
        return self.desk.figures.money(self._view.member.spent, self._currency) if self._view else ""

    @Property(str, notify=changed)
    def ordersAll(self) -> str:
        """Orders since joining, in words."""
        return trn("%n order(s)", self._view.member.order_count) if self._view else ""

    @Property(str, notify=changed)
    def lastContact(self) -> str:
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

    @Property(QObject, constant=True)
    def conflicts(self) -> KeyedListModel:
        """What two people changed at once, each with its two ways to settle it."""
        return self._conflicts

    @Property(int, notify=changed)
    def tickets(self) -> int:
        """How many of their tickets are unsolved."""
        return self._view.tickets if self._view else 0

    @Property(bool, notify=changed)
    def waiting(self) -> bool:
        """Whether HQ does not have all of it yet."""
        return bool(self._view and self._view.waiting)

    @Property(bool, notify=changed)
    def loading(self) -> bool:
        """Whether somebody is chosen who is not shown yet."""
        return self._view is None and self._wanted != ""

    @Property(bool, notify=changed)
    def missing(self) -> bool:
        """Whether somebody is chosen who is not on this tablet any more."""
        return self._missing

    @Property(str, notify=changed)
    def gender(self) -> str:
        """The gender's code."""
        return self._view.member.gender if self._view else ""

    @Property(str, notify=changed)
    def genderWords(self) -> str:
        """The gender as it was told."""
        return gender_words(self._view.member.gender) if self._view else ""

    @Property(str, notify=fieldsChanged)
    def birthdayTyped(self) -> str:
        """The birthday as it is kept and typed."""
        return self._view.member.birthday if self._view else ""

    @Property(str, notify=changed)
    def source(self) -> str:
        """How they came to the shop, in words."""
        return source_words(self._view.member.source) if self._view and self._view.member.source else ""

    @Property(QObject, constant=True)
    def groups(self) -> KeyedListModel:
        """The filters of the timeline."""
        return self._groups

    @Property(bool, notify=changed)
    def earlier(self) -> bool:
        """Whether there is more of the timeline than is shown."""
        return self._earlier

    @Property(QObject, constant=True)
    def timeline(self) -> KeyedListModel:
        """Everything that happened, newest first."""
        return self._timeline

    @Property(QObject, constant=True)
    def consents(self) -> KeyedListModel:
        """The member's consents."""
        return self._consents

    @Property(QObject, constant=True)
    def reach(self) -> KeyedListModel:
        """By which channels offers may reach them, and why not by the others."""
        return self._reach

    @Slot()
    def showPhone(self) -> None:
        """Shows the phone for a while, or masks it again."""
        if self._phone.shown:
            self._phone.hide()
        else:
            self._phone.show()

    @Slot()
    def clear(self) -> None:
        """Another guide: nothing of the last one's stays."""
        self._set_view(None)
        super().clear()

    def _marked(self) -> str:
        return self._view.id if self._view else ""

    def _set_view(self, view: MemberView | None) -> None:
        before, self._view = self._view, view
        self._missing = False
        self._phone.put(*((view.id, view.member.phone) if view else ("", "")), self._region)
        if view is None:
            self._chosen.ask()
            self._wanted, self._group, self._earlier = "", GROUPS[0], False
            self._timeline.update([])
            self._consents.update([])
            self._reach.update([])
            self._conflicts.update([])
        if _typed_fields(before) != _typed_fields(view):
            self.fieldsChanged.emit()
        self.changed.emit()


def _typed_fields(view: MemberView | None) -> tuple[str, ...]:
    return (view.id, view.member.name, view.member.note, view.member.birthday) if view else ()
