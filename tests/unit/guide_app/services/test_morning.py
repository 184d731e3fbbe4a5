"""The morning lists over a real store: who is on them, why, and what becomes of a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from guide_app.domain.clock import to_text
from guide_app.domain.errors import Defect
from guide_app.domain.records import Consent, Membership, MembershipPlan, Names, Order, Settings
from guide_app.domain.records.order import OrderLine, Totals
from guide_app.services.morning import MorningRow
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PHONES, PRODUCTS, START, cancel, followup, member, pay, place, talk

pytestmark = pytest.mark.asyncio
CALLS = Consent(kind="marketing_phone", granted=True, policy_version="1", ver=1, at="2026-01-01T00:00:00.000Z")


async def bought(counter: Counter, member_id: str, *ago: int, product: str = PRODUCTS[0], hour: int = 0) -> list[str]:
    """Purchases so many days ago, as HQ tells of them."""
    made = []
    for days in ago:
        line = OrderLine(line_id=uuid(), product_id=product, qty=1, unit_price=1000, amount=1000)
        order = Order(
            number=f"O{uuid()[:8]}", state="closed", guide_id=GUIDE, currency="CNY", lines=(line,), member_id=member_id,
            placed_at=to_text(START - timedelta(days=days, hours=hour)),
            totals=Totals(lines=1000, discounts=0, total=1000),
        )  # fmt: skip
        made.append(uuid())
        counter.bench.hq.publish("order", made[-1], order)
    await counter.bench.drain()
    return made


async def known(counter: Counter, n: int = 0, **more: Any) -> str:
    """A member of this guide's who agreed to calls."""
    member_id = uuid()
    given: dict[str, Any] = {"phone": PHONES[n], "owner_id": GUIDE, "consents": (CALLS,), **more}
    row = member(**given)
    counter.bench.hq.publish("member", member_id, row)
    await counter.bench.drain()
    return member_id


async def rows(counter: Counter, list_: str, *, mine: bool = True) -> list[MorningRow]:
    return [row for row in (await counter.morning.lists(mine=mine)).rows if row.list == list_]


async def test_what_a_member_always_buys_runs_out(counter: Counter) -> None:
    member_id = await known(counter)
    await bought(counter, member_id, 86, 56, 28)
    (row,) = await rows(counter, "refill")
    why = row.why
    assert (row.member.id, why.code, why.days, why.usual) == (member_id, "refill_soon", 28, 29)
    assert (why.kind, why.what, why.day, row.names.zh) == ("product", PRODUCTS[0], "2026-11-22", "婴儿奶粉")
    await bought(counter, member_id, 1, product=PRODUCTS[1])  # another of the same category: they have what they need
    assert await rows(counter, "refill") == []


async def test_a_purchase_at_the_counter_takes_the_row_off_and_its_cancelling_brings_it_back(counter: Counter) -> None:
    member_id = await known(counter)
    await bought(counter, member_id, 84, 56, 28)
    assert len(await rows(counter, "refill")) == 1
    order_id = uuid()
    await counter.bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id))
    assert await rows(counter, "refill") == []
    await counter.bench.do(cancel(order_id))
    assert len(await rows(counter, "refill")) == 1


async def test_no_steady_rhythm_no_prediction(counter: Counter) -> None:
    member_id = await known(counter)
    await bought(counter, member_id, 100, 90, 30)
    assert await rows(counter, "refill") == []


async def test_who_stays_away_is_missed_by_their_own_rhythm_and_a_newcomer_by_the_shops(counter: Counter) -> None:
    own, few, here = await known(counter, 0), await known(counter, 1), await known(counter, 2)
    await bought(counter, own, 110, 90, 70)
    await bought(counter, few, 45)
    await bought(counter, here, 39, 38)
    found = {row.member.id: row.why for row in await rows(counter, "lapsed")}
    assert (found[own].code, found[own].days, found[own].usual) == ("lapsed", 70, 20)
    assert (found[few].code, found[few].days, found[few].usual) == ("lapsed_shop", 45, 20)
    assert here not in found, "38 days are no more than twice the shop's 20"


async def test_who_was_talked_to_is_left_in_peace_until_the_talk_is_taken_back(counter: Counter) -> None:
    member_id = await known(counter)
    await bought(counter, member_id, 110, 90, 70)
    talk_id = uuid()
    await counter.bench.do(talk(member_id, talk_id, "2026-11-11T09:00:00.000Z"))
    assert await rows(counter, "lapsed") == []
    said = talk(member_id, talk_id, "2026-11-11T09:00:00.000Z")
    await counter.bench.do(structs.replace(said, body=structs.replace(said.body, void=True)))
    assert len(await rows(counter, "lapsed")) == 1


