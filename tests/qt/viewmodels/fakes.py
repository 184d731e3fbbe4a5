"""Small stand-ins at the ports, for view-models and their pages: a shop in memory, and work that is done at once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Literal, cast

import msgspec

from guide_app.domain.clock import ManualClock, from_text, to_text
from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.ids import Ids
from guide_app.domain.promises import Tally
from guide_app.domain.records import Followup, Names, Order, PriceList, Product, Reminder, Settings, Staff, Totals
from guide_app.domain.rhythm import Refill, Visits
from guide_app.operations.members import ConsentGiven, SignUp
from guide_app.operations.staff import SetPin
from guide_app.services.attention import Attention
from guide_app.services.baskets import Basket, Baskets
from guide_app.services.charging import ChargeDesk
from guide_app.services.fulfilling import FulfilDesk, GoodsDesk
from guide_app.services.leases import LeaseDesk
from guide_app.services.members import MemberDesk
from guide_app.services.morning import MorningDesk
from guide_app.services.ports.care import FollowupRow, PromiseRow, TicketRow
from guide_app.services.ports.catalogue import CurrentPrices, FilesView, ProductRow
from guide_app.services.ports.engine import AttentionRow, SyncView, Waiting, WorkProof
from guide_app.services.ports.members import MemberRow, MemberView, TagCount
from guide_app.services.ports.orders import OrderRow, ParcelRow, QuotationRow
from guide_app.services.ports.shop import StaffRow, TabletInfo
from guide_app.services.ports.today import DayFigures, MorningFacts, MorningPerson
from guide_app.services.ports.writing import Change, Draft
from guide_app.services.pricing import PriceDesk
from guide_app.services.quotations import QuotationDesk
from guide_app.services.selling import Till
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from guide_app.services.talks import TalkDesk
from guide_app.services.today import Today
from guide_app.services.value import ValueDesk
from tests.qt.shown_library import MemoryLibrary
from ui.viewmodels.base import Desk
from ui.viewmodels.ending_quotations import EndingQuotationsViewModel
from ui.viewmodels.must_reads import MustReadsViewModel
from ui.viewmodels.promise_list import PromiseListViewModel
from ui.viewmodels.service_words import ServiceReaders
from ui.viewmodels.shell import Readers
from ui.viewmodels.tablet import TabletReaders

NOW = datetime(2026, 11, 21, 6, 26, tzinfo=UTC)
"""14:26 in the shop."""
PIN = "407193"
LIN, ZHOU = "01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002"
GU = "01890000-0000-7000-8000-000000000003"
NUMBER = "101AB7K00423"
MEMBER_NO = "101AB7K00439"
MILK = "01890000-0000-7000-8000-0000000000c1"


class Work:
    """The event loop of a test: what is spawned has run to its end when the call that spawned it returns."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._queue: deque[tuple[Coroutine[Any, Any, None], Callable[[EnvironmentProblem], None] | None]] = deque()
        self._busy = False
        self.paused = False
        self._closed = False

    def spawn(
        self, work: Coroutine[Any, Any, None], problem: Callable[[EnvironmentProblem], None] | None = None, /
    ) -> None:
        if self._closed:
            work.close()
            return
        self._queue.append((work, problem))
        if not (self._busy or self.paused):
            self.run()

    def run(self) -> None:
        self.paused, self._busy = False, True
        try:
            while self._queue:
                work, problem = self._queue.popleft()
                try:
                    self._loop.run_until_complete(work)
                except EnvironmentProblem as error:
                    if problem is None:
                        raise
                    problem(error)
        finally:
            self._busy = False

    def close(self) -> None:
        """Work that a timer starts later is dropped."""
        self._closed = True
        self._loop.close()


