"""After an update open operations lead to what the new app makes of them, once."""

from __future__ import annotations

import pytest

from local_store.connection import connect
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import KEY, PRODUCTS, Bench, place

pytestmark = pytest.mark.asyncio
TOTAL = "SELECT CAST(d ->> '$.totals.total' AS INTEGER) FROM shop_order"


def behind_its_back(bench: Bench, *statements: str) -> None:
    connection = connect(bench.path, KEY, cache_mb=1)
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


async def test_what_an_older_app_made_of_open_operations_is_made_anew_once(bench: Bench) -> None:
    await bench.do(place(uuid(), [(PRODUCTS[0], 1)]))
    ((made,),) = bench.sql(TOTAL)
    bench.store.close()
    less = "UPDATE shop_order SET d = json_set(d, '$.totals.total', 1)"
    behind_its_back(bench, less, "UPDATE meta SET value = 'm0016_returns' WHERE key = 'effects_of'")
    bench.store = bench.opened()
    assert bench.sql(TOTAL) == [(made,)]
    bench.store.close()
    behind_its_back(bench, less)
    bench.store = bench.opened()
    assert bench.sql(TOTAL) == [(1,)], "only after an update: a start does not wait for it"
