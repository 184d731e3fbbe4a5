"""The first page's figures: the day is the shop's, not UTC's; birthdays cross the year's end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guide_app.domain.errors import Defect
from guide_app.services.ports import DayFigures
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, followup, place, talk

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


async def test_follow_ups_due_by_the_shops_day_are_shown_to_their_guide(counter: Counter) -> None:
    member_id = await signed_up(counter)
    late, today, tomorrow = uuid(), uuid(), uuid()
    for followup_id, day in ((today, "2026-11-21"), (late, "2026-11-02"), (tomorrow, "2026-11-22")):
        await counter.bench.do(followup(member_id, followup_id, due_on=day))
    assert [row.id for row in (await counter.today.view()).followups] == [late, today]
    counter.bench.clock.set(datetime(2026, 11, 21, 16, 0, tzinfo=UTC))
    assert [row.id for row in (await counter.today.view()).followups] == [late, today, tomorrow]
    counter.stand(OTHER)
    assert (await counter.today.view()).followups == []


@pytest.mark.parametrize(
    ("day", "told", "found"),
    [
        (datetime(2026, 11, 21, 4, tzinfo=UTC), ["11-20", "11-21", "11-24", "11-25"], [("11-21", 0), ("11-24", 3)]),
        (datetime(2026, 12, 30, 4, tzinfo=UTC), ["01-02", "12-30", "01-03"], [("12-30", 0), ("01-02", 3)]),
        (datetime(2027, 2, 27, 4, tzinfo=UTC), ["02-29", "03-01"], [("02-29", 1), ("03-01", 2)]),
        (datetime(2028, 2, 27, 4, tzinfo=UTC), ["02-29", "03-01"], [("02-29", 2), ("03-01", 3)]),
    ],
)
async def test_birthdays_of_the_next_days(
    counter: Counter, day: datetime, told: list[str], found: list[tuple[str, int]]
) -> None:
    for n, birthday in enumerate(told, 1):
        await signed_up(counter, n, birthday=birthday if n % 2 else f"1990-{birthday}".replace("1990-02-29", "02-29"))
    counter.bench.clock.set(day)
    near = (await counter.today.view()).birthdays
    assert [(row.member.birthday[-5:], row.in_days) for row in near] == found


async def test_a_birthday_in_january_is_of_the_next_year(counter: Counter) -> None:
    await signed_up(counter, birthday="01-01")
    counter.bench.clock.set(datetime(2026, 12, 31, 4, tzinfo=UTC))
    (row,) = (await counter.today.view()).birthdays
    assert (row.day, row.in_days) == ("2027-01-01", 1)


async def test_before_a_sign_in_there_is_no_day_of_anybody(counter: Counter) -> None:
    counter.session.lock()
    with pytest.raises(Defect):
        await counter.today.view()
