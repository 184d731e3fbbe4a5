"""Every write a guide can make, one class each, and how its body is read.

A kind's body format is versioned; HQ keeps a reader for every version ever shipped, in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import msgspec

from guide_app.operations.base import (
    Body,
    Context,
    Effect,
    Older,
    Operation,
    Refusal,
    Snapshot,
    Versioned,
)
from guide_app.operations.card_sales import OrderCard
from guide_app.operations.days import CloseDay
from guide_app.operations.fulfilling import OrderFulfil, OrderReroute
from guide_app.operations.leases import LeaseReturn
from guide_app.operations.library import MaterialKeep, MaterialRead, MaterialShow
from guide_app.operations.members import MemberConsent, MemberEdit, MemberSignUp
from guide_app.operations.orders import OrderCancel, OrderPlace
from guide_app.operations.parcels import ParcelStep
from guide_app.operations.payments import OrderPay, OrderPayBack
from guide_app.operations.privacy import MemberReveal
from guide_app.operations.quotations import QuoteMake, QuoteTake, QuoteVoid
from guide_app.operations.reminders import ReminderSet
from guide_app.operations.reshares import OrderReshare
from guide_app.operations.returns import CopyReturn, CopyReturnUndo, OrderExchange, OrderReturn, OrderReturnUndo
from guide_app.operations.service import PromiseMake, PromiseSettle, TicketRaise, TicketStep
from guide_app.operations.sharing import MaterialShare
from guide_app.operations.staff import StaffSetPin
from guide_app.operations.talks import FollowupSet, TalkLog

OPERATIONS: dict[str, Operation[Any]] = {
    op.kind: op
    for op in (
        MemberSignUp(),
        MemberEdit(),
        MemberConsent(),
        OrderPlace(),
        OrderCancel(),
        OrderPay(),
        OrderPayBack(),
        OrderReturn(),
        OrderReturnUndo(),
        OrderExchange(),
        CopyReturn(),
        CopyReturnUndo(),
        ParcelStep(),
        OrderReshare(),
        OrderFulfil(),
        OrderReroute(),
        QuoteMake(),
        QuoteVoid(),
        QuoteTake(),
        OrderCard(),
        TalkLog(),
        FollowupSet(),
        TicketRaise(),
        TicketStep(),
        PromiseMake(),
        PromiseSettle(),
        ReminderSet(),
        StaffSetPin(),
        LeaseReturn(),
        MemberReveal(),
        CloseDay(),
        MaterialShow(),
        MaterialRead(),
        MaterialKeep(),
        MaterialShare(),
    )
}


class Unreadable(Exception):
    """A body that cannot be read; `code` is the reason to park: kind_unknown, schema_unknown, body_invalid."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Reader = Callable[[str], Body]


def readers(operation: Operation[Any]) -> dict[tuple[str, int], Reader]:
    """(kind, version) → reader, for every version of the operation; each gives the body as today's class has it."""
    made: dict[tuple[str, int], Reader] = {}
    for at, (version, body) in enumerate(operation.formats.items()):
        upgrades = tuple(older.upgrade for older in operation.older[at:])
        made[operation.kind, version] = _reader(msgspec.json.Decoder(body), upgrades)
    return made


def _reader(decoder: msgspec.json.Decoder[Body], upgrades: tuple[Callable[[Any], Body], ...]) -> Reader:
    if not upgrades:
        return decoder.decode
    return lambda text: reduce(lambda body, upgrade: upgrade(body), upgrades, decoder.decode(text))


READERS: dict[tuple[str, int], Reader] = {
    key: reader for operation in OPERATIONS.values() for key, reader in readers(operation).items()
}
"""(kind, schema version) → reader."""


def read(kind: str, schema_v: int, text: str) -> Body:
    """The body behind its JSON text. Raises Unreadable, and nothing else, whatever the text is."""
    if kind not in OPERATIONS:
        raise Unreadable("kind_unknown")
    reader = READERS.get((kind, schema_v))
    if reader is None:
        raise Unreadable("schema_unknown")
    try:
        body = reader(text)
        holds_nul = "\\u0000" in text and _holds_nul(msgspec.to_builtins(body))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Unreadable("body_invalid") from error
    if holds_nul:  # no database column can keep it
        raise Unreadable("body_invalid")
    return body


def _holds_nul(value: Any) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(_holds_nul(k) or _holds_nul(v) for k, v in value.items())
        case list() | tuple():
            return any(_holds_nul(item) for item in value)
        case _:
            return False


def write(body: Body) -> str:
    """The body's JSON text, as it goes into the outbox."""
    return msgspec.json.encode(body).decode()


def perform(operation: Operation[Any], body: Body, state: Snapshot, context: Context) -> Effect | Refusal:
    """Checks the operation and takes its effect into the snapshot."""
    refusal = operation.check(body, state, context)
    if refusal is not None:
        return refusal
    effect = operation.effect(body, state, context)
    state.apply(effect.changes)
    return effect


__all__ = [
    "OPERATIONS",
    "READERS",
    "Body",
    "Context",
    "Effect",
    "Older",
    "Operation",
    "Refusal",
    "Snapshot",
    "Unreadable",
    "Versioned",
    "perform",
    "read",
    "readers",
    "write",
]
