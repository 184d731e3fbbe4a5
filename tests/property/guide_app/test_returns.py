"""Whatever was bought under whatever promotions, and in whatever parts it comes back: all refunds together are what was
paid, each says what is forgone to the cent, and taking a return back leaves nothing behind."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guide_app.domain import payments, returns
from guide_app.domain.errors import BadInput
from guide_app.domain.pricing import Basket
from guide_app.domain.records import Member, Order, Ref, Refund, Return, ReturnedLine, Stock
from guide_app.operations import OPERATIONS, Context, Effect, Snapshot, Versioned, perform
from guide_app.operations.returns import LineBack, Promised, TakeBack, UndoReturn
from tests.property.guide_app.baskets import baskets
from tests.sold_again import GUIDE, order_of

replace = msgspec.structs.replace
STORE, MEMBER, ORDER = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 3, 4))
CONTEXT = Context(
    op_id=ORDER, store_id=STORE, guide_id=GUIDE, made_at="2026-11-21T10:00:00.000Z", now="2026-11-21T10:00:01.000Z",
    currency="CNY",
)  # fmt: skip


def parts(order: Order, random: Random) -> list[dict[str, int]]:
    """All pieces of the order, in some parts one after the other."""
    pieces = [line.line_id for line in order.lines for _ in range(line.qty)]
    random.shuffle(pieces)
    made = []
    while pieces:
        size = random.randint(1, len(pieces))
        made.append(dict(Counter(pieces[:size])))
        pieces = pieces[size:]
    return made


def with_return(order: Order, more: dict[str, int], told: returns.Reckoned, number: int) -> Order:
    lines = tuple(ReturnedLine(line_id=line_id, qty=qty) for line_id, qty in more.items())
    refund = Refund(money=told.back.money, points=told.back.points, coupons=told.back.coupons)
    one = Return(return_id=str(number), guide_id=GUIDE, at=CONTEXT.made_at, lines=lines, refund=refund)
    return replace(order, returns=(*order.returns, one))


@given(baskets(), st.randoms(use_true_random=False), st.booleans())
def test_all_refunds_together_are_what_was_paid(basket: Basket, random: Random, priced: bool) -> None:
    order = order_of(basket)
    if not priced:
        order, basket = replace(order, priced_by=None), Basket(at=basket.at)
    for number, more in enumerate(parts(order, random)):
        told = returns.reckon(order, basket if priced else None, more)
        assert told.back.money >= 0
        assert told.goods == told.back.money - told.wanting + sum(one.amount for one in told.forgone)
        assert not (told.back.money and told.wanting)
        order = with_return(order, more, told, number)
    assert not any(returns.left(order).values())
    assert returns.held(order) == 0
    assert sum(one.refund.money for one in order.returns) == order.totals.total


@given(baskets(), st.randoms(use_true_random=False))
def test_two_returns_that_know_nothing_of_each_other_are_settled_by_the_next(basket: Basket, random: Random) -> None:
    """Two tablets reckon from the same order; whoever comes last gets what is due yet, or less by what was too much."""
    sold = order_of(basket)
    made = parts(sold, random)
    first, second, rest = made[:1], made[1:2], made[2:]
    order = sold
    for number, more in enumerate((*first, *second)):
        order = with_return(order, more, returns.reckon(sold, basket, more), number)
    if returns.held(order) < 0:
        return  # above what was paid: HQ books that as risk (tests/unit/hq/handlers/test_returns.py)
    for number, more in enumerate((*rest, {}), 2):
        order = with_return(order, more, returns.reckon(order, basket, more), number)
    assert returns.held(order) == 0


@given(baskets())
def test_more_than_was_sold_is_refused_before_anything_is_reckoned(basket: Basket) -> None:
    order = order_of(basket)
    for line in order.lines:
        with pytest.raises(BadInput, match="return_too_many"):
            returns.reckon(order, basket, {line.line_id: line.qty + 1})
    with pytest.raises(BadInput, match="return_too_many"):
        returns.reckon(order, basket, {"nobody's": 1})


def uuids(order: Order) -> Order:
    """The same with ids that an operation may name."""
    lines = tuple(
        replace(line, line_id=f"00000000-0000-4000-8000-{n:012d}", product_id=f"00000000-0000-4000-9000-{n:012d}")
        for n, line in enumerate(order.lines)
        if line.qty
    )
    return payments.standing(replace(order, lines=lines, priced_by=None, member_id=MEMBER))


def shop(order: Order) -> dict[Ref, Any]:
    who = Member(
        member_no="M1", phone="+8613812341234", name="Synthetic Person", spent=order.totals.total + 70, order_count=3
    )
    stock = {Ref("stock", line.product_id): Stock(on_hand=5) for line in order.lines}
    return {Ref("order", ORDER): order, Ref("member", MEMBER): who, **stock}


def seen(state: Snapshot, rows: dict[Ref, Any]) -> dict[Ref, Any]:
    """What there is, but for when the stock was counted and for returns that are void."""
    told: dict[Ref, Any] = {}
    for ref in rows:
        row = state.row(ref)
        assert row is not None
        record: Any = row.record
        if isinstance(record, Stock):
            record = replace(record, as_of="")
        if isinstance(record, Order):
            record = replace(record, returns=returns.standing(record))
        told[ref] = record
    return told


@given(baskets(), st.randoms(use_true_random=False))
def test_a_return_moves_stock_and_member_and_taking_it_back_undoes_it_exactly(basket: Basket, random: Random) -> None:
    order = uuids(order_of(basket))
    assume(order.lines)
    rows = shop(order)
    state = Snapshot({ref: Versioned(row, 1) for ref, row in rows.items()})
    before, ids = seen(state, rows), []
    for number, more in enumerate(parts(order, random)):
        now = state.get(Ref("order", ORDER), Order)
        assert now is not None
        told, ok = returns.reckon(now, None, more), random.random() < 0.7
        ids.append(f"00000000-0000-4000-a000-{number:012d}")
        lines = tuple(LineBack(line_id=line, qty=qty, reason="x", sellable=ok) for line, qty in more.items())
        body = TakeBack(order_id=ORDER, return_id=ids[-1], lines=lines, refund=Promised(money=told.back.money))
        assert OPERATIONS["order.return"].guard(body, state, None) is None
        assert isinstance(perform(OPERATIONS["order.return"], body, state, CONTEXT), Effect)
    back, member = state.get(Ref("order", ORDER), Order), state.get(Ref("member", MEMBER), Member)
    assert back is not None
    assert member is not None
    assert (back.state, returns.held(back)) == ("returned", 0)
    assert (member.spent, member.order_count) == (70, 2)
    random.shuffle(ids)
    for number, return_id in enumerate(ids * 2):  # a second time there is nothing to undo
        another = replace(CONTEXT, op_id=f"00000000-0000-4000-b000-{number:012d}")
        perform(OPERATIONS["order.return_undo"], UndoReturn(order_id=ORDER, return_id=return_id), state, another)
    assert seen(state, rows) == before
