"""Tickets and promises as records and as tables."""

from __future__ import annotations

from typing import cast

from guide_app.domain.records import Promise as PromiseRecord
from guide_app.domain.records import Step
from guide_app.domain.records import Ticket as TicketRecord
from guide_app.domain.records.service import PromiseState, TicketState
from hq.protocol import convert
from hq.protocol.mapping import FlatMapping
from hq.protocol.rows import Row
from hq.service.models import Promise, Ticket


class TicketMapping(FlatMapping[Ticket, TicketRecord]):
    """The table `ticket`."""

    entity = "ticket"
    kind = TicketRecord
    model = Ticket

    def to_record(self, item: Ticket) -> TicketRecord:
        return TicketRecord(
            member_id=convert.id_text(item.member_id), number=item.number, kind=item.kind, words=item.words,
            order_id=convert.id_text(item.order_id), product_id=convert.id_text(item.product_id),
            raised_by=convert.id_text(item.raised_by), raised_at=convert.moment_text(item.raised_at),
            state=cast("TicketState", convert.word(item.state)), guide_id=convert.id_text(item.guide_id),
            rating=item.rating, changed_at=convert.moment_text(item.changed_at),
            history=convert.parts(item.history, Step),
        )  # fmt: skip

    def from_record(self, row: Row, record: TicketRecord) -> Ticket:
        return Ticket(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, member_id=convert.reference(record.member_id),
            number=record.number, kind=record.kind, words=record.words, order_id=convert.id_value(record.order_id),
            product_id=convert.id_value(record.product_id), raised_by=convert.id_value(record.raised_by),
            raised_at=convert.moment(record.raised_at), state=record.state, guide_id=convert.id_value(record.guide_id),
            rating=record.rating, changed_at=convert.moment(record.changed_at), history=convert.plain(record.history),
        )  # fmt: skip


class PromiseMapping(FlatMapping[Promise, PromiseRecord]):
    """The table `promise`."""

    entity = "promise"
    kind = PromiseRecord
    model = Promise

    def to_record(self, item: Promise) -> PromiseRecord:
        return PromiseRecord(
            member_id=convert.id_text(item.member_id), kind=item.kind, words=item.words,
            product_id=convert.id_text(item.product_id), quantity=item.quantity,
            due_on=convert.day_text(item.due_on) if item.due_on else "", made_by=convert.id_text(item.made_by),
            made_at=convert.moment_text(item.made_at), state=cast("PromiseState", convert.word(item.state)),
            guide_id=convert.id_text(item.guide_id),
            settled_on=convert.day_text(item.settled_on) if item.settled_on else "",
            changed_at=convert.moment_text(item.changed_at), history=convert.parts(item.history, Step),
        )  # fmt: skip

    def from_record(self, row: Row, record: PromiseRecord) -> Promise:
        return Promise(
            id=row.ref.id, store_id=row.store_id, ver=row.ver, member_id=convert.reference(record.member_id),
            kind=record.kind, words=record.words, product_id=convert.id_value(record.product_id),
            quantity=record.quantity, due_on=convert.day(record.due_on) if record.due_on else None,
            made_by=convert.id_value(record.made_by), made_at=convert.moment(record.made_at), state=record.state,
            guide_id=convert.id_value(record.guide_id),
            settled_on=convert.day(record.settled_on) if record.settled_on else None,
            changed_at=convert.moment(record.changed_at), history=convert.plain(record.history),
        )  # fmt: skip


TICKET = TicketMapping()
PROMISE = PromiseMapping()
