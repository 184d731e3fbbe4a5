"""Questions that wait for each other are asked together: one query for all that came while the last was under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Turns(Generic[Q, A]):
    """For one event loop. Nobody waits for more than the turn under way and his own."""

    def __init__(self, answer: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], most: int = 64) -> None:
        """`answer` gives as many answers as there are questions, at most so many at once; what it raises, all of that
        turn get."""
        self._answer, self._most = answer, most
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._turning: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer of the next turn."""
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[A] = loop.create_future()
        self._waiting.append((question, mine))
        if self._turning is None:
            self._turning = loop.create_task(self._turn())
        return await mine

    async def _turn(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._answer_all(now)
        finally:
            self._turning = None

    async def _answer_all(self, asked: Sequence[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._answer([question for question, _ in asked])
        except Exception as problem:
            for _, future in asked:
                if not future.done():
                    future.set_exception(problem)
            return
        for (_, future), answer in zip(asked, answers, strict=True):
            if not future.done():  # who went away meanwhile
                future.set_result(answer)
