"""Returns at HQ: two tablets, one piece; the promise is kept, and what it differs is booked."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain import returns
from guide_app.domain.records import Instrument
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import Maker, body_of, new_id
from tests.unit.hq.handlers.test_variances import TENTH, basket, change, known, publish
from tests.unit.hq.handlers.test_variances import sold as priced


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


@pytest.fixture
def maker(shop: MemoryShop) -> Maker:
    return shop.maker()


def outcome(result: Any) -> tuple[str, str]:
    return (result.status, result.code)


def sold(shop: MemoryShop, maker: Maker, qty: int = 2) -> tuple[str, str, str]:
    """An order of a new member, taken by HQ: its id, its line's, the member's."""
    sign_up = maker.sign_up()
    order = maker.order([(shop.product_id, qty, PRICE)], shop.list_id, member_id=body_of(sign_up)["member_id"])
    assert [outcome(one) for one in shop.results(sign_up, order)] == [("applied", "")] * 2
    body = body_of(order)
    return body["order_id"], body["lines"][0]["line_id"], body_of(sign_up)["member_id"]


def test_a_return_moves_order_stock_and_member(shop: MemoryShop, maker: Maker) -> None:
    order_id, line_id, member_id = sold(shop, maker)
    tablet = shop.maker()
    back = tablet.take_back(order_id, [(line_id, 1)], PRICE)
    assert outcome(shop.results(back)[0]) == ("applied", "")
    order, member = shop.record("order", order_id), shop.record("member", member_id)
    assert (order.state, returns.held(order), member.spent, member.order_count) == ("accepted", PRICE, PRICE, 1)
    assert shop.record("stock", shop.product_id).on_hand == 9
    tablet.next_seq = 1
    undo = tablet.op("order.return_undo", {"order_id": order_id, "return_id": body_of(back)["return_id"]})
    assert outcome(shop.results(undo)[0]) == ("applied", "")
    assert shop.record("member", member_id).spent == 2 * PRICE
    assert shop.record("stock", shop.product_id).on_hand == 8


def test_two_tablets_return_one_piece_and_the_second_is_booked_as_risk(shop: MemoryShop, maker: Maker) -> None:
    order_id, line_id, member_id = sold(shop, maker, qty=3)
    tablets = [shop.maker() for _ in range(3)]
    told = [shop.results(one.take_back(order_id, [(line_id, 2)], 2 * PRICE))[0] for one in tablets]
    assert [outcome(one) for one in told] == [
        ("applied", ""), ("applied", "return_too_many"), ("applied", "return_too_many")
    ]  # fmt: skip
    order = shop.record("order", order_id)
    assert [[(line.qty, line.beyond) for line in one.lines] for one in order.returns] == [[(2, 0)], [(1, 1)], [(0, 2)]]
    assert [(one.refund.money, one.variance, one.risk) for one in order.returns] == [
        (2 * PRICE, 0, 0), (2 * PRICE, PRICE, PRICE), (2 * PRICE, 2 * PRICE, 2 * PRICE)
    ]  # fmt: skip
    assert (order.state, returns.held(order)) == ("returned", 0)
    assert shop.record("stock", shop.product_id).on_hand == 10
    assert (shop.record("member", member_id).spent, shop.record("member", member_id).order_count) == (0, 0)


def test_a_refund_that_differs_is_kept_and_the_rest_is_due(shop: MemoryShop, maker: Maker) -> None:
    order_id, line_id, _ = sold(shop, maker)
    short = shop.results(shop.maker().take_back(order_id, [(line_id, 1)], PRICE - 40))[0]
    assert outcome(short) == ("applied", "refund_variance")
    assert shop.record("order", order_id).returns[0].variance == -40
    rest = shop.results(shop.maker().take_back(order_id, [], 40))[0]
    assert outcome(rest) == ("applied", ""), "what was due yet is paid out"
    more = shop.results(shop.maker().take_back(order_id, [(line_id, 1)], PRICE + 7))[0]
    assert outcome(more) == ("applied", "refund_variance")
    order = shop.record("order", order_id)
    assert (order.returns[2].variance, order.returns[2].risk, returns.held(order)) == (7, 7, 0)


def test_what_comes_back_of_a_cancelled_order_is_all_risk(shop: MemoryShop, maker: Maker) -> None:
    order_id, line_id, member_id = sold(shop, maker)
    shop.results(shop.maker().cancel(order_id))
    late = shop.results(shop.maker().take_back(order_id, [(line_id, 2)], 2 * PRICE))[0]
    assert outcome(late) == ("applied", "return_too_many")
    order = shop.record("order", order_id)
    assert (order.state, order.returns[0].risk, returns.held(order)) == ("cancelled", 2 * PRICE, 0)
    assert shop.record("stock", shop.product_id).on_hand == 10
    assert shop.record("member", member_id).spent == 0


def test_a_return_of_an_order_that_is_not_here_waits(shop: MemoryShop, maker: Maker) -> None:
    back = maker.take_back(new_id(), [(new_id(), 1)], 1)
    undo = maker.op("order.return_undo", {"order_id": new_id(), "return_id": new_id()})
    order_id, _, _ = sold(shop, shop.maker())
    none = maker.op("order.return_undo", {"order_id": order_id, "return_id": new_id()})
    assert [outcome(one) for one in shop.results(back, undo, none)] == [
        ("parked", "order_unknown"), ("parked", "order_unknown"), ("parked", "return_unknown")
    ]  # fmt: skip


def test_an_exchange_is_taken_whole(shop: MemoryShop, maker: Maker) -> None:
    order_id, line_id, member_id = sold(shop, maker)
    tablet = shop.maker()
    back = body_of(shop.maker().take_back(order_id, [(line_id, 2)], 2 * PRICE))
    new = tablet.order(
        [(shop.product_id, 1, PRICE)], shop.list_id, kind="order.exchange", back=back, credit=PRICE, member_id=member_id
    )
    assert outcome(shop.results(new)[0]) == ("applied", "")
    order, other = shop.record("order", order_id), shop.record("order", body_of(new)["order_id"])
    assert (order.state, other.state, other.exchange_of) == ("returned", "paid", order_id)
    assert order.returns[0].exchange_id == body_of(new)["order_id"]
    assert shop.record("stock", shop.product_id).on_hand == 9
    member = shop.record("member", member_id)
    assert (member.spent, member.order_count) == (PRICE, 1)
    tablet.next_seq = 1
    again = {**back, "return_id": new_id()}
    wrong = tablet.order([(new_id(), 1, PRICE)], shop.list_id, kind="order.exchange", back=again)
    assert outcome(shop.results(wrong)[0]) == ("parked", "product_unknown")
    assert len(shop.record("order", order_id).returns) == 1


def _granted(shop: MemoryShop, device: str, card: Instrument) -> str:
    lease = shop.grant(device, card, 40).lease
    assert lease is not None
    return lease.id


def test_what_a_broken_set_costs_is_reckoned_at_hq_as_on_the_tablet(shop: MemoryShop) -> None:
    """Three for two, by a version that HQ had ended before the tablet heard of it: the order names it."""
    row_id = publish(
        shop, change(TENTH, kind="buy_get", buy=2, get=1, percent=10_000, until_moment="2026-11-02T00:00:00.000Z")
    )
    asked = basket(shop, known(shop, row_id))
    asked = change(asked, lines=(change(asked.lines[0], qty=3),))
    order = priced(shop, asked)
    (order_id,) = (ref.id for (at, ref) in shop.hq.state.rows if at == shop.store_id and ref.entity == "order")
    assert order.totals.total == 2 * PRICE
    line_id = order.lines[0].line_id
    told = [shop.results(shop.maker().take_back(order_id, [(line_id, 1)], money))[0] for money in (0, PRICE, PRICE - 9)]
    assert [outcome(one) for one in told] == [("applied", ""), ("applied", ""), ("applied", "refund_variance")]
    assert [one.variance for one in shop.record("order", order_id).returns] == [0, 0, -9]


def test_leases_of_what_came_back_are_the_instruments_again(shop: MemoryShop, maker: Maker) -> None:
    card, device = shop.instrument(100, "card"), new_id()
    lease_id = _granted(shop, device, card)
    order = maker.order([(shop.product_id, 1, PRICE)], shop.list_id, spends=[{"lease_id": lease_id, "amount": 30}])
    shop.results(order)
    body = body_of(order)
    shop.results(shop.maker().take_back(body["order_id"], [(body["lines"][0]["line_id"], 1)], PRICE))
    assert shop.record("lease", lease_id).left == 40
    assert shop.record("order", body["order_id"]).returns[0].spends[0].amount == 30


@pytest.mark.parametrize(("taken", "code", "risk"), [(70, "", 0), (80, "overspent", 10), (100, "overspent", 30)])
def test_an_undo_fetches_what_its_closed_lease_gave_away_or_books_the_risk(
    shop: MemoryShop, maker: Maker, taken: int, code: str, risk: int
) -> None:
    """What the return had given back went on to the card with its lease: others may have it by now."""
    card, stream = shop.instrument(100, "card"), shop.stream()
    lease_id = _granted(shop, stream.device_id, card)
    order = maker.order([(shop.product_id, 1, PRICE)], shop.list_id, spends=[{"lease_id": lease_id, "amount": 30}])
    body, tablet = body_of(order), shop.maker()
    back = tablet.take_back(body["order_id"], [(body["lines"][0]["line_id"], 1)], PRICE)
    shop.push(stream, [order])
    shop.results(back)
    shop.push(stream, [maker.give_back(lease_id, 40)])
    assert shop.value(card).free == 100
    assert shop.grant(new_id(), card, taken).granted == taken
    undo = {"order_id": body["order_id"], "return_id": body_of(back)["return_id"]}
    assert outcome(shop.results(shop.maker().op("order.return_undo", undo))[0]) == ("applied", code)
    assert (shop.lease(lease_id).spent, shop.lease(lease_id).overspent) == (30, risk)
    assert shop.value(card).free == 100 - taken - 30 + risk
