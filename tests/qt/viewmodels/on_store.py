"""The view-models of a guide's work over a real store: work runs in the loop, and any read can be held back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from guide_app.domain.clock import to_text
from guide_app.domain.records import Staff
from tests.qt.viewmodels.fakes import Heard, Link, PlainFigures, Spawned
from tests.unit.guide_app.services.kit import OTHER, PIN, Counter, cheap_hasher, staffed
from tests.unit.local_store.kit import GUIDE, Bench
from ui.runtime.translations import CatalogueTranslator
from ui.viewmodels.base import Desk
from ui.viewmodels.basket_shares import BasketSharesViewModel
from ui.viewmodels.catalogue import Shelves
from ui.viewmodels.elsewhere import Elsewhere
from ui.viewmodels.ending_quotations import EndingQuotationsViewModel
from ui.viewmodels.hand_card import HandCardViewModel
from ui.viewmodels.make_promise import MakePromiseViewModel
from ui.viewmodels.member_service import MemberServiceViewModel
from ui.viewmodels.members import MemberPorts, MembersViewModel
from ui.viewmodels.missing_orders import MissingOrdersViewModel
from ui.viewmodels.order import OrderViewModel
from ui.viewmodels.orders import OrdersViewModel
from ui.viewmodels.parcels import ParcelsViewModel
from ui.viewmodels.pay import PayViewModel
from ui.viewmodels.promise_list import PromiseListViewModel
from ui.viewmodels.quotations import QuotationsViewModel
from ui.viewmodels.quote import QuoteViewModel
from ui.viewmodels.raise_ticket import RaiseTicketViewModel
from ui.viewmodels.reach import ReachViewModel
from ui.viewmodels.receipt import ReceiptViewModel
from ui.viewmodels.reshare import ReshareViewModel
from ui.viewmodels.service_words import ServiceReaders
from ui.viewmodels.sign_up import SignUpViewModel
from ui.viewmodels.take_back import TakeBackViewModel
from ui.viewmodels.talk import TalkViewModel
from ui.viewmodels.tickets import TicketsViewModel


class Slow:
    """A port whose next answer, or next write, is held back until it is let go."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self._gates: dict[str, asyncio.Event] = {}

    def hold(self, name: str) -> asyncio.Event:
        """The next call of `name` is done at once, but returns only when the event is set."""
        self._gates[name] = gate = asyncio.Event()
        return gate

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if name == "subscribe":
            return real

        async def called(*args: Any, **more: Any) -> Any:
            gate = self._gates.pop(name, None)
            answer = await real(*args, **more)
            if gate is not None:
                await gate.wait()
            return answer

        return called


