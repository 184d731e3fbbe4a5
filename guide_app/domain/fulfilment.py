"""How goods reach the customer: what each way needs, how far it has come, and whose stock the pieces leave.

Steps are told apart by their operations: a repetition changes nothing (`guide_app.domain.ways`).
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Protocol

import msgspec

from guide_app.domain import payments, phone, returns, ways
from guide_app.domain.records.order import Fulfilment, FulfilmentKind, FulfilWhat, Order, Recipient

FAILED, TOO_LATE, OF_HQ, SHORT = "cannot_fulfil", "way_too_late", "way_of_hq", "out_of_stock"
LEFT = "left_cancelled"
TWICE = "settled_twice"
"""What must be settled: they cannot come in this way; they had left when another one was chosen; HQ's people chose
another one; they are not there; they left though the order was cancelled."""
NAMED = frozenset({"pick_up", "ship", "pre_order"})
"""Ways for which somebody must be named: the goods are handed over later."""
LONGEST = timedelta(days=365)
"""So far ahead a customer is promised a day, at most."""
_MOVING = frozenset({"placed", "accepted", "paid", "picking", "shipped", "delivered"})
_STATE = {"picking": "picking", "ready": "picking", "shipped": "shipped", "done": "delivered"}


class Wished(Protocol):
    """What is judged of a choice."""

    @property
    def kind(self) -> FulfilmentKind: ...
    @property
    def day(self) -> str | None: ...
    @property
    def to(self) -> Recipient | None: ...


class Way(Protocol):
    """What tells whether goods are still to be handed over."""

    @property
    def kind(self) -> str: ...
    @property
    def progress(self) -> str: ...


class Goods(Protocol):
    """An order, as far as its goods go."""

    @property
    def state(self) -> str: ...
    @property
    def fulfilment(self) -> Way: ...


def lacks(wished: Wished, today: date) -> str:
    """What a choice still needs, as a code: "recipient_missing", "phone_invalid", "address_missing", "day_missing",
    "day_past" or "day_far"; "" where nothing. It needs no network."""
    if wished.kind not in NAMED:
        return ""
    return _lacks_of(wished.to, sent=wished.kind == "ship") or _day_lacks(wished, today)


def _lacks_of(to: Recipient | None, *, sent: bool) -> str:
    if to is None or not to.name.strip():
        return "recipient_missing"
    if not phone.is_valid_e164(to.phone):
        return "phone_invalid"
    return "address_missing" if sent and not to.address.strip() else ""


def _day_lacks(wished: Wished, today: date) -> str:
    if not wished.day:
        return "day_missing" if wished.kind == "pre_order" else ""
    if wished.day < today.isoformat():
        return "day_past"
    return "day_far" if wished.day > (today + LONGEST).isoformat() else ""


def out_at(fulfilment: Fulfilment) -> str:
    """Since when the goods are out, RFC 3339 UTC; "" where no step says so."""
    return min((step.at for step in ways.departures(fulfilment.steps)), default="")


def settling(goes: Fulfilment) -> Fulfilment:
    """With what must be settled about the goods: most of it follows from the steps; that goods are not there, HQ says,
    and it stands until something is done about them."""
    if ways.too_late(goes.steps):
        code = TOO_LATE
    elif goes.progress == "failed":
        code = goes.repair if goes.repair == SHORT else FAILED
    elif goes.repair == SHORT and not goes.progress:
        code = SHORT
    else:
        code = OF_HQ if not goes.progress and ways.chosen_by_hq(goes.steps) else ""
    return msgspec.structs.replace(goes, repair=code)


def settling_of(order: Order, goes: Fulfilment) -> Fulfilment:
    """An order's goods with what must be settled about them. Of a cancelled order that is goods that left all the same,
    until they are back, charged anew, or the shop has `seen` that they are not; and that two people settled it, one of
    them by charging."""
    if order.state != "cancelled":
        return settling(goes)
    open_yet = {step.op_id for step in ways.left(goes.steps)} - ways.seen(goes.steps)
    again = TWICE if ways.settled_twice(goes.steps) else ""
    return msgspec.structs.replace(goes, repair=LEFT if open_yet else again)


def left_cancelled(order: Order) -> bool:
    """Whether goods are out that somebody cancelled meanwhile: they are nobody's, and not in the shop."""
    return order.state == "cancelled" and bool(ways.left(order.fulfilment.steps))


