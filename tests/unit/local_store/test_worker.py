"""The threads of the store: one writes, readers never wait for it, a cancelled wait leaves no half work."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.errors import Defect, NotSaved
from guide_app.services.ports.writing import Change
from local_store.changes import Changes
from local_store.connection import connect, prepare
from local_store.worker import Workers
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import KEY, PHONES, Bench, sign_up


def workers(path: Path) -> Workers:
    """A writer and two readers of a new database."""
    writer = prepare(path, KEY, cache_mb=1)
    return Workers(writer, [connect(path, KEY, cache_mb=1, read_only=True) for _ in range(2)])


@pytest.mark.asyncio
async def test_readers_do_not_wait_for_a_write_in_progress(tmp_path: Path) -> None:
    made, goes_on = workers(tmp_path / "a.db"), threading.Event()

    def slow(connection: sqlite.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO meta (key, value) VALUES ('a', 'b')")
        assert goes_on.wait(10)
        connection.execute("COMMIT")

    def count(connection: sqlite.Connection) -> int:
        return int(connection.execute("SELECT count(*) FROM meta WHERE key = 'a'").fetchone()[0])

    writing = asyncio.ensure_future(made.write(slow))
    assert [await made.read(count) for _ in range(4)] == [0, 0, 0, 0]
    goes_on.set()
    await writing
    assert [await made.read(count) for _ in range(2)] == [1, 1]
    made.close()


@pytest.mark.asyncio
async def test_readers_cannot_write(tmp_path: Path) -> None:
    made = workers(tmp_path / "a.db")
    with pytest.raises(NotSaved, match="READONLY"):
        await made.read(lambda connection: connection.execute("DELETE FROM meta"))
    made.close()


@pytest.mark.asyncio
async def test_a_write_whose_caller_gave_up_is_whole_and_told(bench: Bench) -> None:
    heard: list[Change] = []
    bench.store.journal.subscribe(heard.append)
    member_id = uuid()
    task = asyncio.ensure_future(bench.do(sign_up(member_id, PHONES[0])))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    saved = await bench.store.members.get(member_id) is not None
    for _ in range(100):
        if saved == bool(heard):
            break
        await asyncio.sleep(0.01)
        saved = await bench.store.members.get(member_id) is not None
    assert saved == bool(heard)
    assert bench.sql("SELECT count(*) FROM outbox") == [(int(saved),)]


@pytest.mark.asyncio
async def test_a_failing_job_leaves_the_thread_alive(tmp_path: Path) -> None:
    made = workers(tmp_path / "a.db")

    def fail(connection: sqlite.Connection) -> None:
        raise Defect("x")

    with pytest.raises(Defect):
        await made.write(fail)
    assert await made.write(lambda connection: connection.execute("SELECT 7").fetchone()) == (7,)
    made.close()


@pytest.mark.asyncio
async def test_closing_ends_after_what_is_queued_and_is_final(tmp_path: Path) -> None:
    made = workers(tmp_path / "a.db")
    writing = asyncio.ensure_future(
        made.write(lambda connection: connection.execute("INSERT INTO meta (key, value) VALUES ('a', 'b')").rowcount)
    )
    await asyncio.sleep(0)
    made.close()
    assert await writing == 1
    with pytest.raises(Defect, match="closed"):
        await made.write(lambda connection: None)
    made.close()
    assert not (tmp_path / "a.db-wal").exists()


async def fill(made: Workers, writes: int) -> None:
    """Writes of at least 5 pages each, one right after the other."""

    def write(connection: sqlite.Connection) -> None:
        connection.execute("INSERT INTO draft (key, value) VALUES (?, ?)", (uuid(), bytes(20_000)))

    for _ in range(writes):
        await made.write(write)


@pytest.mark.asyncio
async def test_the_log_goes_into_the_file_once_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_store.worker.QUIET_S", 2.0)
    made, file = workers(tmp_path / "a.db"), tmp_path / "a.db"
    before = file.stat().st_size
    await fill(made, 60)
    assert file.stat().st_size == before
    for _ in range(100):
        await asyncio.sleep(0.05)
        if file.stat().st_size > before + 60 * 20_000:
            break
    assert file.stat().st_size > before + 60 * 20_000
    made.close()


@pytest.mark.asyncio
async def test_a_long_log_goes_into_the_file_while_somebody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_store.worker.QUIET_S", 60.0)
    monkeypatch.setattr("local_store.worker.MOST_LOG_PAGES", 300)
    made, file = workers(tmp_path / "a.db"), tmp_path / "a.db"
    before = file.stat().st_size
    await fill(made, 120)
    assert file.stat().st_size > before + 30 * 20_000
    assert (tmp_path / "a.db-wal").stat().st_size < 120 * 5 * 4096  # the log began anew
    made.close()


def test_a_listener_of_a_closed_loop_is_passed_over() -> None:
    changes, heard = Changes(), list[Change]()

    async def listen() -> None:
        changes.subscribe(heard.append)

    asyncio.run(listen())
    changes.tell(Change(state=True))
    assert heard == []
