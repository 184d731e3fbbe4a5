"""Basket, order and cancelling, over a real store."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain import numbers
from guide_app.domain.errors import BadInput, Defect, NotSaved, Refused
from guide_app.domain.records import Names, PriceList, Product
from guide_app.services.baskets import Basket, BasketLine
from guide_app.services.ports.orders import OrderRow
from guide_app.services.selling import MAX_LINES, MAX_QTY
from tests.unit.guide_app.services.kit import OTHER, SENT, Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, LIST, PRODUCTS, member, sign_up

pytestmark = pytest.mark.asyncio


async def filled(counter: Counter, *more: str) -> Basket:
    """Two pieces of the first product at 10.00, one of the second at 20.00, in the guide's basket."""
    basket = await counter.till.add(await counter.baskets.mine(), PRODUCTS[0], 2)
    for product in (PRODUCTS[1], *more):
        basket = await counter.till.add(basket, product)
    return basket


async def order(counter: Counter, order_id: str) -> OrderRow:
    row = await counter.bench.store.orders.get(order_id)
    assert row is not None
    return row


async def stock(counter: Counter, product: str) -> int | None:
    (row,) = await counter.bench.store.catalogue.get([product])
    return row.on_hand


async def test_quantities_add_up_and_are_set(counter: Counter) -> None:
    basket = await filled(counter, PRODUCTS[0])
    assert (basket.pieces, basket.total, basket.qty(PRODUCTS[0]), len(basket.lines)) == (4, 5000, 3, 2)
    basket = await counter.till.set_qty(basket, PRODUCTS[0], MAX_QTY + 1)
    assert basket.qty(PRODUCTS[0]) == MAX_QTY
    basket = await counter.till.add(basket, PRODUCTS[0], -MAX_QTY)
    assert [line.product_id for line in basket.lines] == [PRODUCTS[1]]
    assert await counter.till.add(basket, PRODUCTS[2], -1) == basket
    assert (await counter.till.set_qty(basket, PRODUCTS[2], MAX_QTY + 1)).qty(PRODUCTS[2]) == MAX_QTY


async def test_the_basket_survives_a_kill_and_is_the_guides_own(counter: Counter) -> None:
    basket = await filled(counter)
    await counter.baskets.keep(msgspec.structs.replace(basket, note="gift", member_id=await signed_up(counter)))
    counter.stand(OTHER)
    assert (await counter.baskets.mine()).lines == ()
    counter.reopen()
    kept = await counter.baskets.mine()
    assert (kept.order_id, kept.lines, kept.note) == (basket.order_id, basket.lines, "gift")
    emptied = await counter.baskets.empty()
    assert (emptied.lines, emptied.order_id == kept.order_id) == ((), False)
    assert (await counter.baskets.mine()).lines == ()


async def test_a_basket_of_another_version_is_an_empty_one(counter: Counter) -> None:
    await counter.bench.store.drafts.put(f"basket:{GUIDE}", b'{"lines":[1]}')
    assert (await counter.baskets.mine()).lines == ()


async def test_what_cannot_be_sold_stays_out(counter: Counter) -> None:
    unpriced = uuid()
    counter.bench.hq.publish("product", unpriced, Product(names=Names(en="New"), sku="N"))
    await counter.bench.drain()
    basket = await counter.baskets.mine()
    for product, code in ((unpriced, "no_price"), (uuid(), "product_unknown")):
        with pytest.raises(BadInput, match=code):
            await counter.till.add(basket, product)
    lines = tuple(BasketLine(line_id=uuid(), product_id=uuid(), qty=1, unit_price=1) for _ in range(MAX_LINES))
    with pytest.raises(BadInput, match="basket_full"):
        await counter.till.add(msgspec.structs.replace(basket, lines=lines), PRODUCTS[0])
    assert (await counter.baskets.mine()).lines == ()


async def test_an_order_is_placed_whole_and_the_basket_is_gone_with_it(counter: Counter) -> None:
    member_id = await signed_up(counter)
    basket = msgspec.structs.replace(await filled(counter), member_id=member_id, note="gift", reach=SENT)
    placed = await counter.till.place(basket)
    assert (placed.order_id, placed.total, numbers.parse(placed.number).device_letters) == (basket.order_id, 4000, "AB")
    row = await order(counter, placed.order_id)
    assert (row.order.number, row.order.guide_id, row.order.member_id) == (placed.number, GUIDE, member_id)
    assert (row.order.note, row.order.fulfilment.kind, row.order.state) == ("gift", "ship", "placed")
    assert row.order.price_list is not None
    assert (row.order.price_list.id, row.order.price_list.version) == (LIST, 1)
    assert (row.outbox, row.member_name, await stock(counter, PRODUCTS[0])) == ("pending", "陈静", 98)
    again = await counter.baskets.mine()
    assert (again.lines, again.order_id == basket.order_id) == ((), False)
    assert (await counter.hq_has("order", placed.order_id)).totals.total == 4000


