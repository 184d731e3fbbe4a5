"""A wallet with what orders that wait here took out of it, and put back."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from msgspec.structs import replace

from guide_app.domain import wallets
from guide_app.domain.records import (
    Card,
    ChosenCoupon,
    Coupon,
    Discount,
    FromCard,
    Names,
    Order,
    OrderLine,
    Payment,
    PricedBy,
    Refund,
    Return,
    ReturnedLine,
    Totals,
    Wallet,
)

FIVE = Coupon(title=Names(en="5 off"), id="five", promotion="p", uses=1)
WALLET = Wallet(points=100, coupons=(FIVE, Coupon(title=Names(en="Tea"), id="tea", promotion="q", uses=2)))


def order(points: int = 30, coupons: tuple[str, ...] = ("five",), **more: Any) -> Order:
    """Two pieces, paid by points and coupons too."""
    named = Discount(kind="coupon", amount=5, source_id="five", names=Names(en="5 off"))
    line = OrderLine(line_id="l", product_id="p", qty=2, unit_price=10, amount=15, discounts=(named,))
    chosen = tuple(ChosenCoupon(coupon_id=one, promotion_id="v1") for one in coupons)
    told: dict[str, Any] = {
        "number": "1", "state": "placed", "guide_id": "g", "placed_at": "", "currency": "CNY", "lines": (line,),
        "totals": Totals(lines=20, discounts=5, total=15), "priced_by": PricedBy(points=points, coupons=chosen),
    }  # fmt: skip
    return Order(**told | more)


def back(pieces: int, points: int, *coupons: str, void: bool = False) -> Return:
    return Return(
        return_id=f"r{pieces}", guide_id="g", at="", refund=Refund(points=points, coupons=coupons),
        lines=(ReturnedLine(line_id="l", qty=pieces),), void=void,
    )  # fmt: skip


def now(here: Order, at_hq: Order | None = None, wallet: Wallet = WALLET) -> tuple[int, dict[str, int]]:
    told = wallets.now(wallet, (wallets.Change(at_hq, here),))
    return told.points, {one.id: one.uses for one in told.coupons}


def test_what_waits_here_is_off_it_at_once() -> None:
    assert now(order(coupons=("five", "tea"))) == (70, {"five": 0, "tea": 1})
    assert now(order(points=500)) == (0, {"five": 0, "tea": 2})


def test_what_hq_knows_of_already_is_not_taken_off_twice() -> None:
    assert now(order(state="paid"), order()) == (100, {"five": 1, "tea": 2})


def test_what_is_cancelled_here_is_back_at_once() -> None:
    assert now(order(state="cancelled"), order()) == (130, {"five": 2, "tea": 2})
    assert now(order(state="cancelled")) == (100, {"five": 1, "tea": 2})
    without = replace(WALLET, coupons=())
    told = wallets.now(without, (wallets.Change(order(), order(state="cancelled")),))
    assert told.coupons == (Coupon(title=Names(en="5 off"), id="five", promotion="v1"),)


def test_what_a_return_brings_is_back_and_all_of_it_where_nothing_stays() -> None:
    assert now(order(returns=(back(1, 10),)), order()) == (110, {"five": 1, "tea": 2})
    assert now(order(returns=(back(1, 10, "five"),)), order()) == (110, {"five": 2, "tea": 2})
    assert now(order(returns=(back(2, 0),), state="returned"), order()) == (130, {"five": 2, "tea": 2})
    assert now(order(returns=(back(1, 10, void=True),)), order()) == (100, {"five": 1, "tea": 2})


def test_an_order_that_does_not_say_what_it_was_priced_by_uses_nothing() -> None:
    assert now(order(priced_by=None)) == (100, {"five": 1, "tea": 2})


def by_card(amount: int, kind: Literal["paid", "refunded"] = "paid") -> Payment:
    return Payment(
        id=f"{kind}{amount}", kind=kind, method="gift_card", amount=amount, at="", card=FromCard(id="c", lease_id="l")
    )


@pytest.mark.parametrize(
    ("here", "at_hq", "balance"),
    [
        ((by_card(40),), (), 10),
        ((by_card(40),), (by_card(40),), 50),
        ((by_card(40), by_card(15, "refunded")), (by_card(40),), 65),
        ((by_card(60),), None, 0),
    ],
)
def test_what_a_card_paid_here_is_off_it_at_once(
    here: tuple[Payment, ...], at_hq: tuple[Payment, ...] | None, balance: int
) -> None:
    before = None if at_hq is None else order(payments=at_hq)
    wallet = Wallet(cards=(Card(id="c", balance=50), Card(id="d", balance=7)))
    told = wallets.now(wallet, (wallets.Change(before, order(payments=here)),))
    assert [one.balance for one in told.cards] == [balance, 7]
