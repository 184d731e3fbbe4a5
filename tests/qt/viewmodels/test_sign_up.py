"""Sign-up: phone first, problems beside their fields, and nothing typed is lost, over a real store."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from guide_app.domain.errors import BadInput, NotSaved, Refused
from guide_app.domain.records import Names, Policy, Settings, TouchPoint
from tests.qt.viewmodels.on_store import GUIDE, OTHER, OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio
PHONE = "138 0013 8000"


async def opened(shop: OnStore, phone: str = "") -> Any:
    shop.sign_up.open(phone)
    await shop.settle()
    return shop.sign_up


async def filled(shop: OnStore) -> Any:
    """A form that can be saved."""
    model = await opened(shop)
    model.setPhone(PHONE)
    model.setField("name", "唐雨桐")
    model.answer("terms", True)
    await shop.settle()
    return model


async def test_the_form_says_what_it_wants_next(shop: OnStore) -> None:
    await signed_up(shop.do, 1)
    model = await opened(shop)
    steps = [model.missing]
    model.setPhone("13800000001")
    await shop.settle()
    steps.append(model.missing)
    model.setPhone(PHONE)
    await shop.settle()
    steps.append(model.missing)
    model.setField("name", "唐雨桐")
    steps.append(model.missing)
    model.answer("terms", False)
    steps.append(model.missing)
    model.answer("terms", True)
    assert (model.missing, model.ready, model.phoneShown) == ("", True, "138 0013 8000")
    assert steps == [
        "Phone number first", "This number has a member already", "Ask for the name",
        "The membership terms must be agreed to", "The membership terms must be agreed to",
    ]  # fmt: skip


async def test_a_duplicate_shows_before_the_form_is_filled_and_is_opened(shop: OnStore) -> None:
    known = await signed_up(shop.do, 1)
    model = await opened(shop, "138-0000-0001")
    assert (model.duplicate, model.duplicateName, model.duplicateId, model.phoneGood) == (True, "陈静", known, False)
    assert model.duplicateDetail.startswith("Chen Jing · 138****0001 · 101AB")
    model.openDuplicate()
    await shop.settle()
    assert shop.heard.pages == [("Members", {"memberId": known})]
    assert ((await opened(shop)).phone, model.duplicate) == ("", False)


async def test_typing_quickly_keeps_the_last_phone(shop: OnStore) -> None:
    await signed_up(shop.do, 1)
    model = await opened(shop)
    gate = shop.slow_members.hold("by_phone")
    model.setPhone("13800000001")
    await shop.until_held()
    model.setPhone("1380000000")
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert (model.phone, model.duplicate, model.phoneGood) == ("1380000000", False, False)


async def test_only_a_whole_number_can_be_wrong(shop: OnStore) -> None:
    model = await opened(shop)
    model.setPhone("1380013")
    await shop.settle()
    assert model.problems == {}
    model.setPhone("11111111111")
    await shop.settle()
    assert model.problems == {"phone": "This is not a phone number. Please check the digits."}
    model.setPhone(PHONE)
    await shop.settle()
    assert model.problems == {}


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [("birthday", "20000520", "birthday"), ("birthday", "02-30", "birthday"), ("name", " ", "name")],
)
async def test_a_problem_stands_beside_its_field_until_it_is_changed(
    shop: OnStore, field: str, value: str, beside: str
) -> None:
    model = await filled(shop)
    model.setField(field, value)
    model.save()
    await shop.settle()
    assert (list(model.problems), model.saving, shop.heard.problems) == ([beside], False, [])
    model.setField(field, "05-20" if field == "birthday" else "唐")
    assert model.problems == {}
    model.save()
    await shop.settle()
    assert shop.do.outbox() == ["member.sign_up"]


async def test_an_unanswered_consent_is_said_beside_the_consents(shop: OnStore) -> None:
    model = await filled(shop)
    model.answer("terms", False)
    model.save()
    await shop.settle()
    assert model.problems == {"consents": "The membership terms must be agreed to"}


async def test_a_second_tap_saves_no_second_member(shop: OnStore) -> None:
    model = await filled(shop)
    gate = shop.slow_journal.hold("commit")
    model.save()
    await shop.until_held()
    assert (model.saving, model.ready) == (True, False)
    model.save()
    await shop.until_held()
    assert (model.saving, model.problems) == (True, {})
    gate.set()
    await shop.settle()
    model.save()
    await shop.settle()
    assert shop.do.outbox() == ["member.sign_up"]
    (first,) = shop.heard.said
    assert first == "唐雨桐 is a member now"
    ((page, arguments),) = shop.heard.pages
    view = await shop.bench.store.members.get(arguments["memberId"])
    assert view is not None
    assert (page, view.member.name, model.phone) == ("Members", "唐雨桐", "")


async def test_what_was_typed_survives_lock_and_kill_and_is_the_guides_own(shop: OnStore) -> None:
    model = await filled(shop)
    model.setField("gender", "f")
    model.setField("source", "friend")
    model.answer("calls", False)
    await shop.settle()
    shop.do.session.lock()
    assert (model.phone, model.name) == ("", "")
    await shop.signed_in(OTHER)
    assert (await opened(shop)).name == ""
    await shop.reopen()
    model = await opened(shop)
    assert (model.phone, model.name, model.gender, model.ready) == (PHONE, "唐雨桐", "f", True)
    assert [row.key for row in model.sources.rows if row.selected] == ["friend"]
    assert [(row.key, row.answer) for row in model.policies.rows] == [("terms", "yes"), ("calls", "no")]
    model.save()
    await shop.settle()
    await shop.reopen()
    assert (await opened(shop)).phone == ""


async def test_a_draft_of_another_version_is_an_empty_form(shop: OnStore) -> None:
    await shop.bench.store.drafts.put(f"sign_up:{GUIDE}", b'{"of": "another version"}')
    model = await opened(shop)
    model.setPhone(PHONE)
    await shop.settle()
    assert model.phoneGood


async def test_a_full_disk_loses_nothing(shop: OnStore, monkeypatch: pytest.MonkeyPatch) -> None:
    model = await filled(shop)

    async def full(*_: object, **__: object) -> None:
        raise NotSaved("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(shop.bench.store.journal, "commit", full)
        model.save()
        await shop.settle()
    assert (shop.heard.problems, model.name, model.ready) == (["disk_full"], "唐雨桐", True)
    model.save()
    await shop.settle()
    assert shop.do.outbox() == ["member.sign_up"]


async def test_nothing_of_the_last_guide_stays_even_of_work_under_way(shop: OnStore) -> None:
    await signed_up(shop.do, 1)
    model = await opened(shop)
    gate = shop.slow_members.hold("by_phone")
    model.setPhone("13800000001")
    await shop.until_held()
    shop.do.session.lock()
    gate.set()
    await shop.settle()
    assert (model.phone, model.duplicate, model.phoneShown, model.problems) == ("", False, "", {})


async def test_a_lock_while_saving_saves_for_who_tapped_and_opens_nothing(shop: OnStore) -> None:
    model = await filled(shop)
    gate = shop.slow_journal.hold("commit")
    model.save()
    await shop.until_held()
    shop.do.session.lock()
    gate.set()
    await shop.settle()
    assert (shop.heard.pages, shop.do.outbox(), model.saving) == ([], ["member.sign_up"], False)
    await shop.signed_in()
    assert (await opened(shop)).phone == ""


async def test_a_form_is_emptied_with_a_way_back(shop: OnStore) -> None:
    model = await filled(shop)
    model.startOver()
    await shop.settle()
    assert (model.name, shop.heard.said) == ("", ["Form emptied"])
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert (model.name, model.ready) == ("唐雨桐", True)


async def test_another_customers_phone_does_not_meet_the_last_ones_name(shop: OnStore) -> None:
    model = await filled(shop)
    assert (await opened(shop, "13800138000")).name == "唐雨桐"
    await opened(shop, "13911112222")
    assert (model.phone, model.name, shop.heard.said) == ("13911112222", "", ["Form emptied"])
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert (model.phone, model.name) == (PHONE, "唐雨桐")


async def test_a_phone_that_was_searched_for_joins_a_name_that_was_typed_first(shop: OnStore) -> None:
    model = await opened(shop)
    model.setField("name", "唐雨桐")
    await opened(shop, "13911112222")
    assert (model.phone, model.name) == ("13911112222", "唐雨桐")


async def refused(shop: OnStore) -> tuple[str, str]:
    """A sign-up that HQ refused: the member's id and the key of its row."""
    shop.bench.hq.verdict["member.sign_up"] = ("rejected", "phone_invalid")
    member_id = await signed_up(shop.do, 1, birthday="05-20", consents={"terms": True, "calls": True})
    await shop.bench.drain()
    shop.bench.hq.verdict.clear()
    (row,) = await shop.do.attention.rows()
    return member_id, row.key


