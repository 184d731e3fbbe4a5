"""Levels, their rules and paid memberships typed into forms: dated, checked in words, tried on members, and audited."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain.records import Counted, Level, LevelRules, LevelStep, MembershipPlan, Names, PlanCoupon, Settings
from tests import shop as shops
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.test_hq_benefits import coupon_promotion
from tests.integration.test_hq_levels import LEVELS, RULES, ruled
from tests.integration.test_hq_wallets import _member
from tests.ops import new_id

pytestmark = pytest.mark.usefixtures("hq_database")


@pytest.fixture
def shop(hq_database: str) -> Any:
    made = shops.make_shop(shops.make_chain(), stock=5)
    ruled()
    return made


@pytest.fixture
def client(shop: Any) -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(User.objects.create_superuser("lin", password="correct-horse-9"))
    return client


def item() -> Any:
    from hq.policies.models import ScopeSettings
    from hq.protocol import scopes

    return ScopeSettings.objects.get(scope=scopes.of_chain())


def told() -> Settings:
    assert_feed_equals_tables()
    return msgspec.convert(item().values, Settings)


def url(page: str, query: str = "") -> str:
    return f"/admin/policies/scopesettings/{item().pk}/{page}/{query}"


def in_days(days: int) -> str:
    from django.utils import timezone

    return (timezone.localdate() + timedelta(days=days)).isoformat()


def post(client: Any, page: str, query: str = "", **typed: Any) -> Any:
    return client.post(url(page, query), {"seen_ver": item().ver, "do": "save", **typed})


RULES_TYPED = {
    "window": "months", "window_months": "12", "kept": "year_end", "months": "12", "grace_days": "31",
    "spent_0": "100", "spent_1": "500", "orders_1": "20",
}  # fmt: skip


def rows(*levels: tuple[str, str, str, str], take_out: int | None = None) -> dict[str, str]:
    """The rows of levels as a browser sends them: code, Chinese, English, place."""
    typed = {"level-TOTAL_FORMS": str(len(levels)), "level-INITIAL_FORMS": str(len(told().levels))}
    for n, row in enumerate(levels):
        for name, value in zip(("code", "name_zh", "name_en", "ORDER"), row, strict=True):
            typed[f"level-{n}-{name}"] = value
    return typed | ({f"level-{take_out}-DELETE": "on"} if take_out is not None else {})


def test_levels_are_named_in_both_languages_and_put_in_order(client: Any) -> None:
    page = client.get(url("levels")).content.decode()
    assert re.search(r'name="level-0-code" value="silver"[^>]*disabled', page), "members have it: its code stays"
    typed = rows(("silver", "银卡", "Silver", "1"), ("gold", "金卡", "Gold", "3"), ("rose", "玫瑰卡", "Rose", "2"))
    assert post(client, "levels", **typed).status_code == 302
    assert told().levels == (
        Level(code="silver", names=Names(en="Silver", zh="银卡")),
        Level(code="rose", names=Names(en="Rose", zh="玫瑰卡")),
        Level(code="gold", names=Names(en="Gold", zh="金卡")),
    )  # fmt: skip
    refused = post(client, "levels", **rows(*[("", "金卡", "Gold", "")] * 3, ("Rosé", "玫瑰卡", "", "")))
    assert "Small letters, digits" in refused.content.decode()
    assert "This field is required" in refused.content.decode()


def test_a_level_that_members_have_or_rules_give_is_not_taken_out(client: Any, shop: Any) -> None:
    _member(shop, level="silver")
    typed = rows(("silver", "银卡", "Silver", "1"), ("gold", "金卡", "Gold", "2"), take_out=0)
    assert "1 members have the level “silver”" in post(client, "levels", **typed).content.decode()
    ruled(RULES)
    typed = rows(("silver", "银卡", "Silver", "1"), ("gold", "金卡", "Gold", "2"), take_out=1)
    assert "“gold”, which is not among the levels" in post(client, "levels", **typed).content.decode()
    assert len(told().levels) == 2


def test_first_rules_hold_at_once_and_later_ones_begin_on_a_day_to_come(client: Any) -> None:
    assert post(client, "levels", "?rules=new", **RULES_TYPED).status_code == 302
    first = LevelRules(
        steps=(LevelStep(code="silver", spent=10_000), LevelStep(code="gold", spent=50_000, orders=20)),
        kept="year_end", grace_days=31,
    )  # fmt: skip
    assert told().level_rules == (first,)
    form = client.get(url("levels", "?rules=new")).content.decode()
    assert re.search(r'name="spent_1" value="500\.?0*"', form), "the next rules begin as those before"
    dearer = {**RULES_TYPED, "spent_1": "900"}
    late = post(client, "levels", "?rules=new", **dearer, valid_from=in_days(0)).content.decode()
    assert "New rules for levels begin on a day to come." in late
    assert "required" in post(client, "levels", "?rules=new", **dearer).content.decode()
    day = in_days(40)
    assert post(client, "levels", "?rules=new", **dearer, valid_from=day).status_code == 302
    assert [one.valid_from for one in told().level_rules] == ["", day]
    assert told().level_rules[0] == first, "what holds is not rewritten"
    moved = in_days(50)
    assert post(client, "levels", f"?rules={day}", **dearer, valid_from=moved).status_code == 302
    assert [one.valid_from for one in told().level_rules] == ["", moved]
    assert post(client, "levels", f"?rules={moved}", do="remove").status_code == 302
    assert told().level_rules == (first,)


def test_what_is_wrong_with_rules_is_said_and_what_was_typed_stays(client: Any) -> None:
    cheaper = {**RULES_TYPED, "spent_1": "50", "orders_1": ""}
    page = post(client, "levels", "?rules=new", **cheaper).content.decode()
    assert "“gold” asks for no more than “silver”" in page
    assert 'name="spent_1" value="50"' in page
    assert (
        "decimal places" in post(client, "levels", "?rules=new", **{**RULES_TYPED, "spent_0": "1.005"}).content.decode()
    )
    assert told().level_rules == ()


def test_it_is_said_how_many_members_would_move_and_nothing_is_saved(client: Any, shop: Any) -> None:
    bought = (Counted(on=in_days(-20), spent=20_000, orders=1),)
    for spent in (20_000, 20_000, 60_000):
        days = (msgspec.structs.replace(bought[0], spent=spent),)
        _member(shop, counted=days, spent=spent, order_count=1)
    _member(shop)
    page = post(client, "levels", "?rules=new", **{**RULES_TYPED, "do": "try"}).content.decode()
    assert "Looked at 4 of 4 members" in page
    assert "3 would have a higher level, 0 a lower one" in page
    found = re.findall(r"<td>(.*?)</td><td class=\"amount\">(\d+)</td><td class=\"amount\">(\d+)</td>", page)
    assert found == [("no level", "4", "1"), ("Silver", "0", "2"), ("Gold", "0", "1")]
    assert told().level_rules == ()
    ruled(RULES)
    dearer = {**RULES_TYPED, "spent_0": "300", "spent_1": "900", "valid_from": in_days(5), "do": "try"}
    page = post(client, "levels", "?rules=new", **dearer).content.decode()
    assert "0 would have a higher level, 3 a lower one" in page


PLAN_TYPED = {
    "code": "club", "name_zh": "会员俱乐部", "name_en": "Club", "sku": "T001", "months": "12", "remind_days": "20",
    "level": "gold", "times": "1.5",
}  # fmt: skip


def test_a_paid_membership_is_typed_changed_and_sold_no_more(client: Any, shop: Any) -> None:
    from hq.catalogue.models import Product

    assert post(client, "memberships", "?plan=", **PLAN_TYPED).status_code == 302
    sold = str(Product.objects.get(sku="T001").id)
    plan = MembershipPlan(
        code="club", names=Names(en="Club", zh="会员俱乐部"), product_id=sold, months=12, level="gold", times=15_000,
        remind_days=20,
    )  # fmt: skip
    assert told().memberships == (plan,)
    listed = client.get(url("memberships")).content.decode()
    assert "at least Gold, points count 1.5 times, renewal due 20 days before the end" in listed
    assert "CNY" in listed, "the fee by the price list"
    changed = {**PLAN_TYPED, "code": "other", "months": "6", "level": "", "times": "1"}
    assert post(client, "memberships", "?plan=club", **changed).status_code == 302
    assert told().memberships == (msgspec.structs.replace(plan, months=6, level="", times=10_000),)
    assert post(client, "memberships", "?plan=club", do="remove").status_code == 302
    assert told().memberships == ()


def test_coupons_of_a_plan_and_of_a_level_are_chosen_from_those_that_there_are(client: Any) -> None:
    of = coupon_promotion()
    typed = {
        **PLAN_TYPED, "give0_coupon": of, "give0_pieces": "2", "give0_every": "term", "give0_days": "",
        "give1_coupon": of, "give1_pieces": "", "give1_every": "month", "give1_days": "31", "give2_coupon": "",
    }  # fmt: skip
    assert post(client, "memberships", "?plan=", **typed).status_code == 302
    assert told().memberships[0].coupons == (
        PlanCoupon(promotion=of, pieces=2), PlanCoupon(promotion=of, every="month", days=31),
    )  # fmt: skip
    listed = client.get(url("memberships")).content.decode()
    assert "2 × Tea for one, 1 × Tea for one each month" in listed
    shown = client.get(url("memberships", "?plan=club")).content.decode()
    assert re.search(r'name="give1_days" value="31"', shown)
    assert post(client, "levels", "?rules=new", **RULES_TYPED, give1_0_coupon=of).status_code == 302
    assert told().level_rules[0].steps[1].coupons == (PlanCoupon(promotion=of),)
    assert "1 × Tea for one" in client.get(url("levels")).content.decode()
    wrong = post(client, "memberships", "?plan=club", **{**typed, "give0_coupon": new_id()}).content.decode()
    assert "is not one of the available choices" in wrong


def test_a_plan_that_cannot_be_sold_is_refused_in_words(client: Any) -> None:
    page = post(client, "memberships", "?plan=", **{**PLAN_TYPED, "sku": "nothing", "months": ""}).content.decode()
    assert "There is no product with the SKU “nothing”." in page
    assert "This field is required" in page
    post(client, "memberships", "?plan=", **PLAN_TYPED)
    again = post(client, "memberships", "?plan=", **PLAN_TYPED).content.decode()
    assert "two paid memberships with the code “club”" in again
    assert "sold by the same product" in again
    assert len(told().memberships) == 1


def test_who_changed_what_stands_in_the_history_and_a_change_in_between_is_not_overwritten(client: Any) -> None:
    from django.contrib.admin.models import LogEntry

    seen = item().ver
    post(client, "levels", "?rules=new", **RULES_TYPED)
    entry: Any = LogEntry.objects.latest("id")
    assert (entry.user.get_username(), entry.object_id) == ("lin", str(item().pk))
    assert entry.change_message.startswith("Rules for levels (from the start): ")
    assert "Gold: from CNY 500.00 or 20 orders" in entry.change_message
    late = client.post(url("memberships", "?plan="), {**PLAN_TYPED, "seen_ver": seen, "do": "save"})
    assert "Somebody changed this in the meantime" in late.content.decode()
    assert 'value="Club"' in late.content.decode()
    assert told().memberships == ()


@pytest.mark.expects_log
def test_who_may_not_change_settings_gets_no_form(client: Any) -> None:
    from tests.console_people import person

    client.force_login(person("wu", "V"))
    assert client.get(url("levels")).status_code == 403
    assert post(client, "memberships", "?plan=", **PLAN_TYPED).status_code == 403
    assert told().memberships == ()


def test_the_pages_are_in_chinese_too(client: Any) -> None:
    page = client.get(url("levels", "?rules=new"), headers={"accept-language": "zh-hans"}).content.decode()
    assert all(words in page for words in ("达到的消费额", "宽限天数", "有多少会员会变动"))
    assert LEVELS[0].names.en in page, "a level without a Chinese name is called by its other one"
