"""After the sale in the whole app: returns to finish, money on its way back, and what is taken back, in every look."""

from __future__ import annotations

from pathlib import Path

import msgspec

from guide_app.domain import numbers, payments
from guide_app.domain.records import Names, Order, OrderCopy, Payment, Refunding
from guide_app.operations.returns import LineBack
from guide_app.services.missing_orders import Missing
from guide_app.services.ports.chain import FoundOrder
from tests.qt.test_frame import words
from tests.qt.test_pay_page import placed
from tests.qt.test_sign_up_page import LOOKS, Hand
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App
from tests.unit.guide_app.services.kit import OrderHq
from tests.unit.local_store.fake_hq import uuid

NOW = "2026-11-21T10:00:00.000Z"


async def at_hq(running: App, order_id: str, changed: Order) -> None:
    """HQ changes the order, and the tablet hears of it."""
    running.hq.publish("order", order_id, changed)
    running.container.sync.nudge()


def test_receipts_that_are_not_here_stand_over_the_orders(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        missing = running.container.do.missing
        await placed(running)
        row = (await running.container.read.orders.list())[0]
        waits, far = (numbers.compose("101", "AB", "7K", n) for n in (44, 45))
        await missing.keep(Missing(number=waits, at=NOW))
        shop = Names(en="Nanjing Road Flagship Store", zh="南京路旗舰店")
        await missing.keep(Missing(number=far, at=NOW, state="elsewhere", store=shop))
        await running.open("Orders", missing=row.order.number)
        model = running.model("MissingOrders")
        await running.until(lambda: model.rows.rowCount() == 3, "the receipts")
        await running.rest()
        assert not (found := await faults(running, "ReturnsToFinish", LOOKS)), "\n".join(found)
        await Hand(running).tap("missing-act")
        await running.until(lambda: running.model("TakeBack").ready or running.model("TakeBack").number, "the sheet")
        assert running.screen.navigator.over == "TakeBack"

    played(play, tmp_path)


def test_money_on_its_way_back_and_what_could_not_go_back_are_said(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await placed(running)
        await running.until(lambda: bool(running.hq.record("order", order_id)), "HQ to have it")
        made = running.hq.record("order", order_id)
        total = made.totals.total
        legs = tuple(Payment(id=uuid(), method="qr", amount=half, at=NOW) for half in (total - 100, 100))
        paid = msgspec.structs.replace(payments.with_legs(made, legs), state="cancelled")
        ways = (
            Refunding(id=uuid(), of=legs[0].id, amount=total - 100, at=NOW),
            Refunding(id=uuid(), of=legs[1].id, amount=100, at=NOW, state="failed"),
        )
        await at_hq(running, order_id, msgspec.structs.replace(paid, refunding=ways))
        model = running.model("Orders")
        await running.until(lambda: model.refundableInCash, "HQ's word")
        await running.rest()
        assert len(model.onItsWay) == 2
        assert not (found := await faults(running, "OrderRefunding", LOOKS)), "\n".join(found)
        await Hand(running).tap("order-refund-cash")
        assert (model.refundable, model.standing) == (False, "money is being given back")
        assert "is being given back" in words(running.window)

    played(play, tmp_path)


def test_a_return_and_an_exchange_can_be_taken_back_in_every_look(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await placed(running)
        do, hand = running.container.do, Hand(running)
        going = await do.returns.begin(order_id)
        assert going is not None
        line = LineBack(line_id=going.order.lines[0].line_id, qty=1, reason="changed_mind")
        await do.returns.take_back(going, [line])
        model = running.model("Orders")
        await running.until(lambda: model.undoWords == "Take the return back", "the return")
        await running.rest()
        assert model.cancellable
        assert model.returnable
        assert not (found := await faults(running, "OrderUndo", LOOKS)), "\n".join(found)
        await hand.tap("undo-back")
        assert (model.undoWords, model.cancellable) == ("", False)
        assert "is being taken back" in words(running.window)

    played(play, tmp_path)


def test_a_receipt_that_is_found_nowhere_here_is_looked_for_at_hq(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        running.container.do.missing._chain = OrderHq()
        number = numbers.compose("101", "AB", "7K", 46)
        running.screen.pages.shell.scanned(number)
        await running.until(lambda: running.screen.navigator.over == "Find", "the search")
        model = running.model("Find")
        await running.until(lambda: model.numbered, "nothing found")
        running.screen.toasts.clear()
        await running.rest()
        assert not (found := await faults(running, "FindReceipt", LOOKS)), "\n".join(found)
        model.seekOrder()
        missing = running.model("MissingOrders")
        await running.until(lambda: missing.rows.rowCount() == 1, "HQ's word")
        assert missing.rows.rows[0].detail == "HQ has no order of this number. Compare it with the receipt."
        assert running.screen.navigator._page == "Orders"

    played(play, tmp_path)


def test_goods_of_another_shop_are_taken_back_here_in_every_look(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        await placed(running)
        row = (await running.container.read.orders.list())[0]
        number, order_id = numbers.compose("102", "CD", "7K", 415), uuid()
        fields = {name: getattr(row.order, name) for name in Order.__struct_fields__}
        total = row.order.totals.total
        paid = (Payment(id=uuid(), method="cash", amount=total, at=NOW),)
        there = Names(en="Nanjing Road Flagship Store", zh="南京路旗舰店")
        copy = OrderCopy(
            **{**fields, "number": number, "member_id": "", "state": "paid", "payments": paid}, store_id=uuid(),
            home_store_id=uuid(), home_names=there, home_ver=1, until="2026-12-20T10:00:00.000Z",
        )  # fmt: skip
        hq = OrderHq()
        hq.knows[number] = FoundOrder(order_id=order_id, store=there)
        running.container.do.missing._chain = hq
        await running.open("Orders", missing=number)
        model = running.model("MissingOrders")
        await running.until(lambda: model.rows.rowCount() == 1, "HQ's word")
        assert not running.model("Orders").chosen, "nothing hides it in portrait"
        assert (model.rows.rows[0].detail, model.rows.rows[0].action) == (
            "It was bought in another shop: Nanjing Road Flagship Store. A copy is on its way here.", "",
        )  # fmt: skip
        running.hq.publish("order_copy", order_id, copy)
        running.container.sync.nudge()
        await running.until(lambda: [one.action for one in model.rows.rows] == ["finish"], "the copy")
        assert "Nanjing Road" in model.rows.rows[0].detail
        await running.rest()
        assert not (found := await faults(running, "ReturnElsewhere", LOOKS)), "\n".join(found)
        hand = Hand(running)
        await hand.tap("missing-act")
        sheet = running.model("TakeBack")
        await running.until(lambda: sheet.number, "the sheet")
        sheet.all()
        await running.rest()
        assert sheet.soldAt == there.en
        said = words(running.window)
        assert "Bought in another shop: Nanjing Road Flagship Store" in said
        assert "Exchange" not in said.splitlines(), "that is a return and a sale here"
        sheet.exchange()
        assert running.screen.navigator.over == "TakeBack"
        assert not (found := await faults(running, "TakeBackElsewhere", LOOKS)), "\n".join(found)
        await hand.tap("back-save")
        await running.until(lambda: running.hq.record("order_copy", order_id).state == "returned", "HQ to have it")
        await running.until(lambda: model.rows.rowCount() == 0, "the receipt to go")
        assert {one.kind for one in running.hq.record("order_copy", order_id).payments} == {"paid", "refunded"}

    played(play, tmp_path)
