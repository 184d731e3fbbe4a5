"""The port `Ledger` on PostgreSQL, on the calling thread's Django connection: one transaction for ORM and SQL."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg.errors
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, transaction

from guide_app.domain.errors import BadInput
from guide_app.domain.records import Ref
from hq.database.statements import packed as _packed
from hq.database.statements import rows as _rows
from hq.database.statements import run as _run
from hq.ledger import buckets, traces
from hq.ledger.page import PageMaker, Stored
from hq.ledger.port import (
    Buckets,
    Clash,
    Entry,
    FeedRow,
    Glance,
    Head,
    Known,
    Outcome,
    Page,
    Parked,
    Place,
    ScopeKey,
    Sender,
    Step,
    Stream,
    Transient,
)
from hq.ledger.ready import Extent, ReadyPages
from hq.protocol import feed

_IN_THE_WAY = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
_AT_ONCE = 1_000
"""Rows of the feed read by one query."""
_LIMITS = (
    "SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '5s', true),"
    " set_config('statement_timeout', '20s', true), set_config('plan_cache_mode', 'force_generic_plan', true)"
)
"""For a transaction. Its statements go by keys: one plan for all values, by the key, is what each wants. Left alone,
the server plans some anew each time, and for many values in tables whose statistics are old passes over a whole scope.
"""
_HEADS = (
    "SELECT h.scope, h.head, h.floor, h.digest FROM scope_head h"
    " JOIN unnest(%s::uuid[], %s::text[]) AS k(store_id, scope) ON h.store_id = k.store_id AND h.scope = k.scope"
)
PARKED = (
    "SELECT l.store_id::text, l.device_id::text, s.incarnation::text, s.seq, l.op_id::text, kind, schema_v, guide_id,"
    " made_at, body, sha, received_at, status, code, message, entity, entity_id, feed_pos"
    " FROM op_log l JOIN LATERAL (SELECT incarnation, seq FROM op_seen o WHERE o.op_id = l.op_id"
    " ORDER BY o.device_id <> l.device_id, seq LIMIT 1) s ON true"
)
"""Parked operations, as `parked_of` reads them; what follows says which."""
_ALL_PARKED = f"{PARKED} WHERE status = 'parked' AND kind <> '' ORDER BY l.store_id, received_at, l.device_id, s.seq"
_SAID = (
    "op_id, kind, schema_v, guide_id, made_at, body, sha, status, code, message, entity, entity_id, feed_pos,"
    " received_at"
)
_LOG = f"store_id, device_id, {_SAID}"
_OP = [*_SAID.split(", "), "about"]
"""The columns of `_op_row`."""
_EXTENT = (
    "SELECT count(*), concat((SELECT epoch FROM epoch ORDER BY began_at DESC LIMIT 1), ' ', pg_postmaster_start_time())"
    " FROM feed WHERE store_id = %s AND scope = %s AND seq > %s AND seq <= %s"
)
_ROWS = (
    "SELECT seq, entity, entity_id::text, ver, op, data FROM feed"
    " WHERE store_id = %s AND scope = %s AND seq > %s ORDER BY seq LIMIT %s"
)
_NAME = r"(entity || '\000' || entity_id::text{})::bytea"
"""What a row is hashed by: bytea reads the four characters as one zero byte."""
_SUMS = (
    f"SELECT get_byte(sha256({_NAME.format('')}), 0),"
    " sum(('x' || encode(substring(sha256("
    + _NAME.format(r" || '\000' || ver::text")
    + ") FROM 1 FOR 8), 'hex'))::bit(64)::bigint)"
    " FROM feed WHERE store_id = %s AND scope = %s AND op = 'put' GROUP BY 1"
)
_IN_BUCKETS = (
    "WITH named AS MATERIALIZED (SELECT * FROM (SELECT store_id, scope, entity, entity_id,"
    f" get_byte(sha256({_NAME.format('')}), 0) AS bucket FROM feed WHERE store_id = %s AND scope = %s) n"
    " WHERE bucket = ANY(%s::int[]) AND bucket >= %s)"
    " SELECT bucket, seq, entity, entity_id::text, ver, op, data"
    " FROM named JOIN feed USING (store_id, scope, entity, entity_id)"
    " WHERE op IN ('put', 'erased') AND (bucket, seq) > (%s, %s) ORDER BY bucket, seq LIMIT %s"
)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """The database's errors as those of the ports."""
    try:
        yield
    except (OperationalError, InterfaceError) as problem:
        cause = problem.__cause__
        raise Transient(type(cause or problem).__name__, rerun=isinstance(cause, _IN_THE_WAY)) from problem
    except IntegrityError as problem:
        raise Clash(type(problem.__cause__ or problem).__name__) from problem
    except DataError as problem:
        raise BadInput("value_invalid", type(problem.__cause__ or problem).__name__) from problem


