"""Tickets and promises. Each operation adds one step to a history; none is ever refused by HQ: it was said and done."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from guide_app.domain.records import Promise, Ref, Step, Ticket
from guide_app.domain.records.base import Day, Quantity, Short, Text, Uuid
from guide_app.domain.records.service import PromiseAct, PromiseKind, TicketAct, TicketKind
from guide_app.domain.steps import MAKE, RAISE, begins, promise_now, standing, ticket_now, with_step
from guide_app.operations.base import Body, Context, Effect, Operation, Refusal, Snapshot

MOVED_ON = Refusal(status="rejected", code="moved_on")
"""A second tap, or a colleague was quicker: told to the guide alone, HQ never says it."""


class RaiseTicket(Body, frozen=True):
    """`step_id` is the tablet's name for this step; `to` whom it is given, where that is not who raised it."""

    ticket_id: Uuid
    step_id: Uuid
    member_id: Uuid
    number: Short
    kind: TicketKind
    words: Text = ""
    order_id: Uuid | None = None
    product_id: Uuid | None = None
    to: Uuid | None = None


class StepTicket(Body, frozen=True):
    """One step: `assign` (to), `note` (words), `solve` (words), `reopen`, `rate` (rating), `undo` (undoes)."""

    ticket_id: Uuid
    step_id: Uuid
    member_id: Uuid
    what: TicketAct
    words: Text = ""
    to: Uuid | None = None
    rating: Annotated[int, msgspec.Meta(ge=0, le=5)] = 0
    undoes: Uuid | None = None


class MakePromise(Body, frozen=True):
    """`due_on` is a day of the shop."""

    promise_id: Uuid
    step_id: Uuid
    member_id: Uuid
    kind: PromiseKind
    due_on: Day
    words: Text = ""
    product_id: Uuid | None = None
    quantity: Quantity | None = None


class SettlePromise(Body, frozen=True):
    """How it ended, on a day of the shop; `undo` takes a step back that this guide took."""

    promise_id: Uuid
    step_id: Uuid
    member_id: Uuid
    what: PromiseAct
    on: Day
    words: Text = ""
    undoes: Uuid | None = None


def _step(body: RaiseTicket | StepTicket | MakePromise | SettlePromise, what: str, context: Context) -> Step:
    return Step(
        op_id=context.op_id,
        id=body.step_id,
        at=context.bounded(context.made_at),
        guide_id=context.guide_id,
        what=what,
        words=body.words,
        to=getattr(body, "to", None) or "",
        rating=getattr(body, "rating", 0),
        on=getattr(body, "on", ""),
        undoes=getattr(body, "undoes", None) or "",
    )


class _OfTicket:
    """What both operations of tickets have in common."""

    def touches(self, body: RaiseTicket | StepTicket) -> tuple[Ref, ...]:
        return (Ref("ticket", body.ticket_id), Ref("member", body.member_id))


class _OfPromise:
    """What both operations of promises have in common."""

    def touches(self, body: MakePromise | SettlePromise) -> tuple[Ref, ...]:
        return (Ref("promise", body.promise_id), Ref("member", body.member_id))


def _ticket(body: RaiseTicket | StepTicket, state: Snapshot, step: Step) -> Ticket:
    """The ticket with the step in it, of whom the member is today; one that is not here begins with it."""
    before = state.get(Ref("ticket", body.ticket_id), Ticket) or Ticket(member_id="")
    return msgspec.structs.replace(
        before,
        member_id=state.resolve(Ref("member", body.member_id)).id,
        history=with_step(before.history, step),
    )


def _promise(body: MakePromise | SettlePromise, state: Snapshot, step: Step) -> Promise:
    before = state.get(Ref("promise", body.promise_id), Promise) or Promise(member_id="")
    return msgspec.structs.replace(
        before,
        member_id=state.resolve(Ref("member", body.member_id)).id,
        history=with_step(before.history, step),
    )


class TicketRaise(_OfTicket, Operation[RaiseTicket]):
    """A ticket begins."""

    kind: ClassVar[str] = "ticket.raise"
    body = RaiseTicket

    def effect(self, body: RaiseTicket, state: Snapshot, context: Context) -> Effect:
        step = _step(body, RAISE, context)
        ticket = _ticket(body, state, step)
        if begins(ticket.history, step, RAISE):
            ticket = msgspec.structs.replace(
                ticket,
                number=body.number,
                kind=body.kind,
                words=body.words,
                order_id=body.order_id or "",
                product_id=body.product_id or "",
            )
        return Effect({Ref("ticket", body.ticket_id): ticket_now(ticket)})


class TicketStep(_OfTicket, Operation[StepTicket]):
    """Something is done with a ticket."""

    kind: ClassVar[str] = "ticket.step"
    body = StepTicket

    def guard(self, body: StepTicket, state: Snapshot, now: datetime | None) -> Refusal | None:
        """A second tap, or a colleague's first: the screen was a moment behind."""
        ticket = state.get(Ref("ticket", body.ticket_id), Ticket)
        before = ticket.state if ticket else ""
        wanted = {"solve": "open", "reopen": "solved", "rate": "solved"}.get(body.what, before)
        return MOVED_ON if before != wanted else _undoable(body.what, body.undoes, ticket)

    def effect(self, body: StepTicket, state: Snapshot, context: Context) -> Effect:
        ticket = _ticket(body, state, _step(body, body.what, context))
        return Effect({Ref("ticket", body.ticket_id): ticket_now(ticket)})


class PromiseMake(_OfPromise, Operation[MakePromise]):
    """A customer is promised something."""

    kind: ClassVar[str] = "promise.make"
    body = MakePromise

    def effect(self, body: MakePromise, state: Snapshot, context: Context) -> Effect:
        step = _step(body, MAKE, context)
        promise = _promise(body, state, step)
        if begins(promise.history, step, MAKE):
            promise = msgspec.structs.replace(
                promise,
                kind=body.kind,
                words=body.words,
                product_id=body.product_id or "",
                quantity=body.quantity or 0,
                due_on=body.due_on,
            )
        return Effect({Ref("promise", body.promise_id): promise_now(promise)})


class PromiseSettle(_OfPromise, Operation[SettlePromise]):
    """A promise was kept, was broken, or is not wanted any more."""

    kind: ClassVar[str] = "promise.settle"
    body = SettlePromise

    def guard(self, body: SettlePromise, state: Snapshot, now: datetime | None) -> Refusal | None:
        """A second tap, or a colleague's first."""
        promise = state.get(Ref("promise", body.promise_id), Promise)
        if promise is not None and promise.state == body.what:
            return MOVED_ON
        return _undoable(body.what, body.undoes, promise)

    def effect(self, body: SettlePromise, state: Snapshot, context: Context) -> Effect:
        promise = _promise(body, state, _step(body, body.what, context))
        return Effect({Ref("promise", body.promise_id): promise_now(promise)})


def _undoable(what: str, undoes: str | None, row: Ticket | Promise | None) -> Refusal | None:
    """A step can be taken back once."""
    if what != "undo" or any(step.id == undoes for step in standing(row.history if row else ())):
        return None
    return MOVED_ON
