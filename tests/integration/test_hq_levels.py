"""Levels on PostgreSQL: the job lets them end in their shop, reaches all with new rules, and goes on where it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from guide_app.domain.records import (
    Counted,
    Level,
    LevelRules,
    LevelStep,
    Member,
    Membership,
    MembershipPlan,
    Names,
    PlanCoupon,
    Settings,
)
from tests import shop as shops
from tests.integration.test_hq_sync import Hq, hq
from tests.integration.test_hq_wallets import _member
from tests.ops import Maker, body_of, new_id

__all__ = ["hq"]
LEVELS = (Level(code="silver", names=Names(en="Silver")), Level(code="gold", names=Names(en="Gold")))
RULES = LevelRules(steps=(LevelStep(code="silver", spent=10_000), LevelStep(code="gold", spent=50_000)))
PLAN = MembershipPlan(code="club", names=Names(en="Club"), product_id=new_id(), months=12, level="gold")
GIVEN = PlanCoupon(promotion=new_id())
BOUGHT = (Counted(on="2026-01-10", spent=20_000, orders=1),)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def ruled(*rules: LevelRules) -> None:
    """The chain's settings, with these rules."""
    from hq.policies import services
    from hq.policies.models import ScopeSettings
    from hq.protocol import scopes

    values = msgspec.to_builtins(Settings(levels=LEVELS, level_rules=rules))
    known = ScopeSettings.objects.filter(scope=scopes.of_chain()).values_list("id", flat=True).first()
    services.save_settings(ScopeSettings(id=known or new_id(), scope=scopes.of_chain(), values=values))


def judge(*day: int) -> int:
    from hq.sync_api import levels

    return levels.judge_at(datetime(*day, 4, tzinfo=UTC) if day else NOON)  # type: ignore[misc, arg-type]


def level(member_id: str) -> tuple[str, str]:
    from hq.members.models import Member as Row

    found = Row.objects.get(id=member_id)
    return found.level, found.level_look


def test_a_level_ends_once_on_the_day_behind_its_period_and_tablets_hear_of_it(hq_database: str) -> None:
    from hq.protocol.models import FeedRow

    shop = shops.make_shop(shops.make_chain(), stock=5)
    who = _member(shop, counted=BOUGHT, spent=20_000, order_count=1)
    ruled(RULES)
    assert (judge(), level(who)) == (1, ("silver", "2027-01-11"))
    assert (judge(2027, 1, 10), judge(2027, 1, 11), judge(2027, 1, 11)) == (0, 1, 0)
    assert level(who)[0] == ""
    (row,) = FeedRow.objects.filter(entity="member", entity_id=who)
    assert row.ver == 3


def test_the_shops_day_counts(hq_database: str) -> None:
    from hq.sync_api import levels

    shop = shops.make_shop(shops.make_chain(), stock=5)
    who = _member(shop, counted=BOUGHT, spent=20_000, order_count=1)
    ruled(RULES)
    judge()
    late = datetime(2027, 1, 10, 15, 59, tzinfo=UTC)  # one minute before the 11th in Shanghai
    assert levels.judge_at(late) == 0
    assert levels.judge_at(late.replace(hour=16)) == 1
    assert level(who)[0] == ""


