"""Sealed files: in whatever pieces they come and wherever they break off, what is read is what came, or nothing."""

from __future__ import annotations

import asyncio
import hashlib
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide_app.adapters.sealed_files import FRAME, SealedFiles, key_from

KEY = key_from(bytes(32))
sizes = st.integers(1, 3 * FRAME + 10) | st.sampled_from([FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 3 * FRAME])


def content(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


async def come(box: SealedFiles, whole: bytes, pieces: list[int], breaks: list[int]) -> None:
    """Brings the file in such pieces, and breaks off after so many of them each time, until it is whole."""
    name = hashlib.sha256(whole).hexdigest()
    for after in [*breaks, 10**9]:
        async with box.coming(name, len(whole)) as part:
            start, count = part.here, 0
            assert start % FRAME == 0 or start == len(whole)
            while start < len(whole) and count < after:
                length = pieces[count % len(pieces)]
                await part.write(whole[start : start + length])
                start, count = start + length, count + 1
            if start >= len(whole):
                assert await part.finish()
                return


@settings(max_examples=25, deadline=None)
@given(
    st.integers(),
    sizes,
    st.lists(st.integers(1, 2 * FRAME), min_size=1, max_size=4),
    st.lists(st.integers(0, 5), max_size=5),
)
def test_what_came_is_what_is_read(seed: int, size: int, pieces: list[int], breaks: list[int]) -> None:
    whole = content(seed, size)
    pieces = [max(piece, size // 200 + 1) for piece in pieces]
    with tempfile.TemporaryDirectory() as folder:
        box = SealedFiles(Path(folder) / "files", KEY)
        asyncio.run(come(box, whole, pieces, breaks))
        assert box.read(hashlib.sha256(whole).hexdigest()) == whole


@pytest.mark.expects_log  # what is damaged is logged
@settings(max_examples=40, deadline=None)
@given(st.integers(), st.integers(1, FRAME + 500), st.data())
def test_a_byte_that_is_changed_anywhere_is_found_out(seed: int, size: int, data: st.DataObject) -> None:
    whole = content(seed, size)
    name = hashlib.sha256(whole).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        box = SealedFiles(Path(folder) / "files", KEY)
        asyncio.run(come(box, whole, [FRAME], []))
        path = Path(folder) / "files" / name
        sealed = bytearray(path.read_bytes())
        sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
        path.write_bytes(sealed)
        assert box.read(name) is None
