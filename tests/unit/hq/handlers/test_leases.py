"""The table of the contract's section 7: what HQ does with what comes, when the lease is open, closed or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.leases import stock_instrument
from guide_app.domain.records import Instrument, Stock
from hq.ledger.memory import MemoryAggregates
from hq.ledger.port import ScopeKey, Stream
from hq.sync_api.leasing import release
from hq.sync_api.replay import replay
from sync.protocol import codec
from sync.protocol.messages import Result, WireOp
from tests.memory_hq import NOW, PRICE, MemoryShop, chain
from tests.ops import Maker, body_of, new_id

LATE = NOW + timedelta(days=3, hours=23)
TOO_LATE = NOW + timedelta(days=4, seconds=1)


class Tablet:
    """A device with a lease of 100 of an instrument of 150."""

    def __init__(self) -> None:
        self.shop = MemoryShop()
        self.maker: Maker = self.shop.maker()
        self.instrument: Instrument = self.shop.instrument(150)
        self.device_id = new_id()
        self.stream = Stream(self.shop.store_id, self.device_id, new_id())
        row = self.shop.grant(self.device_id, self.instrument, 100).lease
        assert row is not None
        self.lease_id, self.row = row.id, row

    def send(self, op: WireOp, now: Any = NOW) -> Result:
        return self.shop.push(self.stream, [op], now=now).results[0]

    def order(self, *amounts: int, lease_id: str = "") -> WireOp:
        spends = [{"lease_id": lease_id or self.lease_id, "amount": amount} for amount in amounts]
        return self.maker.order([(self.shop.product_id, 1, PRICE)], spends=spends)

    def give_back(self, left: int, lease_id: str = "") -> Result:
        return self.send(self.maker.give_back(lease_id or self.lease_id, left))

    def figures(self, lease_id: str = "") -> tuple[int, int, int, int]:
        """(spent, left, overspent) of the lease, and what is free of the instrument."""
        lease = self.shop.lease(lease_id or self.lease_id)
        return lease.spent, lease.left, lease.overspent, self.shop.value(self.instrument).free

    def in_feed(self) -> str:
        key = ScopeKey(self.shop.store_id, self.device_id[:12])
        kinds = [row.kind for (at, ref), row in self.shop.hq.state.feed.items() if at == key and ref.entity == "lease"]
        return ",".join(kinds)


@pytest.fixture
def tablet() -> Tablet:
    return Tablet()


def said(result: Result) -> tuple[str, str]:
    return result.status, result.code


def test_a_grant_arrives_as_the_row_of_the_device_s_feed(tablet: Tablet) -> None:
    assert tablet.row.s == tablet.device_id[:12]
    assert codec.decode(bytes(tablet.row.d), dict[str, Any]) == {
        "amount": 100, "expires_at": "2026-11-24T12:00:00.000Z", "granted_at": "2026-11-21T12:00:00.000Z",
        "instrument": {"kind": "points", "id": tablet.instrument.id},
    }  # fmt: skip
    assert tablet.in_feed() == "put"
    page = tablet.shop.ledger.page([ScopeKey(tablet.shop.store_id, tablet.row.s)], {tablet.row.s: 0}, 1000)
    assert page.slices[tablet.row.s].rows == (codec.encode(tablet.row),)


def test_a_spend_is_taken_and_published_to_the_device_and_its_store(tablet: Tablet) -> None:
    result = tablet.send(tablet.order(30, 20))
    assert said(result) == ("applied", "")
    assert tablet.figures() == (50, 50, 0, 50)
    store_rows = {ref.entity for (key, ref), _row in tablet.shop.hq.state.feed.items() if key == tablet.shop.scope}
    assert store_rows == {"order", "stock"}
    assert result.feed_pos == tablet.shop.hq.state.heads[tablet.shop.scope].head


def test_what_exceeds_is_the_chain_s_risk(tablet: Tablet) -> None:
    assert said(tablet.send(tablet.order(130))) == ("applied", "overspent")
    assert tablet.figures() == (130, 0, 30, 50)


def test_a_spend_in_the_day_after_expiry_is_no_risk_while_the_rest_is_kept_for_it(tablet: Tablet) -> None:
    assert said(tablet.send(tablet.order(100), LATE)) == ("applied", "")
    assert said(tablet.send(tablet.order(5), LATE)) == ("applied", "lease_expired")
    assert tablet.figures() == (105, 0, 5, 50)


def test_after_the_release_all_of_a_spend_is_risk_and_a_cancel_takes_it_off(tablet: Tablet) -> None:
    assert tablet.shop.release(LATE) == 0
    assert tablet.shop.release(TOO_LATE) == 1
    assert tablet.shop.release(TOO_LATE) == 0
    assert tablet.figures() == (0, 0, 0, 150)
    assert tablet.in_feed() == "gone"
    order = tablet.order(40)
    assert said(tablet.send(order, TOO_LATE)) == ("applied", "lease_expired")
    assert tablet.figures() == (40, 0, 40, 150)
    tablet.send(tablet.maker.cancel(body_of(order)["order_id"]), TOO_LATE)
    assert tablet.figures() == (0, 0, 0, 150)


def test_a_return_frees_its_rest_and_what_was_not_named_waits_for_late_spends(tablet: Tablet) -> None:
    tablet.send(tablet.order(30))
    assert said(tablet.give_back(50)) == ("applied", "")
    assert tablet.figures() == (30, 20, 0, 100)
    assert tablet.in_feed() == "gone"
    assert said(tablet.give_back(20)) == ("applied", "")
    assert tablet.figures() == (30, 20, 0, 100)
    assert said(tablet.send(tablet.order(20))) == ("applied", "")
    assert tablet.figures() == (50, 0, 0, 100)
    assert said(tablet.send(tablet.order(1))) == ("applied", "overspent")
    assert tablet.figures() == (51, 0, 1, 100)


def test_another_device_closes_no_lease_and_its_own_device_does(tablet: Tablet) -> None:
    stranger = tablet.shop.stream()
    back = tablet.shop.maker().give_back(tablet.lease_id, 100)
    assert said(tablet.shop.push(stranger, [back]).results[0]) == ("applied", "lease_elsewhere")
    assert tablet.figures() == (0, 100, 0, 50)
    assert tablet.in_feed() == "put"
    assert said(tablet.give_back(100)) == ("applied", "")
    assert tablet.figures() == (0, 0, 0, 150)


def test_a_sale_that_spends_another_device_s_lease_is_charged_to_it(tablet: Tablet) -> None:
    assert said(tablet.shop.push(tablet.shop.stream(), [tablet.order(60)]).results[0]) == ("applied", "")
    assert tablet.figures() == (60, 40, 0, 50)


def test_a_parked_return_is_judged_by_the_device_that_sent_it(tablet: Tablet) -> None:
    guide_id = new_id()
    backs = [Maker(tablet.shop.store_id, guide_id).give_back(tablet.lease_id, 100) for _ in range(2)]
    for stream, back in zip((tablet.shop.stream(), tablet.stream), backs, strict=True):
        assert said(tablet.shop.push(stream, [back]).results[0]) == ("parked", "guide_unknown")
    tablet.shop.hire(guide_id)
    replay(tablet.shop.ledger, chain(tablet.shop))
    became = [tablet.shop.ledger.known([back.op_id])[back.op_id].outcome for back in backs]
    assert [(one.status, one.code) for one in became] == [("applied", "lease_elsewhere"), ("applied", "")]
    assert tablet.figures() == (0, 0, 0, 150)


def test_a_return_of_more_than_is_left_frees_what_is_left(tablet: Tablet) -> None:
    tablet.send(tablet.order(30))
    tablet.give_back(100)
    assert tablet.figures() == (30, 0, 0, 120)


def test_a_cancel_gives_it_to_the_lease_or_to_the_instrument_when_that_is_closed(tablet: Tablet) -> None:
    first, second = tablet.order(30), tablet.order(40)
    tablet.send(first)
    tablet.send(second)
    tablet.send(tablet.maker.cancel(body_of(first)["order_id"]))
    assert tablet.figures() == (40, 60, 0, 50)
    tablet.give_back(60)
    tablet.send(tablet.maker.cancel(body_of(second)["order_id"]))
    assert tablet.figures() == (0, 0, 0, 150)


def test_a_lease_that_hq_does_not_know_costs_no_order(tablet: Tablet) -> None:
    unknown = new_id()
    order = tablet.order(7, lease_id=unknown)
    assert said(tablet.send(order)) == ("applied", "lease_expired")
    lease = tablet.shop.lease(unknown)
    assert (lease.instrument, lease.amount, lease.overspent) == (None, 0, 7)
    assert tablet.in_feed() == "put"
    tablet.send(tablet.maker.cancel(body_of(order)["order_id"]))
    assert tablet.shop.lease(unknown).overspent == 0
    assert said(tablet.give_back(5, new_id())) == ("applied", "lease_unknown")


def test_a_lease_that_a_restored_hq_grants_again_keeps_what_was_spent_of_it(tablet: Tablet) -> None:
    request_id, backup = new_id(), tablet.shop.hq.state.copy()
    first = tablet.shop.grant(tablet.device_id, tablet.instrument, 20, request_id=request_id).lease
    assert first is not None
    tablet.shop.hq.state = backup
    order = tablet.order(7, lease_id=first.id)
    assert said(tablet.send(order)) == ("applied", "lease_expired")
    again = tablet.shop.grant(tablet.device_id, tablet.instrument, 20, request_id=request_id)
    assert (again.granted, again.lease and again.lease.id) == (20, first.id)
    assert tablet.figures(first.id) == (7, 13, 0, 30)
    tablet.send(tablet.maker.cancel(body_of(order)["order_id"]))
    assert tablet.figures(first.id) == (0, 20, 0, 30)


def test_a_lease_of_nothing_stays_closed_where_nothing_is_free(tablet: Tablet) -> None:
    request_id, backup = new_id(), tablet.shop.hq.state.copy()
    first = tablet.shop.grant(tablet.device_id, tablet.instrument, 20, request_id=request_id).lease
    assert first is not None
    tablet.shop.hq.state = backup
    tablet.send(tablet.order(7, lease_id=first.id))
    assert tablet.shop.grant(new_id(), tablet.instrument, 50).granted == 50
    none = tablet.shop.grant(tablet.device_id, tablet.instrument, 20, request_id=request_id)
    assert (none.granted, none.code, none.lease) == (0, "nothing_left", None)
    assert tablet.figures(first.id) == (7, 0, 7, 0)


def test_a_request_whose_lease_is_of_another_instrument_changes_nothing(tablet: Tablet) -> None:
    request_id, other = new_id(), tablet.shop.instrument(30)
    first = tablet.shop.grant(tablet.device_id, tablet.instrument, 20, request_id=request_id).lease
    assert first is not None
    for ref in [ref for _, ref in tablet.shop.hq.state.rows if ref.entity == "lease_request"]:  # a day has passed
        del tablet.shop.hq.state.rows[tablet.shop.store_id, ref]
    assert tablet.shop.grant(tablet.device_id, other, 5, request_id=request_id).code == "instrument_unknown"
    assert (tablet.figures(first.id), tablet.shop.value(other).free) == ((0, 20, 0, 30), 30)


def test_a_parked_order_is_charged_to_what_its_return_left_for_it(tablet: Tablet) -> None:
    order = tablet.maker.order([(new_id(), 1, PRICE)], spends=[{"lease_id": tablet.lease_id, "amount": 60}])
    assert said(tablet.send(order)) == ("parked", "product_unknown")
    tablet.give_back(40)
    assert tablet.figures() == (0, 60, 0, 90)


@pytest.mark.parametrize(
    ("asked", "granted", "code"), [(20, 20, ""), (50, 50, ""), (60, 50, "part"), (2**53 - 1, 50, "part")]
)
def test_hq_grants_what_is_free_to_the_lease_that_is_named(tablet: Tablet, asked: int, granted: int, code: str) -> None:
    answer = tablet.shop.grant(tablet.device_id, tablet.instrument, asked, tablet.lease_id, now=NOW + timedelta(days=1))
    assert (answer.granted, answer.code) == (granted, code)
    lease = tablet.shop.lease(tablet.lease_id)
    assert (lease.amount, lease.expires_at) == (100 + granted, "2026-11-25T12:00:00.000Z")
    assert tablet.shop.value(tablet.instrument).free == 50 - granted
    again = tablet.shop.grant(tablet.device_id, tablet.instrument, 50 - granted + 1)
    assert again.code == ("part" if granted < 50 else "nothing_left")
    assert (again.lease is None) is (granted == 50)


def test_another_device_s_lease_is_not_enlarged_and_another_kind_is_unknown(tablet: Tablet) -> None:
    answer = tablet.shop.grant(new_id(), tablet.instrument, 10, tablet.lease_id)
    assert answer.lease is not None
    assert answer.lease.id != tablet.lease_id
    strange = Instrument(kind="card", id=tablet.instrument.id)
    assert tablet.shop.grant(tablet.device_id, strange, 10).code == "instrument_unknown"
    assert tablet.shop.grant(tablet.device_id, Instrument(kind="card", id=new_id()), 10).code == "instrument_unknown"


def test_a_request_that_comes_again_after_the_return_brings_no_lease_back(tablet: Tablet) -> None:
    request_id = new_id()
    first = tablet.shop.grant(tablet.device_id, tablet.instrument, 10, request_id=request_id)
    assert first.lease is not None
    tablet.give_back(10, first.lease.id)
    again = tablet.shop.grant(tablet.device_id, tablet.instrument, 10, request_id=request_id)
    assert (again.granted, again.lease) == (10, None)
    assert tablet.shop.value(tablet.instrument).free == 50


def test_a_lease_that_was_renewed_is_not_released_even_when_it_was_looked_for_before(tablet: Tablet) -> None:
    class Looked(MemoryAggregates):
        found: ClassVar = [tablet.lease_id]

        def leases_expired(self, before: str) -> Sequence[str]:
            return [self.found.pop()] if self.found else ()

    tablet.shop.grant(tablet.device_id, tablet.instrument, 10, tablet.lease_id, now=LATE)
    assert tablet.shop.release(TOO_LATE) == 0
    looked = Looked(tablet.shop.hq, tablet.shop.store_id)
    assert release(tablet.shop.ledger, looked, tablet.shop.scope, TOO_LATE) == 0
    assert not looked.found
    assert tablet.figures() == (0, 110, 0, 40)


def test_a_return_after_the_release_has_no_effect(tablet: Tablet) -> None:
    assert tablet.shop.release(TOO_LATE) == 1
    before = tablet.figures()
    assert said(tablet.give_back(60)) == ("applied", "")
    assert tablet.figures() == before == (0, 0, 0, 150)


class Counter:
    """Two tablets of a shop that has so many pieces of its product, by its books."""

    def __init__(self, pieces: int) -> None:
        self.shop = MemoryShop()
        self.shop._furnish(self.shop.store_id, "stock", self.shop.product_id, Stock(on_hand=pieces))
        self.pieces = stock_instrument(self.shop.store_id, self.shop.product_id)
        self.tablets = [new_id(), new_id()]
        self.makers = [self.shop.maker(), self.shop.maker()]

    def ask(self, tablet: int, amount: int, product_id: str = "") -> tuple[int, str]:
        product_id = product_id or self.shop.product_id
        answer = self.shop.grant(self.tablets[tablet], self.pieces, amount, product_id=product_id)
        return answer.granted, answer.code

    def lease_of(self, tablet: int) -> str:
        scope = self.tablets[tablet][:12]
        rows = self.shop.hq.state.rows.items()
        return next(ref.id for (_, ref), row in rows if ref.entity == "lease" and row.scope == scope)

    def sell(self, tablet: int, qty: int, *, kind: str = "pick_up", leased: bool = True) -> tuple[str, str, str]:
        spends = self._spread(tablet, qty) if leased else []
        op = self.makers[tablet].order(
            [(self.shop.product_id, qty, PRICE)], spends=spends, fulfilment={"kind": kind}
        )  # fmt: skip
        stream = Stream(self.shop.store_id, self.tablets[tablet], self.tablets[tablet])
        result = self.shop.push(stream, [op], now=NOW).results[0]
        return result.status, result.code, body_of(op)["order_id"]

    def _spread(self, tablet: int, qty: int) -> list[dict[str, Any]]:
        """From whichever leases the tablet has; what they lack from the last."""
        scope, spends = self.tablets[tablet][:12], list[dict[str, Any]]()
        rows = self.shop.hq.state.rows.items()
        for ref in [ref for (_, ref), row in rows if ref.entity == "lease" and row.scope == scope]:
            if part := min(qty, self.shop.record("lease", ref.id).left):
                spends.append({"lease_id": ref.id, "amount": part})
                qty -= part
        return spends if not qty else [*spends, {"lease_id": self.lease_of(tablet), "amount": qty}]

    def cancel(self, tablet: int, order_id: str) -> str:
        op = self.makers[tablet].op("order.cancel", {"order_id": order_id, "reason": "x"})
        stream = Stream(self.shop.store_id, self.tablets[tablet], self.tablets[tablet])
        return self.shop.push(stream, [op], now=NOW).results[0].status

    @property
    def on_hand(self) -> int:
        stock: Stock = self.shop.record("stock", self.shop.product_id)
        return stock.on_hand


def test_pieces_of_the_books_are_promised_by_one_tablet_only() -> None:
    counter = Counter(3)
    assert (counter.ask(0, 2), counter.ask(1, 2), counter.ask(1, 1)) == ((2, ""), (1, "part"), (0, "nothing_left"))
    assert counter.sell(0, 2)[:2] == ("applied", "")
    assert (counter.on_hand, counter.ask(0, 1), counter.ask(1, 1)) == (1, (0, "nothing_left"), (0, "nothing_left"))
    assert counter.sell(1, 1)[:2] == ("applied", "")
    assert (counter.on_hand, counter.ask(0, 1)) == (0, (0, "nothing_left"))


def test_a_piece_that_comes_back_can_be_promised_again_once() -> None:
    counter = Counter(1)
    counter.ask(0, 1)
    _, _, order_id = counter.sell(0, 1)
    assert (counter.ask(1, 1), counter.cancel(0, order_id), counter.on_hand) == ((0, "nothing_left"), "applied", 1)
    assert counter.ask(1, 1) == (0, "nothing_left")  # it is the first one's lease again
    left = counter.makers[0].give_back(counter.lease_of(0), 1)
    counter.shop.push(Stream(counter.shop.store_id, counter.tablets[0], counter.tablets[0]), [left], now=NOW)
    assert (counter.ask(1, 1), counter.ask(0, 1)) == ((1, ""), (0, "nothing_left"))


def test_a_piece_that_was_taken_off_the_shelf_meanwhile_comes_back_to_the_guide() -> None:
    counter = Counter(1)
    counter.ask(0, 1)
    assert counter.sell(1, 1, kind="take_away", leased=False)[:2] == ("applied", "")
    assert counter.sell(0, 1)[:2] == ("applied", "out_of_stock")
    assert (counter.on_hand, counter.ask(1, 1)) == (-1, (0, "nothing_left"))


def test_what_the_shop_keeps_no_books_of_is_promised_from_what_hq_put_in() -> None:
    counter = Counter(5)
    assert counter.ask(0, 1, product_id=new_id()) == (0, "instrument_unknown")  # the instrument of another product
    other = MemoryShop()
    nowhere = stock_instrument(other.store_id, new_id())
    assert other.grant(new_id(), nowhere, 1, product_id=new_id()).code == "instrument_unknown"


@given(st.lists(st.tuples(st.sampled_from(["ask", "sell", "take", "cancel"]), st.integers(0, 1), st.integers(1, 3)),
                max_size=14), st.integers(0, 4))  # fmt: skip
def test_what_is_free_is_on_hand_less_what_is_promised_and_never_negative(
    acts: list[tuple[str, int, int]], pieces: int
) -> None:
    counter, held, sold = Counter(pieces), [0, 0], list[tuple[int, str, int]]()
    taken = 0
    for what, tablet, qty in acts:
        if what == "ask":
            free = max(0, counter.on_hand - sum(held))
            granted, _ = counter.ask(tablet, qty)
            assert granted == min(qty, free)
            held[tablet] += granted
        elif what == "sell" and held[tablet] >= qty:
            _, code, order_id = counter.sell(tablet, qty)
            held[tablet] -= qty
            sold.append((tablet, order_id, qty))
            assert (code == "") == (counter.on_hand >= 0)
        elif what == "take":
            counter.sell(tablet, qty, kind="take_away", leased=False)
            taken += qty
        elif what == "cancel" and sold:
            seller, order_id, back = sold.pop()
            assert counter.cancel(seller, order_id) == "applied"
            held[seller] += back
        assert counter.on_hand == pieces - taken - sum(qty for _, _, qty in sold)
        assert sum(held) + sum(qty for _, _, qty in sold) <= pieces
