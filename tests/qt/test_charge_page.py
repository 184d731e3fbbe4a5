"""Goods that left though their order was cancelled, charged anew: from the list to the basket and the order."""

from __future__ import annotations

from pathlib import Path

from guide_app.domain.records import Fulfilment, FulfilStep, Order, OrderLine, PaymentIntent, Totals
from tests.qt.test_quotation_pages import shown
from tests.qt.test_whole_app import played
from tests.qt.whole_app import App
from tests.unit.local_store.fake_hq import uuid


async def gone(running: App) -> str:
    """Goods of an order were sent off, and HQ had cancelled it; its id."""
    row_id, member = uuid(), (await running.container.read.members.search("许安然"))[0]
    goods = await running.container.read.catalogue.search("", limit=2)
    lines = tuple(
        OrderLine(line_id=uuid(), product_id=row.id, qty=n, unit_price=row.price or 0, amount=n * (row.price or 0))
        for n, row in enumerate(goods, 1)
    )
    total = sum(line.amount for line in lines)
    sent = FulfilStep(op_id=uuid(), what="shipped", at="2026-11-20T04:00:00.000Z", under="", guide_id=uuid())
    running.hq.publish("order", row_id, Order(
        number="101ABMM00027", state="cancelled", guide_id=uuid(), placed_at="2026-11-20T03:00:00.000Z", currency="CNY",
        lines=lines, totals=Totals(lines=total, discounts=0, total=total), member_id=member.id,
        payment_intent=PaymentIntent(method="till", amount=total),
        fulfilment=Fulfilment(kind="ship", repair="left_cancelled", steps=(sent,), progress="shipped"),
    ))  # fmt: skip
    running.container.sync.nudge()
    return row_id


def test_what_left_is_in_the_basket_and_the_order_settles_it(qapp: object, tmp_path: Path) -> None:
    async def play(running: App) -> None:
        order_id = await gone(running)
        await running.open("Attention")
        page, order = running.model("Attention"), running.model("Order")
        key = f"left_cancelled:{order_id}"
        await running.until(lambda: any(row.key == key for row in page.lines.rows), "the order on the list")
        await shown(running, "AttentionLeft")
        page.repair(key, "charge_anew")
        await running.until(lambda: order.chargesWords, "the basket")
        await running.rest()
        assert (order.pieces, running.screen.navigator._page) == (3, "Order")
        await shown(running, "BasketCharges")
        order.chargeNothing()
        await running.until(lambda: not order.chargesWords, "an order like any other")
        running.screen.toasts.undo()
        await running.until(lambda: order.chargesWords, "what it is for again")
        order.place()
        await running.until(lambda: running.screen.navigator._page == "Orders", "the order")
        await running.until(lambda: running.hq.record("order", order_id).fulfilment.repair == "", "HQ's row")
        await running.open("Attention")
        await running.rest()
        assert not any(row.key == key for row in page.lines.rows)

    played(play, tmp_path)
