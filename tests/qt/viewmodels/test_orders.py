"""Orders: the list with its states, one order whole, and taking it back, over a real store."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.records import Discount, Fulfilment, Names, Order, Payment, Product, Refund, Refunding, Return
from guide_app.services.ports.chain import PaymentShown
from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.unit.guide_app.services.kit import SENT, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, place
from ui.viewmodels.soon import UNDO_MS

pytestmark = pytest.mark.asyncio


async def placed(shop: OnStore, pieces: int = 1, member_id: str = "", **more: Any) -> str:
    """An order of the first product, as the till places it."""
    basket = await shop.do.till.add(await shop.do.baskets.empty(), PRODUCTS[0], pieces)
    done = await shop.do.till.place(msgspec.structs.replace(basket, member_id=member_id, **more))
    shop.bench.clock.advance(1)
    return done.order_id


async def opened(shop: OnStore, order_id: str = "") -> Any:
    shop.orders.open(order_id)
    await shop.settle()
    return shop.orders


async def at_hq(shop: OnStore, order_id: str, **changes: Any) -> None:
    """HQ changes the order, and the tablet hears of it."""
    await shop.bench.drain()
    record: Order = shop.bench.hq.record("order", order_id)
    shop.bench.hq.publish("order", order_id, msgspec.structs.replace(record, **changes))
    await shop.bench.drain()
    await shop.settle()


def keys(model: Any) -> list[str]:
    return [row.key for row in model.found.rows]


async def fire(shop: OnStore, model: Any) -> None:
    """The time for an undo is over."""
    for timer in list(model._soon.waiting.values()):
        assert timer.interval() == UNDO_MS
        timer.stop()
        timer.timeout.emit()
    await shop.settle()


async def test_the_newest_comes_first_with_its_state(shop: OnStore) -> None:
    first = await placed(shop, 2, await signed_up(shop.do))
    second = await placed(shop)
    model = await opened(shop)
    assert keys(model) == [second, first]
    row = model.found.rows[1]
    assert (row.detail, row.total, row.standing, row.tone) == (
        "陈静 · 2 piece(s) · just now", "¥20", "placed, waits for the network", "warn"
    )  # fmt: skip
    assert (row.number.count("-"), model.found.rows[0].detail.split(" · ")[0]) == (3, "no member")


async def test_one_order_is_shown_whole(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    order_id = await placed(shop, 2, member_id, note="gift", reach=SENT)
    model = await opened(shop, order_id)
    assert (model.chosen, model.memberName, model.total, model.fulfilment) == (
        True,
        "陈静",
        "¥20",
        "Ship · within two hours",
    )
    assert model.recipient == "陈静 · 138****0001 · 南京东路 1 号 3 楼"
    assert (model.note, model.placedWords, model.discounts) == ("gift", "21 November · 18:00 · 王芳", "")
    (line,) = model.lines.rows
    assert (line.name, line.detail, line.amount, line.discounts) == ("Milk powder 0", "2 × ¥10", "¥20", [])
    model.openMember()
    assert shop.heard.pages == [("Members", {"memberId": member_id})]
    model.close()
    assert (model.chosen, model.number, model.total, model.lines.rows) == (False, "", "", ())


async def test_discounts_of_other_tills_and_foreign_numbers_are_shown_as_they_are(shop: OnStore) -> None:
    order_id = await placed(shop, 2)
    record = await shop.do.hq_has("order", order_id)
    off = msgspec.structs.replace(record.lines[0], discounts=(Discount(kind="retail", amount=500),), amount=1500)
    totals = msgspec.structs.replace(record.totals, discounts=500, total=1500)
    await at_hq(shop, order_id, number="TILL-7", lines=(off,), totals=totals, placed_at="2026-11-21T17:30:00.000Z")
    model = await opened(shop, order_id)
    assert (model.number, model.total, model.found.rows[0].number) == ("TILL-7", "¥15", "TILL-7")
    assert [one["label"] for one in model.lines.rows[0].discounts] == ["retail"]
    assert model.discounts
    assert model.placedWords.startswith("22 November · 01:30")


@pytest.mark.parametrize(
    ("changes", "standing", "tone", "cancellable"),
    [
        ({"state": "accepted"}, "waits for payment", "warn", True),
        ({"state": "paid"}, "paid", "good", True),
        ({"state": "picking"}, "being picked", "good", True),
        ({"state": "shipped"}, "shipped", "good", False),
        ({"state": "returned"}, "returned", "plain", False),
        ({"fulfilment": Fulfilment(repair="out_of_stock")}, "out of stock: to be settled", "warn", True),
    ],
)
async def test_each_state_has_its_words(
    shop: OnStore, changes: dict[str, Any], standing: str, tone: str, cancellable: bool
) -> None:
    order_id = await placed(shop)
    model = await opened(shop, order_id)
    await at_hq(shop, order_id, **changes)
    assert (model.standing, model.tone, model.cancellable) == (standing, tone, cancellable)
    assert bool(model.whyNot) == (not cancellable)


async def test_what_hq_parked_is_said(shop: OnStore) -> None:
    shop.bench.hq.verdict["order.place"] = ("parked", "product_unknown")
    order_id = await placed(shop)
    model = await opened(shop, order_id)
    await shop.bench.drain()
    await shop.settle()
    assert (model.standing, model.tone) == ("HQ is looking at it", "warn")


async def test_what_hq_refused_is_gone_from_the_list(shop: OnStore) -> None:
    shop.bench.hq.verdict["order.place"] = ("rejected", "not_allowed")
    order_id = await placed(shop)
    model = await opened(shop, order_id)
    await shop.bench.drain()
    await shop.settle()
    assert (model.chosen, model.nothing) == (False, True)


async def test_an_order_is_cancelled_with_its_reason(shop: OnStore) -> None:
    order_id = await placed(shop)
    model = await opened(shop, order_id)
    assert [model.reasonWords(reason) for reason in model.reasons][1] == "Wrong product or size"
    model.cancel("wrong_product")
    model.cancel("other")
    assert (model.standing, model.cancellable, model.returnable) == ("is being cancelled", False, False)
    assert shop.do.outbox().count("order.cancel") == 0
    await fire(shop, model)
    assert (model.standing, model.cancellable, model.note) == ("cancelled", False, "Wrong product or size")
    assert model.found.rows[0].tone == "plain"
    assert shop.heard.said == [f"Order {model.number} is being cancelled", f"Order {model.number} is cancelled"]
    assert shop.do.outbox().count("order.cancel") == 1


async def test_a_cancel_is_undone_before_it_is_done(shop: OnStore) -> None:
    model = await opened(shop, await placed(shop))
    model.cancel("other")
    assert shop.heard.undo is not None
    shop.heard.undo()
    await fire(shop, model)
    assert (model.cancellable, model.standing) == (True, "placed, waits for the network")
    assert "order.cancel" not in shop.do.outbox()


async def test_a_lock_before_it_is_done_leaves_the_order_as_it_was_and_says_so(shop: OnStore) -> None:
    model = await opened(shop, await placed(shop))
    model.cancel("other")
    shop.do.session.lock()
    await fire(shop, model)
    assert "order.cancel" not in shop.do.outbox()
    assert shop.heard.said[-1] == "1 thing(s) were not done: the tablet was locked before"


async def test_what_an_undo_leaves_owed_of_a_shipped_order_is_seen_and_paid(shop: OnStore) -> None:
    """Its return was taken back once the money had gone by another way than its own legs."""
    order_id = await placed(shop)
    now = to_text(shop.bench.clock.now())
    legs = (Payment(id=uuid(), method="qr", amount=1_000, at=now),
            Payment(id=uuid(), method="qr", amount=1_000, at=now, kind="refunded"))  # fmt: skip
    back = Return(return_id=uuid(), guide_id=OTHER, at=now, refund=Refund(money=1_000), void=True, undone_by=uuid())
    await at_hq(shop, order_id, state="shipped", payments=legs, returns=(back,))
    model = await opened(shop, order_id)
    assert (model.standing, model.payable, model.moneyLeft) == ("waits for payment", True, "¥10 still to pay")
    model.setFilter("owed")
    await shop.settle()
    assert keys(model) == [order_id]
    await shop.do.payments.take(order_id, "cash", 1_000)
    await shop.settle()
    assert (model.standing, model.payable, keys(model)) == ("shipped", False, [])


async def test_typing_quickly_keeps_the_last_answer(shop: OnStore) -> None:
    first = await placed(shop, 1, await signed_up(shop.do, 1, name="陈静"))
    second = await placed(shop, 1, await signed_up(shop.do, 2, name="王小明"))
    model = await opened(shop)
    gate = shop.slow_orders.hold("list")
    model.search("陈")
    await shop.until_held()
    model.search("王")
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert (model.text, keys(model)) == ("王", [second])
    gate = shop.slow_orders.hold("get")
    model.choose(first)
    await shop.until_held()
    model.choose(second)
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert model.memberName == "王小明"


async def test_filters(shop: OnStore) -> None:
    accepted, cancelled = await placed(shop), await placed(shop)
    await shop.do.till.cancel(cancelled, "other")
    await at_hq(shop, accepted, state="accepted")
    await shop.signed_in(OTHER)
    mine = await placed(shop)
    model = await opened(shop)
    found = {}
    for name in ("mine", "waiting", "cancelled", "", "of_a_later_version"):
        model.setFilter(name)
        await shop.settle()
        found[name] = keys(model)
    assert found == {
        "mine": [mine], "waiting": [mine], "cancelled": [cancelled], "": [mine, cancelled, accepted],
        "of_a_later_version": [mine, cancelled, accepted],
    }  # fmt: skip
    assert model.filter == ""


async def test_more_come_at_the_end_and_a_new_order_doubles_none(shop: OnStore) -> None:
    for _ in range(60):
        await shop.bench.do(place(uuid(), [(PRODUCTS[0], 1)]))
    model = await opened(shop)
    assert len(keys(model)) == 50
    model.more()
    newest = uuid()
    await shop.bench.do(place(newest, [(PRODUCTS[0], 1)]))
    await shop.settle()
    assert (len(keys(model)), keys(model)[0]) == (61, newest)


async def test_nothing_of_the_last_guide_stays_even_of_work_under_way(shop: OnStore) -> None:
    order_id = await placed(shop)
    model = await opened(shop)
    model.setFilter("mine")
    await shop.settle()
    gates = [shop.slow_orders.hold("get"), shop.slow_orders.hold("list")]
    model.choose(order_id)
    model.search("1")
    await shop.until_held()
    shop.do.session.lock()
    for gate in gates:
        gate.set()
    await shop.settle()
    assert (model.chosen, model.filter, model.text, model.found.rows, model.lines.rows) == (False, "", "", (), ())


async def test_a_product_that_is_not_here_yet_has_words(shop: OnStore) -> None:
    product, order_id = uuid(), uuid()
    await shop.bench.do(place(order_id, [(product, 1)]))
    model = await opened(shop, order_id)
    assert model.lines.rows[0].name == "arriving"
    shop.bench.hq.publish("product", product, Product(names=Names(en="Cup"), sku="C"))
    await shop.bench.drain()
    await shop.settle()
    assert model.lines.rows[0].name == "Cup"


async def test_the_language_is_switched_on_the_open_page(shop: OnStore) -> None:
    order_id = await placed(shop)
    model = await opened(shop, order_id)
    with shop.chinese(model):
        assert model.lines.rows[0].name == "婴儿奶粉"
        assert model.standing != "placed, waits for the network"


@pytest.mark.parametrize(("state", "words"), [("asked", "on its way back"), ("done", "given back for order")])
async def test_money_is_given_back_only_once_it_is(shop: OnStore, state: str, words: str) -> None:
    order_id = await placed(shop)
    leg = Payment(id=uuid(), method="qr", amount=1_000, at=to_text(shop.bench.clock.now()))
    await at_hq(shop, order_id, state="cancelled", payments=(leg,))
    model = await opened(shop, order_id)
    shop.do.office.says = [PaymentShown(payment_id=uuid(), state=state, amount=1_000)]
    model.refund()
    assert (model.refundable, shop.heard.said[-1].startswith("¥10 is being given back")) == (False, True)
    assert shop.do.office.says
    await fire(shop, model)
    assert words in shop.heard.said[-1]


@pytest.mark.parametrize(
    ("state", "standing", "said", "cash"),
    [
        ("asked", "money on its way back", "¥10 is on its way back to the customer's phone since", False),
        ("failed", "money to be given back", "The payment service could not give ¥10 back.", True),
    ],
)
async def test_what_became_of_a_refund_by_phone_is_said(
    shop: OnStore, state: Any, standing: str, said: str, cash: bool
) -> None:
    order_id = await placed(shop)
    now = to_text(shop.bench.clock.now())
    leg = Payment(id=uuid(), method="qr", amount=1_000, at=now)
    way = Refunding(id=uuid(), of=leg.id, amount=1_000, at=now, state=state)
    await at_hq(shop, order_id, state="cancelled", payments=(leg,), refunding=(way,))
    model = await opened(shop, order_id)
    assert (model.standing, model.refundable, model.refundableInCash) == (standing, cash, cash)
    assert [words.startswith(said) for words in model.onItsWay] == [True]
    model.setFilter("refund")
    await shop.settle()
    assert keys(model) == ([order_id] if cash else [])
    model.refundInCash()
    await fire(shop, model)
    assert shop.do.outbox().count("order.pay_back") == int(cash)
    assert len(model.onItsWay) == int(not cash), "what was settled otherwise is not said any more"


async def test_goods_are_handed_over_in_one_tap_and_go_another_way(shop: OnStore) -> None:
    order_id = await placed(shop, 2, reach=SENT)
    await placed(shop)
    model = await opened(shop, order_id)
    model.setFilter("to_hand")
    await shop.settle()
    assert (keys(model), [step["label"] for step in model.goodsSteps]) == (
        [order_id], ["Sent off", "Being picked", "It cannot come"]
    )  # fmt: skip
    model.step("shipped")
    await shop.settle()
    assert shop.heard.problems == ["not_paid"]
    model.step("failed")
    await shop.settle()
    assert (model.standing, model.fulfilment) == (
        "cannot come this way: to be settled", "Ship · within two hours · cannot come"
    )  # fmt: skip
    model.reroute()
    assert shop.heard.sheets[-1] == ("Reach", {"orderId": order_id})
    shop.reach.enter({"orderId": order_id})
    await shop.settle()
    assert (shop.reach.name, shop.reach.kind, shop.reach.address) == ("陈静", "ship", "南京东路 1 号 3 楼")
    shop.reach.choose("pick_up")
    shop.reach.chooseDay(shop.reach.days.rows[1].key)
    shop.reach.save()
    await shop.settle()
    assert (shop.heard.said[-1], model.fulfilment, model.standing) == (
        "The goods go another way", "Pick up later · 22 November", "placed, waits for the network"
    )  # fmt: skip
    row = await shop.bench.store.orders.get(order_id)
    assert row is not None
    await shop.do.payments.take(order_id, "cash", row.order.totals.total)
    await shop.settle()
    model.step("done")
    await shop.settle()
    assert (shop.heard.said[-1], keys(model), model.goodsSteps, model.reroutable) == (
        "The goods are handed over", [], [], False
    )  # fmt: skip
    assert any(line.endswith("goods: handed over · 王芳") for line in model.history)
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert (keys(model), model.fulfilment) == ([order_id], "Pick up later · 22 November")
