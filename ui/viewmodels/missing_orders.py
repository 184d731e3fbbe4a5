"""Returns to finish: receipts whose order this tablet does not have, looked for at HQ as soon as it can be reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.domain.errors import Refused
from guide_app.services.missing_orders import Missing, MissingOrders
from guide_app.services.ports.engine import SyncControl, SyncView
from guide_app.services.ports.shop import StaffRow
from guide_app.services.ports.writing import Change, Journal
from guide_app.services.session import Session
from ui.models.keyed import KeyedListModel, Row
from ui.viewmodels.base import QML_MODULE, Desk, Latest, ViewModel, tr
from ui.viewmodels.words import named, number_words

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1


class MissingRow(Row, frozen=True):
    """A receipt. `action` is what its button does: "finish", "again" or nothing; `label` what that says."""

    title: str
    detail: str
    tone: str
    action: str
    label: str


@QmlElement
class MissingOrdersViewModel(ViewModel):
    """The list over the orders. It stands from the first sign-in: the network comes back on whatever page."""

    changed = Signal()

    def __init__(
        self, desk: Desk, missing: MissingOrders, session: Session, journal: Journal, sync: SyncControl
    ) -> None:
        super().__init__(desk)
        self._missing, self._session = missing, session
        self._rows = KeyedListModel(MissingRow)
        self._all: Sequence[Missing] = ()
        self._newest, self._offline = Latest(), False
        session.subscribe(self._on_session)
        journal.subscribe(self._on_change)
        sync.subscribe(self._on_sync)
        self._on_session(session.guide)

    @Property(QObject, constant=True)
    def rows(self) -> KeyedListModel:
        """What is to be finished, the newest first."""
        return self._rows

    @Property(bool, notify=changed)
    def any(self) -> bool:
        """Whether something is to be finished."""
        return bool(self._all)

    @Slot(str)
    def seek(self, text: str) -> None:
        """A receipt whose order is not here was scanned, or its number typed."""
        self.run(self._with_hq(lambda: self._missing.seek(text)))

    @Slot(str)
    def act(self, number: str) -> None:
        """A row's button: the goods of an order that is here come back, or HQ is asked again."""
        one = self._one(number)
        if one is not None and one.state == "here":
            self.desk.go.sheet("TakeBack", {"orderId": one.order_id})
        elif one is not None:
            self.seek(number)

    @Slot(str)
    def drop(self, number: str) -> None:
        """It is not to be finished any more."""
        if one := self._one(number):
            self.run(self._dropped(one))

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self._show()

    def _one(self, number: str) -> Missing | None:
        return next((one for one in self._all if one.number == number), None)

    async def _with_hq(self, work: Callable[[], Awaitable[Any]]) -> None:
        try:
            await work()
        finally:
            await self._load()

    async def _dropped(self, one: Missing) -> None:
        await self._missing.drop(one)
        await self._load()
        said = tr("Order %1 is not looked for any more", number_words(one.number))
        self.desk.tell.say(said, lambda: self.run(self._kept(one)))

    async def _kept(self, one: Missing) -> None:
        await self._missing.keep(one)
        await self._load()

    async def _again(self) -> None:
        try:
            found = await self._missing.seek_again()
        except Refused:  # HQ takes no more questions for now: the next time that the network is back
            return
        for one in found:
            words = _state_words(one, self.desk.figures.language)
            self.desk.tell.news(tr("%1: %2", number_words(one.number), words))

    async def _load(self) -> None:
        newest = self._newest.ask()
        found = await self._missing.all() if self._session.guide is not None else ()
        if newest():
            self._all = found
            self._show()

    def _show(self) -> None:
        self._rows.update([self._row(one) for one in self._all])
        self.changed.emit()

    def _row(self, one: Missing) -> MissingRow:
        actions = {"here": ("finish", tr("Take goods back")), "waits": ("again", tr("Look again"))}
        action, label = actions.get(one.state, ("", ""))
        tone = {"here": "good", "unknown": "bad"}.get(one.state, "warn")
        return MissingRow(
            key=one.number, title=tr("Return to finish: order %1", number_words(one.number)), tone=tone, action=action,
            detail=_state_words(one, self.desk.figures.language), label=label,
        )  # fmt: skip

    def _on_session(self, guide: StaffRow | None) -> None:
        self._all = ()
        self._show()
        if guide is not None:
            self.run(self._with_hq(self._again))

    def _on_change(self, change: Change) -> None:
        wanted = {one.order_id for one in self._all if one.order_id}
        if any(ref.entity in ("order", "order_copy") and ref.id in wanted for ref in change.refs):
            self.run(self._load())

    def _on_sync(self, view: SyncView) -> None:
        """The network is back."""
        was, self._offline = self._offline, view.phase in ("offline", "starting")
        if was and not self._offline and self._session.guide is not None:
            self.run(self._with_hq(self._again))


def _state_words(one: Missing, language: str) -> str:
    shop = named(one.store.en, one.store.zh, language)
    if shop and one.state == "here":
        return tr("It was bought in another shop: %1. The goods can be taken back here.", shop)
    if shop and one.state == "coming":
        return tr("It was bought in another shop: %1. A copy is on its way here.", shop)
    words = {
        "waits": tr("It is not on this tablet, and HQ cannot be reached. It is looked for when the network is back."),
        "coming": tr("HQ has it: it is on its way here."),
        "here": tr("It is here: the goods can be taken back."),
        "unknown": tr("HQ has no order of this number. Compare it with the receipt."),
        "elsewhere": tr(
            "It was bought in another shop, in another currency: %1. Goods of it are taken back there.",
            shop,
        ),
    }
    return words[one.state]
