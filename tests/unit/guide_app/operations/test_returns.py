"""Returns and exchanges: what each refuses, and its effect. (Laws for all orders: tests/property.)"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain import leases, payments, returns
from guide_app.domain.records import Instrument, Lease, Member, Order, Payment, Record, Ref, Spend, Stock
from guide_app.operations import OPERATIONS, Effect, Refusal, Snapshot, perform
from guide_app.operations.orders import Cancel
from guide_app.operations.returns import Exchanged, Leg, LineBack, OrderReturn, Promised, TakeBack, UndoReturn
from tests.unit.guide_app.operations.kit import GUIDE, MADE, MEMBER, ORDER, OTHER, PRODUCT, STORE, TALK, context, member
from tests.unit.guide_app.operations.kit import snapshot as rows_of
from tests.unit.guide_app.operations.test_talks_orders_staff import place

LINE, RETURN, LEASE = TALK, OTHER, "00000000-0000-4000-8000-0000000000aa"
THIRD, FIRST_BACK, SECOND_BACK = (f"00000000-0000-4000-8000-0000000000b{n}" for n in range(3))
STOCK = Ref("stock", PRODUCT)


def done(kind: str, body: Any, state: Snapshot) -> Effect | Refusal:
    return perform(OPERATIONS[kind], body, state, context())


def bought(**more: Any) -> Snapshot:
    """An order of two pieces, 5.00 each."""
    rows: dict[Ref, Record] = {Ref("member", MEMBER): member(), STOCK: Stock(on_hand=7), **more.pop("rows", {})}
    state = rows_of(rows)
    assert isinstance(done("order.place", place(**more), state), Effect)
    return state


def order_in(state: Snapshot) -> Order:
    order = state.get(Ref("order", ORDER), Order)
    assert order is not None
    return order


def taking(*pieces: int, money: int = 0, sellable: bool = True, **more: Any) -> TakeBack:
    lines = tuple(LineBack(line_id=LINE, qty=qty, reason="wrong_size", sellable=sellable) for qty in pieces)
    fields: dict[str, Any] = {"order_id": ORDER, "return_id": RETURN, "refund": Promised(money=money), **more}
    return TakeBack(lines=lines, **fields)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"order_id": OTHER}, "order_unknown"),
        ({"lines": (LineBack(line_id=OTHER, qty=1, reason="x"),)}, "body_invalid"),
        ({"legs": ({"leg_id": OTHER, "method": "cash", "amount": 501},)}, "body_invalid"),
        ({"legs": ({"leg_id": OTHER, "method": "cash", "amount": 250},) * 2}, "body_invalid"),
    ],
)
def test_what_cannot_be_read_is_parked(more: dict[str, Any], code: str) -> None:
    body = msgspec.convert({**msgspec.to_builtins(taking(1, money=500)), **msgspec.to_builtins(more)}, TakeBack)
    assert done("order.return", body, bought()) == Refusal("parked", code)


def test_the_same_return_is_none_twice() -> None:
    state = bought()
    assert isinstance(done("order.return", taking(1, money=500), state), Effect)
    assert done("order.return", taking(1, money=500), state) == Refusal("parked", "body_invalid")


def test_a_tablet_takes_back_no_more_than_its_copy_says() -> None:
    guard, state = OrderReturn().guard, bought()
    assert guard(taking(2, money=1000), state, None) is None
    assert guard(taking(1, 1, money=1000), state, None) is None, "one to sell again, one not"
    assert guard(taking(2, 1), state, None) == Refusal("rejected", "return_too_many")
    assert guard(taking(1, money=1001), state, None) == Refusal("rejected", "return_too_many")
    done("order.return", taking(1, money=500), state)
    assert guard(taking(2, return_id=TALK), state, None) == Refusal("rejected", "return_too_many")
    done("order.cancel", Cancel(order_id=ORDER, reason=""), state)
    assert guard(taking(1, return_id=TALK), state, None) == Refusal("rejected", "already_cancelled")


def test_what_is_left_is_taken_and_the_rest_is_beyond() -> None:
    state = bought()
    effect = done("order.return", taking(3, money=1500), state)
    assert isinstance(effect, Effect)
    assert effect.code == "return_too_many"
    made = order_in(state).returns[0]
    assert [(line.qty, line.beyond) for line in made.lines] == [(2, 1)]
    assert (made.risk, made.was, order_in(state).state) == (500, "placed", "returned")
    stock, who = state.get(STOCK, Stock), state.get(Ref("member", MEMBER), Member)
    assert stock is not None
    assert who is not None
    assert (stock.on_hand, who.spent, who.order_count) == (7, 0, 0)


def test_who_took_it_and_when_is_kept_and_broken_goods_are_not_sold_again() -> None:
    state = bought()
    done("order.return", taking(1, money=500, sellable=False), state)
    made, stock = order_in(state).returns[0], state.get(STOCK, Stock)
    assert (made.guide_id, made.at, order_in(state).state) == (GUIDE, MADE, "placed")
    assert stock is not None
    assert stock.on_hand == 5


def test_cancelling_what_is_left_undoes_what_is_left() -> None:
    state = bought()
    done("order.return", taking(1, money=500), state)
    done("order.cancel", Cancel(order_id=ORDER, reason=""), state)
    stock, who, order = state.get(STOCK, Stock), state.get(Ref("member", MEMBER), Member), order_in(state)
    assert stock is not None
    assert who is not None
    assert (stock.on_hand, who.spent, who.order_count) == (7, 0, 0)
    assert (order.cancelled_by, order.state) == (GUIDE, "cancelled")
    undone = done("order.return_undo", UndoReturn(order_id=ORDER, return_id=RETURN), state)
    assert undone == Effect({}), "all of it was settled when it was cancelled"


def test_an_undo_of_what_is_not_known_waits() -> None:
    assert done("order.return_undo", UndoReturn(order_id=ORDER, return_id=RETURN), bought()) == Refusal(
        "parked", "return_unknown"
    )
    assert done("order.return_undo", UndoReturn(order_id=ORDER, return_id=RETURN), Snapshot()) == Refusal(
        "parked", "order_unknown"
    )


@pytest.mark.parametrize(
    ("instrument", "body", "left"),
    [
        (Instrument(kind="points", id=OTHER), {"refund": Promised(money=500, points=3)}, 5),
        (Instrument(kind="coupon", id=OTHER), {"refund": Promised(money=500, coupons=(OTHER,))}, 3),
        (Instrument(kind="coupon", id=OTHER), {"refund": Promised(money=500)}, 2),
        (Instrument(kind="card", id=OTHER), {"legs": ({"leg_id": OTHER, "method": "gift_card", "amount": 4},)}, 6),
        (Instrument(kind="card", id=OTHER), {"legs": ({"leg_id": OTHER, "method": "cash", "amount": 4},)}, 2),
        (leases.stock_instrument(STORE, PRODUCT), {}, 3),
    ],
)
def test_leases_get_back_what_was_spent_for_what_comes_back(
    instrument: Instrument, body: dict[str, Any], left: int
) -> None:
    lease = Lease(instrument=instrument, amount=10, spent=8, expires_at="2027-01-01T00:00:00.000Z")
    state = bought(rows={Ref("lease", LEASE): lease})
    order = msgspec.structs.replace(order_in(state), spends=(Spend(lease_id=LEASE, amount=8),))
    state.apply({Ref("order", ORDER): order})
    told = msgspec.convert({**msgspec.to_builtins(taking(1, money=500)), **msgspec.to_builtins(body)}, TakeBack)
    done("order.return", told, state)
    after = state.get(Ref("lease", LEASE), Lease)
    assert after is not None
    assert after.left == left
    done("order.return_undo", UndoReturn(order_id=ORDER, return_id=RETURN), state)
    after = state.get(Ref("lease", LEASE), Lease)
    assert after == lease
    rest = {"refund": {"money": 1000}, "lines": [{"line_id": LINE, "qty": 2, "reason": "x"}], "return_id": TALK}
    done("order.return", msgspec.convert({**msgspec.to_builtins(taking()), **rest}, TakeBack), state)
    after, spends = state.get(Ref("lease", LEASE), Lease), returns.spent(order_in(state))
    assert after is not None
    if instrument.kind == "stock":
        assert (after.left, spends) == (4, (Spend(lease_id=LEASE, amount=6),))
    else:
        assert (after.left, spends) == (10, ())


def test_money_that_went_back_comes_again_with_an_undo() -> None:
    state = bought()
    paid = payments.with_legs(order_in(state), (Payment(id=OTHER, method="cash", amount=1000, at=MADE),))
    state.apply({Ref("order", ORDER): paid})
    legs = [(leg.method, leg.amount) for leg in returns.repaid(paid, 500)]
    assert legs == [("cash", 500)]
    leg = Leg(leg_id=TALK, method="cash", amount=500, of=OTHER)
    done("order.return", taking(1, money=500, legs=(leg,)), state)
    order = order_in(state)
    assert (payments.received(order), payments.due(order), order.state) == (500, 500, "paid")
    assert [(one.reason, one.of, one.id in order.returns[0].legs) for one in order.payments[1:]] == [
        ("return", OTHER, True)
    ]
    done("order.return_undo", UndoReturn(order_id=ORDER, return_id=RETURN), state)
    order = order_in(state)
    assert (payments.received(order), payments.due(order), order.state) == (1000, 1000, "paid")
    assert sum(one.amount for one in returns.repaid(order, 1000)) == 1000


def test_what_was_not_paid_yet_needs_not_go_back() -> None:
    state = bought()
    assert returns.repaid(order_in(state), 500) == ()
    done("order.return", taking(1, money=500), state)
    assert payments.owed(order_in(state)) == 500


def test_an_exchange_that_is_taken_back_leaves_no_credit_behind() -> None:
    state = bought()
    done("order.exchange", exchanging(500, 500), state)
    new = state.get(Ref("order", OTHER), Order)
    assert new is not None
    assert payments.received(new) == 500
    done("order.return_undo", UndoReturn(order_id=ORDER, return_id=TALK), state)
    done("order.cancel", Cancel(order_id=OTHER, reason=""), state)
    new = state.get(Ref("order", OTHER), Order)
    assert new is not None
    assert (payments.received(new), payments.to_refund(new), payments.received(order_in(state))) == (0, 0, 0)


def moneys(state: Snapshot) -> list[tuple[int, int, int]]:
    """What was received, is owed, is to be refunded: of the order, of what was taken for it, of what for that."""
    orders = [state.get(Ref("order", order_id), Order) for order_id in (ORDER, OTHER, THIRD)]
    return [(payments.received(one), payments.owed(one), payments.to_refund(one)) for one in orders if one is not None]


@pytest.mark.parametrize("first", [FIRST_BACK, SECOND_BACK])
def test_of_two_exchanges_in_a_row_an_undo_turns_the_credit_of_its_own(first: str) -> None:
    state = bought()
    paid = payments.with_legs(order_in(state), (Payment(id=PRODUCT, method="cash", amount=1000, at=MADE),))
    state.apply({Ref("order", ORDER): paid})
    one = exchanging(1000, 1000, back=taking(2, money=1000, return_id=FIRST_BACK))
    two = exchanging(800, 800, back=taking(2, money=800, return_id=SECOND_BACK, order_id=OTHER), order_id=THIRD)
    assert [isinstance(done("order.exchange", body, state), Effect) for body in (one, two)] == [True, True]
    assert moneys(state) == [(0, 0, 0), (200, 0, 0), (800, 200, 0)]
    undo = {FIRST_BACK: UndoReturn(ORDER, FIRST_BACK), SECOND_BACK: UndoReturn(OTHER, SECOND_BACK)}
    done("order.return_undo", undo.pop(first), state)
    if first == FIRST_BACK:
        assert moneys(state) == [(1000, 0, 0), (-800, 1000, 0), (800, 200, 0)]
    else:
        assert moneys(state) == [(0, 0, 0), (1000, 0, 0), (0, 1000, 0)]
    (last,) = undo.values()
    done("order.return_undo", last, state)
    assert moneys(state) == [(1000, 0, 0), (0, 1000, 0), (0, 1000, 0)]


def exchanging(money: int, credit: int, **more: Any) -> Exchanged:
    back = more.pop("back", taking(1, money=money, return_id=TALK))
    new = place(**{"order_id": OTHER, "number": "101AB7K00504", **more})
    fields = {name: getattr(new, name) for name in new.__struct_fields__}
    return Exchanged(**fields, back=back, credit=credit)


def test_an_exchange_is_a_return_and_a_sale_that_know_of_each_other() -> None:
    state = bought()
    assert isinstance(done("order.exchange", exchanging(500, 500), state), Effect)
    new = state.get(Ref("order", OTHER), Order)
    stock, who = state.get(STOCK, Stock), state.get(Ref("member", MEMBER), Member)
    assert new is not None
    assert stock is not None
    assert who is not None
    assert (new.exchange_of, order_in(state).returns[0].exchange_id) == (ORDER, OTHER)
    assert (stock.on_hand, who.spent, who.order_count) == (7 - 2 + 1 - 2, 1000 - 500 + 1000, 2)


def test_of_an_exchange_whose_old_order_is_not_here_the_new_one_is_shown() -> None:
    """The customer has those goods, and paid for them in part with what HQ does not know of (seeds 55755, 59520)."""
    state, exchange = rows_of({Ref("member", MEMBER): member(), STOCK: Stock(on_hand=7)}), OPERATIONS["order.exchange"]
    body = exchanging(500, 500)
    assert exchange.check(body, state, context()) == Refusal("parked", "order_unknown")
    effect = exchange.alone(body, state, context())
    assert effect is not None
    new, stock = effect.changes[Ref("order", OTHER)], effect.changes[STOCK]
    assert isinstance(new, Order)
    assert isinstance(stock, Stock)
    assert (new.exchange_of, payments.received(new), payments.owed(new), stock.on_hand) == (ORDER, 500, 500, 5)
    assert Ref("order", ORDER) not in effect.changes


def test_of_an_exchange_that_does_not_add_up_nothing_is_shown_alone() -> None:
    exchange, body = OPERATIONS["order.exchange"], exchanging(500, 500)
    wrong = msgspec.structs.replace(body, totals=msgspec.structs.replace(body.totals, total=1))
    assert exchange.alone(wrong, rows_of({}), context()) is None
    assert exchange.alone(exchanging(2000, 1001), bought(), context()) is None


@pytest.mark.parametrize(
    ("money", "credit", "more", "code"),
    [
        (500, 501, {}, "body_invalid"),
        (2000, 1001, {}, "body_invalid"),
        (500, 0, {"order_id": ORDER}, "body_invalid"),
        (500, 0, {"totals": {"lines": 1000, "discounts": 0, "total": 1}}, "total_mismatch"),
    ],
)
def test_an_exchange_that_does_not_add_up_has_no_part_of_it(
    money: int, credit: int, more: dict[str, Any], code: str
) -> None:
    told = {**msgspec.to_builtins(exchanging(money, credit)), **more}
    state = bought()
    assert done("order.exchange", msgspec.convert(told, Exchanged), state) == Refusal("parked", code)
    assert not order_in(state).returns


@pytest.mark.parametrize("pieces", [1, 2])
@pytest.mark.parametrize(
    "kinds",
    [
        ("return",), ("return", "undo"), ("return", "undo", "cancel"), ("return", "cancel"),
        ("return", "cancel", "undo"), ("cancel",), ("cancel", "return"), ("cancel", "return", "undo"),
    ],
)  # fmt: skip
def test_what_hqs_order_has_already_comes_to_the_same_for_rows_that_have_it_not(
    kinds: tuple[str, ...], pieces: int
) -> None:
    """HQ's order is here before the member and the stock: these are reckoned again, one operation after the other."""
    bodies: dict[str, Any] = {
        "return": taking(pieces, money=500 * pieces),
        "undo": UndoReturn(order_id=ORDER, return_id=RETURN),
        "cancel": Cancel(order_id=ORDER, reason=""),
    }
    names = {"return": "order.return", "undo": "order.return_undo", "cancel": "order.cancel"}
    steps = [(OPERATIONS[names[kind]], bodies[kind]) for kind in kinds]
    state, late = bought(), bought()
    taken = [step for step in steps if isinstance(perform(*step, state, context()), Effect)]
    late.apply({Ref("order", ORDER): order_in(state)})
    for operation, body in taken:
        changes = operation.effect(body, late, context()).changes
        late.apply({ref: record for ref, record in changes.items() if ref.entity != "order"})
    for ref, kind in ((STOCK, Stock), (Ref("member", MEMBER), Member)):
        assert late.get(ref, kind) == state.get(ref, kind)
