"""Tags by HQ's rules on the tablet: at once after an event, wholly when a rule or the day changes, never in a row."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain.records import Category, MemberAlias, Names, Ref, TagRule, Talk, Visitor
from guide_app.services.ports.writing import Change
from local_store.repositories import tagging
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import (
    CATEGORY,
    GUIDE,
    PHONES,
    PRODUCTS,
    Bench,
    cancel,
    edit,
    member,
    place,
    sign_up,
    talk,
)

pytestmark = pytest.mark.asyncio


def rule(expression: str, tag: str = "rule", **more: Any) -> TagRule:
    return TagRule(names=Names(en=f"The {tag}", zh=f"{tag}规则"), tag=tag, expression=expression, **more)


async def arrive(bench: Bench, *rows: tuple[str, Any]) -> list[str]:
    """Publishes rows and takes them in; their ids."""
    ids = []
    for entity, record in rows:
        ids.append(uuid())
        bench.hq.publish(entity, ids[-1], record)
    await bench.drain()
    return ids


async def settle(bench: Bench) -> int:
    """Steps to the end; how many."""
    steps = 1
    while await bench.store.tags.step():
        steps += 1
    return steps


async def tags(bench: Bench, member_id: str) -> list[str]:
    """The member's tags by rules, as the profile shows them."""
    view = await bench.store.members.get(member_id)
    return [one.tag for one in view.rule_tags] if view else []


async def test_an_event_is_judged_in_its_own_transaction(bench: Bench) -> None:
    await arrive(
        bench, ("tag_rule", rule("orders.count >= 2", "regular")), ("tag_rule", rule("talks.count > 0", "met"))
    )
    (person,) = await arrive(bench, ("member", member(phone=PHONES[1])))
    await settle(bench)
    await bench.do(place(uuid(), [(PRODUCTS[0], 1)], member_id=person))
    assert await tags(bench, person) == []
    order = uuid()
    await bench.do(place(order, [(PRODUCTS[0], 1)], member_id=person))
    assert await tags(bench, person) == ["regular"]
    await bench.do(talk(person, uuid()))
    assert await tags(bench, person) == ["met", "regular"]
    assert bench.sql("SELECT json_extract(d, '$.tags') FROM member WHERE id = ?", person) == [(None,)]


async def test_a_sign_up_is_judged_before_hq_has_heard_of_it(bench: Bench) -> None:
    await arrive(bench, ("tag_rule", rule('days_since(joined) < 7 and source = "walk_in"', "new")))
    await settle(bench)
    await bench.do(sign_up(person := uuid(), PHONES[2]))
    assert await tags(bench, person) == ["new"]
    (row,) = await bench.store.members.search(PHONES[2][-4:])
    assert (row.tags, row.rule_tags) == ((), ("new",))


async def test_rows_of_hq_are_judged_as_they_arrive(bench: Bench) -> None:
    await arrive(bench, ("tag_rule", rule('talked.topic("size")', "sizes")))
    (person,) = await arrive(bench, ("member", member(phone=PHONES[3])))
    await settle(bench)
    said = Talk(
        member_id=person, guide_id=GUIDE, channel="phone", outcome="", topic="size", at="2026-11-20T09:00:00.000Z"
    )
    await arrive(bench, ("talk", said))
    assert await tags(bench, person) == ["sizes"]


async def test_many_arriving_members_wait_for_a_step(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "AT_ONCE", 2)
    monkeypatch.setattr(tagging, "STEP", 3)
    await arrive(bench, ("tag_rule", rule('gender = "f"', "her")))
    await settle(bench)
    people = await arrive(bench, *(("member", member(phone=phone, gender="f")) for phone in PHONES[10:20]))
    here = [await tags(bench, person) == ["her"] for person in people]
    assert sum(here) == 2
    assert bench.sql("SELECT count(*) FROM tag_due") == [(8,)]
    assert await settle(bench) == 3  # three of eight, three, two
    assert [await tags(bench, person) for person in people] == [["her"]] * 10


