"""Coupons of a paid membership on PostgreSQL: they reach the member's wallet once, by month, and go with the money."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.records import Member, Membership, MembershipPlan, Names, PlanCoupon, Settings
from tests import shop as shops
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.test_hq_levels import LEVELS, judge
from tests.integration.test_hq_wallets import _member, _published
from tests.ops import new_id

CLUB = Names(en="Club", zh="俱乐部")
TEA = Names(en="Tea for one", zh="一杯茶")


@pytest.fixture
def shop(hq_database: str) -> Any:
    return shops.make_shop(shops.make_chain(), stock=5)


def coupon_promotion() -> str:
    from guide_app.domain.records import Promotion as Record
    from hq.promotions.mapping import PROMOTION
    from hq.protocol import saving, scopes
    from hq.protocol.models import CHAIN_STORE_ID

    of = new_id()
    one = Record(names=TEA, kind="coupon", amount=500, of=of, since="2026-01-01T00:00:00.000Z")
    saving.save(PROMOTION, CHAIN_STORE_ID, {new_id(): one}, scope=scopes.of_chain())
    return of


def sold(shop: Any, promotion: str) -> tuple[str, Membership]:
    """A member with a membership, as the chain's settings sell it."""
    from hq.policies import services
    from hq.policies.models import ScopeSettings
    from hq.protocol import scopes

    given = (PlanCoupon(promotion=promotion), PlanCoupon(promotion=promotion, every="month", days=31))
    plan = MembershipPlan(code="club", names=CLUB, product_id=new_id(), months=12, coupons=given)
    values = msgspec.to_builtins(Settings(levels=LEVELS, memberships=(plan,)))
    known = ScopeSettings.objects.filter(scope=scopes.of_chain()).values_list("id", flat=True).first()
    services.save_settings(ScopeSettings(id=known or new_id(), scope=scopes.of_chain(), values=values))
    one = Membership(
        line_id=new_id(), order_id=new_id(), plan="club", paid_on="2026-11-01", months=12, coupons=given
    )  # fmt: skip
    return _member(shop, memberships=(one,), level_look="2026-11-01"), one


def wallet(shop: Any, who: str) -> list[tuple[str, str, str]]:
    from hq.sync_api.wallets import publish_changed

    publish_changed()
    found = _published(shop, who)
    return [(one.title.en, one.source.en, one.until) for one in found.coupons] if found else []


def member_of(shop: Any, who: str) -> Member:
    from hq.members.mapping import MEMBER

    found = MEMBER.load(shop.store_id, [who])[who].record
    assert isinstance(found, Member)
    return found


def test_coupons_of_a_membership_are_in_the_wallet_with_their_source_once_a_period(shop: Any) -> None:
    who, _one = sold(shop, coupon_promotion())
    judge(2026, 11, 2)
    first = [(TEA.en, CLUB.en, "2026-12-01"), (TEA.en, CLUB.en, "")]
    assert wallet(shop, who) == first
    assert member_of(shop, who).level_look == "2026-12-01"
    assert judge(2026, 11, 30) == 0
    assert wallet(shop, who) == first
    assert judge(2026, 12, 1) > 0
    judge(2026, 12, 1)
    assert wallet(shop, who) == [first[0], (TEA.en, CLUB.en, "2026-12-31"), first[1]]
    assert_feed_equals_tables()


def test_money_given_back_takes_unused_coupons_out_of_the_wallet_and_paying_again_brings_them(shop: Any) -> None:
    from hq.leases.models import Instrument
    from hq.members.mapping import MEMBER
    from hq.protocol import saving

    who, _one = sold(shop, coupon_promotion())
    judge(2026, 11, 2)
    used = Instrument.objects.filter(owner_id=who, until=None).values_list("id", flat=True)[0]
    Instrument.objects.filter(id=used).update(held=1)
    for void, left in ((True, 0), (False, 1)):
        member = member_of(shop, who)
        paid = tuple(msgspec.structs.replace(one, void=void) for one in member.memberships)
        after = msgspec.structs.replace(member, memberships=paid, level_look="2026-11-03")
        saving.save(MEMBER, shop.store_id, {who: after})
        judge(2026, 11, 3)
        free = [one.balance - one.held - one.owed for one in Instrument.objects.filter(owner_id=who)]
        assert sum(max(0, one) for one in free) == left
        assert Instrument.objects.get(id=used).taken == void
    assert Instrument.objects.filter(owner_id=who).count() == 2, "the same ones again"
    assert_feed_equals_tables()
