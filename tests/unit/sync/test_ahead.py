"""The next page is asked for while the last one is written; what does not fit is thrown away."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from guide_app.domain.errors import NoNetwork
from sync.ahead import Ahead
from sync.ports import Outgoing
from sync.protocol.messages import Batch, Grant, Row, ScopeState, SyncResponse
from sync.remote import HqBusy, Received

pytestmark = pytest.mark.asyncio
OUT = Outgoing(incarnation="i", epoch="e", next_seq=1, ops=(), after={"s": 0, "c": 7}, forked_from="j")
FIRST = SyncResponse(
    batch=Batch(status="ok", last_seq=0), server_time="", next_sync_after_ms=0, authorised_until="",
    rows=[Row(s="s", q=q, e="member", id=f"m{q}", v=1, o="put", d=msgspec.Raw(b"{}")) for q in (3, 4)],
    scopes={"s": ScopeState(head=9, floor=0, digest="", more=True), "c": ScopeState(head=8, floor=0, digest="")},
)  # fmt: skip
change = msgspec.structs.replace
NEXT = change(OUT, after={"s": 4, "c": 8}, forked_from=None)


class Line:
    """Answers each question, or fails; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Outgoing] = []
        self.fails = False

    async def ask(self, out: Outgoing) -> Received:
        self.asked.append(out)
        if self.fails:
            raise NoNetwork("no_network")
        return Received(FIRST, len(self.asked))


async def test_the_next_page_comes_while_the_last_one_is_written() -> None:
    line = Line()
    ahead = Ahead(line.ask)
    ahead.ask_on(OUT, FIRST)
    await asyncio.sleep(0)
    assert line.asked == [NEXT]
    assert (await ahead.answer(NEXT)).size == 1
    assert line.asked == [NEXT]
    assert (await ahead.answer(NEXT)).size == 2, "an answer is used once"


async def test_an_answer_to_another_question_is_thrown_away() -> None:
    line = Line()
    ahead = Ahead(line.ask)
    ahead.ask_on(OUT, FIRST)
    await asyncio.sleep(0)
    with_an_op = change(NEXT, ops=(msgspec.Raw(b"{}"),))
    assert (await ahead.answer(with_an_op)).size == 2
    assert line.asked == [NEXT, with_an_op]


async def test_a_time_that_hq_named_to_what_was_asked_ahead_holds_for_what_is_asked_next() -> None:
    """Seed 17907: a guide's work came meanwhile, and the round went on at once."""

    async def busy(out: Outgoing) -> Received:
        raise HqBusy(5.0)

    ahead = Ahead(busy)
    ahead.ask_on(OUT, FIRST)
    await asyncio.sleep(0)
    line = Line()
    ahead._ask = line.ask
    with pytest.raises(HqBusy):
        await ahead.answer(change(NEXT, ops=(msgspec.Raw(b"{}"),)))
    assert line.asked == []


@pytest.mark.parametrize("used", [True, False])
async def test_a_failure_is_told_to_whom_it_concerns(used: bool) -> None:
    line = Line()
    line.fails = True
    ahead = Ahead(line.ask)
    ahead.ask_on(OUT, FIRST)
    await asyncio.sleep(0)
    if used:
        with pytest.raises(NoNetwork):
            await ahead.answer(NEXT)
    line.fails = False
    assert (await ahead.answer(OUT)).size == 2


@pytest.mark.parametrize(
    "answer",
    [
        change(FIRST, batch=Batch(status="gap", last_seq=3)),
        change(FIRST, grants=[Grant(scope="s", kind="store", name="")]),
        change(FIRST, min_app="9.0"),
        change(FIRST, scopes={"s": ScopeState(head=9, floor=0, digest="")}),
        change(FIRST, scopes={**FIRST.scopes, "c": ScopeState(head=9, floor=0, digest="", refetch=True)}),
    ],
)
async def test_nothing_is_asked_where_the_next_question_is_not_sure(answer: SyncResponse) -> None:
    line = Line()
    Ahead(line.ask).ask_on(OUT, answer)
    Ahead(line.ask).ask_on(change(OUT, ops=(msgspec.Raw(b"{}"),)), FIRST)
    await asyncio.sleep(0)
    assert line.asked == []


async def test_the_end_leaves_nothing_under_way() -> None:
    never = asyncio.Event()

    async def ask(_: Outgoing) -> Received:
        await never.wait()
        raise AssertionError

    ahead = Ahead(ask)
    ahead.ask_on(OUT, FIRST)
    await asyncio.sleep(0)
    await ahead.end()
    assert asyncio.all_tasks() == {asyncio.current_task()}