class PostgresLedger:
    """One for every request: it stands on the thread's connection. `ready`: pages that requests share."""

    def __init__(self, ready: ReadyPages | None = None) -> None:
        self._ready = ready

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with translated(), transaction.atomic(durable=True):
            _run(_LIMITS, ())
            yield

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        with translated(), transaction.atomic():
            yield

    def lock_stream(self, stream: Stream) -> int:
        found = _rows(
            "SELECT last_seq FROM device_stream WHERE store_id = %s AND device_id = %s AND incarnation = %s FOR UPDATE",
            stream,
        )
        if not found:
            _run("INSERT INTO device_stream (store_id, device_id, incarnation) VALUES (%s, %s, %s)", stream)
        return int(found[0][0]) if found else 0

    def seen(self, stream: Stream, seqs: Collection[int]) -> Mapping[int, str]:
        if not seqs:
            return {}
        found = _rows(
            "SELECT seq, op_id::text FROM op_seen"
            " WHERE store_id = %s AND device_id = %s AND incarnation = %s AND seq = ANY(%s)",
            (*stream, list(seqs)),
        )
        return dict(found)

    def known(self, op_ids: Collection[str]) -> Mapping[str, Known]:
        if not op_ids:
            return {}
        found = _rows(
            "SELECT op_id::text, l.store_id::text, sha, status, code, message, entity, entity_id, feed_pos,"
            " body IS NULL FROM op_directory d JOIN op_log l USING (store_id, op_id) WHERE d.op_id = ANY(%s::uuid[])"
            " ORDER BY d.op_id FOR SHARE OF l",
            (list(op_ids),),
        )
        others = defaultdict[str, set[str]](set)
        if found:
            rows = _rows("SELECT op_id::text, sha FROM op_conflict WHERE op_id = ANY(%s::uuid[])", (list(op_ids),))
            for op_id, sha in rows:
                others[op_id].add(sha)
        return {
            op_id: Known(store_id, sha, _outcome(told), frozenset(others[op_id]), scrubbed)
            for op_id, store_id, sha, *told, scrubbed in found
        }

    def record(self, stream: Stream, entries: Sequence[Entry], seen: Mapping[int, str], last_seq: int) -> None:
        firsts = [entry for entry in entries if entry.first]
        if firsts:
            _insert_ops(stream, firsts)
        if len(firsts) < len(entries):
            _insert_conflicts(stream, [entry for entry in entries if not entry.first])
        if seen:
            _run(
                "INSERT INTO op_seen (store_id, device_id, incarnation, seq, op_id)"
                " SELECT %s::uuid, %s::uuid, %s::uuid, k.seq, k.op_id"
                " FROM unnest(%s::bigint[], %s::uuid[]) AS k(seq, op_id)",
                (*stream, list(seen), list(seen.values())),
            )
        _run(
            "UPDATE device_stream SET last_seq = %s WHERE store_id = %s AND device_id = %s AND incarnation = %s",
            (last_seq, *stream),
        )

    def forked(self, stream: Stream, forked_from: str, at: datetime) -> None:
        with translated():
            _run(
                "INSERT INTO stream_fork (store_id, device_id, incarnation, forked_from, at)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (*stream, forked_from[:40], at),
            )

    def parked(self) -> Sequence[Parked]:
        with translated():
            rows = _rows(_ALL_PARKED, ())
        return [parked_of(row) for row in rows]

    def carry(self, entry: Entry, sender: Stream, store_id: str) -> None:
        became = ("status", "code", "message", "entity", "entity_id", "feed_pos")
        _run(
            f"INSERT INTO op_log ({_LOG}, about) VALUES ({', '.join(['%s'] * 17)})"
            f" ON CONFLICT (store_id, op_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in became)}",
            (store_id, sender.device_id, *_op_row(entry)),
        )
        _run("UPDATE op_directory SET store_id = %s WHERE op_id = %s", (store_id, entry.op_id))

    def senders(self, op_id: str) -> Sequence[Sender]:
        found = _rows(
            "SELECT store_id::text, device_id::text, min(seq) FROM op_seen WHERE op_id = %s"
            " GROUP BY store_id, device_id ORDER BY store_id, device_id",
            (op_id,),
        )
        return [Sender(*row) for row in found]

    def add_steps(self, store_id: str, steps: Sequence[tuple[str, str]]) -> None:
        if steps:
            _run(
                "INSERT INTO step (store_id, step_id, kind, body) SELECT %s::uuid, gen_random_uuid(), k.kind, k.body"
                " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS k(kind, body, place) ORDER BY place",
                (store_id, *map(list, zip(*steps, strict=True))),
            )

    def open_steps(self, limit: int) -> Sequence[Step]:
        with translated():
            found = _rows(
                "SELECT store_id::text, step_id::text, kind, body FROM step WHERE done_at IS NULL ORDER BY n LIMIT %s",
                (limit,),
            )
        return [Step(*row) for row in found]

    def take_step(self, store_id: str, step_id: str) -> bool:
        found = _rows(
            "INSERT INTO step_taken (store_id, step_id) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1",
            (store_id, step_id),
        )
        return bool(found)

    def finish_step(self, step: Step, now: datetime) -> None:
        _run(
            "UPDATE step SET done_at = %s, body = '' WHERE store_id = %s AND step_id = %s",
            (now, step.store_id, step.step_id),
        )

    def reopen(self, parked: Parked) -> bool:
        found = _rows(
            "SELECT 1 FROM op_log WHERE store_id = %s AND op_id = %s AND status = 'parked' FOR UPDATE",
            (parked.stream.store_id, parked.entry.op_id),
        )
        return bool(found)

    def settle(self, parked: Parked, outcome: Outcome, *, scrub: bool = False) -> None:
        _run(
            "UPDATE op_log SET status = %s, code = %s, message = %s, entity = %s, entity_id = %s, feed_pos = %s,"
            " body = CASE WHEN %s THEN NULL ELSE body END, about = CASE WHEN %s THEN '{}' ELSE about END"
            " WHERE store_id = %s AND op_id = %s",
            (
                *(outcome.status, outcome.code, outcome.message, outcome.entity, outcome.id, outcome.feed_pos),
                *(scrub, scrub),
                *(parked.stream.store_id, parked.entry.op_id),
            ),
        )

    def lock_heads(self, keys: Collection[ScopeKey]) -> None:
        feed.lock({key.scope: key.store_id for key in keys})

    def publish(self, key: ScopeKey, rows: Sequence[FeedRow]) -> Mapping[Ref, int]:
        changes = [feed.Change(*key, *row.ref, row.ver, row.kind, row.data) for row in rows]
        return {Ref(at.entity, at.id): position for at, position in feed.publish(changes).items()}

    def glance(self, stream: Stream, scopes: Collection[ScopeKey]) -> Glance:
        with translated():
            found = _rows(
                f"{_HEADS} UNION ALL SELECT '', last_seq, 0, 0 FROM device_stream"
                " WHERE store_id = %s AND device_id = %s AND incarnation = %s",
                (*_columns(scopes), *stream),
            )
        last = next((head for scope, head, _floor, _digest in found if not scope), 0)
        return Glance(last, _heads(row for row in found if row[0]))

    def page(self, scopes: Sequence[ScopeKey], after: Mapping[str, int], want: int) -> Page:
        with translated(), transaction.atomic(durable=True):
            _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", ())
            heads = _heads(iter(_rows(_HEADS, _columns(scopes))))
            return Page(heads, PageMaker(_rows_after, want, self._ready, _extent).slices(scopes, heads, after))

    def compare(self, key: ScopeKey, at: int, question: Sequence[int] | int, after: Place, want: int) -> Buckets | None:
        with translated(), transaction.atomic(durable=True):
            _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", ())
            head = _heads(iter(_rows(_HEADS, _columns([key])))).get(key.scope)
            if head is None or head.head != at:
                return None
            sums = {} if isinstance(question, int) else {b: int(total) for b, total in _rows(_SUMS, key)}
            wanted = buckets.asked(question, sums)
            return buckets.page(key.scope, wanted, _rows_in(key, wanted, after), want)


