"""Gift cards that pay at the till, at HQ: spent from the lease, back on it or on its instrument, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guide_app.domain.records import Order
from hq.sync_api.replay import replay
from sync.protocol.messages import Result, WireOp
from tests.memory_hq import NOW, PRICE, chain
from tests.ops import body_of, new_id
from tests.unit.hq.handlers.test_leases import TOO_LATE, Tablet, said


class Till(Tablet):
    """A tablet with a lease of 100 of an instrument of 150, and an order that it pays."""

    def __init__(self) -> None:
        super().__init__()
        op = self.maker.order([(self.shop.product_id, 1, PRICE)])
        self.order_id = body_of(op)["order_id"]
        self.send(op)

    def pay(self, amount: int, lease_id: str = "", at: object = NOW) -> tuple[Result, str]:
        op = self.maker.by_card(self.order_id, self.instrument.id, lease_id or self.lease_id, amount)
        return self.send(op, at), body_of(op)["legs"][0]["leg_id"]

    def back(self, amount: int, of: str, at: object = NOW) -> Result:
        return self.send(self.maker.back_on_card(self.order_id, of, amount), at)

    def sold(self) -> Order:
        found: Order = self.shop.record("order", self.order_id)
        return found


@pytest.fixture
def till() -> Till:
    return Till()


def test_a_card_pays_from_its_lease_once(till: Till) -> None:
    op: WireOp = till.maker.by_card(till.order_id, till.instrument.id, till.lease_id, 60)
    assert said(till.send(op)) == ("applied", "")
    assert said(till.send(op)) == ("applied", "")
    assert till.figures() == (60, 40, 0, 50)
    assert [(leg.method, leg.amount) for leg in till.sold().payments] == [("gift_card", 60)]


def test_what_is_paid_beyond_the_lease_is_taken_and_told(till: Till) -> None:
    assert said(till.pay(130)[0]) == ("applied", "overspent")
    assert till.figures() == (130, 0, 30, 50)
    assert said(till.pay(10, new_id())[0]) == ("applied", "lease_expired"), "a lease that HQ does not know"


def test_what_goes_back_is_the_lease_s_or_the_instrument_s_once_it_is_closed(till: Till) -> None:
    _, leg = till.pay(60)
    assert said(till.back(20, leg)) == ("applied", "")
    assert till.figures() == (40, 60, 0, 50)
    till.give_back(60)
    assert till.figures() == (40, 0, 0, 110)
    assert said(till.back(40, leg)) == ("applied", "")
    assert till.figures() == (0, 0, 0, 150)
    assert said(till.back(40, leg)) == ("applied", "paid_back_twice")
    assert till.figures() == (0, 0, 0, 150)


def test_a_cancel_after_the_lease_was_released_frees_the_card(till: Till) -> None:
    till.pay(60)
    till.shop.release(TOO_LATE)
    assert till.figures() == (60, 0, 0, 90)
    till.send(till.maker.cancel(till.order_id), TOO_LATE + timedelta(seconds=1))
    assert till.figures() == (0, 0, 0, 150)
    assert sum(leg.amount if leg.kind == "paid" else -leg.amount for leg in till.sold().payments) == 0


def test_money_for_a_card_waits_until_its_payment_is_here(till: Till) -> None:
    op = till.shop.maker().by_card(till.order_id, till.instrument.id, till.lease_id, 60)
    back = till.maker.back_on_card(till.order_id, body_of(op)["legs"][0]["leg_id"], 50)
    assert said(till.send(back)) == ("parked", "payment_unknown")
    till.shop.results(op)
    replay(till.shop.ledger, chain(till.shop))
    assert till.shop.ledger.known([back.op_id])[back.op_id].outcome.status == "applied"
    assert till.figures() == (10, 90, 0, 50)
