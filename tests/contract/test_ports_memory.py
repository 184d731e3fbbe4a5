"""The adapters in memory, held to the ports' contract."""

from __future__ import annotations

import pytest

from guide_app.domain.records import Record, Ref
from guide_app.operations import Versioned
from hq.ledger.past_memory import MemoryPast
from tests.contract.past import PastContract
from tests.contract.ports import AggregatesContract, Home, LedgerContract, Store
from tests.memory_hq import PRICE, MemoryShop


def _store(shop: MemoryShop) -> Store:
    return Store(shop.store_id, shop.scope, shop.guide_id, shop.product_id, shop.list_id, PRICE, shop.aggregates)


def _home(here: MemoryShop) -> Home:
    def furnish(ref: Ref, record: Record) -> None:
        here.hq.shop_row("", ref, Versioned(record, 1))

    return Home(here.ledger, _store(here), _store(MemoryShop(here.hq)), furnish)


@pytest.fixture
def home() -> Home:
    return _home(MemoryShop())


class TestMemoryLedger(LedgerContract):
    """Streams, operations, feed in memory."""


class TestMemoryAggregates(AggregatesContract):
    """The rows of the trade in memory."""


class TestMemoryPast(PastContract):
    """Erasing and trimming in memory."""

    @pytest.fixture
    def home(self) -> Home:
        self.shop = MemoryShop()
        return _home(self.shop)

    @pytest.fixture
    def past(self, home: Home) -> MemoryPast:
        return MemoryPast(self.shop.hq)

    def bodies(self, home: Home) -> dict[str, bool]:
        state = self.shop.hq.state
        first = {op_id: entry.body is not None for op_id, (_stream, entry) in state.ops.items()}
        return {**first, **{f"{op_id} {sha}": one.body is not None for (op_id, sha), one in state.conflicts.items()}}
