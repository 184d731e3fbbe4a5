"""Tickets and promises: what each step makes of them, and what the tablet does not let a guide do twice."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.records import MemberAlias, Promise, Ref, Ticket
from guide_app.operations import OPERATIONS, Context, Effect, Refusal, Snapshot, perform
from guide_app.operations.base import Body
from guide_app.operations.service import MakePromise, RaiseTicket, SettlePromise, StepTicket
from tests.unit.guide_app.operations.kit import GUIDE, MEMBER, NOW, ORDER, OTHER, PRODUCT, STORE, TALK

TICKET = Ref("ticket", TALK)
PROMISE = Ref("promise", TALK)


def uid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012d}"


class Day:
    """Steps at one o'clock, two o'clock and so on, each with an id of its own."""

    def __init__(self, aliases: dict[str, str] | None = None) -> None:
        self.state = Snapshot({Ref("member", MEMBER): None, TICKET: None, PROMISE: None}, aliases)
        self.hour = 0

    def do(self, kind: str, body: Body, guide_id: str = GUIDE) -> None:
        self.hour += 1
        at = f"2026-11-21T0{self.hour}:00:00.000Z"
        context = Context(
            op_id=uid(100 + self.hour), store_id=STORE, guide_id=guide_id, made_at=at, now=NOW, currency="CNY"
        )
        assert isinstance(perform(OPERATIONS[kind], body, self.state, context), Effect)

    def ticket(self) -> Ticket:
        found = self.state.get(TICKET, Ticket)
        assert found is not None
        return found

    def promise(self) -> Promise:
        found = self.state.get(PROMISE, Promise)
        assert found is not None
        return found

    def refused(self, kind: str, body: Body) -> Refusal | None:
        return OPERATIONS[kind].guard(body, self.state, None)


def raised(**more: Any) -> RaiseTicket:
    fields: dict[str, Any] = {"step_id": uid(1), "kind": "complaint", "number": "101AB7K00503", "words": "zip", **more}
    return RaiseTicket(ticket_id=TALK, member_id=MEMBER, **fields)


def step(what: Any, n: int, **more: Any) -> StepTicket:
    return StepTicket(ticket_id=TALK, step_id=uid(n), member_id=MEMBER, what=what, **more)


def made(**more: Any) -> MakePromise:
    fields: dict[str, Any] = {"step_id": uid(1), "kind": "hold", "due_on": "2026-11-27", "words": "blue", **more}
    return MakePromise(promise_id=TALK, member_id=MEMBER, **fields)


def settled(what: Any, n: int, **more: Any) -> SettlePromise:
    return SettlePromise(promise_id=TALK, step_id=uid(n), member_id=MEMBER, what=what, on="2026-11-28", **more)


def test_a_ticket_goes_from_hand_to_hand_and_is_solved_and_rated() -> None:
    day = Day()
    day.do("ticket.raise", raised(order_id=ORDER, product_id=PRODUCT))
    ticket = day.ticket()
    assert (ticket.state, ticket.guide_id, ticket.raised_by, ticket.number) == ("open", GUIDE, GUIDE, "101AB7K00503")
    assert (ticket.member_id, ticket.order_id, ticket.product_id, ticket.words) == (MEMBER, ORDER, PRODUCT, "zip")
    day.do("ticket.step", step("assign", 2, to=OTHER))
    assert day.ticket().guide_id == OTHER
    day.do("ticket.step", step("note", 3, words="asked the tailor"), OTHER)
    day.do("ticket.step", step("solve", 4, words="new zip"), OTHER)
    assert day.ticket().state == "solved"
    day.do("ticket.step", step("rate", 5, rating=5))
    day.do("ticket.step", step("reopen", 6))
    assert (day.ticket().state, day.ticket().rating) == ("open", 5)
    assert [one.what for one in day.ticket().history] == ["raise", "assign", "note", "solve", "rate", "reopen"]
    assert day.ticket().changed_at == "2026-11-21T06:00:00.000Z"


def test_who_raises_it_may_give_it_to_a_colleague_at_once() -> None:
    day = Day()
    day.do("ticket.raise", raised(to=OTHER))
    assert (day.ticket().guide_id, day.ticket().raised_by) == (OTHER, GUIDE)


def test_each_step_is_taken_back_by_who_took_it_and_leaves_all_as_it_was() -> None:
    day = Day()
    day.do("ticket.raise", raised())
    day.do("ticket.step", step("assign", 2, to=OTHER))
    before = day.ticket()
    day.do("ticket.step", step("solve", 3))
    day.do("ticket.step", step("undo", 4, undoes=uid(3)), OTHER)
    assert day.ticket().state == "solved", "a colleague's word is theirs"
    day.do("ticket.step", step("undo", 5, undoes=uid(3)))
    after = day.ticket()
    assert (after.state, after.guide_id, after.rating) == (before.state, before.guide_id, before.rating)
    day.do("ticket.step", step("undo", 6, undoes=uid(1)))
    assert day.ticket().state == "void"
    assert len(day.ticket().history) == 6, "what was done is never forgotten"


def test_a_step_that_came_before_its_ticket_waits_for_it_unseen() -> None:
    day = Day()
    day.do("ticket.step", step("assign", 2, to=OTHER))
    assert (day.ticket().state, day.ticket().member_id) == ("void", MEMBER)
    day.do("ticket.raise", raised())
    assert (day.ticket().state, day.ticket().guide_id, day.ticket().words) == ("open", OTHER, "zip")


def test_a_second_beginning_changes_nothing_of_the_first() -> None:
    day = Day()
    day.do("ticket.raise", raised())
    day.do("ticket.raise", raised(words="other words", step_id=uid(2)), OTHER)
    assert (day.ticket().words, day.ticket().raised_by) == ("zip", GUIDE)
    day.do("promise.make", made())
    day.do("promise.make", made(due_on="2027-01-01", step_id=uid(4)), OTHER)
    assert (day.promise().due_on, day.promise().made_by) == ("2026-11-27", GUIDE)


def test_a_promise_is_kept_and_that_is_taken_back() -> None:
    day = Day()
    day.do("promise.make", made(product_id=PRODUCT, quantity=2))
    promise = day.promise()
    assert (promise.state, promise.guide_id, promise.due_on, promise.quantity) == ("open", GUIDE, "2026-11-27", 2)
    day.do("promise.settle", settled("kept", 2), OTHER)
    assert (day.promise().state, day.promise().settled_on, day.promise().guide_id) == ("kept", "2026-11-28", GUIDE)
    day.do("promise.settle", settled("undo", 3, undoes=uid(2)), OTHER)
    assert (day.promise().state, day.promise().settled_on) == ("open", "")
    day.do("promise.settle", settled("broken", 4))
    day.do("promise.settle", settled("dropped", 5))
    assert day.promise().state == "dropped"
    day.do("promise.settle", settled("undo", 6, undoes=uid(1)))
    assert day.promise().state == "void"


def test_they_follow_a_merge() -> None:
    day = Day({MEMBER: OTHER})
    day.state.load({Ref("member", OTHER): None})
    day.do("ticket.raise", raised())
    day.do("promise.make", made())
    assert (day.ticket().member_id, day.promise().member_id) == (OTHER, OTHER)
    assert MemberAlias(member_id=OTHER).member_id == OTHER


@pytest.mark.parametrize(
    ("before", "again"),
    [
        ((), step("reopen", 9)),
        ((), step("rate", 9, rating=5)),
        ((step("solve", 2),), step("solve", 9)),
        ((step("note", 2), step("undo", 3, undoes=uid(2))), step("undo", 9, undoes=uid(2))),
        ((), step("undo", 9, undoes=uid(8))),
    ],
)
def test_the_tablet_stops_a_second_tap_on_a_ticket(before: tuple[StepTicket, ...], again: StepTicket) -> None:
    day = Day()
    day.do("ticket.raise", raised())
    for one in before:
        day.do("ticket.step", one)
    assert day.refused("ticket.step", again) == Refusal("rejected", "moved_on")
    assert day.refused("ticket.step", step("note", 9)) is None


def test_the_tablet_stops_a_second_tap_on_a_promise() -> None:
    day = Day()
    day.do("promise.make", made())
    assert day.refused("promise.settle", settled("kept", 9)) is None
    day.do("promise.settle", settled("kept", 2))
    assert day.refused("promise.settle", settled("kept", 9)) == Refusal("rejected", "moved_on")
    assert day.refused("promise.settle", settled("undo", 9, undoes=uid(2))) is None
    assert day.refused("promise.settle", settled("undo", 9, undoes=uid(7))) == Refusal("rejected", "moved_on")


@pytest.mark.parametrize("body", [raised(), step("note", 2), made(), settled("kept", 2)])
def test_nothing_is_left_of_them_without_the_person(body: Body) -> None:
    kind = {RaiseTicket: "ticket.raise", StepTicket: "ticket.step", MakePromise: "promise.make"}
    operation = OPERATIONS[kind.get(type(body), "promise.settle")]
    assert operation.persons(body) == (MEMBER,)
    assert operation.without_person(body) is None
