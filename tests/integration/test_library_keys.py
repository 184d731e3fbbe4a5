"""HQ's signing key is changed while tablets hold its files: lists are signed anew, and no file leaves a tablet."""

from __future__ import annotations

import asyncio
import copy
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import shop as shops
from tests.integration.test_library_real import World, publish, world

__all__ = ["world"]
pytestmark = pytest.mark.asyncio


class Keys:
    """HQ's settings of keys, changed as an operator would between two starts."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, monkeypatch

    def sign_with(self, name: str, *others: str) -> str:
        """This key signs from now on, `others` are accepted beside it; its public half."""
        from django.conf import settings

        from hq.files import signing

        told = replace(settings.ENVIRONMENT, signing_key=self._folder / f"{name}.key", other_keys=others)
        self._patch.setattr(settings, "ENVIRONMENT", told)
        return signing.key().public_text


async def looked_after() -> int:
    from hq.materials import placing

    return await asyncio.to_thread(placing.look_after)


def kept(home: World) -> dict[str, int]:
    """Each whole file on the tablet's disk, and when it was written: one that came again was written again."""
    folder = home.folder / "tablet" / "files"
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*") if len(path.name) == 64}


async def signed_by(home: World, tablet: Any, material: str, key: str) -> None:
    """The tablet has the list of this key, knows the key, and shows the material."""

    async def stands() -> bool:
        row = await tablet.container.read.library.get(material, home.reader)
        return bool(row is not None and row.material.key == key and row.lies == "here")

    await tablet.until(stands, "the list of the new key")


async def test_a_key_is_changed_and_the_last_one_withdrawn_and_no_file_comes_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, away = Keys(tmp_path, monkeypatch), copy.copy(world)
    away.folder = tmp_path / "away"
    old = keys.sign_with("old")
    tablet = await world.opened(await world.wire(), world.stack)
    await tablet.enrol(await asyncio.to_thread(shops.new_code, world.shop))
    poster, leaflet = await publish("a"), await publish("b")
    async with AsyncExitStack() as stack:
        other = await away.opened(await world.wire(), stack)
        await other.enrol(await asyncio.to_thread(shops.new_code, world.shop))
        for home, one in ((world, tablet), (away, other)):
            for material in (poster, leaflet):
                await signed_by(home, one, material, old)
    files, files_away = kept(world), kept(away)
    assert (len(files), len(files_away)) == (4, 4)

    new = keys.sign_with("new", old)
    assert await looked_after() == 2, "both lists are signed anew"
    assert await looked_after() == 0
    for material in (poster, leaflet):
        await signed_by(world, tablet, material, new)
    news = await publish("c")
    await world.until(tablet, news, 1)
    assert kept(world).items() >= files.items()

    keys.sign_with("new")
    tablet.container.sync.nudge()
    late = await publish("d")
    await world.until(tablet, late, 1)
    assert kept(world).items() >= files.items()
    async with AsyncExitStack() as stack:
        back = await away.opened(await world.wire(), stack)
        for material in (poster, leaflet, news, late):
            await signed_by(away, back, material, new)
        assert kept(away).items() >= files_away.items(), "it was off for the window, and fetched what is new alone"
