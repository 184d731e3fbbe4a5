"""The sheet of whose sale an order is: what each guide has of it, putting that right, and what was put right before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import shares
from guide_app.domain.records import GuideShare, Order, OrderLine
from guide_app.services.ports import CatalogueReader, StaffRow
from guide_app.services.session import Session
from guide_app.services.shares import MOST, REASONS, ShareDesk
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.member_sheet import ChoiceTile
from ui.viewmodels.words import named, number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1
STEP = 500
"""Basis points of one tap."""


class PartRow(Row, frozen=True):
    """A guide who has a part: how much, in words."""

    name: str
    percent: str


class TrailRow(Row, frozen=True):
    """A correction: what became of it, and who, when and why."""

    title: str
    detail: str


@QmlElement
class ReshareViewModel(ViewModel):
    """One order. What is shown at first is how it stands; guides are tapped in and out, a tap moves five per cent."""

    changed = Signal()

    def __init__(self, desk: Desk, sharing: ShareDesk, catalogue: CatalogueReader, session: Session) -> None:
        super().__init__(desk)
        self._sharing, self._catalogue, self._session = sharing, catalogue, session
        self._guides, self._lines, self._reasons = (KeyedListModel(ChoiceTile) for _ in range(3))
        self._parts, self._trail = KeyedListModel(PartRow), KeyedListModel(TrailRow)
        self._asked = Latest()
        self._put_away()
        session.subscribe(lambda _: self._put_away())

    _order: Order | None
    _people: Sequence[StaffRow]
    _products: dict[str, tuple[str, str]]
    _chosen: tuple[GuideShare, ...]

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`orderId`: of which order."""
        self._put_away()
        self.run(self._load(str(arguments.get("orderId", ""))))

    @Property(QObject, constant=True)
    def guides(self) -> KeyedListModel:
        """Who works here, and who has a part of it already; chosen is who shares."""
        return self._guides

    @Property(QObject, constant=True)
    def parts(self) -> KeyedListModel:
        """Those who share, with how much."""
        return self._parts

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """The whole order, or one of its lines."""
        return self._lines

    @Property(QObject, constant=True)
    def reasons(self) -> KeyedListModel:
        """Why it is put right."""
        return self._reasons

    @Property(QObject, constant=True)
    def trail(self) -> KeyedListModel:
        """What was put right before, the latest first."""
        return self._trail

    @Property(str, notify=changed)
    def orderWords(self) -> str:  # noqa: N802
        """Which order, and what each guide sold of it."""
        if self._order is None:
            return ""
        currency = self._order.currency
        sold = shares.by_guide(self._order).items()
        each = tr(", ").join(
            f"{self._name(guide)} {self.desk.figures.money(amount, currency)}" for guide, amount in sold
        )
        return f"{number_words(self._order.number)} · {each}"

    @Property(bool, notify=changed)
    def may(self) -> bool:
        """Whether the guide signed in may put it right."""
        return self._sharing.may

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether something else than now was chosen, with a reason."""
        return (
            self._sharing.may
            and self._order is not None
            and bool(self._reason)
            and self._differs()
            and not self._saving
        )

    @Slot(str)
    def chooseLine(self, line_id: str) -> None:  # noqa: N802
        """Which line it is about; "" the whole order."""
        self._line = line_id
        self._chosen = self._now()
        self._show()

    @Slot(str)
    def toggle(self, guide_id: str) -> None:
        """A guide shares, or no longer; all who do have equal parts then. Somebody always has it."""
        ids = [one.guide_id for one in self._chosen]
        if guide_id not in ids and len(ids) < MOST:
            ids.append(guide_id)
        elif guide_id in ids and len(ids) > 1:
            ids.remove(guide_id)
        else:
            return
        self._chosen = shares.evenly(ids)
        self._show()

    @Slot(str, int)
    def step(self, guide_id: str, steps: int) -> None:
        """More or less for a guide, in steps of five per cent; the others give it up or get it."""
        if any(one.guide_id == guide_id for one in self._chosen):
            self._chosen = shares.moved(self._chosen, guide_id, steps * STEP)
            self._show()

    @Slot(str)
    def chooseReason(self, reason: str) -> None:  # noqa: N802
        """Why."""
        if reason in REASONS:
            self._reason = reason
            self._show()

    @Slot()
    def save(self) -> None:
        """Puts it right."""
        if self.ready and self._order is not None:
            self._saving = True
            self.changed.emit()
            self.run(self._save(self._order.number))

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    # ------------------------------------------------------------------ work

    async def _load(self, order_id: str) -> None:
        newest = self._asked.ask()
        row = await self._sharing.order(order_id)
        people = await self._sharing.people()
        products = await self._catalogue.get([line.product_id for line in row.order.lines]) if row else []
        if newest() and row is not None:
            self._order_id, self._order, self._people = order_id, row.order, people
            self._products = {one.id: (one.product.names.en, one.product.names.zh) for one in products}
            self._chosen = self._now()
            self._show()

    async def _save(self, number: str) -> None:
        try:
            await self._sharing.correct(self._order_id, self._line, self._chosen, self._reason)
        finally:
            self._saving = False
            self.changed.emit()
        self.desk.go.closeSheet()
        self.desk.tell.say(tr("Whose sale %1 is was put right", number_words(number)))

    def _now(self) -> tuple[GuideShare, ...]:
        """Whose it is now; of lines that differ, what the first one says."""
        if self._order is None:
            return ()
        about = [line for line in self._order.lines if self._line in ("", line.line_id)]
        return shares.of_line(about[0], self._order.guide_id)

    def _differs(self) -> bool:
        if self._order is None:
            return False
        about = [line for line in self._order.lines if self._line in ("", line.line_id)]
        return any(shares.of_line(line, self._order.guide_id) != self._chosen for line in about)

    def _put_away(self) -> None:
        self._asked.ask()
        self._order_id, self._order, self._line, self._reason, self._saving = "", None, "", "", False
        self._people, self._products, self._chosen = (), {}, ()
        self._show()

    def _show(self) -> None:
        chosen = {one.guide_id for one in self._chosen}
        here = [row.id for row in self._people]
        known = [*here, *sorted(chosen - set(here))]
        self._guides.update(
            [ChoiceTile(key=one, label=self._name(one), symbol="", selected=one in chosen) for one in known]
        )
        self._parts.update(
            [PartRow(key=one.guide_id, name=self._name(one.guide_id), percent=_percent(one)) for one in self._chosen]
        )
        self._lines.update(self._line_tiles())
        self._reasons.update(
            [ChoiceTile(key=one, label=reshare_words(one), symbol="", selected=one == self._reason) for one in REASONS]
        )
        self._trail.update(self._trail_rows())
        self.changed.emit()

    def _line_tiles(self) -> list[ChoiceTile]:
        if self._order is None or len(self._order.lines) < 2:
            return []
        every = ChoiceTile(key="", label=tr("The whole order"), symbol="", selected=self._line == "")
        return [every, *(self._line_tile(line) for line in self._order.lines)]

    def _line_tile(self, line: OrderLine) -> ChoiceTile:
        name = named(*self._products.get(line.product_id, ("", "")), self.desk.figures.language)
        chosen = self._line == line.line_id
        return ChoiceTile(key=line.line_id, label=name or tr("arriving"), symbol="", selected=chosen)

    def _trail_rows(self) -> list[TrailRow]:
        rows = []
        for one in reversed(self._order.reshares if self._order else ()):
            before = tr(", ").join(dict.fromkeys(self._split(line.shares) for line in one.before))
            who = tr("by %1, allowed by %2", self._name(one.guide_id), self._name(one.approved_by))
            when = f"{self.desk.figures.date_of(one.at)} {self.desk.figures.time(one.at)}"
            rows.append(
                TrailRow(
                    key=one.op_id,
                    title=tr("%1, before: %2", self._split(one.shares), before),
                    detail=" · ".join((when, who, reshare_words(one.reason))),
                )
            )
        return rows

    def _split(self, parts: Sequence[GuideShare]) -> str:
        return tr(" and ").join(f"{self._name(one.guide_id)} {_percent(one)}" for one in parts)

    def _name(self, guide_id: str) -> str:
        return next((row.staff.name for row in self._people if row.id == guide_id), tr("a colleague elsewhere"))


def _percent(one: GuideShare) -> str:
    return f"{one.share / 100:g} %"


def reshare_words(reason: str) -> str:
    """Why whose sale it is was put right."""
    words = {
        "helped": tr("A colleague helped"),
        "wrong_guide": tr("Placed by the wrong guide"),
        "handed_over": tr("The customer was handed over"),
        "other": tr("Another reason"),
    }
    return words.get(reason, reason)