async def test_a_second_tap_is_refused_and_places_no_second_order(counter: Counter) -> None:
    basket = await filled(counter)
    await counter.till.place(basket)
    with pytest.raises(Refused):
        await counter.till.place(basket)
    assert (counter.outbox(), await stock(counter, PRODUCTS[0])) == (["order.place"], 98)


async def test_no_kill_leaves_a_placed_basket_behind(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    basket = await filled(counter)
    commit = counter.bench.store.journal.commit

    async def killed_after(*args: object, **more: object) -> None:
        await commit(*args, **more)  # type: ignore[arg-type]  # passed on as it came
        raise KeyboardInterrupt

    monkeypatch.setattr(counter.bench.store.journal, "commit", killed_after)
    with pytest.raises(KeyboardInterrupt):
        await counter.till.place(basket)
    counter.reopen()
    assert (await counter.baskets.mine()).lines == ()
    assert counter.outbox() == ["order.place"]


async def test_what_could_not_be_saved_stays_in_the_basket(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    basket = await filled(counter)

    async def full(*_: object, **__: object) -> None:
        raise NotSaved("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(counter.bench.store.journal, "commit", full)
        with pytest.raises(NotSaved):
            await counter.till.place(basket)
    assert await counter.baskets.mine() == basket
    await counter.till.place(basket)


async def test_an_empty_basket_is_no_order(counter: Counter) -> None:
    with pytest.raises(BadInput, match="basket_empty"):
        await counter.till.place(await counter.baskets.mine())


async def test_without_a_price_list_nothing_is_placed(counter: Counter) -> None:
    basket = await filled(counter)
    counter.bench.hq.publish("price_list", LIST, None, "gone")
    await counter.bench.drain()
    with pytest.raises(BadInput, match="no_price_list"):
        await counter.till.place(basket)
    assert await counter.baskets.mine() == basket


async def test_the_prices_of_an_expired_list_stay_promised(counter: Counter) -> None:
    counter.bench.hq.publish("price_list", LIST, PriceList(
        names=Names(en="Old", zh="旧价"), version=1, currency="CNY", valid_from="2026-01-01T00:00:00.000Z",
        valid_until="2026-02-01T00:00:00.000Z",
    ))  # fmt: skip
    await counter.bench.drain()
    assert (await counter.till.place(await filled(counter))).total == 4000


async def test_an_order_is_its_guides_even_when_another_stands_there_by_then(counter: Counter) -> None:
    basket = await filled(counter)
    numbers_of = counter.bench.store.numbers

    class SlowNumbers:
        async def next(self) -> str:
            counter.stand(OTHER)
            return await numbers_of.next()

    counter.till._numbers = SlowNumbers()
    placed = await counter.till.place(basket)
    row = await order(counter, placed.order_id)
    assert (row.order.guide_id, {share.guide_id for line in row.order.lines for share in line.guide_shares}) == (
        GUIDE, set()
    )  # fmt: skip
    counter.stand(GUIDE)
    assert (await counter.baskets.mine()).lines == ()


async def test_nobody_signed_in_has_no_basket(counter: Counter) -> None:
    counter.session.lock()
    with pytest.raises(Defect):
        await counter.baskets.mine()


async def test_an_order_is_taken_back_once_with_all_it_did(counter: Counter) -> None:
    member_id = await signed_up(counter)
    placed = await counter.till.place(msgspec.structs.replace(await filled(counter), member_id=member_id))
    await counter.till.cancel(placed.order_id, "wrong_product")
    row = await order(counter, placed.order_id)
    assert (row.order.state, row.order.cancel_reason, await stock(counter, PRODUCTS[0])) == (
        "cancelled", "wrong_product", 100
    )  # fmt: skip
    view = await counter.bench.store.members.get(member_id)
    assert view is not None
    assert (view.member.spent, view.member.order_count, view.spent_90d) == (0, 0, 0)
    with pytest.raises(Refused, match="already_cancelled"):
        await counter.till.cancel(placed.order_id, "other")
    assert (await counter.hq_has("order", placed.order_id)).state == "cancelled"


async def test_goods_that_left_are_not_taken_back(counter: Counter) -> None:
    placed = await counter.till.place(await filled(counter))
    sent = msgspec.structs.replace(await counter.hq_has("order", placed.order_id), state="shipped")
    counter.bench.hq.publish("order", placed.order_id, sent)
    await counter.bench.drain()
    with pytest.raises(Refused, match="already_shipped"):
        await counter.till.cancel(placed.order_id, "other")


async def test_an_order_for_a_member_that_was_merged_counts_for_the_survivor(counter: Counter) -> None:
    survivor, mine = uuid(), uuid()
    counter.bench.hq.publish("member", survivor, member())
    await counter.bench.do(sign_up(mine, "+8613812341234"))
    await counter.bench.drain()
    placed = await counter.till.place(msgspec.structs.replace(await filled(counter), member_id=mine))
    assert (await order(counter, placed.order_id)).order.member_id == survivor
    assert (await counter.hq_has("member", survivor)).spent == 4000
