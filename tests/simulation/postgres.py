"""HQ's data in a real PostgreSQL: an embedded cluster of its own, emptied between two worlds."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guide_app.domain.records import Record, Ref, encode
from guide_app.operations import Versioned
from hq.database.embedded import running
from hq.ledger.page import Stored
from hq.ledger.past import Past
from hq.ledger.port import Aggregates, FeedRow, Ledger, ScopeKey, Stream
from hq.sync_api.session import Session
from tests.simulation.hq_data import CHAIN, HqData, LoggedOp
from tests.simulation.hq_data import Store as ShopStore

if TYPE_CHECKING:
    from hq.protocol.rows import Row

_TABLES = (
    "device_stream", "op_directory", "op_log", "op_conflict", "op_seen", "scope_head", "feed", "step",
)  # fmt: skip


class PostgresData:
    """HQ's data behind Django's connection, with nothing in it."""

    def __init__(self) -> None:
        from hq.aggregates import MAPPINGS
        from hq.ledger.past_postgres import PostgresPast
        from hq.ledger.postgres import PostgresLedger

        self._mappings = MAPPINGS
        self.ledger: Ledger = PostgresLedger()
        self.past: Past = PostgresPast()
        self.chain, self.region = ScopeKey(CHAIN, "c"), ScopeKey(CHAIN, "r")
        _empty(["store", "region", *(mapping.model._meta.db_table for mapping in MAPPINGS.values())])

    def aggregates(self, session: Session) -> Aggregates:
        from hq.ledger.aggregates import PostgresAggregates

        return PostgresAggregates(session.shop.store_id, session.price_scopes)

    def open_scope(self, key: ScopeKey) -> None:
        _run("INSERT INTO scope_head (store_id, scope) VALUES (%s, %s) ON CONFLICT DO NOTHING", *key)

    def open_store(self, store: ShopStore) -> None:
        from hq.stores.models import Region, Store

        north, _ = Region.objects.get_or_create(code="north", scope="r")
        Store.objects.create(id=store.store_id, code=store.code, region=north, scope=store.scope)

    def log(self) -> Mapping[str, LoggedOp]:
        found = _run(
            "SELECT op_id::text, store_id::text, device_id::text, kind, body, status, code"
            " FROM op_directory JOIN op_log USING (store_id, op_id) ORDER BY op_id"
        )
        return {
            op_id: LoggedOp(Stream(store, device, ""), kind, None if body is None else bytes(body), status, code)
            for op_id, store, device, kind, body, status, code in found
        }

    def numbers(self) -> Mapping[Stream, tuple[int, Sequence[int]]]:
        found = _run(
            "SELECT store_id::text, device_id::text, incarnation::text, last_seq, coalesce((SELECT array_agg(seq ORDER"
            " BY seq) FROM op_seen o WHERE (o.store_id, o.device_id, o.incarnation) = (s.store_id, s.device_id,"
            " s.incarnation)), ARRAY[]::bigint[]) FROM device_stream s"
        )
        return {Stream(*row[:3]): (row[3], row[4]) for row in found}

    def feed(self, key: ScopeKey) -> Mapping[Ref, Stored]:
        found = _run(
            "SELECT seq, entity, entity_id::text, ver, op, data FROM feed WHERE store_id = %s AND scope = %s", *key
        )
        return {Ref(e, i): Stored(seq, Ref(e, i), ver, op, data) for seq, e, i, ver, op, data in found}

    def records(self, store_id: str, entity: str) -> Mapping[str, Versioned]:
        rows = self._mappings[entity].every(None if store_id == CHAIN else store_id)
        return {row.ref.id: Versioned(row.record, row.ver) for row in rows}

    def write(self, key: ScopeKey, rows: Mapping[Ref, Record]) -> None:
        self.open_scope(key)
        with self.ledger.transaction():
            published = []
            for ref, record in rows.items():
                before = self._mappings[ref.entity].load(key.store_id, [ref.id], lock=True).get(ref.id)
                saved = self._saved(key, ref, record, before.ver + 1 if before else 1)
                published.append(FeedRow(ref, saved.ver, encode(saved.record).decode()))
            self.ledger.publish(key, published)

    def keep(self, store_id: str, ref: Ref, record: Record) -> None:
        with self.ledger.transaction():
            self._saved(ScopeKey(store_id, ""), ref, record, 1)

    def gone(self, key: ScopeKey, ref: Ref) -> None:
        with self.ledger.transaction():
            mapping = self._mappings[ref.entity]
            before = mapping.load(key.store_id, [ref.id], lock=True)[ref.id]
            mapping.delete(key.store_id, [ref.id])
            self.ledger.publish(key, [FeedRow(ref, before.ver + 1, None, "gone")])

    def _saved(self, key: ScopeKey, ref: Ref, record: Record, ver: int) -> Row:
        from hq.protocol.rows import Row

        scope = key.scope if key.store_id == CHAIN else ""
        (saved,) = self._mappings[ref.entity].save([Row(ref, ver, key.store_id, record, scope)])
        return saved


@contextmanager
def worlds() -> Iterator[Callable[[], HqData]]:
    """A cluster for a while; each call empties it and gives its data."""
    with tempfile.TemporaryDirectory(prefix="guide-sim-hq-") as folder:
        Path(folder).chmod(0o711)  # the server's own account passes through it
        with running(Path(folder) / "data") as cluster:
            os.environ["GUIDE_HQ_DATA"] = str(cluster.data)
            os.environ["DATABASE_URL"] = cluster.url("postgres")
            os.environ["DJANGO_SETTINGS_MODULE"] = "hq.settings"
            import django

            django.setup()
            from hq.database.opening import migrate

            migrate()
            yield PostgresData
            _leave()


def _empty(tables: Sequence[str]) -> None:
    names = ", ".join(f'"{table}"' for table in (*_TABLES, *tables))
    _run(f"TRUNCATE {names} CASCADE")


def _run(sql: str, *values: str | int) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        found: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return found


def _leave() -> None:
    from django.db import connections

    default: Any = connections["default"]
    default.close()
    default.close_pool()
