"""A store on the disk with a small shop in it, and operations to make there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from guide_app.domain.clock import ManualClock, to_text
from guide_app.domain.ids import Ids
from guide_app.domain.records import (
    Category,
    Member,
    Names,
    PaymentIntent,
    Policy,
    Price,
    PriceList,
    PriceListUsed,
    Product,
    Ref,
    Settings,
    Staff,
    Stock,
)
from guide_app.operations import payments
from guide_app.operations.members import ConsentGiven, Edit, FieldEdit, GiveConsent, SignUp
from guide_app.operations.orders import Cancel, Place, PlacedLine, WantedFulfilment, totals
from guide_app.operations.reminders import SetReminder
from guide_app.operations.service import MakePromise, RaiseTicket, SettlePromise, StepTicket
from guide_app.operations.talks import LogTalk, SetFollowup
from guide_app.services.ports.writing import Draft
from local_store import Store
from local_store.connection import connect
from sync.ports import Taken
from tests.unit.local_store.fake_hq import FakeHq, uuid

KEY = bytes(range(32))
START = datetime(2026, 11, 21, 10, tzinfo=UTC)
GUIDE = "00000000-0000-4000-8000-0000000000b1"
PRODUCTS = tuple(f"00000000-0000-4000-8000-0000000001{n:02d}" for n in range(3))
LIST = "00000000-0000-4000-8000-000000000200"
CATEGORY = "00000000-0000-4000-8000-000000000300"


class Bench:
    """A store, its clock, and the HQ that it talks to."""

    def __init__(self, path: Path, seed: int = 1) -> None:
        self.path, self.hq = path, FakeHq()
        self.slow = timedelta()  # what the tablet's clock is behind HQ's
        self.clock = ManualClock(START)
        self.ids = Ids(self.clock, random.Random(seed).randbytes)
        self.store = self.opened()

    def opened(self) -> Store:
        """The store at the path."""
        return Store.open(self.path, KEY, self.clock, self.ids)

    async def enrol(self) -> None:
        """Enrols and loads the shop to the end."""
        furnish(self.hq)
        await self.store.sync.enrolled("https://hq.example", "Counter 1", self.hq.enrolment())
        await self.drain()
        await self.store.sync.finish_loading()

    async def round(self, *, most: int = 10_000, max_ops: int = 200, lost: bool = False) -> Taken | None:
        """One round of sync; `lost`: HQ's answer does not arrive."""
        self.hq.now = to_text(self.clock.now() + self.slow)
        sent = await self.store.sync.outgoing(max_ops=max_ops)
        answer = self.hq.sync(sent, most=most)
        if lost:
            return None
        match answer.batch.status:
            case "fork":
                await self.store.sync.fork()
                return None
            case "epoch_changed":
                await self.store.sync.new_epoch(answer.epoch, answer.batch.last_seq, answer.scopes)
                return None
        taken = await self.store.sync.take(sent, answer)
        if answer.batch.status == "gap":
            await self.store.sync.resend_after(answer.batch.last_seq)
        return taken

    async def drain(self, rounds: int = 50) -> None:
        """Rounds until nothing is left to say on either side."""
        for _ in range(rounds):
            taken = await self.round()
            out = await self.store.sync.outgoing()
            if taken and not taken.more and not taken.granted and not out.ops and not taken.rows:
                return
        raise AssertionError("the outbox does not drain")

    async def do(self, draft: Draft, *more: Draft) -> frozenset[Ref]:
        """Commits operations; what they changed."""
        self.clock.advance(1)
        return (await self.store.journal.commit(GUIDE, draft, *more)).refs

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Looks into the database behind the store's back."""
        connection = connect(self.path, KEY, cache_mb=1, read_only=True)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()


def furnish(hq: FakeHq) -> None:
    """A guide, three products with prices and stock, two policies, settings."""
    hq.publish("staff", GUIDE, Staff(name="王芳", staff_no="01"))
    hq.publish("category", CATEGORY, Category(names=Names(en="Baby", zh="婴儿")))
    for n, product in enumerate(PRODUCTS):
        names = Names(en=f"Milk powder {n}", zh=("婴儿奶粉", "湿巾", "推车")[n])
        keys = (("ying er nai fen", "yenf"), ("shi jin", "sj"), ("tui che", "tc"))[n]
        hq.publish("product", product, Product(
            names=names, sku=f"SKU{n}", category_id=CATEGORY, brand="Acme", barcodes=(f"690000000000{n}",),
            pinyin=keys[0], initials=keys[1],
        ))  # fmt: skip
        hq.publish("price", uuid(), Price(list=LIST, product=product, amount=1000 * (n + 1)))
        if n < 2:
            hq.publish("stock", product, Stock(on_hand=100))
    hq.publish("price_list", LIST, PriceList(
        names=Names(en="Now", zh="现价"), version=1, currency="CNY", valid_from="2026-01-01T00:00:00.000Z",
    ))  # fmt: skip
    hq.publish("policy", uuid(), Policy(kind="terms", version="1", title=Names(), text=Names(), required=True))
    hq.publish("settings", uuid(), Settings(pin_tries=3, pin_wait_s=10))


