"""Gift cards that are sold on a tablet: money that is changed, and no spending, unless HQ counts it."""

from __future__ import annotations

import msgspec
import pytest

from guide_app.domain.records import Settings
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.guide_app.services.test_pricing import placed, told
from tests.unit.guide_app.services.test_selling import filled
from tests.unit.guide_app.services.test_staff_purchase import entitled
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio


async def counting(counter: Counter, *, cards_count: bool) -> None:
    """The second product is a gift card; HQ says whether such a sale counts."""
    card = counter.bench.hq.record("product", PRODUCTS[1])
    counter.bench.hq.publish("product", PRODUCTS[1], msgspec.structs.replace(card, gift_card=True))
    (row_id,) = (ref.id for _, ref in counter.bench.hq.rows if ref.entity == "settings")
    counter.bench.hq.publish("settings", row_id, Settings(cards_count=cards_count))
    await counter.bench.drain()


@pytest.mark.parametrize("cards_count", [False, True])
async def test_a_sold_gift_card_is_no_spending_until_hq_says_so(counter: Counter, cards_count: bool) -> None:
    await counting(counter, cards_count=cards_count)
    member_id = await signed_up(counter)
    made = await placed(counter, await told(counter, (await filled(counter)).for_member(member_id)))
    cards = [line for line in made.lines if line.product_id == PRODUCTS[1]]
    assert cards, "a card is among what is sold"
    assert made.uncounted == (() if cards_count else tuple(line.line_id for line in cards))
    view = await counter.bench.store.members.get(member_id)
    assert view is not None
    off = 0 if cards_count else sum(line.amount for line in cards)
    assert view.member.spent == made.totals.total - off
    (row,) = await counter.bench.store.orders.list()
    await counter.till.cancel(row.id, "x")
    view = await counter.bench.store.members.get(member_id)
    assert view is not None
    assert (view.member.spent, view.member.counted) == (0, ())


async def test_a_colleague_s_limit_is_for_goods(counter: Counter) -> None:
    limit = await entitled(counter)
    counter.lease_hq.free[limit.id] = 5_000
    await counting(counter, cards_count=False)
    made = await placed(counter, await told(counter, (await filled(counter)).for_staff(OTHER)))
    goods = sum(line.amount for line in made.lines if line.product_id != PRODUCTS[1])
    assert 0 < goods < made.totals.total
    assert sum(one.amount for one in made.spends) == goods
