"""Stored tablets of every schema that was shipped: today's code opens each, keeps all that is in it, and syncs it."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain.clock import ManualClock
from guide_app.domain.ids import Ids
from guide_app.domain.records import ENTITIES, Ref, decode
from guide_app.operations import Versioned
from hq.ledger.memory import MemoryAggregates, MemoryHq, MemoryLedger
from hq.ledger.port import FeedRow, ScopeKey
from hq.sync_api.running import Shop
from hq.sync_api.service import Settings, SyncService
from hq.sync_api.session import Granted, Session
from local_store import Store, migrations
from local_store.connection import connect
from sync.protocol import codec
from sync.protocol.messages import Grant, SyncRequest, SyncResponse, WireOp, read_request
from tests.golden.make_store import SCHEMAS, STATES, STORES, Manifest, StoredOp, make, read

NOW = datetime(2026, 11, 30, tzinfo=UTC)
MADE_BY_GUIDES = ("order", "talk", "followup", "reminder", "member_alias", "op_outcome")
CHAIN = "00000000-0000-0000-0000-000000000000"


class OldTablet:
    """A copy of a stored tablet, opened by today's code."""

    def __init__(self, folder: Path, schema: str) -> None:
        self.manifest = read(STORES / schema)
        self.path = folder / "store.db"
        shutil.copyfile(STORES / schema / "store.db", self.path)
        clock = ManualClock(NOW)
        self.key = bytes.fromhex(self.manifest.key)
        self.store = Store.open(self.path, self.key, clock, Ids(clock, random.Random(1).randbytes))

    def sql(self, query: str, path: Path | None = None) -> list[tuple[Any, ...]]:
        connection = connect(path or self.path, self.key, cache_mb=1, read_only=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture(params=sorted(SCHEMAS))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OldTablet]:
    """Each stored tablet in turn."""
    tablet = OldTablet(tmp_path, request.param)
    yield tablet
    tablet.store.close()


def hq_of(manifest: Manifest) -> tuple[SyncService, Session, MemoryHq]:
    """HQ in memory with the shop's furniture, restored from a backup older than all that the tablet did."""
    hq = MemoryHq()
    ledger, shop = MemoryLedger(hq), Shop(manifest.store_id, "CNY")
    granted = [
        Granted(
            Grant(scope=scope, kind=kind, name=""),
            ScopeKey(CHAIN if kind == "chain" else manifest.store_id, scope),
        )
        for scope, kind in manifest.grants.items()
    ]
    by_guides = {json.loads(op.body).get("member_id") for op in manifest.ops if op.kind == "member.sign_up" and op.body}
    keys = {one.grant.scope: one.key for one in granted}
    with ledger.transaction():
        for row in manifest.hq_rows:
            ref = Ref(row.entity, row.id)
            if row.entity in MADE_BY_GUIDES or row.id in by_guides:
                continue
            ledger.publish(keys[row.scope], [FeedRow(ref, row.ver, bytes(row.data).decode())])
            if kind := ENTITIES.get(row.entity):
                owner = "" if manifest.grants[row.scope] == "chain" else manifest.store_id
                hq.shop_row(owner, ref, Versioned(decode(row.data, kind), row.ver))
    service = SyncService(ledger, lambda session: MemoryAggregates(hq, session.shop.store_id), Settings())
    session = Session(manifest.device_id, shop, "restored", granted, "2027-01-01T00:00:00.000Z")
    return service, session, hq


async def one_round(tablet: OldTablet, service: SyncService, session: Session) -> tuple[list[WireOp], bool]:
    """One round of sync as the engine does it; what was sent, and whether there is more to say."""
    store = tablet.store.sync
    out = await store.outgoing()
    request = SyncRequest(
        incarnation=out.incarnation, epoch=out.epoch, next_seq=out.next_seq, ops=list(out.ops), after=out.after,
        want=codec.MAX_WANT, forked_from=out.forked_from,
    )  # fmt: skip
    plain, ops = read_request(codec.encode(request))
    answer = codec.decode(service.sync(session, plain, ops, "0.1.0", NOW), SyncResponse)
    if answer.batch.status == "epoch_changed":
        await store.new_epoch(answer.epoch, answer.batch.last_seq, answer.scopes)
        return [], True
    taken = await store.take(out, answer)
    if answer.batch.status == "gap":
        await store.resend_after(answer.batch.last_seq)
    if taken.loaded:
        await store.finish_loading()
    sent = [op for op in ops if isinstance(op, WireOp)]
    return sent, bool(taken.more or taken.granted or taken.rows or sent)