async def test_a_row_that_is_done_comes_back_in_the_next_cycle(counter: Counter) -> None:
    member_id = await known(counter)
    await bought(counter, member_id, 110, 90, 70)
    (row,) = await rows(counter, "lapsed")
    undo = await counter.morning.done(row)
    assert await rows(counter, "lapsed") == []
    await counter.morning.take_back(undo)
    (again,) = await rows(counter, "lapsed")
    assert again.due == row.due
    await counter.morning.done(again)
    counter.bench.clock.advance(13 * 86_400)  # 70 + 13 days: twice the 41 that it took to miss them
    assert [one.member.id for one in await rows(counter, "lapsed")] == [member_id]


async def test_a_row_that_is_put_off_comes_back_on_its_day(counter: Counter) -> None:
    await known(counter, birthday="11-23")
    (row,) = await rows(counter, "birthday")
    undo = await counter.morning.snooze(row, "2026-11-22")
    assert await rows(counter, "birthday") == []
    await counter.morning.take_back(undo)
    assert len(await rows(counter, "birthday")) == 1
    await counter.morning.snooze(row, "2026-11-22")
    counter.bench.clock.advance(86_400)
    assert len(await rows(counter, "birthday")) == 1


async def test_a_row_goes_to_a_colleague_and_back(counter: Counter) -> None:
    member_id = await known(counter, birthday="11-23")
    (row,) = await rows(counter, "birthday")
    undo = await counter.morning.hand(row, OTHER)
    assert await rows(counter, "birthday") == []
    assert [one.guide_id for one in await rows(counter, "birthday", mine=False)] == [OTHER]
    counter.stand(OTHER)
    assert [one.member.id for one in await rows(counter, "birthday")] == [member_id]
    await counter.morning.take_back(undo)
    assert await rows(counter, "birthday") == []


async def test_follow_ups_due_by_the_shops_day_are_their_guides(counter: Counter) -> None:
    member_id = await signed_up(counter)
    late, today, tomorrow = uuid(), uuid(), uuid()
    for followup_id, day in ((today, "2026-11-21"), (late, "2026-11-02"), (tomorrow, "2026-11-22")):
        await counter.bench.do(followup(member_id, followup_id, due_on=day))
    found = await rows(counter, "followup")
    assert [(row.key, row.why.days) for row in found] == [(f"followup:{late}", 19), (f"followup:{today}", 0)]
    undo = await counter.morning.hand(found[0], OTHER)
    assert [row.key for row in await rows(counter, "followup")] == [f"followup:{today}"]
    counter.stand(OTHER)
    assert [row.key for row in await rows(counter, "followup")] == [f"followup:{late}"]
    counter.stand(GUIDE)
    await counter.morning.take_back(undo)
    undo = await counter.morning.done(found[0])
    assert [row.key for row in await rows(counter, "followup")] == [f"followup:{today}"]
    await counter.morning.take_back(undo)
    back = [(row.key, row.why, row.guide_id) for row in await rows(counter, "followup")]
    assert back == [(row.key, row.why, row.guide_id) for row in found]
    counter.bench.clock.set(datetime(2026, 11, 21, 16, 0, tzinfo=UTC))
    assert len(await rows(counter, "followup")) == 3


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
    for n, birthday in enumerate(told):
        await known(counter, n, birthday=birthday if n % 2 else f"1992-{birthday}")
    counter.bench.clock.set(day)
    near = await rows(counter, "birthday")
    assert [(row.member.birthday[-5:], row.why.days) for row in near] == found


async def test_whoever_must_not_be_called_is_marked_so_at_once(counter: Counter) -> None:
    member_id = await known(counter, birthday="11-21")
    assert [row.reachable for row in await rows(counter, "birthday")] == [True]
    no = member(phone=PHONES[0], owner_id=GUIDE, birthday="11-21")
    counter.bench.hq.publish("member", member_id, no)
    await counter.bench.drain()
    assert [row.reachable for row in await rows(counter, "birthday")] == [False]


