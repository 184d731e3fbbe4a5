"""Tickets and promises at the counter: in one commit each, taken back in one."""

from __future__ import annotations

import pytest

from guide_app.domain.errors import Refused
from guide_app.domain.promises import Tally
from guide_app.services.ports.care import PromiseRow, TicketRow
from tests.unit.guide_app.services.kit import OTHER, Counter, signed_up
from tests.unit.local_store.kit import GUIDE, PRODUCTS

pytestmark = pytest.mark.asyncio


async def ticket(counter: Counter, ticket_id: str) -> TicketRow:
    row = await counter.bench.store.service.ticket(ticket_id)
    assert row is not None
    return row


async def promise(counter: Counter, promise_id: str) -> PromiseRow:
    row = await counter.bench.store.service.promise(promise_id)
    assert row is not None
    return row


async def test_a_ticket_is_raised_worked_on_and_every_step_taken_back(counter: Counter) -> None:
    who = await signed_up(counter)
    done = await counter.service.raise_ticket(who, "after_sale", " the zip ", product_id=PRODUCTS[0], to=OTHER)
    row = await ticket(counter, done.row_id)
    assert (row.ticket.kind, row.ticket.words, row.ticket.guide_id) == ("after_sale", "the zip", OTHER)
    assert row.ticket.number.startswith("101")
    solved = await counter.service.step(row, "solve", words="a new one")
    assert (await ticket(counter, done.row_id)).ticket.state == "solved"
    rated = await counter.service.step(await ticket(counter, done.row_id), "rate", rating=4)
    await counter.service.undo_ticket(rated)
    await counter.service.undo_ticket(solved)
    now = (await ticket(counter, done.row_id)).ticket
    assert (now.state, now.rating, now.guide_id) == ("open", 0, OTHER)
    with pytest.raises(Refused, match="moved_on"):
        await counter.service.undo_ticket(solved)
    await counter.service.undo_ticket(done)
    assert await counter.bench.store.service.tickets() == []
    hq = await counter.hq_has("ticket", done.row_id)
    assert (hq.state, [step.what for step in hq.history]) == (
        "void", ["raise", "solve", "rate", "undo", "undo", "undo"],
    )  # fmt: skip


async def test_a_promise_is_settled_by_the_next_shift_on_the_shops_day(counter: Counter) -> None:
    who = await signed_up(counter)
    done = await counter.service.promise(who, "call", "2026-11-20", "when it arrives", product_id=PRODUCTS[0])
    counter.stand(OTHER)
    row = await promise(counter, done.row_id)
    assert row.member is not None
    assert (row.promise.words, row.promise.guide_id) == ("when it arrives", GUIDE)
    kept = await counter.service.settle(row, "kept", "she came by")
    now = (await promise(counter, done.row_id)).promise
    assert (now.state, now.settled_on, now.history[-1].guide_id) == ("kept", "2026-11-21", OTHER)
    assert await counter.service.kept() == {"": Tally(late=1), GUIDE: Tally(late=1)}
    with pytest.raises(Refused, match="moved_on"):
        await counter.service.settle(await promise(counter, done.row_id), "kept")
    await counter.service.undo_promise(kept)
    assert (await counter.hq_has("promise", done.row_id)).state == "open"
    counter.stand(GUIDE)
    await counter.service.undo_promise(done)
    assert (await promise(counter, done.row_id)).promise.state == "void"
    assert await counter.bench.store.service.promises() == []
    assert await counter.service.kept() == {}
