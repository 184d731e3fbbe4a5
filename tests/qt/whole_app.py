"""The whole app in one process: real window, pages, view-models, store and engine; only HQ is in memory."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtQuick import QQuickWindow

from guide_app.adapters.pins import Argon2PinHasher
from guide_app.bootstrap import Parts, tablet
from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.names import search_keys
from guide_app.domain.records import (
    Card,
    Category,
    Consent,
    Coupon,
    FieldConflict,
    Followup,
    Fulfilment,
    ImportantDate,
    Level,
    LevelRules,
    LevelStep,
    Member,
    MessageTemplate,
    Names,
    Order,
    OrderLine,
    Policy,
    Price,
    PriceList,
    Product,
    Relative,
    Settings,
    Staff,
    Stock,
    TagRule,
    Talk,
    Totals,
    Wallet,
    Wish,
)
from guide_app.services.container import Container
from guide_app.settings import Settings as TabletSettings
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    LeaseRequest,
    LeaseResponse,
    LookupRequest,
    LookupResponse,
    PayRequest,
    PayResponse,
    RadarResponse,
    SyncRequest,
    VerifyRequest,
    VerifyResponse,
)
from sync.remote import FileSource, HqRefused, Received, Sender
from tests.qt.pictures import Look, hold
from tests.qt.walker import lay_out
from tests.unit.local_store.fake_hq import FakeHq, uuid
from ui.runtime.defects import Defects, Tasks
from ui.runtime.screen import Screen

T = TypeVar("T")

PIN = "407193"
PATIENCE_S = 20.0
PEOPLE = (
    *("许安然", "夏安琪", "徐艾琳", "谢安宁", "薛爱嘉", "向奥博", "单雪"),
    *("欧阳若汐", "Anna-Katharina Schwarzenberger", "曾仪"),
)
SHELVES = (
    ("Nappies", "纸尿裤"),
    ("Milk powder", "奶粉"),
    ("Care", "洗护"),
    ("Clothes", "衣物"),
    ("Out and about", "出行"),
)
GOODS = (
    ("云朵纸尿裤 M", "Cloud nappies M", "76 片", 11900, 0),
    ("初禾奶粉 2 段", "First Crop milk powder, stage 2", "800 g", 26800, 1),
    ("手口湿巾", "Hand and mouth wipes", "80 × 5", 3990, 2),
    ("燕麦润肤霜", "Oat body cream", "100 g", 7900, 2),
    ("有机棉连体衣", "Organic cotton bodysuit", "66 / 73 / 80", 13900, 3),
    ("轻便推车 Air", "Light pushchair Air", "6.2 kg", 109900, 4),
    ("宽口奶瓶", "Wide-neck bottle", "240 ml", 9800, 1),
    ("护臀膏", "Barrier cream", "60 g", 4500, 2),
    ("吸盘碗勺", "Suction bowl and spoon", "6 m+", 6900, 4),
)
"""Name in both languages, size, price in minor units, number of its shelf."""


PROMISES = ("2 段到货就告诉她", "试用润肤霜第 7 天，问问皮肤怎么样", "推车看过灰蓝色，周末再来试推")
MESSAGES: tuple[tuple[str, Any, str, str], ...] = (
    ("birthday", "wechat", "Happy birthday, {name}! {guide} of {store}", "生日快乐，{name}！{store} {guide}"),
    (
        "thanks",
        "sms",
        "Thank you, {name}! Tell me how you like it: {product}.",
        "谢谢您，{name}！{product} 用得怎么样，告诉我。",
    ),
    ("thanks", "phone", "Good day, this is {guide} of {store}", "您好，我是{store}的{guide}"),
    (
        "arrival",
        "sms",
        "It is here, {name}: {product}. We keep it until {date}.",
        "到货了，{name}：{product}，为您留到 {date}。",
    ),
)
"""Situation, channel and text in both languages; a title is the text's beginning."""


