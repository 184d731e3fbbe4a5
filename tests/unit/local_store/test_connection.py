"""Opening: encrypted, checked after a crash, upgraded with a copy, refused in words."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlite
from sqlite_utils import Database, Migrations

from guide_app.domain.errors import NotSaved, StoreUnusable
from local_store import connection as opening
from local_store import migrations
from local_store.connection import connect, prepare
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import KEY, PHONES, Bench, sign_up


def made(path: Path) -> Path:
    """A closed database with nothing in it."""
    prepare(path, KEY, cache_mb=1).close()
    return path


def test_the_file_is_encrypted_and_durable(tmp_path: Path) -> None:
    writer = prepare(tmp_path / "a.db", KEY, cache_mb=1)
    assert not (tmp_path / "a.db").read_bytes().startswith(b"SQLite format 3")
    assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert writer.execute("PRAGMA synchronous").fetchone() == (2,)
    assert writer.execute("PRAGMA cipher_version").fetchone()
    writer.close()


@pytest.mark.parametrize("key", [bytes(32), b"short"])
def test_a_wrong_key_is_told(tmp_path: Path, key: bytes) -> None:
    path = made(tmp_path / "a.db")
    with pytest.raises(StoreUnusable, match="wrong_key"):
        prepare(path, key, cache_mb=1)
    prepare(path, KEY, cache_mb=1).close()


def test_a_damaged_page_is_told_after_a_crash(tmp_path: Path) -> None:
    whole, path = made(tmp_path / "a.db"), tmp_path / "b.db"
    writer = connect(whole, KEY, cache_mb=1)
    writer.execute("CREATE TABLE x (y)")
    data = bytearray(whole.read_bytes())
    data[4096 * 3 : 4096 * 5] = bytes(4096 * 2)
    path.write_bytes(data)
    # A crash leaves a log behind.
    shutil.copyfile(f"{whole}-wal", f"{path}-wal")
    writer.close()
    with pytest.raises(StoreUnusable, match="damaged"):
        prepare(path, KEY, cache_mb=1)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db")
    newer = Migrations("local_store")

    @newer(name="m9999_later")
    def later(database: Database) -> None:
        database.conn.execute("CREATE TABLE later (x)")

    writer = connect(path, KEY, cache_mb=1)
    newer.apply(Database(writer))
    writer.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match=r"newer_version.*m9999_later"):
        prepare(path, KEY, cache_mb=1)
    assert path.read_bytes() == before


def test_an_older_sqlite_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StoreUnusable, match="sqlite_too_old"):
        prepare(tmp_path / "a.db", KEY, cache_mb=1)


def _next_version(monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    def step(database: Database) -> None:
        database.conn.execute("CREATE TABLE novelty (x)")
        if fails:
            raise RuntimeError("power cut")

    monkeypatch.setattr(opening, "STEPS", {**migrations.STEPS, "m9000_next": step})


def test_an_older_database_is_copied_before_it_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a.db")
    newest = [*migrations.STEPS][-1]
    _next_version(monkeypatch, fails=False)
    writer = prepare(path, KEY, cache_mb=1)
    writer.execute("SELECT * FROM novelty")
    writer.close()
    copy = connect(tmp_path / f"a.db.{newest}.bak", KEY, cache_mb=1)
    with pytest.raises(sqlite.OperationalError, match="novelty"):
        copy.execute("SELECT * FROM novelty")
    assert copy.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    copy.close()


def test_a_migration_that_fails_leaves_the_old_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a.db")
    with monkeypatch.context() as patched:
        _next_version(patched, fails=True)
        with pytest.raises(RuntimeError, match="power cut"):
            prepare(path, KEY, cache_mb=1)
    prepare(path, KEY, cache_mb=1).close()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSaved, match="disk_failed"):
        Bench(tmp_path / "file" / "store.db")


def test_a_file_that_opens_for_reading_only_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = made(tmp_path / "a.db"), sqlite.connect

    def reading(path: str, **more: Any) -> sqlite.Connection:
        return real(f"file:{path}?mode=ro", uri=True, **more)

    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "connect", reading)
        with pytest.raises(NotSaved, match="SQLITE_READONLY"):
            prepare(path, KEY, cache_mb=1)
    prepare(path, KEY, cache_mb=1).close()


@pytest.mark.asyncio
async def test_what_was_committed_is_there_after_opening_again(bench: Bench) -> None:
    member_id = uuid()
    await bench.do(sign_up(member_id, PHONES[0]))
    bench.store.close()
    bench.store = bench.opened()
    assert (await bench.store.outbox.waiting()).total == 1
    view = await bench.store.members.get(member_id)
    assert view is not None
    assert view.waiting
