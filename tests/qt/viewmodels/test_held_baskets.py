"""Baskets put aside on the order page: put aside, taken up, thrown away, another guide's, over a real store."""

from __future__ import annotations

from typing import Any

import pytest

from tests.qt.viewmodels.on_store import GUIDE, OTHER, OnStore
from tests.qt.viewmodels.test_order import TWO, basket, filled, opened
from tests.unit.guide_app.services.kit import signed_up
from tests.unit.local_store.kit import PRODUCTS

pytestmark = pytest.mark.asyncio


def held(model: Any) -> list[tuple[str, str, str, str]]:
    return [(row.title, row.amount, row.note, row.whose) for row in model.held.rows]


async def aside(shop: OnStore, member_id: str = "", note: str = "") -> Any:
    """A filled basket, put aside."""
    model = await filled(shop, member_id)
    model.setNote(note)
    model.putAside()
    await shop.settle()
    return model


async def test_a_basket_is_put_aside_and_taken_up_with_its_member_and_note(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    model = await aside(shop, member_id, "the blue one")
    assert (model.empty, model.hasMember, model.note, model.heldCount) == (True, False, "", 1)
    assert (held(model), model.heldWords) == ([("陈静", "¥40", "the blue one", "")], "1 other basket(s) kept")
    assert model.held.rows[0].detail == "3 piece(s) · put aside just now"
    model.add(PRODUCTS[2], 1)
    await shop.settle()
    model.takeUp(model.held.rows[0].key)
    await shop.settle()
    assert (basket(model), model.memberName, model.note) == (TWO, "陈静", "the blue one")
    assert held(model) == [("No member chosen", "¥30", "", "")]


async def test_what_was_put_aside_is_taken_back_at_once(shop: OnStore) -> None:
    model = await aside(shop)
    assert (shop.heard.said[-1], model.empty) == ("Basket put aside", True)
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert (basket(model), model.heldCount) == (TWO, 0)


async def test_two_quick_taps_put_one_basket_aside_and_take_one_up(shop: OnStore) -> None:
    model = await filled(shop)
    model.putAside()
    model.putAside()
    await shop.settle()
    assert (model.empty, model.heldCount) == (True, 1)
    key = model.held.rows[0].key
    model.takeUp(key)
    model.takeUp(key)
    await shop.settle()
    assert (basket(model), model.heldCount) == (TWO, 0)


async def test_an_empty_basket_is_not_put_aside(shop: OnStore) -> None:
    model = await opened(shop)
    model.putAside()
    await shop.settle()
    assert (model.heldCount, shop.heard.said) == (0, [])


async def test_one_is_thrown_away_with_a_way_back(shop: OnStore) -> None:
    model = await aside(shop, note="gift")
    model.throwAway(model.held.rows[0].key)
    await shop.settle()
    assert (model.heldCount, shop.heard.said[-1]) == (0, "Basket thrown away")
    assert shop.heard.undo is not None
    shop.heard.undo()
    await shop.settle()
    assert held(model) == [("No member chosen", "¥40", "gift", "")]


async def test_they_survive_a_kill_and_nothing_of_them_is_shown_while_locked(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    await aside(shop, member_id)
    await shop.reopen()
    model = await opened(shop)
    assert held(model) == [("陈静", "¥40", "", "")]
    shop.do.session.lock()
    await shop.settle()
    assert (model.heldCount, model.held.rows, model.heldWords) == (0, (), "0 other basket(s) kept")


async def test_a_read_under_way_at_a_lock_shows_nothing(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    model = await aside(shop, member_id)
    gate = shop.slow_members.hold("get")
    model.openHeld()
    await shop.until_held()
    shop.do.session.lock()
    gate.set()
    await shop.settle()
    assert model.held.rows == ()


async def test_a_colleague_takes_one_over_under_their_own_name(shop: OnStore) -> None:
    await aside(shop)
    await filled(shop)
    shop.do.session.lock()
    await shop.signed_in(OTHER)
    model = await opened(shop)
    assert (model.empty, held(model)) == (True, [("No member chosen", "¥40", "", "王芳")] * 2)
    assert [row.detail for row in model.held.rows] == [
        "3 piece(s) · put aside just now", "3 piece(s) · left open"
    ]  # fmt: skip
    model.takeUp(model.held.rows[1].key)
    await shop.settle()
    model.place()
    await shop.settle()
    (row,) = await shop.bench.store.orders.list()
    assert (row.order.guide_id, model.heldCount) == (OTHER, 1)
    await shop.signed_in(GUIDE)
    assert (await opened(shop)).empty


async def test_an_order_for_another_member_puts_the_basket_aside_and_takes_theirs_up(shop: OnStore) -> None:
    first, second = await signed_up(shop.do, 1), await signed_up(shop.do, 2, name="赵敏")
    model = await filled(shop, first)
    await opened(shop, second)
    assert (model.memberName, model.empty, held(model)) == ("赵敏", True, [("陈静", "¥40", "", "")])
    assert shop.heard.said == ["The basket before is put aside"]
    model.add(PRODUCTS[2], 1)
    await shop.settle()
    await opened(shop, first)
    assert (model.memberName, basket(model), held(model)) == ("陈静", TWO, [("赵敏", "¥30", "", "")])


async def test_a_basket_for_nobody_yet_becomes_the_members(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    await filled(shop)
    model = await opened(shop, member_id)
    assert (basket(model), model.memberName, model.heldCount) == (TWO, "陈静", 0)


async def test_what_was_taken_up_elsewhere_meanwhile_is_said(shop: OnStore) -> None:
    model = await aside(shop)
    (stored,) = await shop.do.baskets.others()
    await shop.do.baskets.throw_away(stored)
    model.takeUp(stored.order_id)
    await shop.settle()
    assert (shop.heard.problems, model.heldCount) == (["basket_gone"], 0)


async def test_an_erased_members_basket_goes_and_the_open_one_stays_without_them(shop: OnStore) -> None:
    member_id = await signed_up(shop.do)
    await shop.bench.drain()
    model = await aside(shop, member_id)
    await filled(shop)
    model.setMember(member_id)
    await shop.settle()
    assert (model.hasMember, model.heldCount) == (True, 1)
    shop.bench.hq.publish("member", member_id, None, "erased")
    await shop.bench.drain()
    await shop.settle()
    assert (basket(model), model.hasMember, held(model)) == (TWO, False, [])
    assert (await shop.do.baskets.mine()).member_id == ""