class MemoryRemote:
    """HQ in memory, that can be out of reach."""

    def __init__(self, hq: FakeHq) -> None:
        self._hq = hq
        self.problem: Exception | None = None
        self.paying: Callable[[PayRequest], PayResponse] = lambda _: PayResponse(server_time="", code="no_provider")

    async def enrol(self, sender: Sender, request: EnrolRequest) -> EnrolResponse:
        """The tablet is welcome."""
        return msgspec.structs.replace(self._hq.enrolment(), store_names=Names(en="Wutong Road", zh="梧桐路店"))

    async def sync(self, sender: Sender, request: SyncRequest) -> Received:
        """One round, or the problem that is on."""
        if self.problem is not None:
            raise self.problem
        answer = self._hq.sync(request)  # type: ignore[arg-type]  # what it reads of Outgoing a request has too
        answer = msgspec.structs.replace(answer, server_time=to_text(SystemClock().now()))
        return Received(answer=answer, size=1000)

    async def lease(self, sender: Sender, request: LeaseRequest) -> LeaseResponse:
        """There is nothing to be leased."""
        if self.problem is not None:
            raise self.problem
        return LeaseResponse(server_time=to_text(SystemClock().now()), code="instrument_unknown")

    async def payment(self, sender: Sender, request: PayRequest) -> PayResponse:
        """What the test says."""
        if self.problem is not None:
            raise self.problem
        return self.paying(request)

    async def lookup(self, sender: Sender, request: LookupRequest) -> LookupResponse:
        """The chain has this one shop."""
        return LookupResponse(found=False)

    async def verify(self, sender: Sender, request: VerifyRequest) -> VerifyResponse:
        """Nothing is ever compared: it says that the scope has moved."""
        return VerifyResponse(status="moved")

    async def radar(self, sender: Sender, version: str, first: int) -> RadarResponse | None:
        """This chain has none."""
        raise HqRefused(404, "not_found")

    async def aclose(self) -> None:
        """There is no connection."""


class MemoryKeys:
    """A key store that is there, as on most tablets."""

    warning = ""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load(self, name: str) -> bytes | None:
        """What was stored under the name."""
        return self._kept.get(name)

    def store(self, name: str, secret: bytes) -> None:
        """Keeps it."""
        self._kept[name] = secret


class Work:
    """What the screens do in the background, known until it ends."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self.under_way: set[asyncio.Task[None]] = set()

    def spawn(
        self, work: Coroutine[Any, Any, None], problem: Callable[[EnvironmentProblem], None] | None = None, /
    ) -> None:
        """As `Tasks.spawn`."""
        task = self._tasks.spawn(work, problem)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)


class App:
    """The running app, and HQ behind it."""

    def __init__(
        self, container: Container, screen: Screen, hq: FakeHq, remote: MemoryRemote, guide_id: str, work: Work
    ) -> None:
        self.container, self.screen, self.hq, self.remote, self.guide_id = container, screen, hq, remote, guide_id
        self._work = work

    @property
    def window(self) -> QQuickWindow:
        """The window."""
        return self.screen.window

    def model(self, page: str) -> Any:
        """The view-model of a page."""
        return self.screen.pages.model(page)

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Lets the app go on until something is so."""
        for _ in range(int(PATIENCE_S / 0.02)):
            if condition():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{what} never came")

    async def look(self, look: Look) -> None:
        """Holds and sets the tablet so, and touches it: a slow machine must not lock it amid its pictures."""
        self.screen.pages.shell.touched()
        chosen = self.container.preferences
        chosen.language = "zh_CN" if look.language == "zh_CN" else "en"
        chosen.theme, chosen.text_scale = ("dark" if look.dark else "light"), look.text_scale
        self.screen.apply_look()
        await outside(lambda: hold(self.window, look))
        await self.rest()

    async def open(self, page: str, **arguments: Any) -> None:
        """Goes to a page and waits until it stands."""
        self.screen.navigator.open(page, arguments)
        await self.rest()

    async def rest(self) -> None:
        """Until what was asked for has begun, however long it takes has come back, and the page is laid out."""
        for _ in range(12):
            await asyncio.sleep(0.02)
        await self.until(lambda: not self._work.under_way, "the end of the screens' work")
        await outside(lambda: lay_out(self.window.contentItem()))


async def outside(work: Callable[[], T]) -> T:
    """Runs work that spins Qt's events between two steps of all tasks: within one, another could not take its step."""
    done: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def now() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    QTimer.singleShot(0, now)
    return await done


