"""The radar in the tablet's file: whole or not used, newer in place of older, gone with who it was given to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from guide_app.domain.clock import to_text
from guide_app.domain.errors import BadInput
from guide_app.domain.radar import PER_BUCKET, RadarSet, made, names
from local_store.connection import connect
from local_store.radar import EVERY
from sync.ports import RadarWanted
from sync.protocol.messages import RadarResponse
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import KEY, Bench

pytestmark = pytest.mark.asyncio
MADE = "2026-11-21T03:00:00.000Z"
PHONES = [f"+861380000{n:04d}" for n in range(3 * PER_BUCKET)]


def radar(phones: list[str], key: bytes = bytes(32)) -> RadarSet:
    return made(names(phones, bytes(32)), bytes(32), key, 7)


def part(found: RadarSet, first: int, count: int = 1, made_at: str = MADE) -> RadarResponse:
    return RadarResponse(
        version=found.version, made_at=made_at, terms=found.terms, of=len(found.buckets), first=first,
        buckets=[*found.buckets[first : first + count]],
    )  # fmt: skip


OLD, NEW = radar(PHONES[:-1]), radar(PHONES, bytes(range(32)))


class Tablet:
    """A loaded tablet."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.sync, self.radar = bench, bench.store.sync, bench.store.radar

    async def wanted(self) -> RadarWanted:
        found = await self.sync.radar_wanted()
        assert found is not None
        return found

    async def fetch(self, found: RadarSet, made_at: str = MADE) -> None:
        """All parts, as the engine asks for them."""
        while (wanted := await self.sync.radar_wanted()) is not None:
            await self.sync.take_radar(wanted, part(found, wanted.first, made_at=made_at))

    async def kept(self) -> tuple[int, int]:
        def count(table: str) -> int:
            return int(self.bench.sql(f"SELECT count(*) FROM {table}")[0][0])

        return count("radar"), count("radar_bucket")


@pytest.fixture
def tablet(bench: Bench) -> Tablet:
    return Tablet(bench)


async def test_a_set_is_used_once_it_is_whole_and_verified(tablet: Tablet) -> None:
    assert await tablet.radar.may_have(PHONES[0]) is None
    for n in range(len(NEW.buckets)):
        wanted = await tablet.wanted()
        assert (wanted.version, wanted.first, wanted.coming) == ("", n, NEW.version if n else "")
        assert await tablet.radar.may_have(PHONES[0]) is None
        await tablet.sync.take_radar(wanted, part(NEW, n))
    for phone in PHONES[::100]:
        assert await tablet.radar.may_have(phone) == MADE
    strangers = [f"+861390000{n:04d}" for n in range(400)]
    assert sum([await tablet.radar.may_have(phone) is not None for phone in strangers]) < 40


