"""A colleague buys at staff prices: by whom, at which price, up to the month's limit, offline from leases alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.leases import staff_instrument
from guide_app.domain.records import Instrument, Lease, Order, Staff, StaffPurchase
from guide_app.operations.returns import LineBack
from guide_app.services.baskets import Basket
from guide_app.services.pricing import shop_time
from guide_app.services.returning import paid_of
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.guide_app.services.test_pricing import placed, promoted, told
from tests.unit.guide_app.services.test_selling import filled
from tests.unit.local_store.kit import GUIDE, PRODUCTS

pytestmark = pytest.mark.asyncio
replace = msgspec.structs.replace
LIMIT = 5_000


async def entitled(counter: Counter, staff_id: str = OTHER, **more: Any) -> Instrument:
    """HQ lets a colleague buy for 50.00 a month, 30 % off; the month's value."""
    hq = counter.bench.hq
    person: Staff = hq.record("staff", staff_id) if staff_id == OTHER else Staff(name="王芳", staff_no="01")
    hq.publish("staff", staff_id, replace(person, purchase=StaffPurchase(limit=LIMIT, **more)))
    await promoted(counter, "staff", percent=3_000)
    facts = await counter.bench.store.promotions.facts([])
    tablet = await counter.bench.store.shop.tablet()
    assert tablet is not None
    month = f"{shop_time(facts.at, facts.time_zone):%Y-%m}"
    return staff_instrument(tablet.store_id, staff_id, month)


async def basket(counter: Counter, staff_id: str = OTHER) -> Basket:
    await counter.baskets.empty()
    return await told(counter, (await filled(counter)).for_staff(staff_id))


async def leases(counter: Counter) -> list[Lease]:
    return [row.lease for row in await counter.bench.store.leases.rows()]


