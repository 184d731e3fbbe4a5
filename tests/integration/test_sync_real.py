"""Two real tablets and a real HQ on a real PostgreSQL: what the contract promises, through real HTTP and real files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import psycopg
import pytest
import pytest_asyncio

from guide_app.domain.clock import SystemClock
from guide_app.domain.errors import BadInput, NoNetwork, Refused
from guide_app.domain.leases import stock_instrument
from guide_app.operations.leases import Return, Spending
from guide_app.services.ports.writing import Draft
from tests import shop
from tests.hq_server import serving
from tests.integration.feed_check import assert_feed_equals_tables
from tests.proxy import Proxy, between
from tests.tablet_rows import Key
from tests.tablets import Tablet, running
from tests.work import Made, Work

pytestmark = pytest.mark.asyncio
SCOPES = (
    "SELECT scope FROM store WHERE id = %s UNION SELECT id FROM scope WHERE kind = 'chain'"
    " UNION SELECT r.scope FROM region r JOIN store s ON s.region_id = r.id WHERE s.id = %s"
)
FEED = "SELECT scope, entity, entity_id::text, ver, data FROM feed WHERE op = 'put' AND scope = ANY(%s)"


@dataclass
class World:
    """One shop, its HQ, and what it takes to start tablets, each behind a proxy of its own."""

    url: str
    database: str
    store: shop.Shop
    work: Work
    folder: Path
    stack: AsyncExitStack

    async def tablet(self, name: str, *, clock: SystemClock | None = None) -> Tablet:
        """A new tablet, enrolled and loaded."""
        made = await self.unenrolled(name, clock=clock)
        await made.enrol(await self.code())
        return made

    async def unenrolled(self, name: str, *, clock: SystemClock | None = None) -> Tablet:
        proxy = await self.proxy()
        made = running(self.folder / name, self.store.guide_id, proxy, clock=clock)
        return await self.stack.enter_async_context(made)

    async def proxy(self) -> Proxy:
        return await self.stack.enter_async_context(between(self.url))

    async def code(self) -> str:
        return await asyncio.to_thread(shop.new_code, self.store)

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """HQ's answer to a query that shares no code with the product."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def feed(self) -> tuple[set[str], dict[Key, tuple[int, Any]]]:
        """The scopes of the shop and their rows as HQ publishes them."""
        scopes = {scope for (scope,) in self.sql(SCOPES, self.store.store_id, self.store.store_id)}
        rows = self.sql(FEED, list(scopes))
        return scopes, {(scope, entity, row_id): (ver, json.loads(data)) for scope, entity, row_id, ver, data in rows}

    async def assert_all_agree(self, *tablets: Tablet) -> None:
        """When all is quiet: each tablet's rows are HQ's, field by field, and the feed is what the tables say."""
        for _ in range(2):  # the first to be in step may lack what the last one sent
            for one in tablets:
                await one.in_step()
        scopes, feed = self.feed()
        assert feed
        for one in tablets:
            assert await asyncio.to_thread(one.rows, scopes) == feed
        await asyncio.to_thread(assert_feed_equals_tables)

    def op_log(self) -> list[tuple[str, str, str]]:
        return [
            (kind, status, code)
            for kind, status, code in self.sql("SELECT kind, status, code FROM op_log ORDER BY received_at")
        ]


@pytest_asyncio.fixture
async def world(hq_database: str, tmp_path: Path) -> AsyncIterator[World]:
    chain = await asyncio.to_thread(shop.make_chain)
    store = await asyncio.to_thread(shop.make_shop, chain)
    work = Work(Random(7), chain.product_ids, chain.list_id, shop.PRICES)
    with serving() as url:
        async with AsyncExitStack() as stack:
            yield World(url, hq_database, store, work, tmp_path, stack)


async def sign_up(world: World, tablet: Tablet, phone: str = "", name: str = "陈静") -> Made:
    made = world.work.sign_up(await tablet.container.numbers.next(), phone, name)
    await tablet.commit(made.draft)
    return made


