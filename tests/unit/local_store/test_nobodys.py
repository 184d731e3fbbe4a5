"""Sales of somebody erased, in a tablet's file: the money stays to be told again, their coupons and cards do not."""

from __future__ import annotations

import json

import msgspec
import pytest

from guide_app.domain.erasure import without_person
from guide_app.domain.nobodys import of_nobody
from guide_app.domain.records import Discount, Instrument, Lease, Recipient
from guide_app.domain.records.order import FromCard
from guide_app.domain.records.pricing import ChosenCoupon, PricedBy
from guide_app.operations import payments
from guide_app.operations.orders import Place, WantedFulfilment
from guide_app.services.ports.writing import Draft
from sync.protocol import codec
from sync.protocol.digest import op_sha
from sync.protocol.messages import WireOp
from tests.decrypted import file_pages, log_pages
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import KEY, PRODUCTS, Bench, member, place

pytestmark = pytest.mark.asyncio
DIGITS, LEASE, CARD = "D9417417", uuid(), Instrument(kind="card", id=uuid())


def bought(order_id: str, member_id: str, coupon: str) -> Draft:
    """A sale with a coupon of 1.00, of 9.00."""
    body = place(order_id, [(PRODUCTS[0], 1)], member_id).body
    assert isinstance(body, Place)
    off = Discount(kind="coupon", amount=100, step=5, source_id=coupon, promotion_id=uuid())
    (line,) = body.lines
    chosen = ChosenCoupon(coupon_id=coupon, promotion_id=off.promotion_id)
    return Draft(kind="order.place", body=msgspec.structs.replace(
        body, lines=(msgspec.structs.replace(line, amount=900, discounts=(off,)),),
        totals=msgspec.structs.replace(body.totals, discounts=100, total=900), priced_by=PricedBy(coupons=(chosen,)),
    ))  # fmt: skip


def by_card(order_id: str, amount: int) -> Draft:
    card = FromCard(id=CARD.id, lease_id=LEASE, digits=DIGITS)
    leg = payments.Taken(leg_id=uuid(), method="gift_card", amount=amount, card=card)
    return Draft(kind="order.pay", body=payments.Pay(order_id=order_id, legs=(leg,)))


async def known(bench: Bench, *member_ids: str) -> None:
    """The tablet knows them, and has a lease of a gift card."""
    for member_id in member_ids:
        bench.hq.publish("member", member_id, member())
    bench.hq.publish("lease", LEASE, Lease(amount=5000, expires_at="2027-01-01T00:00:00.000Z", instrument=CARD))
    await bench.drain()


def held(bench: Bench) -> str:
    """Every page of the file and of its log, free ones too."""
    return (file_pages(bench.path, KEY) + log_pages(bench.path, KEY)).decode("latin-1")


async def told_again(bench: Bench) -> list[WireOp]:
    await bench.store.sync.resend_after(0)
    return [codec.decode(bytes(op), WireOp) for op in (await bench.store.sync.outgoing()).ops]


async def erased(bench: Bench, member_id: str, *order_ids: str) -> None:
    """As HQ does it: who is erased first, then what stays of their orders."""
    bench.hq.publish("member", member_id, None, "erased")
    for order_id in order_ids:
        bench.hq.publish("order", order_id, without_person(bench.hq.record("order", order_id)))
    silent = msgspec.structs.replace(await bench.store.sync.outgoing(), ops=())
    await bench.store.sync.take(silent, bench.hq.sync(silent))


