"""Files of the library with a real store and a real disk: what must be read stays, and what is over leaves at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from guide_app.domain.clock import to_text
from guide_app.domain.materials import WhyNot
from guide_app.domain.records import Material, MaterialFile, Names
from guide_app.services.ports.library import MaterialRow, Reader
from sync import files
from sync.protocol import file_lists
from tests.unit.local_store.fake_hq import KEY, uuid
from tests.unit.local_store.kit import GUIDE, PRODUCTS, START, Bench
from tests.unit.sync.test_files import SIZES, Rig, sha

pytestmark = pytest.mark.asyncio
ME = Reader(guide_id=GUIDE, role="guide")


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    monkeypatch.setattr(files, "KEEP_FREE", 0)
    bench = Bench(tmp_path / "store.db")
    await bench.enrol()
    made = Rig(bench, tmp_path)
    yield made
    await made.fetcher.end()
    bench.store.close()


def about(word: str, **said: Any) -> Material:
    """A material of one small page."""
    page = MaterialFile(sha256=sha(word), bytes=SIZES["thumb"], type="image/webp", role="page", page=1)
    fields: dict[str, Any] = {"files": (page,), "published_at": "2026-11-01T00:00:00.000Z"}
    return file_lists.sign(KEY, Material(
        material=uuid(), version=1, kind="image", title=Names(en=word, zh=word), **fields | said
    ))  # fmt: skip


async def publish(rig: Rig, said: Material, row_id: str = "") -> str:
    row_id = row_id or uuid()
    rig.bench.hq.publish("material", row_id, said)
    await rig.bench.drain()
    return row_id


async def row(rig: Rig, said: Material) -> MaterialRow:
    found = await rig.bench.store.library.get(said.material, ME)
    assert found is not None
    return found


async def swept(rig: Rig, later: timedelta) -> None:
    """So much later the tablet tries, and has no network."""
    rig.bench.clock.advance(later.total_seconds())
    rig.fetcher.pause()
    assert rig.fetcher._sweeping is not None
    await rig.fetcher._sweeping


async def test_what_must_be_read_comes_first_and_makes_others_leave_and_never_leaves_itself(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    rig.fetcher = rig.made(quota=SIZES["thumb"] + SIZES["large"])
    await rig.rests()
    assert await rig.on_disk() == {sha("a"), sha("a", "large")}
    first = about("b", must_read=True)
    await publish(rig, first)
    await rig.rests(files.LOOK_EVERY_S + 1)
    assert sha("b") in await rig.on_disk()
    assert (await row(rig, first)).lies == "here"
    assert await rig.bench.store.files.least_used(1 << 40) == [name for name in await rig.on_disk() if name != sha("b")]


async def test_where_there_is_no_room_the_page_says_so(rig: Rig) -> None:
    rig.fetcher = rig.made(quota=SIZES["thumb"] + 10)
    must, later = about("a", must_read=True), about("b")
    await publish(rig, must)
    await publish(rig, later)
    await rig.rests()
    assert await rig.on_disk() == {sha("a")}
    assert ((await row(rig, must)).lies, (await row(rig, later)).why_absent) == ("here", "no_room")


@pytest.mark.parametrize("why", ["expired", "withdrawn"])
async def test_what_is_over_leaves_the_disk_and_its_row_stays(rig: Rig, why: WhyNot) -> None:
    said = about("a", valid_until=to_text(START + timedelta(days=2)))
    row_id = await publish(rig, said)
    await rig.rests()
    assert await rig.on_disk() == {sha("a")}
    if why == "withdrawn":
        await publish(rig, msgspec.structs.replace(said, state="withdrawn", files=(), signature="", key=""), row_id)
    await swept(rig, timedelta(days=3 if why == "expired" else 0))
    assert await rig.on_disk() == set()
    over = await row(rig, said)
    assert (over.why_not, over.lies, over.here_bytes) == (why, "absent", 0)


async def test_a_clock_that_is_put_back_brings_nothing_back(rig: Rig) -> None:
    said = about("a", valid_until=to_text(START + timedelta(days=2)))
    await publish(rig, said)
    await rig.rests()
    rig.bench.clock.advance(timedelta(days=3).total_seconds())
    await rig.bench.drain()  # HQ was heard
    rig.bench.clock.set(START)
    await swept(rig, timedelta())
    assert await rig.on_disk() == set()
    assert (await row(rig, said)).why_not == "expired"


async def test_what_a_guide_asks_for_comes_before_others(rig: Rig) -> None:
    first, second = about("a", published_at="2026-11-20T00:00:00.000Z"), about("b")
    await publish(rig, first)
    await publish(rig, second)
    await rig.bench.store.files.ask([sha("b")])
    await rig.rests()
    assert rig.came == [sha("b"), sha("a")]
