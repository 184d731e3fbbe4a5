"""Staff purchase on two real tablets of a real HQ: one limit a month, spent with no network, given back, stopped."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.leases import staff_instrument
from guide_app.domain.records import Names, Promotion
from guide_app.operations.returns import LineBack
from guide_app.services.baskets import Basket
from guide_app.services.returning import paid_of
from sync.protocol import codec
from sync.protocol.messages import LeaseRequest, LeaseResponse
from tests.integration.test_hq_sync import Hq, hq
from tests.integration.test_payments_tablets import stands_here
from tests.integration.test_sync_real import World, world
from tests.ops import new_id
from tests.tablet_client import Tablet as Device
from tests.tablets import Tablet

__all__ = ["hq", "world"]
BOUGHT = "SELECT state, total, variance, staff_id::text FROM shop_order WHERE id = %s"
LIMIT, PRICE = 10_000, 3_493
"""What the colleague may buy, and a pack at 30 % off."""


def entitled(store: Any, limit: int = LIMIT, staff_no: str = "77") -> str:
    """HQ's people let a colleague of the store buy at 30 % off."""
    from hq.promotions import services as promotions
    from hq.protocol import scopes
    from hq.staff import services
    from hq.staff.models import Staff

    says = Promotion(names=Names(en="Staff price", zh="内购价"), kind="staff", percent=3_000)
    promotions.save_promotion(says, scope=scopes.of_chain(), by="hq")
    person = Staff(store_id=store.store_id, staff_no=staff_no, name="李娜", purchase_limit=limit)
    services.save(person)
    return str(person.id)


def shown_at_hq(staff_id: str) -> str:
    """What the person's page at HQ says that they bought this month."""
    from django.contrib import admin

    from hq.staff.admin import StaffAdmin
    from hq.staff.models import Staff

    shown = StaffAdmin(Staff, admin.site).shown_bought(Staff.objects.get(id=staff_id))
    month, amount = re.findall(r"<td[^>]*>([^<]*)</td>", shown)
    assert re.fullmatch(r"\d{4}-\d{2}", month)
    return str(amount)


def changed(staff_id: str, **fields: Any) -> None:
    """HQ's people change the right."""
    from hq.staff import services
    from hq.staff.models import Staff

    person = Staff.objects.get(id=staff_id)
    for name, value in fields.items():
        setattr(person, name, value)
    services.save(person, seen=person.ver)


async def basket(tablet: Tablet, who: str, pieces: int = 1) -> Basket:
    till = tablet.container.do.till
    (milk,) = await tablet.container.read.catalogue.search("婴儿奶粉", limit=1)
    made = await till.add((await till.baskets.empty()).for_staff(who), milk.id, pieces)
    return (await till.told(made))[0]


async def two_tablets(world: World) -> tuple[Tablet, Tablet, str]:
    who = await asyncio.to_thread(entitled, world.store)
    one, two = await world.tablet("one"), await world.tablet("two")
    for tablet in (one, two):
        await tablet.in_step()
        await stands_here(world, tablet)
    return one, two, who


@pytest.mark.asyncio
async def test_two_tablets_sell_up_to_one_limit_and_a_cancelled_sale_is_sold_again_with_no_network(
    world: World,
) -> None:
    one, two, who = await two_tablets(world)
    first = await one.container.do.till.place(await basket(one, who))
    assert first.total == PRICE
    second = await two.container.do.till.place(await basket(two, who))
    with pytest.raises(Refused, match="staff_limit"):
        await two.container.do.till.place(await basket(two, who))
    await world.assert_all_agree(one, two)
    assert [world.sql(BOUGHT, made.order_id) for made in (first, second)] == [
        [("accepted", PRICE, 0, who)], [("accepted", PRICE, 0, who)],
    ]  # fmt: skip
    one.proxy.down = True
    with pytest.raises(NoNetwork, match="staff_offline"):
        await one.container.do.till.place(await basket(one, who))
    await one.container.do.till.cancel(first.order_id, "other")
    again = await one.container.do.till.place(await basket(one, who))
    one.proxy.down = False
    await world.assert_all_agree(one, two)
    assert world.sql(BOUGHT, again.order_id) == [("accepted", PRICE, 0, who)]
    spent = "SELECT coalesce(sum(spent), 0)::int, sum(overspent)::int FROM lease WHERE instrument_kind = 'staff'"
    assert world.sql(spent) == [(2 * PRICE, 0)]
    assert world.sql("SELECT balance::int FROM instrument WHERE kind = 'staff'") == [(LIMIT,)]
    assert {(status, code) for kind, status, code in world.op_log() if kind == "order.place"} == {("applied", "")}
    assert await asyncio.to_thread(shown_at_hq, who) == f"{2 * PRICE}"


