"""After the sale in the whole app: returns to finish, money on its way back, and what is taken back, in every look."""

from __future__ import annotations

from pathlib import Path

import msgspec

from guide_app.domain import numbers, payments
from guide_app.domain.records import Names, Order, Payment, Refunding
from guide_app.services.missing_orders import Missing
from tests.qt.test_frame import words
from tests.qt.test_pay_page import placed
from tests.qt.test_sign_up_page import LOOKS, Hand
from tests.qt.test_whole_app import faults, played
from tests.qt.whole_app import App
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
