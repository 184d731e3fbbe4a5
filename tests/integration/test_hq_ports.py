"""The adapters on PostgreSQL, held to the ports' contract."""

from __future__ import annotations

import pytest

from guide_app.domain.records import Record, Ref
from hq.ledger.past import Past
from tests import shop as shops
from tests.contract.past import PastContract
from tests.contract.ports import AggregatesContract, Home, LedgerContract, Store


@pytest.fixture
def home(hq_database: str) -> Home:
    from hq.aggregates import MAPPINGS
    from hq.ledger.aggregates import PostgresAggregates
    from hq.ledger.port import ScopeKey
    from hq.ledger.postgres import PostgresLedger
    from hq.protocol import scopes
    from hq.protocol.models import CHAIN_STORE_ID
    from hq.protocol.rows import Row
    from hq.stores.models import Store as StoreModel

    chain = shops.make_chain()

    def store() -> Store:
        made = shops.make_shop(chain, stock=10)
        product, price = chain.product_ids[0], shops.PRICES[0]
        aggregates = PostgresAggregates(made.store_id, [scopes.of_chain()])
        scope = ScopeKey(made.store_id, made.scope)
        return Store(made.store_id, scope, made.guide_id, product, chain.list_id, price, aggregates)

    def furnish(ref: Ref, record: Record) -> None:
        row = Row(ref, 1, CHAIN_STORE_ID, record, scopes.of_chain())
        MAPPINGS[ref.entity].save([row])

    def code(store_id: str) -> str:
        return str(StoreModel.objects.get(id=store_id).code)

    return Home(PostgresLedger(), store(), store(), furnish, code)


class TestPostgresLedger(LedgerContract):
    """Streams, operations, feed on PostgreSQL."""


class TestPostgresAggregates(AggregatesContract):
    """The rows of the trade on PostgreSQL."""


class TestPostgresPast(PastContract):
    """Erasing and trimming on PostgreSQL."""

    @pytest.fixture
    def past(self, home: Home) -> Past:
        from hq.ledger.past_postgres import PostgresPast

        return PostgresPast()

    def bodies(self, home: Home) -> dict[str, bool]:
        from hq.protocol.models import OpConflict, OpLog

        first = {str(one.op_id): one.body is not None for one in OpLog.objects.all()}
        return {**first, **{f"{one.op_id} {one.sha}": one.body is not None for one in OpConflict.objects.all()}}
