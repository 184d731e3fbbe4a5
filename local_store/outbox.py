"""The outbox: what guides did, written with its local effect in one transaction, kept until long after HQ took it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlcipher3 import dbapi2 as sqlite

from guide_app import operations
from guide_app.domain.clock import Clock, to_text
from guide_app.domain.errors import Defect, Refused
from guide_app.domain.ids import Ids
from guide_app.domain.records import Ref, merge_unknown
from guide_app.operations import OPERATIONS, Refusal, Snapshot
from guide_app.services.ports.writing import Draft
from local_store import erasing
from local_store.effects import ABSENT, Effects, OpenOp
from local_store.meta import Meta
from local_store.rows import Rows
from local_store.tables import Stored
from sync.protocol import codec, digest
from sync.protocol.messages import WireOp

_ASK_AGAIN = "UPDATE outbox SET answered = 0, closed_at = '' WHERE n = :n"
_REOPEN = (
    "UPDATE outbox SET state = 'pending', answered = 0, listed = :listed, code = '', message = '', entity = '', "
    "entity_id = '', feed_pos = NULL, closed_at = '' WHERE n = :n"
)
_WIRE = "n, seq, op_id, kind, schema_v, store_id, guide_id, made_at, body, op_sha256, state"


class Outbox:
    """Operations behind one connection, inside its caller's transaction."""

    def __init__(self, connection: sqlite.Connection, rows: Rows, clock: Clock, ids: Ids) -> None:
        self._db, self._rows = connection, rows
        self._clock, self._ids = clock, ids
        self._meta = Meta(connection)
        self._effects = Effects(connection, rows)

    def now(self) -> str:
        """The time by HQ's clock, as far as it is known."""
        return to_text(self._clock.now() + timedelta(milliseconds=self._meta.number("hq_time_offset_ms")))

    def add(self, guide_id: str, draft: Draft, hq_now: datetime | None = None) -> tuple[str, set[Ref]]:
        """Writes one operation and takes its effect; its id and the entities that it changed. `hq_now`: see
        `Operation.guard`.

        Raises Refused where a rule forbids it, it is too large, or its body is not of its schema.
        """
        operation, text = OPERATIONS[draft.kind], operations.write(draft.body)
        body = _read(draft.kind, operation.version, text)
        n, op = self._insert(guide_id, draft.kind, operation.version, text)
        state = Snapshot()
        refs, rows = self._effects.refs(op.kind, body, state)
        self._effects.touch(n, refs, rows)
        forbidden = operation.guard(body, state, hq_now)
        done = forbidden or operations.perform(operation, body, state, op.context)
        if isinstance(done, Refusal):
            raise Refused(done.code, op.kind)
        if not state.changed <= set(refs):
            raise Defect(f"{op.kind} changed what it does not touch")
        self._write(state, rows)
        if draft.kind == "member.sign_up" and body.referrer:
            erasing.remember_sender(self._db, op.op_id, body.referrer, self._meta.text("region"))
        return op.op_id, set(state.changed)

    def _insert(self, guide_id: str, kind: str, version: int, text: str) -> tuple[int, OpenOp]:
        seq, store_id = self._meta.number("next_seq"), self._meta.text("store_id")
        if not store_id:
            raise Defect("this tablet belongs to no shop yet")
        op_id, made_at = self._ids.uuid7(), self.now()
        sha = digest.op_sha(op_id, kind, version, store_id, guide_id, made_at, text)
        wire = WireOp(
            seq=seq, op_id=op_id, kind=kind, schema_v=version, store_id=store_id, guide_id=guide_id, made_at=made_at,
            body=text, sha=sha,
        )  # fmt: skip
        if len(codec.encode(wire)) > codec.MAX_OP:
            raise Refused("too_large", kind)
        currency = self._meta.text("currency")
        n = self._db.execute(
            "INSERT INTO outbox (seq, op_id, kind, schema_v, store_id, guide_id, made_at, body, op_sha256, currency) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, op_id, kind, version, store_id, guide_id, made_at, text, sha, currency),
        ).lastrowid
        if n is None:
            raise Defect("an insert without a row")
        self._meta.set(next_seq=seq + 1)
        zone = self._meta.text("time_zone") or "UTC"
        return n, OpenOp(n, "pending", op_id, kind, version, store_id, guide_id, made_at, currency, text, zone)

    def _write(self, state: Snapshot, rows: Mapping[Ref, Stored]) -> None:
        """Writes what changed; `rows`: what stood there before."""
        puts = defaultdict[str, list[tuple[str, Stored]]](list)
        for ref in state.changed:
            row, before = state.row(ref), rows.get(ref, ABSENT)
            if row is None:
                raise Defect("an effect without a record")
            text = merge_unknown(row.record, before.d or None).decode()
            puts[ref.entity].append((ref.id, before._replace(ver=row.ver, d=text)))
        for entity, batch in puts.items():
            self._rows.put(entity, batch)

    # ------------------------------------------------------------ what goes out

    def waiting(self, max_ops: int, max_bytes: int) -> tuple[list[msgspec.Raw], int]:
        """Operations in JSON from the oldest unanswered one on, all of one store; and the number of the last of them.

        Answered ones between them go along, or HQ would see a gap. They count as sent from now on.
        """
        first = self._db.execute("SELECT min(seq) FROM outbox WHERE answered = 0").fetchone()[0]
        if first is None:
            return [], 0
        query = f"SELECT {_WIRE} FROM outbox WHERE seq >= ? ORDER BY seq LIMIT ?"
        found = self._db.execute(query, (first, max_ops + 1))
        taken: list[msgspec.Raw] = []
        sent: list[int] = []
        size, store_id = 0, ""
        for n, seq, op_id, kind, version, store, guide_id, made_at, body, sha, state in found:
            wire = WireOp(
                seq=seq, op_id=op_id, kind=kind, schema_v=version, store_id=store, guide_id=guide_id, made_at=made_at,
                body=body, sha=sha,
            )  # fmt: skip
            raw = codec.encode(wire)
            size += len(raw)
            if len(taken) == max_ops or (taken and (size > max_bytes or store != store_id)):
                break
            store_id = store
            taken.append(msgspec.Raw(raw))
            sent += [n] if state == "pending" else []
        self._db.execute(
            "UPDATE outbox SET state = 'sent' WHERE n IN (SELECT value FROM json_each(?))", (json.dumps(sent),)
        )
        return taken, first + len(taken) - 1

    # ------------------------------------------------------------ other streams

    def renumber(self) -> None:
        """A new incarnation: all kept operations from 1 on in their order, to be told again under their op_ids."""
        kept = self._db.execute("SELECT n FROM outbox ORDER BY seq").fetchall()
        self._db.execute("UPDATE outbox SET seq = -seq")
        self._db.executemany(
            "UPDATE outbox SET seq = ?, answered = 0 WHERE n = ?", [(i, n) for i, (n,) in enumerate(kept, 1)]
        )
        self._meta.set(
            forked_from=self._meta.text("incarnation"), incarnation=self._ids.uuid4(), next_seq=len(kept) + 1
        )

    def keeps_all_after(self, last_seq: int) -> bool:
        """Whether every operation with a higher number is still here."""
        oldest, count = self._db.execute("SELECT min(seq), count(*) FROM outbox WHERE seq > ?", (last_seq,)).fetchone()
        forgotten = self._meta.number("next_seq") - 1 > last_seq + count
        return not forgotten and (not count or oldest == last_seq + 1)

    def reopen_after(self, last_seq: int) -> set[Ref]:
        """HQ has operations up to `last_seq` only: later ones are open again, and so is what heard of its outcome late,
        which HQ may know nothing of any more. What HQ says of them now counts. What they touch.

        Those of a shop that the tablet has left since stay off its screen, as `History.enrol` took them, and what was
        rejected of them in the list of what needs attention.
        """
        dirty: set[Ref] = set()
        for n, kind, version, body, state, listed, shown in self._db.execute(
            "SELECT n, kind, schema_v, body, state, listed, body IS NOT NULL AND store_id = ? FROM outbox "
            "WHERE seq > ? OR op_id IN (SELECT id FROM other_row WHERE entity = 'op_outcome') ORDER BY seq",
            (self._meta.text("store_id"), last_seq),
        ).fetchall():
            if shown and not listed:
                # Where HQ had applied it, the rows here still hold its effect, until HQ's come anew.
                parsed = _read(kind, version, body)
                refs, rows = self._effects.refs(kind, parsed, Snapshot())
                self._effects.touch(n, refs, rows, done=state in ("applied", "merged"))
                dirty |= set(refs)
            self._db.execute(_ASK_AGAIN if state == "rejected" and not shown else _REOPEN, {"n": n, "listed": shown})
        return dirty


def _read(kind: str, version: int, text: str) -> Any:
    try:
        return operations.read(kind, version, text)
    except operations.Unreadable as error:
        raise Refused(error.code, kind) from error
