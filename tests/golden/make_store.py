"""Makes the stored tablet of a release: `python -m tests.golden.make_store`, run with the release's own code.

It writes `tests/golden/stores/schema-NNNN/`: `store.db`, a real encrypted file (all data synthetic, the key in the
manifest) whose outbox holds operations of every kind and in every state, and `manifest.json`, which tells what is in
it. A folder that exists is never made anew: it is what a shop may bring to an update.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from guide_app.domain import gift_cards
from guide_app.domain.records import (
    Fulfilment,
    Instrument,
    Lease,
    Names,
    OrderCopy,
    OrderLine,
    Parcel,
    ParcelLine,
    Totals,
)
from guide_app.domain.records.dayclose import Figures
from guide_app.operations import OPERATIONS
from guide_app.operations.card_sales import HandOver
from guide_app.operations.days import Close
from guide_app.operations.fulfilling import Fulfil, OrderFulfil, OrderReroute, Reroute
from guide_app.operations.leases import Return
from guide_app.operations.library import Keep, Read, Show
from guide_app.operations.orders import Place, WantedFulfilment
from guide_app.operations.parcels import ParcelStep, StepParcel
from guide_app.operations.payments import Pay, PayBack, Taken
from guide_app.operations.privacy import Reveal
from guide_app.operations.quotations import Quote, TakeQuote, VoidQuote
from guide_app.operations.reshares import Reshare, Share
from guide_app.operations.returns import (
    CopyReturn,
    CopyReturnUndo,
    Exchanged,
    LineBack,
    Promised,
    TakeBack,
    UndoReturn,
)
from guide_app.operations.sharing import Handed
from guide_app.operations.staff import SetPin
from guide_app.services.ports.writing import Draft
from local_store.migrations import STEPS
from sync.protocol.messages import ScopeKind
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import (
    GUIDE,
    KEY,
    PHONES,
    PRODUCTS,
    Bench,
    cancel,
    consent,
    edit,
    followup,
    member,
    place,
    reminder,
    service,
    sign_up,
    talk,
)

STORES = Path(__file__).with_name("stores")
SCHEMAS = {"schema-0001": "m0001_first"}
"""Every schema that was ever shipped, and its newest step. A release with a newer step adds a line and its folder."""
STATES = ("applied", "merged", "parked", "rejected", "sent", "pending")
SCRUBBED, UNREADABLE, NOVELTY, LEASE, COPY = (uuid() for _ in range(5))
_COPIED = OrderLine(line_id=uuid(), product_id=PRODUCTS[0], qty=2, unit_price=1000, amount=2000)
_PIN = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43


class StoredOp(msgspec.Struct, frozen=True):
    """An operation of the outbox; `body` None: scrubbed with the person it was about."""

    op_id: str
    kind: str
    schema_v: int
    state: str
    sha: str
    body: str | None


class StoredRow(msgspec.Struct, frozen=True):
    """A row that HQ had sent: its scope, entity, id, version, and JSON."""

    scope: str
    entity: str
    id: str
    ver: int
    data: msgspec.Raw


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a stored tablet. `tables`: rows of each table."""

    schema: str
    key: str
    store_id: str
    device_id: str
    guide_id: str
    grants: dict[str, ScopeKind]
    ops: list[StoredOp]
    tables: dict[str, int]
    drafts: dict[str, str]
    next_number: int
    attention: list[str]
    hq_rows: list[StoredRow]


def latest() -> str:
    """The newest schema, as the folder is named."""
    return f"schema-{list(STEPS)[-1][1:5]}"


def every_kind(who: str, order_id: str) -> list[Draft]:
    """One operation of each kind that a guide makes by hand, about a member and an order that are there."""
    return [
        sign_up(uuid(), PHONES[90], "欧阳娜娜 🙂", f"S{uuid()[:6]}"),
        edit(who, "note", "", "likes oolong 🍵 乌龙"),
        consent(who, granted=False, seen_ver=1),
        place(uuid(), [(PRODUCTS[0], 2), (PRODUCTS[1], 1)], who, note="門口"),
        *money(order_id),
        *carded(who),
        *returned(order_id),
        Draft(
            kind="order.reshare",
            body=Reshare(
                order_id=order_id, shares=(Share(guide_id=uuid(), share=10_000),), reason="helped", approved_by=GUIDE
            ),
        ),
        Draft(kind=OrderFulfil.kind, body=Fulfil(order_id=order_id, what="picking")),
        Draft(
            kind=OrderReroute.kind,
            body=Reroute(order_id=order_id, fulfilment=WantedFulfilment(kind="take_away"), member_id=who),
        ),
        cancel(order_id),
        *quoted(order_id),
        talk(who, uuid()),
        followup(who, uuid()),
        reminder(who),
        *service(who),
        Draft(kind="member.reveal", body=Reveal(member_id=who, what="phone")),
        *lent(uuid(), who),
        Draft(kind="staff.set_pin", body=SetPin(staff_id=GUIDE, pin=_PIN)),
        Draft(kind="day.close", body=Close(close_id=uuid(), day="2026-11-21", currency="CNY", figures=Figures())),
    ]


