"""Fetching files with a real store and a real disk: what comes when, and what becomes of all that can go wrong."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from guide_app.adapters.sealed_files import FRAME, SealedFiles, key_from
from guide_app.domain.errors import NoNetwork, NotSaved
from guide_app.domain.records import FileRef, Names, Picture, Product
from guide_app.services.ports.catalogue import FilesView
from sync import files
from sync.files import FileFetcher
from sync.protocol.signature import SigningKey
from sync.remote import HqBusy, HqRefused, Sender
from tests.unit.local_store.kit import PRODUCTS, Bench
from tests.virtual_time import until

pytestmark = pytest.mark.asyncio
SENDER = Sender("https://hq.example", SigningKey(bytes(32)), "device", 0)
SIZES = {"thumb": 900, "large": 3 * FRAME + 5}


def content(word: str, part: str) -> bytes:
    return (f"{word} {part} ".encode() * SIZES[part])[: SIZES[part]]


def sha(word: str, part: str = "thumb") -> str:
    return hashlib.sha256(content(word, part)).hexdigest()


def picture(word: str) -> Picture:
    return Picture(
        thumb=FileRef(sha256=sha(word), bytes=SIZES["thumb"]),
        large=FileRef(sha256=sha(word, "large"), bytes=SIZES["large"]),
    )


class Source:
    """HQ's files. `troubles`: what becomes of the next requests: a problem, how many bytes come before the line breaks,
    or other bytes instead."""

    def __init__(self, *words: str) -> None:
        self.files = {sha(word, part): content(word, part) for word in words for part in SIZES}
        self.troubles: list[Exception | int | bytes | None] = []
        self.asked: list[tuple[str, int]] = []
        self.bytes = 0
        self.ends_at = 0
        """The line stands still here until `goes` is set; 0: nowhere."""
        self.goes = asyncio.Event()

    async def fetch(self, sender: Sender, sha256: str, size: int, first: int) -> AsyncGenerator[bytes, None]:
        assert sender == SENDER
        self.asked.append((sha256, first))
        trouble = self.troubles.pop(0) if self.troubles else None
        if isinstance(trouble, Exception):
            raise trouble
        if sha256 not in self.files:
            raise HqRefused(404, "not_found")
        whole = self.files[sha256] if not isinstance(trouble, bytes) else trouble
        until = first + trouble if isinstance(trouble, int) else len(whole)
        for start in range(first, min(until, len(whole)), 10_000):
            piece = whole[start : min(start + 10_000, until)]
            if self.ends_at and self.bytes >= self.ends_at:
                await self.goes.wait()
            self.bytes += len(piece)
            yield piece
        if isinstance(trouble, int):
            raise NoNetwork("no_network", "broke off")

    async def aclose(self) -> None:
        """Nothing is open."""


class Rig:
    """A tablet's store and disk, the fetcher between them and HQ, and half of all chance."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench, self.folder, self.source = bench, folder, Source("a", "b", "c")
        self.came: list[str] = []
        self.box = SealedFiles(folder / "files", key_from(bytes(32)))
        self.fetcher = self.made()

    def made(self, quota: int = 10 << 20) -> FileFetcher:
        made = FileFetcher(
            self.bench.store.files, self.box, self.source, self.bench.clock, chance=lambda: 0.5, quota=quota
        )
        made.subscribe(self.came.append)
        return made

    async def publish(self, row_id: str, *words: str, **more: Any) -> None:
        pictures = tuple(map(picture, words))
        row = Product(names=Names(en="Cup", zh="杯子"), sku="CUP", pictures=pictures, **more)
        self.bench.hq.publish("product", row_id, row)
        await self.bench.drain()

    async def rests(self, after_s: float = 0) -> None:
        """So much later a round ends well; returns once nothing is fetched any more."""
        self.bench.clock.advance(after_s)
        self.fetcher.begin(lambda: SENDER)
        await self.done()

    async def done(self) -> None:
        task = self.fetcher._task
        if task is not None:
            await asyncio.wait_for(asyncio.shield(task), 20)

    async def on_disk(self) -> set[str]:
        return set(await self.box.names())

    async def view(self) -> FilesView:
        return await self.fetcher.view()


@pytest_asyncio.fixture
async def rig(bench: Bench, tmp_path: Path) -> AsyncIterator[Rig]:
    made = Rig(bench, tmp_path)
    yield made
    await made.fetcher.end()


