"""Payments on the customer's phone: a real HQ on PostgreSQL, a provider over HTTP, and every bad way of notifying."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest
from django.conf import settings

from guide_app.domain import numbers
from guide_app.domain.clock import SystemClock
from guide_app.domain.records import Order
from hq.payments.local import server
from hq.payments.local.server import Desk, Manners
from sync.protocol import codec
from sync.protocol.messages import LookupRequest, LookupResponse, PayRequest, PayResponse
from tests import shop
from tests.hq_server import serving
from tests.integration.feed_check import assert_feed_equals_tables
from tests.ops import Maker, body_of, new_id
from tests.tablet_client import Tablet

SECRET = b"of this test alone"
PRICE = shop.PRICES[0]


class AllTo(dict[str, str]):
    """Every notification goes to the HQ of the test."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def __getitem__(self, name: str) -> str:
        return self.url


@dataclass
class Till:
    """A tablet of a shop, with an order of `PRICE`, and the provider."""

    url: str
    desk: Desk
    store: shop.Shop
    chain: shop.Chain
    tablet: Tablet
    maker: Maker
    database: str
    order_id: str = ""

    def place(self) -> str:
        placed = self.maker.order([(self.chain.product_ids[0], 1, PRICE)], self.chain.list_id)
        (result,) = self.tablet.sync(placed).results
        assert (result.status, result.code) == ("applied", "")
        self.order_id = body_of(placed)["order_id"]
        return self.order_id

    def ask(self, amount: int = PRICE, **more: Any) -> PayResponse:
        fields: dict[str, Any] = {"request_id": new_id(), "what": "ask", **more}
        asked = PayRequest(order_id=self.order_id, guide_id=self.store.guide_id, amount=amount, **fields)
        answer = self.tablet.post("/v1/payment", codec.encode(asked))
        assert answer.status_code == 200, answer.text
        return codec.decode(answer.content, PayResponse)

    def pays(self, told: PayResponse, *, fails: bool = False) -> None:
        """The customer scans the code and presses a button."""
        assert int(httpx.get(told.text).text.split("<h1>")[1].split(".")[0]) == PRICE // 100
        answer = httpx.post(told.text, data={"do": "fail" if fails else "pay"})
        assert answer.status_code == 200

    @property
    def order(self) -> Order:
        from hq.orders.mapping import ORDER

        found = ORDER.load(self.store.store_id, [self.order_id])[self.order_id].record
        assert isinstance(found, Order)
        return found

    def until(self, condition: Callable[[], bool], what: str) -> None:
        for _ in range(500):
            if condition():
                return
            time.sleep(0.02)
        raise AssertionError(f"{what} never came: {self.order.asked} {self.order.payments}")

    def paid_once(self) -> None:
        order = self.order
        assert [(leg.method, leg.kind, leg.amount) for leg in order.payments] == [("qr", "paid", PRICE)]
        assert (order.state, order.asked) == ("paid", None)
        assert_feed_equals_tables()

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()

    def forget_looks(self) -> None:
        """The job that looks after what was not told is due now."""
        with psycopg.connect(self.database) as connection:
            connection.execute("UPDATE payment_request SET look_at = now() - interval '1 second'")


@pytest.fixture
def till(hq_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    chain = shop.make_chain()
    store = shop.make_shop(chain, stock=100)
    with server.running(SECRET, SystemClock()) as desk:
        (tmp_path / "local.secret").write_bytes(SECRET + b"\n")
        told = tmp_path / "payments.json"
        told.write_text(f'{{"provider": "local", "url": "{desk.base_url}", "secret_file": "local.secret"}}')
        monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, payments=told))
        with serving() as url:
            desk.addresses = AllTo(f"{url}/payments/notify")
            tablet = Tablet(url, store.guide_id)
            tablet.enrol(shop.new_code(store))
            made = Till(url, desk, store, chain, tablet, Maker(store.store_id, store.guide_id), hq_database)
            made.place()
            yield made
            tablet.close()


def look_after() -> int:
    from hq.sync_api import payments

    return payments.look_after()


@pytest.mark.parametrize(
    "manners",
    [Manners(), Manners(times=3), Manners(late_s=0.3), Manners(times=2, late_s=0.1), Manners(reordered=True)],
    ids=["once", "three times", "late", "late and twice", "out of order"],
)
def test_it_is_booked_once_however_it_is_told(till: Till, manners: Manners) -> None:
    till.desk.manners = manners
    told = till.ask()
    assert till.order.asked is not None
    assert till.order.asked.code == told.text
    till.pays(told, fails=manners.reordered)
    if manners.reordered:
        till.pays(told)
    till.until(lambda: till.order.state == "paid", "the payment")
    till.until(lambda: len(till.desk.told) >= (2 if manners.reordered else manners.times), "every notification")
    till.paid_once()
    assert set(till.desk.told) == {200}


