import random
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from guide_app.domain.clock import ManualClock
from guide_app.domain.ids import Ids, derived_id

START = datetime(2026, 11, 21, 10, tzinfo=UTC)


def source(clock: ManualClock, seed: int = 1) -> Ids:
    return Ids(clock, random.Random(seed).randbytes)


def test_uuid7_carries_the_millisecond_and_the_version() -> None:
    made = source(ManualClock(START)).uuid7()
    assert made == made.lower()
    assert UUID(made).version == 7
    assert UUID(made).variant == RFC_4122
    assert UUID(made).int >> 80 == int(START.timestamp() * 1000)


def test_uuid7_grows_within_a_millisecond_beyond_the_counter_and_when_the_clock_goes_back() -> None:
    clock = ManualClock(START)
    ids = source(clock)
    made = [ids.uuid7() for _ in range(10_000)]
    clock.set(START - timedelta(hours=1))
    made += [ids.uuid7() for _ in range(10)]
    clock.set(START + timedelta(hours=1))
    made.append(ids.uuid7())
    assert made == sorted(set(made))


def test_the_same_seed_gives_the_same_ids() -> None:
    one, two = source(ManualClock(START), 7), source(ManualClock(START), 7)
    assert [one.uuid7(), one.uuid4()] == [two.uuid7(), two.uuid4()]


def test_uuid4() -> None:
    ids = source(ManualClock(START))
    made = {ids.uuid4() for _ in range(1000)}
    assert len(made) == 1000
    assert {UUID(i).version for i in made} == {4}


def test_derived_ids_are_the_same_everywhere_and_tell_parts_apart() -> None:
    assert derived_id("price", "list", "product") == derived_id("price", "list", "product")
    assert UUID(derived_id("price", "list", "product")).version == 8
    different = {
        derived_id("p", "ab", "c"),
        derived_id("p", "a", "bc"),
        derived_id("p", "abc"),
        derived_id("pa", "bc"),
        derived_id("p", "1:a"),
    }
    assert len(different) == 5
    assert derived_id("price", "商品") == "a0eb9560-aa92-8313-a0f5-0632843226df"
