"""What came back from HQ, and its repairs, over a real store."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain.records import Fulfilment
from guide_app.services.attention import Repair, repairs
from guide_app.services.members import SignUpForm
from guide_app.services.ports.engine import AttentionRow
from tests.unit.guide_app.services.kit import Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PHONES, PRODUCTS, edit, member, place, sign_up

pytestmark = pytest.mark.asyncio


async def only(counter: Counter) -> AttentionRow:
    (row,) = await counter.attention.rows()
    return row


async def short_order(counter: Counter) -> str:
    """An order whose goods HQ does not have."""
    order_id = uuid()
    await counter.bench.do(place(order_id, [(PRODUCTS[0], 1)]))
    record = await counter.hq_has("order", order_id)
    counter.bench.hq.publish(
        "order", order_id, msgspec.structs.replace(record, fulfilment=Fulfilment(repair="out_of_stock"))
    )
    await counter.bench.drain()
    return order_id


@pytest.mark.parametrize(
    ("kind", "op", "member_id", "wanted"),
    [
        ("rejected", "member.sign_up", "", ("correct_sign_up", "seen")),
        ("rejected", "member.edit", "m", ("open_member", "seen")),
        ("rejected", "order.cancel", "", ("seen",)),
        ("conflict", "", "m", ("take_theirs", "keep_hq")),
        ("out_of_stock", "", "", ("reroute", "wait_for_stock", "cancel_order")),
        ("merged", "member.sign_up", "m", ("open_member", "seen")),
        ("gift_twice", "member.sign_up", "m", ("open_member", "seen")),
        ("parked", "order.place", "", ()),
        ("of_a_later_version", "", "", ()),
    ],
)
async def test_each_kind_has_its_repairs(kind: str, op: str, member_id: str, wanted: tuple[str, ...]) -> None:
    assert repairs(AttentionRow(key="k", kind=kind, code="", at="", op_kind=op, member_id=member_id)) == wanted


@pytest.mark.parametrize(
    ("kind", "op", "wanted"),
    [
        ("rejected", "order.reshare", ("open_order", "seen")), ("rejected", "order.cancel", ("open_order", "seen")),
        ("rejected", "order.place", ("seen",)), ("number_changed", "order.place", ("open_order", "seen")),
        ("number_changed", "member.sign_up", ("open_member", "seen")),
        ("paid_back_twice", "order.pay_back", ("open_order", "seen")),
    ],
)  # fmt: skip
async def test_what_is_about_an_order_leads_to_it(kind: str, op: str, wanted: tuple[str, ...]) -> None:
    assert repairs(AttentionRow(key="k", kind=kind, code="", at="", op_kind=op, order_id="o")) == wanted


async def test_a_refused_sign_up_is_made_again_as_another_member(counter: Counter) -> None:
    counter.bench.hq.verdict["member.sign_up"] = ("rejected", "phone_invalid")
    refused = await signed_up(counter)
    await counter.bench.drain()
    row = await only(counter)
    assert (row.kind, row.code, row.body.name, repairs(row)[0]) == (
        "rejected", "phone_invalid", "陈静", "correct_sign_up"
    )  # fmt: skip
    counter.bench.hq.verdict.clear()
    form = msgspec.structs.replace(counter.members.new_form(), phone=PHONES[2], name="陈静", consents={"terms": True})
    again = await counter.members.sign_up(form)
    await counter.attention.dismiss(row.key)
    assert await counter.attention.rows() == []
    assert again != refused
    numbers = [b.member_no for b in (row.body, await counter.hq_has("member", again))]
    assert len(set(numbers)) == 2


async def test_a_corrected_sign_up_keeps_what_was_sold_to_the_person_meanwhile(counter: Counter) -> None:
    counter.bench.hq.verdict["member.sign_up"] = ("rejected", "phone_invalid")
    order_id, refused = uuid(), await signed_up(counter)
    await counter.bench.do(place(order_id, [(PRODUCTS[0], 1)], refused))
    await counter.bench.drain()
    counter.bench.hq.verdict.clear()
    row = await only(counter)
    form = await counter.attention.correction(row.key)
    assert form is not None
    assert (form.name, form.consents, form.corrects) == ("陈静", {"terms": True}, row.key)
    again = await counter.members.sign_up(msgspec.structs.replace(form, phone=PHONES[2]))
    order = await counter.bench.store.orders.get(order_id)
    assert order is not None
    assert (order.order.member_id, order.member_name) == (again, "陈静")
    assert (await counter.hq_has("member", again)).phone == PHONES[2]


async def test_what_form_corrects_is_kept_with_it(counter: Counter) -> None:
    form = msgspec.structs.replace(counter.members.new_form(), corrects="rejected:1")
    assert msgspec.json.decode(msgspec.json.encode(form), type=SignUpForm) == form


@pytest.mark.parametrize(("choice", "repair"), [("hq", "keep_hq"), ("theirs", "take_theirs")])
async def test_a_collision_is_settled_and_leaves_the_list(counter: Counter, choice: str, repair: Repair) -> None:
    member_id = await signed_up(counter, birthday="05-01")
    await counter.bench.do(edit(member_id, "birthday", "04-01", "05-02"))
    await counter.bench.drain()
    row = await only(counter)
    assert (row.kind, row.field, row.hq, row.theirs) == ("conflict", "birthday", "05-01", "05-02")
    settled = await counter.attention.settle(row, repair)
    assert await counter.attention.rows() == []
    assert (await counter.hq_has("member", member_id)).birthday == getattr(row, choice)
    await counter.attention.unsettle(settled)
    again = await only(counter)
    assert (again.kind, again.field, again.hq, again.theirs) == ("conflict", "birthday", "05-01", "05-02")


async def test_an_order_without_goods_is_cancelled(counter: Counter) -> None:
    order_id = await short_order(counter)
    row = await only(counter)
    assert (row.kind, row.order_id) == ("out_of_stock", order_id)
    await counter.attention.cancel_order(row)
    assert await counter.attention.rows() == []
    hq = await counter.hq_has("order", order_id)
    assert (hq.state, hq.cancel_reason) == ("cancelled", "out_of_stock")


async def test_or_waits_for_them(counter: Counter) -> None:
    order_id = await short_order(counter)
    await counter.attention.dismiss((await only(counter)).key)
    assert (await counter.attention.rows(), await counter.bench.store.outbox.attention_count()) == ([], 0)
    assert (await counter.hq_has("order", order_id)).state == "placed"


async def test_a_sign_up_of_a_known_phone_names_the_survivor(counter: Counter) -> None:
    survivor = uuid()
    await counter.bench.do(sign_up(uuid(), "+8613812341234", "小明"))
    counter.bench.hq.publish("member", survivor, member())
    await counter.bench.drain()
    row = await only(counter)
    assert (row.kind, row.member_id, row.member_name, repairs(row)) == (
        "merged", survivor, "王小明", ("open_member", "seen")
    )  # fmt: skip


async def test_what_hq_must_mend_offers_nothing_and_goes_by_itself(counter: Counter) -> None:
    counter.bench.hq.verdict["order.place"] = ("parked", "product_unknown")
    await counter.bench.do(place(uuid(), [(PRODUCTS[0], 1)]))
    await counter.bench.drain()
    assert repairs(await only(counter)) == ()
    counter.bench.hq.mend()
    await counter.bench.drain()
    assert await counter.attention.rows() == []