async def test_a_colleague_buys_at_staff_prices_from_what_hq_sets_aside(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = LIMIT
    assert (await told(counter, await filled(counter))).total == 4_000, "for a customer the price is the list's"
    await counter.baskets.empty()
    made = await placed(counter, await basket(counter))
    assert (made.totals.total, made.staff_id, made.member_id) == (2_800, OTHER, "")
    assert {one.kind for line in made.lines for one in line.discounts} == {"staff"}
    assert [(one.instrument, one.spent) for one in await leases(counter)] == [(limit, 2_800)]
    assert counter.lease_hq.free[limit.id] == LIMIT - 2_800


async def test_the_month_s_limit_is_the_end_and_it_is_said(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = 2_000
    with pytest.raises(Refused, match="staff_limit"):
        await counter.till.place(await basket(counter))
    assert "order.place" not in counter.outbox(), "nothing is sold beyond it"


async def test_with_no_network_only_what_this_tablet_holds_is_spent(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.offline = True
    with pytest.raises(NoNetwork, match="staff_offline"):
        await counter.till.place(await basket(counter))
    now = counter.bench.clock.now()
    counter.bench.hq.publish("lease", OTHER, Lease(
        amount=3_000, instrument=limit, granted_at=to_text(now), expires_at=to_text(now + timedelta(days=2)),
    ))  # fmt: skip
    await counter.bench.drain()
    made = await placed(counter, await basket(counter))
    assert [(one.lease_id, one.amount) for one in made.spends] == [(OTHER, 2_800)]


async def test_nobody_rings_up_their_own_unless_hq_lets_them(counter: Counter) -> None:
    limit = await entitled(counter, GUIDE)
    counter.lease_hq.free[limit.id] = LIMIT
    assert await counter.value.staff.colleagues(GUIDE) == []
    assert [one.id for one in await counter.value.staff.colleagues(OTHER)] == [GUIDE]
    with pytest.raises(Refused, match="staff_right"):
        await counter.till.place(await basket(counter, GUIDE))
    await entitled(counter, GUIDE, alone=True)
    assert (await placed(counter, await basket(counter, GUIDE))).staff_id == GUIDE


async def test_a_right_ends_with_its_last_day_and_when_hq_stops_it(counter: Counter) -> None:
    await entitled(counter, until="2020-01-01")
    assert await counter.value.staff.colleagues(GUIDE) == []
    counter.bench.hq.publish("staff", OTHER, Staff(name="Li Wei", staff_no="02"))
    await counter.bench.drain()
    with pytest.raises(Refused, match="staff_right"):
        await counter.till.place(await basket(counter))


async def test_it_is_a_colleague_s_or_a_member_s(counter: Counter) -> None:
    member_id = await signed_up(counter)
    mine = (await filled(counter)).for_member(member_id).for_staff(OTHER)
    assert (mine.member_id, mine.staff_id) == ("", OTHER), "it brings nobody points"
    again = mine.for_member(member_id)
    assert (again.member_id, again.staff_id) == (member_id, "")


@pytest.mark.parametrize("pieces", [1, 2])
async def test_what_comes_back_gives_the_limit_back(counter: Counter, pieces: int) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = LIMIT
    placed_ = await counter.till.place(await basket(counter))
    await counter.bench.drain()
    going = await counter.returns.begin(placed_.order_id)
    assert going is not None
    line = next(one for one in going.order.lines if one.product_id == PRODUCTS[0])
    done = await counter.returns.take_back(going, [LineBack(line_id=line.line_id, qty=pieces, reason="unwanted")])
    (lease,) = await leases(counter)
    assert lease.spent == 2_800 - pieces * 700
    await counter.returns.undo(done)
    assert [one.spent for one in await leases(counter)] == [2_800]


async def test_a_cancelled_one_gives_all_of_it_back(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = LIMIT
    made: Order = await placed(counter, await basket(counter))
    assert made.spends
    (row,) = await counter.bench.store.orders.list()
    await counter.till.cancel(row.id, "x")
    assert [one.spent for one in await leases(counter)] == [0]


async def exchanged(counter: Counter, order_id: str, pieces: int, into: int) -> Basket:
    """So many pieces come back for so many others."""
    going = await counter.returns.begin(order_id)
    assert going is not None
    line = next(one for one in going.order.lines if one.product_id == PRODUCTS[0])
    body = counter.returns.body(going, [LineBack(line_id=line.line_id, qty=pieces, reason="unwanted")])
    now = await counter.till.add(await counter.baskets.empty(), PRODUCTS[0], into)
    back = now.coming_back(body, paid_of(going.order, body.refund.money), going.order)
    return await told(counter, back)


async def test_an_exchange_of_a_staff_purchase_stays_one_and_takes_the_limit_again(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = 2_800
    first = await counter.till.place(await basket(counter))
    assert counter.lease_hq.free[limit.id] == 0
    counter.lease_hq.offline = True
    going = await exchanged(counter, first.order_id, 2, 2)
    assert (going.staff_id, going.member_id, going.told and going.told.total) == (OTHER, "", 1_400)
    assert going.for_member(await signed_up(counter)) == going.for_staff("") == going, "it is nobody else's"
    second = await placed(counter, going)
    assert (second.staff_id, second.totals.total) == (OTHER, 1_400)
    assert [one.spent for one in await leases(counter)] == [2_800], "given back and taken again, to the cent"
    assert counter.outbox()[-1] == "order.exchange"


async def test_an_exchange_for_more_needs_the_difference_and_for_less_gives_it_back(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = 2_800
    first = await counter.till.place(await basket(counter))
    with pytest.raises(Refused, match="staff_limit"):
        await counter.till.place(await exchanged(counter, first.order_id, 1, 2))
    assert "order.exchange" not in counter.outbox()
    await placed(counter, await exchanged(counter, first.order_id, 2, 1))
    assert [one.spent for one in await leases(counter)] == [2_100]


async def test_goods_that_are_kept_after_all_leave_the_buyer_free(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = LIMIT
    first = await counter.till.place(await basket(counter))
    kept = replace(await exchanged(counter, first.order_id, 1, 1), back=None)
    assert (kept.staff_id, kept.for_staff("").staff_id) == (OTHER, "")


async def test_a_quotation_promises_nobody_staff_prices(counter: Counter) -> None:
    await entitled(counter)
    assert (await counter.quotations.worth(await basket(counter))).total == 4_000


@pytest.mark.parametrize("into", [1, 2])
async def test_in_a_later_month_it_counts_where_it_did_with_no_network_and_whoever_holds_the_lease(
    counter: Counter, into: int
) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = 2_800
    first = await placed(counter, await basket(counter))
    await counter.bench.drain()
    (spend,) = first.spends
    counter.bench.hq.publish("lease", spend.lease_id, None, "gone")
    await counter.bench.drain()
    counter.bench.clock.advance(40 * 86_400)
    counter.lease_hq.offline = True
    assert await leases(counter) == []
    (row,) = await counter.bench.store.orders.list()
    with pytest.raises(NoNetwork, match="staff_offline"):
        await counter.till.place(await exchanged(counter, row.id, 1, 2))
    again = await placed(counter, await exchanged(counter, row.id, 2, into))
    assert [(one.lease_id, one.amount) for one in again.spends] == [(spend.lease_id, into * 700)]


async def test_what_is_dearer_in_a_later_month_needs_only_the_difference_of_that_month(counter: Counter) -> None:
    old = await entitled(counter)
    counter.lease_hq.free[old.id] = 2_800
    first = await placed(counter, await basket(counter))
    await counter.bench.drain()
    counter.bench.clock.advance(40 * 86_400)
    new = await entitled(counter)
    assert new != old
    counter.lease_hq.free[new.id] = 700
    (row,) = await counter.bench.store.orders.list()
    again = await placed(counter, await exchanged(counter, row.id, 1, 2))
    assert again.totals.total == 1_400
    assert {one.lease_id: one.amount for one in again.spends}[first.spends[0].lease_id] == 700
    assert {one.instrument: one.spent for one in await leases(counter)}[new] == 700
