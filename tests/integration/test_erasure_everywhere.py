"""A person with something in every feature, erased at HQ: where their data stood before and after, at HQ, on two
tablets of their shop, one of them off the net for a week and with work about the person in its outbox, and on a tablet
of another shop that looked them up.

`python -m pytest -s tests/integration/test_erasure_everywhere.py` prints the table.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from datetime import datetime, timedelta

import psycopg
import pytest

from guide_app.domain.clock import SystemClock
from local_store.backups import Backups
from tests import planted, shop
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.test_stores_real import arrived, in_shop, other, swept
from tests.integration.test_sync_real import World, world
from tests.planted import MARK, PHONE, STROKES, TEXTS
from tests.tablets import Tablet

__all__ = ["other", "world"]
pytestmark = pytest.mark.asyncio
WITH_THE_ID = {"erased_person", "feed", "step", "showing", "audit_entry", "django_admin_log"}
"""Tables of HQ in which the id alone may stay: what blocks a return, and what was done."""
AT_HQ = {
    "member", "talk", "followup", "ticket", "promise", "shop_order", "visitor", "wallet", "instrument",
    "op_log", "op_conflict", "feed", "django_admin_log",
}  # fmt: skip
ON_TABLET = {"member", "member_tag", "talk", "followup", "ticket", "promise", "shop_order", "outbox", "draft",
             "other_row"}  # fmt: skip
"""Tables in which words of the person stand before."""


CARD = "0c0f5c52-6c1e-4d1c-9a55-27f8a1f0c417"
"""Somebody's gift card, with a number."""
_MONEY = (
    "SELECT (SELECT sum(total) FROM shop_order), (SELECT sum(variance) FROM shop_order),"
    " (SELECT sum(balance) FROM instrument WHERE number IS NOT NULL), (SELECT count(*) FROM shop_order)"
)


