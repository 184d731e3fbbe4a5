"""A small HQ for tests of the store alone: the contract's rules of seqs, positions, pages and results.

Its only authority are phones that must be unique. What it does with an operation can be told beforehand.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import msgspec

from guide_app import operations
from guide_app.domain.records import ENTITIES, Member, MemberAlias, OpOutcome, Record, Ref, decode, encode
from guide_app.operations import OPERATIONS, Context, Refusal, Snapshot, Versioned
from guide_app.operations.members import merge_sign_up
from sync.ports import Outgoing
from sync.protocol import codec, digest
from sync.protocol.messages import (
    Batch,
    EnrolResponse,
    Grant,
    Result,
    ResultStatus,
    Row,
    RowState,
    ScopeState,
    SyncResponse,
    WireOp,
)
from sync.protocol.signature import SigningKey

STORE, CHAIN, DEVICE = "s1", "c", "d1"
SCOPES = (STORE, CHAIN, DEVICE)
NOW = "2026-11-21T10:00:00.000Z"
AUTHORISED = "2026-12-21T10:00:00.000Z"
KEY = SigningKey(b"h" * 32)
CHAIN_WIDE = frozenset(
    {"product", "category", "price_list", "price", "policy", "settings", "tag_rule", "promotion", "material"}
)


def uuid() -> str:
    """A random UUID."""
    text = secrets.token_hex(16)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"


class FakeHq:
    """One store with one device; `order` gives a kind of operation an outcome other than its own."""

    def __init__(self) -> None:
        self.store_id, self.device_id, self.epoch = uuid(), uuid(), "e1"
        self.lost_epochs = set[str]()
        self.now = NOW
        self.heads = dict.fromkeys(SCOPES, 0)
        self.rows: dict[tuple[str, Ref], Row] = {}
        self.results: dict[str, Result] = {}
        self.parked: dict[str, WireOp] = {}
        self.seqs: dict[str, dict[int, str]] = {}
        self.verdict: dict[str, tuple[ResultStatus, str]] = {}
        self.grants = [
            Grant(scope=STORE, kind="store", name="Shop 1"),
            Grant(scope=CHAIN, kind="chain", name="Chain"),
            Grant(scope=DEVICE, kind="device", name="Tablet"),
        ]

    def enrolment(self) -> EnrolResponse:
        """The answer to a valid code."""
        return EnrolResponse(
            device_id=self.device_id, store_id=self.store_id, store_code="101", device_letters="AB", region="CN",
            time_zone="Asia/Shanghai", currency="CNY", languages=["zh_CN", "en"], epoch=self.epoch, grants=self.grants,
            authorised_until=AUTHORISED, server_time=NOW, hq_public_keys=[KEY.public_text],
        )  # fmt: skip

    # ------------------------------------------------------------ rows

    def publish(self, entity: str, row_id: str, record: Record | None, state: RowState = "put") -> int:
        """Writes a row, at the end of its scope's feed; its position."""
        raw = msgspec.Raw(encode(record)) if record is not None else msgspec.Raw(b"{}")
        return self.publish_raw(entity, row_id, raw, state)

    def publish_raw(self, entity: str, row_id: str, raw: msgspec.Raw, state: RowState = "put") -> int:
        """As `publish`, with whatever JSON."""
        scope = CHAIN if entity in CHAIN_WIDE else DEVICE if entity in ("op_outcome", "lease") else STORE
        self.heads[scope] += 1
        ref = Ref(entity, row_id)
        before = self.rows.get((scope, ref))
        self.rows[scope, ref] = Row(
            s=scope, q=self.heads[scope], e=entity, id=row_id, v=(before.v if before else 0) + 1, o=state, d=raw
        )
        return self.heads[scope]

    def record(self, entity: str, row_id: str) -> Any:
        """The record of a row, or None."""
        for (_, ref), row in self.rows.items():
            if ref == Ref(entity, row_id) and row.o == "put":
                return decode(row.d, ENTITIES[entity])
        return None

    def alive(self) -> dict[Ref, tuple[int, Any]]:
        """All rows as a tablet must have them in the end: version and plain values."""
        return {ref: (row.v, msgspec.json.decode(row.d)) for (_, ref), row in self.rows.items() if row.o == "put"}

    def digest(self, scope: str) -> str:
        """The scope's digest by the contract."""
        put = ((ref.entity, ref.id, row.v) for (s, ref), row in self.rows.items() if s == scope and row.o == "put")
        return digest.ScopeSums(put).digest

    # ------------------------------------------------------------ a round

    def sync(self, sent: Outgoing, *, most: int = 10_000) -> SyncResponse:
        """One round trip; `most`: rows of the page."""
        ops = [codec.decode(bytes(raw), WireOp) for raw in sent.ops]
        seqs = self.seqs.setdefault(sent.incarnation, {})
        last = max(seqs, default=0)
        if sent.epoch != self.epoch:
            scopes = self._scopes({})
            if sent.epoch in self.lost_epochs:
                scopes = {scope: msgspec.structs.replace(state, refetch=True) for scope, state in scopes.items()}
            return self._answer("epoch_changed", last, scopes=scopes, epoch=self.epoch)
        known = bool(ops) and all(seqs.get(op.seq) == op.op_id for op in ops)
        other = any(op.seq in seqs and seqs[op.seq] != op.op_id for op in ops)
        if not known and (other or sent.next_seq <= last):
            return self._answer("fork", last)
        results: list[Result] = []
        for op in ops:
            if op.seq > max(seqs, default=0) + 1:
                break
            results.append(self._take(op))
            seqs[op.seq] = op.op_id
        last = max(seqs, default=0)
        told = ops[-1].seq if ops else sent.next_seq - 1
        status = "gap" if told > last else "ok"
        rows, scopes = self._page(sent.after, most)
        grants = None if set(sent.after) == {grant.scope for grant in self.grants} else self.grants
        return self._answer(status, last, results=results, rows=rows, scopes=scopes, grants=grants)

    def _answer(self, status: Any, last: int, **more: Any) -> SyncResponse:
        return SyncResponse(
            batch=Batch(status=status, last_seq=last), server_time=self.now, next_sync_after_ms=1000,
            authorised_until=AUTHORISED, **more,
        )  # fmt: skip

    def _page(self, after: dict[str, int], most: int) -> tuple[list[Row], dict[str, ScopeState]]:
        rows: list[Row] = []
        cut: set[str] = set()
        for scope in (grant.scope for grant in self.grants):
            if after.get(scope, 0) > self.heads[scope]:
                continue
            new = sorted(
                (row for (s, _), row in self.rows.items() if s == scope and row.q > after.get(scope, 0)),
                key=lambda row: row.q,
            )
            room = max(0, most - len(rows))
            rows += new[:room]
            if len(new) > room:
                cut.add(scope)
        return rows, self._scopes(after, cut)

    def _scopes(self, after: dict[str, int], cut: Iterable[str] = ()) -> dict[str, ScopeState]:
        found: dict[str, ScopeState] = {}
        for scope in (grant.scope for grant in self.grants):
            head = self.heads[scope]
            if not after or after.get(scope, 0) != head:
                found[scope] = ScopeState(
                    head=head, floor=0, digest=self.digest(scope), more=scope in set(cut),
                    refetch=after.get(scope, 0) > head,
                )  # fmt: skip
        return found

    # ------------------------------------------------------------ operations

    def _take(self, op: WireOp) -> Result:
        if op.op_id in self.results:
            return msgspec.structs.replace(self.results[op.op_id], seq=op.seq, dup=True)
        status, code = self.verdict.get(op.kind, ("applied", ""))
        result = self._run(op) if status == "applied" else self._told(op, status, code)
        result = msgspec.structs.replace(result, code=code or result.code)
        if result.status in ("parked", "forwarded"):
            self.parked[op.op_id] = op
        self.results[op.op_id] = result
        return result

    def _told(self, op: WireOp, status: ResultStatus, code: str = "", **more: Any) -> Result:
        return Result(seq=op.seq, op_id=op.op_id, status=status, code=code, **more)

    def _run(self, op: WireOp) -> Result:
        if op.body is None:
            return self._told(op, "rejected", "erased")
        body: Any = operations.read(op.kind, op.schema_v, op.body)
        state = self._state()
        context = Context(
            op_id=op.op_id, store_id=op.store_id, guide_id=op.guide_id, made_at=op.made_at, now=op.made_at,
            currency="CNY",
        )  # fmt: skip
        twin = self._twin(body) if op.kind == "member.sign_up" else None
        if twin is not None:
            member = state.get(Ref("member", twin), Member)
            assert member is not None
            merged = merge_sign_up(member, body, state.ver(Ref("member", twin)) + 1, op.made_at)
            self.publish("member", twin, merged)
            feed_pos = self.publish("member_alias", body.member_id, MemberAlias(member_id=twin))
            return self._told(op, "merged", entity="member", id=twin, feed_pos=feed_pos)
        done = operations.perform(OPERATIONS[op.kind], body, state, context)
        if isinstance(done, Refusal):
            return self._told(op, done.status, done.code)
        changed = [(ref, row.record) for ref in sorted(state.changed) if (row := state.row(ref))]
        positions = [self.publish(ref.entity, ref.id, record) for ref, record in changed]
        return self._told(op, "applied", done.code, feed_pos=max(positions, default=None))

    def _twin(self, body: Any) -> str | None:
        for (_, ref), row in self.rows.items():
            if ref.entity == "member" and row.o == "put" and decode(row.d, Member).phone == body.phone:
                return ref.id
        return None

    def _state(self) -> Snapshot:
        rows: dict[Ref, Versioned | None] = {}
        aliases: dict[str, str] = {}
        for (_, ref), row in self.rows.items():
            kind = ENTITIES.get(ref.entity)
            if row.o == "put" and kind is not None:
                record = decode(row.d, kind)
                rows[ref] = Versioned(record, row.v)
                if isinstance(record, MemberAlias):
                    aliases[ref.id] = record.member_id
        return Snapshot(rows, aliases)

    def mend(self) -> None:
        """HQ is repaired: what was parked is judged by its own rules now, and told as an outcome."""
        self.verdict.clear()
        for op_id, op in list(self.parked.items()):
            del self.parked[op_id]
            result = self._run(op)
            status = result.status if result.status == "applied" or result.status == "merged" else "rejected"
            self.results[op_id] = msgspec.structs.replace(result, status=status)
            outcome = OpOutcome(
                op_id=op_id, seq=op.seq, status=status, code=result.code, entity=result.entity, id=result.id,
                feed_pos=result.feed_pos or 0,
            )  # fmt: skip
            self.publish("op_outcome", op_id, outcome)