def test_new_rules_reach_everybody_and_a_round_that_broke_off_goes_on(
    hq_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hq.handlers import levels as handler
    from hq.sync_api import levels

    shop = shops.make_shop(shops.make_chain(), stock=5)
    people = sorted(_member(shop, counted=BOUGHT, spent=20_000, order_count=1) for _ in range(5))
    nobody = _member(shop)
    ruled(RULES)
    monkeypatch.setattr(levels, "AT_ONCE", 2)
    judged: list[Sequence[str]] = []
    real = handler.judge

    def once(aggregates: Any, ids: Sequence[str], *more: Any) -> Any:
        judged.append(ids)
        if len(judged) == 2:
            raise RuntimeError("gone")
        return real(aggregates, ids, *more)

    monkeypatch.setattr(handler, "judge", once)
    with pytest.raises(RuntimeError):
        judge()
    assert [level(one)[0] for one in people] == ["silver"] * 2 + [""] * 3
    assert judge() == 3
    assert judged == [people[:2], people[2:4], people[2:4], people[4:]]
    assert (level(nobody), judge()) == (("", ""), 0)
    easier = LevelRules(steps=(LevelStep(code="gold", spent=20_000),), valid_from="2026-12-01")
    ruled(RULES, easier)
    assert (judge(), judge(2026, 12, 1), level(people[0])[0]) == (0, 5, "gold")


def test_a_paid_membership_ends_without_rules_too(hq_database: str) -> None:
    shop = shops.make_shop(shops.make_chain(), stock=5)
    paid = Membership(line_id=new_id(), order_id=new_id(), plan="club", paid_on="2026-01-01", months=12, level="gold")
    who = _member(shop, memberships=(paid,), level_look="2026-01-01")
    assert (judge(), level(who)) == (1, ("gold", "2027-01-01"))
    assert (judge(2027, 1, 1), level(who)[0]) == (1, "")


def test_what_was_bought_before_days_were_counted_is_found_in_the_orders(hq_database: str) -> None:
    from hq.members.mapping import MEMBER

    shop = shops.make_shop(shops.make_chain(), stock=5)
    who = _member(shop, spent=70_000, order_count=2)
    _order(shop, who, 60_000, "2026-03-01T17:00:00.000Z")  # the 2nd in Shanghai
    _order(shop, who, 10_000, "2026-11-22T01:00:00.000Z")
    ruled(RULES)
    assert judge() == 1
    found = MEMBER.load(shop.store_id, [who])[who].record
    assert isinstance(found, Member)
    assert (found.level, [(one.on, one.spent) for one in found.counted]) == ("gold", [("2026-03-02", 60_000)])


def _order(shop: Any, member_id: str, total: int, at: str) -> None:
    from guide_app.domain.records import Order, Totals
    from hq.orders.mapping import ORDER
    from hq.protocol import saving

    order = Order(
        number=new_id()[:8], state="accepted", guide_id=shop.guide_id, placed_at=at, currency="CNY", lines=(),
        totals=Totals(lines=total, discounts=0, total=total), member_id=member_id,
    )  # fmt: skip
    saving.save(ORDER, shop.store_id, {new_id(): order})


def test_a_level_that_hqs_people_give_counts_from_that_day(hq_database: str) -> None:
    from hq.members.models import Member as Row
    from hq.sync_api import directory, visits

    shop = shops.make_shop(shops.make_chain(), stock=5)
    who = _member(shop, counted=BOUGHT, spent=20_000, order_count=1)
    ruled(RULES)
    judge()
    item = Row.objects.get(id=who)
    item.level = "gold"
    visits.save(item)
    directory.sweep()
    given = Row.objects.get(id=who).given
    assert (level(who)[0], given and given["level"]) == ("gold", "gold")
    item = Row.objects.get(id=who)
    item.note = "knows her sizes"
    visits.save(item)
    directory.sweep()
    assert Row.objects.get(id=who).given == given


def test_renewals_of_a_month_are_told_by_plan_and_store_with_who_is_left(hq_database: str) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    shop = shops.make_shop(shops.make_chain(), stock=5)

    def paid(*days: str) -> tuple[Membership, ...]:
        return tuple(
            Membership(line_id=new_id(), order_id=new_id(), plan="club", paid_on=day, months=1, level="gold")
            for day in days
        )

    _member(shop, memberships=paid("2026-10-05", "2026-11-01"))
    left = _member(shop, memberships=paid("2026-10-10"), name="许安然")
    _member(shop, memberships=paid("2026-09-10"))
    (found,) = _ended()
    assert (found.plan, found.store_id, found.due, found.renewed, found.rate) == ("club", shop.store_id, 2, 1, 0.5)
    assert found.left == [(left, "许安然")]
    browser = Client(SERVER_NAME="localhost")
    assert browser.get("/admin/members/member/renewals/").status_code == 302
    browser.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    shown = browser.get("/admin/members/member/renewals/")
    assert (shown.status_code, "YEAR_MONTH_FORMAT" in shown.content.decode()) == (200, False)


def _ended() -> Any:
    from datetime import date

    from hq.members import renewals

    return renewals.ended(date(2026, 11, 15))


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"levels": (*LEVELS, LEVELS[0])}, "two levels"),
        ({"level_rules": (LevelRules(steps=(LevelStep(code="x", spent=1),)),)}, "not among the levels"),
        ({"level_rules": (LevelRules(steps=(LevelStep(code="gold"),)),)}, "from how much on"),
        ({"level_rules": (RULES, RULES)}, "the same day"),
        ({"level_rules": (LevelRules(steps=(*RULES.steps, RULES.steps[0])),)}, "says twice"),
        ({"level_rules": (LevelRules(steps=(LevelStep(code="gold", points=5),), window="always"),)}, "in a window"),
        (
            {"level_rules": (LevelRules(steps=(LevelStep(code="silver", spent=9), LevelStep(code="gold", spent=9))),)},
            "asks for no more",
        ),
        ({"memberships": (PLAN, PLAN)}, "the same product"),
        ({"memberships": (msgspec.structs.replace(PLAN, level="x"),)}, "gives a level"),
        ({"memberships": (msgspec.structs.replace(PLAN, product_id=new_id()),)}, "does not know"),
        ({"memberships": (msgspec.structs.replace(PLAN, coupons=(GIVEN,)),)}, "a coupon that HQ does not know"),
        (
            {"level_rules": (LevelRules(steps=(LevelStep(code="gold", spent=9, coupons=(GIVEN,)),)),)},
            "“gold” gives a coupon that HQ does not know",
        ),
    ],
)
def test_flaws_of_rules_and_plans_are_told_in_words(told: dict[str, Any], word: str) -> None:
    from hq.policies.flaws import flaws

    settings = Settings(**{"levels": LEVELS, **told})
    assert any(word in one for one in flaws(settings, None, {PLAN.product_id}, "2026-11-22"))
    good = Settings(levels=LEVELS, level_rules=(RULES,), memberships=(PLAN,))
    assert flaws(good, None, {PLAN.product_id}, "2026-11-22") == []


