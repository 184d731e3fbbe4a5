"""Writers of the same scopes never wait for each other in a circle; `tests.proofs.feed_race` has the race itself."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

WRITERS = 12
pytestmark = pytest.mark.usefixtures("hq_database")


def test_two_transactions_over_the_same_scopes_never_wait_for_each_other_in_a_circle() -> None:
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


def _publish_to(scopes: list[tuple[str, str]], chance: random.Random) -> set[str]:
    """One transaction of one row a scope, held open for a moment after it published."""
    from django.db import transaction

    from hq.protocol import feed

    changes = [feed.Change(store_id, scope, "talk", str(uuid4()), 1, "put", "{}") for store_id, scope in scopes]
    with transaction.atomic():
        feed.publish(changes)
        time.sleep(chance.random() * 0.004)
    return {change.id for change in changes}
