"""Whose sale an order is, put right on the tablet: only by a manager, and at HQ as it was said here."""

from __future__ import annotations

import pytest

from guide_app.domain import shares
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.records import GuideShare, Staff
from guide_app.services.ports.shop import StaffRow
from tests.unit.guide_app.services.kit import OTHER, Counter
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PRODUCTS, place

pytestmark = pytest.mark.asyncio


async def sold(counter: Counter) -> str:
    order_id = uuid()
    await counter.bench.do(place(order_id, [(PRODUCTS[0], 1), (PRODUCTS[1], 1)]))
    return order_id


def manager(counter: Counter) -> None:
    counter.session.guide = StaffRow(id=GUIDE, staff=Staff(name="王芳", staff_no="01", role="manager"))


async def test_a_manager_gives_a_line_to_a_colleague(counter: Counter) -> None:
    order_id = await sold(counter)
    manager(counter)
    row = await counter.shares.order(order_id)
    assert row is not None
    parts = shares.evenly([GUIDE, OTHER])
    await counter.shares.correct(order_id, row.order.lines[1].line_id, parts, "helped")
    row = await counter.shares.order(order_id)
    assert row is not None
    assert [line.guide_shares for line in row.order.lines] == [(), parts], "at once, with no network"
    assert (await counter.hq_has("order", order_id)).reshares == row.order.reshares
    assert row.order.reshares[0].approved_by == GUIDE


async def test_nobody_else_may_and_nothing_less_than_the_whole(counter: Counter) -> None:
    order_id = await sold(counter)
    assert not counter.shares.may
    with pytest.raises(Refused, match="no_manager"):
        await counter.shares.correct(order_id, "", shares.evenly([OTHER]), "helped")
    manager(counter)
    for parts in ((), (GuideShare(guide_id=OTHER, share=9_999),), shares.evenly([uuid() for _ in range(11)])):
        with pytest.raises(BadInput, match="shares_not_whole"):
            await counter.shares.correct(order_id, "", parts, "helped")
    assert "order.reshare" not in counter.outbox()
    assert {row.id for row in await counter.shares.people()} >= {GUIDE, OTHER}
