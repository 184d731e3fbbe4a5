"""Rows that are damaged by hand in the file are found and mended from HQ's, with open operations kept over them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guide_app.domain.records import Member, MemberAlias, Ref
from local_store.connection import connect
from sync.protocol.digest import ScopeSums, bucket
from sync.protocol.messages import Row
from tests.unit.local_store.fake_hq import STORE, uuid
from tests.unit.local_store.kit import KEY, PHONES, PRODUCTS, Bench, edit, member, place, sign_up

pytestmark = pytest.mark.asyncio


def damage(bench: Bench, statement: str, *values: Any) -> None:
    connection = connect(bench.path, KEY, cache_mb=1)
    try:
        assert connection.execute(statement, values).rowcount > 0
    finally:
        connection.close()


def of_hq(bench: Bench, scope: str, place_: int) -> tuple[Row, ...]:
    """What HQ brings of a bucket."""
    return tuple(
        row
        for (at, ref), row in bench.hq.rows.items()
        if at == scope and row.o in ("put", "erased") and bucket(*ref) == place_
    )


async def mend_all(bench: Bench) -> int:
    """Scrubs every bucket of every scope; how many rows were not HQ's."""
    found = 0
    for scope, at in (await bench.store.sync.care()).scopes.items():
        for place_ in range(256):
            mended = await bench.store.sync.mend(scope, at, place_, of_hq(bench, scope, place_))
            assert mended is not None
            found += mended
    return found


async def with_member(bench: Bench, name: str = "王小明") -> str:
    member_id = uuid()
    bench.hq.publish("member", member_id, member(name))
    await bench.drain()
    return member_id


DAMAGE = [
    ("UPDATE member SET d = json_set(d, '$.name', 'X') WHERE id = ?", "another field in the JSON"),
    ("UPDATE member SET name = 'X' WHERE id = ?", "a column"),
    ("UPDATE member SET words = 'x y' WHERE id = ?", "search words"),
    ("UPDATE member SET ver = 9 WHERE id = ?", "a version"),
    ("UPDATE member SET scope = 'zz' WHERE id = ?", "a scope"),
    ("UPDATE member SET d = '{' WHERE id = ?", "JSON cut off"),
    ("DELETE FROM member WHERE id = ?", "a row gone"),
]


@pytest.mark.parametrize("statement", [what for what, _ in DAMAGE], ids=[name for _, name in DAMAGE])
async def test_a_damaged_row_is_found_and_mended_with_what_finds_it(bench: Bench, statement: str) -> None:
    member_id = await with_member(bench)
    before = bench.sql("SELECT * FROM member")
    keys = set(bench.sql("SELECT key FROM member_key"))
    damage(bench, statement, member_id)
    heard: list[frozenset[Ref]] = []
    leave = bench.store.journal.subscribe(lambda change: heard.append(change.refs))
    assert await mend_all(bench) == 1
    after = bench.sql("SELECT * FROM member")
    assert [row[1:] for row in after] == [row[1:] for row in before]
    assert set(bench.sql("SELECT key FROM member_key WHERE n IN (SELECT n FROM member)")) == keys
    assert await mend_all(bench) == 0
    told = await bench.store.sync.divergence()
    assert (told.rows, told.scopes, bool(told.last_at)) == (1, 0, True)
    assert any(Ref("member", member_id) in refs for refs in heard), "the screens hear of it"
    leave()


async def test_a_field_that_changed_under_the_same_version_escapes_the_digest_alone(bench: Bench) -> None:
    member_id = await with_member(bench)
    damage(bench, "UPDATE member SET d = json_set(d, '$.name', 'X') WHERE id = ?", member_id)
    assert await bench.store.sync.differing() == ()
    assert await mend_all(bench) == 1


async def test_the_sums_say_which_bucket_lacks_a_row(bench: Bench) -> None:
    member_id = await with_member(bench)
    damage(bench, "DELETE FROM member WHERE id = ?", member_id)
    assert await bench.store.sync.differing() == (STORE,)
    theirs = ScopeSums((*ref, row.v) for (at, ref), row in bench.hq.rows.items() if at == STORE)
    assert theirs.differing(await bench.store.sync.sums(STORE)) == [bucket("member", member_id)]


