"""The history of a ticket or a promise: a set of steps, of which every tablet may have added some while it was alone.

Putting two histories together is their union, so the order in which steps arrive does not matter; what the ticket or
the promise is now follows from the steps in the order of their time, and of their op ids where that is the same.
"""

from __future__ import annotations

from typing import cast

import msgspec

from guide_app.domain.records.service import Promise, PromiseState, Step, Ticket

RAISE, MAKE = "raise", "make"
"""The step that a ticket, that a promise begins with."""
_SETTLED = ("kept", "broken", "dropped")


def with_step(history: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
    """The history with one more step in its place; one that is in it already changes nothing."""
    if any(known.op_id == step.op_id for known in history):
        return history
    return tuple(sorted((*history, step), key=lambda known: (known.at, known.op_id)))


def standing(history: tuple[Step, ...]) -> tuple[Step, ...]:
    """What counts: all steps but those that who took them has taken back, and the taking back."""
    undone = {(step.guide_id, step.undoes) for step in history if step.what == "undo"}
    return tuple(step for step in history if step.what != "undo" and (step.guide_id, step.id) not in undone)


def begins(history: tuple[Step, ...], step: Step, what: str) -> bool:
    """Whether it is the step that the history begins with: of two that say so the earlier one."""
    first = next((known for known in history if known.what == what), None)
    return first is not None and first.op_id == step.op_id


def ticket_now(ticket: Ticket) -> Ticket:
    """The ticket as its history makes it."""
    steps = standing(ticket.history)
    begun = next((step for step in steps if step.what == RAISE), None)
    turns = [step.what for step in steps if step.what in ("solve", "reopen")]
    return msgspec.structs.replace(
        ticket,
        raised_by=begun.guide_id if begun else "",
        raised_at=begun.at if begun else "",
        state="void" if begun is None else "solved" if turns and turns[-1] == "solve" else "open",
        guide_id=_in_hand(steps, begun),
        rating=next((step.rating for step in reversed(steps) if step.what == "rate"), 0),
        changed_at=_changed_at(ticket.history),
    )


def promise_now(promise: Promise) -> Promise:
    """The promise as its history makes it."""
    steps = standing(promise.history)
    begun = next((step for step in steps if step.what == MAKE), None)
    settled = next((step for step in reversed(steps) if step.what in _SETTLED), None)
    state = "void" if begun is None else settled.what if settled else "open"
    return msgspec.structs.replace(
        promise,
        made_by=begun.guide_id if begun else "",
        made_at=begun.at if begun else "",
        state=cast("PromiseState", state),
        guide_id=_in_hand(steps, begun),
        settled_on=settled.on if settled else "",
        changed_at=_changed_at(promise.history),
    )


def _in_hand(steps: tuple[Step, ...], begun: Step | None) -> str:
    """Who has it: whom it was given last, else who began it."""
    given = next((step.to for step in reversed(steps) if step.to), "")
    return given or (begun.guide_id if begun else "")


def _changed_at(history: tuple[Step, ...]) -> str:
    return history[-1].at if history else ""