@asynccontextmanager
async def app(folder: Path, source: FileSource | None = None) -> AsyncIterator[App]:
    """The app, enrolled, in step and with a guide signed in. `source`: where its files come from."""
    hq = FakeHq()
    hq.grants[0] = msgspec.structs.replace(hq.grants[0], name="梧桐路店")
    hq.now = to_text(SystemClock().now())
    guide_id = await _fill(hq)
    remote = MemoryRemote(hq)
    hasher = Argon2PinHasher(memory_kib=1024, passes=1)
    tasks = Tasks(Defects())
    settings = TabletSettings(data=folder, key_source="file", windowed=True)
    parts = Parts(remote=remote, hasher=hasher, keys=MemoryKeys(), source=source)
    async with tablet(settings, parts=parts) as container:
        await container.sync.enrol("https://hq.example.com", "CODE", "Counter")
        work = Work(tasks)
        screen = Screen(container, work.spawn, windowed=True)
        running = App(container, screen, hq, remote, guide_id, work)
        try:
            await running.until(lambda: container.sync.view().phase == "idle", "the first load")
            assert (await container.do.session.sign_in(guide_id, PIN)).ok
            await running.until(lambda: screen.pages.shell._stage == "work", "the frame")
            await running.rest()
            yield running
        finally:
            await tasks.cancel()
            screen.close()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()  # timers end in this thread


async def _fill(hq: FakeHq) -> str:
    """A small shop with everything a page can show. All people are synthetic. Returns the guide's id."""
    now = SystemClock().now()
    pin = await Argon2PinHasher(memory_kib=1024, passes=1).hash(PIN)
    guide, manager, price_list = uuid(), uuid(), uuid()
    shelves = [uuid() for _ in SHELVES]
    hq.publish("staff", guide, Staff(name="林晓棠", staff_no="01", pin=pin))
    hq.publish("staff", manager, Staff(name="顾明珊", staff_no="02", role="manager", pin=pin))
    hq.publish(
        "settings",
        uuid(),
        Settings(
            data_note=Names(en="Synthetic data", zh="合成数据"),
            lock_after_s=3_600,  # sixteen looks of a page take a slow machine longer than a counter is left alone
            tags=("易红屁股", "双胞胎", "送礼", "周末来"),
            levels=(
                Level(code="金卡", names=Names(en="Gold", zh="金卡")),
                Level(code="黑金", names=Names(en="Black gold", zh="黑金")),
            ),
            level_rules=(LevelRules(steps=(LevelStep(code="黑金", spent=50_000),)),),
        ),
    )
    for position, (kind, en, zh) in enumerate(
        (("terms", "Membership terms", "会员条款"), ("marketing_phone", "Calls about offers", "电话推荐"))
    ):
        text = Names(en="We keep your purchases to serve you better.", zh="我们保存您的购买记录，以便更好地服务。")
        hq.publish("policy", uuid(), Policy(kind=kind, version="1", title=Names(en=en, zh=zh), text=text, required=not position, position=position))  # fmt: skip  # noqa: E501
    for position, (shelf, (en, zh)) in enumerate(zip(shelves, SHELVES, strict=True)):
        hq.publish("category", shelf, Category(names=Names(en=en, zh=zh), position=position))
    products = []
    for n, (zh, en, size, amount, shelf_no) in enumerate(GOODS):
        product = uuid()
        products.append((product, amount))
        keys = search_keys(zh)
        names = Names(en=en, zh=zh)
        hq.publish("product", product, Product(names=names, sku=f"S{n}", category_id=shelves[shelf_no], brand="Nuanya", size=size, barcodes=(f"690000000{n:04d}",), pinyin=keys.pinyin, initials=keys.initials))  # fmt: skip  # noqa: E501
        hq.publish("price", uuid(), Price(list=price_list, product=product, amount=amount))
        hq.publish("stock", product, Stock(on_hand=0 if n == 5 else 24 - n, as_of=to_text(now)))
    for situation, channel, en, zh in MESSAGES:
        title = Names(en=en.partition(",")[0], zh=zh.partition("，")[0])
        text = Names(en=en, zh=zh)
        hq.publish("message_template", uuid(), MessageTemplate(situation=situation, channel=channel, title=title, text=text))  # fmt: skip  # noqa: E501
    valid = {"valid_from": to_text(now - timedelta(days=30)), "valid_until": to_text(now + timedelta(days=30))}
    rule = TagRule(
        names=Names(en="Birthday soon", zh="生日临近"), tag="生日临近", expression="days_until(birthday) <= 1"
    )
    hq.publish("tag_rule", uuid(), rule)
    names = Names(en="Shop prices", zh="门店价")
    hq.publish("price_list", price_list, PriceList(names=names, version=318, currency="CNY", **valid))
    members = [_member(hq, n, name, guide, now, products) for n, name in enumerate(PEOPLE)]
    for n, member in enumerate(members[:6]):
        _story(hq, n, member, guide, (guide, manager)[n % 2], products, now)
    return guide


