"""The contract of places where files are kept, for every adapter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest

from hq.files.port import PIECE, Blobs, BlobsFailed

CONTENTS = (b"", b"a", b"x" * PIECE, bytes(range(256)) * 1024)


def named(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class BlobsContract:
    """A subclass gives the fixture `blobs`, an empty place, and `spoil`, which changes a file behind its back."""

    @pytest.mark.parametrize("content", CONTENTS, ids=len)
    def test_what_is_put_is_there_whole_under_its_hash(self, blobs: Blobs, content: bytes) -> None:
        kept = blobs.put(content[start : start + 1000] for start in range(0, len(content), 1000))
        assert kept == (named(content), len(content))
        assert blobs.size(kept.sha256) == len(content)
        assert b"".join(blobs.read(kept.sha256)) == content
        assert blobs.sound(kept.sha256)

    @pytest.mark.parametrize(("first", "length"), [(0, 1), (5, None), (PIECE - 1, 2), (262_143, 10), (262_144, 5)])
    def test_a_part_of_it(self, blobs: Blobs, first: int, length: int | None) -> None:
        content = CONTENTS[-1]
        name = blobs.put([content]).sha256
        expected = content[first:] if length is None else content[first : first + length]
        assert b"".join(blobs.read(name, first, length)) == expected

    def test_pieces_are_small_however_large_the_file_is(self, blobs: Blobs) -> None:
        name = blobs.put([b"y" * (3 * PIECE + 7)]).sha256
        assert [len(piece) for piece in blobs.read(name)] == [PIECE, PIECE, PIECE, 7]

    def test_the_same_content_is_there_once(self, blobs: Blobs) -> None:
        assert blobs.put([b"twice"]) == blobs.put([b"tw", b"ice"])
        assert list(blobs.every()) == [named(b"twice")]

    def test_what_is_not_there(self, blobs: Blobs) -> None:
        absent = named(b"never put")
        assert blobs.size(absent) is None
        assert not blobs.sound(absent)
        blobs.remove(absent)
        with pytest.raises(BlobsFailed):
            next(blobs.read(absent))

    @pytest.mark.parametrize("name", ["", "..", "../secret", "a" * 63, "A" * 64, "/etc/passwd", f"{'a' * 64}\n"])
    def test_a_name_that_is_none_leads_nowhere(self, blobs: Blobs, name: str) -> None:
        assert blobs.size(name) is None
        assert not blobs.sound(name)
        blobs.remove(name)
        with pytest.raises(BlobsFailed):
            next(blobs.read(name))

    def test_removed_it_is_gone_and_the_others_stay(self, blobs: Blobs) -> None:
        gone, stays = blobs.put([b"goes"]).sha256, blobs.put([b"stays"]).sha256
        blobs.remove(gone)
        assert blobs.size(gone) is None
        assert list(blobs.every()) == [stays]

    def test_what_was_put_half_is_not_there(self, blobs: Blobs) -> None:
        def broken() -> Iterator[bytes]:
            yield b"half"
            raise ConnectionResetError

        with pytest.raises((BlobsFailed, ConnectionResetError)):
            blobs.put(broken())
        assert list(blobs.every()) == []
        assert blobs.size(named(b"half")) is None

    def test_a_damaged_file_is_told_and_heals_when_it_is_put_again(
        self, blobs: Blobs, spoil: Callable[[str], None]
    ) -> None:
        name = blobs.put([b"as it was"]).sha256
        spoil(name)
        assert not blobs.sound(name)
        blobs.put([b"as it was"])
        assert blobs.sound(name)
