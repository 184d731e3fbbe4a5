"""Taking the money of an order in the whole app: cash, the customer's phone, no network, and giving it back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from guide_app.domain import gift_cards, payments
from guide_app.domain.clock import SystemClock, to_text
from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import Card, Instrument, Lease, Payment
from sync.protocol.messages import PayRequest, PayResponse
from tests.qt.test_frame import words
from tests.qt.test_sign_up_page import LOOKS, Hand
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App, outside
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import place


async def placed(running: App, member_id: str | None = None) -> str:
    """An order of one product is placed, and stands open."""
    product = next(row for row in await running.container.read.catalogue.search("", limit=9) if row.price)
    order_id = uuid()
    await running.container.journal.commit(
        running.guide_id, place(order_id, [(product.id, 2)], member_id, "101AB7K00423")
    )
    await running.open("Orders", orderId=order_id)
    await running.until(lambda: running.model("Orders").payable, "the order")
    return order_id


async def total(running: App, order_id: str) -> int:
    row = await running.container.read.orders.get(order_id)
    assert row is not None
    return row.order.totals.total


def code(asked: PayRequest) -> PayResponse:
    until = to_text(SystemClock().now() + timedelta(minutes=5))
    return PayResponse(
        server_time=to_text(SystemClock().now()), payment_id=uuid(), state="waiting", amount=asked.amount,
        text="https://pay.example.com/a-code-of-usual-length/0123456789abcdef", until=until,
    )  # fmt: skip


def test_cash_is_taken_with_its_change_and_the_order_is_paid(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await placed(running)
        assert not (found := await faults(running, "OrderToPay", LOOKS)), "\n".join(found)
        hand = Hand(running)
        await hand.tap("order-pay")
        model = running.model("Pay")
        await running.until(lambda: model.ready, "the sheet")
        given = -(-await total(running, order_id) // 10_000) * 100 + 100
        model.setGiven(str(given))
        await running.rest()
        assert model.change
        assert not (found := await faults(running, "Pay", LOOKS)), "\n".join(found)
        await hand.tap("pay-take")
        await running.until(lambda: not running.screen.navigator.over, "the payment")
        await running.rest()
        row = await running.container.read.orders.get(order_id)
        assert row is not None
        assert (row.order.state, row.order.payments[0].given) == ("paid", given * 100)
        assert not running.model("Orders").payable
        running.screen.toasts.clear()
        await running.rest()
        assert "Cash" in words(running.window)
        assert not (found := await faults(running, "OrderPaid", LOOKS)), "\n".join(found)

    played(play, tmp_path)


def test_the_sheet_hears_that_another_page_was_opened(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await placed(running)
        running.model("Orders").pay()
        model = running.model("Pay")
        await running.until(lambda: model.ready, "the sheet")
        await running.open("Orders", orderId=order_id)
        assert (model.number, model.ready, model._timer.isActive()) == ("", False, False)

    played(play, tmp_path)


def test_by_keyboard_alone(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await placed(running)
        running.model("Orders").pay()
        model = running.model("Pay")
        await running.until(lambda: model.ready, "the sheet")
        await running.rest()
        for _ in range(12):
            focus = running.window.activeFocusItem()
            if focus is not None and focus.parentItem() and "pay-amount" in _names(focus):
                break
            await outside(partial(QTest.keyClick, running.window, Qt.Key.Key_Tab))
        await outside(partial(QTest.keyClick, running.window, Qt.Key.Key_Return))
        await running.until(lambda: not running.screen.navigator.over, "the payment")
        row = await running.container.read.orders.get(order_id)
        assert row is not None
        assert row.order.state == "paid"
        await running.rest()

    played(play, tmp_path)


def test_the_customers_phone_by_a_code_and_without_network(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await placed(running)
        await running.until(lambda: running.hq.record("order", order_id), "HQ's order")
        running.model("Orders").pay()
        model, hand = running.model("Pay"), Hand(running)
        await running.until(lambda: model.ready, "the sheet")
        await hand.tap("pay-qr")
        running.remote.problem = NoNetwork("no_network")
        await hand.tap("pay-take")
        await running.until(lambda: model.offline, "being offline")
        assert "waits for payment" in words(running.window)
        assert not (found := await faults(running, "PayOffline", LOOKS)), "\n".join(found)
        running.remote.problem, running.remote.paying = None, code
        await hand.tap("pay-take")
        await running.until(lambda: model.code, "the code")
        assert model.countdown
        assert not (found := await faults(running, "PayCode", LOOKS)), "\n".join(found)
        leg = Payment(id=uuid(), method="qr", amount=await total(running, order_id), at=running.hq.now)
        paid = payments.with_legs(running.hq.record("order", order_id), (leg,))
        running.hq.publish("order", order_id, paid)
        running.container.sync.nudge()
        await running.until(lambda: not running.screen.navigator.over, "HQ's word that it is paid")
        await running.rest()

    played(play, tmp_path)


def test_a_gift_card_pays_a_part_with_no_network_and_cash_the_rest(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        member_id = (await running.container.read.members.search("", limit=1))[0].id
        view = await running.container.read.members.get(member_id)
        assert view is not None
        assert view.wallet is not None
        (card,) = view.wallet.cards
        await lease(running, card, 500)
        order_id = await placed(running, member_id)
        await running.until(lambda: running.hq.record("order", order_id), "HQ's order")
        running.remote.problem = NoNetwork("no_network")
        running.model("Orders").pay()
        model, hand = running.model("Pay"), Hand(running)
        await running.until(lambda: model.ready and not model.cards.none, "the sheet")
        await hand.tap("pay-gift_card")
        assert "can be spent here with no network" in words(running.window)
        assert not (found := await faults(running, "PayCard", LOOKS)), "\n".join(found)
        await hand.tap("pay-take")
        await running.until(lambda: model.offline, "being offline")
        assert not (found := await faults(running, "PayCardOffline", LOOKS)), "\n".join(found)
        model.setAmount("5")
        await running.rest()
        await hand.tap("pay-take")
        await running.until(lambda: model.owed != running.model("Pay").amountText and not model.offline, "the payment")
        await hand.tap("pay-cash")
        await hand.tap("pay-take")
        await running.until(lambda: not running.screen.navigator.over, "the rest")
        row = await running.container.read.orders.get(order_id)
        assert row is not None
        assert [leg.method for leg in row.order.payments] == ["gift_card", "cash"]
        assert row.order.state == "paid"
        running.screen.toasts.clear()
        await running.rest()
        assert "Gift card" in words(running.window)

    played(play, tmp_path)


def test_a_gift_card_that_was_sold_is_handed_over_by_a_scan(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        found = next(row for row in await running.container.read.catalogue.search("", limit=9) if row.price)
        card = msgspec.structs.replace(running.hq.record("product", found.id), gift_card=True)
        running.hq.publish("product", found.id, card)
        running.container.sync.nudge()
        order_id = await placed(running)
        await running.until(lambda: running.model("Orders").cardsWanting, "the card that is wanting")
        assert not (seen := await faults(running, "OrderCardWanting", LOOKS)), "\n".join(seen)
        await Hand(running).tap("order-hand-card")
        model = running.model("HandCard")
        await running.until(lambda: model.title, "the sheet")
        running.screen.pages.shell.scanned(gift_cards.numbered(42))
        await running.until(lambda: model.ready, "the scan")
        assert not (seen := await faults(running, "HandCard", LOOKS)), "\n".join(seen)
        await Hand(running).tap("hand-card-save")
        await running.until(lambda: model.number == "", "the commit")
        row = await running.container.read.orders.get(order_id)
        assert row is not None
        assert [one.number for one in row.order.cards] == [gift_cards.numbered(42)]
        await running.rest()

    played(play, tmp_path)


async def lease(running: App, card: Card, amount: int) -> None:
    """HQ has set so much of the card aside for this tablet."""
    now = SystemClock().now()
    running.hq.publish("lease", uuid(), Lease(
        amount=amount, instrument=Instrument(kind="card", id=card.id), granted_at=to_text(now),
        expires_at=to_text(now + timedelta(days=2)),
    ))  # fmt: skip
    running.container.sync.nudge()
    for _ in range(100):
        if await running.container.do.payments.here(card) == amount:
            return
        await running.rest()
    raise AssertionError("the lease did not come")


def test_what_was_paid_twice_is_given_back_from_the_list_of_what_needs_somebody(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await placed(running)
        await running.until(lambda: running.hq.record("order", order_id), "HQ's order")
        amount = await total(running, order_id)
        legs = tuple(Payment(id=uuid(), method="cash", amount=amount, at=running.hq.now) for _ in range(2))
        twice = payments.with_legs(running.hq.record("order", order_id), legs)
        running.hq.publish("order", order_id, msgspec.structs.replace(twice, state="paid"))
        running.container.sync.nudge()
        await running.until(lambda: running.model("Orders").refundable, "HQ's word")
        await running.open("Attention")
        await running.until(running.model("Attention").lines.rowCount, "the list")
        assert "given back" in words(running.window)
        assert not (found := await faults(running, "AttentionRefund", LOOKS)), "\n".join(found)
        await running.open("Orders", orderId=order_id)
        await running.rest()
        await Hand(running).tap("order-refund")
        await running.until(lambda: not running.model("Orders").refundable, "the money going back")
        await running.rest()

    played(play, tmp_path)


def _names(item: object) -> set[str]:
    """The object names of an item and of all around it."""
    names: set[str] = set()
    while item is not None:
        names.add(item.objectName())  # type: ignore[attr-defined]  # every item has it
        item = item.parentItem()  # type: ignore[attr-defined]  # and its parent
    return names
