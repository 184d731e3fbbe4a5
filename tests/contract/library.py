"""What every library that a guide looks into must do; a test gives a `shelf` and inherits this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import pytest

from guide_app.domain.clock import from_text
from guide_app.domain.records import Material
from guide_app.services.ports.library import LibraryReader, Reader, Wanted
from tests.qt.shown_library import Drawn

NOW = "2026-11-22T08:00:00.000Z"
BEFORE, LATER = "2026-11-20T08:00:00.000Z", "2026-11-29T08:00:00.000Z"


class Shelved(NamedTuple):
    """A library at `NOW`; `put` brings materials as HQ would."""

    reader: LibraryReader
    guide: Reader
    put: Callable[[Sequence[Material]], Awaitable[None]]


@pytest.mark.asyncio
class LibraryContract:
    @staticmethod
    def made(n: int, **more: object) -> Material:
        """Winter skin is 0, nappy sizes 1 (a film), milk 2 (PDF) …"""
        return Drawn(from_text(NOW)).material(n, **more)

    async def found(self, shelf: Shelved, **wanted: Any) -> list[str]:
        rows = await shelf.reader.find(Wanted(**wanted), shelf.guide)
        return [row.material.title.en for row in rows]

    @pytest.mark.parametrize("text", ["护肤", "冬季", "dongji", "djhf", "winter", "Winter skin"])
    async def test_it_is_found_in_both_languages_by_pinyin_and_initials(self, shelf: Shelved, text: str) -> None:
        await shelf.put([self.made(0), self.made(5)])
        assert await self.found(shelf, text=text) == ["Winter skin in three steps"]

    async def test_it_is_narrowed_by_one_thing_of_each_kind(self, shelf: Shelved) -> None:
        product = self.made(0).material
        await shelf.put([self.made(1), self.made(2, products=(product,)), self.made(7, campaign="double12")])
        assert await self.found(shelf, kind="video") == ["Nappy sizes in 40 seconds"]
        assert await self.found(shelf, campaign="double12") == ["Double twelve for members"]
        assert await self.found(shelf, products=(product,)) == ["Changing to stage 2 milk"]
        assert await self.found(shelf, tag="新人", kind="image") == ["Double twelve for members"]
        assert await self.found(shelf, topic="奶粉喂养") == await self.found(shelf, topic="Milk powder")

    async def test_first_what_must_be_read_and_last_what_must_not_be_shown(self, shelf: Shelved) -> None:
        over = self.made(1, valid_until=BEFORE)
        to_come = self.made(3, valid_from=LATER, must_read=True)
        must = self.made(4, must_read=True)
        await shelf.put([over, self.made(0), must, to_come])
        found = await self.found(shelf)
        assert found[:2] == ["Nappy rash: three steps", "Winter skin in three steps"]
        rows = {row.material.material: row for row in await shelf.reader.find(Wanted(), shelf.guide)}
        assert (rows[over.material].why_not, rows[to_come.material].why_not) == ("expired", "not_yet")
        assert (await shelf.reader.shelf(shelf.guide)).unread == 1

    async def test_what_is_for_others_is_not_there(self, shelf: Shelved) -> None:
        await shelf.put([self.made(0, roles=("manager",)), self.made(2)])
        assert await self.found(shelf) == ["Changing to stage 2 milk"]

    async def test_one_is_read_by_the_id_that_stays(self, shelf: Shelved) -> None:
        one = self.made(0)
        await shelf.put([one])
        row = await shelf.reader.get(one.material, shelf.guide)
        assert row is not None
        assert (row.material.title, row.read, row.favourite, row.used_at) == (one.title, False, False, "")
        assert await shelf.reader.get(self.made(1).material, shelf.guide) is None
