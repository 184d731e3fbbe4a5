"""Tablets in several stores of a real HQ: enrolled anew, looking members up, with members who move, through real files
and real HTTP. Steps are swept by hand here; their rules are tested without a database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from guide_app.domain.errors import NoNetwork, Refused
from guide_app.operations.members import Edit, FieldEdit
from guide_app.operations.returns import LineBack
from guide_app.services.ports.writing import Draft
from tests import shop
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.test_sync_real import World, order, sign_up, world
from tests.tablets import Tablet

__all__ = ["world"]
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def other(world: World) -> AsyncIterator[shop.Shop]:
    """A second shop of the chain."""
    products = tuple(product_id for (product_id,) in world.sql("SELECT id::text FROM product ORDER BY sku"))
    chain = shop.Chain(products, "", ())
    yield await asyncio.to_thread(shop.make_shop, chain)


async def swept() -> int:
    from hq.sync_api import directory

    return await asyncio.to_thread(directory.sweep)


async def code_of(store: shop.Shop) -> str:
    return await asyncio.to_thread(shop.new_code, store)


async def in_shop(world: World, name: str, store: shop.Shop) -> Tablet:
    """A tablet that is enrolled in the shop."""
    tablet = await world.unenrolled(name)
    tablet.guide_id = store.guide_id
    await tablet.enrol(await code_of(store))
    return tablet


async def stands_here(tablet: Tablet, guide_id: str) -> None:
    """The guide is signed in on the tablet."""
    people = {row.id: row for row in await tablet.container.read.shop.staff()}
    tablet.container.do.session.guide = people[guide_id]


async def test_what_was_made_in_the_shop_before_reaches_it_from_the_next_one(world: World, other: shop.Shop) -> None:
    tablet = await world.tablet("one")
    tablet.proxy.down = True
    member = await sign_up(world, tablet)
    await order(world, tablet, member.id)
    await tablet.problem("no_network")
    tablet.proxy.down = False
    await tablet.enrol(await code_of(other))
    assert await tablet.container.read.members.get(member.id) is None, "another shop's work leaves the screen"

    async def sent() -> bool:
        return [code for (code,) in world.sql("SELECT status FROM op_log")] == ["forwarded"] * 2

    await tablet.until(sent, "the old shop's work to be sent")
    waiting = await tablet.container.read.outbox.waiting()
    assert (waiting.total, waiting.parked) == (2, 0)
    assert await tablet.container.read.outbox.attention_count() == 0
    assert await swept() > 0
    await tablet.in_step()
    assert await tablet.waiting() == 0
    found = world.sql("SELECT store_id::text, order_count FROM member WHERE id = %s", member.id)
    assert found == [(world.store.store_id, 1)]
    assert world.sql("SELECT store_id::text FROM shop_order") == [(world.store.store_id,)]
    await asyncio.to_thread(assert_feed_equals_tables)


async def test_a_tablet_that_left_hears_in_its_own_scope_who_is_erased(world: World, other: shop.Shop) -> None:
    from django.utils import timezone

    from hq.history import services

    tablet, stays = await world.tablet("one"), await in_shop(world, "two", other)
    early, late = await sign_up(world, tablet), await sign_up(world, tablet)
    await tablet.in_step()
    tablet.proxy.down = True
    await asyncio.to_thread(services.erase, early.id, timezone.now())
    tablet.proxy.down = False
    await tablet.enrol(await code_of(other))
    await asyncio.to_thread(services.erase, late.id, timezone.now())
    for one in (tablet, stays):
        await one.in_step()
    told = world.sql(
        "SELECT d.id::text, f.entity_id::text FROM feed f JOIN device d ON d.scope = f.scope WHERE f.op = 'erased'"
        " AND f.entity = 'member' AND d.store_id = %s", other.store_id,
    )  # fmt: skip
    assert {member_id for _device, member_id in told} == {early.id, late.id}
    assert len({device for device, _member_id in told}) == 1
    await asyncio.to_thread(assert_feed_equals_tables)


async def test_a_tablet_cannot_pass_for_another_one(world: World, other: shop.Shop) -> None:
    from sync.protocol.signature import SigningKey, is_past_proof, past_proof

    one = await world.tablet("one")
    was = await one.container.read.shop.tablet()
    assert was is not None
    key, new = SigningKey(b"1" * 32), SigningKey(b"2" * 32)
    proof = past_proof(key, was.device_id, new.public_text)
    assert is_past_proof(proof, key.public, was.device_id, new.public_text)
    assert not is_past_proof(proof, new.public, was.device_id, new.public_text)
    assert not is_past_proof(proof, key.public, was.device_id, key.public_text)
    assert not is_past_proof("no proof", key.public, was.device_id, new.public_text)


async def test_a_tablet_goes_back_to_its_first_shop(world: World, other: shop.Shop) -> None:
    tablet = await world.tablet("one")
    await tablet.enrol(await code_of(other))
    tablet.guide_id = other.guide_id
    tablet.proxy.down = True
    there = await sign_up(world, tablet)
    await tablet.problem("no_network")
    tablet.proxy.down = False
    await tablet.enrol(await world.code())
    tablet.guide_id = world.store.guide_id
    here = await sign_up(world, tablet)

    async def sent() -> bool:
        return len(world.sql("SELECT 1 FROM op_log")) == 2

    await tablet.until(sent, "both shops' work to be sent")
    await swept()
    await tablet.in_step()
    homes = dict(world.sql("SELECT id::text, store_id::text FROM member"))
    assert homes == {there.id: other.store_id, here.id: world.store.store_id}
    past = world.sql("SELECT count(DISTINCT device_id) FROM past_enrolment")
    assert past == [(2,)]


async def arrived(tablet: Tablet, member_id: str) -> None:
    async def there() -> bool:
        return await tablet.container.read.members.get(member_id) is not None

    await tablet.until(there, f"the member {member_id}")


async def test_a_member_of_another_shop_is_looked_up_sold_to_and_edited(
    world: World, other: shop.Shop, caplog: pytest.LogCaptureFixture
) -> None:
    home, here = await world.tablet("home"), await in_shop(world, "here", other)
    made = await sign_up(world, home, "+8613912345678", "陈静怡")
    await home.in_step()
    find = here.container.do.visitors.find
    assert await find("13912340000") is None
    assert await find("139 1234 5678") == made.id
    assert "+8613912345678" not in caplog.text, "a number looked up is masked in the log"
    assert "looked up" in caplog.text
    await arrived(here, made.id)
    (row,) = await here.container.read.members.search("chenjingyi")
    assert (row.id, row.home.en) == (made.id, "Shop 0")
    here.proxy.down = True
    assert await find("13912345678") == made.id, "whom the tablet has is found without a network"
    with pytest.raises(NoNetwork):
        await find("13912340000")
    here.proxy.down = False
    seen = await here.container.read.members.get(made.id)
    assert seen is not None
    assert seen.home.zh == "0号店"
    await order(world, here, made.id)
    edit = Edit(member_id=made.id, base_ver=seen.ver, set={"name": FieldEdit(old="陈静怡", new="陈静")})
    await here.commit(Draft(kind="member.edit", body=edit))
    view = await here.container.read.members.get(made.id)
    assert view is not None
    assert (view.member.name, view.member.order_count, view.waiting) == ("陈静", 1, True)

    async def taken() -> bool:
        statuses = dict(world.sql("SELECT kind, status FROM op_log WHERE store_id = %s", other.store_id))
        return statuses == {"order.place": "applied", "member.edit": "forwarded"}

    await here.until(taken, "HQ to take them")
    view = await here.container.read.members.get(made.id)
    assert view is not None
    assert (view.member.name, view.member.order_count) == ("陈静", 1), "the effect stays until HQ's word"
    await swept()
    await here.in_step()
    await home.in_step()
    for tablet in (home, here):
        view = await tablet.container.read.members.get(made.id)
        assert view is not None
        assert (view.member.name, view.member.order_count, view.waiting) == ("陈静", 1, False)
    assert world.sql("SELECT store_id::text FROM shop_order") == [(other.store_id,)]
    await asyncio.to_thread(assert_feed_equals_tables)


def old_orders_leave(store: shop.Shop) -> int:
    """HQ tidies long after."""
    from hq.history.trimming import Trimmer
    from hq.ledger.past_postgres import PostgresPast
    from hq.ledger.port import ScopeKey
    from hq.ledger.postgres import PostgresLedger

    later = datetime.now(UTC) + timedelta(days=1)
    return Trimmer(PostgresLedger(), PostgresPast()).let_old_leave(ScopeKey(store.store_id, store.scope), later)


async def returned(tablet: Tablet, order_id: str) -> None:
    """All of the order comes back on this tablet."""
    do = tablet.container.do
    going = await do.returns.begin(order_id)
    assert going is not None
    lines = [LineBack(line_id=line.line_id, qty=line.qty, reason="changed_mind") for line in going.order.lines]
    await do.returns.take_back(going, lines)


async def test_an_order_that_left_the_tablets_comes_back_for_its_return_and_is_taken_back_once(
    world: World, other: shop.Shop
) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    far = await in_shop(world, "far", other)
    for tablet in (one, two):
        await stands_here(tablet, world.store.guide_id)
    made = await order(world, one)
    for tablet in (one, two):
        await tablet.in_step()
    row = await one.container.read.orders.get(made.id)
    assert row is not None
    number = row.order.number
    assert await asyncio.to_thread(old_orders_leave, world.store) >= 1
    for tablet in (one, two):

        async def gone(tablet: Tablet = tablet) -> bool:
            tablet.container.sync.nudge()
            return await tablet.container.read.orders.get(made.id) is None

        await tablet.until(gone, "the order to leave")
    elsewhere = await far.container.do.missing.seek(number)
    assert (elsewhere.state, elsewhere.order_id, elsewhere.store.zh) == ("coming", made.id, "0号店")
    one.proxy.down = True
    assert (await one.container.do.missing.seek(number)).state == "waits"
    one.proxy.down = False
    (found,) = await one.container.do.missing.seek_again()
    assert (found.state, found.order_id) == ("coming", made.id)
    for tablet in (one, two):

        async def here(tablet: Tablet = tablet) -> bool:
            tablet.container.sync.nudge()
            return await tablet.container.read.orders.get(made.id) is not None

        await tablet.until(here, "the order")
    assert [kept.state for kept in await one.container.do.missing.all()] == ["here"]
    two.proxy.down = True
    await returned(one, made.id)
    await returned(two, made.id)
    assert await one.container.do.missing.all() == []
    await one.in_step()
    two.proxy.down = False
    await two.in_step()
    codes = world.sql("SELECT code FROM op_log WHERE kind = 'order.return' ORDER BY received_at")
    assert [code or "" for (code,) in codes] == ["", "return_too_many"]
    await swept()
    await far.in_step()
    copy = await far.container.read.orders.get(made.id)
    assert copy is not None
    assert copy.sold_at is not None
    assert len(copy.order.returns) == 2
    assert await far.container.read.orders.list() == []
    await world.assert_all_agree(one, two)


async def test_one_phone_in_two_shops_becomes_one_member_for_all_tablets(world: World, other: shop.Shop) -> None:
    first, second = await world.tablet("first"), await in_shop(world, "second", other)
    kept = await sign_up(world, first, "+8613912345678")
    await first.in_step()
    vanished = await sign_up(world, second, "+8613912345678", "陈静怡")
    await order(world, second, vanished.id)
    await second.in_step()
    await swept()
    await second.in_step()
    await first.in_step()
    view = await second.container.read.members.get(vanished.id)
    assert view is not None
    assert (view.id, view.member.order_count, bool(view.home)) == (kept.id, 1, True)
    assert {entry.kind for entry in await second.container.read.members.timeline(kept.id)} == {"order", "sign_up"}
    own = await first.container.read.members.get(kept.id)
    assert own is not None
    assert (own.member.order_count, bool(own.home)) == (1, False)
    assert await second.container.read.members.count() == 1
    await asyncio.to_thread(assert_feed_equals_tables)


async def test_a_member_who_moves_is_served_on_from_the_old_shops_tablets(world: World, other: shop.Shop) -> None:
    old, new = await world.tablet("old"), await in_shop(world, "new", other)
    made = await sign_up(world, old)
    await old.in_step()
    old.proxy.down = True
    await order(world, old, made.id)
    await old.problem("no_network")
    await asyncio.to_thread(_move, made.id, world.store.store_id, other.store_id)
    old.proxy.down = False
    await old.in_step()
    await swept()
    for tablet in (old, new):
        await tablet.in_step()
        view = await tablet.container.read.members.get(made.id)
        assert view is not None
        assert (view.member.order_count, bool(view.home)) == (1, tablet is old)
    await asyncio.to_thread(_expire)
    await old.in_step()
    assert await old.container.read.members.get(made.id) is None
    assert await old.container.read.members.count() == 0
    await asyncio.to_thread(assert_feed_equals_tables)


def _move(member_id: str, old_id: str, new_id: str) -> None:
    from hq.sync_api import visits

    visits.move(member_id, old_id, new_id)


def _expire() -> None:
    from django.utils import timezone

    from hq.sync_api import visits

    assert visits.expire_until(timezone.now() + timedelta(days=29)) == 0
    assert visits.expire_until(timezone.now() + timedelta(days=31)) == 1


async def test_too_many_questions_are_refused_for_a_while(world: World) -> None:
    tablet = await world.tablet("one")
    for _ in range(20):
        assert await tablet.container.do.visitors.find("T0000000") is None
    with pytest.raises(Refused, match="too_often"):
        await tablet.container.do.visitors.find("T0000000")
