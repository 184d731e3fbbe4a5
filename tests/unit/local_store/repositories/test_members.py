"""Members: what a typed text finds, lists, the profile, the timeline."""

import msgspec
import pytest

from guide_app.domain.records import Order, Ref
from guide_app.operations.members import SignUp
from tests.unit.local_store.fake_hq import STORE, uuid
from tests.unit.local_store.kit import (
    GUIDE,
    PHONES,
    PRODUCTS,
    Bench,
    cancel,
    edit,
    followup,
    member,
    place,
    sign_up,
    talk,
)

pytestmark = pytest.mark.asyncio
WANG, LV, SHAN, ANNA = "王小明", "吕布", "单雄信", "Anna-Maria O'Neil"


async def people(bench: Bench) -> dict[str, str]:
    """Four members; id → name."""
    phones = ("+8613812341234", "+8613912345678", "+85291234567", "+8615000001234")
    numbers = ("101AB7K00423", "101AB7K0043F", "101AB7K0044U", "101AB7K00458")
    made = {}
    for name, phone, number in zip((WANG, LV, SHAN, ANNA), phones, numbers, strict=True):
        made[uuid()] = name
        bench.hq.publish("member", list(made)[-1], member(name, phone, member_no=number, owner_id=GUIDE[:-1] + name[0]))
    await bench.drain()
    return made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王小明", {WANG}), ("王", {WANG}), ("小明", {WANG}), ("明", {WANG}), ("王 小明", {WANG}), ("王明", set()),
        ("wangxiao", {WANG}), ("xiaoming", {WANG}), ("wang xiao", {WANG}), ("WANG", {WANG}), ("wxm", {WANG}),
        ("xm", {WANG}), ("王xm", {WANG}), ("lvbu", {LV}), ("lubu", {LV}), ("lyubu", {LV}), ("lǚbù", {LV}),
        ("shan", {SHAN}), ("dan", set()), ("anna", {ANNA}), ("oneil", {ANNA}), ("o'neil", {ANNA}),
        ("neil anna", {ANNA}), ("1234", {WANG, ANNA}), ("13812341234", {WANG}), ("138 1234 1234", {WANG}),
        ("+86 138-1234-1234", {WANG}), ("+8613812341234", {WANG}), ("5678", {LV}), ("91234567", {SHAN}),
        ("101AB7K0043F", {LV}), ("101-AB7K-0043-F", {LV}), ("101 AB7K 0043 F", {LV}),
        ("101ab7k", {WANG, LV, SHAN, ANNA}),
        ("王 1234", {WANG}), ("zzz", set()), ("%", None),
        ("*", None), ("+", None), ("+ (", None), ('"', None), ("' OR 1=1 --", set()),
        ("NEAR(", set()), ("\0", None), ("王*", {WANG}), ("a" * 500, set()), ("𠮷", set()), ("😀", None),
    ],
)  # fmt: skip
async def test_what_is_typed_finds_whom_it_should(bench: Bench, text: str, found: set[str] | None) -> None:
    made = await people(bench)
    rows = await bench.store.members.search(text)
    assert {made[row.id] for row in rows} == (found or set())
    assert len(rows) == await bench.store.members.count(text)


async def test_names_are_found_by_all_they_are_now_and_by_nothing_they_were(bench: Bench) -> None:
    made = await people(bench)
    member_id = next(iter(made))
    await bench.do(edit(member_id, "name", WANG, "赵云"))
    assert [row.id for row in await bench.store.members.search("zhaoyun")] == [member_id]
    assert await bench.store.members.search("小明") == []
    await bench.drain()
    assert [row.id for row in await bench.store.members.search("yun")] == [member_id]
    keys = bench.sql("SELECT count(*) FROM member_key AS k LEFT JOIN member AS m USING (n) WHERE m.n IS NULL")
    assert keys == [(0,)]


async def test_lists_are_by_last_contact_and_by_owner(bench: Bench) -> None:
    made = await people(bench)
    first, *_, last = made
    await bench.do(talk(first, uuid()))
    assert [row.id for row in await bench.store.members.search("", limit=1)] == [first]
    assert len(await bench.store.members.search("", limit=10, offset=1)) == 3
    owner = GUIDE[:-1] + ANNA[0]
    assert [row.id for row in await bench.store.members.search("", owner_id=owner)] == [last]
    assert [row.id for row in await bench.store.members.search("1234", owner_id=owner)] == [last]
    assert await bench.store.members.search("wang", owner_id=owner) == []
    assert await bench.store.members.count(owner_id=owner) == 1
    assert [row.waiting for row in await bench.store.members.search("", limit=2)] == [True, False]


async def test_a_member_is_found_by_whole_phone_and_by_any_of_their_cards(bench: Bench) -> None:
    member_id = uuid()
    bench.hq.publish("member", member_id, member(other_numbers=("101AB7K00520",)))
    await bench.drain()
    for row in (
        await bench.store.members.by_phone("+8613812341234"),
        await bench.store.members.by_number("101-AB7K-0042-3"),
        await bench.store.members.by_number("101ab7k00520"),
    ):
        assert row is not None
        assert row.id == member_id
    assert await bench.store.members.by_phone("+8613812341235") is None
    assert await bench.store.members.by_number("wangxiaoming") is None
    assert await bench.store.members.by_number("") is None


async def test_the_profile_counts_what_was_bought(bench: Bench) -> None:
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    orders = [uuid() for _ in range(3)]
    for order_id in orders:
        await bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id))
        bench.clock.advance(10 * 86400)
    await bench.do(cancel(orders[2]))
    bench.clock.advance(75 * 86400)
    view = await bench.store.members.get(member_id)
    assert view is not None
    assert (view.spent_90d, view.orders_90d, view.average_days, view.waiting) == (0, 0, 10, True)
    bench.clock.set(bench.clock.now().replace(year=2026, month=12, day=15))
    view = await bench.store.members.get(member_id)
    assert view is not None
    assert (view.spent_90d, view.orders_90d) == (2000, 2)
    assert await bench.store.members.get(uuid()) is None


async def test_the_timeline_is_newest_first_and_pages(bench: Bench) -> None:
    member_id = uuid()
    draft = sign_up(member_id, PHONES[0])
    assert isinstance(draft.body, SignUp)
    await bench.do(draft)
    await bench.do(place(uuid(), [(PRODUCTS[0], 1)], member_id))
    await bench.drain()
    await bench.do(talk(member_id, uuid(), at="2026-11-21T10:00:05.000Z"))
    await bench.do(followup(member_id, uuid()))
    entries = await bench.store.members.timeline(member_id)
    assert [(entry.kind, entry.waiting) for entry in entries] == [
        ("followup", True), ("talk", True), ("order", False), ("sign_up", False),
    ]  # fmt: skip
    assert isinstance(entries[2].record, Order)
    assert entries[3].guide_id == GUIDE
    assert await bench.store.members.timeline(member_id, limit=2, offset=1) == entries[1:3]


async def test_a_row_of_a_later_version_is_not_shown_and_breaks_nothing(bench: Bench) -> None:
    member_id, order_id = uuid(), uuid()
    bench.hq.publish("member", member_id, member())
    await bench.drain()
    await bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id))
    await bench.drain()
    later = {**msgspec.json.decode(bench.hq.rows[STORE, Ref("order", order_id)].d), "state": "teleported"}
    bench.hq.publish_raw("order", order_id, msgspec.Raw(msgspec.json.encode(later)))
    await bench.drain()
    assert await bench.store.orders.list() == []
    assert [entry.kind for entry in await bench.store.members.timeline(member_id)] == ["sign_up"]
