"""Tickets and promises as the pages read them; the tickets of a member wherever the member is shown."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.promises import Tally
from guide_app.domain.records import MemberAlias
from guide_app.domain.tickets import Score
from guide_app.operations.service import MakePromise, RaiseTicket, SettlePromise, StepTicket
from guide_app.services.ports.writing import Draft
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, PHONES, Bench, member, sign_up

pytestmark = pytest.mark.asyncio
OTHER = "00000000-0000-4000-8000-0000000000b2"


def raised(member_id: str, ticket_id: str, number: str = "101AB7K00503", **more: Any) -> Draft:
    fields: dict[str, Any] = {"step_id": uuid(), "kind": "complaint", "number": number, "words": "zip", **more}
    return Draft(kind="ticket.raise", body=RaiseTicket(ticket_id=ticket_id, member_id=member_id, **fields))


def stepped(member_id: str, ticket_id: str, what: Any, **more: Any) -> Draft:
    body = StepTicket(ticket_id=ticket_id, member_id=member_id, step_id=uuid(), what=what, **more)
    return Draft(kind="ticket.step", body=body)


def promised(member_id: str, promise_id: str, due_on: str = "2026-11-21") -> Draft:
    body = MakePromise(promise_id=promise_id, member_id=member_id, step_id=uuid(), kind="hold", due_on=due_on)
    return Draft(kind="promise.make", body=body)


def settled(member_id: str, promise_id: str, what: Any, on: str = "2026-11-21") -> Draft:
    body = SettlePromise(promise_id=promise_id, member_id=member_id, step_id=uuid(), what=what, on=on)
    return Draft(kind="promise.settle", body=body)


async def test_tickets_are_listed_by_state_hand_member_number_and_name(bench: Bench) -> None:
    who, other, mine, theirs, over = uuid(), uuid(), uuid(), uuid(), uuid()
    await bench.do(sign_up(who, PHONES[0], "陈静"), sign_up(other, PHONES[1], "王芳", number="N2"))
    await bench.do(raised(who, mine), raised(other, theirs, "101AB7K00511", to=OTHER))
    await bench.do(raised(who, over, "101AB7K00529"), stepped(who, over, "solve"))
    read = bench.store.service
    assert {row.id for row in await read.tickets()} == {mine, theirs, over}
    assert {row.id for row in await read.tickets(state="open")} == {mine, theirs}
    assert [row.id for row in await read.tickets(state="open", guide_id=GUIDE)] == [mine]
    assert {row.id for row in await read.tickets(member_id=who)} == {mine, over}
    assert [row.id for row in await read.tickets(text="101-ab7k-0051")] == [theirs]
    assert [row.id for row in await read.tickets(text="wangfang")] == [theirs]
    assert await read.tickets(text="nobody") == []
    assert await read.open_tickets(GUIDE) == (1, 2)
    row = await read.ticket(mine)
    assert row is not None
    assert row.member is not None
    assert (row.member.name, row.waiting, row.ticket.words) == ("陈静", True, "zip")
    found = await read.ticket_numbered("101-AB7K-0050-3")
    assert found is not None
    assert found.id == mine
    assert await read.ticket_numbered("101AB7K00999") is None
    assert await read.ticket_numbered("") is None
    assert await read.ticket(uuid()) is None
    await bench.drain()
    row = await read.ticket(mine)
    assert row is not None
    assert not row.waiting


async def test_tickets_are_found_by_what_was_said(bench: Bench) -> None:
    who, zip_, stroller, taken_back = uuid(), uuid(), uuid(), uuid()
    await bench.do(sign_up(who, PHONES[0], "陈静"))
    await bench.do(
        raised(who, zip_, words="The Zip of the blue coat broke"),
        raised(who, stroller, "101AB7K00511", words="推车轮子响，100% 都响"),
    )
    step = uuid()
    await bench.do(raised(who, taken_back, "101AB7K00529", words="zip", step_id=step))
    await bench.do(stepped(who, taken_back, "undo", undoes=step))

    async def found(text: str) -> list[str]:
        return [row.id for row in await bench.store.service.tickets(text=text)]

    assert [await found(text) for text in ("zip", "BROKE coat", "轮子", "% 都")] == [
        [zip_], [zip_], [stroller], [stroller],
    ]  # fmt: skip
    assert [await found(text) for text in ("zip wheel", "b_ue", "%")] == [[], [], [stroller]], "no sign stands for any"


async def test_an_unsolved_ticket_shows_wherever_the_member_does(bench: Bench) -> None:
    who, ticket = uuid(), uuid()
    await bench.do(sign_up(who, PHONES[0], "陈静"))
    await bench.do(raised(who, ticket))
    members = bench.store.members

    async def shown() -> list[int]:
        view = await members.get(who)
        assert view is not None
        by_phone = await members.by_phone(view.member.phone)
        listed, found = await members.search(""), await members.search("陈静")
        assert by_phone is not None
        return [view.tickets, by_phone.tickets, listed[0].tickets, found[0].tickets]

    assert await shown() == [1, 1, 1, 1]
    await bench.do(stepped(who, ticket, "solve"))
    assert await shown() == [0, 0, 0, 0]
    await bench.do(stepped(who, ticket, "reopen"))
    assert await shown() == [1, 1, 1, 1]


async def test_a_ticket_of_a_merged_member_is_the_survivors(bench: Bench) -> None:
    gone, between, kept, ticket = uuid(), uuid(), uuid(), uuid()
    bench.hq.publish("member", kept, member("王芳", PHONES[1]))
    await bench.drain()
    await bench.do(raised(gone, ticket), promised(gone, uuid()))
    await bench.drain()
    bench.hq.publish("member_alias", gone, MemberAlias(member_id=between))
    bench.hq.publish("member_alias", between, MemberAlias(member_id=kept))
    await bench.drain()
    (row,) = await bench.store.members.search("")
    assert (row.id, row.tickets) == (kept, 1)
    assert [one.id for one in await bench.store.service.tickets(member_id=kept)] == [ticket]
    assert [one.id for one in await bench.store.service.tickets(member_id=gone)] == [ticket]
    assert len(await bench.store.service.promises(member_id=kept)) == 1


async def test_open_promises_of_every_guide_stand_by_their_day(bench: Bench) -> None:
    who, late, soon, later, done = (uuid() for _ in range(5))
    await bench.do(sign_up(who, PHONES[0], "陈静"))
    await bench.do(promised(who, soon), promised(who, late, "2026-11-02"), promised(who, later, "2026-12-24"))
    await bench.do(promised(who, done), settled(who, done, "kept"))
    read = bench.store.service
    assert [row.id for row in await read.promises()] == [late, soon, later]
    assert [row.id for row in await read.promises(until_day="2026-11-21")] == [late, soon]
    assert [row.id for row in await read.promises(member_id=who, limit=1)] == [late]
    row = await read.promise(done)
    assert row is not None
    assert (row.promise.state, row.promise.settled_on, row.waiting) == ("kept", "2026-11-21", True)
    assert await read.promise(uuid()) is None


async def test_promises_are_counted_per_guide_and_for_the_shop(bench: Bench) -> None:
    who, kept, late, broken, old = (uuid() for _ in range(5))
    await bench.do(sign_up(who, PHONES[0], "陈静"))
    await bench.do(promised(who, kept), promised(who, late, "2026-11-02"), promised(who, broken))
    await bench.do(promised(who, old, "2020-01-01"), promised(who, uuid(), "2026-12-24"))
    await bench.do(settled(who, kept, "kept"), settled(who, broken, "broken"))
    figures = Tally(open=1, kept=1, late=1, broken=1)
    assert await bench.store.service.kept(since_day="2026-08-24", today="2026-11-21") == {"": figures, GUIDE: figures}


async def test_tickets_are_counted_by_whose_hand_they_are_in(bench: Bench) -> None:
    who, mine, theirs, over = uuid(), uuid(), uuid(), uuid()
    await bench.do(sign_up(who, PHONES[0], "陈静"))
    await bench.do(raised(who, mine), raised(who, theirs, "101AB7K00511", to=OTHER))
    await bench.do(raised(who, over, "101AB7K00529"), stepped(who, over, "solve"))
    await bench.do(stepped(who, over, "rate", rating=4))
    read = bench.store.service
    done = Score(solved=1, rated=1, stars=4)
    assert await read.scores(since="2000-01-01T00:00:00.000Z") == {
        "": done._replace(open=2), GUIDE: done._replace(open=1), OTHER: Score(open=1),
    }  # fmt: skip
    assert (await read.scores(since="2099-01-01T00:00:00.000Z"))[""] == Score(open=2), "open ones count however old"