async def test_it_is_asked_for_once_a_day_by_hqs_time(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    assert await tablet.sync.radar_wanted() is None
    tablet.bench.clock.advance(EVERY / timedelta(seconds=1) - 60)
    assert await tablet.sync.radar_wanted() is None
    tablet.bench.clock.advance(60)
    wanted = await tablet.wanted()
    assert (wanted.version, wanted.first) == (NEW.version, 0)
    await tablet.sync.take_radar(wanted, None)
    assert await tablet.sync.radar_wanted() is None
    assert await tablet.radar.may_have(PHONES[0]) is not None


async def test_the_old_one_is_used_until_the_new_one_is_whole(tablet: Tablet) -> None:
    await tablet.fetch(OLD)
    tablet.bench.clock.advance(EVERY / timedelta(seconds=1))
    for n in range(len(NEW.buckets)):
        assert await tablet.radar.may_have(PHONES[0]) == MADE
        await tablet.sync.take_radar(await tablet.wanted(), part(NEW, n, made_at="2026-11-22T03:00:00.000Z"))
    assert await tablet.radar.may_have(PHONES[-1]) == "2026-11-22T03:00:00.000Z"
    assert await tablet.kept() == (1, len(NEW.buckets))


async def test_what_came_survives_a_restart_and_is_gone_on_with(tablet: Tablet) -> None:
    await tablet.sync.take_radar(await tablet.wanted(), part(NEW, 0, 2))
    bench = tablet.bench
    bench.store.close()
    bench.store = bench.opened()
    again = Tablet(bench)
    wanted = await again.wanted()
    assert (wanted.coming, wanted.first) == (NEW.version, 2)
    await again.fetch(NEW)
    assert await again.radar.may_have(PHONES[-1]) == MADE


async def test_another_version_in_the_middle_begins_anew(tablet: Tablet) -> None:
    await tablet.sync.take_radar(await tablet.wanted(), part(OLD, 0))
    await tablet.sync.take_radar(await tablet.wanted(), part(NEW, 1))
    wanted = await tablet.wanted()
    assert (wanted.coming, wanted.first) == ("", 0)
    await tablet.sync.take_radar(wanted, part(OLD, 0))
    await tablet.sync.take_radar(await tablet.wanted(), part(NEW, 0))
    assert (await tablet.wanted()).coming == NEW.version
    await tablet.fetch(NEW)
    assert await tablet.kept() == (1, len(NEW.buckets))


async def test_a_shorter_version_in_the_middle_is_no_defect(tablet: Tablet) -> None:
    last = len(NEW.buckets) - 1
    await tablet.sync.take_radar(await tablet.wanted(), part(NEW, 0, last))
    short = radar(PHONES[:5])
    await tablet.sync.take_radar(await tablet.wanted(), part(short, last))
    wanted = await tablet.wanted()
    assert (wanted.coming, wanted.first) == ("", 0)
    await tablet.fetch(short)
    assert await tablet.kept() == (1, 1)


@pytest.mark.parametrize("how", ["a bucket changed", "a bucket cut", "another key", "a number changed"])
async def test_a_set_that_is_not_what_it_says_is_refused_and_the_old_one_stays(tablet: Tablet, how: str) -> None:
    await tablet.fetch(OLD)
    tablet.bench.clock.advance(EVERY / timedelta(seconds=1))
    last = len(NEW.buckets) - 1
    await tablet.sync.take_radar(await tablet.wanted(), part(NEW, 0, last))
    wrong = {
        "a bucket changed": replace(part(NEW, last), buckets=[bytes(5)]),
        "a bucket cut": replace(part(NEW, last), buckets=[NEW.buckets[last][:-1]]),
        "another key": replace(part(NEW, last), terms=replace(NEW.terms, key=bytes(32))),
        "a number changed": replace(part(NEW, last), terms=replace(NEW.terms, count=NEW.terms.count - 1)),
    }[how]
    with pytest.raises(BadInput, match="radar_invalid"):
        await tablet.sync.take_radar(await tablet.wanted(), wrong)
    assert await tablet.radar.may_have(PHONES[0]) == MADE
    await tablet.fetch(NEW, "2026-11-22T03:00:00.000Z")
    assert await tablet.radar.may_have(PHONES[0]) == "2026-11-22T03:00:00.000Z"


@pytest.mark.parametrize(
    "answer",
    [
        replace(part(NEW, 0), of=99),
        replace(part(NEW, 0), buckets=[]),
        replace(part(NEW, 0), buckets=[bytes(3)] * 9),
    ],
    ids=["of another size", "nothing", "more than all"],
)
async def test_a_part_that_cannot_be_is_refused(tablet: Tablet, answer: RadarResponse) -> None:
    with pytest.raises(BadInput, match="radar_invalid"):
        await tablet.sync.take_radar(await tablet.wanted(), answer)
    assert await tablet.kept() == (0, 0)


async def test_the_numbers_of_the_first_part_count(tablet: Tablet) -> None:
    first = replace(part(NEW, 0), terms=replace(NEW.terms, key=bytes(32)))
    await tablet.sync.take_radar(await tablet.wanted(), first)
    with pytest.raises(BadInput, match="radar_invalid"):
        await tablet.sync.take_radar(await tablet.wanted(), part(NEW, 1, 9))
    assert await tablet.kept() == (0, 0)


async def test_an_answer_for_the_device_of_before_is_nobodys(tablet: Tablet) -> None:
    wanted = replace(await tablet.wanted(), device_id=uuid())
    await tablet.sync.take_radar(wanted, part(NEW, 0))
    await tablet.sync.take_radar(wanted, None)
    assert await tablet.kept() == (0, 0)
    assert await tablet.sync.radar_wanted() is not None


async def test_the_same_version_again_is_as_old_as_its_newest_making(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    tablet.bench.clock.advance(EVERY / timedelta(seconds=1))
    await tablet.sync.take_radar(await tablet.wanted(), part(NEW, 0, made_at="2026-11-22T03:00:00.000Z"))
    assert await tablet.sync.radar_wanted() is None
    assert await tablet.radar.may_have(PHONES[0]) == "2026-11-22T03:00:00.000Z"
    assert await tablet.kept() == (1, len(NEW.buckets))


async def test_the_newest_is_a_day_old_at_most_whenever_it_was_fetched(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    tablet.bench.clock.advance(timedelta(days=6) / timedelta(seconds=1))
    await tablet.sync.take_radar(await tablet.wanted(), None)
    a_day_ago = to_text(tablet.bench.clock.now() - timedelta(days=1))
    assert a_day_ago > MADE
    assert await tablet.radar.may_have(PHONES[0]) == a_day_ago


async def test_an_empty_set_is_one(tablet: Tablet) -> None:
    await tablet.fetch(radar([]))
    assert await tablet.sync.radar_wanted() is None
    assert await tablet.radar.may_have(PHONES[0]) is None
    assert await tablet.kept() == (1, 0)


async def test_it_goes_when_hq_takes_the_tablets_rights_away(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    await tablet.sync.lock_out()
    assert await tablet.kept() == (0, 0)
    assert await tablet.radar.may_have(PHONES[0]) is None
    assert (await tablet.wanted()).version == ""


async def test_it_goes_with_the_stores_scope(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    tablet.bench.hq.grants = [grant for grant in tablet.bench.hq.grants if grant.kind != "store"]
    await tablet.bench.round()
    assert await tablet.kept() == (0, 0)


async def test_it_stays_while_another_scope_goes(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    tablet.bench.hq.grants = [grant for grant in tablet.bench.hq.grants if grant.kind != "chain"]
    await tablet.bench.round()
    assert await tablet.kept() == (1, len(NEW.buckets))


async def test_it_goes_when_the_tablet_is_enrolled_anew_and_waits_for_the_first_load(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    await tablet.sync.enrolled("https://hq.example", "Counter 1", tablet.bench.hq.enrolment())
    assert await tablet.kept() == (0, 0)
    assert await tablet.sync.radar_wanted() is None
    await tablet.bench.drain()
    await tablet.sync.finish_loading()
    assert (await tablet.wanted()).version == ""


async def test_a_chain_that_has_none_any_more_is_asked_again_another_day(tablet: Tablet) -> None:
    await tablet.fetch(NEW)
    await tablet.sync.forget_radar()
    assert await tablet.kept() == (0, 0)
    assert await tablet.sync.radar_wanted() is None
    tablet.bench.clock.advance(EVERY / timedelta(seconds=1))
    assert await tablet.sync.radar_wanted() is not None


@pytest.mark.parametrize(
    "damage", ["UPDATE radar SET terms = '{}'", "DELETE FROM radar_bucket", "UPDATE radar_bucket SET data = x'FE'"]
)
async def test_a_damaged_set_says_nothing_and_is_fetched_again(
    tablet: Tablet, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    await tablet.fetch(NEW)
    bench = tablet.bench
    bench.store.close()
    connection = connect(bench.path, KEY, cache_mb=1)
    connection.execute(damage)
    connection.close()
    bench.store = bench.opened()
    again = Tablet(bench)
    assert await again.radar.may_have(PHONES[0]) is None
    assert "damaged" in caplog.text
    assert (await again.wanted()).version == ""
    await again.fetch(NEW)
    assert await again.radar.may_have(PHONES[0]) == MADE
