"""The way up: a tablet's operations are taken in its order, each once, many a transaction (contract, section 5)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from guide_app.domain import clock
from hq.handlers import outcome
from hq.handlers.work import Work, joined
from hq.ledger import steps, traces
from hq.ledger.port import Aggregates, Clash, Entry, Known, Ledger, Outcome, ScopeKey, Stream, Transient
from hq.ledger.sales import is_sale
from hq.ledger.steps import CarryOp
from hq.sync_api.publishing import publish
from hq.sync_api.running import (
    Done,
    Op,
    Ran,
    Ready,
    Shop,
    Told,
    alone,
    entry,
    identity,
    identity_of_nobody,
    identity_unsent,
    kept_of,
    positioned,
    prepare,
    together,
)
from sync.protocol import codec
from sync.protocol.messages import Batch, BatchStatus, OddOp, Result

CHUNK = codec.MAX_OPS
"""Operations in one transaction: all of a request, for what a transaction costs hardly grows with them."""
APART = 50
"""Operations in one transaction where each has a savepoint: that takes long, and others wait for its locks."""
TRIES = 4
"""How often a transaction is tried that another one got in the way of."""

_log = logging.getLogger(__name__)
_Work = Sequence[Ready | Outcome]
_Run = Callable[[_Work], Done]


class Taken(NamedTuple):
    """What became of a request's operations."""

    batch: Batch
    results: tuple[Result, ...]


class _Round(NamedTuple):
    """What one transaction did. `left`: operations for the next one."""

    status: BatchStatus
    last_seq: int
    results: list[Result]
    left: Sequence[Told]