class Spawned:
    """What view-models start in the running loop, known until it ends."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._failed: list[BaseException] = []

    def spawn(
        self, work: Coroutine[Any, Any, None], problem: Callable[[EnvironmentProblem], None] | None = None, /
    ) -> None:
        """As `Tasks.spawn`; a defect is raised by `ended`."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(partial(self._over, problem))

    async def ended(self) -> None:
        """Waits until all has ended. Raises what the first of it failed with."""
        while self._running:
            await asyncio.wait(self._running)
        if self._failed:
            raise self._failed.pop(0)

    async def cancel(self) -> None:
        """Ends all of it."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _over(self, problem: Callable[[EnvironmentProblem], None] | None, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if problem is not None and isinstance(error, EnvironmentProblem):
            problem(error)
        elif error is not None:
            self._failed.append(error)


class Heard:
    """Tell and Navigation: what was said, and where it went."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.said: list[str] = []
        self.undo: Callable[[], None] | None = None
        self.pages: list[tuple[str, dict[str, Any]]] = []
        self.sheets: list[tuple[str, dict[str, Any]]] = []

    def problem(self, error: EnvironmentProblem) -> None:
        self.problems.append(error.code)

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        self.said.append(text)
        self.undo = undo

    def news(self, text: str) -> None:
        self.said.append(text)

    def open(self, page: str, arguments: dict[str, Any] | None = None) -> None:
        self.pages.append((page, arguments or {}))

    def sheet(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        self.sheets.append((name, arguments or {}))

    def closeSheet(self) -> None:
        self.sheets.append(("", {}))

    def back(self) -> None:
        self.pages.append(("back", {}))


class PlainFigures:
    """Figures in English, in Shanghai; good enough for reading a test."""

    language = "en"

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def money(self, minor: int, currency: str) -> str:
        sign = {"CNY": "¥", "USD": "$"}.get(currency, currency)
        told = f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}".removesuffix(".00")
        return f"-{told}" if minor < 0 else told

    def number(self, value: int) -> str:
        return f"{value:,}"

    def day(self, iso_day: str) -> str:
        return f"{datetime.fromisoformat(iso_day):%-d %B}"

    def date_of(self, instant: str) -> str:
        return self.day((from_text(instant) + timedelta(hours=8)).date().isoformat())

    def month_day(self, month_day: str) -> str:
        return f"{datetime.fromisoformat('2000-' + month_day):%-d %B}"

    def weekday(self, iso_day: str) -> str:
        return f"{datetime.fromisoformat(iso_day):%A %-d %B}"

    def time(self, instant: str) -> str:
        moment = from_text(instant)
        return f"{(moment.hour + 8) % 24:02d}:{moment.minute:02d}"

    def today(self) -> date:
        return (self._clock.now() + timedelta(hours=8)).date()

    def ago(self, instant: str) -> str:
        minutes = int((self._clock.now() - from_text(instant)).total_seconds() // 60)
        return "just now" if minutes < 1 else f"{minutes} minutes ago"


class PlainHasher:
    """A PIN's hash that is quick and no secret."""

    async def hash(self, pin: str) -> str:
        salt = "c2FsdHNhbHRzYWx0c2FsdA"
        return f"$argon2id$v=19$m=65536,t=3,p=4${salt}${pin}{'A' * 16}"

    async def verify(self, phc: str, pin: str) -> bool:
        return phc == await self.hash(pin)


class Tries:
    """Wrong tries in memory; the wait begins at the third and ends by the clock."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._wrong: dict[str, int] = {}
        self._until: dict[str, float] = {}

    async def wrong(self, staff_id: str) -> int:
        count = self._wrong[staff_id] = self._wrong.get(staff_id, 0) + 1
        if count >= 3:
            self._until[staff_id] = self._clock.monotonic() + 60
        return count

    async def wait_s(self, staff_id: str) -> float:
        return max(0.0, self._until.get(staff_id, 0.0) - self._clock.monotonic())

    async def reset(self, staff_id: str) -> None:
        self._wrong.pop(staff_id, None)
        self._until.pop(staff_id, None)


class FilesHere:
    """The files of a tablet: what is put into `content`, and `stands` for the counts."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.stands = FilesView()
        self.listeners: list[Callable[[str], None]] = []

    def read(self, sha256: str) -> bytes | None:
        return self.content.get(sha256)

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    async def view(self) -> FilesView:
        return self.stands

    def came(self, sha256: str, content: bytes = b"") -> None:
        """A file has come."""
        self.content[sha256] = content
        for listener in tuple(self.listeners):
            listener(sha256)


class Parcels:
    """What other shops' orders ask of this one."""

    def __init__(self) -> None:
        self.rows: list[ParcelRow] = []

    async def list(self, text: str = "") -> Sequence[ParcelRow]:
        return [one for one in self.rows if one.parcel.number.startswith(text)]

    async def get(self, order_id: str) -> ParcelRow | None:
        return next((one for one in self.rows if one.id == order_id), None)

    async def numbered(self, number: str) -> ParcelRow | None:
        return next((one for one in self.rows if one.parcel.number == number), None)


class Shelf:
    """The whole store of a test: every reader in one, with what the test wants to be there."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.drafts: list[tuple[str, Draft]] = []
        self.by_quotation_no: dict[str, QuotationRow] = {}
        self.quotations_ending: list[QuotationRow] = []
        self.parcels = Parcels()
        self._listeners: list[Callable[[Change], None]] = []
        self.info: TabletInfo | None = tablet()
        self.people = [
            StaffRow(id=LIN, staff=Staff(name="林晓棠", staff_no="1", pin="")),
            StaffRow(id=ZHOU, staff=Staff(name="Zhou Yuan", staff_no="2", pin="", pin_once=True)),
            StaffRow(id=GU, staff=Staff(name="顾明珊", staff_no="3", role="manager")),
        ]
        self.rules = Settings(pin_tries=3, data_note=Names(en="Synthetic data", zh="合成数据"))
        self.waits = Waiting(by_kind={}, oldest="", parked=0)
        self.work = WorkProof(first=131, last=148, waiting=0, parked=(), missing=())
        self.asked: tuple[str, str] = ("", "")
        self.things: list[AttentionRow] = []
        self.dismissed: list[str] = []
        self.mine = DayFigures(sales=328_600, orders=6, sign_ups=3, talks=11)
        self.all = DayFigures(sales=894_000, orders=19, sign_ups=5, talks=24)
        self.due: list[FollowupRow] = []
        self.cakes: list[MemberRow] = []
        self.habits: dict[Any, tuple[tuple[Refill, ...], Visits]] = {}
        self.mute: set[str] = set()
        self.marks: dict[str, tuple[Reminder, ...]] = {}
        self.full: frozenset[str] = frozenset()
        self.promised: list[PromiseRow] = []
        self.by_no: dict[str, MemberRow] = {}
        self.products: dict[str, ProductRow] = {}
        self.found_orders: list[OrderRow] = []
        self.by_ticket_no: dict[str, TicketRow] = {}

    # quotations
    async def numbered(self, number: str) -> QuotationRow | None:
        return self.by_quotation_no.get(number)

    async def ending(self, **_asked: Any) -> Sequence[QuotationRow]:
        return self.quotations_ending

    # tickets and promises
    async def ticket_numbered(self, number: str) -> TicketRow | None:
        return self.by_ticket_no.get(number)

    async def promises(self, **_asked: Any) -> Sequence[PromiseRow]:
        return self.promised

    async def kept(self, **_asked: Any) -> dict[str, Tally]:
        return {}

    # journal
    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        self.drafts += [(guide_id, draft) for draft in drafts]
        for draft in drafts:
            if isinstance(draft.body, SetPin):
                self._set_pin(draft.body)
        change = Change(state=True)
        self.tell(change)
        return change

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _set_pin(self, body: SetPin) -> None:
        for n, row in enumerate(self.people):
            if row.id == body.staff_id:
                known = msgspec.structs.replace(row.staff, pin=body.pin, pin_once=False)
                self.people[n] = msgspec.structs.replace(row, staff=known)

    def tell(self, change: Change) -> None:
        for listener in list(self._listeners):
            listener(change)

    # shop
    async def tablet(self) -> TabletInfo | None:
        return self.info

    async def staff(self) -> Sequence[StaffRow]:
        return self.people

    async def settings(self) -> Settings:
        return self.rules

    # outbox
    async def waiting(self) -> Waiting:
        return self.waits

    async def proof(self, *, since: str, until: str) -> WorkProof:
        self.asked = (since, until)
        return self.work

    async def attention(self) -> Sequence[AttentionRow]:
        return [row for row in self.things if row.key not in self.dismissed]

    async def attention_count(self) -> int:
        return len(self.things) - len(self.dismissed)

    async def dismiss(self, key: str) -> None:
        self.dismissed.append(key)

    # today
    async def figures(self, *, guide_id: str, since: str, until: str) -> DayFigures:
        return self.mine if guide_id else self.all

    async def followups(self, *, guide_id: str = "", until_day: str, limit: int = 50) -> Sequence[FollowupRow]:
        return self.due

    async def prepare(self) -> bool:
        return False

    async def facts(self, today: date, *, guide_id: str = "", limit: int = 500) -> MorningFacts:
        of = self.habits
        people = {row.id: MorningPerson(row=row, reachable=row.id not in self.mute) for row in (*self.cakes, *of)}
        return MorningFacts(
            shop_usual=28, people=people, refills={row.id: one[0] for row, one in of.items()},
            visits={row.id: one[1] for row, one in of.items()}, talked={}, marks=self.marks,
            names={MILK: Names(en="Milk powder 2", zh="2段奶粉")}, full=self.full,
        )  # fmt: skip

    # members, catalogue, orders
    async def by_number(self, number: str) -> MemberRow | None:
        return self.by_no.get(number)

    async def get(self, member_id: str) -> MemberView | None:
        return None

    async def count(self, text: str = "", *, owner_id: str = "", tag: str = "") -> int:
        return 100_312

    async def tags(self) -> Sequence[TagCount]:
        return []

    async def by_barcode(self, code: str) -> ProductRow | None:
        return self.products.get(code)

    async def price_list(self) -> CurrentPrices | None:
        prices = PriceList(names=Names(en="Autumn", zh="秋季"), version=318, currency="CNY", valid_from="2026-09-01")
        return CurrentPrices(id="p", price_list=prices, expired=False)

    async def list(self, **_: Any) -> Sequence[OrderRow]:
        return self.found_orders

    async def charged_for(self, order_id: str) -> OrderRow | None:
        return None

    # space
    async def used(self) -> int:
        return 3 * 1024**3

    async def free(self) -> int:
        return 40 * 1024**3


class Link:
    """SyncControl: the state is what the test sets."""

    def __init__(self) -> None:
        self._view = SyncView(phase="idle", last_in_step="2026-11-21T06:24:00.000Z")
        self._listeners: list[Callable[[SyncView], None]] = []
        self.nudges = 0
        self.enrolled: list[tuple[str, str, str]] = []
        self.refuses: EnvironmentProblem | None = None

    def view(self) -> SyncView:
        return self._view

    def set(self, **changes: Any) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)
        for listener in list(self._listeners):
            listener(self._view)

    def subscribe(self, listener: Callable[[SyncView], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def nudge(self) -> None:
        self.nudges += 1

    async def enrol(self, hq_url: str, code: str, device_name: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.enrolled.append((hq_url, code, device_name))


class Looks:
    """Preferences in memory."""

    def __init__(self) -> None:
        self.language: Literal["en", "zh_CN"] = "en"
        self.text_scale = 1.0
        self.theme: Literal["light", "dark", "system"] = "light"
        self.reduce_motion = False
        self.saved = self.applied = 0

    def save(self) -> None:
        self.saved += 1

    def apply(self) -> None:
        self.applied += 1


class Papers:
    """The diagnostics file, that is only said to be written; `problem` is raised instead."""

    def __init__(self) -> None:
        self.problem: Exception | None = None

    async def save(self) -> str:
        if self.problem is not None:
            raise self.problem
        return "Documents/store-guide-20261121-140000.json"


class Counter:
    """A shop's tablet with all its services, in memory. Nobody is signed in."""

    def __init__(self) -> None:
        self.clock, self.papers = ManualClock(NOW), Papers()
        self.work, self.heard, self.link, self.looks = Work(), Heard(), Link(), Looks()
        self.shelf = Shelf(self.clock)
        shelf: Any = self.shelf
        hasher = PlainHasher()
        for n, row in enumerate(self.shelf.people):
            known = msgspec.structs.replace(row.staff, pin=asyncio.run(hasher.hash(PIN)))
            self.shelf.people[n] = msgspec.structs.replace(row, staff=known)
        ids = Ids(self.clock, lambda n: b"\7" * n)
        self.session = Session(shelf, shelf, hasher, Tries(self.clock))
        self.desk = Desk(self.work.spawn, self.heard, PlainFigures(self.clock), self.heard)
        self.today = Today(shelf, shelf, self.session, self.clock)
        self.morning = MorningDesk(shelf, shelf, self.today, self.session, shelf)
        self.talks = TalkDesk(shelf, self.session, self.clock, ids)
        members = MemberDesk(shelf, shelf, shelf, shelf, self.session, ids)
        goods = FulfilDesk(LeaseDesk(shelf, shelf, shelf, shelf, self.clock, ids), shelf, shelf, self.clock)
        till = Till(
            shelf, PriceDesk(shelf), shelf, shelf, Baskets(shelf, self.session, self.clock, ids), self.session, ids,
            goods, ValueDesk(PriceDesk(shelf), shelf, shelf, shelf), ChargeDesk(shelf, self.session, ids),
        )  # fmt: skip
        self.reopened: list[Basket] = []
        self.attention = Attention(shelf, members, till, GoodsDesk(shelf, goods, shelf, self.session))
        self.readers = Readers(
            shop=shelf, outbox=shelf, orders=shelf, members=shelf, catalogue=shelf, service=shelf, quotations=shelf,
            parcels=shelf.parcels,
        )  # fmt: skip
        self.files = FilesHere()
        self.state = TabletReaders(
            shop=shelf, outbox=shelf, members=shelf, catalogue=shelf, sync=self.link, space=self.shelf,
            files=self.files,
        )  # fmt: skip
        self.any_shelf = shelf
        self.library = MemoryLibrary((), to_text(self.clock.now()))
        self.service = ServiceDesk(shelf, shelf, shelf, self.session, self.today, ids)
        self.reads = ServiceReaders(service=shelf, catalogue=shelf, shop=shelf)

    def promises(self) -> PromiseListViewModel:
        return PromiseListViewModel(self.desk, self.service, self.reads, self.today, self.session, self.any_shelf)

    def ending(self) -> EndingQuotationsViewModel:
        """Members' quotations that end soon."""
        shelf, nothing = self.any_shelf, cast("Any", None)  # nothing is made or printed here
        desk = QuotationDesk(
            shelf, shelf, shelf, nothing, shelf, shelf, self.session, self.today, nothing, nothing, nothing
        )  # fmt: skip
        return EndingQuotationsViewModel(self.desk, desk, self.session, shelf)

    def must(self) -> MustReadsViewModel:
        """What must be read: nothing, until a test puts it into `library`."""
        return MustReadsViewModel(self.desk, self.library, self.session, self.any_shelf)

    def sign_in(self, staff_id: str = LIN) -> None:
        async def work() -> None:
            assert (await self.session.sign_in(staff_id, PIN)).ok

        self.work.spawn(work())


def tablet(**changes: Any) -> TabletInfo:
    info = TabletInfo(
        device_id="d",
        store_id="s",
        store_code="101",
        store_name=Names(en="Wutong Road", zh="梧桐路店"),
        device_letters="AB",
        device_name="Counter tablet 2",
        region="CN",
        time_zone="Asia/Shanghai",
        currency="CNY",
        hq_url="https://hq.example.com",
        authorised_until="",
        bootstrap="ready",
    )
    return msgspec.structs.replace(info, **changes)


def member(member_id: str, name: str, **changes: Any) -> MemberRow:
    row = MemberRow(
        id=member_id,
        name=name,
        pinyin="",
        initials="",
        phone="+8613800001234",
        member_no=MEMBER_NO,
        level="",
        last_contact_at="",
        owner_id=LIN,
        joined_at="",
    )
    return msgspec.structs.replace(row, **changes)


def due(followup_id: str, row: MemberRow, due_on: str, note: str = "") -> FollowupRow:
    record = Followup(member_id=row.id, guide_id=LIN, due_on=due_on, state="open", note=note)
    return FollowupRow(id=followup_id, followup=record, member=row)


def order(order_id: str, number: str) -> OrderRow:
    record = Order(
        number=number,
        state="placed",
        guide_id=LIN,
        placed_at="2026-11-21T06:00:00.000Z",
        currency="CNY",
        lines=(),
        totals=Totals(lines=0, discounts=0, total=0),
    )
    return OrderRow(id=order_id, order=record, member_name="")


def product(product_id: str) -> ProductRow:
    return ProductRow(id=product_id, product=Product(names=Names(en="Milk"), sku="1"), price=100, on_hand=1)


def troubles() -> list[AttentionRow]:
    """One thing of each kind."""
    body = SignUp(
        member_id="01890000-0000-7000-8000-0000000000aa",
        member_no=MEMBER_NO,
        phone="+8613800001234",
        name="唐雨桐",
        source="walk_in",
        consents=(ConsentGiven(kind="terms", policy_version="1", granted=True),),
    )
    at = "2026-11-21T06:10:00.000Z"
    return [
        AttentionRow(key="r", kind="rejected", code="phone_invalid", at=at, op_kind="member.sign_up", body=body),
        AttentionRow(
            key="c", kind="conflict", code="conflict", at=at, member_id="m1", member_name="许安然", field="birthday",
            hq="05-01", theirs="05-02",
        ),
        AttentionRow(
            key="o", kind="out_of_stock", code="out_of_stock", at=at, order_id="o1",
            order_number="101-AB7K-0042-3", member_name="陆思远",
        ),
        AttentionRow(key="p", kind="parked", code="product_unknown", at=at, op_kind="order.place", op_seq=7),
        AttentionRow(
            key="m", kind="merged", code="merged", at=at, op_kind="member.sign_up", member_id="m2", member_name="何佳怡"
        ),
    ]  # fmt: skip


def field_rows(model: Any) -> list[dict[str, Any]]:
    """The rows of a list model as dicts."""
    return [cast("dict[str, Any]", msgspec.to_builtins(row)) for row in model.rows]