def _rows_in(key: ScopeKey, wanted: tuple[int, ...], after: Place) -> Iterator[tuple[int, Stored]]:
    while wanted:
        rows = _rows(_IN_BUCKETS, (*key, list(wanted), after.bucket, *after, _AT_ONCE))
        for bucket, seq, entity, entity_id, ver, kind, data in rows:
            yield bucket, Stored(seq, Ref(entity, entity_id), ver, kind, data)
        if len(rows) < _AT_ONCE:
            return
        after = Place(*rows[-1][:2])


def _rows_after(key: ScopeKey, position: int) -> Iterator[Stored]:
    while True:
        rows = _rows(_ROWS, (*key, position, _AT_ONCE))
        for seq, entity, entity_id, ver, kind, data in rows:
            yield Stored(seq, Ref(entity, entity_id), ver, kind, data)
        if len(rows) < _AT_ONCE:
            return
        position = rows[-1][0]


def _extent(key: ScopeKey, position: int, last: int) -> Extent:
    ((rows, server),) = _rows(_EXTENT, (*key, position, last))
    return Extent(rows, server)


def _insert_ops(stream: Stream, entries: Sequence[Entry]) -> None:
    _run(
        "INSERT INTO op_directory (op_id, store_id) SELECT unnest(%s::uuid[]), %s::uuid",
        ([entry.op_id for entry in entries], stream.store_id),
    )
    _run(
        f"INSERT INTO op_log (about, {_LOG})"
        " SELECT about::bigint[], %s::uuid, %s::uuid, op_id, kind, schema_v, guide_id, made_at, decode(body, 'base64'),"
        " sha, status, code, message, entity, entity_id, feed_pos, received_at"
        " FROM json_to_recordset(%s::json) AS k(op_id uuid, kind text, schema_v int, guide_id text, made_at text,"
        " body text, sha text, status text, code text, message text, entity text, entity_id text, feed_pos bigint,"
        " received_at timestamptz, about text)",
        (stream.store_id, stream.device_id, _packed([dict(zip(_OP, _op_row(one), strict=True)) for one in entries])),
    )


