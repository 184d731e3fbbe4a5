"""What a colleague may buy in a month is neither lost nor made by returns and exchanges."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import returns
from guide_app.domain.records import Instrument, Lease, Order, PaymentIntent, PriceListUsed, Ref, Totals
from guide_app.operations import OPERATIONS, Body, Refusal, Snapshot, Versioned, perform
from guide_app.operations.leases import Spending
from guide_app.operations.orders import Cancel, Place, PlacedLine, WantedFulfilment
from guide_app.operations.returns import Exchanged, LineBack, Promised, TakeBack, UndoReturn
from tests.ops import new_id
from tests.unit.guide_app.operations.kit import context

PRICE, LIMIT, COLLEAGUE, PRODUCT, LEASE = 700, 4_200, new_id(), new_id(), new_id()
"""Six pieces are the month's limit."""
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
deeds = st.lists(
    st.tuples(st.sampled_from(["sell", "return", "exchange", "undo", "cancel"]), st.integers(1, 4), st.integers(1, 4)),
    max_size=10,
)


class Tablet:
    """One tablet that holds the whole limit, and what was sold on it to the colleague."""

    def __init__(self) -> None:
        held = Instrument(kind="staff", id=new_id())
        lease = Lease(amount=LIMIT, expires_at="2027-01-01T00:00:00.000Z", instrument=held)
        self.rows: dict[Ref, Versioned | None] = {Ref("lease", LEASE): Versioned(lease, 1)}
        self.sold, self.returned = list[str](), list[tuple[str, str]]()

    def record(self, entity: str, row_id: str) -> Any:
        row = self.rows.get(Ref(entity, row_id))
        return row.record if row else None

    def do(self, kind: str, body: Body) -> bool:
        """Whether it was allowed."""
        operation = OPERATIONS[kind]
        state = Snapshot(self.rows, {})
        if operation.check(body, state, context()) or operation.guard(body, state, NOW):
            return False
        effect = perform(operation, body, state, context())
        assert not isinstance(effect, Refusal)
        self.rows |= {ref: Versioned(record, 1) for ref, record in effect.changes.items()}
        return True

    def pieces(self, order_id: str) -> int:
        """How many of the order the colleague still has."""
        order: Order = self.record("order", order_id)
        return sum(returns.left(order).values()) if order.state != "cancelled" else 0

    @property
    def has(self) -> int:
        return sum(self.pieces(one) for one in self.sold)

    @property
    def spent(self) -> int:
        lease: Lease = self.record("lease", LEASE)
        return lease.spent


def place(pieces: int) -> dict[str, Any]:
    amount = pieces * PRICE
    line = PlacedLine(line_id=new_id(), product_id=PRODUCT, qty=pieces, unit_price=PRICE, amount=amount)
    return {
        "order_id": new_id(), "number": new_id()[:12], "lines": (line,),
        "totals": Totals(lines=amount, discounts=0, total=amount), "price_list": PriceListUsed(id=new_id(), version=1),
        "fulfilment": WantedFulfilment(kind="take_away"), "payment_intent": PaymentIntent(method="till", amount=amount),
        "staff_id": COLLEAGUE, "spends": (Spending(lease_id=LEASE, amount=amount),),
    }  # fmt: skip


def back(tablet: Tablet, order_id: str, pieces: int) -> TakeBack:
    order: Order = tablet.record("order", order_id)
    lines = (LineBack(line_id=order.lines[0].line_id, qty=pieces, reason="unwanted"),)
    return TakeBack(order_id=order_id, return_id=new_id(), lines=lines, refund=Promised(money=pieces * PRICE))


def play(tablet: Tablet, what: str, pieces: int, into: int) -> None:
    """One deed; what is not allowed changes nothing."""
    standing = [one for one in tablet.sold if tablet.pieces(one) >= pieces]
    before = tablet.spent
    if what == "sell":
        made = place(pieces)
        if tablet.do("order.place", Place(**made)):
            tablet.sold.append(made["order_id"])
        else:
            assert before + pieces * PRICE > LIMIT, "what is left of the limit may be spent"
    elif what in ("return", "exchange") and standing:
        body = back(tablet, standing[0], pieces)
        if what == "return":
            assert tablet.do("order.return", body)
            tablet.returned.append((standing[0], body.return_id))
            assert tablet.spent == before - pieces * PRICE, "a return restores what it gives back"
            return
        made = place(into)
        if tablet.do("order.exchange", Exchanged(**made, back=body)):
            tablet.sold.append(made["order_id"])
            assert tablet.spent == before + (into - pieces) * PRICE, "an exchange takes the difference alone"
        else:
            assert before + (into - pieces) * PRICE > LIMIT, "what comes back may be spent again"
    elif what == "undo" and tablet.returned:
        order_id, return_id = tablet.returned.pop()
        order: Order = tablet.record("order", order_id)
        one = next(each for each in order.returns if each.return_id == return_id)
        if order.state != "cancelled" and before + sum(each.qty for each in one.lines) * PRICE <= LIMIT:
            assert tablet.do("order.return_undo", UndoReturn(order_id=order_id, return_id=return_id))
    elif what == "cancel" and standing:
        tablet.do("order.cancel", Cancel(order_id=standing[0], reason="x"))


@given(deeds)
def test_what_is_spent_of_the_limit_is_what_the_colleague_has(told: list[tuple[str, int, int]]) -> None:
    tablet = Tablet()
    for what, pieces, into in told:
        play(tablet, what, pieces, into)
        assert tablet.spent == tablet.has * PRICE
        assert 0 <= tablet.spent <= LIMIT


@given(st.integers(1, 6))
def test_an_exchange_for_as_much_goes_through_with_nothing_left_of_the_limit(pieces: int) -> None:
    tablet = Tablet()
    play(tablet, "sell", 6, 0)
    assert tablet.spent == LIMIT
    body = back(tablet, tablet.sold[0], pieces)
    made = place(pieces)
    assert tablet.do("order.exchange", Exchanged(**made, back=body))
    assert tablet.spent == LIMIT
    assert tablet.record("order", made["order_id"]).staff_id == COLLEAGUE
    assert not tablet.do("order.place", Place(**place(1))), "and no more"
