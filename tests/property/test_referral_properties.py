"""Rewards of who came and who brought them: whatever two stores sell and cancel, both have them or neither."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import leases
from guide_app.domain.records import Ref, Settings
from guide_app.operations import Versioned
from hq.leases.values import Value, put_in, taken_back
from tests.memory_hq import PRICE, MemoryShop, swept
from tests.ops import body_of, new_id, new_phone

POINTS = 50


def points(shop: MemoryShop, member_id: str) -> int:
    """What somebody has in the whole chain, less what they owe."""
    ref = Ref("instrument", leases.points_instrument(member_id).id)
    values = [row.record for (_, one), row in shop.hq.state.rows.items() if one == ref]
    return sum(value.balance - value.owed for value in values if isinstance(value, Value))


@given(st.integers(0, 2**32), st.integers(1, 12), st.booleans())
def test_both_are_rewarded_or_neither_and_never_twice(seed: int, steps: int, merges: bool) -> None:
    random, here = Random(seed), MemoryShop()
    there = MemoryShop(here.hq)
    here.hq.shop_row("", Ref("settings", new_id()), _settings())
    phone, people, orders = new_phone(), list[str](), list[tuple[MemoryShop, str]]()
    for shop in (here, there):
        maker = shop.maker()
        friend = maker.sign_up()
        told = random.choice(("member_no", "phone"))
        newcomer = maker.sign_up(phone=phone if merges else new_phone(), referrer=body_of(friend)[told])
        shop.results(friend, newcomer)
        people += [body_of(friend)["member_id"], body_of(newcomer)["member_id"]]
    for _ in range(steps):
        shop = random.choice((here, there))
        maker = shop.maker()
        if orders and random.random() < 0.4:
            at, order_id = orders.pop(random.randrange(len(orders)))
            at.results(at.maker().cancel(order_id))
        else:
            buyer = people[1] if shop is here else people[3]
            order = maker.order([(shop.product_id, 1, PRICE)], shop.list_id, member_id=buyer)
            shop.results(order)
            orders.append((shop, body_of(order)["order_id"]))
        if random.random() < 0.3:
            swept(here, there)
    swept(here, there)
    had = {member_id: points(here, member_id) for member_id in people}
    if merges:  # one person, brought by whoever brought the one received first
        each = POINTS if orders else 0
        assert [had[member_id] for member_id in people] == [each, each, 0, 0]
        return
    for who, brought, shop in ((people[0], people[1], here), (people[2], people[3], there)):
        each = POINTS if any(at is shop for at, _ in orders) else 0
        assert (had[who], had[brought]) == (each, each)


@given(st.integers(0, 1000), st.integers(0, 1000), st.lists(st.integers(1, 100), max_size=8))
def test_what_was_put_in_and_taken_back_leaves_exactly_what_was_there(
    balance: int, held: int, amounts: list[int]
) -> None:
    before = value = Value(kind="points", balance=balance + held, held=held)
    for amount in amounts:
        value = taken_back(value, amount)
        assert value.balance >= value.held
        assert value.free + value.held <= value.balance
    for amount in amounts:
        value = put_in(value, amount)
    assert value == before


def _settings() -> Versioned:
    return Versioned(Settings(referral_points=POINTS), 1)
