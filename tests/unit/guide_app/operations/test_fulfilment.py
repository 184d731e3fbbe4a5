"""Orders by how their goods reach the customer: stock, cancelling, returns, and what an erasure leaves."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain.erasure import without_person
from guide_app.domain.records import Order, Ref, Stock
from guide_app.operations import OPERATIONS, Context, Effect, Snapshot, Versioned, perform, read
from guide_app.operations.orders import Place, WantedFulfilment
from tests.golden.make_ops import GUIDE, NOW, ORDER, PRODUCT, STORE, shop, uid
from tests.golden.op_bodies import BODIES

PLACED = BODIES["order.place", 3]["full"]
OTHER_SHOP = {"kind": "pick_up", "store_id": uid(64), "to": {"name": "陈静", "phone": "+8613800000007"}}


def done(kind: str, body: dict[str, object], state: Snapshot, n: int = 1) -> Effect:
    context = Context(op_id=uid(n), store_id=STORE, guide_id=GUIDE, made_at=NOW, now=NOW, currency="CNY")
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
    ("fulfilment", "left"),
    [
        ({"kind": "take_away"}, 8), (PLACED["fulfilment"], 8), (OTHER_SHOP, 10),
        ({"kind": "pre_order", "day": "2026-12-24"}, 10),
    ],
)  # fmt: skip
def test_pieces_leave_the_books_of_the_shop_that_hands_them_over(fulfilment: dict[str, object], left: int) -> None:
    state = fresh()
    done("order.place", {**PLACED, "order_id": ORDER, "fulfilment": fulfilment}, state)
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
