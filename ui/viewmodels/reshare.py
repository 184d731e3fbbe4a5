"""The sheet of whose sale an order is: what each guide has of it, putting that right, and what was put right before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain import shares
from guide_app.domain.records import GuideShare, Order, OrderLine
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.session import Session
from guide_app.services.shares import REASONS, ShareDesk
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, tr
from ui.viewmodels.member_sheet import ChoiceTile
from ui.viewmodels.shares_choice import SharesViewModel, percent
from ui.viewmodels.words import named, number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


class TrailRow(Row, frozen=True):
    """A correction: what became of it, and who, when and why."""

    title: str
    detail: str


@QmlElement
class ReshareViewModel(SharesViewModel):
    """One order. What is shown at first is how it stands."""

    changed = Signal()
    _order: Order | None = None

    def __init__(self, desk: Desk, sharing: ShareDesk, catalogue: CatalogueReader, session: Session) -> None:
        super().__init__(desk)
        self._sharing, self._catalogue, self._session = sharing, catalogue, session
        self._reasons, self._trail = KeyedListModel(ChoiceTile), KeyedListModel(TrailRow)
        self._order_id, self._reason, self._saving = "", "", False
        self._show()
        session.subscribe(lambda _: self._put_away())

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`orderId`: of which order."""
        self._put_away()
        self.run(self._load(str(arguments.get("orderId", ""))))

    @Property(QObject, constant=True)
    def reasons(self) -> KeyedListModel:
        """Why it is put right."""
        return self._reasons

    @Property(QObject, constant=True)
    def trail(self) -> KeyedListModel:
        """What was put right before, the latest first."""
        return self._trail

    @Property(str, notify=changed)
    def orderWords(self) -> str:
        """Which order, and what each guide sold of it."""
        if self._order is None:
            return ""
        currency, money = self._order.currency, self.desk.figures.money
        sold = shares.by_guide(self._order).items()
        each = tr(", ").join(f"{self._name(guide)} {money(amount, currency)}" for guide, amount in sold)
        return f"{number_words(self._order.number)} · {each}"

    @Property(bool, notify=changed)
    def may(self) -> bool:
        """Whether the guide signed in may put it right."""
        return self._sharing.may

    @Property(bool, notify=changed)
    def ready(self) -> bool:
        """Whether something else than now was chosen, with a reason."""
        return self._sharing.may and bool(self._reason) and self._differs() and not self._saving

    @Slot(str)
    def chooseReason(self, reason: str) -> None:
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

    # ------------------------------------------------------------------ work

    async def _load(self, order_id: str) -> None:
        newest = self._asked.ask()
        row = await self._sharing.order(order_id)
        people = await self._sharing.people()
        products = await self._catalogue.get([line.product_id for line in row.order.lines]) if row else []
        if newest() and row is not None:
            self._order_id, self._order, self._people = order_id, row.order, people
            names = {one.id: one.product.names for one in products}
            self._named_lines = [
                (line.line_id, named(names[line.product_id].en, names[line.product_id].zh, self.desk.figures.language))
                if line.product_id in names
                else (line.line_id, tr("arriving"))
                for line in row.order.lines
            ]
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

    def _about(self) -> list[OrderLine]:
        """The lines that it is about."""
        lines = self._order.lines if self._order else ()
        return [line for line in lines if self._line in ("", line.line_id)]

    def _now(self) -> tuple[GuideShare, ...]:
        """Whose it is now; of lines that differ, what the first one says."""
        about = self._about()
        return shares.of_line(about[0], self._order.guide_id) if about and self._order else ()

    def _differs(self) -> bool:
        order = self._order
        return order is not None and any(shares.of_line(one, order.guide_id) != self._chosen for one in self._about())

    def _put_away(self) -> None:
        self._order_id, self._order, self._reason, self._saving = "", None, "", False
        super()._put_away()

    def _show(self) -> None:
        self._reasons.update(
            [ChoiceTile(key=one, label=reshare_words(one), symbol="", selected=one == self._reason) for one in REASONS]
        )
        self._trail.update(self._trail_rows())
        super()._show()
        self.changed.emit()

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
        return tr(" and ").join(f"{self._name(one.guide_id)} {percent(one)}" for one in parts)


def reshare_words(reason: str) -> str:
    """Why whose sale it is was put right."""
    words = {
        "helped": tr("A colleague helped"),
        "wrong_guide": tr("Placed by the wrong guide"),
        "handed_over": tr("The customer was handed over"),
        "other": tr("Another reason"),
    }
    return words.get(reason, reason)
