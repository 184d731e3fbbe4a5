"""Orders by how their goods reach the customer: stock, cancelling, returns, and what an erasure leaves."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import fulfilment, returns
from guide_app.domain.erasure import without_person
from guide_app.domain.leases import stock_instrument
from guide_app.domain.records import Lease, Order, Ref, Stock
from guide_app.operations import OPERATIONS, Context, Effect, Refusal, Snapshot, Versioned, perform, read
from guide_app.operations.orders import Place, WantedFulfilment
from tests.golden.make_ops import GUIDE, NOW, ORDER, PRODUCT, STORE, shop, uid
from tests.golden.op_bodies import BODIES

PLACED = BODIES["order.place", 3]["full"]
LATER = "2027-01-02T00:00:00.000Z"
OTHER_SHOP: dict[str, object] = {
    "kind": "pick_up",
    "store_id": uid(64),
    "to": {"name": "陈静", "phone": "+8613800000007"},
}


def done(kind: str, body: dict[str, object], state: Snapshot, n: int = 1, at: str = NOW) -> Effect:
    context = Context(op_id=uid(n), store_id=STORE, guide_id=GUIDE, made_at=at, now=at, currency="CNY")
    made = read(kind, OPERATIONS[kind].version, msgspec.json.encode(body).decode())
    effect = perform(OPERATIONS[kind], made, state, context)
    assert isinstance(effect, Effect)
    return effect


def on_hand(state: Snapshot) -> int:
    stock = state.get(Ref("stock", PRODUCT), Stock)
    assert stock is not None
    return stock.on_hand


def fresh() -> Snapshot:
    return Snapshot({ref: Versioned(row, 1) for ref, row in shop().items() if ref != Ref("order", ORDER)})


@pytest.mark.parametrize(
    ("way", "left"),
    [
        ({"kind": "take_away"}, 8), (PLACED["fulfilment"], 8), (OTHER_SHOP, 10),
        ({"kind": "pre_order", "day": "2026-12-24"}, 10),
    ],
)  # fmt: skip
def test_pieces_leave_the_books_of_the_shop_that_hands_them_over(way: dict[str, object], left: int) -> None:
    state = fresh()
    done("order.place", {**PLACED, "order_id": ORDER, "fulfilment": way}, state)
    assert on_hand(state) == left
    line = {"line_id": uid(1), "qty": 1, "reason": "wrong_size"}
    done("order.return", {"order_id": ORDER, "return_id": uid(80), "lines": [line], "refund": {"money": 0}}, state, 2)
    assert on_hand(state) == min(left + 1, 10), "what never was here does not come back here"
    done("order.return_undo", {"order_id": ORDER, "return_id": uid(80)}, state, 3)
    done("order.cancel", {"order_id": ORDER, "reason": "x"}, state, 4)
    assert on_hand(state) == 10


def test_who_gets_the_goods_goes_with_the_member() -> None:
    body = read("order.place", 3, msgspec.json.encode(PLACED).decode())
    left = OPERATIONS["order.place"].without_person(body)
    assert isinstance(left, Place)
    assert left.fulfilment == WantedFulfilment(kind="ship", fast=True, day="2026-11-20")
    state = fresh()
    done("order.place", {**PLACED, "order_id": ORDER}, state)
    order = state.get(Ref("order", ORDER), Order)
    assert order is not None
    assert order.fulfilment.to is not None
    kept = without_person(order).fulfilment
    assert (kept.kind, kept.to, kept.note, kept.day) == ("ship", None, "", "2026-11-20")
    exchanged = read("order.exchange", 2, msgspec.json.encode(BODIES["order.exchange", 2]["full"]).decode())
    rest = OPERATIONS["order.exchange"].without_person(exchanged)
    assert isinstance(rest, Place)
    assert (rest.fulfilment.to, rest.member_id) == (None, None)


def order_of(state: Snapshot) -> Order:
    order = state.get(Ref("order", ORDER), Order)
    assert order is not None
    return order


def waiting(way: dict[str, object], **more: object) -> Snapshot:
    state = fresh()
    done("order.place", {**PLACED, "order_id": ORDER, "fulfilment": way, **more}, state)
    return state


def test_a_pre_order_leaves_the_books_once_it_is_there() -> None:
    state = waiting({"kind": "pre_order", "day": "2026-12-24"})
    for n, (what, left, now) in enumerate(
        [("picking", 10, "placed"), ("ready", 8, "placed"), ("done", 8, "delivered"), ("done", 8, "delivered")]
    ):
        done("order.fulfil", {"order_id": ORDER, "what": what}, state, 10 + n)
        assert (on_hand(state), order_of(state).state) == (left, now)
    done("order.fulfil", {"order_id": ORDER, "what": "undo", "undoes": uid(12)}, state, 20)
    done("order.fulfil", {"order_id": ORDER, "what": "undo", "undoes": uid(13)}, state, 21)
    done("order.fulfil", {"order_id": ORDER, "what": "undo", "undoes": uid(11)}, state, 22)
    assert (on_hand(state), order_of(state).fulfilment.progress) == (10, "picking")


def test_what_cannot_come_is_to_be_settled_until_another_way_is_chosen() -> None:
    state = waiting(PLACED["fulfilment"])
    done("order.fulfil", {"order_id": ORDER, "what": "failed"}, state, 10)
    assert (order_of(state).fulfilment.repair, on_hand(state)) == ("cannot_fulfil", 8)
    done("order.reroute", {"order_id": ORDER, "fulfilment": {"kind": "pre_order", "day": "2026-12-24"}}, state, 11)
    goes = order_of(state).fulfilment
    assert (goes.kind, goes.repair, goes.progress, on_hand(state)) == ("pre_order", "", "", 10)
    assert [step.what for step in goes.steps] == ["failed", "chosen"]
    assert goes.first is not None
    assert (goes.first.kind, goes.first.to) == ("ship", order_of(waiting(PLACED["fulfilment"])).fulfilment.to)
    done("order.reroute", {"order_id": ORDER, "fulfilment": {"kind": "take_away"}}, state, 12)
    assert (on_hand(state), order_of(state).fulfilment.kind) == (8, "take_away")


def leased(kind: str, amount: int = 2) -> Snapshot:
    state = fresh()
    state.load({Ref("lease", uid(70)): Versioned(
        Lease(amount=amount, expires_at="2027-01-01T00:00:00.000Z",
              instrument=stock_instrument(STORE, PRODUCT)), 1,
    )})  # fmt: skip
    spends = [{"lease_id": uid(70), "amount": 2}]
    done("order.place", {**PLACED, "order_id": ORDER, "fulfilment": {**PLACED["fulfilment"], "kind": kind},
                         "spends": spends}, state)  # fmt: skip
    return state


def lease_left(state: Snapshot) -> int:
    lease = state.get(Ref("lease", uid(70)), Lease)
    assert lease is not None
    return lease.left


def test_pieces_that_are_put_aside_stay_so_while_they_are_needed_and_go_back_when_not() -> None:
    state = leased("pick_up")
    assert (lease_left(state), on_hand(state)) == (0, 8)
    done("order.reroute", {"order_id": ORDER, "fulfilment": PLACED["fulfilment"]}, state, 10)
    assert (lease_left(state), on_hand(state), len(order_of(state).spends)) == (0, 8, 1)
    done("order.reroute", {"order_id": ORDER, "fulfilment": {"kind": "pre_order", "day": "2026-12-24"}}, state, 11)
    assert (lease_left(state), on_hand(state), order_of(state).spends) == (2, 10, ())
    again = {"order_id": ORDER, "fulfilment": PLACED["fulfilment"], "spends": [{"lease_id": uid(70), "amount": 2}]}
    done("order.reroute", again, state, 12)
    assert (lease_left(state), on_hand(state)) == (0, 8)
    done("order.cancel", {"order_id": ORDER, "reason": "x"}, state, 13)
    assert (lease_left(state), on_hand(state)) == (2, 10)


@pytest.mark.parametrize("undone", [False, True])
def test_pieces_that_came_back_are_given_to_their_lease_once_whatever_way_the_others_go(undone: bool) -> None:
    state = leased("pick_up")
    line = {"line_id": uid(1), "qty": 1, "reason": "wrong_size", "sellable": True}
    done("order.return", {"order_id": ORDER, "return_id": uid(80), "lines": [line], "refund": {"money": 0}}, state, 10)
    assert (lease_left(state), on_hand(state)) == (1, 9)
    done("order.reroute", {"order_id": ORDER, "fulfilment": {"kind": "pre_order", "day": "2026-12-24"}}, state, 11)
    assert (lease_left(state), on_hand(state)) == (2, 10)
    again = {"order_id": ORDER, "fulfilment": PLACED["fulfilment"], "spends": [{"lease_id": uid(70), "amount": 1}]}
    done("order.reroute", again, state, 12)
    assert (lease_left(state), on_hand(state)) == (1, 9)
    if undone:
        done("order.return_undo", {"order_id": ORDER, "return_id": uid(80)}, state, 13)
        assert (lease_left(state), on_hand(state)) == (0, 8)
    done("order.cancel", {"order_id": ORDER, "reason": "x"}, state, 14)
    assert (lease_left(state), on_hand(state)) == (2, 10)


@pytest.mark.parametrize("kind", ["order.fulfil", "order.reroute"])
def test_nothing_is_done_about_goods_of_an_order_that_is_cancelled_or_not_there(kind: str) -> None:
    body = {"order_id": ORDER, "what": "ready", "fulfilment": {"kind": "take_away"}}
    context = Context(op_id=uid(1), store_id=STORE, guide_id=GUIDE, made_at=NOW, now=NOW, currency="CNY")
    made = read(kind, 1, msgspec.json.encode(body).decode())
    state = fresh()
    assert OPERATIONS[kind].check(made, state, context) == Refusal("parked", "order_unknown")
    state = waiting({"kind": "take_away"})
    done("order.cancel", {"order_id": ORDER, "reason": "x"}, state, 2)
    assert OPERATIONS[kind].check(made, state, context) == Refusal("rejected", "already_cancelled")


def test_what_came_back_before_another_shop_sent_the_rest_is_not_here_once_that_is_out() -> None:
    state = waiting(OTHER_SHOP)
    line = {"line_id": uid(1), "qty": 1, "reason": "not_wanted"}
    early: dict[str, object] = {
        "order_id": ORDER, "return_id": uid(80), "lines": [line], "refund": {"money": 0},
    }  # fmt: skip
    done("order.return", early, state, 2)
    done("order.fulfil", {"order_id": ORDER, "what": "done"}, state, 3, at=LATER)
    assert on_hand(state) == 10
    done("order.return", {**early, "return_id": uid(81)}, state, 4, at=LATER)
    assert on_hand(state) == 11, "this one the customer brought"
    done("order.return_undo", {"order_id": ORDER, "return_id": uid(80)}, state, 5, at=LATER)
    assert on_hand(state) == 11
    done("order.return_undo", {"order_id": ORDER, "return_id": uid(81)}, state, 6, at=LATER)
    assert on_hand(state) == 10


def test_what_is_out_goes_no_other_way() -> None:
    state = waiting(PLACED["fulfilment"])
    done("order.fulfil", {"order_id": ORDER, "what": "shipped"}, state, 3)
    context = Context(op_id=uid(4), store_id=STORE, guide_id=GUIDE, made_at=NOW, now=NOW, currency="CNY")
    other = read("order.reroute", 1, msgspec.json.encode(
        {"order_id": ORDER, "fulfilment": {"kind": "take_away"}}
    ).decode())  # fmt: skip
    assert OPERATIONS["order.reroute"].guard(other, state, None) == Refusal("rejected", "already_shipped")
    assert OPERATIONS["order.reroute"].check(other, state, context) is None, "HQ takes it, and says that it is late"


@given(st.lists(st.sampled_from(["ready", "done", "failed", "pre_order", "ship", "take_away", "back"]), max_size=8))
def test_the_books_follow_from_the_order_whatever_is_done(acts: list[str]) -> None:
    state = waiting({"kind": "pre_order", "day": "2026-12-24"})
    for n, act in enumerate(acts):
        before = order_of(state)
        if act == "back" and any(returns.left(before).values()):
            line = {"line_id": uid(1), "qty": 1, "reason": "wrong_size"}
            body: dict[str, object] = {"order_id": ORDER, "return_id": uid(80 + n), "lines": [line],
                                       "refund": {"money": 0}}  # fmt: skip
            done("order.return", body, state, 10 + n)
        elif act in ("pre_order", "ship", "take_away") and before.state not in returns.GONE_OUT:
            done("order.reroute", {"order_id": ORDER, "fulfilment": {"kind": act}}, state, 10 + n)
        elif act in ("ready", "done", "failed"):
            done("order.fulfil", {"order_id": ORDER, "what": act}, state, 10 + n)
        assert on_hand(state) == 10 - fulfilment.off_books(order_of(state))[PRODUCT]