async def test_a_changed_rule_judges_everybody_in_bounded_steps_and_tells_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagging, "STEP", 4)
    people = await arrive(bench, *(("member", member(phone=phone)) for phone in PHONES[20:30]))
    await settle(bench)
    heard: list[Change] = []
    unsubscribe = bench.store.journal.subscribe(heard.append)
    (rule_id,) = await arrive(bench, ("tag_rule", rule("orders.count = 0", "window-shopper")))
    heard.clear()
    assert await settle(bench) == 3
    assert [await tags(bench, person) for person in people] == [["window-shopper"]] * 10
    assert [change.refs for change in heard] == [frozenset({Ref("member_tag", "")})]
    unsubscribe()
    bench.hq.publish("tag_rule", rule_id, rule("orders.count = 0", "window-shopper", active=False))
    await bench.drain()
    assert await tags(bench, people[0]) == []  # at once: a rule that is not in force tags nobody
    await settle(bench)
    assert bench.sql("SELECT count(*) FROM member_tag") == [(0,)]
    assert not await bench.store.tags.step()


async def test_a_new_day_of_the_shop_judges_everybody_again(bench: Bench) -> None:
    birthday = rule("days_until(birthday) <= 1", "birthday")
    later = rule("known(birthday)", "later", valid_from="2026-11-23", valid_until="2026-11-24")
    await arrive(bench, ("tag_rule", birthday), ("tag_rule", later))
    (person,) = await arrive(bench, ("member", member(phone=PHONES[4], birthday="11-24")))
    await settle(bench)
    assert await tags(bench, person) == []
    bench.clock.advance(2 * 86400)
    await settle(bench)
    assert await tags(bench, person) == ["birthday", "later"]
    bench.clock.advance(86400)
    await settle(bench)
    assert await tags(bench, person) == ["birthday"]


async def test_a_rule_of_a_later_language_tags_nobody_and_stops_nothing(bench: Bench) -> None:
    await arrive(bench, ("tag_rule", rule("mood(happy)", "?")), ("tag_rule", rule("orders.count = 0", "new")))
    (person,) = await arrive(bench, ("member", member(phone=PHONES[5])))
    await settle(bench)
    assert await tags(bench, person) == ["new"]


async def test_what_was_bought_is_known_by_product_brand_and_any_category_above(bench: Bench) -> None:
    bench.hq.publish("category", below := uuid(), Category(names=Names(en="Powder", zh="奶粉"), parent_id=CATEGORY))
    bought = 'bought.category("婴儿") and bought.brand("acme") and bought.product("sku0")'
    await arrive(bench, ("tag_rule", rule(bought, "baby")), ("tag_rule", rule('owner = "01"', "mine")))
    (person,) = await arrive(bench, ("member", member(phone=PHONES[6], owner_id=GUIDE)))
    await settle(bench)
    await bench.do(place(uuid(), [(PRODUCTS[0], 1)], member_id=person))
    assert await tags(bench, person) == ["baby", "mine"]
    assert below not in (PRODUCTS[0], CATEGORY)


async def test_a_merged_members_orders_count_for_the_survivor_and_nothing_stays_of_the_vanished(bench: Bench) -> None:
    await arrive(bench, ("tag_rule", rule("orders.count = 1", "once")))
    (survivor,) = await arrive(bench, ("member", member(phone=PHONES[7])))
    await bench.do(sign_up(vanished := uuid(), PHONES[8]))
    await bench.do(place(uuid(), [(PRODUCTS[0], 1)], member_id=vanished))
    await settle(bench)
    assert await tags(bench, vanished) == ["once"]
    bench.hq.publish("member_alias", vanished, MemberAlias(member_id=survivor))
    await bench.drain()
    assert await tags(bench, survivor) == ["once"]
    assert bench.sql("SELECT DISTINCT member_id FROM member_tag") == [(survivor,)]


async def test_visitors_are_not_judged_and_the_erased_leave_no_tag(bench: Bench) -> None:
    await arrive(bench, ("tag_rule", rule("orders.count = 0", "new")))
    away = Visitor(
        member_no="V1", phone=PHONES[9], name="Synthetic Visitor", home_names=Names(en="Far", zh="远"), home_ver=1,
        until="2026-12-20T00:00:00.000Z",
    )  # fmt: skip
    visitor, person = await arrive(bench, ("visitor", away), ("member", member(phone=PHONES[1])))
    await settle(bench)
    assert (await tags(bench, visitor), await tags(bench, person)) == ([], ["new"])
    bench.hq.publish("member", person, None, "erased")
    await bench.drain()
    assert bench.sql("SELECT count(*) FROM member_tag") == [(0,)]


