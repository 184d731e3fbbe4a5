"""What the profile shows of a member and changes in place, over a real store: saved at once, undone exactly."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.records import (
    Card,
    Coupon,
    Level,
    LevelRules,
    LevelStep,
    Member,
    Membership,
    MembershipPlan,
    Names,
    Settings,
    Wallet,
)
from local_store.repositories.timeline import SOURCES
from tests.qt.viewmodels.on_store import OnStore
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, cancel, followup, member, pay, place, talk
from ui.viewmodels.timeline import GROUPS, KINDS, group_words, kinds_of

pytestmark = pytest.mark.asyncio


async def shown(shop: OnStore, **fields: Any) -> str:
    """A member of HQ's whom the page shows."""
    row = uuid()
    shop.bench.hq.publish("member", row, member(**fields))
    await shop.bench.drain()
    shop.members.open()
    shop.members.choose(row)
    await shop.settle()
    return row


async def kept(shop: OnStore, member_id: str) -> Member:
    """The member as HQ has them, once it has taken everything."""
    await shop.bench.drain()
    record: Member = shop.bench.hq.record("member", member_id)
    return record


def texts(shop: OnStore, name: str, role: str = "text") -> list[str]:
    return [getattr(row, role) for row in getattr(shop.members.details, name).rows]


async def undo(shop: OnStore) -> None:
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()


async def test_tags_are_taken_from_hqs_words_or_typed_and_given_back(shop: OnStore) -> None:
    row = await shown(shop, tags=("vip", "茶", "常客"))
    shop.members.details.addTag(" 送礼 ")
    await shop.settle()
    assert (texts(shop, "tags"), shop.heard.said[-1]) == (["vip", "茶", "常客", "送礼"], "Tags saved")
    shop.members.details.remove("tags", "茶")
    await shop.settle()
    assert texts(shop, "tags") == ["vip", "常客", "送礼"]
    await undo(shop)
    assert texts(shop, "tags") == ["vip", "茶", "常客", "送礼"]  # at its place again
    assert (await kept(shop, row)).tags == ("vip", "茶", "常客", "送礼")
    before = len(shop.heard.said)
    shop.members.details.addTag("vip")
    shop.members.details.addTag("  ")
    shop.members.details.remove("note", "vip")
    await shop.settle()
    assert len(shop.heard.said) == before


async def test_what_stands_twice_in_a_row_is_shown_once(shop: OnStore) -> None:
    await shown(shop, tags=("vip", "茶", "vip"), likes=("tea", "tea"))
    assert (texts(shop, "tags"), texts(shop, "likes")) == (["vip", "茶"], ["tea"])


async def test_an_undo_leaves_what_another_tablet_added_meanwhile(shop: OnStore) -> None:
    row = await shown(shop, likes=("茶",))
    shop.members.details.addLike("no perfume")
    await shop.settle()
    hq = await kept(shop, row)
    shop.bench.hq.publish("member", row, msgspec.structs.replace(hq, likes=(*hq.likes, "window seat")))
    await shop.bench.drain()
    await undo(shop)
    assert (await kept(shop, row)).likes == ("茶", "window seat")
    assert texts(shop, "likes") == ["茶", "window seat"]


async def test_sizes_are_set_changed_and_taken_out(shop: OnStore) -> None:
    row = await shown(shop, sizes={"shoe": "38"})
    details = shop.members.details
    for what, size in (("top", " M "), ("shoe", "")):
        details.setSize(what, size)
        await shop.settle()
    details.addSize("sun hat 58")
    await shop.settle()
    assert [(tile.key, tile.label, tile.value) for tile in details.sizes.rows] == [
        ("sun hat", "sun hat", "58"),
        ("top", "Top", "M"),
    ]
    assert [choice["key"] for choice in details.knownSizes] == ["bottom", "shoe", "ring"]
    await undo(shop)
    assert (await kept(shop, row)).sizes == {"top": "M"}
    details.addSize("58")  # of what?
    await shop.settle()
    assert len(details.sizes.rows) == 1


async def test_days_and_people_are_told_by_the_shops_calendar(shop: OnStore) -> None:
    row = await shown(shop)
    details = shop.members.details
    details.setDate("", "结婚纪念日", "2018-11-22")
    await shop.settle()
    details.setDate("", "name day", "11-21")
    await shop.settle()
    details.setRelative("", "son", "小禾", "2026-06-10", "m")
    await shop.settle()
    assert [(line.label, line.soon) for line in details.dates.rows] == [
        ("name day", "today"),
        ("结婚纪念日", "tomorrow"),
    ]
    (line,) = details.household.rows
    assert (line.title, line.detail) == ("小禾", "son · male · 5 month(s) old · 10 June")
    details.setRelative(line.key, "son", "小禾苗", "2024-06-10", "m")
    await shop.settle()
    assert [(one.name, one.birthday) for one in (await kept(shop, row)).household] == [("小禾苗", "2024-06-10")]
    assert details.household.rows[0].detail == "son · male · 2 year(s) old · 10 June"
    details.remove("household", line.key)
    await shop.settle()
    await undo(shop)
    assert [one.title for one in details.household.rows] == ["小禾苗"]
    details.setDate("", "no day", "02-30")
    details.setRelative("", "son", "", "31-12", "")
    await shop.settle()
    assert shop.heard.problems[-2:] == ["birthday_invalid", "birthday_invalid"]
    assert len(details.dates.rows) == 2


