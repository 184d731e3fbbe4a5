"""The first page's figures: the day is the shop's, not UTC's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guide_app.domain.errors import Defect
from guide_app.services.ports.today import DayFigures
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, place, talk

pytestmark = pytest.mark.asyncio
NOTHING = DayFigures(sales=0, orders=0, sign_ups=0, talks=0)


async def test_the_day_begins_at_the_shops_midnight(counter: Counter) -> None:
    """15:59 UTC is a minute to midnight in Shanghai."""
    counter.bench.clock.set(datetime(2026, 11, 21, 15, 59, tzinfo=UTC))
    member_id = await signed_up(counter)
    await counter.bench.do(place(uuid(), [(PRODUCTS[0], 3)], member_id))
    await counter.bench.do(talk(member_id, uuid(), "2026-11-21T15:59:30.000Z"))
    view = await counter.today.view()
    assert (view.day, view.mine) == ("2026-11-21", DayFigures(sales=3000, orders=1, sign_ups=1, talks=1))
    counter.bench.clock.set(datetime(2026, 11, 21, 16, 0, tzinfo=UTC))
    view = await counter.today.view()
    assert (view.day, view.mine, view.shop) == ("2026-11-22", NOTHING, NOTHING)
    assert (await counter.today.calendar()).bounds((await counter.today.calendar()).today())[0] == (
        "2026-11-21T16:00:00.000Z"
    )


async def test_mine_stand_beside_the_whole_shops(counter: Counter) -> None:
    await counter.bench.do(place(uuid(), [(PRODUCTS[0], 1)]))
    counter.stand(OTHER)
    await signed_up(counter)
    view = await counter.today.view()
    assert view.mine == DayFigures(sales=0, orders=0, sign_ups=1, talks=0)
    assert view.shop == DayFigures(sales=1000, orders=1, sign_ups=1, talks=0)


async def test_before_a_sign_in_there_is_no_day_of_anybody(counter: Counter) -> None:
    counter.session.lock()
    with pytest.raises(Defect):
        await counter.today.view()
