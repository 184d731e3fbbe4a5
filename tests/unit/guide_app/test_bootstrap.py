"""How a tablet is put together: keys before files, one process a folder, a nudge after each commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from guide_app import bootstrap
from guide_app.adapters import logs
from guide_app.adapters.pins import Argon2PinHasher
from guide_app.bootstrap import NudgingJournal, Parts, tablet
from guide_app.domain.errors import NotSaved, StoreUnusable
from guide_app.services.ports.writing import Change, Draft
from guide_app.settings import Settings

pytestmark = pytest.mark.asyncio


def settings(folder: Path) -> Settings:
    return Settings(data=folder / "data", key_source="file")


def parts() -> Parts:
    return Parts(hasher=Argon2PinHasher(memory_kib=1024, passes=1))


async def test_a_first_start_makes_key_and_database_and_waits_for_its_shop(tmp_path: Path) -> None:
    async with tablet(settings(tmp_path), parts=parts()) as container:
        assert container.warnings == ("key_file",)
        assert container.sync.view().phase == "not_enrolled"
        assert await container.read.shop.tablet() is None
        await container.drafts.put("basket", b"typed")
    assert container.sync.view().phase == "stopped"
    async with tablet(settings(tmp_path), parts=parts()) as again:
        assert await again.drafts.get("basket") == b"typed"


async def test_the_database_is_not_readable_without_its_key(tmp_path: Path) -> None:
    async with tablet(settings(tmp_path), parts=parts()) as container:
        await container.drafts.put("basket", b"a customer's wish")
    held = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("store.db*"))
    assert b"SQLite format" not in held
    assert b"a customer's wish" not in held


async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    async with tablet(settings(tmp_path), parts=parts()):
        with pytest.raises(StoreUnusable, match="already_running"):
            async with tablet(settings(tmp_path), parts=parts()):
                pass


async def test_a_database_whose_key_is_gone_is_left_alone(tmp_path: Path) -> None:
    async with tablet(settings(tmp_path), parts=parts()):
        pass
    before = (tmp_path / "data" / "store.db").read_bytes()
    (tmp_path / "data" / "keys" / "database.key").unlink()
    with pytest.raises(StoreUnusable, match="key_gone"):
        async with tablet(settings(tmp_path), parts=parts()):
            pass
    assert (tmp_path / "data" / "store.db").read_bytes() == before


async def test_cancelled_while_it_runs_it_closes_well(tmp_path: Path) -> None:
    opened = asyncio.Event()

    async def run() -> None:
        async with tablet(settings(tmp_path), parts=parts()):
            opened.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(run())
    await opened.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with tablet(settings(tmp_path), parts=parts()):
        pass


class OneJournal:
    """A journal whose disk may be full."""

    def __init__(self) -> None:
        self.full = False

    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        if self.full:
            raise NotSaved("disk_full")
        return Change()

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        return lambda: None


async def test_sync_is_nudged_after_a_commit_and_only_then() -> None:
    nudges: list[int] = []
    inner = OneJournal()
    journal = NudgingJournal(inner, lambda: nudges.append(1))
    await journal.commit("guide")
    assert len(nudges) == 1
    inner.full = True
    with pytest.raises(NotSaved):
        await journal.commit("guide")
    assert len(nudges) == 1


async def test_preferences_and_log_are_there_before_the_store(tmp_path: Path) -> None:
    chosen = bootstrap.preferences(Settings(data=tmp_path, language="zh_CN"))
    assert chosen.language == "zh_CN"
    level = logging.getLogger().level
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "new", tmp_path / "file"):
        logs.take_down(bootstrap.set_up_log(Settings(data=folder)))
    logging.getLogger().setLevel(level)
    assert (tmp_path / "new" / "logs" / "store-guide.log").exists()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