async def test_a_wish_has_todays_price_and_stock_and_goes_into_an_order(shop: OnStore) -> None:
    row = await shown(shop)
    shop.members.searchWish("milk")
    await shop.settle()
    offers = [offer.key for offer in shop.members.offers.rows]
    assert offers
    shop.members.wish(offers[0])
    await shop.settle()
    assert (texts(shop, "wishes", "key"), shop.members.offers.rows) == ([offers[0]], ())
    (line,) = shop.members.details.wishes.rows
    assert (line.price, line.stock) == ("¥10", "100 in this shop")
    assert [wish.product_id for wish in (await kept(shop, row)).wishes] == [offers[0]]
    shop.members.orderWish(offers[0])
    assert shop.heard.pages[-1] == ("Order", {"memberId": row, "productId": offers[0]})
    shop.order.enter({"memberId": row, "productId": offers[0]})
    await shop.settle()
    assert [basket.key for basket in shop.order.lines.rows] == [offers[0]]
    await shop.bench.do(place(uuid(), [(PRODUCTS[0], 1)], row))
    shop.members.choose(row)
    await shop.settle()
    assert shop.members.details.wishes.rows[0].stock == "99 in this shop"


async def test_level_and_wallet_are_told_where_hq_says_something(shop: OnStore) -> None:
    row = await shown(shop, level="gold", spent=75_000)
    details = shop.members.details
    assert (details.walletKnown, details.points, details.levelWords, details.levelShare) == (False, "", "", 0.0)
    shop.bench.hq.publish("wallet", row, Wallet(
        points=2860, coupons=(
            Coupon(title=Names(en="Over"), until="2026-11-20"),
            Coupon(title=Names(en="30 off"), until="2026-12-01", source=Names(en="Club")),
            Coupon(title=Names(), uses=2),
        ),
        cards=(
            Card(digits="0417", balance=20_000), Card(digits="0418", balance=5_000, until="2027-03-31", blocked=True),
            Card(digits="0419", until="2026-11-20"),
        ),
    ))  # fmt: skip
    levels = tuple(Level(code=code, names=Names(en=code)) for code in ("gold", "black"))
    rules = LevelRules(steps=(LevelStep(code="black", spent=100_000),), window="always")
    ((settings_id,),) = shop.bench.sql("SELECT id FROM other_row WHERE entity = 'settings'")
    shop.bench.hq.publish("settings", settings_id, Settings(levels=levels, level_rules=(rules,), tags=("送礼",)))
    await shop.bench.drain()
    shop.members.open()
    await shop.settle()
    assert (details.points, details.coupons, details.couponDetail) == (
        "2,860",
        "3 coupon(s)",
        "30 off · Benefit of Club, until 1 December",
    )
    heard = "Balance as of 21 November, 14:26"
    assert [(card.title, card.balance, card.detail, card.blocked) for card in details.cards.rows] == [
        ("Gift card ends in 0417", "¥200", heard, ""),
        (
            "Gift card ends in 0418",
            "¥50",
            f"Valid until 31 March · {heard}",
            "Blocked by HQ: nothing of it can be spent",
        ),
        ("Gift card ends in 0419", "¥0", f"Ended on 20 November · {heard}", ""),
    ]
    assert (details.levelWords, details.levelShare, details.knownTags) == ("¥250 more to black", 0.75, ["送礼"])


async def test_the_timeline_is_filtered_by_kind_and_shows_edits_but_none_taken_back(shop: OnStore) -> None:
    row = await signed_up(shop.do, 7)
    await shop.bench.do(place(uuid(), [(PRODUCTS[0], 1)], row), talk(row, uuid()), followup(row, uuid()))
    shop.members.open()
    shop.members.choose(row)
    await shop.settle()
    shop.members.edit("note", "tall")
    await shop.settle()
    shop.members.details.addTag("送礼")
    await shop.settle()
    await undo(shop)
    told = {line.kind: line.title for line in shop.members.timeline.rows}
    assert told.keys() == {"order", "talk", "followup", "sign_up", "edit"}
    assert told["edit"] == "Changed: Note"
    for group in GROUPS[1:]:
        shop.members.showGroup(group)
        await shop.settle()
        assert {line.kind for line in shop.members.timeline.rows} <= {*kinds_of(group)}
        assert [chip.key for chip in shop.members.groups.rows if chip.selected] == [group]
    assert {line.kind for line in shop.members.timeline.rows} == {"sign_up", "edit"}
    shop.members.choose(await signed_up(shop.do, 8))
    await shop.settle()
    assert [chip.key for chip in shop.members.groups.rows if chip.selected] == [""]


