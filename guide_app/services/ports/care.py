"""Follow-ups, tickets, promises and message templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from guide_app.domain.promises import Tally
from guide_app.domain.records import (
    Followup,
    MessageTemplate,
    Promise,
    Ticket,
)
from guide_app.domain.tickets import Score
from guide_app.services.ports.base import View
from guide_app.services.ports.members import MemberRow


class FollowupRow(View, frozen=True):
    """A follow-up that is due, with whom it is for."""

    id: str
    followup: Followup
    member: MemberRow


class TicketRow(View, frozen=True):
    """A ticket with whom it is about, None while they are arriving. `waiting`: HQ has not taken all of it yet."""

    id: str
    ticket: Ticket
    member: MemberRow | None
    waiting: bool = False


class PromiseRow(View, frozen=True):
    """A promise, as `TicketRow`."""

    id: str
    promise: Promise
    member: MemberRow | None
    waiting: bool = False


class ServiceReader(Protocol):
    """Tickets and promises of this store; days are the shop's."""

    async def tickets(
        self,
        *,
        state: str = "",
        guide_id: str = "",
        member_id: str = "",
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[TicketRow]:
        """Newest first; `guide_id`: in whose hand; `text`: how a number or the member's name begins, or parts of what
        was said."""

    async def ticket(self, ticket_id: str) -> TicketRow | None: ...
    async def ticket_numbered(self, number: str) -> TicketRow | None:
        """The ticket with exactly this number, as it is scanned."""

    async def open_tickets(self, guide_id: str) -> tuple[int, int]:
        """How many are unsolved: in this guide's hand, and in all."""

    async def promises(self, *, until_day: str = "", member_id: str = "", limit: int = 50) -> Sequence[PromiseRow]:
        """Open ones, of every guide, what is due first first."""

    async def promise(self, promise_id: str) -> PromiseRow | None: ...
    async def kept(self, *, since_day: str, today: str) -> dict[str, Tally]:
        """What became of the promises due since that day: guide → figures, "" for the whole shop."""

    async def scores(self, *, since: str) -> dict[str, Score]:
        """How all open tickets stand, and the solved ones that were raised since (RFC 3339 UTC), as `kept`."""


class TemplateRow(View, frozen=True):
    """A template of a message with its id."""

    id: str
    template: MessageTemplate


class MessageReader(Protocol):
    """HQ's templates of messages."""

    async def templates(self) -> Sequence[TemplateRow]:
        """Those in use, in no order."""
