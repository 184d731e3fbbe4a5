"""The outbox and the engine, as the screens see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

from guide_app.domain.records import Names
from guide_app.services.ports.base import View


class Waiting(View, frozen=True):
    """What HQ has not taken yet: how many of each kind of operation, and since when (RFC 3339 UTC)."""

    by_kind: dict[str, int]
    oldest: str
    parked: int

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())


class AttentionRow(View, frozen=True):
    """One thing that needs a person. `kind`: rejected | parked | conflict | out_of_stock | to_refund | merged; or the
    code by which HQ said that it took something otherwise than it was meant (gift_twice, number_changed, …)."""

    key: str
    kind: str
    code: str
    at: str
    op_kind: str = ""
    op_seq: int = 0
    body: Any = None
    """The operation's body, decoded, for "rejected" and "parked"."""
    member_id: str = ""
    member_name: str = ""
    order_id: str = ""
    order_number: str = ""
    charged_by: str = ""
    """The order that charged for goods that were settled before, of "settled_twice"; empty where they came back."""
    elsewhere: bool = False
    """Whether another shop handed the goods over."""
    amount: int = 0
    """Minor units of `currency`, of "to_refund"."""
    currency: str = ""
    store: Names = Names()
    """The other shop that took the pieces back before, of "return_too_many"."""
    field: str = ""
    hq: Any = None
    theirs: Any = None


class WorkProof(View, frozen=True):
    """The numbers of what was done here in a span of time, from `first` to `last` (0 to 0: nothing was), and what
    became of every one of them. `waiting`: how many HQ has not answered; `parked`: those that HQ could not run yet;
    `missing`: those that are not on this tablet, which must never be."""

    first: int
    last: int
    waiting: int
    parked: tuple[int, ...]
    missing: tuple[int, ...]


class OutboxReader(Protocol):
    """What waits, and what came back."""

    async def waiting(self) -> Waiting: ...
    async def proof(self, *, since: str, until: str) -> WorkProof:
        """Whether every number between the first and the last operation made in the span is here, and is at HQ; both
        ends are RFC 3339 UTC with milliseconds."""

    async def attention(self) -> Sequence[AttentionRow]: ...
    async def attention_count(self) -> int: ...
    async def dismiss(self, key: str) -> None:
        """Takes a row off the list once a person has settled or read it; the outbox entry itself is kept."""


Phase = Literal["not_enrolled", "starting", "loading", "idle", "syncing", "offline", "stopped"]


class Progress(View, frozen=True):
    """A first sync: rows so far and in all, bytes so far, seconds left (None while unknown)."""

    step: Literal["members", "catalogue", "orders", "other", "indexing"]
    rows_done: int
    rows_total: int
    bytes_done: int
    seconds_left: float | None


class SyncView(View, frozen=True):
    """The state of sync; `problem` is a code: "no_network", "revoked", "clock", "disk_full", "app_old", "defect"."""

    phase: Phase
    last_in_step: str = ""
    problem: str = ""
    progress: Progress | None = None


class SyncControl(Protocol):
    """The sync engine's face to the screens."""

    def view(self) -> SyncView: ...
    def subscribe(self, listener: Callable[[SyncView], None]) -> Callable[[], None]: ...
    def nudge(self) -> None:
        """Something was written, or a person asked: sync soon."""

    async def enrol(self, hq_url: str, code: str, device_name: str) -> None:
        """Raises NoNetwork, Refused("enrol_code"), BadInput("url"), NotSaved."""
