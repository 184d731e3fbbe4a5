"""Coupons and points in a basket: chosen, leased, spent inside the order, kept over a kill, and given back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import BadInput, NoNetwork, Refused
from guide_app.domain.leases import points_instrument
from guide_app.domain.pricing.offered import AT_ONCE
from guide_app.domain.records import Coupon, Earning, Lease, MemberAlias, Names, Order, PointsPlan, Settings, Wallet
from guide_app.operations.orders import OrderPlace
from guide_app.operations.returns import LineBack
from guide_app.services.baskets import Basket
from guide_app.services.value import Purse, chosen_form, with_coupon, without_coupon
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.guide_app.services.test_pricing import over, promoted, told
from tests.unit.guide_app.services.test_selling import filled, order
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PHONES

pytestmark = pytest.mark.asyncio
replace = msgspec.structs.replace
TITLE = Names(en="5 off", zh="减 5 元")


class Customer:
    """A member with a coupon of ¥5, one of 10 % from ¥100, and points of which 100 are worth ¥1."""

    def __init__(self, counter: Counter, member_id: str, five: Coupon, tenth: Coupon) -> None:
        self.counter, self.id, self.five, self.tenth = counter, member_id, five, tenth
        self.account = points_instrument(member_id).id

    async def look(self, basket: Basket, **more: Any) -> Purse:
        return await self.counter.value.look(basket, **more)

    async def wallet(self) -> Wallet:
        view = await self.counter.bench.store.members.get(self.id)
        assert view is not None
        assert view.wallet is not None
        return view.wallet

    async def basket(self, *coupons: Coupon, points: int = 0) -> Basket:
        """Goods of ¥40 with these coupons, at the price that is told."""
        await self.counter.baskets.empty()
        basket = replace(await filled(self.counter), member_id=self.id, points=points)
        for one in coupons:
            basket = with_coupon(basket, chosen_form(one))
        return await told(self.counter, basket)

    async def leases(self) -> list[Lease]:
        return [row.lease for row in await self.counter.bench.store.leases.rows()]


async def customer(counter: Counter, points: int = 1_000) -> Customer:
    """HQ gives out whatever this member has."""
    member_id = await signed_up(counter)
    await counter.bench.drain()
    fixed = await promoted(counter, "coupon", names=TITLE, percent=0, amount=500, stacks=True)
    share = await promoted(counter, "coupon", min_amount=10_000, stacks=True)
    await promoted(counter, "points", percent=0, points=100, amount=100)
    coupons = tuple(
        Coupon(title=TITLE, id=uuid(), promotion=one, until=until)
        for one, until in ((fixed, "2026-11-30"), (share, ""))
    )
    counter.bench.hq.publish("wallet", member_id, Wallet(points=points, coupons=coupons))
    await counter.bench.drain()
    counter.lease_hq.free = {one.id: 1 for one in coupons} | {points_instrument(member_id).id: points}
    return Customer(counter, member_id, *coupons)


def whys(purse: Purse) -> dict[str, str]:
    return {one.coupon.id: one.why.code if one.why else "" for one in purse.coupons}


async def test_each_coupon_says_what_it_takes_off_or_why_nothing_and_the_best_are_named(counter: Counter) -> None:
    who = await customer(counter)
    purse = await who.look(await who.basket())
    assert whys(purse) == {who.five.id: "", who.tenth.id: "amount_missing"}
    assert [one.saves for one in purse.coupons] == [500, 0]
    assert (purse.best, purse.best_saves) == ((chosen_form(who.five),), 500)
    assert (purse.have, purse.points.points, purse.points.worth) == (1_000, 1_000, 1_000)
    purse = await who.look(await who.basket(), refused={who.five.id: "coupon_elsewhere"})
    assert (whys(purse)[who.five.id], purse.best) == ("coupon_elsewhere", ())


async def test_what_is_used_up_ended_or_of_no_promotion_says_so(counter: Counter) -> None:
    who = await customer(counter)
    used, ended, strange = (replace(who.five, id=uuid(), **more) for more in (
        {"uses": 0}, {"until": "2026-11-20"}, {"promotion": uuid()}))  # fmt: skip
    counter.bench.hq.publish("wallet", who.id, Wallet(coupons=(who.five, used, ended, strange)))
    await counter.bench.drain()
    assert whys(await who.look(await who.basket())) == {
        who.five.id: "", used.id: "coupon_used", ended.id: "coupon_ended", strange.id: "coupon_unknown",
    }  # fmt: skip
    with pytest.raises(Refused, match="coupon_ended"):
        await counter.till.place(await who.basket(ended))
    assert counter.outbox().count(OrderPlace.kind) == 0


async def test_who_is_no_member_or_has_nothing_is_offered_nothing(counter: Counter) -> None:
    assert not (await counter.value.look(await filled(counter))).something
    basket = replace(await filled(counter), member_id=await signed_up(counter))
    assert not (await counter.value.look(basket)).something


async def test_an_order_spends_what_pays_of_it_from_leases_and_says_why_it_costs_less(counter: Counter) -> None:
    who = await customer(counter)
    basket = await who.basket(who.five, points=250)
    assert basket.total == 4_000 - 500 - 250
    placed = await counter.till.place(basket)
    made = (await order(counter, placed.order_id)).order
    assert made.priced_by is not None
    assert (made.totals.total, made.priced_by.points) == (3_250, 250)
    assert [(one.kind, one.names.en) for one in made.lines[0].discounts] == [("coupon", "5 off"), ("points", "Points")]
    assert sorted(one.amount for one in made.spends) == [1, 250]
    assert sorted((one.instrument.kind, one.spent) for one in await who.leases() if one.instrument) == [
        ("coupon", 1), ("points", 250),
    ]  # fmt: skip
    wallet = await who.wallet()
    assert (wallet.points, [one.uses for one in wallet.coupons]) == (750, [0, 1])
    at_hq: Order = await counter.hq_has("order", placed.order_id)
    assert at_hq.spends == made.spends
    counter.bench.hq.publish("wallet", who.id, Wallet(points=750, coupons=(who.tenth,)))
    await counter.bench.drain()
    assert await who.wallet() == Wallet(points=750, coupons=(who.tenth,))


async def test_only_what_takes_something_off_is_spent(counter: Counter) -> None:
    who = await customer(counter, points=9_000)
    basket = await who.basket(who.five, who.tenth, points=9_000)
    assert basket.total == 0
    made = (await order(counter, (await counter.till.place(basket)).order_id)).order
    assert made.priced_by is not None
    assert [one.coupon_id for one in made.priced_by.coupons] == [who.five.id]
    assert made.priced_by.points == 3_500
    assert sorted(one.amount for one in made.spends) == [1, 3_500]


async def test_what_is_chosen_is_leased_and_can_be_spent_with_no_network(counter: Counter) -> None:
    who = await customer(counter)
    await counter.value.take(who.five.id)
    await counter.value.take_points(who.id, 300)
    counter.lease_hq.offline, asked = True, len(counter.lease_hq.asked)
    placed = await counter.till.place(await who.basket(who.five, points=300))
    assert (placed.total, len(counter.lease_hq.asked)) == (3_200, asked)
    with pytest.raises(NoNetwork, match="coupon_offline"):
        await counter.value.take(who.tenth.id)
    with pytest.raises(NoNetwork, match="points_offline"):
        await counter.value.take_points(who.id, 1)
    assert await counter.value.points_here(who.id) == 0


async def test_what_hq_does_not_give_out_leaves_no_order(counter: Counter) -> None:
    who = await customer(counter)
    counter.lease_hq.free = {who.account: 100}
    with pytest.raises(Refused, match="coupon_elsewhere"):
        await counter.till.place(await who.basket(who.five))
    with pytest.raises(Refused, match="points_elsewhere"):
        await counter.till.place(await who.basket(points=101))
    assert await counter.value.points_here(who.id) == 100
    assert counter.outbox().count(OrderPlace.kind) == 0
    assert (await counter.till.place(await who.basket(points=100))).total == 3_900


async def test_the_choice_is_kept_over_a_kill_and_goes_with_the_member(counter: Counter) -> None:
    who = await customer(counter)
    kept = await who.basket(who.five, points=250)
    counter.reopen()
    basket = await counter.baskets.mine()
    assert (basket.coupons, basket.points, basket.total) == (kept.coupons, 250, 3_250)
    held = await counter.baskets.put_aside(basket)
    (aside,) = await counter.baskets.others()
    counter.stand(OTHER)
    taken = await counter.baskets.take_up(await counter.baskets.mine(), aside)
    assert (taken.coupons, taken.points, held.coupons) == (kept.coupons, 250, ())
    other = taken.for_member(await signed_up(counter, 2))
    assert (other.coupons, other.points) == ((), 0)
    assert taken.for_member("somebody they were merged into", same_person=True).points == 250
    counter.stand(GUIDE)


async def test_a_coupon_counts_by_the_version_of_its_promotion_that_is_current(counter: Counter) -> None:
    who = await customer(counter)
    basket = await who.basket(who.five)
    counter.bench.clock.advance(60)
    await counter.bench.drain()
    row = (await counter.bench.store.promotions.facts([])).promotions[who.five.promotion]
    await over(counter, who.five.promotion)
    newer = uuid()
    now = (await counter.bench.store.promotions.facts([])).at
    counter.bench.hq.publish("promotion", newer, replace(row, version=2, amount=700, since=now))
    await counter.bench.drain()
    basket = await told(counter, basket)
    assert basket.total == 3_300
    made = (await order(counter, (await counter.till.place(basket)).order_id)).order
    assert made.priced_by is not None
    assert [one.promotion_id for one in made.priced_by.coupons] == [newer]


async def test_cancelling_gives_it_back_here_at_once(counter: Counter) -> None:
    who = await customer(counter)
    placed = await counter.till.place(await who.basket(who.five, points=250))
    await counter.till.cancel(placed.order_id, "other")
    wallet = await who.wallet()
    assert (wallet.points, [one.uses for one in wallet.coupons]) == (1_000, [1, 1])
    assert [one.left for one in await who.leases()] == [one.amount for one in await who.leases()]
    counter.lease_hq.offline = True
    assert (await counter.till.place(await who.basket(who.five, points=250))).total == 3_250


async def test_goods_that_come_back_bring_what_no_longer_pays_of_those_that_stay(counter: Counter) -> None:
    who = await customer(counter, points=3_500)
    placed = await counter.till.place(await who.basket(who.five, points=3_500))
    await counter.bench.drain()
    counter.bench.hq.publish("wallet", who.id, Wallet(points=0, coupons=(who.tenth,)))
    await counter.bench.drain()
    going = await counter.returns.begin(placed.order_id)
    assert going is not None
    milk, wipes = going.order.lines
    await counter.returns.take_back(going, [LineBack(line_id=milk.line_id, qty=2, reason="other")])
    assert (await who.wallet()).points == 2_000
    going = await counter.returns.begin(placed.order_id)
    assert going is not None
    await counter.returns.take_back(going, [LineBack(line_id=wipes.line_id, qty=1, reason="other")])
    wallet = await who.wallet()
    assert wallet.points == 3_500
    assert {one.id: one.uses for one in wallet.coupons} == {who.tenth.id: 1, who.five.id: 1}
    assert next(one.title for one in wallet.coupons if one.id == who.five.id) == TITLE
    assert whys(await who.look(await who.basket()))[who.five.id] == ""


async def test_somebody_who_was_merged_spends_of_the_account_that_has_enough(counter: Counter) -> None:
    who = await customer(counter, points=900)
    vanished = await counter.members.sign_up(counter.form(PHONES[2], "陈静"))
    await counter.bench.drain()
    counter.bench.hq.publish("member_alias", vanished, MemberAlias(member_id=who.id))
    counter.bench.hq.publish("member", vanished, None, "gone")
    await counter.bench.drain()
    counter.lease_hq.free = {who.account: 100, points_instrument(vanished).id: 800}
    made = (await order(counter, (await counter.till.place(await who.basket(points=500))).order_id)).order
    (lease,) = [one for one in await who.leases() if one.spent]
    assert (lease.instrument, [one.amount for one in made.spends]) == (points_instrument(vanished), [500])


async def test_what_the_order_will_earn_is_told_before_and_after(counter: Counter) -> None:
    plan = PointsPlan(earnings=(Earning(amount=1_000),))
    row_id = next(ref.id for ref in counter.bench.hq.alive() if ref.entity == "settings")
    counter.bench.hq.publish("settings", row_id, Settings(points=plan))
    who = await customer(counter)
    basket = await who.basket(who.five)
    assert (await who.look(basket)).earns == 3
    placed = await counter.till.place(basket)
    assert await counter.value.earns((await order(counter, placed.order_id)).order) == 3
    await counter.till.cancel(placed.order_id, "other")
    assert await counter.value.earns((await order(counter, placed.order_id)).order) == 0
    stranger = await counter.till.place(await told(counter, await filled(counter)))
    assert await counter.value.earns((await order(counter, stranger.order_id)).order) == 0


async def test_no_more_coupons_than_fit_into_an_order(counter: Counter) -> None:
    basket = await filled(counter)
    for _ in range(AT_ONCE):
        basket = with_coupon(basket, chosen_form(Coupon(title=TITLE, id=uuid(), promotion="p")))
    with pytest.raises(BadInput, match="coupons_full"):
        with_coupon(basket, chosen_form(Coupon(title=TITLE, id=uuid(), promotion="p")))
    first = basket.coupons[0]
    assert len(without_coupon(with_coupon(basket, first), first.coupon_id).coupons) == AT_ONCE - 1


async def test_what_no_basket_is_to_use_goes_back_when_the_screen_is_locked(counter: Counter) -> None:
    who = await customer(counter)
    await counter.value.take(who.five.id)
    await counter.value.take_points(who.id, 300)
    await counter.bench.drain()
    basket = await who.basket(who.five, points=300)
    chosen = await counter.value.chosen(await counter.baskets.all())
    assert await counter.leases.tidy(GUIDE, chosen) == 0
    await counter.baskets.keep(without_coupon(replace(basket, points=0), who.five.id))
    assert await counter.leases.tidy(GUIDE) == 0, "where nobody knows what is chosen it stays"
    assert await counter.leases.tidy(GUIDE, await counter.value.chosen(await counter.baskets.all())) == 2
