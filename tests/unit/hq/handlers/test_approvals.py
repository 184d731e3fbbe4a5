"""What is taken off by hand: HQ takes every order, and says and books where nobody was allowed to."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.clock import from_text
from guide_app.domain.pricing import Basket, Line, Manual
from guide_app.domain.records import Ref, Settings, Staff, Variance
from guide_app.operations import Versioned
from tests.memory_hq import PRICE, MemoryShop
from tests.ops import Maker, new_id
from tests.priced import told

PLACED = "2026-11-20T10:00:00.000Z"
HALF = PRICE // 2


@pytest.fixture
def shop() -> MemoryShop:
    made = MemoryShop()
    limits = Settings(guide_limit=500, manager_limit=5_000)
    made.hq.shop_row("", Ref("settings", new_id()), Versioned(limits, 1))
    return made


def manager(shop: MemoryShop, store_id: str = "", **more: Any) -> str:
    """Somebody who manages this store, or another one."""
    staff_id = new_id()
    person = Staff(**{"name": "顾明珊", "staff_no": "09", "role": "manager", **more})
    shop.hq.shop_row(store_id or shop.store_id, Ref("staff", staff_id), Versioned(person, 1))
    return staff_id


def sold(shop: MemoryShop, *manual: Manual, code: str = "") -> tuple[Variance, ...]:
    """What HQ books of an order of one piece with these discounts by hand."""
    line = Line(line_id=new_id(), product_id=shop.product_id, qty=1, price=PRICE)
    body = {
        "order_id": new_id(), "number": new_id(), "price_list": {"id": shop.list_id, "version": 1},
        "fulfilment": {"kind": "take_away"}, **told(Basket(at=from_text(PLACED), lines=(line,), manual=manual)),
    }  # fmt: skip
    (result,) = shop.results(Maker(shop.store_id, shop.guide_id).op("order.place", body, schema_v=2))
    order = shop.record("order", body["order_id"])
    assert (result.status, result.code) == ("applied", code)
    assert order.totals.total == PRICE - sum(one.amount for one in order.lines[0].discounts)
    assert order.variance == sum(one.amount for one in order.variances)
    return tuple(order.variances)


def test_a_guide_may_give_a_little_alone(shop: MemoryShop) -> None:
    assert sold(shop, Manual(manual_id="m", percent=500, label="x")) == ()


def test_more_needs_a_manager_of_this_store(shop: MemoryShop) -> None:
    half = Manual(manual_id="m", amount=HALF, approved_by=manager(shop))
    assert sold(shop, half) == ()
    booked = (Variance(cause="approval_missing", amount=-HALF, id="m"),)
    nobody = ("", "nobody", shop.guide_id, manager(shop, new_id()), manager(shop, active=False))
    for one in nobody:
        named = Manual(manual_id="m", amount=HALF, approved_by=one)
        assert sold(shop, named, code="approval_missing") == booked


def test_a_manager_has_a_limit_too(shop: MemoryShop) -> None:
    more = Manual(manual_id="m", percent=5_100, approved_by=manager(shop))
    assert [one.cause for one in sold(shop, more, code="approval_missing")] == ["approval_missing"]


def test_who_is_named_for_what_a_guide_may_give_alone_does_not_matter(shop: MemoryShop) -> None:
    assert sold(shop, Manual(manual_id="m", percent=500, approved_by="nobody")) == ()