class Shifted(SystemClock):
    """The machine's clock, and how far a test moved it on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead.total_seconds()


def of_hq_s_own(database: str, store: shop.Shop, who: str) -> None:
    """What HQ's people and jobs have of somebody: instruments and their wallet, an export, the history of what was done
    to them; and a second content of an operation, as a broken tablet leaves it."""
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth.models import User
    from django.contrib.contenttypes.models import ContentType

    from guide_app.domain.records import Names
    from hq import exports
    from hq.leases import services
    from hq.leases.models import Instrument
    from hq.members.models import Member
    from hq.sync_api.wallets import publish_changed

    face = services.Face(Names(en=MARK, zh=MARK), "0417", "2026-12-31")
    services.put(store.store_id, services.name_of("points", store.store_id, who), who, 300)
    services.put(store.store_id, services.name_of("card", store.store_id, who), who, 300, face)
    services.put(store.store_id, services.name_of("coupon", store.store_id, who), who, 1, face)
    Instrument.objects.create(
        id=CARD, store_id=store.store_id, ver=1, kind="card", number="4000000000000417", digits="0417", owner_id=who,
        balance=500, face=500, active=True,
    )  # fmt: skip
    publish_changed()
    LogEntry.objects.create(
        user=User.objects.create_user("op"), content_type=ContentType.objects.get_for_model(Member), object_id=who,
        object_repr=MARK, action_flag=CHANGE, change_message=MARK,
    )  # fmt: skip
    assert exports.export(Member.objects.get(id=who), SystemClock().now()).content
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO op_conflict (op_id, sha, store_id, device_id, body, about)"
            " SELECT op_id, 'another', store_id, device_id, body, about FROM op_log WHERE kind = 'talk.log'"
        )


def with_rewards() -> None:
    """Whoever brings somebody is given points."""
    from hq.policies import services
    from hq.policies.models import ScopeSettings

    told = ScopeSettings.objects.get()
    told.values = {**told.values, "referral_points": 50}
    services.save_settings(told)


async def in_another_shop(world: World, here: Tablet, *members: str) -> None:
    """A tablet of another shop looks them up and works with the first of them."""
    for member_id in members:
        (number,) = world.sql("SELECT member_no FROM member WHERE id = %s", member_id)
        await here.container.do.visitors.find(number[0])
        await arrived(here, member_id)
    work, who, numbers = world.work, members[0], here.container.numbers
    made = [work.talk(who), work.order(await numbers.next(), who), work.ticket(who, await numbers.next())]
    made += [work.promise(who), work.followup(who)]
    await here.commit(*(planted.planted(one.draft) for one in made))
    await here.in_step()
    await swept()


def shown(title: str, places: dict[str, Counter[str]]) -> None:
    """A line for each place."""
    print(f"\n{title}")
    for place, found in places.items():
        told = ", ".join(f"{table} {count}" for table, count in sorted(found.items())) or "nothing"
        print(f"  {place:<24} {told}")


async def test_nothing_of_an_erased_person_is_left_anywhere(world: World, other: shop.Shop) -> None:
    from django.utils import timezone

    from hq.history import services

    await asyncio.to_thread(with_rewards)
    clock, (product,) = Shifted(), world.sql("SELECT id::text FROM product ORDER BY sku LIMIT 1")
    one, away = await world.tablet("one"), await world.tablet("away", clock=clock)
    here = await in_shop(world, "here", other)
    tablets = {"tablet": one, "tablet, off for a week": away, "tablet of another shop": here}
    who, friend = await planted.a_life(world.work, one, product[0])
    await one.in_step()
    await asyncio.to_thread(of_hq_s_own, world.database, world.store, who)
    await in_another_shop(world, here, who, friend)
    await one.in_step()
    await away.in_step()
    away.proxy.down = here.proxy.down = True
    late = [world.work.talk(who), world.work.followup(who), world.work.ticket(who, await away.container.numbers.next())]
    await away.commit(*(planted.planted(made.draft) for made in late), world.work.reveal(who))
    sent = world.work.sign_up(await here.container.numbers.next(), referrer=PHONE)
    await here.commit(sent.draft)
    for tablet in tablets.values():  # as an update leaves it
        path = tablet.settings.database
        shutil.copy(path, Backups(path).before("0.0.9"))

    def everywhere(*sought: str) -> dict[str, Counter[str]]:
        of_tablets = {name: planted.in_tables(tablet.settings, *sought) for name, tablet in tablets.items()}
        return {"HQ": planted.at_hq(world.database, *sought), **of_tablets}

    def files() -> dict[str, Counter[str]]:
        return {name: planted.in_files(tablet.settings, *TEXTS, STROKES) for name, tablet in tablets.items()}

    before = await asyncio.to_thread(everywhere, *TEXTS)
    shown("Where the person's data stood before they were erased (rows)", before)
    shown("The same in the tablets' files (texts)", await asyncio.to_thread(files))
    named = await asyncio.to_thread(everywhere, who)
    shown("Their id", named)
    assert before["HQ"].keys() >= AT_HQ
    assert named["HQ"].keys() >= {"member_consent", "reminder", "joining", "referral", "showing", "op_log"}
    assert before["tablet"].keys() | before["tablet of another shop"].keys() >= ON_TABLET
    assert world.sql("SELECT count(*) FROM joining WHERE strokes <> ''") == [(1,)]
    assert world.sql("SELECT status FROM op_log WHERE code = 'policy_unknown'") == [("parked",)]
    assert all(planted.in_files(tablet.settings, *TEXTS) for tablet in tablets.values())

    money = world.sql(_MONEY)
    await asyncio.to_thread(services.erase, who, timezone.now())
    await swept()
    assert world.sql(_MONEY) == money
    assert world.sql("SELECT owner_id, balance, active FROM instrument WHERE id = %s", CARD) == [(None, 500, True)]
    assert world.sql("SELECT count(*) FROM instrument WHERE owner_id = %s", who) == [(0,)]
    here.proxy.down = False
    for tablet in (one, here, one):
        await tablet.in_step()
        await swept()
    between = await asyncio.to_thread(everywhere, *TEXTS, STROKES)
    shown("Erased; the second tablet has not heard of it", between)
    assert between.pop("tablet, off for a week"), "the tablet that is off still has them"
    assert set(map(tuple, between.values())) == {()}

    clock.ahead += timedelta(days=7)
    away.proxy.down = False
    await away.in_step()
    for tablet in tablets.values():
        Backups(tablet.settings.database).drop()
    after = await asyncio.to_thread(everywhere, *TEXTS, STROKES)
    shown("A week later, back on the net", after)
    left = await asyncio.to_thread(files)
    shown("And in the tablets' files", left)
    assert set(map(tuple, (*after.values(), *left.values()))) == {()}
    ids = await asyncio.to_thread(everywhere, who)
    shown("The id alone, which blocks every return and names nobody", ids)
    assert ids.pop("HQ").keys() <= WITH_THE_ID
    assert {table for found in ids.values() for table in found} == {"erased"}
    assert set(world.sql("SELECT status, code FROM op_log WHERE code = 'erased'")) == {("rejected", "erased")}
    assert world.sql("SELECT referrer FROM member WHERE id = ANY(%s::uuid[])", [friend, sent.id]) == [("",)] * 2
    await asyncio.to_thread(assert_feed_equals_tables)