class Push:
    """Takes the operations of one stream."""

    def __init__(
        self,
        ledger: Ledger,
        aggregates: Aggregates,
        shop: Shop,
        scope: ScopeKey,
        own: ScopeKey,
        stream: Stream,
        now: datetime,
        past: Collection[str] = (),
    ) -> None:
        """`scope`: the store's; `own`: the device's; `now`: HQ's clock at receipt, aware; `past`: stores in which the
        device was enrolled before."""
        self._ledger, self._aggregates, self._shop = ledger, aggregates, shop
        self._scope, self._own, self._stream, self._now, self._past = scope, own, stream, now, past

    def take(self, ops: Sequence[Op], next_seq: int) -> Taken:
        """Runs what is new, answers what is known. Raises Transient only where nothing was committed."""
        left: Sequence[Told] = sorted((Told(op, identity(op)) for op in ops), key=lambda told: told.op.seq)
        if _seqs_meet(ops):
            last, _heads = self._ledger.glance(self._stream, ())
            return Taken(Batch(status="fork", last_seq=last), ())
        results: list[Result] = []
        last = 0
        while True:
            try:
                done = self._transaction(left, next_seq)
            except Transient:
                if not results:
                    raise
                return Taken(Batch(status="ok", last_seq=last), tuple(results))
            results += done.results
            last, left = done.last_seq, done.left
            if done.status != "ok" or not left:
                return Taken(Batch(status=done.status, last_seq=last), tuple(results))

    def _transaction(self, ops: Sequence[Told], next_seq: int) -> _Round:
        """One transaction: first without savepoints, which is three times faster; with them if an operation fails."""
        run: _Run = self._together
        for _ in range(TRIES):
            try:
                with self._ledger.transaction():
                    return self._round(ops, next_seq, run)
            except Transient as problem:
                if not problem.rerun:
                    raise
            except Exception as problem:
                if run == self._one_by_one and not isinstance(problem, Clash):
                    raise
                _log.info("a chunk is run again one by one: %s", type(problem).__name__)
                run = self._one_by_one
        raise Transient("others kept writing the same rows")

    def _round(self, ops: Sequence[Told], next_seq: int, run: _Run) -> _Round:
        last = self._ledger.lock_stream(self._stream)
        seen = self._ledger.seen(self._stream, [op.seq for op, _ in ops])
        known = self._ledger.known({op.op_id for op, _ in ops})
        if self._is_fork(ops, next_seq, last, seen, known):
            return _Round("fork", last, [], ())
        old = [told for told in ops if told.op.seq <= last]
        new = [told for told in ops if told.op.seq > last]
        whole = _contiguous(new, last)
        chunk = _each_once(whole)[: CHUNK if run == self._together else APART]
        results = self._run([], old, known, last, run) + self._run(chunk, chunk, known, last + len(chunk), run)
        if len(chunk) < len(whole):
            return _Round("ok", last + len(chunk), results, new[len(chunk) :])
        return _Round("ok" if len(whole) == len(new) else "gap", last + len(chunk), results, ())

    def _is_fork(
        self, ops: Sequence[Told], next_seq: int, last: int, seen: Mapping[int, str], known: Mapping[str, Known]
    ) -> bool:
        """Whether this cannot be the stream that HQ knows; a delayed copy of what HQ has is always welcome."""
        if any(op.seq <= last and seen.get(op.seq) != op.op_id for op, _ in ops):
            return True
        copy = bool(ops) and all(told.op.seq <= last and self._stored(told, known) for told in ops)
        return next_seq <= last and not copy

    def _stored(self, told: Told, known: Mapping[str, Known]) -> Outcome | None:
        """What became of exactly this operation, if HQ has it: of this store or one that the device was in before,
        wherever it was run; or as a second content. Two copies of a tablet may tell a sign-up with and, after an
        erasure, without who sent the person, and a sale with its customer and without: it is the same one."""
        one = known.get(told.op.op_id)
        if one is None:
            return None
        store_id = "" if isinstance(told.op, OddOp) else told.op.store_id
        ours = self._stream.store_id in (one.store_id, store_id) or store_id in self._past
        if ours and (one.sha == told.sha or one.scrubbed or one.sha in _of_erased(told.op)):
            elsewhere = one.store_id != store_id  # a position in that store's scope says nothing here
            return msgspec.structs.replace(one.outcome, feed_pos=None) if elsewhere else one.outcome
        return _CONFLICT if told.sha in one.conflicts else None

    def _run(
        self, to_run: Sequence[Told], ops: Sequence[Told], known: Mapping[str, Known], last: int, run: _Run
    ) -> list[Result]:
        """Runs those of `to_run` whose op_id is new, publishes their rows, writes `ops` down; results in order."""
        new = [told for told in to_run if told.op.op_id not in known]
        ready = [prepare(told, self._shop, self._now, self._own.scope, self._past) for told in new]
        ran, work = run(ready) if new else Done([], Work())
        positions = publish(self._ledger, self._scope, work.rows.values())
        became = {told.op.op_id: positioned(r, positions) for told, r in zip(new, ran, strict=True)}
        carried = filter(None, map(self._carry, new, ran))
        self._ledger.add_steps(self._stream.store_id, [steps.write(step) for step in (*carried, *work.steps)])
        ran_of = {told.op.op_id: r for told, r in zip(new, ran, strict=True)}
        entries, results = list[Entry](), list[Result]()
        for told in ops:
            stored = self._stored(told, known)
            first = became.get(told.op.op_id)
            if stored is None:
                kept = entry(told, first or _CONFLICT, self._now, first=first is not None)
                kept = kept_of(kept, ran_of.get(told.op.op_id, Ran(_CONFLICT)))
                entries.append(msgspec.structs.replace(kept, body=None) if self._raw_about_erased(kept) else kept)
            results.append(_result(told.op, stored or first or _CONFLICT, dup=stored is not None))
        if entries or to_run:
            self._ledger.record(self._stream, entries, {op.seq: op.op_id for op, _ in to_run}, last)
        return results

    def _raw_about_erased(self, kept: Entry) -> bool:
        """Whether what is only kept, and not run here, names a person who was erased; a sale that waits is kept."""
        ran = kept.first and kept.kind and kept.outcome.status != "forwarded"
        if kept.body is None or ran or (kept.outcome.status == "parked" and is_sale(kept.kind, kept.body)):
            return False
        return bool(self._aggregates.erased(traces.ids_in(kept.body.decode(errors="replace"))))

    def _together(self, ops: _Work) -> Done:
        return together(ops, self._aggregates, self._shop.currency)

    def _one_by_one(self, ops: _Work) -> Done:
        """Each operation in a savepoint: one that fails is parked, the others are not delayed."""
        done = [alone(op, self._ledger, self._aggregates, self._shop.currency) for op in ops]
        return Done([one.ran[0] for one in done], joined(one.work for one in done))

    def _carry(self, told: Told, ran: Ran) -> CarryOp | None:
        """The step that brings an operation to the store that it was sent on to."""
        if ran.outcome.status != "forwarded" or isinstance(told.op, OddOp):
            return None
        return CarryOp(
            to=ran.to or told.op.store_id, came_in=self._stream, op=told.op, received_at=clock.to_text(self._now)
        )


_CONFLICT = outcome("parked", "op_id_conflict")


def _of_erased(op: Op) -> set[str]:
    """The hashes that it is known by once somebody whom it names is erased."""
    return {identity_unsent(op), identity_of_nobody(op)} - {""}


def _seqs_meet(ops: Sequence[Op]) -> bool:
    """Whether two operations of one request claim the same number."""
    return len({op.seq for op in ops}) < len({(op.seq, op.op_id) for op in ops})


def _contiguous(ops: Sequence[Told], last: int) -> list[Told]:
    """The operations from the one after `last` up to the first hole."""
    run: list[Told] = []
    for told in ops:
        if told.op.seq not in (last, last + 1):
            break
        run.append(told)
        last = told.op.seq
    return run


def _each_once(ops: Sequence[Told]) -> list[Told]:
    """Up to where an op_id comes a second time: that one belongs to the next transaction, where the first is known."""
    met: set[str] = set()
    for index, told in enumerate(ops):
        if told.op.op_id in met:
            return list(ops[:index])
        met.add(told.op.op_id)
    return list(ops)


def _result(op: Op, became: Outcome, *, dup: bool) -> Result:
    return Result(
        seq=op.seq,
        op_id=op.op_id,
        status=became.status,
        code=became.code,
        message=became.message,
        entity=became.entity,
        id=became.id,
        feed_pos=became.feed_pos,
        dup=dup,
    )
