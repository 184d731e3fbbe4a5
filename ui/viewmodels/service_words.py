"""Tickets and promises in words, with the picture that goes with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from guide_app.domain.promises import Tally
from guide_app.domain.records import Step, Ticket
from guide_app.domain.tickets import Score
from guide_app.services.ports.base import View
from guide_app.services.ports.care import ServiceReader
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.shop import ShopReader
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.words import named

TICKET_ICONS = {
    "complaint": "circle-alert",
    "question": "circle-question-mark",
    "praise": "heart",
    "after_sale": "wrench",
}
PROMISE_ICONS = {"hold": "package-check", "call": "phone-call", "order": "truck", "other": "handshake"}
STEP_ICONS = {
    "raise": "flag",
    "assign": "user-check",
    "note": "sticky-note",
    "solve": "circle-check",
    "reopen": "rotate-ccw",
    "rate": "star",
    "undo": "undo-2",
}


class ServiceReaders(View, frozen=True):
    """What pages of tickets and promises read besides."""

    service: ServiceReader
    catalogue: CatalogueReader
    shop: ShopReader

    async def people(self) -> dict[str, str]:
        """The shop's people: id → name."""
        return {row.id: row.staff.name for row in await self.shop.staff()}

    async def goods(self, product_ids: set[str], desk: Desk) -> dict[str, str]:
        """Products: id → name in the chosen language; one that has not arrived is left out."""
        rows = await self.catalogue.get(sorted(product_ids - {""})) if product_ids - {""} else []
        return {row.id: named(row.product.names.en, row.product.names.zh, desk.figures.language) for row in rows}


def ticket_words(kind: str) -> str:
    """What kind of ticket it is."""
    words = {
        "complaint": tr("Complaint"),
        "question": tr("Question"),
        "praise": tr("Praise"),
        "after_sale": tr("After-sale"),
    }
    return words.get(kind, tr("Ticket"))


def ticket_standing(ticket: Ticket, people: dict[str, str]) -> str:
    """How a ticket stands: solved, or in whose hand."""
    if ticket.state == "solved":
        return tr("Solved")
    return tr("Open · %1", people.get(ticket.guide_id, tr("nobody")))


def promise_words(kind: str) -> str:
    """What was promised."""
    words = {
        "hold": tr("Hold it back"),
        "call": tr("Call when it arrives"),
        "order": tr("Order it in"),
        "other": tr("Something else"),
    }
    return words.get(kind, tr("Promise"))


def promise_state_words(state: str) -> str:
    """How a promise ended."""
    words = {
        "open": tr("open"),
        "kept": tr("kept"),
        "broken": tr("not kept"),
        "dropped": tr("no longer wanted"),
    }
    return words.get(state, state)


def step_words(step: Step, people: dict[str, str]) -> str:
    """What was done, and by whom; HQ where it was none of the shop."""
    who = people.get(step.guide_id, tr("HQ"))
    words = {
        "raise": tr("%1 raised it", who),
        "assign": tr("%1 gave it to %2", who, people.get(step.to, tr("a colleague"))),
        "note": tr("%1 noted", who),
        "solve": tr("%1 solved it", who),
        "reopen": tr("%1 opened it again", who),
        "rate": tr("%1 of 5 from the customer, told to %2", step.rating, who),
        "undo": tr("%1 took a step back", who),
    }
    return words.get(step.what, step.what)


def due_words(due_on: str, today: str, day: Callable[[str], str]) -> str:
    """By when, as people say it."""
    days = (date.fromisoformat(due_on) - date.fromisoformat(today)).days
    if days < 0:
        return trn("%n day(s) late", -days)
    return {0: tr("Today"), 1: tr("Tomorrow")}.get(days) or tr("by %1", day(due_on))


def tally_words(tally: Tally | None) -> str:
    """How the word was kept, as people count it; empty where nothing was promised."""
    if tally is None:
        return ""
    return tr("%1 kept · %2 late · %3 not kept", tally.kept, tally.late, tally.broken)


def score_words(score: Score | None) -> str:
    """How tickets stand; empty where there is none."""
    if score is None:
        return ""
    if score.tenths is None:
        return tr("%1 open · %2 solved", score.open, score.solved)
    return tr("%1 open · %2 solved · %3 of 5 from the customers", score.open, score.solved, score.tenths / 10)
