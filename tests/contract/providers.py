"""What every adapter of a provider of payments must do: one suite, run against each with a server of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from hq.payments.local.trades import Trades
from hq.payments.port import (
    Event,
    NotGenuine,
    PaymentProvider,
    ProviderDown,
    ProviderRefused,
    Refund,
    RefundStatus,
    Status,
    Trade,
)
from tests.ops import new_id


class Told(NamedTuple):
    """A notification as it came: header names in lower case."""

    headers: dict[str, str]
    body: bytes


class Counter(NamedTuple):
    """A provider with what its server has in its books, and the notifications that it sent, oldest first."""

    provider: PaymentProvider
    trades: Trades
    told: list[Told]
    named: bool = True
    """Whether its books have a trade under its own name, or under the name without dashes."""

    def name(self, request_id: str) -> str:
        return request_id if self.named else request_id.replace("-", "")

    def event(self) -> Event:
        """What the last notification says."""
        last = self.told[-1]
        return self.provider.event(last.headers, last.body, now())


def now() -> datetime:
    return datetime.now(UTC)


def trade(amount: int = 4_990, minutes: int = 5) -> Trade:
    return Trade(new_id(), amount, "CNY", "101AB7K00423", now() + timedelta(minutes=minutes))


class ProviderContract:
    """Subclasses give a fixture `counter`."""

    def test_a_trade_begins_once_and_can_be_scanned(self, counter: Counter) -> None:
        asked = trade()
        code = counter.provider.create(asked)
        assert 0 < len(code) <= 1024
        assert counter.provider.create(asked) == code
        assert counter.provider.query(asked.request_id) == Status("waiting")

    def test_another_amount_under_the_same_name_is_refused(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        with pytest.raises(ProviderRefused):
            counter.provider.create(asked._replace(amount=1))

    def test_what_is_paid_is_told_and_can_be_asked_for(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        counter.trades.pay(counter.name(asked.request_id))
        event = counter.event()
        assert event.status is not None
        assert (event.request_id, event.status.state) == (asked.request_id, "paid")
        assert (event.status.amount, event.status.currency) == (4_990, "CNY")
        assert event.status.provider_id
        assert counter.provider.query(asked.request_id) == event.status

    def test_what_the_bank_refused_is_failed(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        counter.trades.pay(counter.name(asked.request_id), fails=True)
        assert counter.provider.query(asked.request_id).state == "failed"

    def test_what_is_closed_cannot_be_paid(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        counter.provider.close(asked.request_id)
        counter.provider.close(asked.request_id)
        assert counter.provider.query(asked.request_id) == Status("closed")

    def test_closing_what_is_paid_or_unknown_changes_nothing(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.close(asked.request_id)
        assert counter.provider.query(asked.request_id) == Status("unknown")
        counter.provider.create(asked)
        counter.trades.pay(counter.name(asked.request_id))
        counter.provider.close(asked.request_id)
        assert counter.provider.query(asked.request_id).state == "paid"

    def test_money_goes_back_once_and_is_told(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        counter.trades.pay(counter.name(asked.request_id))
        refund = Refund(new_id(), asked.request_id, 1_000, 4_990, "CNY", "slip")
        first = counter.provider.refund(refund)
        assert counter.provider.refund(refund).provider_id == first.provider_id
        event = counter.event()
        assert (event.request_id, event.refund_id) == (asked.request_id, refund.refund_id)
        assert event.refund == RefundStatus("done", first.provider_id, 1_000)
        assert counter.provider.query_refund(refund.refund_id) == event.refund

    def test_a_refund_may_take_its_time(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        counter.trades.pay(counter.name(asked.request_id))
        counter.trades.slow_refunds = True
        refund = Refund(new_id(), asked.request_id, 4_990, 4_990, "CNY", "slip")
        assert counter.provider.refund(refund).state == "waiting"
        counter.trades.settle(counter.name(refund.refund_id), fails=True)
        assert counter.provider.query_refund(refund.refund_id).state == "failed"

    def test_no_more_goes_back_than_was_paid(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        counter.trades.pay(counter.name(asked.request_id))
        with pytest.raises(ProviderRefused):
            counter.provider.refund(Refund(new_id(), asked.request_id, 4_991, 4_990, "CNY", "slip"))
        assert counter.provider.query_refund(new_id()).state == "unknown"

    def test_a_notification_that_was_changed_forged_or_is_old_is_none(self, counter: Counter) -> None:
        asked = trade()
        counter.provider.create(asked)
        counter.trades.pay(counter.name(asked.request_id))
        headers, body = counter.told[-1]
        for headers_, body_, at in (
            (headers, body.replace(b"a", b"b", 1), now()),
            ({name: value[::-1] for name, value in headers.items()}, body, now()),
            ({}, body, now()),
            (headers, body, now() + timedelta(minutes=10)),
            (headers, b"", now()),
        ):
            with pytest.raises(NotGenuine):
                counter.provider.event(headers_, body_, at)

    def test_a_provider_that_is_gone_is_down(self, down: PaymentProvider) -> None:
        asked = trade()
        for call in (
            lambda: down.create(asked),
            lambda: down.query(asked.request_id),
            lambda: down.close(asked.request_id),
            lambda: down.query_refund(new_id()),
            lambda: down.refund(Refund(new_id(), asked.request_id, 1, 1, "CNY", "slip")),
        ):
            with pytest.raises(ProviderDown):
                call()
