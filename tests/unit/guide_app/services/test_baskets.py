"""Several baskets at once, over a real store: put aside, taken up, thrown away; none is lost and none is doubled."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain import shares
from guide_app.domain.errors import BadInput, Defect
from guide_app.operations.orders import WantedFulfilment
from guide_app.services.baskets import Basket, BasketLine
from local_store.connection import connect
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.local_store.kit import GUIDE, KEY, PRODUCTS

pytestmark = pytest.mark.asyncio


async def begun(counter: Counter, product: int = 0, **more: object) -> Basket:
    """The guide's open basket with one piece of a product."""
    basket = await counter.till.add(await counter.baskets.mine(), PRODUCTS[product])
    changed = msgspec.structs.replace(basket, **more)
    await counter.baskets.keep(changed)
    return changed


async def kept(counter: Counter) -> list[str]:
    """The orders in the making, all of them, as they lie in the store."""
    found = [msgspec.json.decode(value, type=Basket) for value in (await counter.bench.store.drafts.all("")).values()]
    return sorted(basket.order_id for basket in found if basket.lines)


async def test_a_basket_is_put_aside_with_all_it_holds_and_taken_up_after_a_kill(counter: Counter) -> None:
    first = await begun(
        counter, 0, member_id=await signed_up(counter), note="blue one", reach=WantedFulfilment(kind="ship")
    )
    empty = await counter.baskets.put_aside(first)
    assert (empty.lines, empty.order_id == first.order_id) == ((), False)
    counter.bench.clock.advance(60)
    second = await begun(counter, 1)
    counter.reopen()
    (held,) = await counter.baskets.others()
    assert held == msgspec.structs.replace(first, held_at=held.held_at)
    assert held.held_at
    assert await counter.baskets.mine() == second
    assert await counter.baskets.take_up(second, held) == first
    assert (await counter.baskets.mine(), [each.order_id for each in await counter.baskets.others()]) == (
        first, [second.order_id]
    )  # fmt: skip
    assert await kept(counter) == sorted((first.order_id, second.order_id))


async def test_last_put_aside_stands_first_and_ones_own_before_a_colleagues(counter: Counter) -> None:
    orders = []
    for guide in (GUIDE, OTHER, GUIDE, OTHER):
        counter.stand(guide)
        counter.bench.clock.advance(60)
        orders.append((await begun(counter)).order_id)
        await counter.baskets.put_aside(await counter.baskets.mine())
    counter.stand(GUIDE)
    assert [each.order_id for each in await counter.baskets.others()] == [orders[n] for n in (2, 0, 3, 1)]


async def test_a_colleagues_basket_is_taken_over_on_purpose_also_one_left_open(counter: Counter) -> None:
    left = await begun(counter)
    counter.stand(OTHER)
    assert (await counter.baskets.mine()).lines == ()
    (held,) = await counter.baskets.others()
    assert (held, held.held_at) == (left, "")
    up = await counter.baskets.take_up(await counter.baskets.mine(), held)
    assert (up.guide_id, up.lines, up.order_id) == (OTHER, left.lines, left.order_id)
    assert await counter.till.place(up)
    counter.stand(GUIDE)
    assert ((await counter.baskets.mine()).lines, await counter.baskets.others()) == ((), [])


async def test_what_is_gone_is_not_taken_up_again(counter: Counter) -> None:
    first = await begun(counter)
    await counter.baskets.put_aside(first)
    (held,) = await counter.baskets.others()
    up = await counter.baskets.take_up(await counter.baskets.mine(), held)
    await counter.till.place(up)
    mine = await begun(counter, 1)
    with pytest.raises(BadInput, match="basket_gone"):
        await counter.baskets.take_up(mine, held)
    assert (await counter.baskets.mine(), await kept(counter)) == (mine, [mine.order_id])


async def test_one_is_thrown_away_and_put_back(counter: Counter) -> None:
    await counter.baskets.put_aside(await begun(counter))
    (held,) = await counter.baskets.others()
    await counter.baskets.throw_away(held)
    assert await counter.baskets.others() == []
    await counter.baskets.put_back(held)
    assert await counter.baskets.others() == [held]


async def test_what_a_colleague_left_open_and_was_put_back_takes_no_place_of_theirs(counter: Counter) -> None:
    left = await begun(counter)
    counter.stand(OTHER)
    await counter.baskets.throw_away(left)
    counter.stand(GUIDE)
    new = await begun(counter, 1)
    counter.stand(OTHER)
    await counter.baskets.put_back(left)
    assert await kept(counter) == sorted((left.order_id, new.order_id))
    counter.stand(GUIDE)
    assert await counter.baskets.mine() == new


async def test_what_fails_half_way_leaves_each_basket_in_one_place(counter: Counter) -> None:
    first = await begun(counter)
    await counter.baskets.put_aside(first)
    second = await begun(counter, 1)
    (held,) = await counter.baskets.others()
    with closing(connect(counter.bench.path, KEY, cache_mb=1)) as hand:
        hand.execute("CREATE TRIGGER full BEFORE INSERT ON draft BEGIN SELECT RAISE(ABORT, 'no room'); END")
        with pytest.raises(sqlite.IntegrityError, match="no room"):
            await counter.baskets.put_aside(second)
        with pytest.raises(sqlite.IntegrityError, match="no room"):
            await counter.baskets.take_up(second, held)
        hand.execute("DROP TRIGGER full")
    counter.reopen()
    assert (await counter.baskets.mine(), await counter.baskets.others()) == (second, [held])


async def test_one_of_another_version_hides_no_other(counter: Counter) -> None:
    await counter.baskets.put_aside(await begun(counter))
    await counter.bench.store.drafts.put("basket:held:old", b'{"lines":[1]}')
    assert len(await counter.baskets.others()) == 1


async def test_nobody_signed_in_sees_none(counter: Counter) -> None:
    await counter.baskets.put_aside(await begun(counter))
    counter.session.lock()
    with pytest.raises(Defect):
        await counter.baskets.others()


async def test_whose_a_basket_is() -> None:
    lines = tuple(BasketLine(line_id=one, product_id=one, qty=1, unit_price=5) for one in ("a", "b"))
    basket = Basket(order_id="o", guide_id=GUIDE, lines=lines)
    own, both = shares.evenly([GUIDE]), shares.evenly([GUIDE, OTHER])
    assert basket.shares_of("a") == own
    line = basket.shared(both, "a")
    assert (line.shares_of("a"), line.shares_of("b")) == (both, own)
    every = line.shared(shares.evenly([OTHER]))
    assert {every.shares_of(one) for one in ("a", "b", "one that comes later")} == {shares.evenly([OTHER])}
    assert every.shared(own) == basket, "as if nothing had been said"
    assert every.shared(own, "b").shares_of("b") == own, "a line is one's own though the rest is not"
    for parts in ((), both[:1], shares.evenly([str(n) for n in range(11)])):
        with pytest.raises(BadInput, match="shares_not_whole"):
            basket.shared(parts)