async def test_nobodys_members_are_everybodys_and_another_guides_are_theirs(counter: Counter) -> None:
    nobodys, others = (
        await known(counter, 0, birthday="11-21", owner_id=""),
        await known(counter, 1, birthday="11-21", owner_id=OTHER),
    )
    assert [row.member.id for row in await rows(counter, "birthday")] == [nobodys]
    assert {row.member.id for row in await rows(counter, "birthday", mine=False)} == {nobodys, others}


async def test_a_purchase_is_of_the_shops_day(counter: Counter) -> None:
    """18:00 UTC is the next day in Shanghai."""
    member_id = await known(counter)
    await bought(counter, member_id, 85, 57, 29, hour=-8)
    (row,) = await rows(counter, "refill")
    assert row.why.days == 28


async def test_what_an_erased_person_bought_leaves_nothing(counter: Counter) -> None:
    member_id = await known(counter)
    await bought(counter, member_id, 84, 56, 28)
    assert len(await rows(counter, "refill")) == 1
    counter.bench.hq.publish("member", member_id, None, "erased")
    await counter.bench.drain()
    assert (await counter.morning.lists(mine=False)).rows == []
    for table in ("visit_rhythm", "refill_rhythm"):
        assert counter.bench.sql(f"SELECT count(*) FROM {table} WHERE member_id = ?", member_id) == [(0,)]


async def test_a_product_that_moves_to_another_category_changes_every_rhythm_of_it(counter: Counter) -> None:
    member_id = await known(counter)
    await bought(counter, member_id, 84, 28)
    await bought(counter, member_id, 56, product=PRODUCTS[1])
    (row,) = await rows(counter, "refill")
    assert row.why.kind == "category"
    moved = counter.bench.hq.record("product", PRODUCTS[1])
    counter.bench.hq.publish("product", PRODUCTS[1], structs.replace(moved, category_id=""))
    await counter.bench.drain()
    assert await rows(counter, "refill") == []


async def test_lists_are_kept_until_something_changes(counter: Counter) -> None:
    first = await counter.morning.lists(mine=True)
    assert await counter.morning.lists(mine=True) is first
    assert await counter.morning.lists(mine=False) is not first
    await known(counter)
    assert await counter.morning.lists(mine=True) is not first
    counter.session.lock()
    with pytest.raises(Defect):
        await counter.morning.lists(mine=True)


CLUB = MembershipPlan(code="club", names=Names(en="Club", zh="会员"), product_id=PRODUCTS[0], months=12, level="gold")


async def pays(counter: Counter, on: str, n: int = 0, **more: Any) -> str:
    """A member whose membership of twelve months was paid on a day."""
    known_ids = counter.bench.sql("SELECT id FROM other_row WHERE entity = 'settings'")
    counter.bench.hq.publish("settings", known_ids[0][0] if known_ids else uuid(), Settings(memberships=(CLUB,)))
    paid = Membership(line_id=uuid(), order_id=uuid(), plan="club", paid_on=on, months=12, level="gold")
    return await known(counter, n, memberships=(paid,), **more)


async def test_a_paid_membership_that_ends_is_to_be_renewed_and_the_sale_takes_the_row_off(counter: Counter) -> None:
    member_id = await pays(counter, "2025-12-10")
    (row,) = await rows(counter, "renewal")
    assert (row.member.id, row.why.code, row.why.what, row.why.day, row.names.zh) == (
        member_id, "renewal_soon", "club", "2026-12-09", "会员",
    )  # fmt: skip
    order_id = uuid()
    await counter.bench.do(place(order_id, [(PRODUCTS[0], 1)], member_id))
    assert len(await rows(counter, "renewal")) == 1, "it is not paid yet"
    await counter.bench.do(pay(order_id, 1000))
    assert await rows(counter, "renewal") == []
    await counter.bench.do(cancel(order_id))
    assert len(await rows(counter, "renewal")) == 1


async def test_a_renewal_is_put_off_and_seen_to_for_its_cycle(counter: Counter) -> None:
    await pays(counter, "2025-11-01")
    (row,) = await rows(counter, "renewal")
    assert (row.why.code, row.why.days) == ("renewal_late", 21)
    undo = await counter.morning.done(row)
    assert await rows(counter, "renewal") == []
    await counter.morning.take_back(undo)
    assert len(await rows(counter, "renewal")) == 1
    await pays(counter, "2026-06-01", 1)
    await pays(counter, "2025-12-10", 2, owner_id=OTHER)
    assert (len(await rows(counter, "renewal")), len(await rows(counter, "renewal", mine=False))) == (1, 2)
