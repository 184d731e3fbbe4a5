"""How a use case writes: the journal of operations, drafts, numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from guide_app.domain.records import (
    Ref,
)
from guide_app.operations import Body
from guide_app.services.ports.base import View


class Draft(View, frozen=True):
    """One operation that a guide wants to make."""

    kind: str
    body: Body


class Change(View, frozen=True):
    """What a committed write or an answer of HQ changed; `state` tells that counts of the outbox or of sync moved."""

    refs: frozenset[Ref] = frozenset()
    state: bool = False
    ops: tuple[str, ...] = ()
    """The ids of the operations that were written, in the order of their drafts."""


class Journal(Protocol):
    """The outbox: a write is committed with its local effect, or it did not happen."""

    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        """Writes all drafts in ONE transaction, in order; returns after COMMIT.

        `forget`: the key of what `Drafts` kept until it was said to be done; it goes in the same transaction, so that
        no kill leaves it behind to be done again.
        Raises NotSaved (disk), Refused (a rule says no; nothing is written), Defect.
        """

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Calls `listener` in the caller's event loop after every change; the result unsubscribes."""


class Drafts(Protocol):
    """What was typed and not yet said to be done: a basket, a half-filled form. Survives lock and kill."""

    async def put(self, key: str, value: bytes) -> None: ...
    async def get(self, key: str) -> bytes | None: ...
    async def drop(self, key: str) -> None: ...
    async def all(self, prefix: str) -> Mapping[str, bytes]:
        """Those whose key begins so."""

    async def change(self, *, put: Mapping[str, bytes], drop: Collection[str] = (), needs: str = "") -> bool:
        """Drops, then puts, in ONE transaction; False, and nothing is changed, where nothing is kept under `needs`."""


class Numbers(Protocol):
    """Order and member numbers that are unique with no network."""

    async def next(self) -> str:
        """A fresh number; a number that is drawn and not used leaves a gap, never a double."""
