"""Operations are found by the keys beside them: how much of the log an erasure reads, and those without keys yet."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.integration.test_hq_erasure import NOW, Bench, a_life

STORES, OPS = 40, 250
_FILL = (
    "INSERT INTO op_log (store_id, op_id, device_id, kind, schema_v, guide_id, made_at, body, sha, status, about)"
    " SELECT store.id, gen_random_uuid(), store.id, 'talk.log', 1, '', '', convert_to('{\"member_id\":\"'"
    " || gen_random_uuid() || '\"}', 'UTF8'), 'a', 'applied',"
    " ARRAY[(random() * 9e15)::bigint, (random() * 9e15)::bigint]"
    " FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, %s) UNION SELECT %s::uuid) store,"
    " generate_series(1, %s)"
)


@pytest.fixture
def bench(hq_database: str) -> Bench:
    return Bench(hq_database)


def _read(plan: dict[str, Any]) -> int:
    """How many rows of the log a plan's scans looked at, used or not."""
    own = 0
    if plan.get("Relation Name") == "op_log" and "Scan" in plan["Node Type"]:
        passed = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
        own = round(sum(plan.get(name, 0) for name in passed) * plan["Actual Loops"])
    return own + sum(map(_read, plan.get("Plans", ())))


def test_an_erasure_reads_the_operations_of_that_person_alone(bench: Bench) -> None:
    from hq.ledger import traces
    from hq.ledger.past_postgres import SCRUB

    who, _number = a_life(bench)
    store_id, word = bench.shop.store_id, [who.encode()]
    values = (traces.sought([who]), store_id, store_id, store_id, word, word)
    with psycopg.connect(bench.database, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:

        def reads() -> tuple[int, int]:
            """Rows of the log that were read, and how many lost their body; all of it is taken back."""
            with connection.transaction(force_rollback=True):
                found = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {SCRUB}", values).fetchone()
                assert found is not None
                plan = found[0][0]["Plan"]
            return _read(plan), plan["Actual Rows"]

        connection.execute(_FILL, (STORES, store_id, OPS))
        connection.execute("ANALYZE op_log")
        read, lost = reads()
        assert lost >= 5
        assert read <= 4 * lost  # each once by its key, once to be written, and what planning adds
        connection.execute("UPDATE op_log SET about = NULL")  # the control: as it was before there were keys
        connection.execute("ANALYZE op_log")
        read_before, lost_before = reads()
        assert lost_before == lost
        assert read_before > OPS


def test_operations_from_before_there_were_keys_are_found_and_get_theirs(bench: Bench) -> None:
    from hq.history import jobs, services

    who, number = a_life(bench)
    stranger = bench.maker.sign_up()
    assert bench.push(stranger) == [("applied", "")]
    with psycopg.connect(bench.database, autocommit=True) as connection:

        def keys() -> list[Any]:
            return connection.execute("SELECT op_id, about FROM op_log ORDER BY op_id").fetchall()

        def as_before() -> None:
            connection.execute("UPDATE op_log SET about = NULL")
            connection.execute("UPDATE op_conflict SET about = NULL")

        before = keys()
        assert all(about for _op_id, about in before)
        as_before()
        assert jobs.key_operations() == len(before) + 1
        assert keys() == before
        assert connection.execute("SELECT count(*) FROM op_conflict WHERE about IS NULL").fetchall() == [(0,)]
        assert jobs.key_operations() == 0
        as_before()
        services.erase(who, NOW)
        assert bench.traces("PLANTED", number[3:]) == []
        left = connection.execute("SELECT op_id::text FROM op_log WHERE body IS NOT NULL").fetchall()
        assert left == [(stranger.op_id,)]
        assert jobs.key_operations() == 1
