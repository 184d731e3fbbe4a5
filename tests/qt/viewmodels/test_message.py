"""The message sheet over a real store: which template, in which language, to whom not, and one tap that logs it."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.errors import NotSaved
from guide_app.domain.records import Followup, MessageTemplate, Names, Talk, Wallet
from guide_app.services.messages import MessageDesk
from guide_app.services.ports.engine import SyncView
from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, place
from ui.viewmodels.message import MessageViewModel, Readers

pytestmark = pytest.mark.asyncio


def template(situation: str, channel: Any, en: str, zh: str = "") -> MessageTemplate:
    title = Names(en=f"{situation} {channel}", zh=f"{situation} 中文")
    return MessageTemplate(situation=situation, channel=channel, title=title, text=Names(en=en, zh=zh))


async def sheet(shop: OnStore, *templates: MessageTemplate) -> tuple[Any, list[str], str]:
    """The view-model, what was copied, and the member: 陈静, who agreed to the terms alone."""
    for each in templates:
        shop.bench.hq.publish("message_template", uuid(), each)
    await shop.bench.drain()
    store, copied = shop.bench.store, list[str]()
    readers = Readers(members=store.members, catalogue=store.catalogue, shop=store.shop, today=shop.do.today)
    heard = SyncView(phase="idle", last_in_step=to_text(shop.bench.clock.now()))
    desk = MessageDesk(store.shop, shop.do.talks, shop.do.session, lambda: heard, shop.bench.clock)
    model = MessageViewModel(shop.talk.desk, desk, readers, shop.do.session, copied.append)
    return model, copied, await signed_up(shop.do)


async def talks(shop: OnStore, member_id: str) -> list[Talk]:
    entries = await shop.bench.store.members.timeline(member_id)
    return [entry.record for entry in entries if isinstance(entry.record, Talk)]


async def test_a_template_is_filled_copied_and_logged_with_one_tap(shop: OnStore) -> None:
    thanks = template("thanks", "sms", "Thank you, {name}! {guide}, {date}", "谢谢您，{name}！{guide}，{date}")
    model, copied, member_id = await sheet(shop, thanks)
    model.enter({"memberId": member_id, "date": "2026-12-05"})
    await shop.settle()
    assert (model.memberName, model.text, model.sendable) == ("陈静", "Thank you, 陈静! 王芳, December 5", True)
    model.speak("zh_CN")
    assert model.text == "谢谢您，陈静！王芳，12月5日"
    model.copy()
    model.sent()
    await shop.settle()
    assert (copied, shop.heard.said) == (
        ["谢谢您，陈静！王芳，12月5日"],
        ["Copied. Log it once it is sent.", "Logged as a talk"],
    )
    assert [(talk.channel, talk.outcome) for talk in await talks(shop, member_id)] == [("sms", "sent")]
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert await talks(shop, member_id) == []


async def test_who_did_not_agree_to_offers_gets_none_by_any_way(shop: OnStore) -> None:
    model, copied, member_id = await sheet(shop, template("birthday", "wechat", "Happy birthday, {name}!"))
    model.enter({"memberId": member_id})
    await shop.settle()
    assert (model.sendable, model.whyNot) == (False, "Not asked yet whether offers may come this way")
    model.copy()
    model.sent()
    await shop.settle()
    assert (copied, shop.do.outbox().count("talk.log")) == ([], 0)


async def test_situations_lead_to_their_templates_and_what_is_missing_is_said(shop: OnStore) -> None:
    arrived, thanks = template("arrival", "sms", "{product} is here"), template("thanks", "phone", "Thank you!")
    model, _, member_id = await sheet(shop, arrived, thanks)
    model.enter({"memberId": member_id, "situation": "arrival"})
    await shop.settle()
    assert [(row.key, row.label, row.selected) for row in model.situations.rows] == [
        ("thanks", "Thanks", False), ("arrival", "Has arrived", True),
    ]  # fmt: skip
    assert (model.sendable, model.whyNot) == (False, "Not known here: a product")
    model.chooseSituation("thanks")
    assert (model.text, [row.detail for row in model.templates.rows]) == ("Thank you!", ["Phone"])
    await shop.bench.do(place(uuid(), [(PRODUCTS[2], 1)], member_id=member_id))
    model.enter({"memberId": member_id, "situation": "arrival"})
    await shop.settle()
    assert model.text == "Milk powder 2 is here"
    model.sent()
    await shop.settle()
    assert [talk.products for talk in await talks(shop, member_id)] == [(PRODUCTS[2],)]


async def test_without_templates_it_says_so_and_nothing_stays_for_the_next_guide(shop: OnStore) -> None:
    model, _, member_id = await sheet(shop)
    model.enter({"memberId": member_id})
    await shop.settle()
    assert (model.nothing, model.text, model.memberName) == (True, "", "陈静")
    with shop.chinese(model):
        assert model.language == "zh_CN"
    shop.do.session.lock()
    assert (model.nothing, model.memberName, model.memberId) == (False, "", "")
    await shop.signed_in(OTHER)
    assert model.situations.rows == ()


async def test_without_a_situation_it_begins_where_something_may_be_sent(shop: OnStore) -> None:
    offer, thanks = template("birthday", "wechat", "Happy birthday!"), template("thanks", "phone", "Thank you!")
    model, _, member_id = await sheet(shop, offer, thanks)
    model.enter({"memberId": member_id})
    await shop.settle()
    assert (model.text, model.sendable) == ("Thank you!", True)
    model.chooseSituation("birthday")
    assert (model.text, model.sendable) == ("Happy birthday!", False), "who asks for it is told why not"


async def test_points_are_said_where_hq_says_them_and_left_out_with_their_sentence_else(shop: OnStore) -> None:
    thanks = template("thanks", "sms", "Thank you, {name}! You have {points} points. See you soon!")
    model, _, member_id = await sheet(shop, thanks)
    model.enter({"memberId": member_id})
    await shop.settle()
    assert (model.text, model.sendable) == ("Thank you, 陈静! See you soon!", True)
    shop.bench.hq.publish("wallet", member_id, Wallet(points=2860))
    await shop.bench.drain()
    model.enter({"memberId": member_id})
    await shop.settle()
    assert model.text == "Thank you, 陈静! You have 2,860 points. See you soon!"


async def test_a_message_that_was_sent_settles_the_followup_it_came_from(shop: OnStore) -> None:
    model, _, member_id = await sheet(shop, template("thanks", "sms", "Thank you, {name}!"))
    talk = await shop.do.talks.log(member_id, "phone", "thinking", "product")
    asked = (await shop.do.talks.follow_up(talk, "2026-11-21", "call")).followup
    assert asked is not None

    async def stands() -> list[str]:
        entries = await shop.bench.store.members.timeline(member_id, kinds=("followup",))
        return [entry.record.state for entry in entries if isinstance(entry.record, Followup)]

    model.enter({"memberId": member_id, "followupId": asked.followup_id, "date": "2026-11-21"})
    await shop.settle()
    model.sent()
    await shop.settle()
    assert await stands() == ["done"]
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert await stands() == ["open"]


async def test_a_message_is_logged_once_and_whole_however_often_it_is_tapped(shop: OnStore) -> None:
    model, _, member_id = await sheet(shop, template("thanks", "sms", "Thank you!"))
    model.enter({"memberId": member_id})
    await shop.settle()
    gate = shop.slow_journal.hold("commit")
    model.sent()
    await shop.until_held()
    model.sent()
    gate.set()
    await shop.settle()
    model.sent()
    await shop.settle()
    assert shop.do.outbox().count("talk.log") == 1, "with its note, in one commit"
    assert [talk.note for talk in await talks(shop, member_id)] == ["thanks 中文"]
    model.enter({"memberId": member_id})
    await shop.settle()
    model.sent()
    await shop.settle()
    assert len(await talks(shop, member_id)) == 2, "another message, another talk"


async def test_a_message_that_could_not_be_saved_is_logged_by_the_next_tap(
    shop: OnStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, _, member_id = await sheet(shop, template("thanks", "sms", "Thank you!"))
    model.enter({"memberId": member_id})
    await shop.settle()

    async def full(*_: object, **__: object) -> None:
        raise NotSaved("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(shop.bench.store.journal, "commit", full)
        model.sent()
        await shop.settle()
    assert (shop.heard.problems, shop.heard.sheets, await talks(shop, member_id)) == (["disk_full"], [], [])
    model.sent()
    await shop.settle()
    assert (len(await talks(shop, member_id)), shop.heard.said) == (1, ["Logged as a talk"])
