"""Coupons and points of the open basket: what its member has, one tap to use it, and in words why something cannot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import EnvironmentProblem, NoNetwork, Refused
from guide_app.domain.pricing import ChosenCoupon, PointsOffered, Why
from guide_app.domain.records import Coupon
from guide_app.services.baskets import Basket
from guide_app.services.session import Session
from guide_app.services.value import CouponHeld, Purse, ValueDesk, chosen_form, with_coupon, without_coupon
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr, trn
from ui.viewmodels.basket_price import BasketPrice
from ui.viewmodels.problems import problem_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1
How = Callable[[Basket], Basket]


class CouponRow(Row, frozen=True):
    """A coupon of the member's. `amount`: what it takes off, or would; `detail`: until when it counts, or why it takes
    nothing off; `usable`: a tap does something."""

    title: str
    detail: str
    amount: str
    chosen: bool
    usable: bool


@QmlElement
class BasketValueViewModel(ViewModel):
    """Stands on the order page's basket, which keeps what is chosen."""

    changed = Signal()

    def __init__(
        self, desk: Desk, value: ValueDesk, session: Session, costs: BasketPrice, basket: Callable[[], Basket | None],
        change: Callable[[How], Awaitable[None]],
    ) -> None:  # fmt: skip
        """`change` changes the open basket, keeps it and tells its price."""
        super().__init__(desk)
        self._value, self._costs, self._basket, self._change = value, costs, basket, change
        self._coupons = KeyedListModel(CouponRow)
        self._looked, self._tried = Latest(), Latest()
        self._purse, self._worth = Purse(), PointsOffered()
        self._seen: Basket | None = None
        self._refused: dict[str, str] = {}
        self._asking, self._typed = "", ""
        self._trouble, self._at_hand = "", 0
        session.subscribe(lambda _: self._put_away())

    # ------------------------------------------------------------------ what is shown

    @Property(bool, notify=changed)
    def offered(self) -> bool:
        """Whether the member has anything to use."""
        return self._purse.something

    @Property(str, notify=changed)
    def summary(self) -> str:
        """What is used, or else what there is, in short."""
        basket = self._basket()
        if basket is not None and (basket.coupons or basket.points):
            return self._list(len(basket.coupons), self._costs.points_used)
        return self._list(sum(one.why is None for one in self._purse.coupons), self._purse.have)

    @Property(bool, notify=changed)
    def using(self) -> bool:
        """Whether something of it is in the basket."""
        basket = self._basket()
        return basket is not None and bool(basket.coupons or basket.points)

    @Property(str, notify=changed)
    def bestWords(self) -> str:
        """What the best coupons take off; empty where nothing is to be gained by them, or they are chosen."""
        best = self._better()
        return trn("Use %n coupon(s): %1", len(best), self._money(-self._purse.best_saves)) if best else ""

    @Property(str, notify=changed)
    def bestShort(self) -> str:
        """As `bestWords`, in fewer words."""
        return tr("Best: %1", self._money(-self._purse.best_saves)) if self._better() else ""

    @Property(str, notify=changed)
    def earnsWords(self) -> str:
        """What the order will bring; empty where that is nothing."""
        return earns_words(self._purse.earns)

    @Property(QObject, constant=True)
    def coupons(self) -> KeyedListModel:
        """The member's coupons: those that are chosen, those that would take most off, and the others."""
        return self._coupons

    @Property(bool, notify=changed)
    def hasPoints(self) -> bool:
        """Whether the member has points."""
        return self._purse.have > 0

    @Property(str, notify=changed)
    def pointsWords(self) -> str:
        """How many points there are, and how much of the order they could pay."""
        have, most = self.desk.figures.number(self._purse.have), self._purse.points
        if most.why is not None:
            return tr("%1 points. %2", have, self._why(most.why))
        number, worth = self.desk.figures.number(most.points), self._money(most.worth)
        return tr("%1 points; up to %2 can pay %3 of this order", have, number, worth)

    @Property(bool, notify=changed)
    def pointsUsable(self) -> bool:
        """Whether points can pay anything of it."""
        return self._purse.points.worth > 0

    @Property(str, notify=changed)
    def pointsValue(self) -> str:
        """How many points, as typed."""
        return self._typed

    @Property(str, notify=changed)
    def pointsPreview(self) -> str:
        """What so many points pay; empty while nothing is typed."""
        if not self._worth.points:
            return ""
        return tr("%1 points pay %2", self.desk.figures.number(self._worth.points), self._money(self._worth.worth))

    @Property(bool, notify=changed)
    def pointsReady(self) -> bool:
        """Whether what is typed can be used."""
        basket = self._basket()
        return basket is not None and 0 < self._worth.points != basket.points and not self._asking

    @Property(bool, notify=changed)
    def pointsChosen(self) -> bool:
        """Whether points are in the basket."""
        basket = self._basket()
        return basket is not None and basket.points > 0

    @Property(str, notify=changed)
    def usedWords(self) -> str:
        """What coupons and points take off the order now; empty where that is nothing."""
        off = self._costs.value_off
        return tr("They take off %1", self._money(off)) if off else ""

    @Property(bool, notify=changed)
    def asking(self) -> bool:
        """Whether HQ is being asked for it."""
        return bool(self._asking)

    @Property(str, notify=changed)
    def problem(self) -> str:
        """Why something could not be used, and what to do; empty where nothing went wrong."""
        if not self._trouble:
            return ""
        words = problem_words(self._trouble)
        here = self.desk.figures.number(self._at_hand)
        return " ".join((words, tr("%1 points are at hand on this tablet.", here))) if self._at_hand else words

    # ------------------------------------------------------------------ what is done

    @Slot()
    def show(self) -> None:
        """Opens the sheet."""
        if self._basket() is not None:
            self._trouble, self._at_hand, self._refused = "", 0, {}
            self._type_in("")
            self.again()
            self.desk.go.sheet("BasketValue")

    @Slot(str)
    def toggle(self, coupon_id: str) -> None:
        """Uses a coupon, or takes it out."""
        held = next((one for one in self._purse.coupons if one.coupon.id == coupon_id), None)
        if held is None or self._asking:
            return
        if held.chosen:
            self.run(self._give(lambda basket: without_coupon(basket, coupon_id)))
        else:
            self.run(self._take((chosen_form(held.coupon),), ()))

    @Slot()
    def takeBest(self) -> None:
        """Uses the coupons by which the customer pays least, and no others."""
        basket = self._basket()
        if basket is not None and self._better() and not self._asking:
            self.run(self._take(self._purse.best, basket.coupons))

    @Slot(str)
    def typePoints(self, text: str) -> None:
        """How many points, digit by digit."""
        self._type_in("".join(filter(str.isdecimal, text))[:9])

    @Slot()
    def allPoints(self) -> None:
        """As many as can pay something."""
        self._type_in(str(self._purse.points.points))

    @Slot()
    def usePoints(self) -> None:
        """Uses what is typed."""
        if self.pointsReady:
            self.run(self._take_points(self._worth.points))

    @Slot()
    def noPoints(self) -> None:
        """Uses none."""
        self.run(self._give(lambda basket: replace(basket, points=0)))

    @Slot()
    def close(self) -> None:
        """The sheet was closed."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    def missing(self, problem: EnvironmentProblem) -> None:
        """The order could not be placed with what was chosen: the sheet says why."""
        self.show()
        self._trouble = problem.code
        self.changed.emit()

    def follow(self) -> None:
        """The basket may be another one now."""
        basket = self._basket()
        if basket is not self._seen and basket != self._seen:
            self.again()

    def again(self) -> None:
        """The basket, or what its member has, changed: what can be used is looked at anew."""
        basket = self._seen = self._basket()
        newest = self._looked.ask()
        if basket is None or not basket.member_id:
            self._purse = Purse()
            self._show()
        else:
            self.run(self._look(basket, newest))

    # ------------------------------------------------------------------ work

    async def _look(self, basket: Basket, newest: Callable[[], bool]) -> None:
        purse = await self._value.look(basket, self._refused)
        if newest():
            self._purse = purse
            self._show()

    async def _take(self, wanted: tuple[ChosenCoupon, ...], instead_of: tuple[ChosenCoupon, ...]) -> None:
        """Uses these coupons, where all of them are to be had; HQ is asked while the basket can be changed."""
        got = True
        for one in wanted:
            got = got and await self._asked(one.coupon_id, self._value.take(one.coupon_id))
        if not got:
            self.again()
            return

        def chosen(basket: Basket) -> Basket:
            for one in instead_of:
                basket = without_coupon(basket, one.coupon_id)
            for one in wanted:
                basket = with_coupon(basket, one)
            return basket

        await self._give(chosen)

    async def _take_points(self, count: int) -> None:
        basket = self._basket()
        assert basket is not None
        if await self._asked("", self._value.take_points(basket.member_id, count)):
            self._type_in("")
            await self._give(lambda basket: replace(basket, points=count))
            return
        self._at_hand = await self._value.points_here(basket.member_id)
        self.changed.emit()

    async def _asked(self, coupon_id: str, question: Awaitable[None]) -> bool:
        """Whether this tablet has it to spend; why not is said."""
        before = self._basket()
        self._asking, self._trouble, self._at_hand = coupon_id or "points", "", 0
        self._show()
        try:
            await question
        except (Refused, NoNetwork) as problem:
            self._trouble = problem.code
            if coupon_id:
                self._refused[coupon_id] = problem.code
            return False
        finally:
            self._asking = ""
            self._show()
        now = self._basket()
        return before is not None and now is not None and _whose(before) == _whose(now)

    async def _give(self, how: How) -> None:
        """Changes the basket that is open now, unless it is another one by then."""
        before = self._basket()
        self._trouble, self._at_hand = "", 0

        def same(basket: Basket) -> Basket:
            return how(basket) if before is not None and _whose(basket) == _whose(before) else basket

        await self._change(same)

    def _better(self) -> tuple[ChosenCoupon, ...]:
        """The best coupons, where these are not those that are chosen."""
        basket, best = self._basket(), self._purse.best
        chosen = {one.coupon_id for one in basket.coupons} if basket else set()
        return () if {one.coupon_id for one in best} == chosen else best

    def _type_in(self, text: str) -> None:
        self._typed, self._worth = text, PointsOffered()
        newest, basket = self._tried.ask(), self._basket()
        if text and basket is not None:
            self.run(self._try(basket, min(int(text), self._purse.have), newest))
        self.changed.emit()

    async def _try(self, basket: Basket, count: int, newest: Callable[[], bool]) -> None:
        worth = await self._value.worth(basket, count)
        if newest():
            self._worth = worth
            self.changed.emit()

    def _put_away(self) -> None:
        self._looked.ask()
        self._tried.ask()
        self._purse, self._worth, self._seen, self._refused = Purse(), PointsOffered(), None, {}
        self._asking = self._trouble = self._typed = ""
        self._at_hand = 0
        self._show()

    def _show(self) -> None:
        self._coupons.update([self._row(one) for one in self._purse.coupons])
        self.changed.emit()

    def _row(self, one: CouponHeld) -> CouponRow:
        return CouponRow(
            key=one.coupon.id,
            title=self._costs.words.said(one.coupon.title) or tr("Coupon"),
            detail=self._why(one.why, one.coupon.promotion) if one.why else self._until(one.coupon),
            amount=self._money(-one.saves) if one.saves else "",
            chosen=one.chosen,
            usable=one.chosen or one.why is None or one.why.code in _AGAIN,
        )

    def _until(self, coupon: Coupon) -> str:
        """What it goes with, and its last day."""
        source = self._costs.words.said(coupon.source)
        told = [tr("Benefit of %1", source)] if source else []
        told += [tr("Until %1", self.desk.figures.day(coupon.until))] if coupon.until else []
        return " · ".join(told)

    def _why(self, why: Why, family: str = "") -> str:
        return self._costs.words.reason(why, family)

    def _list(self, coupons: int, points: int) -> str:
        told = [trn("%n coupon(s)", coupons)] if coupons else []
        told += [tr("%1 points", self.desk.figures.number(points))] if points else []
        return " · ".join(told) or tr("Coupons and points")

    def _money(self, minor: int) -> str:
        return self._costs.words.money(minor)


_AGAIN = frozenset({"coupon_elsewhere", "coupon_offline"})
"""Reasons that may have gone by: one more tap asks again."""


def earns_words(points: int) -> str:
    """How many points an order brings; empty where that is none."""
    return trn("Earns %n point(s)", points) if points else ""


def _whose(basket: Basket) -> tuple[str, str]:
    return basket.order_id, basket.member_id