def test_rules_that_hold_already_are_not_rewritten(hq_database: str) -> None:
    from hq.policies.flaws import flaws

    now = Settings(levels=LEVELS, level_rules=(RULES,))
    dearer = LevelRules(steps=(LevelStep(code="gold", spent=90_000),))
    rewritten = Settings(levels=LEVELS, level_rules=(dearer,))
    assert len(flaws(rewritten, now, (), "2026-11-22")) == 2
    later = Settings(levels=LEVELS, level_rules=(RULES, msgspec.structs.replace(dearer, valid_from="2026-11-23")))
    assert flaws(later, now, (), "2026-11-22") == []


def test_who_signs_up_after_buying_has_spent_what_counts(hq: Hq) -> None:
    from hq.members.models import Member as Row
    from hq.orders.models import Order

    tablet, (one, two) = hq.tablet(), hq.chain.product_ids[:2]
    who, told = new_id(), Maker(hq.shop.store_id, hq.shop.guide_id)
    body = body_of(told.order([(one, 1, 990), (two, 1, 990)], hq.chain.list_id, member_id=who))
    card = body["lines"][1]["line_id"]
    tablet.sync(tablet.maker.op("order.place", {**body, "uncounted": [card]}, schema_v=5))
    row = Order.objects.get(id=body["order_id"])
    assert (row.held, row.counts, row.uncounted) == (1980, 990, [card])
    tablet.sync(tablet.maker.sign_up(member_id=who))
    member = Row.objects.get(id=who)
    assert (member.spent, member.order_count, [day["spent"] for day in member.counted or []]) == (990, 1, [990])
    tablet.sync(tablet.maker.take_back(str(row.id), [(card, 1)], 990))
    assert Row.objects.get(id=who).spent == 990, "a card that comes back takes nothing of it"
    tablet.sync(tablet.maker.cancel(str(row.id)))
    assert Row.objects.get(id=who).spent == 0
