"""Asking for the next page of a first load while the last one is still being written: line and disk work side by side.

What is asked ahead has no operations in it, so that HQ only reads: an answer that turns out not to fit is thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from sync.ports import Outgoing
from sync.protocol.messages import SyncResponse
from sync.remote import HqBusy, Received

Ask = Callable[[Outgoing], Awaitable[Received]]


class Ahead:
    """At most one request ahead of the store."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._question: Outgoing | None = None
        self._answer: asyncio.Future[Received] | None = None

    async def answer(self, out: Outgoing) -> Received:
        """HQ's answer to just this, asked before or now. Raises what asking raises; HqBusy, when HQ named a time to
        what was asked ahead, for it holds whatever is asked next."""
        asked, answer = self._question, self._answer
        self._question = self._answer = None
        if answer is not None:
            if asked == out or _sent_away(answer):
                return await answer
            _drop(answer)
        return await self._ask(out)

    def ask_on(self, out: Outgoing, answer: SyncResponse) -> None:
        """Asks what comes after this answer, when it has nothing in it but rows and more of them are there."""
        following = _after(out, answer)
        if following is not None:
            self._question, self._answer = following, asyncio.ensure_future(self._ask(following))

    async def end(self) -> None:
        """Lets go of what is under way."""
        answer, self._question, self._answer = self._answer, None, None
        if answer is not None:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)


def _sent_away(answer: asyncio.Future[Received]) -> bool:
    return answer.done() and not answer.cancelled() and isinstance(answer.exception(), HqBusy)


def _drop(answer: asyncio.Future[Received]) -> None:
    """Nobody waits for it: what came of it, a failure too, is nobody's concern."""
    answer.cancel()
    answer.add_done_callback(lambda done: done.cancelled() or done.exception())


def _after(out: Outgoing, answer: SyncResponse) -> Outgoing | None:
    """What the store will have to send once it took the answer in, or None where that is not sure."""
    states = answer.scopes
    plain = answer.batch.status == "ok" and not out.ops and answer.grants is None and not answer.min_app
    if not plain or not any(s.more for s in states.values()) or any(s.refetch for s in states.values()):
        return None
    last = {row.s: row.q for row in answer.rows}
    moved = {
        scope: last.get(scope, out.after[scope]) if state.more else state.head
        for scope, state in states.items()
        if scope in out.after
    }
    return msgspec.structs.replace(out, after={**out.after, **moved}, forked_from=None)
