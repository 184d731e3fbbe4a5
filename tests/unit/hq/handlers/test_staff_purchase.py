"""Staff purchase at HQ: a month's limit is leased once over all tablets, and what exceeds it is said."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.leases import staff_instrument
from guide_app.domain.records import Order, Staff, StaffPurchase
from hq.ledger.port import Stream
from tests.memory_hq import NOW, PRICE, MemoryShop
from tests.ops import body_of, new_id

LIMIT = 5 * PRICE


class Shop:
    """Two tablets, and a colleague who may buy for five pieces' price a month."""

    def __init__(self, **right: Any) -> None:
        self.shop, self.person = MemoryShop(), new_id()
        self.let(StaffPurchase(**{"limit": LIMIT, **right}))
        self.tablets = [new_id(), new_id()]
        self.makers = [self.shop.maker(), self.shop.maker()]

    def let(self, right: StaffPurchase | None, *, active: bool = True) -> None:
        row = Staff(name="李娜", staff_no="09", active=active, purchase=right)
        self.shop._furnish(self.shop.store_id, "staff", self.person, row)

    def ask(self, tablet: int, amount: int, *, month: str = "", now: datetime = NOW, whose: str = "") -> Any:
        limit = staff_instrument(self.shop.store_id, self.person, month or f"{now:%Y-%m}")
        return self.shop.grant(self.tablets[tablet], limit, amount, now=now, staff_id=whose or self.person)

    def sell(self, tablet: int, pieces: int, spends: list[dict[str, Any]], **more: Any) -> tuple[str, str]:
        goods = [(self.shop.product_id, pieces, PRICE)]
        op = self.makers[tablet].order(goods, schema_v=4, spends=spends, staff_id=self.person, **more)
        self.last: str = body_of(op)["order_id"]
        return self.push(tablet, op)

    def push(self, tablet: int, op: Any) -> tuple[str, str]:
        stream = Stream(self.shop.store_id, self.tablets[tablet], self.tablets[tablet])
        result = self.shop.push(stream, [op], now=NOW).results[0]
        return result.status, result.code

    @property
    def order(self) -> Order:
        found: Order = self.shop.record("order", self.last)
        return found


def spending(answer: Any, amount: int) -> list[dict[str, Any]]:
    return [{"lease_id": answer.lease.id, "amount": amount}]


def test_two_tablets_share_one_limit_and_the_order_says_who_bought() -> None:
    shop = Shop()
    first, second = shop.ask(0, 3 * PRICE), shop.ask(1, 3 * PRICE)
    assert [(one.granted, one.code) for one in (first, second)] == [(3 * PRICE, ""), (2 * PRICE, "part")]
    assert shop.sell(0, 3, spending(first, 3 * PRICE)) == ("applied", "")
    assert (shop.order.staff_id, shop.order.member_id) == (shop.person, "")
    assert shop.sell(1, 2, spending(second, 2 * PRICE)) == ("applied", "")
    assert (shop.ask(0, 1).granted, shop.ask(1, 1).code) == (0, "nothing_left")


def test_what_two_tablets_spend_beyond_it_is_taken_and_said() -> None:
    shop = Shop()
    lease = shop.ask(0, LIMIT)
    assert shop.sell(0, 5, spending(lease, LIMIT)) == ("applied", "")
    assert shop.sell(0, 1, spending(lease, PRICE)) == ("applied", "overspent")
    assert shop.shop.lease(lease.lease.id).overspent == PRICE


def test_an_order_that_does_not_spend_what_it_costs_is_taken_and_said() -> None:
    shop = Shop()
    assert shop.sell(0, 1, []) == ("applied", "staff_limit")
    assert shop.order.totals.total == PRICE, "the price that was told stands"


def test_a_member_s_order_is_no_colleague_s() -> None:
    shop = Shop()
    assert shop.sell(0, 1, [], member_id=new_id()) == ("parked", "body_invalid")


def test_cancelled_the_limit_is_there_again() -> None:
    shop = Shop()
    lease = shop.ask(0, LIMIT)
    shop.sell(0, 5, spending(lease, LIMIT))
    cancel = shop.makers[0].op("order.cancel", {"order_id": shop.last, "reason": "x"})
    assert shop.push(0, cancel) == ("applied", "")
    assert shop.shop.lease(lease.lease.id).left == LIMIT


def test_what_a_cancel_gave_back_no_return_of_another_tablet_gives_back_again() -> None:
    """Seed 1902: the limit grew by what the order had cost."""
    shop = Shop()
    lease = shop.ask(0, LIMIT)
    shop.sell(0, 2, spending(lease, 2 * PRICE))
    line_id = shop.order.lines[0].line_id
    cancel = shop.makers[0].op("order.cancel", {"order_id": shop.last, "reason": "x"})
    assert shop.push(0, cancel) == ("applied", "")
    late = shop.makers[1].take_back(shop.last, [(line_id, 2)], 2 * PRICE)
    assert shop.push(1, late) == ("applied", "return_too_many")
    after = shop.shop.lease(lease.lease.id)
    assert (after.spent, after.left, shop.order.returns[0].spends) == (0, LIMIT, ())


@pytest.mark.parametrize("right", [None, StaffPurchase(limit=LIMIT, until="2020-01-01")])
def test_nothing_is_free_of_a_right_that_was_stopped_or_has_ended(right: StaffPurchase | None) -> None:
    shop = Shop()
    lease = shop.ask(0, PRICE)
    shop.let(right)
    assert (shop.ask(1, PRICE).granted, shop.ask(1, PRICE).code) == (0, "nothing_left")
    assert shop.sell(0, 1, spending(lease, PRICE)) == ("applied", ""), "what a tablet holds it may spend"


def test_nothing_is_free_for_who_works_here_no_more() -> None:
    shop = Shop()
    shop.let(StaffPurchase(limit=LIMIT), active=False)
    assert shop.ask(0, 1).code == "nothing_left"


def test_a_limit_that_hq_changes_counts_at_once_and_never_below_what_is_held() -> None:
    shop = Shop()
    shop.ask(0, 4 * PRICE)
    shop.let(StaffPurchase(limit=2 * PRICE))
    assert shop.ask(1, PRICE).granted == 0
    shop.let(StaffPurchase(limit=10 * PRICE))
    assert shop.ask(1, 9 * PRICE).granted == 6 * PRICE


def test_each_month_has_its_own_limit_and_only_the_shop_s_own_is_given_out() -> None:
    shop = Shop()
    assert shop.ask(0, LIMIT).granted == LIMIT
    later = NOW + timedelta(days=31)
    assert shop.ask(0, LIMIT, now=later).granted == LIMIT
    assert shop.ask(0, 1, month="2031-01").code == "instrument_unknown"
    assert shop.ask(0, 1, whose=new_id()).code == "instrument_unknown"


@given(st.randoms(use_true_random=False))
def test_however_two_tablets_ask_they_never_hold_more_than_the_limit(chance: random.Random) -> None:
    shop, held = Shop(), 0
    for _ in range(12):
        if chance.random() < 0.2:
            shop.let(StaffPurchase(limit=chance.randint(1, LIMIT)))
        held += shop.ask(chance.randint(0, 1), chance.randint(1, LIMIT)).granted
        assert held <= LIMIT
    limit = staff_instrument(shop.shop.store_id, shop.person, f"{NOW:%Y-%m}")
    value = shop.shop.value(limit)
    assert value.held == held <= value.balance