async def test_every_kind_is_found_told_and_in_a_filter() -> None:
    assert SOURCES.keys() == KINDS.keys()
    assert {kind.group for kind in KINDS.values()} == {*GROUPS[1:]}
    assert all(group_words(group) for group in GROUPS)


async def test_more_of_the_timeline_comes_when_it_is_asked_for(shop: OnStore) -> None:
    row = await signed_up(shop.do, 7)
    for _ in range(35):
        await shop.bench.do(talk(row, uuid()))
    shop.members.open()
    shop.members.choose(row)
    await shop.settle()
    assert (len(shop.members.timeline.rows), shop.members.earlier) == (30, True)
    shop.members.showEarlier()
    await shop.settle()
    assert (len(shop.members.timeline.rows), shop.members.earlier) == (36, False)


async def test_somebody_who_is_not_here_any_more_is_said_to_be_gone(shop: OnStore) -> None:
    row = await shown(shop)
    assert (shop.members.chosen, shop.members.loading, shop.members.missing) == (True, False, False)
    gate = shop.slow_members.hold("get")
    shop.members.close()
    shop.members.choose(uuid())
    await shop.until_held()
    assert (shop.members.loading, shop.members.missing) == (True, False)
    gate.set()
    await shop.settle()
    assert (shop.members.chosen, shop.members.loading, shop.members.missing) == (False, False, True)
    shop.members.choose(row)
    await shop.settle()
    assert (shop.members.chosen, shop.members.missing) == (True, False)


async def test_a_sale_lifts_at_once_and_its_return_leaves_nothing_behind(shop: OnStore) -> None:
    levels = tuple(
        Level(code=code, names=Names(en=en, zh=zh)) for code, en, zh in (("s", "Silver", "银卡"), ("g", "Gold", "金卡"))
    )
    rules = LevelRules(steps=(LevelStep(code="s", spent=2_000), LevelStep(code="g", spent=5_000)), window="year")
    ((settings_id,),) = shop.bench.sql("SELECT id FROM other_row WHERE entity = 'settings'")
    shop.bench.hq.publish("settings", settings_id, Settings(levels=levels, level_rules=(rules,)))
    row = await shown(shop)
    details = shop.members.details

    async def told() -> tuple[str, str, str]:
        shop.members.open()
        await shop.settle()
        return details.level, details.levelWords, details.levelWaits

    assert await told() == ("", "¥20 more to Silver by 31 December", "")
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 3)], row))
    waits = "HQ has yet to confirm this level"
    assert await told() == ("Silver", "¥20 more to Gold by 31 December", waits)
    assert details.keptWords == "Silver until 21 November"
    lines = shop.members.timeline.rows
    assert [(line.kind, line.title) for line in lines[:2]] == [
        ("level", "Up to Silver: ¥30 came together"), ("order", "Order ¥30 · 3 piece(s)"),
    ]  # fmt: skip
    await shop.bench.do(cancel(order_id))
    assert await told() == ("", "¥20 more to Silver by 31 December", "")
    assert "level" not in [line.kind for line in shop.members.timeline.rows]
    await shop.bench.do(place(uuid(), [(PRODUCTS[0], 3)], row))
    with shop.chinese():
        assert await told() == ("银卡", "31 December前再满¥20升为金卡", "该等级待总部确认")


async def test_a_paid_membership_stands_on_the_card_and_its_renewal_when_it_is_due(shop: OnStore) -> None:
    plan = MembershipPlan(code="club", names=Names(en="Club"), product_id=PRODUCTS[0], months=12, level="gold")
    ((settings_id,),) = shop.bench.sql("SELECT id FROM other_row WHERE entity = 'settings'")
    shop.bench.hq.publish("settings", settings_id, Settings(memberships=(plan,)))
    paid = Membership(line_id=uuid(), order_id=uuid(), plan="club", paid_on="2025-12-01", months=12, level="gold")
    row = await shown(shop, memberships=(paid,), level="gold", level_look="2026-12-01")
    details = shop.members.details
    assert (details.level, details.paidWords) == ("gold", "Club until 30 November")
    assert details.renewalWords == "Renewal due: Club ends on 30 November"
    order_id = uuid()
    await shop.bench.do(place(order_id, [(PRODUCTS[0], 1)], row), pay(order_id, 1000))
    shop.members.open()
    await shop.settle()
    assert (details.paidWords, details.renewalWords) == ("Club until 30 November", "")
    assert shop.members.memberNo == "101AB7K00423"
