"""What HQ is told of the library: what is whole, what is not, and why."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from guide_app.domain.clock import to_text
from sync.protocol import codec, file_lists
from sync.protocol.messages import LACKING_NAMED, Health, Library
from sync.protocol.signature import SigningKey
from tests.unit.local_store.fake_hq import KEY
from tests.unit.local_store.kit import START, Bench
from tests.unit.local_store.repositories.test_library import material, publish

pytestmark = pytest.mark.asyncio


async def told(bench: Bench) -> Library:
    library = (await bench.store.sync.outgoing()).health.library
    assert library is not None
    return library


async def reasons(bench: Bench) -> dict[str, str]:
    return {one.id: one.why for one in (await told(bench)).first}


async def test_without_material_nothing_is_told_of_it(bench: Bench) -> None:
    assert (await bench.store.sync.outgoing()).health.library is None


async def test_what_is_coming_is_told_until_it_is_whole_and_words_are_whole_at_once(bench: Bench) -> None:
    said = material()
    row_id = await publish(bench, said)
    await publish(bench, material("文", files=(), kind="text"))
    assert await reasons(bench) == {row_id: "coming"}
    before = await told(bench)
    assert (before.whole, before.lacking) == (1, {"coming": 1})
    for file in said.files:
        await bench.store.files.came(file.sha256)
    after = await told(bench)
    assert (after.whole, after.lacking, after.first) == (2, {}, [])
    await publish(bench, file_lists.sign(KEY, msgspec.structs.replace(said, version=2)), row_id)
    again = await told(bench)
    assert again.whole == 2
    assert again.mark != after.mark, "the next version came with the same files: HQ hears that it is there"


@pytest.mark.parametrize("held", ["no_room", "disk_full", "disk_failed"])
async def test_what_holds_all_up_is_the_reason(bench: Bench, held: str) -> None:
    row_id = await publish(bench, material())
    bench.store.files.held(held)
    assert await reasons(bench) == {row_id: held}


async def test_each_reason_is_of_that_file(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    left, absent, broken = material("一"), material("二"), material("三")
    ids = [await publish(bench, said) for said in (left, absent, broken)]
    for file in left.files:
        await bench.store.files.came(file.sha256)
    await bench.store.files.let_go([left.files[0].sha256])
    later = to_text(bench.clock.now() + timedelta(hours=1))
    await bench.store.files.put_off(absent.files[0].sha256, later, "not_at_hq")
    await bench.store.files.put_off(broken.files[1].sha256, later, "broken")
    stranger = await publish(bench, material("四", key=SigningKey(b"s" * 32)))
    assert "did not sign" in caplog.text
    future = await publish(bench, material("五", kind="hologram"))
    assert await reasons(bench) == dict(
        zip([*ids, stranger, future], ["no_room", "not_at_hq", "broken", "not_signed", "app_old"], strict=True)
    )
    bench.clock.advance(3601)
    assert (await reasons(bench))[ids[2]] == "coming", "it is tried again"


async def test_what_is_over_or_withdrawn_is_not_lacking(bench: Bench) -> None:
    await publish(bench, material("一", valid_until=to_text(START - timedelta(days=1))))
    await publish(bench, material("二", state="withdrawn"))
    assert (await bench.store.sync.outgoing()).health.library is None


async def test_however_much_is_lacking_what_travels_is_bounded(bench: Bench) -> None:
    for number in range(LACKING_NAMED + 15):
        bench.hq.publish("material", f"0198c0de-0000-7000-8000-{number:012d}", material(f"图 {number}"))
    await bench.drain()
    library = await told(bench)
    assert library.lacking == {"coming": LACKING_NAMED + 15}
    assert [one.id[-3:] for one in library.first] == [f"{number:03}" for number in range(LACKING_NAMED)]
    assert len(codec.encode(Health(library=library))) < 5000
