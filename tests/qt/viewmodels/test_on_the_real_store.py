"""The same view-models over the real store on the disk: what is committed shows at once, HQ's answers too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import QTimer

from guide_app.domain.records import Staff
from guide_app.services.attention import Attention
from guide_app.services.baskets import Baskets
from guide_app.services.fulfilling import FulfilDesk
from guide_app.services.leases import LeaseDesk
from guide_app.services.members import MemberDesk
from guide_app.services.morning import MorningDesk
from guide_app.services.pricing import PriceDesk
from guide_app.services.quotations import QuotationDesk
from guide_app.services.selling import Till
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from guide_app.services.today import Today
from tests.qt.viewmodels.fakes import PIN, FilesHere, Heard, Link, Looks, PlainFigures, PlainHasher, Shelf, Spawned
from tests.unit.guide_app.services.lender import Lender
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PHONES, PRODUCTS, Bench, followup, place, sign_up
from ui.viewmodels.attention import AttentionViewModel
from ui.viewmodels.base import Desk
from ui.viewmodels.ending_quotations import EndingQuotationsViewModel
from ui.viewmodels.lock import LockViewModel
from ui.viewmodels.must_reads import MustReadsViewModel
from ui.viewmodels.promise_list import PromiseListViewModel
from ui.viewmodels.service_words import ServiceReaders
from ui.viewmodels.tablet import TabletReaders
from ui.viewmodels.today import TodayViewModel

pytestmark = pytest.mark.asyncio


class RealCounter:
    """A tablet's store with the view-models of lock, Today and attention on it."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.heard, self.link, looks = bench, Heard(), Link(), Looks()
        self.tasks = Spawned()
        store, clock = bench.store, bench.clock
        self.session = Session(store.shop, store.journal, PlainHasher(), store.pin_tries)
        desk = Desk(self.tasks.spawn, self.heard, PlainFigures(clock), self.heard)
        members = MemberDesk(store.members, store.shop, store.journal, store.numbers, self.session, bench.ids)
        baskets = Baskets(store.drafts, self.session, clock, bench.ids)
        no_value: Any = None  # nothing is spent here
        till = Till(
            store.catalogue, PriceDesk(store.promotions), store.journal, store.numbers, baskets, self.session,
            bench.ids, FulfilDesk(LeaseDesk(store.leases, Lender(bench), store.journal, store.shop, clock, bench.ids),
                                  store.catalogue, store.shop, clock), no_value, no_value,
        )  # fmt: skip
        today = Today(store.today, store.shop, self.session, clock)
        morning = MorningDesk(store.morning, store.today, today, self.session, store.journal)
        readers = TabletReaders(
            shop=store.shop, outbox=store.outbox, members=store.members, catalogue=store.catalogue, sync=self.link,
            space=Shelf(clock), files=FilesHere(),
        )  # fmt: skip
        self.lock: Any = LockViewModel(
            desk, self.session, store.shop, store.outbox, self.link, store.journal, clock, looks, looks.apply
        )
        service = ServiceDesk(store.service, store.journal, store.numbers, self.session, today, bench.ids)
        reads = ServiceReaders(service=store.service, catalogue=store.catalogue, shop=store.shop)
        promises = PromiseListViewModel(desk, service, reads, today, self.session, store.journal)
        no_paper: Any = None
        quotations = QuotationDesk(
            store.quotations, store.catalogue, store.shop, till.prices, store.journal, store.numbers, self.session,
            today, no_paper, bench.ids, no_paper,
        )  # fmt: skip
        ending = EndingQuotationsViewModel(desk, quotations, self.session, store.journal)
        must = MustReadsViewModel(desk, store.library, self.session, store.journal)
        self.today: Any = TodayViewModel(
            desk, today, morning, store.shop, self.session, store.journal, promises, ending, must
        )  # fmt: skip
        self.attention: Any = AttentionViewModel(
            desk, Attention(store.outbox, members, till, no_paper), no_paper, readers, self.session, store.journal
        )

    async def settle(self) -> None:
        """Waits until all work that was started has ended."""
        await self.tasks.ended()

    def stop(self) -> None:
        """No clock of theirs rings any more: in a later test the store is closed."""
        for model in (self.lock, self.today, self.attention):
            for timer in model.findChildren(QTimer):
                timer.stop()


@pytest_asyncio.fixture
async def real(qapp: object, tmp_path: Path) -> AsyncIterator[RealCounter]:
    bench = Bench(tmp_path / "store.db")
    await bench.enrol()
    bench.hq.publish("staff", GUIDE, Staff(name="王芳", staff_no="01", pin=await PlainHasher().hash(PIN)))
    await bench.drain()
    counter = RealCounter(bench)
    counter.lock.open()
    await counter.settle()
    counter.lock.choose(GUIDE)
    for digit in PIN:
        counter.lock.pad.digit(digit)
    await counter.settle()
    yield counter
    counter.stop()
    await counter.settle()
    bench.store.close()


async def test_a_guide_signs_in_with_the_pin_that_hq_sent(real: RealCounter) -> None:
    assert real.session.guide_id == GUIDE
    assert real.heard.pages == [("Today", {})]


async def test_a_wrong_pin_is_counted_on_the_disk(real: RealCounter) -> None:
    real.session.lock()
    await real.settle()
    real.lock.choose(GUIDE)
    for digit in "000001":
        real.lock.pad.digit(digit)
    await real.settle()
    assert real.lock.pad.problem == "Wrong PIN. 2 try(s) left."


async def test_what_is_committed_shows_at_once(real: RealCounter) -> None:
    real.today.open()
    await real.settle()
    member_id = uuid()
    await real.bench.do(sign_up(member_id, PHONES[0]))
    await real.bench.do(place(uuid(), [(PRODUCTS[0], 2)], member_id), followup(member_id, uuid()))
    await real.settle()
    assert real.today.mySales == "¥20"
    assert [row.value for row in real.today.counts.rows] == ["1", "1", "0"]
    assert [(row.name, row.when) for row in real.today.people.rows] == [("陈静", "Today")]


async def test_a_followup_moved_to_tomorrow_leaves_the_list_and_comes_back(real: RealCounter) -> None:
    member_id, followup_id = uuid(), uuid()
    await real.bench.do(sign_up(member_id, PHONES[0]), followup(member_id, followup_id))
    real.today.open()
    await real.settle()
    real.today.more(f"followup:{followup_id}")
    real.today.choose("day:2026-11-22")
    await real.settle()
    assert real.today.people.rows == ()
    assert real.heard.undo is not None
    real.heard.undo()
    await real.settle()
    assert [row.followup_id for row in real.today.people.rows] == [followup_id]


async def test_what_hq_refuses_comes_up_with_its_repair(real: RealCounter) -> None:
    real.bench.hq.verdict["member.sign_up"] = ("rejected", "phone_invalid")
    await real.bench.do(sign_up(uuid(), PHONES[0]))
    real.attention.open()
    await real.settle()
    assert next(row.value for row in real.attention.facts.rows) == "1"
    await real.bench.drain()
    await real.settle()
    assert [(row.what, row.repairs) for row in real.attention.lines.rows] == [
        ("New member 陈静", ["correct_sign_up", "seen"])
    ]
