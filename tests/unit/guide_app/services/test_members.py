"""Members at the counter, over a real store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from guide_app.domain import numbers
from guide_app.domain.anniversaries import check_birthday
from guide_app.domain.elements import LIMIT
from guide_app.domain.errors import BadInput, NotSaved, Refused
from guide_app.services.ports.members import MemberView
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.local_store.kit import GUIDE, PHONES, edit

pytestmark = pytest.mark.asyncio


async def seen(counter: Counter, member_id: str) -> MemberView:
    view = await counter.bench.store.members.get(member_id)
    assert view is not None
    return view


@pytest.mark.parametrize("typed", ["13800000001", "138 0000 0001", "+86 138-0000-0001", "１３８０００００００１"])
async def test_a_phone_is_one_however_it_is_typed(counter: Counter, typed: str) -> None:
    member_id = await counter.members.sign_up(counter.form(typed))
    found = await counter.members.check_phone("0086 13800000001")
    assert (found.e164, found.member and found.member.id) == ("+8613800000001", member_id)
    with pytest.raises(BadInput, match="phone_taken"):
        await counter.members.sign_up(counter.form("138-0000-0001", "Somebody else"))


async def test_a_list_takes_no_more_than_its_limit(counter: Counter) -> None:
    member_id = await counter.members.sign_up(counter.form(PHONES[5]))
    many = tuple(str(n) for n in range(LIMIT))
    await counter.members.edit(await seen(counter, member_id), likes=many, sizes={"top": "M"})
    with pytest.raises(BadInput, match="list_full"):
        await counter.members.edit(await seen(counter, member_id), likes=(*many, "one more"))
    kept = await counter.hq_has("member", member_id)
    assert (kept.likes, kept.sizes) == (many, {"top": "M"})
    await counter.members.edit(await seen(counter, member_id), likes=many[1:], sizes={})
    kept = (await seen(counter, member_id)).member
    assert (kept.likes, kept.sizes) == (many[1:], {})


async def test_a_member_is_there_at_once_with_a_number_and_reaches_hq(counter: Counter) -> None:
    form = counter.form(
        name="  陈静 ", birthday=" 05-20 ", gender="f", referrer=" 138 ", consents={"terms": True, "calls": False}
    )
    member_id = await counter.members.sign_up(form)
    assert member_id == form.member_id
    member = (await seen(counter, member_id)).member
    assert (member.name, member.birthday, member.gender, member.referrer) == ("陈静", "05-20", "f", "138")
    assert (member.owner_id, numbers.parse(member.member_no).store_code) == (GUIDE, "101")
    assert [(c.kind, c.policy_version, c.granted) for c in member.consents] == [
        ("terms", "1", True), ("calls", "4", False)
    ]  # fmt: skip
    assert (await counter.hq_has("member", member_id)).member_no == member.member_no


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"phone": ""}, "phone_invalid"),
        ({"phone": "12345"}, "phone_invalid"),
        ({"phone": "Chen Jing"}, "phone_invalid"),
        ({"name": "  "}, "name_missing"),
        ({"birthday": "02-30"}, "birthday_invalid"),
        ({"consents": {}}, "consent_missing"),
        ({"consents": {"terms": False, "calls": True}}, "consent_missing"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_written(
    counter: Counter, wrong: dict[str, object], code: str
) -> None:
    with pytest.raises(BadInput, match=code):
        await counter.members.sign_up(counter.form(**wrong))  # type: ignore[arg-type]  # of each field its own
    assert counter.outbox() == []


@pytest.mark.parametrize("text", ["", "05-20", "02-29", "1990-05-20", "2000-02-29"])
async def test_a_birthday_may_be_told_without_its_year(text: str) -> None:
    check_birthday(text)


@pytest.mark.parametrize(
    "text",
    ["5-20", "0520", "02-30", "13-01", "20000520", "2000-W05-1", "W05-1", "2001-02-29", "０５-２０", "0000-01-01"],
)
async def test_what_is_no_day_is_no_birthday(text: str) -> None:
    with pytest.raises(BadInput, match="birthday_invalid"):
        check_birthday(text)


async def test_a_second_tap_makes_no_second_member(counter: Counter) -> None:
    form = counter.form()
    await counter.members.sign_up(form)
    with pytest.raises(BadInput, match="phone_taken"):
        await counter.members.sign_up(form)
    with pytest.raises(Refused):
        await counter.members.sign_up(msgspec.structs.replace(form, phone=PHONES[2]))
    assert counter.outbox() == ["member.sign_up"]


async def test_a_form_signed_up_again_is_a_new_member_with_a_new_number(counter: Counter) -> None:
    first, second = counter.members.new_form(), counter.members.new_form()
    assert first.member_id != second.member_id
    numbers_drawn = [
        (await seen(counter, await signed_up(counter, n))).member.member_no for n in (1, 2)
    ]  # fmt: skip
    assert len(set(numbers_drawn)) == 2


async def test_the_forms_draft_goes_with_the_sign_up_and_only_with_it(counter: Counter) -> None:
    drafts = counter.bench.store.drafts
    await drafts.put("sign_up:x", b"typed")
    with pytest.raises(BadInput):
        await counter.members.sign_up(counter.form(name=""), forget="sign_up:x")
    assert await drafts.get("sign_up:x") == b"typed"
    await counter.members.sign_up(counter.form(), forget="sign_up:x")
    assert await drafts.get("sign_up:x") is None


async def test_the_member_belongs_to_who_tapped_even_when_another_stands_there_by_then(counter: Counter) -> None:
    @dataclass
    class SlowNumbers:
        async def next(self) -> str:
            counter.stand(OTHER)
            return await counter.bench.store.numbers.next()

    counter.members._numbers = SlowNumbers()
    member_id = await counter.members.sign_up(counter.form())
    assert (await seen(counter, member_id)).member.owner_id == GUIDE


async def test_fields_are_edited_with_what_was_seen(counter: Counter) -> None:
    member_id = await signed_up(counter)
    view = await seen(counter, member_id)
    await counter.members.edit(view, name="陈晶", birthday="1990-05-20", tags=("vip",))
    member = (await seen(counter, member_id)).member
    assert (member.name, member.pinyin, member.birthday, member.tags) == ("陈晶", "chen jing", "1990-05-20", ("vip",))
    assert (await counter.hq_has("member", member_id)).name == "陈晶"
    for wrong, code in (({"name": " "}, "name_missing"), ({"birthday": "31-12"}, "birthday_invalid")):
        with pytest.raises(BadInput, match=code):
            await counter.members.edit(view, **wrong)
    with pytest.raises(Refused, match="not_allowed"):
        await counter.members.edit(view, phone="+8613800000009")


async def test_a_consent_is_given_withdrawn_and_given_again_knowingly(counter: Counter) -> None:
    member_id = await signed_up(counter)
    calls = next(p for p in await counter.bench.store.shop.policies() if p.kind == "calls")
    for granted in (True, False, True):
        await counter.members.consent(await seen(counter, member_id), calls, granted)
        given = (await seen(counter, member_id)).member.consent("calls")
        assert given is not None
        assert (given.granted, given.policy_version) == (granted, "4")
    assert (await counter.hq_has("member", member_id)).consent("calls").granted


async def test_own_work_that_waits_does_not_pass_for_having_seen_a_withdrawal_elsewhere(counter: Counter) -> None:
    member_id = await signed_up(counter, consents={"terms": True, "calls": True})
    calls = next(p for p in await counter.bench.store.shop.policies() if p.kind == "calls")
    agreed = await counter.hq_has("member", member_id)
    for note in ("one", "two", "three"):
        await counter.members.edit(await seen(counter, member_id), note=note)
    await counter.members.consent(await seen(counter, member_id), calls, granted=True)
    withdrawn = msgspec.structs.replace(agreed.consent("calls"), granted=False, ver=2, at="2026-11-21T10:00:30.000Z")
    others = tuple(c for c in agreed.consents if c.kind != "calls")
    elsewhere = msgspec.structs.replace(agreed, consents=(*others, withdrawn))
    counter.bench.hq.publish("member", member_id, elsewhere)
    told = await counter.hq_has("member", member_id)
    assert (told.note, told.consent("calls").granted) == ("three", False)
    here = (await seen(counter, member_id)).member.consent("calls")
    assert here is not None
    assert not here.granted


async def test_a_withdrawal_made_here_is_known_though_hq_numbers_it_otherwise(counter: Counter) -> None:
    member_id = await signed_up(counter)
    calls = next(p for p in await counter.bench.store.shop.policies() if p.kind == "calls")
    member = await counter.hq_has("member", member_id)
    for granted in (False, True):
        counter.bench.clock.advance(60)
        await counter.members.consent(await seen(counter, member_id), calls, granted)
    for tag in ("a", "b", "c"):
        counter.bench.hq.publish("member", member_id, msgspec.structs.replace(member, tags=(tag,)))
    assert (await counter.hq_has("member", member_id)).consent("calls").granted


@pytest.mark.parametrize("choice", ["hq", "theirs"])
async def test_a_collision_is_settled_by_either_value(counter: Counter, choice: str) -> None:
    member_id = await signed_up(counter, birthday="05-01")
    await counter.bench.do(edit(member_id, "birthday", "04-01", "05-02"))
    (conflict,) = (await seen(counter, member_id)).member.conflicts
    chosen = conflict.hq if choice == "hq" else conflict.theirs
    settled = await counter.members.settle(member_id, "birthday", conflict.hq, chosen)
    member = (await seen(counter, member_id)).member
    assert (member.birthday, member.conflicts) == (chosen, ())
    told = await counter.hq_has("member", member_id)
    assert (told.birthday, told.conflicts) == (chosen, ())
    await counter.members.unsettle(settled)
    for again in ((await seen(counter, member_id)).member, await counter.hq_has("member", member_id)):
        assert (again.birthday, [(c.hq, c.theirs) for c in again.conflicts]) == ("05-01", [("05-01", "05-02")])


async def sizes(counter: Counter, member_id: str) -> list[tuple[Any, list[Any]]]:
    """The sizes and what collides with them, here and at HQ."""
    both = ((await seen(counter, member_id)).member, await counter.hq_has("member", member_id))
    return [(member.sizes, [conflict.theirs for conflict in member.conflicts]) for member in both]


async def test_what_a_colleague_added_is_in_both_sides_of_a_choice_taken_back(counter: Counter) -> None:
    member_id = await signed_up(counter)
    for old, new in (({}, {"shoe": "41"}), ({}, {"shoe": "39"}), ({"shoe": "41"}, {"shoe": "41", "shirt": "L"})):
        await counter.bench.do(edit(member_id, "sizes", old, new))
    (conflict,) = (await seen(counter, member_id)).member.conflicts
    settled = await counter.members.settle(member_id, "sizes", conflict.hq, conflict.theirs)
    assert await sizes(counter, member_id) == [({"shirt": "L", "shoe": "39"}, [])] * 2
    await counter.members.unsettle(settled)
    assert await sizes(counter, member_id) == [({"shirt": "L", "shoe": "41"}, [{"shirt": "L", "shoe": "39"}])] * 2
    (again,) = (await seen(counter, member_id)).member.conflicts
    await counter.members.settle(member_id, "sizes", again.hq, again.theirs)
    assert await sizes(counter, member_id) == [({"shirt": "L", "shoe": "39"}, [])] * 2


async def test_a_choice_taken_back_does_not_double_the_collision_that_still_stood(counter: Counter) -> None:
    member_id = await signed_up(counter)
    for new in ("41", "39", "38"):
        await counter.bench.do(edit(member_id, "sizes", {}, {"shoe": new}))
    settled = await counter.members.settle(member_id, "sizes", {"shoe": "41"}, {"shoe": "39"})
    assert await sizes(counter, member_id) == [({"shoe": "39"}, [{"shoe": "38"}])] * 2
    await counter.members.unsettle(settled)
    assert await sizes(counter, member_id) == [({"shoe": "41"}, [{"shoe": "38"}, {"shoe": "39"}])] * 2


async def test_a_choice_taken_back_asks_nothing_where_both_sides_are_one_by_now(counter: Counter) -> None:
    member_id = await signed_up(counter)
    for new in ("41", "39"):
        await counter.bench.do(edit(member_id, "sizes", {}, {"shoe": new}))
    settled = await counter.members.settle(member_id, "sizes", {"shoe": "41"}, {"shoe": "41"})
    await counter.bench.do(edit(member_id, "sizes", {"shoe": "41"}, {"shoe": "39"}))
    said = counter.outbox().count("member.edit")
    await counter.members.unsettle(settled)
    assert counter.outbox().count("member.edit") == said
    assert await sizes(counter, member_id) == [({"shoe": "39"}, [])] * 2


async def test_a_full_disk_saves_nothing_and_says_so(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise NotSaved("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(counter.bench.store.journal, "commit", full)
        with pytest.raises(NotSaved):
            await counter.members.sign_up(form := counter.form())
    assert await counter.members.sign_up(form) == form.member_id