async def test_a_refused_sign_up_is_corrected_as_another_member_and_leaves_the_list(shop: OnStore) -> None:
    before, key = await refused(shop)
    new = Policy(kind="calls", version="5", title=Names(), text=Names(), position=1)
    for policy in [each for each in shop.bench.hq.rows if each[1].entity == "policy"]:
        if shop.bench.hq.record("policy", policy[1].id).kind == "calls":
            shop.bench.hq.publish("policy", policy[1].id, new)
    await shop.bench.drain()
    model = shop.sign_up
    model.correct(key)
    await shop.settle()
    assert (model.phone, model.name, model.birthday) == ("+8613800000001", "陈静", "05-20")
    assert [(row.key, row.answer) for row in model.policies.rows] == [("terms", "yes"), ("calls", "")]
    model.setPhone(PHONE)
    await shop.settle()
    await shop.reopen()
    model = shop.sign_up
    model.correct(key)
    await shop.settle()
    assert model.phone == PHONE
    model.save()
    await shop.settle()
    assert await shop.do.attention.rows() == []
    ((_, arguments),) = shop.heard.pages
    assert arguments["memberId"] == before
    numbers = shop.bench.sql("SELECT json_extract(body, '$.member_no') FROM outbox WHERE kind = 'member.sign_up'")
    assert len(set(numbers)) == 2