def standing(order: Order) -> Order:
    """The order in the state that follows from how far its goods are. What is not paid waits for payment until they
    are out; what is cancelled, returned or closed stays so."""
    if order.state not in _MOVING:
        return order
    state = _STATE.get(order.fulfilment.progress, "")
    if state in ("shipped", "delivered"):
        return msgspec.structs.replace(order, state=state)
    before = "placed" if order.state == "placed" else "accepted"
    paid = payments.standing(msgspec.structs.replace(order, state=before))
    return msgspec.structs.replace(paid, state="picking") if state and paid.state == "paid" else paid


def takes_stock(fulfilment: Fulfilment) -> bool:
    """Whether the pieces have left the books of the shop that sold them: what another one hands over leaves that one's,
    and what is ordered ahead leaves when it is there, unless it turns out that it cannot be handed over."""
    if fulfilment.store_id:
        return False
    return fulfilment.kind != "pre_order" or fulfilment.progress in ("ready", "shipped", "done")


def comes_back(fulfilment: Fulfilment, at: str) -> bool:
    """Whether pieces that came back at this moment go into the books of the shop that sold them: they were there, or
    were out with the customer by then, from wherever. What another shop still had ready never was."""
    if takes_stock(fulfilment):
        return True
    return fulfilment.progress in ("shipped", "done") and at >= out_at(fulfilment)


def off_books(order: Order) -> Counter[str]:
    """Product → pieces by which the books of the shop that sold the order are less because of it (negative: more)."""
    back, broken = Counter[str](), Counter[str]()
    there = (made for made in returns.standing(order) if not made.store_id and comes_back(order.fulfilment, made.at))
    for came in (one for made in there for one in made.lines):
        (back if came.sellable else broken)[came.line_id] += came.qty
    found = Counter[str]()
    for line in order.lines:
        if not takes_stock(order.fulfilment):
            pieces = -back[line.line_id]
        else:
            here = order.state == "cancelled" and not left_cancelled(order)
            pieces = broken[line.line_id] if here else line.qty - back[line.line_id]
        found[line.product_id] += pieces
    return found


def promised(fulfilment: Fulfilment) -> bool:
    """Whether pieces of the shop that sold them are put aside: they are handed over later, and left its books."""
    return fulfilment.kind != "take_away" and takes_stock(fulfilment) and fulfilment.progress not in ("shipped", "done")


def next_steps(goes: Fulfilment) -> tuple[FulfilWhat, ...]:
    """What can be done about goods that are not with the customer yet, the likeliest first."""
    match goes.kind, goes.progress:
        case "take_away", _:
            return ()
        case "ship", "shipped":
            return ("done",)
        case "ship", "" | "picking" | "ready" | "failed":
            return ("shipped", "picking", "failed") if goes.progress == "" else ("shipped", "failed")
        case _, "" | "picking" | "failed":
            return ("ready", "done", "failed") if goes.kind == "pre_order" else ("done", "ready", "failed")
        case _, "ready":
            return ("done", "failed")
        case _:
            return ()


def steps_of(order: Order) -> tuple[FulfilWhat, ...]:
    """What can be said of an order's goods, the likeliest first: of a cancelled one that they had left before."""
    if is_open(order):
        return next_steps(order.fulfilment)
    kind = order.fulfilment.kind
    if order.state != "cancelled" or kind == "take_away" or left_cancelled(order):
        return ()
    return ("shipped",) if kind == "ship" else ("done",)


def is_open(order: Goods) -> bool:
    """Whether somebody still has to hand the goods over, or to see them arrive."""
    out = order.state in ("cancelled", "returned", "closed", "delivered") or order.fulfilment.progress == "done"
    return order.fulfilment.kind != "take_away" and not out