def test_many_notifications_at_once_are_one_payment(till: Till) -> None:
    till.desk.manners = Manners(times=12)
    till.pays(till.ask())
    till.until(lambda: len(till.desk.told) >= 12, "every notification")
    till.until(lambda: till.desk.told.count(200) >= 12, "an answer to each")
    till.paid_once()


def test_what_was_never_told_is_asked_for(till: Till) -> None:
    till.desk.manners = Manners(lost=True)
    till.pays(till.ask())
    assert look_after() == 0, "it is not due yet"
    till.forget_looks()
    assert look_after() == 1
    till.paid_once()
    assert till.desk.told == []


def test_what_expired_is_closed_at_the_provider(till: Till) -> None:
    told = till.ask()
    with psycopg.connect(till.database) as connection:
        connection.execute("UPDATE payment_request SET until = now() - interval '1 hour'")
    till.forget_looks()
    assert look_after() == 1
    assert httpx.post(told.text, data={"do": "pay"}).status_code == 409
    assert till.order.asked is not None
    assert (till.order.asked.state, till.order.state) == ("closed", "accepted")
    till.pays(till.ask())
    till.until(lambda: till.order.state == "paid", "the payment")
    till.paid_once()


def test_money_goes_back_by_the_provider(till: Till) -> None:
    told = till.ask()
    till.pays(told)
    till.until(lambda: till.order.state == "paid", "the payment")
    refund = {"what": "refund", "payment_id": told.payment_id, "reason": "slip"}
    assert till.ask(1_000, **refund).code == "too_much", "the customer has nothing to get back"
    till.tablet.sync(till.maker.pay(till.order_id, 1_000), next_seq=till.maker.next_seq)
    back = till.ask(1_000, **refund)
    assert (back.state, back.amount) == ("done", 1_000)
    assert till.ask(1_000, **refund).code == "too_much", "another tablet taps too"
    till.until(lambda: len(till.desk.told) == 2, "its notification")
    legs = sorted((leg.kind, leg.amount, leg.reason) for leg in till.order.payments)
    assert legs == [("paid", 1_000, ""), ("paid", PRICE, ""), ("refunded", 1_000, "slip")]
    assert till.sql("SELECT state, refunds->0->>'state' FROM payment_request") == [("paid", "done")]


@pytest.mark.parametrize("manners", [Manners(times=3), Manners(late_s=0.2), Manners(lost=True)])
@pytest.mark.parametrize("fails", [False, True])
def test_a_return_goes_back_by_the_provider_once_whatever_it_tells(till: Till, manners: Manners, fails: bool) -> None:
    told = till.ask()
    till.pays(told)
    till.until(lambda: till.order.state == "paid", "the payment")
    till.desk.manners, till.desk.trades.slow_refunds = manners, True
    back = till.maker.take_back(till.order_id, [(till.order.lines[0].line_id, 1)], PRICE)
    till.tablet.sync(back, next_seq=till.maker.next_seq)
    request_id = new_id()
    refund = {"what": "refund", "payment_id": told.payment_id, "reason": "paid_too_much", "request_id": request_id}
    asked = till.ask(PRICE, **refund)
    again = till.ask(PRICE, **refund)
    assert (asked.state, again.state, again.payment_id) == ("asked", "asked", asked.payment_id)
    assert till.ask(PRICE, **{**refund, "request_id": new_id()}).code == "too_much", "another tablet"
    assert [(one.id, one.state) for one in till.order.refunding] == [(asked.payment_id, "asked")]
    till.desk.trades.settle(asked.payment_id, fails=fails)
    if manners.lost:
        till.forget_looks()
        assert look_after() == 1
    if fails:
        till.until(lambda: [one.state for one in till.order.refunding] == ["failed"], "the failure")
        till.desk.trades.slow_refunds = False
        assert till.ask(PRICE, **{**refund, "request_id": new_id()}).state == "done"
    till.until(lambda: till.order.refunding == (), "the refund")
    assert [(leg.kind, leg.amount) for leg in till.order.payments] == [("paid", PRICE), ("refunded", PRICE)]
    assert till.order.state == "returned"
    assert_feed_equals_tables()


