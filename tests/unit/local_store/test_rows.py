"""Writing rows over those that stand: what did not move is not touched, what moved is found by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from guide_app.domain.records.base import encode
from local_store.connection import prepare
from local_store.indexes import build_late
from local_store.rows import Rows
from local_store.tables import Stored
from tests.unit.local_store.kit import KEY, member


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite.Connection]:
    connection = prepare(tmp_path / "a.db", KEY, cache_mb=1)
    build_late(connection)
    yield connection
    connection.close()


def stored(name: str, note: str = "", q: int = 1) -> Stored:
    return Stored("s", q, q, 1, encode(member(name=name, note=note)).decode())


def found(connection: sqlite.Connection, word: str) -> list[str]:
    """Whom a search key leads to."""
    query = "SELECT m.id FROM member_key AS k JOIN member AS m USING (n) WHERE k.key = ?"
    return [row_id for (row_id,) in connection.execute(query, (word,))]


def test_a_row_whose_columns_stand_touches_no_index(database: sqlite.Connection) -> None:
    rows = Rows(database)
    rows.put("member", [("a", stored("Anna"))])
    said: list[str] = []
    database.set_trace_callback(said.append)
    rows.put("member", [("a", stored("Anna", "likes tea", 2))])
    database.set_trace_callback(None)
    (write,) = [statement for statement in said if "member" in statement and not statement.startswith("SELECT")]
    assert write.startswith("UPDATE member SET scope = ")
    assert "name =" not in write
    assert "words =" not in write
    assert "likes tea" in database.execute("SELECT d FROM member").fetchone()[0]
    assert database.execute("SELECT q, ver FROM member").fetchall() == [(2, 2)]


def test_a_name_that_moved_is_found_and_the_old_one_is_not(database: sqlite.Connection) -> None:
    rows = Rows(database)
    rows.put("member", [("a", stored("Anna")), ("b", stored("Berta"))])
    rows.put("member", [("a", stored("Clara", q=2)), ("b", stored("Berta", "new", 2)), ("c", stored("Dora", q=2))])
    assert [found(database, word) for word in ("anna", "clara", "berta", "dora")] == [[], ["a"], ["b"], ["c"]]
    names = database.execute("SELECT id, name FROM member ORDER BY id").fetchall()
    assert names == [("a", "Clara"), ("b", "Berta"), ("c", "Dora")]
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_of_a_row_that_comes_twice_the_last_one_stands(database: sqlite.Connection) -> None:
    rows = Rows(database)
    rows.put("member", [("a", stored("Anna"))])
    rows.put("member", [("a", stored("Clara", q=2)), ("a", stored("Anna", "back", 3))])
    assert database.execute("SELECT name, q FROM member").fetchall() == [("Anna", 3)]
    assert (found(database, "anna"), found(database, "clara")) == (["a"], [])