async def test_members_are_found_by_tag_however_many_carry_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await arrive(bench, ("tag_rule", rule('gender = "f"', "VIP")))
    first, second, third = await arrive(
        bench,
        ("member", member("王小明", PHONES[1], gender="f", last_contact_at="2026-03-01T00:00:00.000Z")),
        ("member", member("王大明", PHONES[2], tags=("vip",), last_contact_at="2026-05-01T00:00:00.000Z")),
        ("member", member("李静", PHONES[3], tags=("tea",), gender="f", owner_id=GUIDE)),
    )
    await settle(bench)
    store = bench.store
    known = [(one.tag.casefold(), one.members) for one in await store.members.tags()]
    assert known == [("vip", 3), ("tea", 1)]
    for counted in (1000, 2):
        monkeypatch.setattr("local_store.repositories.tags.COUNTED", counted)
        assert [row.id for row in await store.members.search("", tag="VIP")] == [second, first, third]
        assert [row.id for row in await store.members.search("wang", tag="vip")] == [second, first]
        assert [row.id for row in await store.members.search("", tag="vip", owner_id=GUIDE)] == [third]
        assert await store.members.count("", tag="vip") == 3
        assert await store.members.count("wang", tag="tea") == 0
    await bench.do(edit(third, "tags", ["tea"], []))
    assert [(one.tag.casefold(), one.members) for one in await store.members.tags()] == [("vip", 3)]


async def test_nothing_is_judged_before_the_first_load_is_whole(tmp_path: Path) -> None:
    fresh = Bench(tmp_path / "fresh.db")
    fresh.hq.publish("tag_rule", uuid(), rule("orders.count = 0", "new"))
    fresh.hq.publish("member", person := uuid(), member(phone=PHONES[1]))
    await fresh.store.sync.enrolled("https://hq.example", "Counter 1", fresh.hq.enrolment())
    await fresh.drain()
    assert not await fresh.store.tags.step()
    await fresh.store.sync.finish_loading()
    await settle(fresh)
    assert await tags(fresh, person) == ["new"]
    fresh.store.close()


@pytest.mark.parametrize("seed", range(3))
async def test_what_events_left_is_what_judging_everybody_anew_finds(bench: Bench, seed: int) -> None:
    chosen = random.Random(seed)
    for n, text in enumerate(
        ("orders.count >= 2", 'talked.topic("general") and not tag("a")', "orders.sum(30) > 40", 'tag("b")')
    ):
        bench.hq.publish("tag_rule", uuid(), rule(text, f"r{n}"))
    await bench.drain()
    await settle(bench)
    people: list[str] = []
    orders: list[str] = []
    for _ in range(60):
        deed = chosen.choice(("sign up", "order", "order", "cancel", "talk", "tag", "sync", "lost"))
        someone = chosen.choice(people) if people else ""
        match deed:
            case "sign up":
                people.append(uuid())
                await bench.do(sign_up(people[-1], chosen.choice(PHONES[:6])))  # HQ merges those of one phone
            case "order" if someone:
                orders.append(uuid())
                lines = [(PRODUCTS[0], chosen.randint(1, 3))]
                await bench.do(place(orders[-1], lines, member_id=someone))
            case "cancel" if orders:
                await bench.do(cancel(orders.pop()))
            case "talk" if someone:
                await bench.do(talk(someone, uuid()))
            case "tag" if someone:
                view = await bench.store.members.get(someone)
                now = list(view.member.tags) if view else []
                await bench.do(edit(someone, "tags", now, chosen.choice((["a"], ["b"], ["a", "b"], []))))
            case "sync" | "lost":
                await bench.round(lost=deed == "lost")
    await bench.drain()
    await settle(bench)
    followed = bench.sql("SELECT member_id, rule_id, tag FROM member_tag ORDER BY 1, 2, 3")
    bench.hq.publish("tag_rule", uuid(), rule("known(touch_point)", "nobody"))
    await bench.round()
    assert await settle(bench) >= 1
    assert bench.sql("SELECT member_id, rule_id, tag FROM member_tag ORDER BY 1, 2, 3") == followed
    assert len({rule_id for _, rule_id, _ in followed}) >= 2
