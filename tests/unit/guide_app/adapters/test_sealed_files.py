"""Files on the tablet's disk: sealed, bound to their name, going on where they broke off, whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from guide_app.adapters.sealed_files import FRAME, SealedFiles, key_from
from guide_app.domain.errors import Defect, NotSaved

pytestmark = pytest.mark.asyncio
KEY = bytes(range(32))
CONTENT = b"a picture of nappies " * 12_000


def named(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def box(tmp_path: Path) -> SealedFiles:
    return SealedFiles(tmp_path / "files", key_from(KEY))


async def put(box: SealedFiles, content: bytes, *, name: str = "", piece: int = 10_000) -> bool:
    async with box.coming(name or named(content), len(content)) as part:
        for start in range(part.here, len(content), piece):
            await part.write(content[start : start + piece])
        return await part.finish()


@pytest.mark.parametrize("size", [1, 5000, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, len(CONTENT)])
async def test_a_file_that_came_is_read_as_it_was(box: SealedFiles, size: int) -> None:
    assert await put(box, CONTENT[:size])
    assert box.read(named(CONTENT[:size])) == CONTENT[:size]
    assert await box.names() == [named(CONTENT[:size])]
    assert await box.begun() == []


async def test_nothing_of_it_lies_open_on_the_disk(box: SealedFiles, tmp_path: Path) -> None:
    await put(box, CONTENT)
    async with box.coming(named(CONTENT[:-1]), len(CONTENT) - 1) as part:
        await part.write(CONTENT[: 2 * FRAME])
    files = list((tmp_path / "files").iterdir())
    assert len(files) == 2
    for path in files:
        assert b"nappies" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.expects_log  # what is damaged is logged
async def test_another_key_opens_nothing(box: SealedFiles, tmp_path: Path) -> None:
    await put(box, CONTENT)
    assert SealedFiles(tmp_path / "files", key_from(bytes(32))).read(named(CONTENT)) is None
    assert key_from(KEY) != KEY


async def test_what_broke_off_goes_on_behind_its_last_whole_frame(box: SealedFiles) -> None:
    async with box.coming(named(CONTENT), len(CONTENT)) as part:
        await part.write(CONTENT[: 2 * FRAME + 100])
        assert part.here == 2 * FRAME + 100
    assert box.read(named(CONTENT)) is None
    assert await box.begun() == [named(CONTENT)]
    async with box.coming(named(CONTENT), len(CONTENT)) as part:
        assert part.here == 2 * FRAME
    assert await put(box, CONTENT)
    assert box.read(named(CONTENT)) == CONTENT


async def test_a_file_all_of_whose_frames_came_only_needs_its_name(box: SealedFiles) -> None:
    content = CONTENT[: 2 * FRAME]
    async with box.coming(named(content), len(content)) as part:
        await part.write(content)
    async with box.coming(named(content), len(content)) as part:
        assert part.here == len(content)
        assert await part.finish()
    assert box.read(named(content)) == content


async def test_wrong_bytes_are_thrown_away(box: SealedFiles) -> None:
    assert not await put(box, CONTENT, name=named(b"another"))
    assert (box.read(named(b"another")), await box.names(), await box.begun()) == (None, [], [])


async def test_a_beginning_of_another_size_is_not_gone_on_with(box: SealedFiles) -> None:
    async with box.coming(named(CONTENT), len(CONTENT) + 1) as part:
        await part.write(CONTENT[:FRAME])
    async with box.coming(named(CONTENT), len(CONTENT)) as part:
        assert part.here == 0


@pytest.mark.expects_log  # what is damaged is logged
@pytest.mark.parametrize("damage", ["flip", "cut", "longer", "head", "frame out", "empty"])
async def test_a_damaged_file_is_not_there(box: SealedFiles, tmp_path: Path, damage: str) -> None:
    await put(box, CONTENT)
    path = tmp_path / "files" / named(CONTENT)
    sealed, frame = path.read_bytes(), FRAME + 28
    path.write_bytes({
        "flip": sealed[:5000] + bytes([sealed[5000] ^ 1]) + sealed[5001:], "cut": sealed[: 12 + frame],
        "longer": sealed + sealed[12 : 12 + frame], "head": sealed[:11] + b"\0" + sealed[12:],
        "frame out": sealed[: 12 + frame] + sealed[12 + 2 * frame :], "empty": b"",
    }[damage])  # fmt: skip
    assert box.read(named(CONTENT)) is None


@pytest.mark.expects_log  # what is damaged is logged
async def test_a_file_cannot_stand_in_for_another(box: SealedFiles, tmp_path: Path) -> None:
    await put(box, CONTENT)
    (tmp_path / "files" / named(CONTENT)).rename(tmp_path / "files" / named(b"another"))
    assert box.read(named(b"another")) is None


async def test_a_part_that_a_power_cut_spoilt_is_found_out(box: SealedFiles, tmp_path: Path) -> None:
    async with box.coming(named(CONTENT), len(CONTENT)) as part:
        await part.write(CONTENT[: 2 * FRAME])
    path = tmp_path / "files" / f"{named(CONTENT)}.part"
    sealed = bytearray(path.read_bytes())
    sealed[FRAME + 100 : FRAME + 200] = bytes(100)
    path.write_bytes(sealed)
    assert not await put(box, CONTENT)
    assert await put(box, CONTENT)


async def test_removed_it_is_gone_with_what_came_of_it(box: SealedFiles) -> None:
    await put(box, CONTENT)
    async with box.coming(named(b"x"), 1) as part:
        assert part.here == 0
    await box.remove([named(CONTENT), named(b"x"), named(b"never here")])
    assert (await box.names(), await box.begun()) == ([], [])


async def test_a_full_disk_is_told_and_what_came_stays(box: SealedFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotSaved) as told:
        await put(box, CONTENT)
    assert told.value.code == "disk_full"
    monkeypatch.undo()
    assert await put(box, CONTENT)


@pytest.mark.parametrize("name", ["", "../store.db", "A" * 64, "a" * 63])
async def test_no_name_leads_out_of_the_folder(box: SealedFiles, name: str) -> None:
    with pytest.raises(Defect):
        box.read(name)
    with pytest.raises(Defect):
        await box.remove([name])


async def test_how_much_the_disk_has_left(box: SealedFiles) -> None:
    assert await box.free() > 0