async def test_what_was_told_keeps_its_money_and_no_page_holds_a_coupon_or_a_card(bench: Bench) -> None:
    member_id, order_id, coupon = uuid(), uuid(), uuid()
    await known(bench, member_id)
    await bench.do(bought(order_id, member_id, coupon), by_card(order_id, 900))
    await bench.drain()
    assert coupon in held(bench)
    assert DIGITS in held(bench)
    await erased(bench, member_id, order_id)
    assert coupon not in held(bench)
    assert DIGITS not in held(bench)
    assert bench.sql("SELECT count(*) FROM outbox WHERE instr(body, ?)", member_id) == [(0,)]
    sale, paid = await told_again(bench)
    bodies = [json.loads(op.body or "") for op in (sale, paid)]
    assert bodies[0]["totals"]["total"] == bodies[0]["lines"][0]["amount"] == bodies[1]["legs"][0]["amount"] == 900
    assert bodies[0]["priced_by"]["coupons"][0]["coupon_id"] == "coupon-000"
    for op in (sale, paid):
        assert op.body is not None
        assert op.sha == op_sha(op.op_id, op.kind, op.schema_v, op.store_id, op.guide_id, op.made_at, op.body)


async def test_a_sale_that_is_open_loses_its_coupon_once_it_is_taken(bench: Bench) -> None:
    member_id, order_id, coupon = uuid(), uuid(), uuid()
    await known(bench, member_id)
    await bench.do(bought(order_id, member_id, coupon))
    await erased(bench, member_id)
    assert coupon in held(bench), "HQ is told what was written, to the byte"
    await bench.drain()
    bench.hq.publish("order", order_id, without_person(bench.hq.record("order", order_id)))
    await bench.drain()
    assert bench.sql("SELECT count(*) FROM outbox WHERE instr(body, ?)", coupon) == [(0,)]
    assert bench.sql("SELECT count(*) FROM outbox WHERE body IS NOT NULL") == [(1,)]
    assert bench.sql("SELECT count(*) FROM erased WHERE entity = 'sale'") == [(0,)]


async def test_an_order_that_still_waits_shows_nobody(bench: Bench) -> None:
    """It may wait at HQ for long: an exchange whose old order never came (schedule 75891)."""
    member_id, order_id, coupon = uuid(), uuid(), uuid()
    await known(bench, member_id)
    sale = bought(order_id, member_id, coupon)
    to = Recipient(name="陈静", phone="+8613900000001", address="长宁路 1 号")
    sent = WantedFulfilment(kind="ship", to=to, note="给妈妈的")
    await bench.do(msgspec.structs.replace(sale, body=msgspec.structs.replace(sale.body, note="红色", fulfilment=sent)))
    (text,) = bench.sql("SELECT d FROM shop_order WHERE id = ?", order_id)[0]
    assert member_id in text
    await erased(bench, member_id)
    (text,) = bench.sql("SELECT d FROM shop_order WHERE id = ?", order_id)[0]
    for word in (member_id, "陈静", "红色", "给妈妈的", "长宁路", coupon):
        assert word not in text
    row = await bench.store.orders.get(order_id)
    assert row is not None
    assert (row.order.totals.total, row.order.member_id, row.order.state) == (900, "", "placed")


async def test_the_sales_of_others_stay_as_they_were_told(bench: Bench) -> None:
    member_id, other, order_id, coupon = uuid(), uuid(), uuid(), uuid()
    await known(bench, member_id, other)
    await bench.do(bought(order_id, other, coupon), by_card(order_id, 900))
    await bench.drain()
    before = bench.sql("SELECT body, op_sha256 FROM outbox ORDER BY n")
    await erased(bench, member_id)
    assert bench.sql("SELECT body, op_sha256 FROM outbox ORDER BY n") == before


async def test_a_return_loses_its_coupons_wherever_they_stand() -> None:
    back = {
        "order_id": "o",
        "member_id": "m",
        "refund": {"money": 5, "coupons": ["b", "a"]},
        "legs": [{"card": {"digits": "1"}}],
    }
    left = {"order_id": "o", "refund": {"money": 5, "coupons": ["coupon-001", "coupon-000"]}, "legs": [{"card": {}}]}
    assert of_nobody(back) == left
    assert of_nobody({"back": back, "money": 3}) == {"back": left, "money": 3}
    assert of_nobody(left) == left