def _member(hq: FakeHq, n: int, name: str, guide: str, now: Any, products: list[tuple[str, int]]) -> str:
    member_id, keys = uuid(), search_keys(name)
    conflicts = (FieldConflict(field="name", hq="许安然", theirs="许安冉", op_id=uuid()),) if n == 0 else ()
    hq.publish(
        "member",
        member_id,
        Member(
            member_no=f"101AB7K{n:04d}3", phone=f"+861381234{n:04d}", name=name, pinyin=keys.pinyin,
            initials=keys.initials, birthday=f"{now + timedelta(days=n % 4):%m-%d}", level="金卡" if n % 3 == 0 else "",
            tags=("易红屁股", "想买推车") if n == 0 else (), owner_id=guide, order_count=n + 1, spent=(n + 1) * 23800,
            joined_at=to_text(now - timedelta(days=200)), last_contact_at=to_text(now - timedelta(days=n)),
            consents=(Consent(kind="terms", granted=True, policy_version="1", ver=1, at=to_text(now)),),
            conflicts=conflicts, **(_noted(products, now) if n == 0 else {}),
        ),
    )  # fmt: skip
    if n == 0:
        hq.publish("wallet", member_id, Wallet(
            points=2860, coupons=(
                Coupon(title=Names(en="30 off 299", zh="满 299 减 30"), until=f"{now + timedelta(days=9):%Y-%m-%d}"),
                Coupon(title=Names(en="Free delivery", zh="包邮"), uses=2),
            ), cards=(Card(id=uuid(), title=Names(en="Gift card", zh="礼品卡"), digits="0417", balance=20000),),
        ))  # fmt: skip
    return member_id


def _day(now: Any, days: int) -> str:
    return f"{now + timedelta(days=days):%Y-%m-%d}"


def _noted(products: list[tuple[str, int]], now: Any) -> dict[str, Any]:
    """What the shop noted about somebody whom it knows well."""
    return {
        "sizes": {"top": "M", "shoe": "38", "纸尿裤": "M"}, "likes": ("偏好无香", "乌龙茶"), "note": "周末带小禾来",
        "wishes": tuple(Wish(product_id=products[n][0], since=to_text(now)) for n in (5, 3)),
        "dates": (ImportantDate(id=uuid(), label="结婚纪念日", day=f"2018-{now + timedelta(days=12):%m-%d}"),),
        "household": (
            Relative(id=uuid(), relation="son", name="小禾", birthday=_day(now, -160), gender="m"),
            Relative(id=uuid(), relation="pet", name="豆豆"),
        ),
    }  # fmt: skip


def _story(hq: FakeHq, n: int, member: str, guide: str, seller: str, products: list[tuple[str, int]], now: Any) -> None:
    """An order and a talk of one member with the seller, and what the guide promised them."""
    product, amount = products[n]
    line = OrderLine(line_id=uuid(), product_id=product, qty=2, unit_price=amount, amount=2 * amount)
    sums = Totals(lines=2 * amount, discounts=0, total=2 * amount)
    hq.publish(
        "order",
        uuid(),
        Order(
            number=f"101AB7K{n:04d}9", state="accepted" if n % 2 else "closed", guide_id=seller, currency="CNY",
            placed_at=to_text(now - timedelta(days=n // 3, minutes=n)), lines=(line,), totals=sums, member_id=member,
            fulfilment=Fulfilment(kind="pick_up", repair="out_of_stock") if n == 3 else Fulfilment(),
        ),
    )  # fmt: skip
    at = to_text(now - timedelta(hours=n + 1))
    hq.publish("talk", uuid(), Talk(member_id=member, guide_id=seller, channel="wechat", outcome="interested", topic="care", at=at, note="问红屁股怎么护理"))  # fmt: skip  # noqa: E501
    due = (now + timedelta(days=n - 3)).date().isoformat()
    hq.publish("followup", uuid(), Followup(member_id=member, guide_id=guide, due_on=due, state="open", note=PROMISES[n % len(PROMISES)], set_at=at))  # fmt: skip  # noqa: E501
