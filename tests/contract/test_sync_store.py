"""What the sync engine may rely on: the port `sync.ports.SyncStore`, held on the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from sync.ports import SyncStore
from sync.protocol.messages import EnrolResponse, Grant, ScopeState, SyncResponse
from tests.unit.local_store.fake_hq import AUTHORISED, NOW, STORE, FakeHq, uuid
from tests.unit.local_store.kit import Bench, furnish, talk

pytestmark = pytest.mark.asyncio


class Held:
    """A store under the contract, with the HQ that answers it."""

    def __init__(self, store: SyncStore, hq: FakeHq) -> None:
        self.store, self.hq = store, hq

    async def enrol(self) -> EnrolResponse:
        """Enrols; nothing is loaded yet."""
        answer = self.hq.enrolment()
        await self.store.enrolled("https://hq.example", "Counter 1", answer)
        return answer


@pytest_asyncio.fixture
async def held(tmp_path: Path) -> AsyncIterator[Held]:
    bench = Bench(tmp_path / "store.db")
    furnish(bench.hq)
    yield Held(bench.store.sync, bench.hq)
    bench.store.close()


async def test_before_enrolment_there_is_no_device(held: Held) -> None:
    assert await held.store.device() is None


async def test_enrolment_makes_a_device_that_has_nothing_yet(held: Held) -> None:
    answer = await held.enrol()
    device = await held.store.device()
    assert device is not None
    assert (device.device_id, device.store_id, device.epoch) == (answer.device_id, answer.store_id, answer.epoch)
    assert device.hq_url == "https://hq.example"
    out = await held.store.outgoing()
    assert (out.ops, out.next_seq, out.more) == ((), 1, False)
    assert out.after == {grant.scope: 0 for grant in answer.grants}
    assert (await held.store.load_state()).bootstrap == "loading"


async def test_a_first_load_ends_with_its_last_page_and_is_then_to_be_finished(held: Held) -> None:
    await held.enrol()
    loaded = False
    for _ in range(100):
        sent = await held.store.outgoing()
        taken = await held.store.take(sent, held.hq.sync(sent, most=3))
        assert taken.more != taken.loaded
        loaded = taken.loaded
        if loaded:
            break
    assert loaded
    state = await held.store.load_state()
    assert (state.bootstrap, state.done) == ("indexing", state.total)
    await held.store.finish_loading()
    await held.store.finish_loading()
    assert (await held.store.load_state()).bootstrap == "ready"
    assert (await held.store.outgoing()).after == held.hq.heads


async def test_enrolling_again_is_another_incarnation(held: Held) -> None:
    await held.enrol()
    first = (await held.store.outgoing()).incarnation
    await held.enrol()
    assert (await held.store.outgoing()).incarnation != first


async def test_cursors_follow_the_pages_exactly(held: Held) -> None:
    await held.enrol()
    sent = await held.store.outgoing()
    answer = held.hq.sync(sent, most=2)
    await held.store.take(sent, answer)
    after = (await held.store.outgoing()).after
    last = {row.s: row.q for row in answer.rows}
    for scope, state in answer.scopes.items():
        assert after[scope] == (last.get(scope, 0) if state.more else state.head)


async def test_no_rows_leave_the_cursors_where_they_are(held: Held) -> None:
    await held.enrol()
    sent = await held.store.outgoing()
    taken = await held.store.take(sent, held.hq.sync(sent, most=0))
    assert taken.more
    assert set((await held.store.outgoing()).after.values()) == {0}


async def test_the_same_answer_twice_is_taken_once(held: Held) -> None:
    await held.enrol()
    sent = await held.store.outgoing()
    answer = held.hq.sync(sent)
    assert (await held.store.take(sent, answer)).rows == len(answer.rows)
    assert (await held.store.take(sent, answer)).rows == 0


async def test_a_fork_begins_anew_and_says_from_whom(held: Held) -> None:
    await held.enrol()
    sent = await held.store.outgoing()
    await held.store.take(sent, held.hq.sync(sent))
    await held.store.fork()
    out = await held.store.outgoing()
    assert out.incarnation != sent.incarnation
    assert out.forked_from == sent.incarnation
    assert set(out.after.values()) == {0}
    assert (await held.store.take(sent, held.hq.sync(sent))).stale


async def test_a_new_epoch_is_told_from_then_on(held: Held) -> None:
    await held.enrol()
    await held.store.new_epoch("e2", 0, {STORE: ScopeState(head=1, floor=0, digest="0" * 16)})
    assert (await held.store.outgoing()).epoch == "e2"


async def test_grants_that_change_change_what_is_asked(held: Held) -> None:
    await held.enrol()
    sent = await held.store.outgoing()
    grants = [*held.hq.grants[:1], Grant(scope="r1", kind="region", name="Region")]
    answer = msgspec.structs.replace(held.hq.sync(sent), grants=grants)
    assert (await held.store.take(sent, answer)).granted
    assert set((await held.store.outgoing()).after) == {STORE, "r1"}


async def test_what_hq_says_of_time_and_right_is_kept(held: Held) -> None:
    await held.enrol()
    sent = await held.store.outgoing()
    plain = SyncResponse(
        batch=held.hq.sync(sent).batch, server_time=NOW, next_sync_after_ms=1, authorised_until=AUTHORISED
    )
    await held.store.take(sent, plain)
    await held.store.set_clock_offset(4321)
    device = await held.store.device()
    assert device is not None
    assert (device.offset_ms, device.authorised_until) == (4321, AUTHORISED)


async def test_a_digest_that_is_not_hqs_is_found_and_the_scope_fetched_again(held: Held) -> None:
    await held.enrol()
    sent = await held.store.outgoing()
    answer = held.hq.sync(sent)
    wrong = {**answer.scopes, STORE: msgspec.structs.replace(answer.scopes[STORE], digest="f" * 16)}
    await held.store.take(sent, msgspec.structs.replace(answer, scopes=wrong))
    assert await held.store.differing() == (STORE,)
    await held.store.refetch((STORE,))
    assert await held.store.differing() == ()
    assert (await held.store.outgoing()).after[STORE] == 0
    again = await held.store.outgoing()
    await held.store.take(again, held.hq.sync(again))
    assert await held.store.differing() == ()


async def test_operations_go_out_in_order_until_they_are_answered(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "other.db")
    await bench.enrol()
    for _ in range(3):
        await bench.do(talk(uuid(), uuid()))
    first = await bench.store.sync.outgoing()
    assert first.ops == (await bench.store.sync.outgoing()).ops
    assert first.next_seq == 4
    taken = await bench.store.sync.take(first, bench.hq.sync(first))
    assert taken.closed == 3
    assert (await bench.store.sync.outgoing()).ops == ()
    assert await bench.store.sync.tidy() == 0
    bench.store.close()
