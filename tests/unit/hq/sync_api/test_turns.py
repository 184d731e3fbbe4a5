"""Questions that are asked together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from hq.sync_api.turns import Turns

pytestmark = pytest.mark.asyncio


class Slow:
    """Answers each number with its double, after a while; remembers what was asked at once."""

    def __init__(self) -> None:
        self.asked: list[Sequence[int]] = []
        self.down = False

    async def answer(self, numbers: Sequence[int]) -> Sequence[int]:
        self.asked.append(numbers)
        await asyncio.sleep(0.01)
        if self.down:
            raise ConnectionError
        return [2 * number for number in numbers]


async def test_each_has_its_own_answer_and_what_waits_is_asked_at_once() -> None:
    slow = Slow()
    turns = Turns(slow.answer, most=3)
    first = asyncio.create_task(turns.ask(1))
    await asyncio.sleep(0.001)
    others = [asyncio.create_task(turns.ask(number)) for number in (2, 3, 4, 5)]
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8, 10]
    assert slow.asked == [[1], [2, 3, 4], [5]]
    assert await turns.ask(6) == 12


async def test_an_error_is_that_of_its_turn_alone() -> None:
    slow = Slow()
    turns = Turns(slow.answer)
    slow.down = True
    both = await asyncio.gather(turns.ask(1), turns.ask(2), return_exceptions=True)
    assert [type(one) for one in both] == [ConnectionError, ConnectionError]
    slow.down = False
    assert await turns.ask(3) == 6


async def test_who_goes_away_takes_nothing_from_the_others() -> None:
    slow = Slow()
    turns = Turns(slow.answer)
    gone, stays = asyncio.create_task(turns.ask(1)), asyncio.create_task(turns.ask(2))
    await asyncio.sleep(0.001)
    gone.cancel()
    assert await stays == 4
    assert slow.asked == [[1, 2]]