def lent(material: str, who: str) -> list[Draft]:
    """A material that was kept at hand, read, shown and handed over."""
    handed = Handed(share_id=uuid(), material=material, version=1, channel="qr", member_id=who)
    return [
        Draft(kind="material.keep", body=Keep(material=material, guide_id=GUIDE, favourite=True)),
        Draft(kind="material.read", body=Read(material=material, guide_id=GUIDE, version=1)),
        Draft(kind="material.show", body=Show(material=material, guide_id=GUIDE, version=1)),
        Draft(kind="material.share", body=handed),
    ]


def money(order_id: str) -> list[Draft]:
    """Cash for an order, and some of it given back."""
    leg = Taken(leg_id=uuid(), method="cash", amount=10, given=20)
    back = PayBack(order_id=order_id, leg_id=uuid(), method="cash", amount=10, reason="slip", of=leg.leg_id)
    return [
        Draft(kind="order.pay", body=Pay(order_id=order_id, legs=(leg,))),
        Draft(kind="order.pay_back", body=back),
    ]


def carded(who: str) -> list[Draft]:
    """A gift card that is sold with an order."""
    sold = place(uuid(), [(PRODUCTS[0], 1)], who)
    body = sold.body
    assert isinstance(body, Place)
    card = HandOver(order_id=body.order_id, line_id=body.lines[0].line_id, number=gift_cards.numbered(42))
    return [sold, Draft(kind="order.card", body=card)]


def quoted(order_id: str) -> list[Draft]:
    """A quotation that an order came of, and one that nobody wants."""
    new: Any = place(uuid(), [(PRODUCTS[1], 1)]).body
    first, second = (
        Quote(
            quotation_id=uuid(), number=f"Q{uuid()[:6]}", lines=new.lines, totals=new.totals,
            price_list=new.price_list, valid_until="2026-12-04",
        )
        for _ in range(2)
    )  # fmt: skip
    return [
        Draft(kind="quote.make", body=first),
        Draft(kind="quote.take", body=TakeQuote(quotation_id=first.quotation_id, order_id=order_id)),
        Draft(kind="quote.make", body=second),
        Draft(kind="quote.void", body=VoidQuote(quotation_id=second.quotation_id, reason="mistake")),
    ]


def returned(order_id: str) -> list[Draft]:
    """A return that was none, and an exchange."""
    first, second = (
        TakeBack(order_id=order_id, return_id=uuid(), lines=(), refund=Promised(money=1)) for _ in range(2)
    )  # fmt: skip
    new: Any = place(uuid(), [(PRODUCTS[1], 1)]).body
    fields = {name: getattr(new, name) for name in new.__struct_fields__}
    return [
        Draft(kind="order.return", body=first),
        Draft(kind="order.return_undo", body=UndoReturn(order_id=order_id, return_id=first.return_id)),
        Draft(kind="order.exchange", body=Exchanged(**fields, back=second)),
    ]


def brought_back() -> list[Draft]:
    """Goods that another shop sold: set aside here, and a piece that came back and that the customer kept after all."""
    piece = LineBack(line_id=_COPIED.line_id, qty=1, reason="faulty")
    back = TakeBack(order_id=COPY, return_id=uuid(), lines=(piece,), refund=Promised(money=1000))
    return [
        Draft(kind=ParcelStep.kind, body=StepParcel(order_id=COPY, what="ready")),
        Draft(kind=CopyReturn.kind, body=back),
        Draft(kind=CopyReturnUndo.kind, body=UndoReturn(order_id=COPY, return_id=back.return_id)),
    ]