async def test_a_correction_puts_a_half_typed_form_aside(shop: OnStore) -> None:
    _, key = await refused(shop)
    model = await filled(shop)
    model.correct(key)
    await shop.settle()
    assert (model.name, shop.heard.said) == ("陈静", ["Form emptied"])
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert model.name == "唐雨桐"


async def test_what_was_corrected_before_is_not_corrected_again(shop: OnStore) -> None:
    """The way back leads to the page as it was opened."""
    _, key = await refused(shop)
    await shop.do.attention.dismiss(key)
    shop.sign_up.correct(key)
    await shop.settle()
    assert shop.sign_up.phone == ""


async def test_the_language_is_switched_on_the_open_page(shop: OnStore) -> None:
    words = Names(en="Club", zh="俱乐部")
    shop.bench.hq.publish("policy", uuid(), Policy(kind="club", version="1", title=words, text=words, position=9))
    await shop.bench.drain()
    model = await filled(shop)
    model.setField("birthday", "never")
    model.save()
    await shop.settle()
    english = dict(model.problems)
    assert model.sources.rows[0].label == "Walked in"
    with shop.chinese(model):
        assert model.problems.keys() == english.keys()
        assert model.problems != english
        assert (model.policies.rows[-1].title, model.sources.rows[0].label) == ("俱乐部", "自己进店")


async def publish_settings(shop: OnStore, **more: Any) -> None:
    """HQ decides more for the shop."""
    for ref in [each[1] for each in shop.bench.hq.rows if each[1].entity == "settings"]:
        shop.bench.hq.publish("settings", ref.id, Settings(pin_tries=3, pin_wait_s=10, **more))
    await shop.bench.drain()


async def test_a_scanned_poster_fills_in_what_brought_them_and_keeps_what_was_typed(shop: OnStore) -> None:
    poster = TouchPoint(code="poster-3", names=Names(en="Window poster", zh="橱窗海报"), source="event")
    await publish_settings(shop, touch_points=(poster,))
    model = await opened(shop)
    model.setField("name", "唐雨桐")
    model.enter({"touchPoint": "poster-3"})
    await shop.settle()
    assert (model._form.touch_point, model._form.source, model.name) == ("poster-3", "event", "唐雨桐")
    assert [row.key for row in model.touchPoints.rows if row.selected] == ["poster-3"]
    assert shop.heard.said[-1] == "What brought them: Window poster"


def written(shop: OnStore) -> list[dict[str, Any]]:
    """The bodies of the sign-ups in the outbox."""
    found = shop.bench.sql("SELECT body FROM outbox WHERE kind = 'member.sign_up' ORDER BY seq")
    return [json.loads(body) for (body,) in found]


