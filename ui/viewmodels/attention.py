"""The attention list: what HQ could not take, each with its repair as a button; and how this tablet stands."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, cast

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.attention import Attention, Repair, repairs
from guide_app.services.baskets import Basket
from guide_app.services.ports.engine import AttentionRow
from guide_app.services.ports.shop import StaffRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.attention_words import AttentionLine, attention_line
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr, trn
from ui.viewmodels.soon import Soon
from ui.viewmodels.tablet import FactLine, TabletReaders, key_words, read_state, state_words, store_lines, sync_lines

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

MINUTE_MS = 60_000
FILTERS = ("mine", "hq", "settled")


class AttentionChip(Row, frozen=True):
    """A filter with its count."""

    label: str
    selected: bool


@QmlElement
class AttentionViewModel(ViewModel):
    """The page behind the sync pill."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        attention: Attention,
        reopen: Callable[[Basket], None],
        readers: TabletReaders,
        session: Session,
        journal: Journal,
        key_warning: str = "",
    ) -> None:
        """`reopen`: makes a basket the open one."""
        super().__init__(desk)
        self._attention, self._readers, self._session = attention, readers, session
        self._reopen = reopen
        self._key_warning = key_warning
        self._lines, self._chips = KeyedListModel(AttentionLine), KeyedListModel(AttentionChip)
        self._facts, self._held = KeyedListModel(FactLine), KeyedListModel(FactLine)
        self._rows: dict[str, AttentionRow] = {}
        self._pending = Soon(self, desk.tell, self._show)
        self._filter, self._loaded = "mine", False
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._show)
        self._minute.start()
        session.subscribe(self._on_session)
        journal.subscribe(self._on_change)
        readers.sync.subscribe(lambda _: self.changed.emit())

    # ------------------------------------------------------------------ the list

    @Property(QObject, constant=True)
    def lines(self) -> KeyedListModel:
        """What needs a person, newest first, by the filter chosen."""
        return self._lines

    @Property(QObject, constant=True)
    def filters(self) -> KeyedListModel:
        """The filters, each with its count."""
        return self._chips

    @Property(bool, notify=changed)
    def nothing(self) -> bool:
        """Whether there is nothing under this filter."""
        return self._loaded and self._lines.rowCount() == 0

    @Property(bool, notify=changed)
    def loading(self) -> bool:
        """Whether nothing has been read yet."""
        return not self._loaded

    # ------------------------------------------------------------------ this tablet

    @Property(str, notify=changed)
    def stateTitle(self) -> str:
        """How it stands with HQ, in short."""
        return state_words(self._readers.sync, self.desk.figures)[0]

    @Property(str, notify=changed)
    def stateDetail(self) -> str:
        """The same in a sentence."""
        return state_words(self._readers.sync, self.desk.figures)[1]

    @Property(str, notify=changed)
    def stateTone(self) -> str:
        """ "good", "warn" or "bad"."""
        return state_words(self._readers.sync, self.desk.figures)[2]

    @Property(str, notify=changed)
    def stateIcon(self) -> str:
        """The picture beside it."""
        return state_words(self._readers.sync, self.desk.figures)[3]

    @Property(QObject, constant=True)
    def facts(self) -> KeyedListModel:
        """What waits, and what needs a person."""
        return self._facts

    @Property(QObject, constant=True)
    def held(self) -> KeyedListModel:
        """What this tablet holds."""
        return self._held

    @Property(str, notify=changed)
    def keyWarning(self) -> str:
        """The warning about the key to the data, or empty."""
        return key_words(self._key_warning)

    # ------------------------------------------------------------------ what can be done

    def enter(self, arguments: Mapping[str, Any]) -> None:
        self.open()

    @Slot()
    def open(self) -> None:
        """The page was opened."""
        self.run(self._load())

    @Slot(str)
    def setFilter(self, name: str) -> None:
        """Shows one kind of things."""
        if name in FILTERS:
            self._filter = name
            self._show()

    @Slot(str, str)
    def repair(self, key: str, what: str) -> None:
        """A row's button was pressed."""
        row = self._rows.get(key)
        if row is None or key in self._pending or what not in repairs(row):
            return
        match what:
            case "correct_sign_up":
                self.desk.go.open("SignUp", {"attentionKey": row.key})
            case "open_member":
                self.desk.go.open("Members", {"memberId": row.member_id})
            case "open_order":
                self.desk.go.open("Orders", {"orderId": row.charged_by or row.order_id})
            case "charge_anew":
                self.run(self._charge_anew(row))
            case "keep_hq" | "take_theirs":
                self.run(self._settle(row, cast("Repair", what)))
            case "reroute":
                self.desk.go.sheet("Reach", {"orderId": row.order_id})
            case "goods_left" | "goods_here" | "goods_back" | "goods_given_up" | "settled_seen" | "way_seen":
                said = tr("Order %1: the goods are settled", row.order_number)
                self._soon(row, said, lambda one: self._settle_goods(one, cast("Repair", what)))
            case "undo_return":
                self._soon(row, tr("The return is being taken back"), self._undo_return)
            case "cancel_order":
                self._soon(row, tr("Order %1 is being cancelled", row.order_number), self._cancel)
            case "wait_for_stock":
                self._soon(row, tr("Order %1 waits for the goods", row.order_number), self._dismiss)
            case _:
                self._soon(row, tr("Taken off the list"), self._dismiss)

    @Slot()
    def syncNow(self) -> None:
        """A person asks to sync at once."""
        self._readers.sync.nudge()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.open()

    # ------------------------------------------------------------------ work

    async def _load(self) -> None:
        self._rows = {row.key: row for row in await self._attention.rows()}
        self._loaded = True
        state = await read_state(self._readers)
        self._facts.update(sync_lines(state, self.desk.figures))
        self._held.update(store_lines(state, self.desk.figures))
        self._show()

    async def _settle(self, row: AttentionRow, repair: Repair) -> None:
        settled = await self._attention.settle(row, repair)
        self.desk.tell.say(tr("Settled"), lambda: self.run(self._attention.unsettle(settled)))

    async def _cancel(self, row: AttentionRow) -> None:
        await self._attention.cancel_order(row)
        await self._load()

    async def _settle_goods(self, row: AttentionRow, repair: Repair) -> None:
        await self._attention.settle_goods(row, repair)
        await self._load()

    async def _charge_anew(self, row: AttentionRow) -> None:
        self._reopen(await self._attention.charge_anew(row))
        self.desk.go.open("Order")
        self.desk.tell.news(tr("The goods that left are in the basket, priced by today"))

    async def _undo_return(self, row: AttentionRow) -> None:
        await self._attention.undo_return(row)
        await self._load()

    async def _dismiss(self, row: AttentionRow) -> None:
        await self._attention.dismiss(row.key)
        await self._load()

    def _soon(self, row: AttentionRow, said: str, work: Callable[[AttentionRow], Coroutine[Any, Any, None]]) -> None:
        """Until the time for its undo is over the row is hidden."""
        self._pending.begin(row.key, said, lambda: self.run(work(row)))

    def _show(self) -> None:
        shown = [row for row in self._rows.values() if row.key not in self._pending]
        counts = {name: sum(_belongs(row) == name for row in shown) for name in FILTERS}
        self._chips.update(
            [
                AttentionChip(key=name, label=_chip_words(name, counts[name]), selected=name == self._filter)
                for name in FILTERS
                if counts[name] or name in ("mine", self._filter)
            ]
        )
        self._lines.update([attention_line(row, self.desk) for row in shown if _belongs(row) == self._filter])
        self.changed.emit()

    def _on_change(self, change: Change) -> None:
        if self._session.guide is not None and (
            change.state or any(ref.entity in ("member", "order") for ref in change.refs)
        ):
            self.open()

    def _on_session(self, guide: StaffRow | None) -> None:
        """Whatever still waited for its undo is not done: it comes back on the list, and that is said."""
        left = self._pending.drop()
        self._rows, self._loaded, self._filter = {}, False, "mine"
        self._lines.update([])
        self.changed.emit()
        if left:
            self.desk.tell.say(trn("%n thing(s) stay on the list: the tablet was locked before", left))


def _belongs(row: AttentionRow) -> str:
    if row.kind in ("merged", "gift_twice", "overspent", "lease_expired", "not_yours", "consent_older"):
        return "settled"
    return "hq" if row.kind == "parked" else "mine"


def _chip_words(name: str, count: int) -> str:
    words = {"mine": tr("Need you %1", count), "hq": tr("With HQ %1", count), "settled": tr("Settled %1", count)}
    return words[name]
