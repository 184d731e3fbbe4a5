"""Coupons of paid memberships and levels at HQ: issued, renewed and taken back with what they go with; in memory."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from guide_app.domain.records import (
    Level,
    LevelRules,
    LevelStep,
    Member,
    MembershipPlan,
    Names,
    PlanCoupon,
    Promotion,
    Ref,
    Settings,
)
from guide_app.operations import Versioned
from hq.handlers import levels
from hq.leases.values import Value
from hq.ledger.steps import MoveCoupons
from tests.memory_hq import NOW, PRICE, MemoryShop, swept
from tests.ops import body_of, new_id
from tests.unit.hq.handlers.test_earning import sold
from tests.unit.hq.handlers.test_joining import member_of, told

CLUB = Names(en="Club", zh="俱乐部")
TEA = Names(en="Tea for one", zh="一杯茶")


class Clubs:
    """A shop that sells a membership with a coupon at its start and one in each month, to one member."""

    def __init__(self, *rules: LevelRules, valid_until: str = "", monthly_days: int = 0) -> None:
        self.shop, self.promotion = MemoryShop(), new_id()
        form = Promotion(
            names=TEA, kind="coupon", of=self.promotion, since="2026-01-01T00:00:00.000Z", amount=500,
            valid_until=valid_until,
        )  # fmt: skip
        self.shop._furnish("", "promotion", new_id(), form)
        plan = MembershipPlan(
            code="club", names=CLUB, product_id=self.shop.product_id, months=12,
            coupons=(
                PlanCoupon(promotion=self.promotion, pieces=2),
                PlanCoupon(promotion=self.promotion, every="month", days=monthly_days),
            ),
        )  # fmt: skip
        settings = Settings(
            levels=(Level(code="silver", names=Names(en="Silver")),), level_rules=rules,
            memberships=() if rules else (plan,),
        )  # fmt: skip
        self.shop._furnish("", "settings", new_id(), settings)
        self.maker = self.shop.maker()
        signed = self.maker.sign_up()
        self.who = member_of(signed)
        told(self.shop, self.maker, signed)

    def sell(self) -> str:
        """One membership, paid; the order's id."""
        order = sold(self.shop, self.maker, self.who)
        order_id = str(body_of(order)["order_id"])
        leg = {"leg_id": new_id(), "method": "cash", "amount": PRICE}
        told(self.shop, self.maker, order, self.maker.op("order.pay", {"order_id": order_id, "legs": [leg]}))
        swept(self.shop)
        return order_id

    def back(self, order_id: str) -> None:
        told(self.shop, self.maker, self.maker.cancel(order_id))
        swept(self.shop)

    def look(self, days: int) -> None:
        """HQ looks, so many days later."""
        levels.judge(self.shop.aggregates, [self.who], NOW + timedelta(days=days), "CNY")

    @property
    def coupons(self) -> dict[str, Value]:
        rows = self.shop.hq.state.rows.items()
        return {ref.id: row.record for (_store, ref), row in rows if isinstance(row.record, Value)}

    @property
    def left(self) -> int:
        """How many can be used."""
        return sum(one.free for one in self.coupons.values())


def test_joining_gives_coupons_at_once_and_each_month_gives_one_more() -> None:
    club = Clubs()
    club.sell()
    assert club.left == 3
    assert {(one.title, one.source, one.owner_id, one.promotion) for one in club.coupons.values()} == {
        (TEA, CLUB, club.who, club.promotion)
    }
    member = club.shop.record("member", club.who)
    assert member.level_look == "2026-12-20", "HQ looks again on the first day of the next month of it"
    for days in (29, 30, 30, 31, 92):
        club.look(days)
    assert club.left == 2 + 4
    club.look(900)
    assert club.left == 2 + 12, "and none when it is over"


def test_a_renewal_gives_its_own() -> None:
    club = Clubs()
    club.sell()
    club.sell()
    assert club.left == 3, "the second year has not begun"
    club.look(365)
    assert club.left == 2 * 2 + 12 + 1


def test_money_given_back_takes_the_unused_ones_and_leaves_what_was_used() -> None:
    club = Clubs()
    order_id = club.sell()
    used, *others = sorted(club.coupons)
    ref = Ref("instrument", used)
    spent = msgspec.structs.replace(club.coupons[used], held=1)
    club.shop.aggregates.save({ref: Versioned(spent, 2)})
    club.back(order_id)
    assert club.left == 0
    assert [club.coupons[one].balance for one in others] == [0, 0]
    assert (club.coupons[used].balance, club.coupons[used].held, club.coupons[used].taken) == (1, 1, True)
    club.shop.aggregates.save({ref: Versioned(msgspec.structs.replace(club.coupons[used], held=0), 9)})
    assert club.left == 0, "what a tablet still held of it comes back to nobody"
    club.look(60)
    assert club.left == 0


def test_a_promotion_that_is_over_gives_none_and_days_limit_one_that_is_not() -> None:
    assert Clubs(valid_until="2026-11-01").sell()
    over = Clubs(valid_until="2026-11-01")
    over.sell()
    assert over.coupons == {}
    short = Clubs(valid_until="2026-12-01", monthly_days=5)
    short.sell()
    assert sorted(one.until for one in short.coupons.values()) == ["2026-11-24", "2026-11-30", "2026-11-30"]


@pytest.mark.parametrize("again", [False, True])
def test_a_level_that_was_reached_gives_a_coupon_that_goes_with_it(again: bool) -> None:
    club = Clubs(LevelRules(steps=(LevelStep(code="silver", orders=1),)))
    given = PlanCoupon(promotion=club.promotion)
    rules = LevelRules(steps=(LevelStep(code="silver", orders=1, coupons=(given,)),))
    settings = Settings(levels=(Level(code="silver", names=Names(en="Silver")),), level_rules=(rules,))
    for (store, ref), row in list(club.shop.hq.state.rows.items()):
        if isinstance(row.record, Settings):
            club.shop.hq.shop_row(store, ref, Versioned(settings, row.ver + 1))
    order_id = club.sell()
    assert club.left == 1
    (coupon,) = club.coupons.values()
    assert coupon.source == Names(en="Silver")
    club.look(400)
    assert club.left == 1, "it stays when the level ends"
    club.back(order_id)
    assert club.left == 0
    if again:
        club.sell()
        assert (club.left, len(club.coupons)) == (1, 1), "reached again: the same one"


def test_coupons_that_an_earlier_home_issued_are_taken_back_there() -> None:
    club = Clubs()
    club.sell()
    other = MemoryShop(club.shop.hq)
    member = club.shop.record("member", club.who)
    assert isinstance(member, Member)
    void = tuple(msgspec.structs.replace(one, void=True) for one in member.memberships)
    moved = msgspec.structs.replace(member, memberships=void)
    row = club.shop.hq.state.rows.pop((club.shop.store_id, Ref("member", club.who)))
    club.shop.hq.shop_row(other.store_id, Ref("member", club.who), Versioned(moved, row.ver + 1))
    work = levels.judge(other.aggregates, [club.who], NOW, "CNY")
    (step,) = [one for one in work.steps if isinstance(one, MoveCoupons)]
    assert (step.to, len(step.back), step.due) == (club.shop.store_id, 3, ())
    from hq.handlers import benefits

    club.shop.aggregates.save(benefits.move(club.shop.aggregates, step.due, step.back))
    assert club.left == 0
    assert not benefits.move(club.shop.aggregates, step.due, step.back), "twice is once"
