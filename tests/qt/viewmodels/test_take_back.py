"""Goods that come back, over a real store: pieces, reasons, what the customer gets and why; the exchange."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import payments, pricing, returns
from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import Names, Order, Payment, Promotion
from guide_app.operations.orders import Place
from guide_app.operations.payments import OrderPay, Pay, Taken
from guide_app.services.ports.chain import PaymentShown
from guide_app.services.ports.writing import Draft
from tests.priced import told
from tests.qt.viewmodels.on_store import OnStore
from tests.qt.viewmodels.test_orders import at_hq, fire, placed
from tests.unit.guide_app.services.kit import OTHER, signed_up
from tests.unit.guide_app.services.test_staff_purchase import basket as staff_basket
from tests.unit.guide_app.services.test_staff_purchase import entitled
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import LIST, PRODUCTS

pytestmark = pytest.mark.asyncio


async def sheet(shop: OnStore, order_id: str) -> Any:
    shop.take_back.enter({"orderId": order_id})
    await shop.settle()
    return shop.take_back


async def order_of(shop: OnStore, order_id: str) -> Order:
    row = await shop.bench.store.orders.get(order_id)
    assert row is not None
    return row.order


async def paid(shop: OnStore, order_id: str, amount: int) -> None:
    leg = Taken(leg_id=uuid(), method="cash", amount=amount)
    await shop.bench.do(Draft(kind=OrderPay.kind, body=Pay(order_id=order_id, legs=(leg,))))


async def test_a_piece_comes_back_in_three_taps_and_is_taken_back_by_the_toast(shop: OnStore) -> None:
    order_id = await placed(shop, 3, await signed_up(shop.do))
    await paid(shop, order_id, 3000)
    model = await sheet(shop, order_id)
    (row,) = model.lines.rows
    assert (row.name, row.detail) == ("Milk powder 0", "3 piece(s) with the customer")
    assert (row.qty, row.reason) == (0, "changed_mind")
    assert (model.ready, model.refund, model.goods, model.why) == (False, "¥0", "", [])
    model.step(row.key, 1)
    assert (model.ready, model.refund, model.goods, model.why) == (True, "¥10", "", [])
    model.save()
    await shop.settle()
    order = await order_of(shop, order_id)
    assert (returns.left(order), returns.held(order)) == ({row.key: 2}, 2000)
    legs = sorted((leg.kind, leg.amount, leg.method) for leg in order.payments)
    assert legs == [("paid", 3000, "cash"), ("refunded", 1000, "cash")]
    assert shop.heard.said[-1] == "Taken back: ¥10 for the customer"
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert returns.held(await order_of(shop, order_id)) == 3000


async def test_steps_stay_between_nothing_and_what_there_is(shop: OnStore) -> None:
    model = await sheet(shop, await placed(shop, 2))
    key = model.lines.rows[0].key
    for by in (-1, 1, 1, 1):
        model.step(key, by)
    assert model.lines.rows[0].qty == 2
    model.setReason(key, "faulty")
    assert (model.lines.rows[0].reason, model.lines.rows[0].sellable) == ("faulty", False)
    model.setSellable(key, True)
    model.setReason(key, "no such reason")
    assert (model.lines.rows[0].reason, model.lines.rows[0].sellable) == ("faulty", True)
    assert model.why == ["This was not paid yet: it goes off what is owed."]


async def test_the_only_piece_is_chosen_already_and_then_nothing_is_left(shop: OnStore) -> None:
    order_id = await placed(shop)
    model = await sheet(shop, order_id)
    assert (model.lines.rows[0].qty, model.ready) == (1, True)
    model.save()
    await shop.settle()
    again = await sheet(shop, order_id)
    assert (again.gone, again.ready, again.lines.rows) == (True, False, ())
    orders = shop.orders
    orders.open(order_id)
    await shop.settle()
    assert (orders.returnable, orders.cancellable, orders.comesTo) == (False, False, "¥0")
    assert [line.split(" · ", 2)[2] for line in orders.history] == [
        "placed · 王芳", "1 piece(s) came back, worth ¥10 · 王芳"
    ]  # fmt: skip


async def test_a_set_that_is_broken_says_what_it_costs(shop: OnStore) -> None:
    """Three for the price of two, by a row that HQ has published."""
    row_id, order_id = uuid(), uuid()
    three = Promotion(
        names=Names(en="Three for two", zh="三免一"), kind="buy_get", buy=2, get=1, percent=10_000, of=row_id,
        since="2026-01-01T00:00:00.000Z",
    )  # fmt: skip
    shop.bench.hq.publish("promotion", row_id, three)
    await shop.bench.drain()
    line = pricing.Line(line_id=uuid(), product_id=PRODUCTS[0], qty=3, price=1000)
    asked = pricing.Basket(at=shop.bench.clock.now(), lines=(line,), promotions={row_id: three})
    body = msgspec.convert(
        {
            "order_id": order_id, "number": "101AB7K00423", "price_list": {"id": LIST, "version": 1},
            "fulfilment": {"kind": "take_away"}, **told(asked),
        },
        Place,
    )  # fmt: skip
    await shop.bench.do(Draft(kind="order.place", body=body))
    model = await sheet(shop, order_id)
    model.step(line.line_id, 1)
    assert (model.refund, model.goods) == ("¥0", "¥6.67")
    assert model.why == ["Three for two no longer holds (too few pieces stay): ¥6.67 less."]
    assert model.ready, "what comes back, comes back, though nothing is given for it"
    model.step(line.line_id, 2)
    assert (model.refund, model.goods, model.why[:-1]) == ("¥20", "", [])


async def test_an_exchange_goes_on_in_the_basket_and_pays_for_it(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    order_id = await placed(shop, 2, member_id)
    await paid(shop, order_id, 2000)
    model = await sheet(shop, order_id)
    model.step(model.lines.rows[0].key, 1)
    model.exchange()
    await shop.settle()
    assert shop.heard.pages[-1] == ("Order", {})
    basket = await shop.do.baskets.mine()
    assert (basket.credit, basket.member_id) == (1000, member_id)
    done = await shop.do.till.place(await shop.do.till.add(basket, PRODUCTS[1], 3))
    await shop.settle()
    new, old = await order_of(shop, done.order_id), await order_of(shop, order_id)
    assert (new.exchange_of, old.returns[0].exchange_id) == (order_id, done.order_id)
    assert [(leg.method, leg.amount) for leg in new.payments] == [("exchange", 1000)]
    assert (await shop.do.baskets.mine()).back is None
    assert shop.do.outbox()[-1] == "order.exchange"


async def test_an_exchange_of_a_staff_purchase_stays_the_colleague_s_and_it_is_said(shop: OnStore) -> None:
    limit = await entitled(shop.do)
    shop.do.lease_hq.free[limit.id] = 2_800
    order_id = (await shop.do.till.place(await staff_basket(shop.do))).order_id
    await paid(shop, order_id, 2_800)
    model = await sheet(shop, order_id)
    model.step(model.lines.rows[0].key, 1)
    model.exchange()
    await shop.settle()
    assert shop.order.staff_now == OTHER
    shop.order.setStaff("")
    shop.order.setMember(await signed_up(shop.do))
    await shop.settle()
    assert shop.order.staff_now == OTHER
    assert shop.heard.said[-1] == "What a colleague bought at staff prices is exchanged for them alone"
    shop.order.keepGoods()
    await shop.settle()
    shop.order.setStaff("")
    await shop.settle()
    assert shop.order.staff_now == ""
    assert shop.heard.undo is not None


async def exchanged(shop: OnStore, order_id: str) -> Any:
    """One piece of the order goes into an exchange; the order page after it."""
    model = await sheet(shop, order_id)
    model.step(model.lines.rows[0].key, 1)
    model.exchange()
    shop.order.enter(shop.heard.pages[-1][1] if shop.heard.pages else {})
    await shop.settle()
    return shop.order


async def test_an_exchange_reaches_an_order_page_that_was_open_before(shop: OnStore) -> None:
    order_id = await placed(shop, 2, await signed_up(shop.do))
    await paid(shop, order_id, 2000)
    shop.order.enter({})
    await shop.settle()
    page = await exchanged(shop, order_id)
    assert (page.credit, page.memberName) == ("-¥10", "陈静")
    page.add(PRODUCTS[1], 1)
    await shop.settle()
    page.place()
    await shop.settle()
    assert shop.do.outbox()[-1] == "order.exchange"
    assert len((await order_of(shop, order_id)).returns) == 1


async def test_goods_that_are_kept_after_all_come_back_by_the_toast(shop: OnStore) -> None:
    order_id = await placed(shop, 2, await signed_up(shop.do))
    await paid(shop, order_id, 2000)
    page = await exchanged(shop, order_id)
    page.keepGoods()
    await shop.settle()
    assert ((await shop.do.baskets.mine()).back, page.credit) == (None, "")
    assert shop.heard.said[-1] == "The customer keeps the goods"
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert page.credit == "-¥10"
    assert (await shop.do.baskets.mine()).back_paid == 1000


async def test_an_exchange_takes_over_nobody_elses_basket(shop: OnStore) -> None:
    mine, other = await signed_up(shop.do, 1), await signed_up(shop.do, 2, name="赵敏")
    orders = [await placed(shop, 2, mine), await placed(shop, 2, other)]
    shop.order.enter({"memberId": other})
    shop.order.add(PRODUCTS[1], 1)
    await shop.settle()
    page = await exchanged(shop, orders[0])
    assert (page.memberName, page.empty, page.holds) == ("陈静", True, True)
    assert [(row.title, row.amount) for row in page.held.rows] == [("赵敏", "¥20")]
    assert shop.heard.said[-1] == "The basket before is put aside"
    page = await exchanged(shop, orders[1])
    assert (page.memberName, [row.title for row in page.held.rows]) == ("赵敏", ["陈静", "赵敏"])
    page.takeUp(page.held.rows[0].key)
    await shop.settle()
    back = (await shop.do.baskets.mine()).back
    assert back is not None
    assert (back.order_id, page.memberName, page.heldCount) == (orders[0], "陈静", 2)
    page.putAside()
    await shop.settle()
    assert (page.holds, page.heldCount) == (False, 3)


async def test_an_exchange_goes_on_with_what_the_same_member_takes_already(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    order_id = await placed(shop, 2, member_id)
    shop.order.enter({"memberId": member_id})
    shop.order.add(PRODUCTS[1], 1)
    await shop.settle()
    page = await exchanged(shop, order_id)
    assert (page.pieces, page.heldCount, page.holds) == (1, 0, True)
    page = await exchanged(shop, order_id)
    assert (page.pieces, page.heldCount) == (1, 0)


async def test_what_the_exchange_does_not_need_goes_back_as_it_came(shop: OnStore) -> None:
    order_id = await placed(shop, 3)
    await paid(shop, order_id, 3000)
    model = await sheet(shop, order_id)
    model.all()
    model.exchange()
    await shop.settle()
    await shop.do.till.place(await shop.do.till.add(await shop.do.baskets.mine(), PRODUCTS[1], 1))
    await shop.settle()
    old = await order_of(shop, order_id)
    legs = sorted((leg.method, leg.amount) for leg in old.payments if leg.kind == "refunded")
    assert legs == [("cash", 1000), ("exchange", 2000)]
    assert old.state == "returned"


def figures(shop: OnStore) -> list[tuple[Any, ...]]:
    """The stock, and what members bought."""
    told = "d ->> '$.order_count', d ->> '$.spent' FROM member"
    return shop.bench.sql(f"SELECT id, on_hand, '' FROM stock UNION ALL SELECT id, {told} ORDER BY 1")


@pytest.mark.parametrize("seen", ["old", "new"])
async def test_an_exchange_is_taken_back_from_either_order_exactly(shop: OnStore, seen: str) -> None:
    member_id = await signed_up(shop.do)
    order_id = await placed(shop, 3, member_id)
    await paid(shop, order_id, 3000)
    before = figures(shop)
    model = await sheet(shop, order_id)
    model.all()
    model.exchange()
    await shop.settle()
    new_id = (await shop.do.till.place(await shop.do.till.add(await shop.do.baskets.mine(), PRODUCTS[1], 1))).order_id
    orders = shop.orders
    orders.open({"old": order_id, "new": new_id}[seen])
    await shop.settle()
    assert orders.undoWords == "Take the exchange back"
    orders.undoBack()
    assert (orders.standing, orders.undoWords) == ("is being taken back", "")
    await fire(shop, orders)
    old, new = await order_of(shop, order_id), await order_of(shop, new_id)
    assert (old.state, returns.held(old), payments.received(old)) == ("paid", 3000, 3000)
    assert (new.state, new.cancel_reason, payments.received(new)) == ("cancelled", "exchange_undone", 0)
    assert (orders.undoWords, figures(shop)) == ("", before)


async def test_an_exchange_whose_goods_have_left_is_not_taken_back(shop: OnStore) -> None:
    order_id = await placed(shop)
    await paid(shop, order_id, 1000)
    model = await sheet(shop, order_id)
    model.exchange()
    await shop.settle()
    new_id = (await shop.do.till.place(await shop.do.till.add(await shop.do.baskets.mine(), PRODUCTS[1], 1))).order_id
    await at_hq(shop, new_id, state="shipped")
    for one in (order_id, new_id):
        shop.orders.open(one)
        await shop.settle()
        assert shop.orders.undoWords == ""


async def test_the_last_return_is_taken_back_from_its_order(shop: OnStore) -> None:
    order_id = await placed(shop, 2)
    await paid(shop, order_id, 2000)
    for _ in range(2):
        model = await sheet(shop, order_id)
        model.step(model.lines.rows[0].key, 1)
        model.save()
        await shop.settle()
        shop.bench.clock.advance(1)
    orders = shop.orders
    orders.open(order_id)
    await shop.settle()
    for left in (1000, 2000):
        assert orders.undoWords == "Take the return back"
        orders.undoBack()
        await fire(shop, orders)
        assert returns.held(await order_of(shop, order_id)) == left
    assert orders.undoWords == ""


async def paid_by_phone(shop: OnStore) -> str:
    order_id = await placed(shop)
    leg = Payment(id=uuid(), method="qr", amount=1000, at="2026-11-21T10:00:00.000Z")
    await at_hq(shop, order_id, state="paid", payments=(leg,))
    return order_id


async def test_what_was_paid_by_phone_goes_back_there_once_the_undo_has_gone(shop: OnStore) -> None:
    order_id = await paid_by_phone(shop)
    shop.do.office.says = [PaymentShown(payment_id=uuid(), state="asked", amount=1000)]
    model = await sheet(shop, order_id)
    model.save()
    await shop.settle()
    assert shop.heard.said[-1] == "Taken back: ¥10 goes back to the customer's phone"
    assert shop.do.office.asked == []
    await fire(shop, model)
    (asked,) = shop.do.office.asked
    assert (asked["what"], asked["amount"]) == ("refund", 1000)
    assert shop.heard.said[-1] == "¥10 is on its way back to the customer's phone"


@pytest.mark.parametrize("way", ["undo", "lock", "offline"])
async def test_nothing_goes_to_a_phone_that_was_undone_locked_or_offline(shop: OnStore, way: str) -> None:
    order_id = await paid_by_phone(shop)
    shop.do.office.says = [NoNetwork("no_network")]
    model = await sheet(shop, order_id)
    model.save()
    await shop.settle()
    if way == "undo":
        assert shop.heard.undo is not None
        shop.heard.undo()
    elif way == "lock":
        shop.do.session.lock()
    await fire(shop, model)
    order = await order_of(shop, order_id)
    assert payments.to_give_back(order) == (0 if way == "undo" else 1000)
    assert [row.kind for row in await shop.bench.store.outbox.attention()] == ([] if way == "undo" else ["to_refund"])
    assert len(shop.do.office.asked) == int(way == "offline")
    assert shop.heard.said[-1].startswith("With no network nothing") == (way == "offline")


async def test_what_hq_booked_as_risk_is_on_the_list_and_its_repair_takes_the_return_back(shop: OnStore) -> None:
    order_id = await placed(shop)
    model = await sheet(shop, order_id)
    shop.bench.hq.verdict["order.return"] = ("applied", "return_too_many")
    model.save()
    await shop.settle()
    await shop.bench.drain()
    (row,) = await shop.bench.store.outbox.attention()
    assert (row.kind, row.order_id, row.currency) == ("return_too_many", order_id, "CNY")
    await shop.do.attention.undo_return(row)
    assert await shop.bench.store.outbox.attention() == []
    assert returns.held(await order_of(shop, order_id)) == 1000