async def test_files_come_one_after_another_and_are_told(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a", "b")
    await rig.rests()
    assert rig.came == [sha("a"), sha("b"), sha("a", "large"), sha("b", "large")]
    assert rig.fetcher.read(sha("b", "large")) == content("b", "large")
    size = 2 * sum(SIZES.values())
    assert await rig.view() == FilesView(here=4, here_bytes=size, quota=10 << 20)


async def test_nothing_comes_twice(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    await rig.rests()
    await rig.publish(PRODUCTS[1], "a")
    await rig.rests(files.LOOK_EVERY_S)
    assert len(rig.source.asked) == 2


async def test_a_line_that_breaks_costs_no_more_than_a_frame(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    rig.source.troubles = [None, FRAME + 10, 2 * FRAME - 20_000, None]
    for _ in range(4):
        await rig.rests(1000)
    assert [first for _, first in rig.source.asked] == [0, 0, FRAME, 2 * FRAME]
    assert rig.fetcher.read(sha("a", "large")) == content("a", "large")
    assert rig.source.bytes <= 1.2 * (SIZES["large"] + SIZES["thumb"]) + 2 * FRAME


async def test_after_what_went_wrong_it_waits_longer_each_time(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    rig.source.troubles = [NoNetwork("no_network"), NoNetwork("no_network")]
    await rig.rests()
    first = files.LOOK_EVERY_S + 0.75 * files.AGAIN_S
    await rig.rests(first - 1)
    assert len(rig.source.asked) == 1
    await rig.rests(1)
    assert len(rig.source.asked) == 2
    await rig.rests(first)
    assert len(rig.source.asked) == 2
    await rig.rests(first)
    assert len(rig.came) == 2


async def test_hq_s_word_when_to_come_again_counts(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    rig.source.troubles = [HqBusy(500)]
    await rig.rests()
    await rig.rests(499)
    assert (len(rig.source.asked), rig.came) == (1, [])
    await rig.rests(files.LOOK_EVERY_S + 1)
    assert len(rig.came) == 2


@pytest.mark.expects_log  # wrong bytes are reported
async def test_wrong_bytes_are_never_used_and_tried_again_later(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    rig.source.troubles = [b"x" * SIZES["thumb"]]
    await rig.rests()
    assert rig.came == [sha("a", "large")]
    assert rig.fetcher.read(sha("a")) is None
    assert await rig.on_disk() == {sha("a", "large")}
    await rig.rests(files.WRONG_S + 1)
    assert rig.fetcher.read(sha("a")) == content("a", "thumb")


async def test_a_file_that_hq_has_not_holds_up_no_other(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "absent", "a")
    await rig.rests()
    assert rig.came == [sha("a"), sha("a", "large")]
    asked = len(rig.source.asked)
    await rig.rests(files.LOOK_EVERY_S)
    assert len(rig.source.asked) == asked
    await rig.rests(files.ABSENT_S)
    assert len(rig.source.asked) == asked + 2


async def test_what_somebody_looks_for_comes_first_and_at_once(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a", "b")
    assert rig.fetcher.read(sha("b", "large")) is None
    await rig.rests()
    assert rig.came[0] == sha("b", "large")
    await rig.publish(PRODUCTS[1], "c")
    await asyncio.to_thread(rig.fetcher.read, sha("c", "large"))
    await asyncio.sleep(0.05)
    await rig.done()
    assert rig.came[4] == sha("c", "large")


async def test_what_came_just_after_somebody_looked_does_not_come_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look finds nothing, the file comes, and only then it is noted that somebody looked."""
    await rig.publish(PRODUCTS[0], "a")
    await rig.rests()
    with monkeypatch.context() as before:
        before.setattr(rig.box, "read", lambda _: None)
        assert rig.fetcher.read(sha("a")) is None
    await rig.rests(files.LOOK_EVERY_S)
    assert [name for name, _ in rig.source.asked].count(sha("a")) == 1
    assert rig.fetcher.read(sha("a")) == content("a", "thumb")


async def test_a_round_holds_it_up_between_two_pieces_and_it_goes_on(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    rig.source.ends_at = SIZES["thumb"] + 30_000
    rig.fetcher.begin(lambda: SENDER)
    await until(lambda: rig.source.bytes >= rig.source.ends_at)
    rig.fetcher.pause()
    rig.source.goes.set()
    for _ in range(50):
        await asyncio.sleep(0.002)
    held = rig.source.bytes
    assert held < SIZES["thumb"] + SIZES["large"]
    await asyncio.sleep(0.05)
    assert rig.source.bytes == held
    await rig.rests()
    assert len(rig.source.asked) == 2
    assert rig.fetcher.read(sha("a", "large")) == content("a", "large")


async def test_what_no_row_names_any_more_leaves_the_disk(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a", "b")
    await rig.rests()
    await rig.publish(PRODUCTS[0], "b")
    await rig.rests(files.LOOK_EVERY_S)
    assert await rig.on_disk() == {sha("b"), sha("b", "large")}
    await rig.publish(PRODUCTS[0], "b", active=False)
    await rig.rests(files.LOOK_EVERY_S)
    assert await rig.on_disk() == set()
    assert (await rig.view()).here == 0


async def test_there_is_an_end_to_their_room_and_the_least_used_leaves(rig: Rig) -> None:
    room = SIZES["large"] + 3 * SIZES["thumb"]
    rig.fetcher = rig.made(quota=room)
    await rig.publish(PRODUCTS[0], "a", "b", "c")
    await rig.rests()
    first = {sha("a"), sha("b"), sha("c"), sha("a", "large")}
    assert await rig.on_disk() == first
    rig.fetcher.read(sha("a"))
    rig.bench.clock.advance(1)
    rig.fetcher.read(sha("c", "large"))
    await rig.rests(files.LOOK_EVERY_S)
    held = await rig.on_disk()
    assert sha("c", "large") in held
    assert sha("a", "large") not in held
    assert sha("a") in held
    assert (await rig.view()).here_bytes <= room
    asked = len(rig.source.asked)
    await rig.rests(files.LOOK_EVERY_S)
    assert len(rig.source.asked) == asked


async def test_a_disk_that_runs_full_gets_its_room_back(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.publish(PRODUCTS[0], "a", "b")
    await rig.rests()

    async def free() -> int:
        return files.KEEP_FREE - 1

    monkeypatch.setattr(rig.box, "free", free)
    await rig.rests(files.LOOK_EVERY_S)
    assert len(await rig.on_disk()) == 3
    assert (await rig.view()).problem == "disk_low"
    monkeypatch.undo()
    await rig.rests(files.LOOK_EVERY_S)
    assert (await rig.view()).problem == ""


@pytest.mark.expects_log  # a full disk is told
async def test_a_full_disk_is_said_and_what_came_stays(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from guide_app.adapters.sealed_files import ComingFile

    def full(self: ComingFile) -> None:
        raise NotSaved("disk_full")

    await rig.publish(PRODUCTS[0], "a")
    monkeypatch.setattr(ComingFile, "_write_frames", full)
    await rig.rests()
    assert rig.came == [sha("a")]
    assert (await rig.view()).problem == "disk_full"
    monkeypatch.undo()
    await rig.rests(1000)
    assert rig.came == [sha("a"), sha("a", "large")]
    assert (await rig.view()).problem == ""


async def test_a_tablet_that_was_killed_finds_what_it_had(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a", "b")
    await rig.rests()
    await rig.box.remove([sha("a")])
    async with rig.box.coming(hashlib.sha256(b"of nobody").hexdigest(), 5):
        pass
    rig.bench.store.close()
    rig.bench.store = rig.bench.opened()
    rig.fetcher, rig.came = rig.made(), []
    rig.fetcher.subscribe(rig.came.append)
    await rig.rests()
    assert set(rig.came) == {sha("a")}
    assert await rig.box.begun() == []
    assert len(await rig.on_disk()) == 4


@pytest.mark.expects_log  # what is damaged is logged
async def test_a_file_that_the_disk_spoilt_comes_again(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    await rig.rests()
    path = rig.folder / "files" / sha("a")
    path.write_bytes(path.read_bytes()[:-1])
    assert rig.fetcher.read(sha("a")) is None
    await rig.rests()
    assert rig.fetcher.read(sha("a")) == content("a", "thumb")


@pytest.mark.expects_log  # what is damaged is logged
async def test_a_file_that_comes_again_is_counted_once(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    await rig.rests()
    held = (await rig.fetcher.view()).here_bytes
    fits = rig.fetcher._quota - held - 1
    for _ in range(3):
        path = rig.folder / "files" / sha("a")
        path.write_bytes(path.read_bytes()[:-1])
        assert rig.fetcher.read(sha("a")) is None
        await rig.rests()
    assert (await rig.fetcher.view()).here_bytes == rig.fetcher._bytes == held
    assert rig.fetcher._quota - rig.fetcher._bytes > fits, "what has room has room yet"


async def test_enrolled_anew_nothing_goes_out_in_the_old_name(rig: Rig) -> None:
    await rig.publish(PRODUCTS[0], "a")
    rig.fetcher.begin(lambda: SENDER)
    await rig.fetcher.end()
    asked = len(rig.source.asked)
    await asyncio.sleep(0.05)
    assert len(rig.source.asked) == asked
    assert await rig.on_disk() == set()
