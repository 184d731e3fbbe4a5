"""Members: the list that answers while typing, and one profile, over a real store."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication

from guide_app.domain.records import Level, Names, Policy, TagRule
from tests.qt.viewmodels import fakes
from tests.qt.viewmodels.on_store import OTHER, OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, edit, followup, member, place, talk
from ui.viewmodels.member_list import member_line

pytestmark = pytest.mark.asyncio


def names(shop: OnStore) -> list[str]:
    return [row.name for row in shop.members.found.rows]


async def filled(shop: OnStore) -> tuple[str, str]:
    """Two members; the page is open."""
    first = await signed_up(shop.do, 1, name="陈静")
    second = await signed_up(shop.do, 2, name="王小明")
    shop.members.open()
    await shop.settle()
    return first, second


async def test_it_lists_and_counts_who_is_there(shop: OnStore) -> None:
    await filled(shop)
    assert sorted(names(shop)) == ["王小明", "陈静"]
    assert (shop.members.foundWords, shop.members.totalWords) == (
        "2 member(s) found", "2 on this tablet, also with no network"
    )  # fmt: skip
    assert {row.detail for row in shop.members.found.rows} == {
        "Chen Jing · ends in 0001",
        "Wang Xiaoming · ends in 0002",
    }
    shop.members.search("nobody")
    await shop.settle()
    assert shop.members.nothing


async def test_a_member_of_another_store_is_listed_with_its_name(shop: OnStore) -> None:
    row = fakes.member("m", "陈静", home=Names(en="Harbour", zh="海港店"))
    assert member_line(row, shop.members.desk).detail == "ends in 1234 · Harbour"


@pytest.mark.parametrize(("language", "said"), [("en", ["Gold", "old-code"]), ("zh_CN", ["金卡", "old-code"])])
async def test_lists_call_a_level_by_its_name_and_by_its_code_only_where_hq_has_none(
    shop: OnStore, monkeypatch: pytest.MonkeyPatch, language: str, said: list[str]
) -> None:
    monkeypatch.setattr(shop.members.desk.figures, "language", language, raising=False)
    levels = (Level(code="gold", names=Names(en="Gold", zh="金卡")),)
    rows = [fakes.member("m", "陈静", level="gold"), fakes.member("n", "王小明", level="old-code")]
    assert [member_line(row, shop.members.desk, levels).level for row in rows] == said


@pytest.mark.parametrize("held", ["search", "count"])
async def test_typing_quickly_keeps_the_last_answer(shop: OnStore, held: str) -> None:
    await filled(shop)
    gate = shop.slow_members.hold(held)
    shop.members.search("chen")
    await shop.until_held()
    shop.members.search("wang")
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert (shop.members.text, names(shop), shop.members.foundWords) == ("wang", ["王小明"], "1 member(s) found")


async def test_the_member_chosen_last_is_shown(shop: OnStore) -> None:
    first, second = await filled(shop)
    gate = shop.slow_members.hold("timeline")
    shop.members.choose(first)
    await shop.until_held()
    shop.members.choose(second)
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert (shop.members.memberId, shop.members.name) == (second, "王小明")
    assert [row.key for row in shop.members.found.rows if row.selected] == [second]
    gate = shop.slow_members.hold("get")
    shop.members.choose(first)
    await shop.until_held()
    shop.members.close()
    gate.set()
    await shop.settle()
    assert not shop.members.chosen


async def test_nothing_of_the_last_guide_stays_even_of_work_under_way(shop: OnStore) -> None:
    first, _ = await filled(shop)
    shop.members.showMine(True)
    shop.members.search("chen")
    await shop.settle()
    gates = [shop.slow_members.hold("get"), shop.slow_members.hold("search")]
    shop.members.choose(first)
    shop.members.search("wang")
    await shop.until_held()
    shop.do.session.lock()
    for gate in gates:
        gate.set()
    await shop.settle()
    model = shop.members
    assert (model.text, model.mine, model.chosen, model.found.rows, model.timeline.rows) == ("", False, False, (), ())
    assert (model.name, model.phone, model.note, model.consents.rows) == ("", "", "", ())
    assert not any(rows.rows for rows in model.details._lists.values())


async def test_mine_are_those_i_look_after(shop: OnStore) -> None:
    await filled(shop)
    await shop.signed_in(OTHER)
    await signed_up(shop.do, 3, name="李雷")
    shop.members.showMine(True)
    await shop.settle()
    assert names(shop) == ["李雷"]


async def test_more_come_at_the_end_of_the_list(shop: OnStore) -> None:
    for n in range(60):
        shop.bench.hq.publish("member", uuid(), member(f"客{n}", f"+86138111{n:05d}"))
    await shop.bench.drain()
    shop.members.open()
    await shop.settle()
    assert len(names(shop)) == 50
    shop.members.more()
    shop.members.more()
    await shop.settle()
    assert len(names(shop)) == 60


async def test_a_profile_tells_what_happened(shop: OnStore) -> None:
    first, _ = await filled(shop)
    await shop.bench.do(place(uuid(), [(PRODUCTS[0], 2)], first))
    await shop.bench.do(talk(first, uuid(), "2026-11-21T10:00:00.000Z"), followup(first, uuid(), due_on="2026-11-24"))
    shop.members.choose(first)
    await shop.settle()
    model = shop.members
    assert {row.kind: (row.icon, row.title) for row in model.timeline.rows} == {
        "order": ("shopping-bag", "Order ¥20 · 2 piece(s)"),
        "talk": ("message-circle", "In the shop: General"),
        "followup": ("handshake", "call"),
        "sign_up": ("user-plus", "Signed up"),
    }
    assert (model.spent90, model.orders90, model.spentAll, model.ordersAll) == (
        "¥20",
        "1 order(s)",
        "¥20",
        "1 order(s)",
    )
    assert (model.joined, model.waiting, model.rhythm, model.birthday) == ("21 November", True, "", "")
    assert model.identity.endswith("looked after by 王芳")


async def test_days_are_the_shops(shop: OnStore) -> None:
    """16:30 UTC on the 21st is the 22nd in Shanghai."""
    row = uuid()
    shop.bench.hq.publish("member", row, member(joined_at="2026-11-21T16:30:00.000Z"))
    await shop.bench.drain()
    shop.members.choose(row)
    await shop.settle()
    assert shop.members.joined == "22 November"


async def test_the_phone_is_shown_on_purpose_only(shop: OnStore) -> None:
    first, second = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    assert shop.members.phone == "138****0001"
    before = shop.do.outbox()
    shop.members.showPhone()
    shop.members.showPhone()
    await shop.settle()
    assert (shop.members.phone, shop.members.phoneShown) == ("138 0000 0001", True)
    assert shop.do.outbox() == [*before, "member.reveal"]
    shop.members.showPhone()
    assert shop.members.phone == "138****0001"
    shop.members.showPhone()
    await shop.settle()
    shop.members.choose(second)
    await shop.settle()
    assert (shop.members.phone, shop.members.phoneShown) == ("138****0002", False)
    assert shop.do.outbox() == [*before, "member.reveal", "member.reveal"]


async def test_a_shown_phone_is_masked_again_by_itself(shop: OnStore) -> None:
    first, _ = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    assert shop.members._phone._timer.interval() == 10_000
    shop.members._phone._timer.setInterval(20)
    shop.members.showPhone()
    await shop.settle()
    deadline = asyncio.get_running_loop().time() + 5
    while shop.members.phoneShown and asyncio.get_running_loop().time() < deadline:
        QCoreApplication.processEvents()
        await asyncio.sleep(0.01)
    assert shop.members.phone == "138****0001"


async def test_a_phone_that_is_not_written_down_is_not_shown(shop: OnStore) -> None:
    first, second = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    gate = shop.slow_journal.hold("commit")
    shop.members.showPhone()
    await shop.until_held()
    assert not shop.members.phoneShown
    shop.members.choose(second)
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert (shop.members.phone, shop.members.phoneShown) == ("138****0002", False)


async def test_a_consent_withdrawn_stops_its_channel_at_once(shop: OnStore) -> None:
    first, _ = await filled(shop)
    words = Names(en="Calls about offers", zh="电话推荐")
    old, version_1 = uuid(), Policy(kind="marketing_phone", version="1", title=words, text=words)
    shop.bench.hq.publish("policy", old, version_1)
    await shop.bench.drain()
    shop.members.open()
    shop.members.choose(first)
    await shop.settle()

    def phone() -> str:
        return str(next(row.why_not for row in shop.members.reach.rows if row.key == "phone"))

    assert phone() == "Not asked yet whether offers may come this way"
    shop.members.setConsent("marketing_phone", True)
    await shop.settle()
    assert phone() == ""
    shop.bench.hq.publish("policy", old, msgspec.structs.replace(version_1, current=False))
    shop.bench.hq.publish("policy", uuid(), msgspec.structs.replace(version_1, version="2"))
    await shop.bench.drain()
    shop.members.open()
    await shop.settle()
    shop.members.setConsent("marketing_phone", False)
    await shop.settle()
    assert phone().startswith("Withdrew this consent on")
    line = next(row for row in shop.members.consents.rows if row.key == "marketing_phone")
    assert (line.text_zh, line.text_en) == ("电话推荐", "Calls about offers")
    assert "version 2" in line.detail
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    line = next(row for row in shop.members.consents.rows if row.key == "marketing_phone")
    assert (phone(), line.detail) == ("", "given 21 November, version 1"), "as they had agreed, to no newer words"
    told = shop.bench.sql(
        "SELECT body ->> '$.granted', body ->> '$.policy_version' FROM outbox WHERE kind = 'member.consent' "
        "ORDER BY seq"
    )
    assert told == [(1, "1"), (0, "2"), (1, "1")], "an undo is one more decision; what was decided stays"


async def test_an_edit_is_undone_of_whom_it_was(shop: OnStore) -> None:
    first, second = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    shop.members.edit("note", " size 36 ")
    await shop.settle()
    assert (shop.members.note, shop.heard.said) == ("size 36", ["Note saved"])
    undo = shop.heard.undo
    shop.members.choose(second)
    await shop.settle()
    assert undo is not None
    undo()
    await shop.settle()
    assert (shop.members.memberId, shop.members.note) == (second, "")
    view = await shop.bench.store.members.get(first)
    assert view is not None
    assert view.member.note == ""


async def test_an_edit_under_way_does_not_bring_its_member_back(shop: OnStore) -> None:
    first, second = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    gate = shop.slow_journal.hold("commit")
    shop.members.edit("note", "size 36")
    await shop.until_held()
    shop.members.choose(second)
    await shop.until_held()
    gate.set()
    await shop.settle()
    assert shop.members.memberId == second


async def test_what_is_no_name_is_said_and_what_is_the_same_is_not_written(shop: OnStore) -> None:
    first, _ = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    before = shop.do.outbox()
    shop.members.edit("name", "  ")
    shop.members.edit("name", " 陈静 ")
    await shop.settle()
    assert (shop.heard.problems, shop.do.outbox()) == (["name_missing"], before)


async def test_half_typed_words_are_left_alone_by_a_sync(shop: OnStore) -> None:
    first, _ = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    told: list[str] = []
    shop.members.fieldsChanged.connect(lambda: told.append("fields"))
    shop.members.changed.connect(lambda: told.append("others"))
    await shop.bench.do(talk(first, uuid()))
    await shop.settle()
    assert set(told) == {"others"}
    await shop.bench.do(edit(first, "note", "", "tall"))
    await shop.settle()
    assert "fields" in told
    assert shop.members.note == "tall"


async def test_a_consent_is_withdrawn_and_given_back(shop: OnStore) -> None:
    first, second = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    assert [(row.key, row.granted, row.required) for row in shop.members.consents.rows] == [
        ("terms", True, True), ("calls", False, False)
    ]  # fmt: skip
    assert [row.detail for row in shop.members.consents.rows] == ["given 21 November, version 1", "not asked yet"]
    shop.members.setConsent("calls", True)
    shop.members.setConsent("nothing", True)
    await shop.settle()
    assert (shop.members.consents.rows[1].granted, shop.heard.said) == (True, ["Consent recorded"])
    undo = shop.heard.undo
    shop.members.choose(second)
    await shop.settle()
    assert undo is not None
    undo()
    await shop.settle()
    view = await shop.bench.store.members.get(first)
    assert view is not None
    given = view.member.consent("calls")
    assert given is not None
    assert not given.granted
    assert shop.members.memberId == second


@pytest.mark.parametrize(
    ("typed", "phone"),
    [("13812345678", "13812345678"), ("+86 138-1234", "+86 138-1234"), ("1234", ""), ("101AB7K00423", ""), ("陈", "")],
)
async def test_a_phone_searched_in_vain_goes_along_to_the_sign_up(shop: OnStore, typed: str, phone: str) -> None:
    shop.members.search(typed)
    shop.members.signUp()
    assert shop.heard.pages == [("SignUp", {"phone": phone})]


async def test_order_and_talk_begin_from_the_profile(shop: OnStore) -> None:
    first, _ = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    shop.members.order()
    shop.members.talk()
    assert (shop.heard.pages, shop.heard.sheets) == (
        [("Order", {"memberId": first})], [("LogTalk", {"memberId": first})]
    )  # fmt: skip


async def test_what_hq_sends_shows_at_once(shop: OnStore) -> None:
    first, _ = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    shop.bench.hq.publish("member", uuid(), member("李雷"))
    await shop.bench.drain()
    await shop.settle()
    assert "李雷" in names(shop)
    assert not shop.members.waiting
    await shop.bench.do(edit(first, "birthday", "04-01", "05-02"))
    await shop.bench.do(edit(first, "birthday", "04-01", "05-03"))
    await shop.settle()
    assert len(shop.members.conflicts.rows) == 2


async def test_what_two_people_changed_is_settled_on_the_profile_and_that_is_taken_back(shop: OnStore) -> None:
    first, _ = await filled(shop)
    await shop.bench.do(edit(first, "birthday", "", "05-01"), edit(first, "birthday", "04-01", "05-02"))
    await shop.bench.do(edit(first, "birthday", "04-01", "05-03"))
    shop.members.choose(first)
    await shop.settle()
    before = [(line.what, line.labels) for line in shop.members.conflicts.rows]
    assert before == [
        ('Birthday: HQ has "05-01", somebody also typed "05-02"', ['Take "05-02"', 'Keep "05-01"']),
        ('Birthday: HQ has "05-01", somebody also typed "05-03"', ['Take "05-03"', 'Keep "05-01"']),
    ]
    shop.members.settle("nonsense", "keep_hq")
    shop.members.settle(shop.members.conflicts.rows[1].key, "cancel_order")
    shop.members.settle(shop.members.conflicts.rows[1].key, "take_theirs")
    await shop.settle()
    assert (shop.members.conflicts.rows, shop.members.birthdayTyped) == ((), "05-03")
    assert shop.heard.said[-1] == "Birthday saved"
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert [(line.what, line.labels) for line in shop.members.conflicts.rows] == before
    assert shop.members.birthdayTyped == "05-01"
    shop.members.close()
    assert shop.members.conflicts.rows == ()


async def test_the_language_is_switched_on_the_open_page(shop: OnStore) -> None:
    words = Names(en="Membership terms", zh="会员条款")
    shop.bench.hq.publish("policy", uuid(), Policy(kind="club", version="1", title=words, text=words, position=9))
    await shop.bench.drain()
    first, _ = await filled(shop)
    shop.members.choose(first)
    await shop.settle()
    assert shop.members.consents.rows[-1].title == "Membership terms"
    with shop.chinese(shop.members):
        await shop.settle()
        assert shop.members.consents.rows[-1].title == "会员条款"
        assert shop.members.foundWords == "找到 2 位"
        assert {row.title for row in shop.members.timeline.rows if row.kind == "sign_up"} != {"Signed up"}


async def tagged(shop: OnStore) -> tuple[str, str]:
    """Two members, one with a tag by hand, both with one by a rule; the page is open."""
    first, second = await filled(shop)
    rule = TagRule(names=Names(en="New here", zh="新会员"), tag="new", expression="days_since(joined) < 9")
    shop.bench.hq.publish("tag_rule", uuid(), rule)
    await shop.bench.do(edit(first, "tags", [], ["tea"]))
    await shop.bench.drain()
    while await shop.bench.store.tags.step():
        pass
    await shop.settle()
    return first, second


async def test_tags_stand_in_the_list_and_tell_which_a_rule_gives(shop: OnStore) -> None:
    first, second = await tagged(shop)
    tags = {row.key: [(tag["text"], tag["rule"]) for tag in row.tags] for row in shop.members.found.rows}
    assert tags == {first: [("tea", False), ("new", True)], second: [("new", True)]}
    shop.members.choose(first)
    await shop.settle()
    assert [(chip.text, chip.fixed) for chip in shop.members.details.tags.rows] == [("tea", False), ("new", True)]


async def test_the_list_is_narrowed_to_a_tag_in_two_taps_and_back_in_one(shop: OnStore) -> None:
    first, _ = await tagged(shop)
    shop.members.askTag()
    await shop.settle()
    assert [(row.key, row.text) for row in shop.members.tagChoices.rows] == [("new", "new · 2"), ("tea", "tea · 1")]
    shop.members.showTag("tea")
    await shop.settle()
    assert [row.key for row in shop.members.found.rows] == [first]
    assert (shop.members.tag, shop.members.choosingTag, shop.members.tagChoices.rows) == ("tea", False, ())
    shop.members.askTag()
    await shop.settle()
    assert (shop.members.tag, len(shop.members.found.rows)) == ("", 2)


async def test_the_tags_offered_are_put_away_by_a_second_tap_and_by_the_next_guide(shop: OnStore) -> None:
    await tagged(shop)
    for leave in (shop.members.askTag, shop.members.clear):
        shop.members.askTag()
        await shop.settle()
        assert shop.members.choosingTag
        leave()
        await shop.settle()
        assert (shop.members.choosingTag, shop.members.tagChoices.rows) == (False, ())


async def test_of_many_tags_a_list_shows_three_and_says_how_many_more(shop: OnStore) -> None:
    row = fakes.member("m", "陈静", tags=("a", "b"), rule_tags=("b", "c", "d"))
    tags = [(tag["text"], tag["rule"]) for tag in member_line(row, shop.members.desk).tags]
    assert tags == [("a", False), ("b", False), ("c", True), ("+1", False)]