def _op_row(entry: Entry) -> tuple[Any, ...]:
    became = entry.outcome
    told = (entry.op_id, entry.kind, entry.schema_v, entry.guide_id, entry.made_at, entry.body, entry.sha)
    led = (became.status, became.code, became.message, became.entity, became.id, became.feed_pos)
    return (*told, *led, entry.received_at, keys_of(entry.kind, entry.schema_v, entry.body))


def keys_of(kind: str, schema_v: int, body: bytes | None) -> str:
    """An operation's keys, as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, traces.of(kind, schema_v, body))) + "}"


def _insert_conflicts(stream: Stream, entries: Sequence[Entry]) -> None:
    _run(
        "INSERT INTO op_conflict (store_id, device_id, op_id, sha, body, about)"
        " SELECT %s::uuid, %s::uuid, op_id, sha, body, about::bigint[]"
        " FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::text[]) AS k(op_id, sha, body, about)"
        " ON CONFLICT DO NOTHING",
        (
            stream.store_id,
            stream.device_id,
            [entry.op_id for entry in entries],
            [entry.sha for entry in entries],
            [entry.body for entry in entries],
            [keys_of(entry.kind, entry.schema_v, entry.body) for entry in entries],
        ),
    )


def parked_of(row: Sequence[Any]) -> Parked:
    seq, op_id, kind, schema_v, guide_id, made_at, body, sha, received_at = row[3:12]
    entry = Entry(
        seq=seq,
        op_id=op_id,
        kind=kind,
        schema_v=schema_v,
        guide_id=guide_id,
        made_at=made_at,
        body=None if body is None else bytes(body),
        sha=sha,
        outcome=_outcome(row[12:18]),
        first=True,
        received_at=received_at,
    )
    return Parked(Stream(*row[:3]), entry)


def _outcome(row: Sequence[Any]) -> Outcome:
    status, code, message, entity, entity_id, feed_pos = row
    return Outcome(status=status, code=code, message=message, entity=entity, id=entity_id, feed_pos=feed_pos)


def _heads(rows: Iterator[Sequence[Any]]) -> dict[str, Head]:
    return {scope: Head(head, floor, int(digest)) for scope, head, floor, digest in rows}


def _columns(scopes: Collection[ScopeKey]) -> tuple[list[str], list[str]]:
    return [key.store_id for key in scopes], [key.scope for key in scopes]
