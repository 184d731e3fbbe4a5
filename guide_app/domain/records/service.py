"""Tickets and promises: what a customer asked of the shop, and what the shop told them it would do.

Both carry their history whole, a set of steps; what they are now follows from it (`guide_app.domain.steps`).
"""

from __future__ import annotations

from typing import Literal

from guide_app.domain.records.base import Part, Record

TicketKind = Literal["complaint", "question", "praise", "after_sale"]
TicketState = Literal["open", "solved", "void"]
TicketAct = Literal["assign", "note", "solve", "reopen", "rate", "undo"]
PromiseKind = Literal["hold", "call", "order", "other"]
PromiseState = Literal["open", "kept", "broken", "dropped", "void"]
PromiseAct = Literal["kept", "broken", "dropped", "undo"]


class Step(Part, frozen=True):
    """One thing that was done. `id` is the name that its tablet gave it, by which it is undone; `at` UTC.

    `to`: whom an `assign` gives it to; `on`: the shop's day of a settling; `undoes`: the id of the step taken back.
    """

    op_id: str
    id: str
    at: str
    guide_id: str
    what: str
    words: str = ""
    to: str = ""
    rating: int = 0
    on: str = ""
    undoes: str = ""


class Ticket(Record, frozen=True):
    """A complaint, a question, praise or an after-sale case. `guide_id` has it in hand; `rating` 1 to 5 is the
    customer's word on how it was solved, 0 none. `void`: taken back, or its beginning has not arrived: shown nowhere.
    """

    member_id: str
    number: str = ""
    kind: str = ""
    words: str = ""
    order_id: str = ""
    product_id: str = ""
    raised_by: str = ""
    raised_at: str = ""
    state: TicketState = "void"
    guide_id: str = ""
    rating: int = 0
    changed_at: str = ""
    history: tuple[Step, ...] = ()


class Promise(Record, frozen=True):
    """What somebody of the shop told a customer they would do by `due_on`, a day of the shop. `guide_id` answers for
    it; `settled_on`: the shop's day on which it was settled. `void` as of a ticket."""

    member_id: str
    kind: str = ""
    words: str = ""
    product_id: str = ""
    quantity: int = 0
    due_on: str = ""
    made_by: str = ""
    made_at: str = ""
    state: PromiseState = "void"
    guide_id: str = ""
    settled_on: str = ""
    changed_at: str = ""
    history: tuple[Step, ...] = ()