def sign_up(member_id: str, phone: str, name: str = "陈静", number: str = "") -> Draft:
    """A sign-up with the terms agreed to."""
    terms = ConsentGiven(kind="terms", policy_version="1", granted=True)
    return Draft(kind="member.sign_up", body=SignUp(
        member_id=member_id, member_no=number or f"N{member_id[:6]}", phone=phone, name=name, source="walk_in",
        consents=(terms,),
    ))  # fmt: skip


def edit(member_id: str, field: str, old: Any, new: Any) -> Draft:
    """An edit of one field."""
    changes = {field: FieldEdit(old=old, new=new)}
    return Draft(kind="member.edit", body=Edit(member_id=member_id, base_ver=1, set=changes))


def consent(member_id: str, granted: bool, seen_ver: int) -> Draft:
    """The terms, given or withdrawn."""
    return Draft(kind="member.consent", body=GiveConsent(
        member_id=member_id, kind="terms", granted=granted, policy_version="1", seen_ver=seen_ver
    ))  # fmt: skip


def place(
    order_id: str, lines: Sequence[tuple[str, int]], member_id: str | None = None, number: str = "", note: str = ""
) -> Draft:
    """An order of (product, quantity) at 10.00 each."""
    placed = tuple(
        PlacedLine(line_id=uuid(), product_id=product, qty=qty, unit_price=1000, amount=1000 * qty)
        for product, qty in lines
    )
    body = Place(
        order_id=order_id, number=number or f"O{order_id[:8]}", lines=placed, totals=totals(placed),
        price_list=PriceListUsed(id=LIST, version=1), fulfilment=WantedFulfilment(kind="take_away"),
        payment_intent=PaymentIntent(method="till", amount=totals(placed).total), member_id=member_id, note=note,
    )  # fmt: skip
    return Draft(kind="order.place", body=body)


def cancel(order_id: str) -> Draft:
    """An order taken back."""
    return Draft(kind="order.cancel", body=Cancel(order_id=order_id, reason="changed_mind"))


def pay(order_id: str, amount: int) -> Draft:
    """Cash for an order."""
    return Draft(
        kind="order.pay",
        body=payments.Pay(order_id=order_id, legs=(payments.Taken(leg_id=uuid(), method="cash", amount=amount),)),
    )


def talk(member_id: str, talk_id: str, at: str = "2026-11-21T09:00:00.000Z") -> Draft:
    """A talk in the shop."""
    return Draft(kind="talk.log", body=LogTalk(
        talk_id=talk_id, member_id=member_id, channel="in_store", outcome="interested", topic="general", at=at
    ))  # fmt: skip


def followup(member_id: str, followup_id: str, state: Any = "open", due_on: str = "2026-11-21") -> Draft:
    """A follow-up."""
    return Draft(kind="followup.set", body=SetFollowup(
        followup_id=followup_id, member_id=member_id, due_on=due_on, note="call", state=state
    ))  # fmt: skip


def reminder(member_id: str, list_: Any = "birthday", cycle: str = "2026-11-21", **more: Any) -> Draft:
    """A row of a morning list that was seen to."""
    given: dict[str, Any] = {"member_id": member_id, "list": list_, "cycle": cycle, "state": "done", **more}
    return Draft(kind="reminder.set", body=SetReminder(**given))


def service(member_id: str) -> list[Draft]:
    """A ticket with a note, and a promise that was kept."""
    ticket, promise = uuid(), uuid()
    number = f"101AB7K{ticket[:6]}"
    return [
        Draft(kind="ticket.raise", body=RaiseTicket(
            ticket_id=ticket, step_id=uuid(), member_id=member_id, number=number, kind="complaint", words="拉链 🧵"
        )),
        Draft(kind="ticket.step", body=StepTicket(
            ticket_id=ticket, step_id=uuid(), member_id=member_id, what="note", words="asked the tailor"
        )),
        Draft(kind="promise.make", body=MakePromise(
            promise_id=promise, step_id=uuid(), member_id=member_id, kind="hold", due_on="2026-11-27"
        )),
        Draft(kind="promise.settle", body=SettlePromise(
            promise_id=promise, step_id=uuid(), member_id=member_id, what="kept", on="2026-11-21"
        )),
    ]  # fmt: skip


def member(name: str = "王小明", phone: str = "+8613812341234", **more: Any) -> Member:
    """A member as HQ sends it."""
    from guide_app.domain.names import search_keys

    keys = search_keys(name)
    return msgspec.structs.replace(
        Member(member_no="101AB7K00423", phone=phone, name=name, pinyin=keys.pinyin, initials=keys.initials,
               joined_at="2026-01-01T00:00:00.000Z", last_contact_at="2026-01-01T00:00:00.000Z"), **more,
    )  # fmt: skip


PHONES = tuple(f"+86138000{n:05d}" for n in range(100))
