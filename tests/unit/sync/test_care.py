"""Comparing with HQ while nothing else is to do: what is asked, what is mended, and what only puts it off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from guide_app.domain.errors import NoNetwork
from sync.care import AT_ONCE, FIRST_S, FIRST_SPREAD_S, LOOK_EVERY_S
from sync.ports import Care
from sync.protocol.digest import bucket
from sync.protocol.messages import Row, VerifyRequest, VerifyResponse
from sync.remote import HqBusy, HqRefused
from tests.ops import new_id
from tests.unit.sync.test_engine import Rig
from tests.virtual_time import until

pytestmark = pytest.mark.asyncio
SUMS = ["0" * 16] * 256


@pytest.fixture
def rig() -> Rig:
    made = Rig()
    made.enrolled()
    return made


def row_in(place: int, scope: str = "s") -> Row:
    row_id = next(id_ for id_ in iter(new_id, "") if bucket("talk", id_) == place)
    return Row(s=scope, q=1, e="talk", id=row_id, v=1, o="put")


def _asked_more(rig: Rig, before: int) -> bool:
    return len(rig.hq.questions) > before


async def cared_for(rig: Rig, calls: Callable[[], bool]) -> None:
    """Runs the engine until it had time to compare, and what was to come of it did."""
    async with rig.running():
        await rig.settled("idle")
        rig.store.calls.clear()
        assert not rig.hq.questions, "not before its time"
        rig.time.advance(FIRST_S + FIRST_SPREAD_S)
        await rig.next_round()
        await until(calls, f"{rig.store.calls}, {rig.hq.questions}")


async def test_it_begins_some_time_after_a_start_and_looks_again_later(rig: Rig) -> None:
    rig.store.due = [Care(compare=True, bucket=None, scopes={"s": 4})]
    await cared_for(rig, lambda: "cared compared" in rig.store.calls)
    assert rig.store.calls == ["cared compared"]
    assert rig.hq.questions == []


@pytest.mark.expects_log
async def test_where_a_digest_differs_only_the_differing_buckets_are_mended(rig: Rig) -> None:
    rig.store.due = [Care(compare=True, bucket=None, scopes={"s": 4})]
    rig.store.differ = [("s",)]
    one, two = row_in(7), row_in(9)
    rig.hq.verify_script = [
        VerifyResponse(status="ok", buckets=[7, 9, 11], rows=[one], next="7.1"),
        VerifyResponse(status="ok", buckets=[7, 9, 11], rows=[two]),
    ]
    await cared_for(rig, lambda: "cared compared" in rig.store.calls)
    assert rig.hq.questions == [
        VerifyRequest(scope="s", at=4, sums=SUMS),
        VerifyRequest(scope="s", at=4, sums=SUMS, from_="7.1"),
    ]
    assert rig.store.calls == [
        "mend s at 4: 7 by 1", "mend s at 4: 9 by 1", "mend s at 4: 11 by 0", "cared compared",
    ]  # fmt: skip


@pytest.mark.expects_log
async def test_a_row_that_goes_wrong_amid_the_mending_is_mended_too(rig: Rig) -> None:
    """The scope was fetched again for its sake (seed 4410)."""
    rig.store.due = [Care(compare=True, bucket=None, scopes={"s": 4})]
    rig.store.differ = [("s",), ("s",)]
    rig.hq.verify_script = [VerifyResponse(status="ok", buckets=[place]) for place in (7, 9)]
    await cared_for(rig, lambda: "cared compared" in rig.store.calls)
    assert rig.store.calls == ["mend s at 4: 7 by 0", "mend s at 4: 9 by 0", "cared compared"]


@pytest.mark.expects_log
async def test_what_differs_still_after_being_mended_twice_is_fetched_again(rig: Rig) -> None:
    rig.store.due = [Care(compare=True, bucket=None, scopes={"s": 4})]
    rig.store.differ = [("s",), ("s",), ("s",)]
    rig.hq.verify_script = [VerifyResponse(status="ok", buckets=[place]) for place in (7, 9)]
    await cared_for(rig, lambda: "cared compared" in rig.store.calls)
    assert rig.store.calls[-2:] == ["refetch s", "cared compared"]


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "said",
    [
        VerifyResponse(status="ok", buckets=list(range(33)), rows=[row_in(0)]),
        VerifyResponse(status="ok"),
        HqRefused(404, "not_found"),
    ],
    ids=["too many", "none", "an HQ that cannot"],
)
async def test_what_cannot_be_mended_so_is_fetched_again(rig: Rig, said: VerifyResponse | Exception) -> None:
    rig.store.due = [Care(compare=True, bucket=None, scopes={"s": 4})]
    rig.store.differ = [("s",), ("s",)]
    rig.hq.verify_script = [said]
    await cared_for(rig, lambda: "cared compared" in rig.store.calls)
    assert rig.store.calls == ["refetch s", "cared compared"]


@pytest.mark.expects_log
async def test_32_buckets_are_mended_one_by_one(rig: Rig) -> None:
    rig.store.due = [Care(compare=True, bucket=None, scopes={"s": 4})]
    rig.store.differ = [("s",)]
    rig.hq.verify_script = [VerifyResponse(status="ok", buckets=list(range(32)))]
    await cared_for(rig, lambda: "cared compared" in rig.store.calls)
    assert rig.store.calls == [*(f"mend s at 4: {place} by 0" for place in range(32)), "cared compared"]


async def test_one_bucket_of_every_scope_is_fetched_whole(rig: Rig) -> None:
    rig.store.due = [Care(compare=False, bucket=3, scopes={"s": 4, "c": 9})]
    rig.store.mended = 0
    rig.hq.verify_script = [VerifyResponse(status="ok", buckets=[3]), VerifyResponse(status="ok", buckets=[3])]
    await cared_for(rig, lambda: "cared 3" in rig.store.calls)
    assert rig.hq.questions == [VerifyRequest(scope="s", at=4, bucket=3), VerifyRequest(scope="c", at=9, bucket=3)]
    assert rig.store.calls == ["mend s at 4: 3 by 0", "mend c at 9: 3 by 0", "cared 3"]


async def test_where_hq_is_busy_the_next_round_waits_too(rig: Rig) -> None:
    rig.store.due = [Care(compare=False, bucket=3, scopes={"s": 4})]
    rig.hq.verify_script = [HqBusy(40)]
    async with rig.running():
        await rig.settled("idle")
        rig.time.advance(FIRST_S + FIRST_SPREAD_S)
        await rig.next_round()
        await until(lambda: rig.time.next_in == 50.0, "40 s and half of a random half of it")
        rig.engine.nudge()
        await asyncio.sleep(0.01)
        assert rig.time.next_in == 50.0, "no write hurries it"


LATER: list[tuple[VerifyResponse | Exception, float]] = [
    (NoNetwork("no_network"), LOOK_EVERY_S),
    (HqBusy(2000), 2000),
    (VerifyResponse(status="ok", buckets=[3], rows=[row_in(4)]), LOOK_EVERY_S),
    (VerifyResponse(status="ok", buckets=[3], rows=[row_in(3, "other")]), LOOK_EVERY_S),
    (RuntimeError("a bug"), LOOK_EVERY_S),
]


@pytest.mark.expects_log
@pytest.mark.parametrize(("trouble", "seconds"), LATER)
async def test_what_does_not_go_well_is_tried_later(
    rig: Rig, trouble: VerifyResponse | Exception, seconds: float
) -> None:
    due = Care(compare=False, bucket=3, scopes={"s": 4})
    rig.store.due = [due]
    rig.hq.verify_script = [trouble]
    async with rig.running():
        await rig.settled("idle")
        rig.store.calls.clear()
        rig.time.advance(FIRST_S + FIRST_SPREAD_S)
        await rig.next_round()
        await until(lambda: len(rig.hq.questions) == 1, "a question")
        await asyncio.sleep(0.01)
        assert not rig.store.calls, "nothing is changed"
        assert rig.engine.view().problem == ""
        rig.store.due = [due]
        rig.time.advance(seconds - 40)
        await rig.next_round()
        await asyncio.sleep(0.01)
        assert len(rig.hq.questions) == 1
        rig.time.advance(60)
        await rig.next_round()
        await until(lambda: "cared 3" in rig.store.calls, "a second try")


@pytest.mark.expects_log
async def test_pages_without_end_are_let_go(rig: Rig) -> None:
    rig.store.due = [Care(compare=False, bucket=3, scopes={"s": 4})]
    rig.hq.verify_script = [VerifyResponse(status="ok", buckets=[3], next="3.1")] * 200
    await cared_for(rig, lambda: len(rig.hq.questions) >= 64)
    assert len(rig.hq.questions) < 100
    assert rig.store.calls == []


async def test_a_scope_that_moves_while_it_is_mended_is_left_for_later(rig: Rig) -> None:
    rig.store.due = [Care(compare=False, bucket=3, scopes={"s": 4})]
    rig.store.mended = None
    rig.hq.verify_script = [VerifyResponse(status="ok", buckets=[3])]
    await cared_for(rig, lambda: "mend s at 4: 3 by 0" in rig.store.calls)
    assert "cared 3" not in rig.store.calls


async def test_a_scope_that_moved_is_fetched_and_compared_right_behind_that_but_not_for_ever(rig: Rig) -> None:
    rig.store.due = [Care(compare=False, bucket=3, scopes={"s": 4})] * 9
    rig.hq.verify_script = [VerifyResponse(status="moved")] * 9
    async with rig.running():
        await rig.settled("idle")
        rig.store.calls.clear()
        rig.time.advance(FIRST_S + FIRST_SPREAD_S)
        for _ in range(AT_ONCE):
            before = len(rig.hq.questions)
            await rig.next_round()
            await until(partial(_asked_more, rig, before), "a question")
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        assert (rig.time.next_in or 0) > 1, "no hurry any more"


async def test_a_round_does_not_wait_for_a_comparison(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asyncio.Event()

    async def silent(*_: object) -> VerifyResponse:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("it never answers")

    verify: Callable[..., Awaitable[VerifyResponse]] = silent
    monkeypatch.setattr(rig.hq, "verify", verify)
    rig.store.due = [Care(compare=False, bucket=3, scopes={"s": 4})] * 9
    async with rig.running():
        await rig.settled("idle")
        rig.store.calls.clear()
        rig.time.advance(FIRST_S + FIRST_SPREAD_S)
        await rig.next_round()
        await asyncio.wait_for(asked.wait(), 5)
        rig.store.pending = ["a"]
        rig.engine.nudge()
        await until(lambda: (rig.time.next_in or 9) < 1, "a hurry")
        await rig.next_round()
        assert rig.store.pending == []
    assert len(asyncio.all_tasks()) == 1
