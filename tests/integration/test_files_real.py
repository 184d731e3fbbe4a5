"""Pictures from end to end: brought at HQ, named by a product, fetched over a bad line by a tablet, sealed there."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from guide_app.adapters.sealed_files import FRAME
from guide_app.domain.records import FileRef, Picture
from sync import files
from tests import shop as shops
from tests.drawn import noise, read
from tests.hq_server import serving
from tests.proxy import Trick, between
from tests.tablets import Tablet, running

pytestmark = pytest.mark.asyncio


class World:
    """A chain with three products, a shop of it, and one tablet behind a proxy."""

    def __init__(self, url: str, folder: Path, stack: AsyncExitStack) -> None:
        self.chain = shops.make_chain()
        self.shop = shops.make_shop(self.chain)
        self.url, self.folder, self._stack = url, folder, stack

    async def tablet(self) -> Tablet:
        """A loaded tablet."""
        proxy = await self._stack.enter_async_context(between(self.url))
        tablet = await self._stack.enter_async_context(running(self.folder / "tablet", self.shop.guide_id, proxy))
        await tablet.enrol(await asyncio.to_thread(shops.new_code, self.shop))
        return tablet

    async def bring(self, n: int, *seeds: int) -> tuple[Picture, ...]:
        """The product's pictures are these from now on."""
        return await asyncio.to_thread(self._bring, n, seeds)

    def _bring(self, n: int, seeds: tuple[int, ...]) -> tuple[Picture, ...]:
        from hq.catalogue import services
        from hq.catalogue.models import Product
        from hq.files import pictures

        product = Product.objects.get(id=self.chain.product_ids[n])
        product.pictures = []
        services.save_product(product, new=[pictures.make(io.BytesIO(noise(seed))) for seed in seeds])
        return services.pictures_of(product)

    @property
    def on_disk(self) -> dict[str, bytes]:
        folder = self.folder / "tablet" / "files"
        return {path.name: path.read_bytes() for path in folder.glob("*") if len(path.name) == 64}


@pytest_asyncio.fixture
async def world(hq_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for name, seconds in (("LOOK_EVERY_S", 0.0), ("AGAIN_S", 0.05), ("WRONG_S", 0.2), ("KEEP_FREE", 0)):
        monkeypatch.setattr(files, name, seconds)
    with serving() as url:
        async with AsyncExitStack() as stack:
            yield await asyncio.to_thread(World, url, tmp_path, stack)


async def whole(tablet: Tablet, file: FileRef) -> bytes:
    """The file, as soon as it is on the tablet."""
    content: list[bytes] = []

    async def came() -> bool:
        tablet.container.sync.nudge()
        found = await asyncio.to_thread(tablet.container.files.read, file.sha256)
        content.extend([found] if found else [])
        return found is not None

    await tablet.until(came, "the file")
    return content[0]


def kept(file: FileRef) -> bytes:
    from hq.files import services

    return b"".join(services.blobs().read(file.sha256))


async def test_pictures_reach_the_tablet_whole_and_lie_there_sealed(world: World) -> None:
    (picture,) = await world.bring(0, 1)
    tablet = await world.tablet()
    for file, width in ((picture.thumb, 160), (picture.large, 1280)):
        content = await whole(tablet, file)
        assert content == await asyncio.to_thread(kept, file)
        assert read(content).width == width
    assert world.on_disk.keys() == {picture.thumb.sha256, picture.large.sha256}
    assert all(b"WEBP" not in content for content in world.on_disk.values())

    async def told() -> bool:
        view = await tablet.container.files.view()
        return (view.here, view.here_bytes) == (2, picture.thumb.bytes + picture.large.bytes)

    await tablet.until(told, "both files in the tablet's own count")


async def test_a_line_that_breaks_is_gone_on_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = await world.tablet()
    (picture,) = await world.bring(0, 2)
    asked: list[str] = []
    answered = tablet.proxy._answer

    async def cut(request: bytes, trick: Trick | None) -> bytes:
        """The first two answers with the large file break off in their middle."""
        if picture.large.sha256.encode() not in request:
            return await answered(request, trick)
        said = re.search(rb"range: (bytes=\d+-)", request)
        asked.append(said.group(1).decode() if said else "")
        return await answered(request, "cut answer" if len(asked) <= 2 else trick)

    monkeypatch.setattr(tablet.proxy, "_answer", cut)
    assert await whole(tablet, picture.large) == await asyncio.to_thread(kept, picture.large)
    half = picture.large.bytes // 2 // FRAME * FRAME
    assert asked[:2] == ["", f"bytes={half}-"]
    assert len(asked) == 3
    assert int(asked[2].removeprefix("bytes=").removesuffix("-")) > half


@pytest.mark.expects_log  # wrong bytes are reported
async def test_wrong_bytes_of_hq_s_are_never_shown(world: World) -> None:
    from django.conf import settings

    (picture,) = await world.bring(0, 4)
    place = Path(settings.ENVIRONMENT.files) / picture.thumb.sha256[:2] / picture.thumb.sha256
    right = place.read_bytes()
    place.write_bytes(bytes(len(right)))
    tablet = await world.tablet()
    await whole(tablet, picture.large)
    assert picture.thumb.sha256 not in world.on_disk
    place.write_bytes(right)
    assert await whole(tablet, picture.thumb) == right


async def test_a_portal_s_page_is_no_picture(world: World) -> None:
    tablet = await world.tablet()
    tablet.proxy.portal = True
    (picture,) = await world.bring(0, 5)
    for _ in range(10):
        tablet.container.sync.nudge()
        await asyncio.sleep(0.02)
    assert world.on_disk == {}
    tablet.proxy.portal = False
    assert await whole(tablet, picture.thumb) == await asyncio.to_thread(kept, picture.thumb)


async def test_a_picture_that_hq_takes_out_leaves_the_tablet(world: World) -> None:
    old, kept_one = await world.bring(0, 6, 7)
    tablet = await world.tablet()
    await whole(tablet, old.large)
    await whole(tablet, kept_one.large)
    (same,) = await world.bring(0, 7)
    assert same == kept_one

    async def gone() -> bool:
        tablet.container.sync.nudge()
        return world.on_disk.keys() == {same.thumb.sha256, same.large.sha256}

    await tablet.until(gone, "the old picture's end")
