"""What rules say of a member, and what is said of a rule that cannot be read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain import rules
from guide_app.domain.clock import ManualClock, to_text
from guide_app.domain.records import Category, Consent, Member, Names, TagRule
from guide_app.domain.rules import RuleProblem, holds, named, parse, show
from guide_app.domain.shopday import ShopDay

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
CALENDAR = ShopDay(ManualClock(NOW), "Asia/Shanghai")
TODAY = CALENDAR.today()
CATEGORIES = {
    "drinks": Category(names=Names(en="Drinks", zh="饮料")),
    "tea": Category(names=Names(en="Tea", zh="茶"), parent_id="drinks"),
}
GOODS = {"p1": rules.goods_of("SKU-1", "Cloud Mist", "tea", CATEGORIES)}


def ago(days: float) -> str:
    return to_text(NOW - timedelta(days=days))


def facts(sales: Any = None, talks: Any = (), **member: Any) -> rules.Facts:
    fields = {
        "gender": "f", "level": "gold", "source": "walk_in", "birthday": "1990-11-25", "tags": ("VIP",),
        "joined_at": ago(200), "consents": (Consent(kind="terms", granted=True, policy_version="1"),
                                            Consent(kind="marketing_phone", granted=False, policy_version="1")),
    }  # fmt: skip
    person = Member(member_no="M1", phone="+8613812341234", name="Synthetic Person", **{**fields, **member})
    if sales is None:
        sales = [rules.Sale(ago(days), 12_050, "CNY", ("p1",)) for days in (10, 70, 130)]
    return rules.facts_of(person, "07", sales, talks, GOODS, CALENDAR, TODAY, "CNY")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('orders.count >= 3 and days_since(orders.last) > 60 and not tag("quiet")', False),
        ('orders.count >= 3 and days_since(orders.last) <= 60 and not tag("quiet")', True),
        ("orders.count(60) = 1 and orders.count(71) = 2", True),
        ("orders.sum = 361.5 and orders.sum(30) = 120.50", True),
        ("orders.average_days = 60", True),
        ("age = 35 and days_until(birthday) = 3", True),
        ('gender in ("f", "x") and level = "GOLD" and owner = "07"', True),
        ('tag("vip") and not tag("quiet", "silent")', True),
        ('consent("terms") and not consent("marketing_phone")', True),
        ('bought.category("饮料") and bought.category("tea") and bought.brand("cloud mist")', True),
        ('bought.product("sku-1") or bought.product("sku-2")', True),
        ('known(talks.last) or talked.topic("complaint")', False),
        ("days_since(talks.last) > 0", False),
        ("not (days_since(talks.last) > 0)", True),
        ("talks.count = 0 and joined in (1)", None),
        ("days_since(joined) = 200", True),
        ("touch_point != \"poster-3\" and not known(touch_point)", True),
        ("orders.count ≥ 3 and tag（“vip”，“quiet”）", True),
    ],
)  # fmt: skip
def test_what_rules_say(text: str, answer: bool | None) -> None:
    if answer is None:
        with pytest.raises(RuleProblem):
            parse(text)
    else:
        assert holds(parse(text), facts()) is answer


def test_talks_are_counted_by_what_they_were_about() -> None:
    talks = [rules.Contact(ago(3), "complaint", "solved", "phone"), rules.Contact(ago(400), "size", "", "sms")]
    known = facts(talks=talks)
    assert holds(parse('talks.count = 1 and talked.topic("complaint") and talked.outcome("solved")'), known)
    assert holds(parse('days_since(talks.last) = 3 and talked.channel("phone") and not talked.topic("size")'), known)


def test_a_year_is_365_days_of_the_shop_and_today_is_one_of_them() -> None:
    first, _ = CALENDAR.bounds(TODAY - timedelta(days=364))
    assert rules.window(CALENDAR, TODAY) == first
    before = to_text(datetime.fromisoformat(first) - timedelta(milliseconds=1))
    assert facts([rules.Sale(first, 100, "CNY", ())]).number("orders.count", None) == 1
    assert facts([rules.Sale(before, 100, "CNY", ())]).number("orders.count", None) == 0


def test_other_currencies_are_no_money_of_this_store() -> None:
    known = facts([rules.Sale(ago(1), 100, "USD", ()), rules.Sale(ago(1), 250, "CNY", ())])
    assert (known.number("orders.count", None), str(known.number("orders.sum", None))) == (2, "2.50")


@pytest.mark.parametrize(
    ("text", "code", "at", "told"),
    [
        ("", "rule_empty", 0, ""),
        ("  ", "rule_empty", 0, ""),
        ("age >", "rule_expected_number", 5, ""),
        ("age > \"old\"", "rule_expected_number", 6, '"old"'),
        ("level > \"a\"", "rule_text_order", 6, ">"),
        ("agee > 3", "rule_name_unknown", 0, "agee"),
        ("known(agee)", "rule_name_unknown", 6, "agee"),
        ("birthday = 3", "rule_day_bare", 0, "birthday"),
        ("days_since(age) > 3", "rule_not_for_days_since", 11, "age"),
        ("days_until(orders.last) > 3", "rule_not_for_days_until", 11, "orders.last"),
        ("orders.count(366) > 1", "rule_days", 13, "365"),
        ("orders.count(1.5) > 1", "rule_days", 13, "365"),
        ("tag(vip)", "rule_expected_text", 4, "vip"),
        ("tag \"vip\"", "rule_expected_open", 4, '"vip"'),
        ("(age > 3", "rule_expected_close", 8, ""),
        ("age > 3 age < 9", "rule_expected_end", 8, "age"),
        ("age is 3", "rule_expected_symbol", 4, "is"),
        ("age , 3", "rule_expected_symbol", 4, ","),
        ("and age > 3", "rule_expected_name", 0, "and"),
        ("level = \"gold", "rule_text_open", 8, ""),
        ("age > 3 ; age < 9", "rule_symbol", 8, ";"),
        ("not " * 21 + "known(age)", "rule_too_deep", 80, "20"),
        ("(" * 30 + "known(age)" + ")" * 30, "rule_too_deep", 20, "20"),
        ("age > 3 and " * 90 + "age > 3", "rule_too_long", 1000, "1000"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(text: str, code: str, at: int, told: str) -> None:
    with pytest.raises(RuleProblem) as caught:
        parse(text)
    assert (caught.value.code, caught.value.at, caught.value.told) == (code, at, told)


def test_a_rule_says_what_it_speaks_of_and_is_shown_in_one_form() -> None:
    expr = parse('(AGE>=18.50 or not(known(age) and tag(“a"b”)))and bought.brand("x","y")')
    assert show(expr) == '(age >= 18.5 or not (known(age) and tag("a\\"b"))) and bought.brand("x", "y")'
    assert set(named(expr)) == {"age", "tag", "bought.brand"}


def test_a_rule_is_in_force_from_its_first_day_until_its_last() -> None:
    told = TagRule(names=Names(), tag="t", expression="", valid_from="2026-11-22", valid_until="2026-11-24")
    assert [told.in_force(date(2026, 11, day)) for day in (21, 22, 23, 24)] == [False, True, True, False]
    assert not msgspec.structs.replace(told, active=False).in_force(date(2026, 11, 22))
    assert TagRule(names=Names(), tag="t", expression="").in_force(date(1999, 1, 1))
