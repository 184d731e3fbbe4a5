"""The adapters in memory, held to the ports' contract."""

from __future__ import annotations

import pytest

from tests.contract.ports import AggregatesContract, Home, LedgerContract, Store
from tests.memory_hq import PRICE, MemoryShop


def _store(shop: MemoryShop) -> Store:
    return Store(shop.store_id, shop.scope, shop.guide_id, shop.product_id, shop.list_id, PRICE, shop.aggregates)


@pytest.fixture
def home() -> Home:
    here = MemoryShop()
    return Home(here.ledger, _store(here), _store(MemoryShop(here.hq)))


class TestMemoryLedger(LedgerContract):
    """Streams, operations, feed in memory."""


class TestMemoryAggregates(AggregatesContract):
    """The rows of the trade in memory."""