class OnStore:
    """The view-models, who works with them, and what they said."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.tasks = Spawned()
        self.asked: list[str] = []
        self.elsewhere: set[str] = set()
        """Phones, as typed, that the radar knows."""
        self.chain: str | Exception | None = None
        """What HQ answers to a look-up."""
        self.start()

    def start(self) -> None:
        """The app starts on the store as it is: nobody is signed in, nothing is remembered."""
        bench, store = self.bench, self.bench.store
        self.slow_members, self.slow_catalogue = Slow(store.members), Slow(store.catalogue)
        self.slow_orders, self.slow_journal = Slow(store.orders), Slow(store.journal)
        do = self.do = Counter(bench)
        for case in (do.members, do.till, do.talks, do.shares):
            case._journal = self.slow_journal
        do.members._members = self.slow_members
        self.heard, self.figures = Heard(), PlainFigures(bench.clock)
        desk = Desk(self.tasks.spawn, self.heard, self.figures, self.heard)
        journal, session = store.journal, do.session
        ports = MemberPorts(
            self.slow_members,
            self.slow_catalogue,
            store.shop,
            journal,
            bench.ids,
            bench.clock,
            self._asked,
            self._suspected,
            lambda: "2026-11-21T06:26:00.000Z",
        )
        self.sign_up: Any = SignUpViewModel(
            desk,
            do.members,
            store.shop,
            store.drafts,
            do.attention,
            session,
            store.catalogue,
            Elsewhere(desk, self._asked, self._suspected, journal),
        )
        reads = ServiceReaders(service=store.service, catalogue=store.catalogue, shop=store.shop)

        def promises() -> PromiseListViewModel:
            return PromiseListViewModel(desk, do.service, reads, do.today, session, journal)

        service = MemberServiceViewModel(desk, promises(), reads, session, journal)
        self.members: Any = MembersViewModel(desk, ports, do.members, session, service)
        self.promises: Any = promises()
        self.make_promise: Any = MakePromiseViewModel(desk, do.service, reads, store.members, do.today, session)
        self.tickets: Any = TicketsViewModel(desk, do.service, reads, session, journal)
        self.raise_ticket: Any = RaiseTicketViewModel(desk, do.service, reads, store.members, store.orders, session)
        self.slow_cards = Slow(store.cards)
        cards: Any = self.slow_cards
        shelves = Shelves(products=store.catalogue, cards=cards, favourites=store.favourites)
        self.order: Any = OrderViewModel(
            desk, shelves, self.slow_members, store.shop, do.till, session, journal, do.by_hand, bench.clock
        )
        self.reach: Any = ReachViewModel(desk, self.order, do.hand_over, store.shop, session, do.quotations)
        self.quote: Any = QuoteViewModel(desk, do.quotations, self.order, session)
        self.quotations: Any = QuotationsViewModel(
            desk, do.quotations, self.slow_catalogue, self.order, session, journal
        )  # fmt: skip
        self.ending: Any = EndingQuotationsViewModel(desk, do.quotations, session, journal)
        self.receipt: Any = ReceiptViewModel(desk, do.receipts, do.quotations, do.labels, session)
        self.basket_shares: Any = BasketSharesViewModel(desk, self.order, do.shares, session)
        self.link = Link()
        self.missing: Any = MissingOrdersViewModel(desk, do.missing, session, journal, self.link)
        self.parcels: Any = ParcelsViewModel(desk, do.parcels, self.slow_catalogue, session, journal)
        self.orders: Any = OrdersViewModel(
            desk,
            self.slow_orders,
            self.slow_catalogue,
            store.shop,
            do.till,
            session,
            journal,
            do.payments,
            do.returns,
            self.missing,
            do.hand_over,
            self.parcels,
        )
        self.reshare: Any = ReshareViewModel(desk, do.shares, self.slow_catalogue, session)
        self.take_back: Any = TakeBackViewModel(desk, do.returns, do.payments, self.slow_catalogue, self.order, session)
        self.hand_card: Any = HandCardViewModel(
            desk, self.slow_orders, self.slow_catalogue, do.payments, session
        )  # fmt: skip
        self.pay: Any = PayViewModel(
            desk, self.slow_orders, self.slow_members, do.payments, session, journal, bench.clock
        )
        self.talk: Any = TalkViewModel(
            desk, do.talks, self.slow_members, do.today, session, self.slow_catalogue, store.shop, store.drafts
        )

    async def _asked(self, text: str) -> str | None:
        """HQ, asked for a member of the chain; raises what it was told to."""
        self.asked.append(text)
        if isinstance(self.chain, Exception):
            raise self.chain
        return self.chain

    async def _suspected(self, text: str) -> str | None:
        """The radar, made a day ago."""
        return to_text(self.bench.clock.now() - timedelta(days=1)) if text in self.elsewhere else None

    async def signed_in(self, guide_id: str = GUIDE) -> None:
        assert (await self.do.session.sign_in(guide_id, PIN)).ok
        await self.settle()

    async def reopen(self) -> None:
        """A kill of the app and a new start; the guide signs in again."""
        self.bench.store.close()
        self.bench.store = self.bench.opened()
        self.start()
        await self.signed_in()

    async def settle(self) -> None:
        """Waits until all work that was started has ended, and what it told has been heard."""
        for _ in range(3):
            await self.tasks.ended()
            await asyncio.sleep(0.01)

    async def end(self) -> None:
        """Ends also what a failed test left held back."""
        await self.tasks.cancel()
        self.bench.store.close()

    async def until_held(self) -> None:
        """Long enough for all work but what is held back to end."""
        for _ in range(8):
            await asyncio.sleep(0.01)

    @contextmanager
    def chinese(self, *models: Any) -> Iterator[None]:
        """The language is switched while the pages are open."""
        translator = CatalogueTranslator("zh_CN")
        QCoreApplication.installTranslator(translator)
        self.figures.language = "zh_CN"
        for model in models:
            model.retranslate()
        try:
            yield
        finally:
            QCoreApplication.removeTranslator(translator)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[OnStore]:
    """A tablet with two guides who have a PIN; the first is signed in."""
    bench = Bench(path)
    await bench.enrol()
    pin = await cheap_hasher().hash(PIN)
    bench.hq.publish("staff", GUIDE, Staff(name="王芳", staff_no="01", pin=pin))
    await staffed(bench)
    shop = OnStore(bench)
    await shop.signed_in()
    try:
        yield shop
    finally:
        await shop.end()


__all__ = ["GUIDE", "OTHER", "OnStore", "Slow", "opened"]