async def fill(bench: Bench) -> None:
    """A shop's weeks in small: work that HQ took, merged, parked, rejected, has not answered, has never seen."""
    hq, twin, first, order_id, other = bench.hq, uuid(), uuid(), uuid(), uuid()
    await bench.enrol()
    hq.publish("member", twin, member(name="周梅", phone=PHONES[1]))
    hq.publish("member", SCRUBBED, member(name="被忘记", phone=PHONES[2]))
    hq.publish_raw("novelty", NOVELTY, msgspec.Raw(b'{"of":"a later version"}'))
    hq.publish_raw("member", UNREADABLE, msgspec.Raw(b'{"shape":"of a later version"}'))
    hq.publish("lease", LEASE, Lease(
        amount=7, expires_at="2027-01-01T00:00:00.000Z", instrument=Instrument(kind="points", id=twin)
    ))  # fmt: skip
    hq.publish("order_copy", COPY, OrderCopy(
        number="102CD7K00415", state="paid", guide_id=uuid(), placed_at="2026-11-20T10:00:00.000Z", currency="CNY",
        lines=(_COPIED,), totals=Totals(lines=2000, discounts=0, total=2000), store_id=uuid(), home_store_id=uuid(),
        home_names=Names(en="West", zh="西店"), home_ver=1, until="2027-01-01T00:00:00.000Z",
    ))  # fmt: skip
    hq.publish("parcel", COPY, Parcel(
        number="102CD7K00415", placed_at="2026-11-20T10:00:00.000Z", store_id=COPY, home_store_id=uuid(),
        home_names=Names(en="West", zh="西店"), lines=(ParcelLine(line_id=uuid(), product_id=PRODUCTS[0], qty=2),),
        goes=Fulfilment(kind="pick_up", store_id=COPY), paid=True,
    ))  # fmt: skip
    await bench.drain()
    hq.rows = {key: row for key, row in hq.rows.items() if key[1].id != UNREADABLE}  # this HQ could not read it either
    await bench.do(sign_up(first, PHONES[0], "陈静", await bench.store.numbers.next()))
    await bench.do(sign_up(uuid(), PHONES[1], "周小梅", await bench.store.numbers.next()))
    await bench.do(place(order_id, [(PRODUCTS[0], 1)], first))
    await bench.do(place(other, [(PRODUCTS[1], 1)], first), talk(first, uuid()))
    await bench.do(followup(SCRUBBED, uuid()))
    for draft in every_kind(first, other):
        if draft.kind not in ("member.sign_up", "member.edit"):
            await bench.do(draft)
    await bench.drain()
    hq.publish("member", SCRUBBED, None, "erased")
    hq.publish("member", first, msgspec.structs.replace(hq.record("member", first), note="HQ's own"))
    await bench.do(edit(first, "note", "", "the guide's"))
    await bench.drain()
    for kind, verdict in (("order.place", ("rejected", "too_late")), ("followup.set", ("parked", "store_unknown")),
                          ("talk.log", ("forwarded", ""))):  # fmt: skip
        hq.verdict[kind] = verdict  # type: ignore[assignment]  # mypy widens the literals of the tuple
    await bench.do(place(uuid(), [(PRODUCTS[2], 1)], first), followup(first, uuid()), talk(first, uuid()))
    await bench.drain()
    hq.verdict.clear()
    await bench.do(edit(first, "source", "walk_in", "friend"), followup(first, uuid()))
    await bench.round(lost=True)
    for draft in (
        *every_kind(first, order_id),
        *brought_back(),
        Draft(kind="lease.return", body=Return(lease_id=LEASE, left=7)),
    ):
        await bench.do(draft)
    hq.publish("member", first, msgspec.structs.replace(hq.record("member", first), level="gold"))
    taken = await bench.store.sync.outgoing(max_ops=2)
    await bench.store.sync.take(taken, msgspec.structs.replace(hq.sync(taken), results=[]))
    await bench.store.drafts.put("sign_up", '{"name":"半张"}'.encode())
    await bench.store.pin_tries.wrong(GUIDE)
    attention = await bench.store.outbox.attention()
    await bench.store.outbox.dismiss(attention[-1].key)


async def manifest(bench: Bench) -> Manifest:
    """What the bench's tablet holds. Raises LookupError with what is missing."""
    found = bench.sql("SELECT op_id, kind, schema_v, state, op_sha256, body FROM outbox ORDER BY seq")
    ops = [StoredOp(*row) for row in found]
    missing = {*OPERATIONS} - {op.kind for op in ops} | {*STATES} - {op.state for op in ops}
    if missing:
        raise LookupError(f"the stored outbox lacks {sorted(missing)}: add them to `fill` in {__file__}")
    names = [name for (name,) in bench.sql("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    rows = [
        StoredRow(scope, ref.entity, ref.id, row.v, row.d)
        for (scope, ref), row in bench.hq.rows.items()
        if row.o == "put" and (ref.entity != "member" or ref.id != SCRUBBED)
    ]
    return Manifest(
        schema=latest(), key=KEY.hex(), store_id=bench.hq.store_id, device_id=bench.hq.device_id, guide_id=GUIDE,
        grants={grant.scope: grant.kind for grant in bench.hq.grants}, ops=ops,
        tables={name: bench.sql(f"SELECT count(*) FROM {name}")[0][0] for name in names},
        drafts={key: bytes(value).decode() for key, value in bench.sql("SELECT key, value FROM draft")},
        next_number=int(bench.sql("SELECT value FROM meta WHERE key = 'next_number'")[0][0]),
        attention=[row.key for row in await bench.store.outbox.attention()], hq_rows=rows,
    )  # fmt: skip


def make(folder: Path) -> Manifest:
    """Makes the file and its manifest in the folder."""

    async def work(bench: Bench) -> Manifest:
        await fill(bench)
        return await manifest(bench)

    with tempfile.TemporaryDirectory() as beside:
        bench = Bench(Path(beside) / "store.db")
        try:
            made = asyncio.run(work(bench))
        finally:
            bench.store.close()
        folder.mkdir(parents=True)
        (folder / "store.db").write_bytes(bench.path.read_bytes())
    text: Any = msgspec.json.format(msgspec.json.encode(made), indent=1)
    (folder / "manifest.json").write_bytes(text + b"\n")
    return made


def read(folder: Path) -> Manifest:
    """The manifest of a stored tablet."""
    return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)


if __name__ == "__main__":
    target = STORES / latest()
    if target.exists():
        sys.exit(f"{target} is there already: it was shipped, and stays as it is")
    print(f"{target}: {len(make(target).ops)} operations")