async def order(world: World, tablet: Tablet, member_id: str | None = None) -> Made:
    made = world.work.order(await tablet.container.numbers.next(), member_id)
    await tablet.commit(made.draft)
    return made


async def test_a_day_offline_on_two_tablets_comes_together(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    one.proxy.down = two.proxy.down = True
    members = []
    for tablet in (one, two):
        for _ in range(5):
            member = await sign_up(world, tablet)
            members.append(member.id)
            await order(world, tablet, member.id)
            talk, followup = world.work.talk(member.id), world.work.followup(member.id)
            await tablet.commit(talk.draft, followup.draft)
        await tablet.problem("no_network")
    assert (await one.waiting(), await two.waiting()) == (20, 20)
    assert await one.container.read.members.get(members[0]) is not None, "work is there at once"
    assert await one.container.read.members.get(members[9]) is None
    one.proxy.down = two.proxy.down = False
    await world.assert_all_agree(one, two)
    assert world.sql("SELECT count(*), count(DISTINCT op_id) FROM op_log WHERE status = 'applied'") == [(40, 40)]
    for tablet in (one, two):
        seen = [await tablet.container.read.members.get(member) for member in members]
        assert all(view is not None and view.member.order_count == 1 for view in seen)
        assert await tablet.waiting() == 0


async def test_the_same_phone_on_two_tablets_is_one_member(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    one.proxy.down = two.proxy.down = True
    phone = world.work.phone()
    first = await sign_up(world, one, phone, "王芳")
    await order(world, one, first.id)
    second = await sign_up(world, two, phone, "王方")
    await order(world, two, second.id)
    await two.commit(world.work.talk(second.id).draft)
    one.proxy.down = False
    await one.in_step()
    two.proxy.down = False
    await world.assert_all_agree(one, two)
    statuses = world.sql("SELECT status, entity_id FROM op_log WHERE kind = 'member.sign_up' ORDER BY received_at")
    assert statuses[0][0] == "applied"
    assert statuses[1] == ("merged", first.id)
    assert world.sql("SELECT member_id::text FROM member_alias WHERE id = %s", second.id) == [(first.id,)]
    for tablet in (one, two):
        by_old_id = await tablet.container.read.members.get(second.id)
        assert by_old_id is not None
        assert (by_old_id.id, by_old_id.member.name, by_old_id.member.order_count) == (first.id, "王芳", 2)
    kinds = [row.kind for row in await two.container.read.outbox.attention()]
    assert "merged" in kinds, "the guide is told"


async def test_two_edits_of_one_field_are_both_kept(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    member = await sign_up(world, one)
    await world.assert_all_agree(one, two)
    one.proxy.down = two.proxy.down = True
    await one.commit(world.work.edit(member.id, "note", None, "likes tea"))
    await two.commit(
        world.work.edit(member.id, "note", None, "likes coffee"), world.work.edit(member.id, "gender", None, "f")
    )
    one.proxy.down = False
    await one.in_step()
    two.proxy.down = False
    await world.assert_all_agree(one, two)
    for tablet in (one, two):
        view = await tablet.container.read.members.get(member.id)
        assert view is not None
        assert (view.member.note, view.member.gender) == ("likes tea", "f")
        assert [(c.field, c.hq, c.theirs) for c in view.member.conflicts] == [("note", "likes tea", "likes coffee")]


async def test_what_hq_rejects_is_undone_and_shown_with_all_its_data(world: World) -> None:
    one, two = await world.tablet("one"), await world.tablet("two")
    placed = await order(world, one)
    await world.assert_all_agree(one, two)
    one.proxy.down = two.proxy.down = True
    await one.commit(world.work.cancel(placed.id))
    await two.commit(world.work.cancel(placed.id))
    talk_after = await sign_up(world, two)
    one.proxy.down = False
    await one.in_step()
    two.proxy.down = False
    await world.assert_all_agree(one, two)
    assert [row[1:] for row in world.op_log() if row[0] == "order.cancel"] == [
        ("applied", ""), ("rejected", "already_cancelled"),
    ]  # fmt: skip
    (told,) = await two.container.read.outbox.attention()
    assert (told.kind, told.code, told.op_kind) == ("rejected", "already_cancelled", "order.cancel")
    assert told.body.order_id == placed.id
    assert await two.container.read.members.get(talk_after.id) is not None, "what came after it is not delayed"
    stock = [data["on_hand"] for (_, entity, _), (_, data) in world.feed()[1].items() if entity == "stock"]
    assert set(stock) == {100}, "an order cancelled twice gives its pieces back once"


@pytest.mark.parametrize("trick", ["lose answer", "cut answer", "send twice"])
async def test_a_repeated_request_has_one_effect(world: World, trick: Any) -> None:
    one = await world.tablet("one")
    one.proxy.down = True
    member = await sign_up(world, one)
    orders = [await order(world, one, member.id) for _ in range(3)]
    await one.problem("no_network")
    one.proxy.tricks.extend([trick, trick])
    one.proxy.down = False
    await world.assert_all_agree(one)
    assert one.proxy.played.count(trick) == 2
    assert world.op_log() == [("member.sign_up", "applied", "")] + [("order.place", "applied", "")] * 3
    assert world.sql("SELECT order_count FROM member WHERE id = %s", member.id) == [(3,)]
    placed = [await one.container.read.orders.get(made.id) for made in orders]
    assert [row.order.state for row in placed if row] == ["accepted"] * 3


async def test_a_portals_login_page_changes_nothing(world: World) -> None:
    one = await world.tablet("one")
    before = await asyncio.to_thread(one.rows, world.feed()[0])
    one.proxy.portal = True
    await sign_up(world, one)
    await one.problem("no_network")
    assert (await one.waiting(), world.op_log()) == (1, [])
    after = await asyncio.to_thread(one.rows, world.feed()[0])
    assert {key: row for key, row in after.items() if key[1] != "member"} == before
    one.proxy.portal = False
    await world.assert_all_agree(one)
    assert world.op_log() == [("member.sign_up", "applied", "")]


class WrongClock(SystemClock):
    """A tablet whose battery was flat: its time of day is off."""

    def __init__(self, off: timedelta) -> None:
        self._off = off

    def now(self) -> datetime:
        return super().now() + self._off


@pytest.mark.parametrize("off", [timedelta(days=-4000), timedelta(hours=26)], ids=["years behind", "a day ahead"])
async def test_a_wrong_clock_stops_neither_enrolling_nor_selling(world: World, off: timedelta) -> None:
    one = await world.tablet("one", clock=WrongClock(off))
    member = await sign_up(world, one)
    placed = await order(world, one, member.id)
    await world.assert_all_agree(one)
    ((state, placed_at, now),) = world.sql("SELECT state, placed_at, now() FROM shop_order WHERE id = %s", placed.id)
    assert state == "accepted"
    assert placed_at <= now, "what a fast clock said is bounded by receipt"


async def test_a_tablet_that_is_started_again_goes_on_where_it_was(world: World, tmp_path: Path) -> None:
    code, proxy = await world.code(), await world.proxy()
    async with running(tmp_path / "again", world.store.guide_id, proxy) as one:
        await one.enrol(code)
        proxy.down = True
        member = await sign_up(world, one)
    async with running(tmp_path / "again", world.store.guide_id, proxy) as one:
        assert await one.waiting() == 1
        assert await one.container.read.members.get(member.id) is not None
        proxy.down = False
        await world.assert_all_agree(one)
    assert world.op_log() == [("member.sign_up", "applied", "")]


async def test_codes_and_addresses_that_do_not_enrol(world: World) -> None:
    one = await world.unenrolled("one")
    enrol = one.container.sync.enrol
    with pytest.raises(BadInput, match="url"):
        await enrol("http://hq.example.com", "CODE", "one")
    with pytest.raises(Refused, match="enrol_code"):
        await enrol(one.proxy.url, "XXXX-XXXX", "one")
    one.proxy.down = True
    code = await world.code()
    with pytest.raises(NoNetwork):
        await enrol(one.proxy.url, code, "one")
    assert await one.container.read.shop.tablet() is None
    assert one.container.sync.view().phase == "not_enrolled"
    one.proxy.down = False
    await one.enrol(code)
    tablet = await one.container.read.shop.tablet()
    assert tablet is not None
    assert world.sql("SELECT name_en, name_zh FROM store") == [(tablet.store_name.en, tablet.store_name.zh)]
    other = await world.unenrolled("other")
    with pytest.raises(Refused):
        await other.container.sync.enrol(other.proxy.url, code, "other")
    assert world.sql("SELECT count(*) FROM device") == [(1,)]


async def test_the_lost_answer_of_an_enrolment_is_found_again(world: World) -> None:
    one = await world.unenrolled("one")
    one.proxy.tricks.append("lose answer")
    code = await world.code()
    with pytest.raises(NoNetwork):
        await one.container.sync.enrol(one.proxy.url, code, "one")
    await one.enrol(code)
    assert world.sql("SELECT count(*) FROM device") == [(1,)]
    await world.assert_all_agree(one)


async def test_what_hq_changes_arrives(world: World) -> None:
    one = await world.tablet("one")

    def rename() -> None:
        from hq.staff import services
        from hq.staff.models import Staff

        person = Staff.objects.get(id=world.store.guide_id)
        person.name = "王芳芳"
        services.save(person)

    await asyncio.to_thread(rename)
    await world.assert_all_agree(one)
    assert "王芳芳" in [row.staff.name for row in await one.container.read.shop.staff()]


async def test_a_revoked_tablet_says_so_and_keeps_its_work(world: World, caplog: pytest.LogCaptureFixture) -> None:
    one = await world.tablet("one")

    def revoke() -> None:
        from django.utils import timezone

        from hq.devices import services
        from hq.devices.models import Device

        services.revoke(Device.objects.get(), timezone.now())

    await asyncio.to_thread(revoke)
    await sign_up(world, one)
    await one.problem("revoked")
    assert await one.waiting() == 1
    assert "HqRevoked" in caplog.text


async def test_a_lease_is_granted_spent_with_no_network_and_given_back(world: World) -> None:
    from hq.leases import services
    from hq.sync_api.directory import release_leases

    product_id = world.work.id()
    value = stock_instrument(world.store.store_id, product_id)
    await asyncio.to_thread(services.put, world.store.store_id, value, product_id, 12)
    one, two = await world.tablet("one"), await world.tablet("two")
    (spend,) = await one.container.do.leases.need(value, 10)
    with pytest.raises(Refused, match="lease_too_little"):
        await two.container.do.leases.need(value, 3)
    assert (await two.container.do.leases.left(value), await one.container.do.leases.left(value)) == (2, 10)
    one.proxy.down = True
    made = world.work.order(await one.container.numbers.next()).draft
    body = msgspec.structs.replace(made.body, spends=(Spending(lease_id=spend.lease_id, amount=4),))
    await one.commit(Draft(kind=made.kind, body=body))
    with pytest.raises(Refused, match="overspent"):
        await one.commit(
            Draft(
                kind=made.kind,
                body=msgspec.structs.replace(
                    body, order_id=world.work.id(), spends=(Spending(lease_id=spend.lease_id, amount=7),)
                ),
            )
        )
    assert await one.container.do.leases.left(value) == 6
    one.proxy.down = False
    await one.in_step()
    await one.commit(Draft(kind="lease.return", body=Return(lease_id=spend.lease_id, left=6)))
    await one.in_step()
    await two.in_step()
    assert await two.container.do.leases.need(value, 8)
    held = world.sql("SELECT balance, held FROM instrument WHERE id = %s", value.id)
    leases = world.sql("SELECT sum(spent), sum(overspent) FROM lease WHERE instrument_id = %s", value.id)
    assert (held, leases) == ([(12, 12)], [(4, 0)])
    assert await asyncio.to_thread(release_leases) == 0
    await asyncio.to_thread(assert_feed_equals_tables)
