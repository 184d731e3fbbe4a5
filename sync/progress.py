"""Whether an answer leads on; how far a first load is, and how long it still takes."""

from __future__ import annotations

from typing import Literal, get_args

from guide_app.domain.clock import Clock
from guide_app.domain.errors import Defect
from guide_app.services.ports.engine import Progress
from sync.ports import LoadState, Outgoing
from sync.protocol.messages import SyncResponse

Step = Literal["members", "catalogue", "orders", "other", "indexing"]
_KNOWN = frozenset(get_args(Step))
_TELLS_AFTER_S = 2.0
"""Before that, a rate says nothing."""


def grows(sent: Outgoing, answer: SyncResponse) -> bool:
    """Whether a position moves on by this answer.

    Raises Defect (HQ's) where one would stand still or go back though HQ says that it moves: a page whose rows are not
    between the position asked for and the head is not of the contract, and would be asked for without end.
    """
    at = dict(sent.after)
    for row in answer.rows:
        if row.s in at:
            state = answer.scopes.get(row.s)
            if state is None or not at[row.s] < row.q <= state.head:
                raise Defect("rows in places where none can be")
            at[row.s] = row.q
    for scope, state in answer.scopes.items():
        if scope in at and not state.refetch:
            if state.head <= sent.after[scope]:
                raise Defect("a scope that moved nowhere")
            at[scope] = at[scope] if state.more else state.head
    return any(at[scope] > before for scope, before in sent.after.items())


class LoadMeter:
    """Watches a load; `progress` is None until it saw something."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began: tuple[float, int] | None = None
        self._by_step: dict[str, int] = {}
        self._bytes = 0
        self._step: Step = "members"
        self.progress: Progress | None = None

    def see(self, load: LoadState, bytes_more: int) -> None:
        """Takes in where the load is now, and how many bytes came since the last time."""
        now = self._clock.monotonic()
        began_at, began_with = self._began = self._began or (now, load.done)
        self._bytes += bytes_more
        self._step = "indexing" if load.bootstrap == "indexing" else self._grown(load.by_step)
        total = max(load.total, load.done)
        seconds, rows = now - began_at, load.done - began_with
        left = (total - load.done) * seconds / rows if rows and seconds >= _TELLS_AFTER_S else None
        self.progress = Progress(
            step=self._step, rows_done=load.done, rows_total=total, bytes_done=self._bytes, seconds_left=left
        )

    def _grown(self, by_step: dict[str, int]) -> Step:
        """The step whose rows the last answer brought most of."""
        grown = {step: count - self._by_step.get(step, 0) for step, count in by_step.items() if step in _KNOWN}
        self._by_step = dict(by_step)
        most = max(grown, key=lambda step: grown[step], default="")
        if not grown or not grown[most]:
            return self._step
        return next(step for step in get_args(Step) if step == most)
