"""A quotation: what it promises, and that it becomes one order at most."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import asdict, replace

from guide_app.domain import quotations
from guide_app.domain.records import Fulfilment, Order, OrderLine, PriceListUsed, Quotation, Ref, Totals
from guide_app.operations import OPERATIONS, Body, Effect, Refusal, Snapshot, perform
from guide_app.operations.orders import Cancel, PlacedLine
from guide_app.operations.quotations import Quote, QuoteV1, TakeQuote, VoidQuote
from tests.unit.guide_app.operations.kit import GUIDE, MADE, MEMBER, ORDER, OTHER, PRODUCT, TALK, context, snapshot

QUOTATION, SECOND = TALK, OTHER
REF, SALE = Ref("quotation", QUOTATION), Ref("order", ORDER)
LINE = PlacedLine(line_id=PRODUCT, product_id=PRODUCT, qty=2, unit_price=500, amount=1000)


def order(**more: Any) -> Order:
    line = OrderLine(line_id=PRODUCT, product_id=PRODUCT, qty=2, unit_price=500, amount=1000)
    sums = Totals(lines=1000, discounts=0, total=1000)
    return Order(
        number="N", state="accepted", guide_id=GUIDE, placed_at=MADE, currency="CNY", lines=(line,), totals=sums, **more
    )


def shop() -> Snapshot:
    """Two orders, and no quotation yet."""
    return snapshot({SALE: order(), Ref("order", SECOND): order()})


def quote(**more: Any) -> Quote:
    given: dict[str, Any] = {
        "quotation_id": QUOTATION, "number": "Q1", "lines": (LINE,), "valid_until": "2026-12-05",
        "totals": Totals(lines=1000, discounts=0, total=1000), "price_list": PriceListUsed(id=ORDER, version=1), **more,
    }  # fmt: skip
    return Quote(**given)


def do(rows: Snapshot, body: Body) -> Effect | Refusal:
    kind = {
        Quote: "quote.make", VoidQuote: "quote.void", TakeQuote: "quote.take", Cancel: "order.cancel"
    }[type(body)]  # fmt: skip
    operation = OPERATIONS[kind]
    return perform(operation, body, rows, context())


def take(order_id: str = ORDER) -> TakeQuote:
    return TakeQuote(quotation_id=QUOTATION, order_id=order_id, member_id=MEMBER)


def void() -> VoidQuote:
    return VoidQuote(quotation_id=QUOTATION, reason="not_wanted")


def found(rows: Snapshot) -> Quotation:
    quotation = rows.get(REF, Quotation)
    assert quotation is not None
    return quotation


def of_quotation(rows: Snapshot) -> list[str]:
    """The orders that say they came of it, and stand."""
    both = {order_id: rows.get(Ref("order", order_id), Order) for order_id in (ORDER, SECOND)}
    return [
        order_id for order_id, one in both.items() if one and one.quotation_id == QUOTATION and one.state != "cancelled"
    ]


def test_it_keeps_what_was_promised() -> None:
    rows = shop()
    do(rows, quote(member_id=MEMBER, note="blue"))
    made = found(rows)
    assert (made.number, made.state, made.guide_id, made.made_at) == ("Q1", "open", GUIDE, MADE)
    assert (made.valid_until, made.currency, made.member_id, made.note) == ("2026-12-05", "CNY", MEMBER, "blue")
    assert [(line.qty, line.amount) for line in made.lines] == [(2, 1000)]
    assert made.fulfilment == Fulfilment(), "taken away, where nobody says anything else"
    assert quotations.holds(made, "2026-12-05")
    assert not quotations.holds(made, "2026-12-06")


def test_a_body_of_before_is_read_as_taken_away() -> None:
    old = QuoteV1(**{name: value for name, value in asdict(quote(note="blue")).items() if name != "fulfilment"})
    assert OPERATIONS["quote.make"].older[0].upgrade(old) == quote(note="blue")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (quote(totals=Totals(lines=1000, discounts=0, total=999)), "total_mismatch"),
        (quote(lines=(replace(LINE, amount=999),)), "total_mismatch"),
        (quote(lines=(LINE, LINE), totals=Totals(lines=2000, discounts=0, total=2000)), "body_invalid"),
    ],
)
def test_what_does_not_add_up_waits(body: Quote, code: str) -> None:
    assert do(shop(), body) == Refusal("parked", code)


def test_one_order_comes_of_it_and_the_other_stands_alone() -> None:
    rows = shop()
    do(rows, quote())
    assert isinstance(first := do(rows, take()), Effect)
    assert first.code == ""
    assert do(rows, take(SECOND)) == Effect({}, "quotation_gone")
    assert (found(rows).state, found(rows).order_id) == ("ordered", ORDER)
    assert of_quotation(rows) == [ORDER]


def test_the_guide_is_told_before_it_is_written() -> None:
    rows = shop()
    guard = OPERATIONS["quote.take"].guard
    assert guard(take(), rows, None) == Refusal("rejected", "quotation_gone"), "the tablet has none"
    do(rows, quote())
    assert guard(take(), rows, None) is None
    do(rows, take())
    assert guard(take(SECOND), rows, None) == Refusal("rejected", "quotation_ordered")


def test_it_is_open_again_once_its_order_is_taken_back_and_another_may_come_of_it() -> None:
    rows = shop()
    do(rows, quote())
    do(rows, take())
    cancel = Cancel(order_id=ORDER, reason="changed_mind")
    rows.load(dict.fromkeys(OPERATIONS["order.cancel"].follows(cancel, rows)))
    do(rows, cancel)
    assert (found(rows).state, found(rows).order_id) == ("open", "")
    do(rows, take(SECOND))
    assert of_quotation(rows) == [SECOND]


def test_cancelling_the_order_that_was_not_the_quotation_s_leaves_it_alone() -> None:
    rows = shop()
    do(rows, quote())
    do(rows, take())
    do(rows, take(SECOND))
    do(rows, Cancel(order_id=SECOND, reason="changed_mind"))
    assert found(rows).order_id == ORDER


def test_what_was_taken_back_becomes_no_order_and_an_order_is_not_taken_back_by_it() -> None:
    rows = shop()
    do(rows, quote())
    do(rows, void())
    assert (found(rows).state, found(rows).void_reason, found(rows).void_by) == ("void", "not_wanted", GUIDE)
    assert do(rows, take()) == Effect({}, "quotation_gone")
    other = shop()
    do(other, quote())
    do(other, take())
    assert do(other, void()) == Refusal("rejected", "quotation_ordered")


@pytest.mark.parametrize("bodies", [(take(), quote()), (void(), quote())])
def test_what_became_of_it_may_come_before_it(bodies: tuple[Body, Quote]) -> None:
    """HQ could not read the quotation at first (a product it did not know): it is shown once it has arrived."""
    early, late = bodies
    rows, usual = shop(), shop()
    do(rows, early)
    assert not quotations.arrived(found(rows))
    do(rows, late)
    do(usual, late)
    do(usual, early)
    assert replace(found(rows), member_id="") == replace(found(usual), member_id="")


def test_no_order_no_quotation() -> None:
    assert do(snapshot({}), take()) == Refusal("parked", "order_unknown")
    rows = snapshot({SALE: replace(order(), state="cancelled")})
    do(rows, quote())
    do(rows, take())
    assert found(rows).state == "open", "another tablet had cancelled the order before"