def test_what_another_shop_takes_back_goes_back_by_the_provider_of_the_shop_that_sold_it(till: Till) -> None:
    number = numbers.compose(till.store.code, "AB", "7K", 42)
    sale = till.maker.order([(till.chain.product_ids[0], 1, PRICE)], till.chain.list_id, number=number)
    assert till.tablet.sync(sale, next_seq=till.maker.next_seq).results[0].status == "applied"
    till.order_id = body_of(sale)["order_id"]
    told = till.ask()
    till.pays(told)
    till.until(lambda: till.order.state == "paid", "the payment")
    from hq.sync_api import directory

    other = shop.make_shop(till.chain)
    far, maker = Tablet(till.url, other.guide_id), Maker(other.store_id, other.guide_id)
    far.enrol(shop.new_code(other))

    def refund() -> PayResponse:
        asked = PayRequest(
            request_id=new_id(), what="refund", order_id=till.order_id, guide_id=other.guide_id, amount=PRICE,
            payment_id=told.payment_id, reason="paid_too_much",
        )  # fmt: skip
        return codec.decode(far.post("/v1/payment", codec.encode(asked)).content, PayResponse)

    try:
        assert refund().code == "payment_unknown", "no copy of it is here"
        found = far.post("/v1/lookup", codec.encode(LookupRequest(order=number)))
        assert codec.decode(found.content, LookupResponse).order_id == till.order_id
        line_id = till.order.lines[0].line_id
        back = maker.op("order_copy.return", body_of(maker.take_back(till.order_id, [(line_id, 1)], PRICE)))
        (result,) = far.sync(msgspec.structs.replace(back, seq=1), next_seq=2).results
        assert (result.status, result.code) == ("applied", "")
        assert refund().code == "too_much", "the shop that sold it has not booked the return yet"
        directory.sweep()
        assert refund().state == "done"
        assert refund().code == "too_much", "no cent goes back twice"
    finally:
        far.close()
    assert [(leg.kind, leg.amount) for leg in till.order.payments] == [("paid", PRICE), ("refunded", PRICE)]
    assert till.order.state == "returned"
    directory.sweep()
    assert_feed_equals_tables()


@pytest.mark.expects_log
def test_what_is_not_the_providers_is_refused(till: Till) -> None:
    told = till.ask()
    notify = f"{till.url}/payments/notify"
    body = b'{"trade":{"name":"%b","state":"paid","amount":1,"currency":"CNY","number":"1"}}' % told.payment_id.encode()
    assert httpx.post(notify, content=body).status_code == 401
    assert httpx.post(notify, content=b"x" * (40 << 10)).status_code == 413
    assert httpx.get(notify).status_code == 405
    assert till.order.payments == ()
    till.pays(told)
    till.until(lambda: till.order.state == "paid", "the payment")
    till.paid_once()


@pytest.mark.expects_log
def test_a_payment_of_another_hq_is_refused_and_told_again(till: Till) -> None:
    till.desk.manners = Manners(retries_s=(0.05,))
    told = till.ask()
    with psycopg.connect(till.database) as connection:
        connection.execute("DELETE FROM payment_request")
    till.pays(told)
    till.until(lambda: len(till.desk.told) == 2, "both tries")
    assert till.desk.told == [409, 409]
    assert till.order.payments == ()


def test_the_same_request_again_is_the_same_payment(till: Till) -> None:
    request_id = new_id()
    first, again = till.ask(request_id=request_id), till.ask(request_id=request_id)
    assert (first.payment_id, first.text, first.state) == (again.payment_id, again.text, "waiting")
    assert till.sql("SELECT count(*) FROM payment_request") == [(1,)]


def test_another_shop_cannot_touch_a_payment(till: Till) -> None:
    told = till.ask()
    store = shop.make_shop(till.chain, stock=1)
    other = Tablet(till.url, store.guide_id)
    other.enrol(shop.new_code(store))
    asked = PayRequest(
        request_id=new_id(), what="close", order_id=till.order_id, guide_id=store.guide_id, payment_id=told.payment_id
    )
    answer = codec.decode(other.post("/v1/payment", codec.encode(asked)).content, PayResponse)
    other.close()
    assert answer.code == "payment_unknown"
    assert till.order.asked is not None
    assert till.order.asked.state == "waiting"


@pytest.mark.expects_log
def test_without_the_provider_s_server_the_order_waits(till: Till, tmp_path: Path) -> None:
    told = tmp_path / "payments.json"
    told.write_text('{"provider": "local", "url": "http://127.0.0.1:1", "secret_file": "local.secret"}')
    with serving() as url:
        tablet = Tablet(url, till.store.guide_id)
        tablet.enrol(shop.new_code(till.store))
        asked = PayRequest(
            request_id=new_id(), what="ask", order_id=till.order_id, guide_id=till.store.guide_id, amount=PRICE
        )
        answer = codec.decode(tablet.post("/v1/payment", codec.encode(asked)).content, PayResponse)
        tablet.close()
    assert answer.code == "provider_down"
    assert till.order.state == "accepted"
