"""Signing in: wrong PINs are counted on the disk, HQ's first PIN must be replaced, weak ones are refused."""

from __future__ import annotations

import pytest

from guide_app.domain.clock import from_text
from guide_app.domain.errors import BadInput, Defect, Refused
from guide_app.domain.records import Staff
from guide_app.services.ports.shop import StaffRow
from guide_app.services.session import check_pin
from tests.unit.guide_app.services.kit import NEW, OTHER, PIN, Counter
from tests.unit.local_store.kit import GUIDE

pytestmark = pytest.mark.asyncio
OWN = "582036"


async def test_the_right_pin_signs_in_and_all_hear_of_it(counter: Counter) -> None:
    heard: list[StaffRow | None] = []
    counter.session.subscribe(heard.append)
    assert (await counter.session.sign_in(OTHER, PIN)).ok
    counter.session.lock()
    assert [row and row.staff.name for row in heard] == ["Li Wei", None]
    with pytest.raises(Defect):
        _ = counter.session.guide_id


async def test_wrong_pins_are_counted_and_lead_to_a_wait_that_a_restart_keeps(counter: Counter) -> None:
    counter.session.lock()
    tried = [await counter.session.sign_in(OTHER, "000001") for _ in range(3)]
    assert [(each.ok, each.tries_left, each.wait_s) for each in tried] == [
        (False, 2, 0), (False, 1, 0), (False, 0, 10)
    ]  # fmt: skip
    counter.bench.clock.advance(4)
    assert (await counter.session.sign_in(OTHER, PIN)).wait_s == 6
    counter.reopen()
    counter.session.lock()
    assert (await counter.session.sign_in(OTHER, PIN)).wait_s == 10
    counter.bench.clock.advance(10)
    assert (await counter.session.sign_in(OTHER, PIN)).ok
    assert (await counter.session.sign_in(OTHER, "000001")).tries_left == 2


async def test_each_guide_has_their_own_tries(counter: Counter) -> None:
    for _ in range(3):
        await counter.session.sign_in(OTHER, "000001")
    assert (await counter.session.sign_in(NEW, PIN)).ok


@pytest.mark.parametrize("staff_id", [GUIDE, "nobody"])
async def test_who_has_no_pin_cannot_sign_in(counter: Counter, staff_id: str) -> None:
    counter.session.lock()
    assert not (await counter.session.sign_in(staff_id, PIN)).ok
    assert counter.session.guide is None


async def test_who_left_the_shop_cannot_sign_in(counter: Counter) -> None:
    pin = next(row.staff.pin for row in await counter.bench.store.shop.staff() if row.id == OTHER)
    counter.bench.hq.publish("staff", OTHER, Staff(name="Li Wei", staff_no="02", pin=pin, active=False))
    await counter.bench.drain()
    assert not (await counter.session.sign_in(OTHER, PIN)).ok


async def test_a_pin_of_hqs_opens_nothing_until_it_is_replaced(counter: Counter) -> None:
    counter.session.lock()
    tried = await counter.session.sign_in(NEW, PIN)
    assert (tried.ok, tried.must_change, counter.session.guide) == (True, True, None)
    with pytest.raises(BadInput, match="pin_same"):
        await counter.session.change_pin(NEW, PIN, PIN)
    assert not (await counter.session.change_pin(NEW, "000001", OWN)).ok
    assert (await counter.session.change_pin(NEW, PIN, OWN)).ok
    assert counter.session.guide_id == NEW
    hq = await counter.hq_has("staff", NEW)
    assert (hq.pin_once, OWN in hq.pin) == (False, False)
    counter.reopen()
    assert not (await counter.session.sign_in(NEW, PIN)).ok
    assert (await counter.session.sign_in(NEW, OWN)).ok


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "012345", "890123", "543210"])
async def test_a_pin_that_everybody_tries_first_is_refused(counter: Counter, pin: str) -> None:
    with pytest.raises(BadInput, match="pin_weak"):
        await counter.session.change_pin(NEW, PIN, pin)
    assert counter.outbox() == []


@pytest.mark.parametrize("pin", ["", "58203", "5820361", "58203a", "５８２０３６"])
async def test_a_pin_has_six_plain_digits(pin: str) -> None:
    with pytest.raises(BadInput, match="pin_format"):
        check_pin(pin)


async def test_a_tablet_that_hq_locked_out_opens_for_nobody_until_hq_answers_again(counter: Counter) -> None:
    counter.session.lock()
    await counter.bench.store.sync.lock_out()
    with pytest.raises(Refused, match="tablet_locked_out"):
        await counter.session.sign_in(OTHER, PIN)
    counter.reopen()
    counter.session.lock()
    with pytest.raises(Refused, match="tablet_locked_out"):
        await counter.session.sign_in(OTHER, PIN)
    await counter.bench.drain()
    assert (await counter.session.sign_in(OTHER, PIN)).ok


async def test_a_tablet_that_did_not_hear_hq_for_35_days_opens_for_nobody(counter: Counter) -> None:
    await counter.bench.drain()
    counter.session.lock()
    until = from_text(counter.bench.sql("SELECT value FROM meta WHERE key = 'authorised_until'")[0][0])
    counter.bench.clock.set(until)
    assert (await counter.session.sign_in(OTHER, PIN)).ok
    counter.session.lock()
    counter.bench.clock.advance(1)
    with pytest.raises(Refused, match="authorisation_ended"):
        await counter.session.sign_in(OTHER, PIN)
