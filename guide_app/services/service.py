"""Tickets and promises: raised, made and settled in few taps, and taken back in one."""

from __future__ import annotations

from datetime import timedelta

from guide_app.domain.ids import Ids
from guide_app.domain.promises import Tally
from guide_app.domain.records.service import PromiseAct, PromiseKind, TicketAct, TicketKind
from guide_app.domain.tickets import Score
from guide_app.operations.service import (
    MakePromise,
    PromiseMake,
    PromiseSettle,
    RaiseTicket,
    SettlePromise,
    StepTicket,
    TicketRaise,
    TicketStep,
)
from guide_app.services.ports.base import View
from guide_app.services.ports.care import PromiseRow, ServiceReader, TicketRow
from guide_app.services.ports.writing import Draft, Journal, Numbers
from guide_app.services.session import Session
from guide_app.services.today import Today

COUNTED_DAYS = 90
"""How far back promises are counted that were due, and tickets that were raised and solved."""


class Done(View, frozen=True):
    """A step that is committed and can still be taken back."""

    row_id: str
    member_id: str
    step_id: str


class ServiceDesk:
    """The use cases of tickets and promises."""

    def __init__(
        self, reader: ServiceReader, journal: Journal, numbers: Numbers, session: Session, today: Today, ids: Ids
    ) -> None:
        self._reader, self._journal, self._numbers = reader, journal, numbers
        self._session, self._today, self._ids = session, today, ids

    async def raise_ticket(
        self, member_id: str, kind: TicketKind, words: str, *, order_id: str = "", product_id: str = "", to: str = ""
    ) -> Done:
        """Raises a ticket; `to`: who takes it in hand, where that is a colleague. Raises NotSaved."""
        guide_id = self._session.guide_id  # who tapped, whoever stands there when it is written
        body = RaiseTicket(
            ticket_id=self._ids.uuid7(),
            step_id=self._ids.uuid7(),
            member_id=member_id,
            number=await self._numbers.next(),
            kind=kind,
            words=words.strip(),
            order_id=order_id or None,
            product_id=product_id or None,
            to=to or None,
        )
        await self._journal.commit(guide_id, Draft(kind=TicketRaise.kind, body=body))
        return Done(row_id=body.ticket_id, member_id=member_id, step_id=body.step_id)

    async def step(self, row: TicketRow, what: TicketAct, *, words: str = "", to: str = "", rating: int = 0) -> Done:
        """Does one thing with a ticket. Raises Refused("moved_on"), NotSaved."""
        done = Done(row_id=row.id, member_id=row.ticket.member_id, step_id=self._ids.uuid7())
        await self._step(StepTicket(
            ticket_id=row.id, step_id=done.step_id, member_id=done.member_id, what=what, words=words.strip(),
            to=to or None, rating=rating,
        ))  # fmt: skip
        return done

    async def undo_ticket(self, done: Done) -> None:
        """Takes a step of a ticket back, or the ticket itself. Raises Refused("moved_on"), NotSaved."""
        await self._step(StepTicket(
            ticket_id=done.row_id, step_id=self._ids.uuid7(), member_id=done.member_id, what="undo",
            undoes=done.step_id,
        ))  # fmt: skip

    async def promise(
        self, member_id: str, kind: PromiseKind, due_on: str, words: str, *, product_id: str = "", quantity: int = 0
    ) -> Done:
        """Promises a customer something by a day of the shop. Raises NotSaved."""
        body = MakePromise(
            promise_id=self._ids.uuid7(),
            step_id=self._ids.uuid7(),
            member_id=member_id,
            kind=kind,
            due_on=due_on,
            words=words.strip(),
            product_id=product_id or None,
            quantity=quantity or None,
        )
        await self._journal.commit(self._session.guide_id, Draft(kind=PromiseMake.kind, body=body))
        return Done(row_id=body.promise_id, member_id=member_id, step_id=body.step_id)

    async def settle(self, row: PromiseRow, what: PromiseAct, words: str = "") -> Done:
        """Says how a promise ended, today. Raises Refused("moved_on"), NotSaved."""
        done = Done(row_id=row.id, member_id=row.promise.member_id, step_id=self._ids.uuid7())
        await self._settle(done, what, step_id=done.step_id, words=words)
        return done

    async def undo_promise(self, done: Done) -> None:
        """Takes back how a promise ended, or the promise itself. Raises Refused("moved_on"), NotSaved."""
        await self._settle(done, "undo", step_id=self._ids.uuid7(), undoes=done.step_id)

    async def kept(self) -> dict[str, Tally]:
        """How the shop kept its word in the last 90 days: guide → figures, "" for the whole shop."""
        today = (await self._today.calendar()).today()
        since = today - timedelta(days=COUNTED_DAYS)
        return await self._reader.kept(since_day=since.isoformat(), today=today.isoformat())

    async def scores(self) -> dict[str, Score]:
        """How the shop's tickets stand, the solved ones of the last 90 days: guide → figures, "" for the whole shop."""
        calendar = await self._today.calendar()
        since, _ = calendar.bounds(calendar.today() - timedelta(days=COUNTED_DAYS))
        return await self._reader.scores(since=since)

    async def _step(self, body: StepTicket) -> None:
        await self._journal.commit(self._session.guide_id, Draft(kind=TicketStep.kind, body=body))

    async def _settle(self, done: Done, what: PromiseAct, *, step_id: str, words: str = "", undoes: str = "") -> None:
        guide_id = self._session.guide_id
        body = SettlePromise(
            promise_id=done.row_id,
            step_id=step_id,
            member_id=done.member_id,
            what=what,
            on=(await self._today.calendar()).today().isoformat(),
            words=words.strip(),
            undoes=undoes or None,
        )
        await self._journal.commit(guide_id, Draft(kind=PromiseSettle.kind, body=body))