@pytest.mark.parametrize("entity", ["product", "stock", "price", "price_list", "staff", "policy", "category"])
async def test_every_entity_is_mended(bench: Bench, entity: str) -> None:
    tables = {"product", "stock", "price"}
    where = (entity, "d") if entity in tables else ("other_row", "d")
    condition = "" if entity in tables else " AND entity = 'ENTITY'".replace("ENTITY", entity)
    damage(bench, f"UPDATE {where[0]} SET d = '{{}}' WHERE 1{condition}")
    wrong = len([row for row in bench.hq.rows.values() if row.e == entity])
    assert await mend_all(bench) == wrong
    assert await mend_all(bench) == 0


async def test_what_hq_does_not_have_goes(bench: Bench) -> None:
    member_id = await with_member(bench)
    columns = [
        name for _, name, *_ in bench.sql("SELECT * FROM pragma_table_info('member')") if name not in ("n", "id")
    ]
    names, stranger = ", ".join(columns), uuid()
    damage(bench, f"INSERT INTO member (id, {names}) SELECT ?, {names} FROM member WHERE id = ?", stranger, member_id)
    assert await mend_all(bench) == 1
    assert bench.sql("SELECT id FROM member") == [(member_id,)]


async def test_open_operations_stay_over_what_is_mended(bench: Bench) -> None:
    member_id = await with_member(bench)
    await bench.do(edit(member_id, "note", None, "likes tea"))
    damage(bench, "UPDATE shadow SET d = json_set(d, '$.name', 'X') WHERE id = ?", member_id)
    damage(bench, "UPDATE member SET d = json_set(d, '$.name', 'X', '$.note', '') WHERE id = ?", member_id)
    assert await mend_all(bench) == 1
    view = await bench.store.members.get(member_id)
    assert view is not None
    assert (view.member.name, view.member.note) == ("王小明", "likes tea")
    await bench.drain()
    assert bench.hq.record("member", member_id).note == "likes tea"
    assert await mend_all(bench) == 0


async def test_an_effect_that_was_damaged_over_a_sound_row_is_made_anew(bench: Bench) -> None:
    member_id = await with_member(bench)
    await bench.do(edit(member_id, "note", None, "likes tea"))
    assert await mend_all(bench) == 0
    damage(bench, "UPDATE member SET d = json_set(d, '$.note', 'X') WHERE id = ?", member_id)
    assert await mend_all(bench) == 1
    view = await bench.store.members.get(member_id)
    assert view is not None
    assert view.member.note == "likes tea"


async def test_a_row_that_hq_lost_goes_from_under_open_operations(bench: Bench) -> None:
    member_id = await with_member(bench)
    await bench.do(edit(member_id, "note", None, "likes tea"))
    del bench.hq.rows[STORE, Ref("member", member_id)]
    assert await mend_all(bench) == 1
    assert bench.sql("SELECT count(*) FROM outbox WHERE listed = 1") == [(1,)]
    assert await mend_all(bench) == 0


async def test_what_was_made_here_and_hq_has_not_seen_is_left_alone(bench: Bench) -> None:
    await bench.do(sign_up(uuid(), PHONES[0]), place(uuid(), [(PRODUCTS[0], 1)]))
    before = bench.sql("SELECT id, d FROM member UNION ALL SELECT id, d FROM shop_order ORDER BY id")
    assert await mend_all(bench) == 0
    assert bench.sql("SELECT id, d FROM member UNION ALL SELECT id, d FROM shop_order ORDER BY id") == before


async def test_who_was_erased_at_hq_is_erased_here(bench: Bench) -> None:
    member_id = await with_member(bench)
    await bench.do(edit(member_id, "note", None, "likes tea"))
    at = (await bench.store.sync.care()).scopes[STORE]
    gone = Row(s=STORE, q=at, e="member", id=member_id, v=2, o="erased")
    assert await bench.store.sync.mend(STORE, at, bucket("member", member_id), (gone,)) == 1
    assert bench.sql("SELECT count(*) FROM member WHERE id = ?", member_id) == [(0,)]
    assert bench.sql("SELECT count(*) FROM erased WHERE id = ?", member_id) == [(1,)]
    assert bench.sql("SELECT count(*) FROM outbox WHERE body IS NOT NULL") == [(0,)]
    assert await bench.store.sync.mend(STORE, at, bucket("member", member_id), (gone,)) == 0