async def synced(tablet: OldTablet) -> tuple[list[WireOp], MemoryHq]:
    """Rounds until neither side has anything to say; all that was sent, once."""
    service, session, hq = hq_of(tablet.manifest)
    told: dict[str, WireOp] = {}
    for _ in range(20):
        sent, more = await one_round(tablet, service, session)
        told |= {op.op_id: op for op in sent}
        if not more:
            return list(told.values()), hq
    raise AssertionError("it does not come to rest")


WRITTEN_BY_UPDATES = {"_sqlite_migrations", "meta"}


@pytest.mark.asyncio
async def test_all_that_was_in_it_is_in_it(old: OldTablet) -> None:
    manifest = old.manifest
    ops = old.sql("SELECT op_id, kind, schema_v, state, op_sha256, body FROM outbox ORDER BY seq")
    assert [StoredOp(*op) for op in ops] == manifest.ops
    for table, count in manifest.tables.items():
        if table not in WRITTEN_BY_UPDATES:
            assert old.sql(f"SELECT count(*) FROM {table}") == [(count,)], table
    assert old.sql("SELECT count(*) FROM meta WHERE key <> 'effects_of'")[0][0] >= manifest.tables["meta"] - 1
    assert {key: await old.store.drafts.get(key) for key in manifest.drafts} == {
        key: value.encode() for key, value in manifest.drafts.items()
    }
    assert [row.key for row in await old.store.outbox.attention()] == manifest.attention
    before = manifest.next_number
    assert int((await old.store.numbers.next())[7:-1]) == before + 1


def test_it_is_brought_up_to_date_with_a_copy_of_what_it_was(old: OldTablet) -> None:
    newest = SCHEMAS[old.manifest.schema]
    assert [name for (name,) in old.sql("SELECT name FROM _sqlite_migrations ORDER BY rowid")] == list(migrations.STEPS)
    copy = old.path.with_name(f"store.db.{newest}.bak")
    assert copy.exists() == (newest != list(migrations.STEPS)[-1])
    if copy.exists():
        assert old.sql("SELECT count(*) FROM outbox", copy) == [(len(old.manifest.ops),)]


@pytest.mark.asyncio
async def test_every_operation_reaches_hq_in_its_old_form_and_is_applied_or_parked(old: OldTablet) -> None:
    told, hq = await synced(old)
    stored = {op.op_id: op for op in old.manifest.ops}
    assert {op.op_id: (op.kind, op.schema_v, op.sha, op.body) for op in told} == {
        op_id: (op.kind, op.schema_v, op.sha, op.body) for op_id, op in stored.items()
    }
    became = {op_id: entry.outcome for op_id, (_, entry) in hq.state.ops.items()}
    assert became.keys() == stored.keys()
    other = {op_id: one for op_id, one in became.items() if one.status not in ("applied", "merged", "parked")}
    assert {(stored[op_id].body, one.code) for op_id, one in other.items()} <= {(None, "erased")}
    waiting = await old.store.outbox.waiting()
    assert waiting.total == waiting.parked == sum(one.status == "parked" for one in became.values())
    assert await old.store.sync.differing() == ()


def test_the_newest_shipped_schema_and_all_before_it_are_kept() -> None:
    kept = {folder.name for folder in STORES.iterdir() if (folder / "store.db").exists()}
    assert kept == set(SCHEMAS), "make the stored tablet of each shipped schema: python -m tests.golden.make_store"
    steps = list(migrations.STEPS)
    assert list(SCHEMAS.values()) == [step for step in steps if step in SCHEMAS.values()]
    assert [read(STORES / name).schema for name in SCHEMAS] == list(SCHEMAS)


@pytest.mark.parametrize("schema", sorted(SCHEMAS))
def test_a_step_that_was_shipped_stays_as_it_was(schema: str, tmp_path: Path) -> None:
    """What the steps make of an empty file is what the stored tablet had before today's code touched it."""
    path, manifest = tmp_path / "stored.db", read(STORES / schema)
    shutil.copyfile(STORES / schema / "store.db", path)
    newest = list(migrations.STEPS).index(SCHEMAS[schema])
    steps = dict(list(migrations.STEPS.items())[: newest + 1])
    fresh = connect(tmp_path / "fresh.db", bytes(32), cache_mb=1)
    stored = connect(path, bytes.fromhex(manifest.key), cache_mb=1, read_only=True)
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    try:
        migrations.apply(fresh, steps)
        assert fresh.execute(query).fetchall() == stored.execute(query).fetchall()
    finally:
        fresh.close()
        stored.close()


def test_the_stored_tablet_of_the_next_release_can_be_made(tmp_path: Path) -> None:
    made = make(tmp_path / "next")
    assert {op.state for op in made.ops} == set(STATES)
    assert read(tmp_path / "next").ops == made.ops
