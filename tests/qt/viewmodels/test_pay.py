"""The sheet that takes the money of an order, over a real store: cash with change, parts, the customer's phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain import gift_cards, payments
from guide_app.domain.clock import to_text
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records import Card, Instrument, Payment, PaymentAsked, Wallet
from guide_app.services.ports.chain import PaymentShown
from tests.qt.viewmodels.on_store import OnStore
from tests.qt.viewmodels.test_orders import at_hq, placed
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, member, place

pytestmark = pytest.mark.asyncio
PRICE = 1_000


async def opened(shop: OnStore) -> tuple[Any, str]:
    order_id = await placed(shop)
    shop.pay.enter({"orderId": order_id})
    await shop.settle()
    return shop.pay, order_id


def waits(shop: OnStore, state: str = "waiting", **more: Any) -> PaymentShown:
    until = to_text(shop.bench.clock.now() + timedelta(minutes=5))
    shown: dict[str, Any] = {"payment_id": uuid(), "state": state, "amount": PRICE, "text": "pay:1", "until": until}
    return PaymentShown(**{**shown, **more})


def gone(shop: OnStore) -> int:
    """How often the sheet that was shown was closed."""
    return shop.heard.sheets.count(("", {}))


async def legs(shop: OnStore, order_id: str) -> list[tuple[str, int, int]]:
    row = await shop.bench.store.orders.get(order_id)
    assert row is not None
    return [(leg.method, leg.amount, leg.given) for leg in row.order.payments]


async def test_cash_is_taken_with_its_change_in_two_taps(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    assert (model.owed, model.amountText, model.method, model.ready, model.change) == ("¥10", "10.00", "cash", True, "")
    assert [row.key for row in model.handed.rows] == ["10.00", "50.00", "100.00"]
    model.setGiven("50")
    assert (model.change, [row.selected for row in model.handed.rows]) == ("¥40", [False, True, False])
    model.take()
    model.take()
    await shop.settle()
    assert await legs(shop, order_id) == [("cash", PRICE, 5_000)]
    assert (model.number, gone(shop)) == ("", 1)
    assert shop.heard.said[-1] == "Cash received: ¥10"


async def test_a_slip_of_the_finger_is_undone(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    model.choose("card")
    model.take()
    await shop.settle()
    shop.bench.clock.advance(1)
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    row = await shop.bench.store.orders.get(order_id)
    assert row is not None
    assert payments.owed(row.order) == PRICE


async def test_a_part_leaves_the_rest_to_be_paid_another_way(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    model.setAmount("4.5")
    model.take()
    await shop.settle()
    assert (model.paid, model.amountText) == (False, "5.50")
    shop.bench.clock.advance(1)
    model.choose("other")
    model.take()
    await shop.settle()
    assert await legs(shop, order_id) == [("cash", 450, 0), ("other", 550, 0)]
    assert await shop.bench.store.orders.list(money="owed") == []


@pytest.mark.parametrize("text", ["", "abc", "0", "-1", "10.01", "1.234"])
async def test_what_cannot_be_taken_is_said_before(shop: OnStore, text: str) -> None:
    model, order_id = await opened(shop)
    model.setAmount(text)
    assert model.problem
    assert not model.ready
    model.take()
    await shop.settle()
    assert await legs(shop, order_id) == []


async def test_cash_that_can_be_read_in_two_ways_is_not_taken(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    model.setGiven("1,000")
    assert (model.givenProblem, model.ready) == ("This is no amount of money.", False)
    model.setGiven("")
    model.setAmount("1,000")
    assert (model.problem, model.ready) == ("This is no amount of money.", False)
    model.setAmount("10,00")
    model.take()
    await shop.settle()
    assert await legs(shop, order_id) == [("cash", PRICE, 0)]


async def test_a_code_is_shown_counts_down_and_the_feed_says_paid(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    await shop.bench.drain()
    shown = waits(shop)
    shop.do.office.says = [shown]
    model.choose("qr")
    model.take()
    await shop.settle()
    assert (model.code, model.codeAmount, model.countdown, model.became) == ("pay:1", "¥10", "5:00", "")
    shop.bench.clock.advance(61)
    assert model.countdown == "3:59"
    leg = Payment(id=shown.payment_id, method="qr", amount=PRICE, at=to_text(shop.bench.clock.now()))
    await at_hq(shop, order_id, state="paid", payments=(leg,), asked=None)
    assert (model.number, gone(shop)) == ("", 1)
    assert shop.heard.said[-1].startswith("Order ")


async def test_a_code_that_ran_out_and_one_that_failed_are_said(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    shop.do.office.says = [waits(shop)]
    model.choose("qr")
    model.take()
    await shop.settle()
    shop.bench.clock.advance(301)
    assert (model.code, model.countdown) == ("", "")
    assert "run out" in model.became
    await shop.bench.drain()
    await at_hq(shop, order_id, asked=PaymentAsked(id=uuid(), amount=PRICE, state="failed"))
    assert "said no" in model.became
    assert model.ready, "another one can be asked for"


async def test_with_no_network_the_order_waits_and_that_is_said(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    shop.do.office.says = [NoNetwork("no_network"), waits(shop)]
    model.choose("qr")
    model.take()
    await shop.settle()
    assert (model.offline, model.ready) == (True, True)
    assert [row.id for row in await shop.bench.store.orders.list(money="owed")] == [order_id]
    model.take()
    await shop.settle()
    assert (model.offline, model.code) == (False, "pay:1")


async def test_a_code_is_given_up_for_another_way(shop: OnStore) -> None:
    model, _ = await opened(shop)
    shown = waits(shop)
    shop.do.office.says = [shown, msgspec.structs.replace(shown, state="closed", text="")]
    model.choose("qr")
    model.take()
    await shop.settle()
    model.giveUp()
    await shop.settle()
    assert (model.code, bool(model.became), model.ready) == ("", True, True)


async def coded(shop: OnStore, *then: PaymentShown | Exception) -> tuple[Any, str]:
    """A code is shown; what HQ says next."""
    model, order_id = await opened(shop)
    await shop.bench.drain()
    shown = waits(shop)
    asked = PaymentAsked(id=shown.payment_id, amount=PRICE, state="waiting", code=shown.text, until=shown.until)
    shop.do.office.says = [shown, *then]
    model.choose("qr")
    model.take()
    await shop.settle()
    await at_hq(shop, order_id, asked=asked)
    return model, order_id


async def test_another_way_is_open_only_once_the_code_is_ended(shop: OnStore) -> None:
    model, order_id = await coded(shop, NoNetwork("no_network"), PaymentShown(payment_id="p", state="closed"))
    model.choose("cash")
    model.take()
    await shop.settle()
    assert (model.method, model.code, model.offline, model.ready) == ("qr", "pay:1", True, False)
    assert await legs(shop, order_id) == [], "the customer can still pay by the code"
    model.choose("cash")
    await shop.settle()
    assert (model.method, model.code, model.offline, model.ready) == ("cash", "", False, True)
    assert [asked["what"] for asked in shop.do.office.asked] == ["ask", "close", "close"]


async def test_paid_in_the_last_moment_is_not_taken_again(shop: OnStore) -> None:
    model, _ = await coded(shop, PaymentShown(payment_id="p", state="paid"))
    model.choose("cash")
    await shop.settle()
    assert (model.method, model.ready) == ("qr", False)


async def test_the_sheet_opened_again_shows_the_code_that_waits(shop: OnStore) -> None:
    model, order_id = await coded(shop)
    model.close()
    model.enter({"orderId": order_id})
    await shop.settle()
    assert (model.method, model.code, model.ready) == ("qr", "pay:1", False)


async def pays(shop: OnStore, order_id: str) -> None:
    leg = Payment(id=uuid(), method="qr", amount=PRICE, at=to_text(shop.bench.clock.now()))
    await at_hq(shop, order_id, state="paid", payments=(leg,), asked=None)


@pytest.mark.parametrize("way", ["close", "leave"])
async def test_a_payment_that_comes_later_is_told_and_closes_no_other_sheet(shop: OnStore, way: str) -> None:
    model, order_id = await coded(shop)
    getattr(model, way)()
    closed = gone(shop)
    assert not model._timer.isActive()
    assert (model.number, model.owed, model.code) == ("", "", "")
    await pays(shop, order_id)
    assert shop.heard.said[-1].startswith("Order ")
    assert gone(shop) == closed


async def test_a_payment_closes_no_sheet_of_another_order(shop: OnStore) -> None:
    model, order_id = await coded(shop)
    model.leave()
    other = await placed(shop)
    model.enter({"orderId": other})
    await shop.settle()
    await pays(shop, order_id)
    assert (model.owed, gone(shop)) == ("¥10", 0)
    assert shop.heard.said[-1].startswith("Order ")


async def test_money_taken_as_the_sheet_goes_closes_no_other(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    model.take()
    model.leave()
    await shop.settle()
    assert await legs(shop, order_id) == [("cash", PRICE, 0)]
    assert (shop.heard.said[-1], gone(shop)) == ("Cash received: ¥10", 0)


async def test_what_hq_refuses_is_told(shop: OnStore) -> None:
    model, _ = await opened(shop)
    shop.do.office.says = [PaymentShown(code="no_provider")]
    model.choose("qr")
    model.take()
    await shop.settle()
    assert shop.heard.problems == ["no_provider"]
    assert model.ready


async def test_another_guide_finds_nothing_of_it(shop: OnStore) -> None:
    model, _ = await opened(shop)
    shop.do.session.lock()
    assert (model.number, model.amountText, model.ready) == ("", "", False)


async def with_cards(shop: OnStore, *balances: int) -> tuple[Any, str, list[Card]]:
    """The sheet of an order whose customer has gift cards."""
    member_id, order_id = uuid(), uuid()
    cards = [Card(id=uuid(), digits=f"004{n}", balance=balance) for n, balance in enumerate(balances)]
    shop.bench.hq.publish("member", member_id, member())
    shop.bench.hq.publish("wallet", member_id, Wallet(cards=tuple(cards)))
    await shop.bench.drain()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id=member_id))
    for card in cards:
        shop.do.lease_hq.free[card.id] = card.balance
    shop.pay.enter({"orderId": order_id})
    await shop.settle()
    return shop.pay, order_id, cards


async def test_a_gift_card_pays_what_it_has_and_cash_the_rest(shop: OnStore) -> None:
    model, order_id, _ = await with_cards(shop, 600)
    model.choose("gift_card")
    assert [(row.title, row.balance, row.here, row.selected) for row in model.cards.rows.rows] == [
        ("Gift card ends in 0040", "¥6", "", True)
    ]
    assert (model.amountText, model.ready, model.takeWords) == ("6.00", True, "Take ¥6 from the card")
    model.take()
    await shop.settle()
    assert shop.heard.said[-1] == "Taken from the gift card: ¥6"
    assert (model.owed, model.amountText) == ("¥4", "4.00")
    shop.bench.clock.advance(1)
    model.choose("cash")
    model.take()
    await shop.settle()
    assert await legs(shop, order_id) == [("gift_card", 600, 0), ("cash", 400, 0)]
    assert gone(shop) == 1


async def test_with_no_network_only_what_is_set_aside_here_is_spent(shop: OnStore) -> None:
    model, order_id, (card,) = await with_cards(shop, 900)
    await shop.do.lease_hq.grant(Instrument(kind="card", id=card.id), 200)
    shop.do.lease_hq.offline = True
    model.choose("gift_card")
    model.take()
    await shop.settle()
    assert (model.offline, await legs(shop, order_id)) == (True, [])
    assert "¥2 of the card" in model.cardHere
    model.setAmount("2")
    model.take()
    await shop.settle()
    assert (model.offline, await legs(shop, order_id)) == (False, [("gift_card", 200, 0)])
    shop.bench.clock.advance(1)
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert await shop.do.payments.here(card) == 200, "the slip is undone onto the card"


async def test_hq_has_less_than_the_screen_said(shop: OnStore) -> None:
    model, order_id, (card,) = await with_cards(shop, 900)
    shop.do.lease_hq.free[card.id] = 100
    model.choose("gift_card")
    model.take()
    await shop.settle()
    assert shop.heard.problems == ["lease_too_little"]
    assert await legs(shop, order_id) == []
    assert model.cards.rows.rows[0].here == "¥1 of it can be spent here with no network"


async def test_of_several_cards_one_is_chosen_and_without_any_it_is_said(shop: OnStore) -> None:
    model, _, (_, second) = await with_cards(shop, 300, 500)
    model.choose("gift_card")
    assert (model.problem, model.ready) == ("Choose the card first.", False)
    model.cards.choose(second.id)
    assert (model.amountText, model.ready) == ("5.00", True)
    model.choose("cash")
    assert model.amountText == "10.00"
    model.leave()
    assert model.cards.none


async def test_an_order_of_nobody_has_no_cards(shop: OnStore) -> None:
    model, _ = await opened(shop)
    model.choose("gift_card")
    assert (model.cards.none, model.ready) == (True, False)


NUMBER = gift_cards.numbered(42)


async def test_the_card_in_the_customers_hand_is_found_by_number_and_pin(shop: OnStore) -> None:
    model, order_id = await opened(shop)
    card = Card(id=uuid(), digits="0425", balance=700)
    shop.do.office.cards[NUMBER] = card
    shop.do.lease_hq.free[card.id] = 700
    model.choose("gift_card")
    cards = model.cards
    cards.setNumber("6012 0000 0000 0425")
    assert not cards.findable, "the PIN is asked for"
    cards.setPin("004711")
    cards.find()
    cards.find()
    await shop.settle()
    assert shop.do.office.asked == [{"number": NUMBER, "pin": "004711"}]
    assert (cards.number, cards.pin, cards.said, model.amountText) == ("", "", "", "7.00")
    model.take()
    await shop.settle()
    assert await legs(shop, order_id) == [("gift_card", 700, 0)]
    assert [row.balance for row in cards.rows.rows] == ["¥7"], "it is still there for the rest"
    model.leave()
    assert cards.none


@pytest.mark.parametrize(
    ("text", "says"), [("6012 0000 0000 0426", "One character"), ("4012", "16 digits"), (NUMBER, "blocked this card")]
)
async def test_why_a_card_was_not_found_is_said_where_it_was_typed(shop: OnStore, text: str, says: str) -> None:
    model, _ = await opened(shop)
    shop.do.office.cards[NUMBER] = Refused("card_blocked")
    model.choose("gift_card")
    model.cards.setNumber(text)
    model.cards.setPin("1")
    model.cards.find()
    await shop.settle()
    assert says in model.cards.said
    assert (model.cards.number, model.ready) == (text, False)


async def test_an_answer_about_a_card_comes_to_its_own_order_alone(shop: OnStore) -> None:
    model, _ = await opened(shop)
    shop.do.office.cards[NUMBER] = Card(id=uuid(), digits="0425", balance=700)
    model.cards.setNumber(NUMBER)
    model.cards.setPin("1")
    model.cards.find()
    model.leave()
    await shop.settle()
    assert (model.cards.none, model.cards.looking) == (True, False)