async def test_at_another_position_nothing_is_touched(bench: Bench) -> None:
    member_id = await with_member(bench)
    at = (await bench.store.sync.care()).scopes[STORE]
    place_ = bucket("member", member_id)
    assert await bench.store.sync.mend(STORE, at - 1, place_, ()) is None
    assert await bench.store.sync.mend("another", at, place_, ()) is None
    await bench.store.sync.refetch((STORE,))
    assert await bench.store.sync.mend(STORE, at, place_, ()) is None
    assert bench.sql("SELECT count(*) FROM member") == [(1,)]


# ------------------------------------------------------------------ what is due


async def test_the_digests_are_due_once_a_day_and_after_a_crash(bench: Bench) -> None:
    due = await bench.store.sync.care()
    assert (due.compare, due.bucket, due.scopes.keys()) == (True, 0, bench.hq.heads.keys())
    await bench.store.sync.cared(compared=True)
    await bench.store.sync.cared(bucket=0)
    due = await bench.store.sync.care()
    assert (due.compare, due.bucket) == (False, None)
    bench.store.close()
    bench.store = bench.opened()
    assert not (await bench.store.sync.care()).compare, "after an end in good order a day is a day"
    bench.clock.advance(86_400)
    due = await bench.store.sync.care()
    assert (due.compare, due.bucket) == (True, 1)


async def test_a_crash_makes_it_due(bench: Bench) -> None:
    await bench.store.sync.cared(compared=True)
    copy = bench.path.with_name("crashed.db")
    for end in ("", "-wal"):
        copy.with_name(copy.name + end).write_bytes(bench.path.with_name(bench.path.name + end).read_bytes())
    other = Bench(copy, seed=2)
    try:
        assert (await other.store.sync.care()).compare
    finally:
        other.store.close()


async def test_days_without_are_made_up_for_and_all_buckets_have_their_turn(bench: Bench) -> None:
    seen: list[int] = []

    async def day(days: int) -> int:
        bench.clock.advance(86_400 * days)
        count = 0
        while (place_ := (await bench.store.sync.care()).bucket) is not None:
            seen.append(place_)
            await bench.store.sync.cared(bucket=place_)
            count += 1
        return count

    assert [await day(days) for days in (0, 1, 3, 10, 1, 0)] == [1, 1, 3, 3, 1, 0]
    for _ in range(250):
        await day(1)
    assert seen[:256] == list(range(256))
    assert seen[256:258] == [0, 1]


async def test_before_the_first_load_is_done_nothing_is_due(bench: Bench) -> None:
    await bench.store.sync.enrolled("https://hq.example", "Counter 1", bench.hq.enrolment())
    due = await bench.store.sync.care()
    assert (due.compare, due.bucket, due.scopes) == (False, None, {})


async def test_a_clock_that_was_years_ahead_does_not_put_it_off_for_years(bench: Bench) -> None:
    bench.clock.advance(timedelta(days=4000).total_seconds())
    await bench.store.sync.cared(compared=True, bucket=0)
    bench.clock.set(bench.clock.now() - timedelta(days=4000))
    due = await bench.store.sync.care()
    assert (due.compare, due.bucket) == (True, 1)


# ------------------------------------------------------------------ aliases in a circle


async def test_aliases_in_a_circle_lead_nowhere_and_hang_nothing(bench: Bench) -> None:
    one, two, three = (uuid() for _ in range(3))
    bench.hq.publish("member", three, member())
    await bench.drain()
    await bench.do(edit(three, "note", None, "likes tea"))
    for vanished, survivor in ((one, two), (two, one), (three, one)):
        bench.hq.publish("member_alias", vanished, MemberAlias(member_id=survivor))
    taken = await bench.round()
    assert taken is not None
    assert taken.rows >= 3
    await bench.do(edit(three, "gender", None, "f"))
    assert await bench.store.members.get(one) is None
    assert isinstance(bench.hq.record("member", three), Member)
