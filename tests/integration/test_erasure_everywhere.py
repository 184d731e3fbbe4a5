"""A person with something in every feature, erased at HQ: where their data stood before and after, at HQ and on two
tablets, one of them off the net for a week and with work about the person in its outbox.

`python -m pytest -s tests/integration/test_erasure_everywhere.py` prints the table.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg import sql

from guide_app.adapters.keys import FileKeySource
from guide_app.domain.clock import SystemClock
from guide_app.services.ports import Draft
from local_store.connection import connect
from local_store.erasing import PERSONAL
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.test_sync_real import World, world
from tests.tablets import Tablet

__all__ = ["world"]
pytestmark = pytest.mark.asyncio
MARK = "PLANTED"
FREELY = {"name", "note", "words", "reason"}
"""Fields that somebody writes freely."""
WITH_THE_ID = {"erased_person", "feed", "step", "showing"}
"""Tables of HQ in which the id alone may stay: what blocks a return, and what was done."""


class Shifted(SystemClock):
    """The machine's clock, and how far a test moved it on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


def planted(draft: Draft) -> Draft:
    """The draft with the mark wherever somebody may write freely."""
    names = FREELY & {field.name for field in msgspec.structs.fields(draft.body)}
    return Draft(kind=draft.kind, body=msgspec.structs.replace(draft.body, **dict.fromkeys(names, MARK)))


async def a_life(world: World, tablet: Tablet, phone: str) -> str:
    """Somebody with something in every feature; their id."""
    work, numbers = world.work, tablet.container.numbers
    signed = work.sign_up(await numbers.next(), phone)
    who = signed.id
    ticket, promise = work.ticket(who, await numbers.next()), work.promise(who)
    drafts = [
        signed.draft, work.edit(who, "note", "", MARK), work.edit(who, "household", [], [
            {"id": work.id(), "relation": "daughter", "name": MARK},
        ]),
        work.edit(who, "likes", [], [MARK]), work.edit(who, "tags", [], [MARK]),
        work.consent(who, granted=False, seen_ver=1), work.reveal(who),
        work.order(await numbers.next(), who).draft, work.talk(who).draft, work.followup(who).draft,
        work.reminder(who, "birthday", "2026", "snoozed").draft,
        ticket.draft, work.ticket_step(ticket.id, who, "note").draft,
        promise.draft, work.settle(promise.id, who, "kept").draft,
    ]  # fmt: skip
    made = {draft.kind for draft in drafts}
    assert set(PERSONAL) <= made, "a kind of operation about people is not planted"
    await tablet.commit(*(planted(draft) if draft.kind != "member.edit" else draft for draft in drafts))
    await tablet.container.drafts.put("order:half", f'{{"member_id":"{who}","note":"{MARK}"}}'.encode())
    return who


def at_hq(world: World, *texts: str) -> Counter[str]:
    """Table → rows in which one of the texts stands, as text or as bytes."""
    found = Counter[str]()
    with psycopg.connect(world.database) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            forms = [form for text in texts for form in (text, text.encode().hex())]
            marks = sql.SQL(" OR ").join([sql.SQL("position(%s IN t::text) > 0")] * len(forms))
            query = sql.SQL("SELECT count(*) FROM {} AS t WHERE {}").format(sql.Identifier(table), marks)
            ((count,),) = connection.execute(query, forms).fetchall()
            found[table] += count
    return +found


def on_tablet(tablet: Tablet, *texts: str) -> Counter[str]:
    """Table → rows in which one of the texts stands."""
    settings = tablet._settings
    key = FileKeySource(settings.keys).load("database")
    assert key is not None
    connection = connect(settings.database, key, cache_mb=4, read_only=True)
    found = Counter[str]()
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found[table] += any(text in _text(value) for value in row for text in texts)
    finally:
        connection.close()
    return +found


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def shown(title: str, places: dict[str, Counter[str]]) -> None:
    """A line for each place."""
    print(f"\n{title}")
    for place, found in places.items():
        told = ", ".join(f"{table} {count}" for table, count in sorted(found.items())) or "nothing"
        print(f"  {place:<24} {told}")


async def test_nothing_of_an_erased_person_is_left_anywhere(world: World) -> None:
    from django.utils import timezone

    from hq.history import services

    clock, phone = Shifted(), "+8613912345678"
    one, away = await world.tablet("one"), await world.tablet("away", clock=clock)
    who = await a_life(world, one, phone)
    for tablet in (one, away, one):
        await tablet.in_step()
    away.proxy.down = True
    late = [planted(world.work.talk(who).draft), planted(world.work.followup(who).draft), world.work.reveal(who)]
    await away.commit(*late)
    texts = (MARK, phone.removeprefix("+86"))

    def everywhere(*sought: str) -> dict[str, Counter[str]]:
        return {
            "HQ": at_hq(world, *sought), "tablet": on_tablet(one, *sought),
            "tablet, off for a week": on_tablet(away, *sought),
        }  # fmt: skip

    before = await asyncio.to_thread(everywhere, *texts)
    shown("Where the person's data stood before they were erased (rows)", before)
    assert {"member", "talk", "followup", "ticket", "promise", "op_log", "feed"} <= before["HQ"].keys()
    assert {"member", "talk", "followup", "outbox", "draft"} <= before["tablet"].keys()
    await asyncio.to_thread(services.erase, who, timezone.now())
    await one.in_step()
    between = await asyncio.to_thread(everywhere, *texts)
    shown("Erased; the second tablet has not heard of it", between)
    assert between["HQ"] == between["tablet"] == Counter()
    assert between["tablet, off for a week"], "the tablet that is off still has them"
    clock.ahead += timedelta(days=7)
    away.proxy.down = False
    await away.in_step()
    after = await asyncio.to_thread(everywhere, *texts)
    shown("A week later, back on the net", after)
    assert set(map(tuple, after.values())) == {()}
    ids = await asyncio.to_thread(everywhere, who)
    shown("The id alone, which blocks every return and names nobody", ids)
    assert ids["HQ"].keys() <= WITH_THE_ID
    for place in ("tablet", "tablet, off for a week"):  # `rhythm_stale`: an id whose figures are to be made anew
        assert ids[place].keys() - {"rhythm_stale"} == {"erased"}
    late_ops = world.sql("SELECT status, code FROM op_log WHERE code = 'erased'")
    assert late_ops == [("rejected", "erased")] * 3
    await asyncio.to_thread(assert_feed_equals_tables)
