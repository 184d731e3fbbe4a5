"""The sheet for what a guide takes off by hand: how much and why, and above the guide's limit a manager's PIN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.clock import Clock
from guide_app.domain.errors import BadInput
from guide_app.domain.money import WHOLE, to_major, typed
from guide_app.domain.pricing import Manual
from guide_app.domain.records import Settings
from guide_app.services.baskets import Basket
from guide_app.services.by_hand import ByHandDesk, Tried, without_manual
from guide_app.services.ports.shop import ShopReader, StaffRow
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.offer_words import rate_words
from ui.viewmodels.pin_pad import PinPadViewModel
from ui.viewmodels.problems import problem_words
from ui.viewmodels.words import named

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

UNITS = ("percent", "amount")


class ReasonChip(Row, frozen=True):
    """A reason to choose; `key` is the reason in words."""

    selected: bool


class ManagerChip(Row, frozen=True):
    """A manager who may allow it."""

    called: str
    selected: bool


@QmlElement
class ByHandViewModel(ViewModel):
    """One discount by hand: of a line, or of the whole order."""

    changed = Signal()

    def __init__(
        self, desk: Desk, by_hand: ByHandDesk, shop: ShopReader, session: Session, clock: Clock,
        give: Callable[[Basket], None],
    ) -> None:  # fmt: skip
        """`give` is called with the basket whose discounts by hand are to stand."""
        super().__init__(desk)
        self._by_hand, self._shop, self._session, self._give = by_hand, shop, session, give
        self._reasons, self._managers = KeyedListModel(ReasonChip), KeyedListModel(ManagerChip)
        self._pad = PinPadViewModel(desk, session, clock, approve=True)
        self._pad.setParent(self)
        self._pad.done.connect(lambda: self.run(self._allowed()))
        self._newest = Latest()
        self._settings, self._currency = Settings(), "CNY"
        self._people: list[StaffRow] = []
        self._basket: Basket | None = None
        self._before: Manual | None = None
        self._tried: Tried | None = None
        self._shown_total: int | None = None
        self._line_id = self._title = self._value = self._reason = self._manager = self._problem = ""
        self._unit, self._stage = UNITS[0], "what"
        session.subscribe(lambda _: self.close())

    # ------------------------------------------------------------------ what is shown

    @Property(bool, notify=changed)
    def shown(self) -> bool:
        """Whether the sheet is open."""
        return self._basket is not None

    @Property(str, notify=changed)
    def title(self) -> str:
        """Of what it is taken off."""
        return self._title or tr("The whole order")

    @Property(str, notify=changed)
    def stage(self) -> str:
        """ "what": how much and why; "who": which manager allows it."""
        return self._stage

    @Property(str, notify=changed)
    def unit(self) -> str:
        """percent or amount."""
        return self._unit

    @Property(str, notify=changed)
    def value(self) -> str:
        """How much, as typed."""
        return self._value

    @Property(str, notify=changed)
    def reason(self) -> str:
        """Why, in words."""
        return self._reason

    @Property(str, notify=changed)
    def limitWords(self) -> str:
        """How far the guide may go."""
        guide, manager = rate_words(self._settings.guide_limit), rate_words(self._settings.manager_limit)
        return tr("Up to %1 % alone; above it, up to %2 %, a manager types their PIN", guide, manager)

    @Property(str, notify=changed)
    def preview(self) -> str:
        """What it makes of the order's total; empty while nothing is typed."""
        if self._tried is None or self._shown_total is None:
            return ""
        before, after = self._shown_total, self._tried.quote.priced.total
        money = self.desk.figures.money
        return tr("To pay %1 instead of %2", money(after, self._currency), money(before, self._currency))

    @Property(str, notify=changed)
    def problem(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        if self._problem:
            return problem_words(self._problem)
        if self._tried is not None and self._tried.too_much:
            return tr("Nobody in the shop may take off more than %1 %", rate_words(self._settings.manager_limit))
        if self._tried is not None and self._tried.of_card:
            return tr("Gift cards are money: nothing is taken off them")
        return ""

    @Property(bool, notify=changed)
    def needsManager(self) -> bool:
        """Whether a manager must allow it."""
        return self._tried is not None and bool(self._tried.needs) and not self._tried.too_much

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether it can be given, or a manager asked."""
        tried = self._tried
        return tried is not None and not (tried.too_much or tried.of_card) and bool(self._reason.strip())

    @Property(bool, notify=changed)
    def removable(self) -> bool:
        """Whether something is taken off by hand already."""
        return self._before is not None

    @Property(QObject, constant=True)
    def reasons(self) -> KeyedListModel:
        """HQ's reasons."""
        return self._reasons

    @Property(QObject, constant=True)
    def managers(self) -> KeyedListModel:
        """Who may allow it."""
        return self._managers

    @Property(bool, notify=changed)
    def noManager(self) -> bool:
        """Whether nobody of this shop may allow it."""
        return not self._people

    @Property(PinPadViewModel, constant=True)
    def pad(self) -> PinPadViewModel:
        """The manager's PIN."""
        return self._pad

    # ------------------------------------------------------------------ what is done

    def begin(self, basket: Basket, line_id: str, title: str, currency: str, told: int) -> None:
        """Opens for a line of the basket, or with an empty id for the order; `told`: what it costs as shown."""
        self._put_away()
        self._basket, self._line_id, self._title, self._currency, self._shown_total = (
            basket,
            line_id,
            title,
            currency,
            told,
        )
        self._before = next((one for one in basket.manual if one.line_id == line_id), None)
        if self._before is not None:
            self._reason = self._before.label
            self._unit = "percent" if self._before.percent else "amount"
        self.run(self._load())
        self.changed.emit()
        self.desk.go.sheet("TakeOff")

    @Slot(str)
    def setUnit(self, unit: str) -> None:
        """Percent or amount."""
        if unit in UNITS and unit != self._unit:
            self._unit = unit
            self._again()

    @Slot(str)
    def setValue(self, text: str) -> None:
        """How much."""
        self._value = text
        self._again()

    @Slot(str)
    def setReason(self, text: str) -> None:
        """Why, one of HQ's reasons or another."""
        self._reason = text[:120]
        self._again()

    @Slot()
    def goOn(self) -> None:
        """Gives it, or asks for a manager."""
        if not self.ready or self._tried is None:
            return
        if not self._tried.needs:
            self._done(self._tried.basket)
            return
        self._stage = "who"
        if len(self._people) == 1:
            self.chooseManager(self._people[0].id)
        self.changed.emit()

    @Slot(str)
    def chooseManager(self, staff_id: str) -> None:
        """This manager types their PIN; nobody is changed while one is being checked."""
        if self._pad.busy:
            return
        self._manager = staff_id
        self._pad.begin(staff_id)
        self._show()

    @Slot()
    def back(self) -> None:
        """From the manager's PIN to how much and why."""
        self._stage, self._manager = "what", ""
        self._pad.begin("")
        self._show()

    @Slot()
    def remove(self) -> None:
        """Takes back what was taken off."""
        if self._basket is not None:
            self._done(without_manual(self._basket, (self._line_id,)))

    @Slot()
    def close(self) -> None:
        """The sheet was closed."""
        was_shown = self.shown
        self._put_away()
        self._pad.begin("")
        self._show()
        if was_shown:
            self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._pad.retranslate()
        self._show()

    # ------------------------------------------------------------------ work

    def _put_away(self) -> None:
        self._newest.ask()
        self._basket = self._before = self._tried = self._shown_total = None
        self._line_id = self._title = self._value = self._reason = self._manager = self._problem = ""
        self._unit, self._stage = UNITS[0], "what"

    async def _load(self) -> None:
        self._settings = await self._shop.settings()
        self._people = [*await self._by_hand.managers()]
        if self._before is not None and not self._value:
            one = self._before
            self._value = rate_words(one.percent) if one.percent else self._typed(one.amount)
        self._again()

    def _typed(self, amount: int) -> str:
        """Minor units as they are typed."""
        return f"{to_major(amount, self._currency):f}"

    def _again(self) -> None:
        self._problem, self._tried = "", None
        newest = self._newest.ask()
        self._show()
        if self._basket is not None and self._value.strip():
            self.run(self._try(newest))

    async def _try(self, newest: Callable[[], bool]) -> None:
        try:
            manual = self._made()
        except BadInput as error:
            self._problem = error.code
            self.changed.emit()
            return
        if self._basket is None or manual is None:
            return
        tried = await self._by_hand.tried(self._basket, manual)
        if newest():
            self._tried = tried
            self._show()

    def _made(self) -> Manual | None:
        """What is typed. Raises BadInput("amount_invalid")."""
        minor = typed(self._value, "CNY" if self._unit == "percent" else self._currency)
        if self._unit == "percent" and minor > WHOLE:
            raise BadInput("amount_invalid")
        if not minor:
            return None
        percent, amount = (minor, 0) if self._unit == "percent" else (0, minor)
        return self._by_hand.made(self._line_id, percent=percent, amount=amount, label=self._reason.strip())

    async def _allowed(self) -> None:
        """The manager's PIN was right."""
        if self._tried is None or not self._manager:
            return
        newest = self._newest.ask()
        allowed = await self._by_hand.allowed(self._tried, self._manager)
        if not newest():
            return
        if allowed.needs or allowed.too_much:
            self._tried, self._stage = allowed, "what"
            self._show()
            return
        self._done(allowed.basket)

    def _done(self, basket: Basket) -> None:
        self._give(basket)
        self.close()

    def _show(self) -> None:
        language = self.desk.figures.language
        told = dict.fromkeys(named(one.en, one.zh, language) for one in self._settings.discount_reasons)
        self._reasons.update([ReasonChip(key=words, selected=words == self._reason) for words in told])
        self._managers.update([ManagerChip(key=row.id, called=row.staff.name, selected=row.id == self._manager)
                               for row in self._people])  # fmt: skip
        self.changed.emit()