async def test_the_same_form_is_written_once_whatever_is_tapped_and_killed(shop: OnStore) -> None:
    """Two taps that both pass the checks, then a kill, then the form once more: one operation for ever."""
    model = await filled(shop)
    form = model._form
    taps = await asyncio.gather(*(shop.do.members.sign_up(form) for _ in range(2)), return_exceptions=True)
    assert sorted(isinstance(one, str) for one in taps) == [False, True]
    await shop.settle()
    await shop.reopen()
    with pytest.raises((BadInput, Refused)):
        await shop.do.members.sign_up(form)
    assert [body["member_id"] for body in written(shop)] == [form.member_id]


async def test_who_sent_them_is_shown_and_kept_by_number(shop: OnStore) -> None:
    friend = await signed_up(shop.do, 1)
    view = await shop.bench.store.members.get(friend)
    assert view is not None
    model = await filled(shop)
    for told, known in (("13800000001", True), (view.member.member_no.lower(), True), ("somebody", False), ("", False)):
        model.setField("referrer", told)
        await shop.settle()
        assert (model.referrerKnown, "陈静" in model.referrerFound) == (known, known)
    assert model.referrerFound == ""
    model.setField("referrer", "138 0000 0001")
    model.save()
    await shop.settle()
    assert written(shop)[-1]["referrer"] == view.member.member_no


async def test_who_is_not_of_this_shop_is_kept_as_hq_finds_them(shop: OnStore) -> None:
    for told, kept in (("139 0000 0002", "+8613900000002"), ("Aunt Wang", "Aunt Wang")):
        model = await filled(shop)
        model.setPhone(PHONE if told[0] == "1" else "138 0013 8001")
        model.setField("referrer", told)
        await shop.settle()
        assert model.referrerFound.startswith("Not a member of this shop")
        model.save()
        await shop.settle()
        assert written(shop)[-1]["referrer"] == kept


async def test_a_gift_is_offered_while_there_is_one_and_leaves_the_stock(shop: OnStore) -> None:
    assert (await opened(shop)).giftName == ""
    await publish_settings(shop, gift_product_id=PRODUCTS[0])
    model = await filled(shop)
    model.open("")
    await shop.settle()
    assert model.giftName != ""
    model.giveGift(True)
    assert model.giftGiven
    model.save()
    await shop.settle()
    (body,) = written(shop)
    assert body["gift"] == {"product_id": PRODUCTS[0], "on": shop.figures.today().isoformat()}
    ((left,),) = shop.bench.sql("SELECT on_hand FROM stock WHERE id = ?", PRODUCTS[0])
    assert left == 99


async def test_a_touch_point_brings_its_channel(shop: OnStore) -> None:
    poster = TouchPoint(code="poster-3", names=Names(en="Window poster", zh="橱窗海报"), source="event")
    await publish_settings(shop, touch_points=(poster,))
    model = await filled(shop)
    model.open("")
    await shop.settle()
    assert [(row.key, row.label, row.selected) for row in model.touchPoints.rows] == [
        ("poster-3", "Window poster", False)
    ]
    model.setField("touch_point", "poster-3")
    assert model.touchPoints.rows[0].selected
    model.save()
    await shop.settle()
    (body,) = written(shop)
    assert (body["touch_point"], body["source"]) == ("poster-3", "event")


async def test_what_is_signed_by_hand_is_asked_for_once_it_is_agreed_to(shop: OnStore) -> None:
    club = Policy(
        kind="club", version="7", title=Names(en="Club", zh="俱乐部"), text=Names(en="Words", zh="条文"), position=9,
        signed=True,
    )  # fmt: skip
    shop.bench.hq.publish("policy", uuid(), club)
    await shop.bench.drain()
    model = await filled(shop)
    row = model.policies.rows[-1]
    assert (row.text, row.other, row.version, model.signatureAsked) == ("Words", "条文", "7", False)
    model.answer("club", True)
    assert (model.signatureAsked, model.ready, model.missing) == (True, False, "Ask the customer to sign")
    model.save()
    await shop.settle()
    assert model.problems == {"signature": "Ask the customer to sign"}
    model.sign("M1 2" + "L3 4" * 4000)
    assert model.strokes == "", "more than an operation holds"
    model.sign("M10 20L30 40")
    assert model.ready
    model.save()
    await shop.settle()
    (body,) = written(shop)
    assert body["signature"] == {"kinds": ["club"], "strokes": "M10 20L30 40"}
