"""What the tablet knows of time, and when a lease goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from guide_app.domain import leases
from guide_app.domain.clock import ManualClock, to_text
from guide_app.domain.records import Lease

HQ = datetime(2026, 11, 21, 10, tzinfo=UTC)
LEASE = Lease(amount=10, granted_at=to_text(HQ), expires_at=to_text(HQ + timedelta(hours=10)))


def heard(clock: ManualClock) -> leases.Heard:
    return leases.Heard(HQ, clock.monotonic(), clock.now())


def usable(clock: ManualClock, since: leases.Heard | None) -> bool:
    return leases.usable(LEASE, leases.hq_now(since, clock))


def test_a_lease_lives_until_its_expiry_by_hq_s_time_whatever_the_tablet_s_is() -> None:
    clock = ManualClock(HQ - timedelta(days=300))
    since = heard(clock)
    clock.advance(10 * 3600 - 1)
    assert usable(clock, since)
    clock.advance(1)
    assert not usable(clock, since)


def test_a_clock_that_is_put_back_keeps_no_lease_alive() -> None:
    clock = ManualClock(HQ)
    since = heard(clock)
    clock.advance(10 * 3600)
    clock.set(HQ)
    assert not usable(clock, since)


def test_the_time_of_day_can_only_shorten_it_after_a_sleep_say() -> None:
    clock = ManualClock(HQ)
    since = heard(clock)
    clock.set(HQ + timedelta(hours=11))
    assert not usable(clock, since)
    clock.set(HQ + timedelta(hours=1))
    assert usable(clock, since)
    clock.set(datetime(9999, 12, 31, tzinfo=UTC))
    assert not usable(clock, leases.Heard(HQ, clock.monotonic(), datetime(1970, 1, 1, tzinfo=UTC)))


def test_before_hq_was_heard_nothing_can_be_spent_nor_is_given_back() -> None:
    assert not usable(ManualClock(HQ), None)
    assert not leases.to_return(msgspec.structs.replace(LEASE, spent=10), None, "")


def test_a_closed_lease_cannot_be_spent() -> None:
    closed = leases.give_back(LEASE, 10, to_text(HQ))
    assert not leases.usable(closed, HQ)
    assert not leases.to_return(closed, HQ, to_text(HQ))


@pytest.mark.parametrize(
    ("hours", "spent", "began", "goes"),
    [(0, 0, 0, False), (0, 10, 0, True), (3.9, 0, 0, False), (4, 0, 0, True), (1, 3, 1, True)],
)
def test_it_goes_back_drained_late_or_of_another_day(hours: float, spent: int, began: int, goes: bool) -> None:
    lease = msgspec.structs.replace(LEASE, spent=spent)
    day = to_text(HQ + timedelta(hours=began))
    assert leases.to_return(lease, HQ + timedelta(hours=hours), day) is goes


def test_a_return_frees_what_it_names_once_and_a_release_the_rest() -> None:
    lease = msgspec.structs.replace(LEASE, spent=2)
    closed = leases.give_back(lease, 5, to_text(HQ))
    assert (closed.returned, closed.left, closed.held) == (5, 3, 5)
    assert leases.give_back(closed, 3, to_text(HQ)) == closed
    assert (leases.give_back(lease, 50, to_text(HQ)).returned, leases.give_back(lease, 0, to_text(HQ)).left) == (8, 8)
    released = leases.release(closed, to_text(HQ + timedelta(days=9)))
    assert (released.left, released.held, released.returned_at) == (0, 2, to_text(HQ))
    assert leases.release(lease, "later").returned_at == "later"


def test_what_is_enlarged_expires_later_and_never_earlier() -> None:
    more = leases.enlarge(LEASE, 5, to_text(HQ + timedelta(days=1)))
    assert (more.amount, more.expires_at) == (15, to_text(HQ + timedelta(days=1)))
    assert leases.enlarge(LEASE, 5, to_text(HQ)).expires_at == LEASE.expires_at


def test_instruments_that_have_no_id_of_their_own_have_one_that_both_sides_derive() -> None:
    assert leases.stock_instrument("s", "p") == leases.stock_instrument("s", "p")
    assert leases.stock_instrument("s", "p").kind == "stock"
    ids = {leases.stock_instrument("s", "p").id, leases.stock_instrument("p", "s").id, leases.points_instrument("s").id}
    assert len(ids) == 3
