"""Comparing the tablet's rows with HQ's while nothing else is to do, and mending what differs (contract §4, verify).

Each step is one question to HQ and one small transaction. Whatever comes in between (a round, no network, the end of
the app) only puts it off: what was done is noted step by step.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec

from guide_app.domain.clock import Clock
from guide_app.domain.errors import EnvironmentProblem, NoNetwork
from sync.ports import Care, SyncStore
from sync.protocol.digest import bucket
from sync.protocol.messages import Row, VerifyRequest, VerifyResponse
from sync.remote import HqBusy, HqRefused

FIRST_S, FIRST_SPREAD_S = 30.0, 570.0
"""After a start: tablets that are switched on together do not compare together."""
LOOK_EVERY_S = 600.0
"""Between two looks at what is due, and after what did not go well."""
MOST_BUCKETS = 32
"""Differing buckets that are mended one by one; where more differ the scope is fetched again."""
MENDS = 2
"""How often the differing buckets of a scope are mended before it is fetched again."""
AT_ONCE = 4
"""How often a scope that moved meanwhile is tried behind the next round."""
_MOST_PAGES = 64

log = logging.getLogger(__name__)


class _Later(Exception):
    """The scope moved meanwhile: rows come first."""


class Carer:
    """`begin` when nothing else is to do, `pause` when something is. `turn` is held for each step."""

    def __init__(
        self,
        store: SyncStore,
        ask: Callable[[VerifyRequest], Awaitable[VerifyResponse]],
        turn: asyncio.Lock,
        clock: Clock,
        *,
        chance: float,
        nudge: Callable[[], None],
    ) -> None:
        """`chance`: evenly between 0 and 1; `nudge`: called when a scope is to be fetched again."""
        self._store, self._ask, self._turn, self._clock, self._nudge = store, ask, turn, clock, nudge
        self._not_before = clock.monotonic() + FIRST_S + FIRST_SPREAD_S * chance
        self._done: set[tuple[int, str]] = set()
        self._moves = 0
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Does what is due, until `pause`."""
        if self._clock.monotonic() >= self._not_before and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._run())

    def pause(self) -> None:
        """Lets go at the next step; a transaction that has begun ends."""
        if self._task is not None:
            self._task.cancel()

    async def end(self) -> None:
        """Returns once nothing of it is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        wait_s = LOOK_EVERY_S
        try:
            while await self._step():
                self._moves = 0
        except _Later:
            wait_s = self._after_move()
        except HqBusy as busy:
            wait_s = max(busy.retry_s, LOOK_EVERY_S)
        except EnvironmentProblem as problem:
            log.info("rows are compared later: %s: %s", type(problem).__name__, problem)
        except Exception:
            log.exception("a defect while rows were compared")
        self._not_before = self._clock.monotonic() + wait_s

    def _after_move(self) -> float:
        """Seconds to wait: a scope is fetched, and compared right behind that; one that keeps moving, later."""
        self._moves = (self._moves + 1) % AT_ONCE
        if self._moves:
            self._nudge()
        return 0.0 if self._moves else LOOK_EVERY_S / 10

    async def _step(self) -> bool:
        """One thing that is due; False when none was."""
        due = await self._store.care()
        if due.compare:
            await self._compare(due)
        elif due.bucket is not None:
            await self._scrub(due.bucket, due)
        return due.compare or due.bucket is not None

    async def _compare(self, due: Care) -> None:
        """The digests; where one differs, the buckets that do are mended, or all is fetched again."""
        still = await self._differing()
        for _ in range(MENDS):  # what goes wrong amid the mending is mended as well
            mended = [await self._mend_buckets(scope, due) for scope in still]
            if not any(mended):
                break
            still = await self._differing()
        async with self._turn:
            if still:
                log.error("%d scopes differ from HQ's and are fetched again", len(still))
                await self._store.refetch(still)
            await self._store.cared(compared=True, refetched=len(still))
        if still:
            self._nudge()

    async def _differing(self) -> tuple[str, ...]:
        async with self._turn:
            return await self._store.differing()

    async def _mend_buckets(self, scope: str, due: Care) -> bool:
        """Whether any bucket was brought."""
        log.error("the rows of scope %s are not HQ's", scope)
        at = due.scopes.get(scope)
        if at is None:
            raise _Later
        async with self._turn:
            question = VerifyRequest(scope=scope, at=at, epoch=due.epoch, sums=await self._store.sums(scope))
            try:
                first = await self._ask(question)
                if first.status == "ok" and len(first.buckets) > MOST_BUCKETS:
                    return False
                await self._mend(question, first)
            except HqRefused as refused:
                log.error("HQ does not compare buckets: %s", refused)
                return False
        return bool(first.buckets)

    async def _scrub(self, place: int, due: Care) -> None:
        """One bucket of every scope, field by field."""
        for scope, at in due.scopes.items():
            if (place, scope) not in self._done:
                async with self._turn:
                    question = VerifyRequest(scope=scope, at=at, epoch=due.epoch, bucket=place)
                    await self._mend(question, await self._ask(question))
                self._done.add((place, scope))
        async with self._turn:
            await self._store.cared(bucket=place)
        self._done.clear()

    async def _mend(self, question: VerifyRequest, first: VerifyResponse) -> None:
        """Takes in what HQ brings in answer to the question, bucket by bucket. Raises _Later."""
        rows = await self._rest(question, first)
        scope = question.scope
        wanted = set(first.buckets)
        by_bucket: dict[int, list[Row]] = {place: [] for place in first.buckets}
        for row in rows:
            if row.s != scope or bucket(row.e, row.id) not in wanted:
                raise NoNetwork("no_network", "rows that were not asked for")
            by_bucket[bucket(row.e, row.id)].append(row)
        for place, brought in by_bucket.items():
            count = await self._store.mend(scope, question.at, place, tuple(brought))
            if count is None:
                raise _Later
            if count:
                log.error("%d rows in bucket %d of scope %s were not HQ's and are mended", count, place, scope)

    async def _rest(self, question: VerifyRequest, answer: VerifyResponse) -> list[Row]:
        """The rows of all pages."""
        rows: list[Row] = []
        for _ in range(_MOST_PAGES):
            if answer.status == "moved":
                raise _Later
            rows += answer.rows
            if not answer.next:
                return rows
            answer = await self._ask(msgspec.structs.replace(question, from_=answer.next))
        raise NoNetwork("no_network", "pages without end")
