"""A full or failing disk: "not saved", in words; nothing changed; room kept for what guides made."""

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.errors import Defect, NotSaved, StoreUnusable
from local_store.connection import prepare, problem_of, told
from local_store.transaction import Ballast, transaction
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import KEY, PHONES, Bench, member, sign_up


async def fill(bench: Bench, pages: int = 0) -> None:
    """Lets the file grow by no more than so many pages."""

    def job(connection: sqlite.Connection) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    await bench.store.sync._base.workers.write(job)


@pytest.mark.asyncio
async def test_nothing_changes_when_the_disk_is_full(bench: Bench) -> None:
    await fill(bench)
    said: list[str] = []

    async def go_on() -> None:
        for n in range(100):
            await bench.do(sign_up(uuid(), PHONES[n]))
            said.append("saved")

    with pytest.raises(NotSaved, match="disk_full"):
        await go_on()
    saved = len(said)
    assert bench.sql("SELECT count(*) FROM outbox") == [(saved,)]
    assert bench.sql("SELECT count(*) FROM member") == [(saved,)]
    assert bench.sql("SELECT value FROM meta WHERE key = 'next_seq'") == [(str(saved + 1),)]
    await fill(bench, 1000)
    await bench.do(sign_up(uuid(), PHONES[99]))
    await bench.drain()


@pytest.mark.asyncio
async def test_an_answer_that_finds_no_room_is_not_taken_in_part(bench: Bench) -> None:
    for n in range(300):
        bench.hq.publish("member", uuid(), member(phone=f"+86139{n:08d}"))
    before = bench.sql("SELECT scope, seq FROM scope")
    await fill(bench)
    with pytest.raises(NotSaved):
        await bench.round()
    assert bench.path.with_name("store.db.ballast").exists()
    assert bench.sql("SELECT scope, seq FROM scope") == before
    assert bench.sql("SELECT count(*) FROM member") == [(0,)]
    await fill(bench, 1000)
    await bench.drain()
    assert await bench.store.members.count() == 300


@pytest.mark.asyncio
async def test_the_reserve_is_given_back_once_and_the_operation_saved(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = bench.store.sync._base
    real = base.ballast.release

    def release() -> bool:
        connection = base.workers._writer._connection
        connection.execute("PRAGMA max_page_count = 100000")
        return real()

    monkeypatch.setattr(base.ballast, "release", release)
    await fill(bench)
    for n in range(100):
        await bench.do(sign_up(uuid(), PHONES[n]))
    assert bench.sql("SELECT count(*) FROM outbox") == [(100,)]
    assert not bench.path.with_name("store.db.ballast").exists()
    await bench.store.sync.tidy()
    assert bench.path.with_name("store.db.ballast").exists()


def test_the_ballast_takes_room_only_where_there_is_enough(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "b", size=1000)
    assert ballast.fill()
    assert ballast.fill()
    assert (tmp_path / "b").stat().st_size == 1000
    assert ballast.release()
    assert not ballast.release()
    assert not Ballast(tmp_path / "b", size=1 << 60).fill()
    assert not Ballast(tmp_path / "none" / "b", size=10).fill()


def test_a_transaction_rolls_back_on_any_error(tmp_path: Path) -> None:
    connection = prepare(tmp_path / "a.db", KEY, cache_mb=1)

    def work() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO meta (key, value) VALUES ('a', 'b')")
            raise Defect("x")

    with pytest.raises(Defect):
        work()
    assert connection.execute("SELECT count(*) FROM meta WHERE key <> 'pages_clean'").fetchone() == (0,)
    connection.close()


def test_errors_of_the_database_are_told_by_their_kind() -> None:
    def error(name: str) -> sqlite.OperationalError:
        made = sqlite.OperationalError("x")
        made.sqlite_errorname = name  # type: ignore[attr-defined]  # set by the library on what it raises
        return made

    assert isinstance(problem_of(error("SQLITE_IOERR_WRITE")), NotSaved)
    locks = problem_of(error("SQLITE_PROTOCOL"))  # what a disk that fails while the log is opened makes SQLite say
    assert isinstance(locks, NotSaved)
    assert locks.code == "disk_failed"
    assert isinstance(problem_of(error("SQLITE_CORRUPT_VTAB")), StoreUnusable)
    assert problem_of(error("SQLITE_ERROR")) is None
    with pytest.raises(sqlite.OperationalError), told():
        raise error("SQLITE_ERROR")
