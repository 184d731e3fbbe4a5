"""A reader that follows the feed while twelve writers write loses nothing; the naive cursor, kept as a control, does.

Control: a table with a `bigserial` number, read by "greater than the last one I saw". A transaction that took a smaller
number may commit after the reader has passed it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

WRITERS = 12
TRANSACTIONS = 25
pytestmark = pytest.mark.usefixtures("hq_database")


def test_positions_of_the_feed_lose_no_row_under_twelve_writers(hq_database: str) -> None:
    from tests.integration.feed_check import position_differences
    from tests.integration.hq_data import make_store

    _region, store = make_store()
    written = _write_at_once(lambda number: _publish(str(store.id), store.scope, random.Random(number)))
    read = "SELECT entity_id::text, seq FROM feed WHERE scope = %s AND seq > %s ORDER BY seq"
    with _following(hq_database, read, store.scope) as seen:
        rows = set[str]().union(*written())
    assert seen() == rows
    assert position_differences() == []


def test_the_naive_cursor_loses_rows(hq_database: str) -> None:
    with psycopg.connect(hq_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE naive (seq bigserial PRIMARY KEY, scope text, entity_id text)")
    written = _write_at_once(lambda number: _insert_naively(hq_database, random.Random(number)))
    read = "SELECT entity_id, seq FROM naive WHERE scope = %s AND seq > %s ORDER BY seq"
    with _following(hq_database, read, "naive") as seen:
        rows = set[str]().union(*written())
    assert seen() < rows


def test_two_transactions_over_the_same_scopes_never_wait_for_each_other_in_a_circle(hq_database: str) -> None:
    """Each publishes to both scopes, one naming them in one order and one in the other."""
    from tests.integration.hq_data import make_store

    stores = [make_store("101")[1], make_store("102")[1]]

    def work(number: int) -> set[str]:
        order = stores if number % 2 else stores[::-1]
        return set[str]().union(
            *(_publish_to([(str(store.id), store.scope) for store in order], random.Random(number)) for _ in range(10))
        )

    rows = set[str]().union(*_write_at_once(work)())
    from hq.protocol.models import ScopeHead

    assert [head.head for head in ScopeHead.objects.filter(scope__in=[store.scope for store in stores])] == [120, 120]
    assert len(rows) == 240


def _write_at_once(work: Callable[[int], set[str]]) -> Callable[[], list[set[str]]]:
    def run() -> list[set[str]]:
        from django.db import connection

        def closing(number: int) -> set[str]:
            try:
                return work(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(WRITERS) as pool:
            return list(pool.map(closing, range(WRITERS)))

    return run


def _publish(store_id: str, scope: str, chance: random.Random) -> set[str]:
    return set[str]().union(*(_publish_to([(store_id, scope)], chance) for _ in range(TRANSACTIONS)))


def _publish_to(scopes: list[tuple[str, str]], chance: random.Random) -> set[str]:
    """One transaction of one row a scope, held open for a moment after it published."""
    from django.db import transaction

    from hq.protocol import feed

    changes = [feed.Change(store_id, scope, "talk", str(uuid4()), 1, "put", "{}") for store_id, scope in scopes]
    with transaction.atomic():
        feed.publish(changes)
        time.sleep(chance.random() * 0.004)
    return {change.id for change in changes}


def _insert_naively(url: str, chance: random.Random) -> set[str]:
    ids = [str(uuid4()) for _ in range(TRANSACTIONS)]
    with psycopg.connect(url) as connection:
        for row_id in ids:
            connection.execute("INSERT INTO naive (scope, entity_id) VALUES ('naive', %s)", [row_id])
            time.sleep(chance.random() * 0.004)
            connection.commit()
    return set(ids)


@contextmanager
def _following(url: str, query: str, scope: str) -> Iterator[Callable[[], set[str]]]:
    """Reads on from the last number seen, all the while; the value tells what was seen in the end."""
    seen: set[str] = set()
    over = threading.Event()

    def read() -> None:
        last = 0
        with psycopg.connect(url, autocommit=True) as connection:
            while True:
                final = over.is_set()
                for row_id, seq in connection.execute(query.encode(), [scope, last]).fetchall():
                    seen.add(row_id)
                    last = seq
                if final:
                    return

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield lambda: seen
    finally:
        over.set()
        reader.join()
