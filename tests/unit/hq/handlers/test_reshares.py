"""Whose sale an order is, corrected at HQ: who may allow it, and what of two corrections stands."""

from __future__ import annotations

import pytest

from guide_app.domain import shares
from guide_app.domain.records import Order
from sync.protocol.messages import Result
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import Maker, body_of, new_id


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def placed(shop: MemoryShop, maker: Maker) -> str:
    op = maker.order([(shop.product_id, 1, PRICE)], shop.list_id)
    assert said(shop.results(op)[0]) == ("applied", "")
    return str(body_of(op)["order_id"])


def correct(shop: MemoryShop, order_id: str, parts: dict[str, int], approved_by: str) -> tuple[str, str]:
    """What HQ says to a correction that a tablet of its own makes."""
    maker = shop.maker()
    return said(shop.results(maker.reshare(order_id, parts, approved_by))[0])


def order_of(shop: MemoryShop, order_id: str) -> Order:
    found: Order = shop.record("order", order_id)
    return found


def said(result: Result) -> tuple[str, str]:
    return result.status, result.code


def test_a_manager_of_the_store_allows_it(shop: MemoryShop) -> None:
    manager, colleague = new_id(), new_id()
    shop.hire(manager, "manager")
    shop.hire(colleague)
    order_id = placed(shop, shop.maker())
    assert correct(shop, order_id, {shop.guide_id: 5_000, colleague: 5_000}, manager) == ("applied", "")
    assert shares.by_guide(order_of(shop, order_id)) == {shop.guide_id: PRICE // 2, colleague: PRICE // 2}


def test_nobody_else_does(shop: MemoryShop) -> None:
    gone, other = new_id(), MemoryShop(shop.hq)
    shop.hire(gone, "manager", active=False)
    other.hire(elsewhere := new_id(), "manager")
    order_id = placed(shop, shop.maker())
    for approved_by in (shop.guide_id, gone, elsewhere, new_id()):
        assert correct(shop, order_id, {shop.guide_id: 10_000}, approved_by) == ("rejected", "no_manager")
    assert order_of(shop, order_id).reshares == ()


def test_a_guide_of_another_store_may_have_helped_and_one_whom_nobody_knows_waits(shop: MemoryShop) -> None:
    manager, other = new_id(), MemoryShop(shop.hq)
    shop.hire(manager, "manager")
    order_id = placed(shop, shop.maker())
    assert correct(shop, order_id, {other.guide_id: 10_000}, manager) == ("applied", "")
    assert correct(shop, order_id, {new_id(): 10_000}, manager) == ("parked", "guide_unknown")
    assert shares.by_guide(order_of(shop, order_id)) == {other.guide_id: PRICE}


def test_of_two_the_later_at_hq_stands_and_both_are_kept(shop: MemoryShop) -> None:
    manager = new_id()
    shop.hire(manager, "manager")
    order_id = placed(shop, shop.maker())
    late = shop.maker().reshare(order_id, {manager: 10_000}, manager)
    assert correct(shop, order_id, {manager: 3_000, shop.guide_id: 7_000}, manager) == ("applied", "")
    assert said(shop.results(late)[0]) == ("applied", "")
    order = order_of(shop, order_id)
    assert shares.by_guide(order) == {manager: PRICE}
    assert [len(one.shares) for one in order.reshares] == [2, 1]
    assert order.reshares[1].before[0].shares == order.reshares[0].shares, "each says what it changed"
