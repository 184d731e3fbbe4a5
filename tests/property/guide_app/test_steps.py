"""Laws of histories: tablets that worked alone end alike whatever comes first, and nothing that was done is lost."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from guide_app.domain.records import Promise, Record, Ref, Ticket, decode, encode
from guide_app.operations import OPERATIONS, Context, Effect, Snapshot, perform
from guide_app.operations.base import Body
from guide_app.operations.service import MakePromise, RaiseTicket, SettlePromise, StepTicket

ROW, MEMBER, STORE = (str(uuid.UUID(int=n)) for n in (1, 2, 3))
GUIDES = [str(uuid.UUID(int=10 + n)) for n in range(3)]
NOW = "2026-11-21T23:00:00.000Z"
Deed = tuple[str, Body, str, str, str]
"""kind, body, op id, guide, time"""


def uid(n: int) -> str:
    return str(uuid.UUID(int=1000 + n))


def _times() -> st.SearchStrategy[str]:
    return st.integers(0, 4).map(lambda hour: f"2026-11-21T0{hour}:00:00.000Z")


@st.composite
def days(draw: st.DrawFn) -> tuple[str, list[Deed], list[int]]:
    """What some guides did with one ticket or one promise, and another order in which it may arrive."""
    entity = draw(st.sampled_from(["ticket", "promise"]))
    count = draw(st.integers(1, 7))
    deeds: list[Deed] = []
    for n in range(count):
        guide, at = draw(st.sampled_from(GUIDES)), draw(_times())
        begins = n == 0 or draw(st.integers(0, 9)) == 0
        undone = uid(draw(st.integers(0, count)))
        deeds.append((*_deed(draw, entity, n, undone, begins=begins), uid(500 + n), guide, at))
    return entity, deeds, draw(st.permutations(range(count)))


def _deed(draw: st.DrawFn, entity: str, n: int, undone: str, *, begins: bool) -> tuple[str, Body]:
    own: dict[str, Any] = {"step_id": uid(n), "member_id": MEMBER, "words": f"words {n}"}
    if entity == "ticket":
        if begins:
            return "ticket.raise", RaiseTicket(ticket_id=ROW, number=str(n), kind="question", **own)
        what: Any = draw(st.sampled_from(["assign", "note", "solve", "reopen", "rate", "undo"]))
        if what == "assign":
            own["to"] = draw(st.sampled_from(GUIDES))
        if what == "rate":
            own["rating"] = draw(st.integers(1, 5))
        return "ticket.step", StepTicket(ticket_id=ROW, what=what, undoes=undone if what == "undo" else None, **own)
    if begins:
        return "promise.make", MakePromise(promise_id=ROW, kind="hold", due_on="2026-12-01", **own)
    act: Any = draw(st.sampled_from(["kept", "broken", "dropped", "undo"]))
    undoes = undone if act == "undo" else None
    return "promise.settle", SettlePromise(promise_id=ROW, what=act, on=f"2026-11-2{n}", undoes=undoes, **own)


def done(entity: str, deeds: list[Deed]) -> Record:
    """The row after all of it, read back from JSON at each step as a store does."""
    ref, kind = Ref(entity, ROW), Ticket if entity == "ticket" else Promise
    state = Snapshot({ref: None, Ref("member", MEMBER): None})
    for what, body, op_id, guide, at in deeds:
        context = Context(op_id=op_id, store_id=STORE, guide_id=guide, made_at=at, now=NOW, currency="CNY")
        assert isinstance(perform(OPERATIONS[what], body, state, context), Effect)
        row = state.get(ref, kind)
        assert row is not None
        assert decode(encode(row), kind) == row
    found = state.get(ref, kind)
    assert found is not None
    return found


@given(days())
def test_the_order_of_arrival_does_not_matter(day: tuple[str, list[Deed], list[int]]) -> None:
    entity, deeds, order = day
    first, second = done(entity, deeds), done(entity, [deeds[n] for n in order])
    assert first == second
    assert encode(first) == encode(second)


@given(days())
def test_nothing_that_was_done_is_lost_and_nothing_counts_twice(day: tuple[str, list[Deed], list[int]]) -> None:
    entity, deeds, _ = day
    row: Any = done(entity, [*deeds, *deeds])
    assert sorted(step.op_id for step in row.history) == sorted(op_id for _, _, op_id, _, _ in deeds)
    assert row == done(entity, deeds)


@given(days())
def test_taking_the_last_step_back_leaves_what_was_before_it(day: tuple[str, list[Deed], list[int]]) -> None:
    entity, deeds, _ = day
    assume(len(deeds) > 1)
    *before, (kind, body, op_id, guide, _) = deeds
    last: Any = body
    assume(getattr(last, "what", "") != "undo")
    later = "2026-11-21T10:00:00.000Z"
    words: dict[str, Any] = {"step_id": uid(900), "member_id": MEMBER, "what": "undo", "undoes": last.step_id}
    undo: Body = (
        StepTicket(ticket_id=ROW, **words)
        if entity == "ticket"
        else SettlePromise(promise_id=ROW, on="2026-11-30", **words)
    )
    was: Any = done(entity, before)
    known = {step.undoes for step in was.history} | {step.id for step in was.history}
    assume(last.step_id not in known)
    undone = (f"{entity}.{'step' if entity == 'ticket' else 'settle'}", undo, uid(901), guide, later)
    now: Any = done(entity, [*before, (kind, body, op_id, guide, later), undone])
    names = ("state", "guide_id", *(("rating", "raised_by") if entity == "ticket" else ("settled_on", "made_by")))
    assert [getattr(now, name) for name in names] == [getattr(was, name) for name in names]
