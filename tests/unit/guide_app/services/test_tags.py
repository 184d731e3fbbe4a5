"""The tags of HQ's rules are kept up to date by themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from guide_app.domain.errors import NotSaved
from guide_app.services import tags
from guide_app.services.ports.writing import Change, Draft
from guide_app.services.tags import tagging

pytestmark = pytest.mark.asyncio


class Steps:
    """A keeper for whom so many steps are left; each may fail."""

    def __init__(self, left: int) -> None:
        self.left, self.asked = left, 0
        self.fails: list[Exception] = []
        self._moved = asyncio.Condition()

    async def until(self, asked: int) -> None:
        async with asyncio.timeout(5), self._moved:
            await self._moved.wait_for(lambda: self.asked >= asked)

    async def step(self) -> bool:
        async with self._moved:
            self.asked += 1
            self._moved.notify_all()
        if self.fails:
            raise self.fails.pop()
        self.left = max(0, self.left - 1)
        return self.left > 0


class Heard:
    """A journal of which only the listener is known."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[Change], None]] = []

    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        return Change()

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return self.listeners.clear


async def test_steps_go_on_until_nobody_waits_and_again_after_a_change() -> None:
    steps, journal = Steps(4), Heard()
    async with tagging(steps, journal):
        await steps.until(4)
        steps.left = 2
        journal.listeners[0](Change())
        await steps.until(6)
    assert journal.listeners == []


async def test_a_new_day_is_noticed_with_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "LOOK_S", 0.01)
    steps = Steps(0)
    async with tagging(steps, Heard()):
        await steps.until(3)


async def test_it_ends_though_something_changes_at_that_moment() -> None:
    """The tablet did not close: the change and the end met in one turn, and the end was forgotten."""
    steps, journal = Steps(0), Heard()

    async def lasts() -> None:
        async with tagging(steps, journal):
            await steps.until(1)
            await asyncio.sleep(2 * tags._BREATH_S)
            journal.listeners[0](Change())
            await asyncio.sleep(0)

    task = asyncio.get_running_loop().create_task(lasts())
    done, _ = await asyncio.wait({task}, timeout=5)
    assert done == {task}


@pytest.mark.expects_log
async def test_a_full_disk_only_puts_it_off(caplog: pytest.LogCaptureFixture) -> None:
    steps, journal = Steps(0), Heard()
    steps.fails.append(NotSaved("disk_full"))
    with caplog.at_level(logging.WARNING):
        async with tagging(steps, journal):
            await steps.until(1)
            journal.listeners[0](Change())
            await steps.until(2)
    assert "tags are not up to date: disk_full" in caplog.text


async def test_a_defect_is_loud() -> None:
    told: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: told.put_nowait(context))
    steps = Steps(0)
    steps.fails.append(ZeroDivisionError())

    async def lasts() -> None:
        async with tagging(steps, Heard()), asyncio.timeout(5):
            assert isinstance((await told.get())["exception"], ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        await lasts()