def test_tablets_that_ask_at_once_for_a_limit_that_is_new_share_it(hq: Hq) -> None:
    tablets, people = [hq.tablet() for _ in range(4)], [entitled(hq.shop, staff_no=f"9{n}") for n in range(6)]
    month = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m}"

    def ask(tablet: Device) -> list[int]:
        granted = []
        for who in people:
            limit = staff_instrument(hq.shop.store_id, who, month)
            asked = LeaseRequest(request_id=new_id(), instrument=limit, amount=LIMIT // 3, staff_id=who)
            answer = tablet.post("/v1/lease", codec.encode(asked))
            assert answer.status_code == 200, answer.text
            granted.append(codec.decode(answer.content, LeaseResponse).granted)
        return granted

    with ThreadPoolExecutor(4) as threads:
        granted = list(threads.map(ask, tablets))
    assert [sum(one) for one in zip(*granted, strict=True)] == [LIMIT] * len(people)
    held = "SELECT DISTINCT i.held - (SELECT sum(amount) FROM lease WHERE instrument_id = i.id) FROM instrument i"
    assert [int(str(value)) for (value,) in hq.rows(held)] == [0]


@pytest.mark.asyncio
@pytest.mark.parametrize("stop", [{"purchase_limit": 0}, {"purchase_until": date(2020, 1, 1)}, {"active": False}])
async def test_a_right_that_hq_stops_ends_on_the_tablets(world: World, stop: dict[str, Any]) -> None:
    one, _two, who = await two_tablets(world)
    assert [(row.id, row.limit) for row in await one.container.do.value.staff.colleagues("")] == [(who, LIMIT)]
    await asyncio.to_thread(changed, who, **stop)
    with pytest.raises(Refused, match="staff_limit"):  # the tablet has not heard of it yet
        await one.container.do.till.place(await basket(one, who))
    await one.in_step()
    assert await one.container.do.value.staff.colleagues("") == []
    with pytest.raises(Refused, match="staff_right"):
        await one.container.do.till.place(await basket(one, who))


@pytest.mark.asyncio
async def test_another_tablet_exchanges_it_with_no_network_once_its_lease_went_back(world: World) -> None:
    one, two, who = await two_tablets(world)
    first = await one.container.do.till.place(await basket(one, who, pieces=2))
    await one.in_step()
    assert await one.container.do.leases.tidy(world.store.guide_id) == 1, "it is drained"
    await world.assert_all_agree(one, two)
    two.proxy.down = True
    do = two.container.do
    going = await do.returns.begin(first.order_id)
    assert going is not None
    (line,) = going.order.lines
    back = do.returns.body(going, [LineBack(line_id=line.line_id, qty=1, reason="unwanted")])
    made = (await basket(two, who)).coming_back(back, paid_of(going.order, back.refund.money), going.order)
    second = await do.till.place((await do.till.told(made))[0])
    two.proxy.down = False
    await world.assert_all_agree(two, one)
    assert world.sql(BOUGHT, second.order_id) == [("accepted", PRICE, 0, who)]
    told = "SELECT count(*)::int, sum(spent)::int, sum(overspent)::int FROM lease WHERE instrument_kind = 'staff'"
    assert world.sql(told) == [(1, 2 * PRICE, 0)]
    assert world.sql("SELECT held::int FROM instrument WHERE kind = 'staff'") == [(2 * PRICE,)]
    assert all(code == "" for kind, _, code in world.op_log() if kind.startswith("order."))
