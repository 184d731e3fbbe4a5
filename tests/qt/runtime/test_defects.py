"""An error that nobody took is in the log and on the screen, wherever it came from."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import warnings

import pytest

from guide_app.domain.errors import Defect, EnvironmentProblem, NoNetwork
from ui.runtime.defects import Defects, Tasks

pytestmark = pytest.mark.asyncio


async def until_told(told: list[str]) -> None:
    for _ in range(200):
        if told:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("nobody was told")


async def fails() -> None:
    raise Defect("a wrong turn")


async def test_work_that_fails_is_logged_and_told(caplog: pytest.LogCaptureFixture) -> None:
    defects, told = Defects(), list[str]()
    with defects.watched(), defects.told_by(lambda: told.append("told")):
        tasks = Tasks(defects)
        tasks.spawn(fails())
        await until_told(told)
        await tasks.cancel()
    assert "a wrong turn" in caplog.text


async def test_what_qt_or_the_loop_calls_is_heard_too(caplog: pytest.LogCaptureFixture) -> None:
    defects, told = Defects(), list[str]()
    before = sys.excepthook
    with defects.watched(), defects.told_by(lambda: told.append("told")):
        error = Defect("in a slot")
        sys.excepthook(Defect, error, None)
        await until_told(told)
        told.clear()
        asyncio.get_running_loop().call_soon(lambda: 1 // 0)
        await until_told(told)
    assert sys.excepthook is before
    assert "in a slot" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_cancelled_work_is_no_defect(caplog: pytest.LogCaptureFixture) -> None:
    defects = Defects()
    with caplog.at_level(logging.WARNING), defects.watched():
        tasks = Tasks(defects)
        tasks.spawn(asyncio.sleep(60))
        await asyncio.sleep(0)
        await tasks.cancel()
    assert not caplog.records


async def test_a_problem_of_the_environment_is_told_to_who_asked_and_is_no_defect(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def cut_off() -> None:
        raise NoNetwork("no_network")

    defects, heard = Defects(), list[EnvironmentProblem]()
    with caplog.at_level(logging.WARNING), defects.watched():
        tasks = Tasks(defects)
        tasks.spawn(cut_off(), heard.append)
        await asyncio.sleep(0.01)
        assert [type(problem) for problem in heard] == [NoNetwork]
        assert not caplog.records
        tasks.spawn(fails(), heard.append)
        await asyncio.sleep(0.01)
    assert len(heard) == 1
    assert "a wrong turn" in caplog.text


async def test_work_cancelled_before_it_began_leaves_no_word_of_itself() -> None:
    """What was asked for a moment before the window closes: every warning of it fails a test."""
    heard = list[EnvironmentProblem]()
    tasks = Tasks(Defects())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tasks.spawn(fails(), heard.append)
        await tasks.cancel()
        gc.collect()
    assert not heard


async def test_nothing_starts_once_the_screen_goes(caplog: pytest.LogCaptureFixture) -> None:
    """A page hears of a change while its work is ended: what it then asks for would find the store closed."""
    defects, began = Defects(), list[str]()

    async def asks_again() -> None:
        began.append("asked")

    async def listens() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            tasks.spawn(asks_again())

    with caplog.at_level(logging.WARNING), defects.watched():
        tasks = Tasks(defects)
        tasks.spawn(listens())
        await asyncio.sleep(0)
        await tasks.cancel()
        tasks.spawn(asks_again())
        await asyncio.sleep(0.01)
    assert not began
    assert not caplog.records
