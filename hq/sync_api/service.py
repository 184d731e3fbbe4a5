"""One round of `/v1/sync`: operations up, rows down. Pure over the ports: the simulation runs this very code."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from guide_app.domain import clock
from hq.ledger.page import in_feed
from hq.ledger.port import Aggregates, Glance, Head, Ledger, Page, Place
from hq.sync_api.push import Push, Taken
from hq.sync_api.running import Op
from hq.sync_api.session import Session
from sync.protocol import codec, file_lists
from sync.protocol.digest import from_hex, to_hex
from sync.protocol.errors import EnvelopeInvalid
from sync.protocol.messages import Batch, ScopeState, SyncRequest, SyncResponse, VerifyRequest, VerifyResponse, WireOp
from sync.protocol.versions import is_older

_log = logging.getLogger(__name__)
AggregatesOf = Callable[[Session], Aggregates]
Watch = Callable[[Taken], None]
PastOf = Callable[[Session], frozenset[str]]


class Settings(NamedTuple):
    """`pause_ms`: how long an idle tablet waits; `min_app`: older apps get no rows ("": all do); `keys`: the public
    keys by which tablets know what HQ signed, none where it signs nothing."""

    pause_ms: int = 20_000
    min_app: str = ""
    keys: Callable[[], Collection[str]] = tuple


class SyncService:
    """Answers sync requests of devices that are known."""

    def __init__(
        self,
        ledger: Ledger,
        aggregates_of: AggregatesOf,
        settings: Settings,
        watch: Watch = lambda _taken: None,
        past_of: PastOf = lambda _session: frozenset(),
        follows: Callable[[str], bool] = lambda _device_id: False,
        continues: Callable[[str], bool] = lambda _epoch: True,
        settle: Callable[[Session], None] = lambda _session: None,
    ) -> None:
        """`watch` is told what became of each request's operations; `past_of`: the stores in which a device was
        enrolled before, asked only where it sends what is not of its store; `follows`: whether a device hears at once
        what moves, so that it need not ask so often; `continues`: whether HQ's history goes on from that epoch's;
        `settle` is called after operations were taken, before rows are read: what it publishes goes with the answer."""
        self._ledger, self._aggregates_of, self._settings, self._watch = ledger, aggregates_of, settings, watch
        self._past_of, self._follows, self._continues, self._settle = past_of, follows, continues, settle

    def sync(
        self,
        session: Session,
        request: SyncRequest,
        ops: Sequence[Op],
        app: str,
        now: datetime,
        glance: Glance | None = None,
    ) -> bytes:
        """The answer as JSON. `glance`: of the stream and all scopes of the session, where the caller has it already.

        Raises Transient only where nothing was committed, EnvelopeInvalid for a wrong `app`.
        """
        outdated = is_older(app, self._settings.min_app)
        if request.epoch != session.epoch:
            return self._epoch_changed(session, request, now)
        if request.forked_from:
            self._ledger.forked(session.stream(request.incarnation), request.forked_from, now)
        taken, heads = self._take(session, request, ops, now, glance)
        _report(session, request, taken)
        self._watch(taken)
        if ops:
            self._settle(session)
        answer = self._answer(session, taken, now)
        keys = self._settings.keys() if request.keys else ()
        if keys and request.keys != file_lists.fingerprint(keys):
            answer = msgspec.structs.replace(answer, hq_public_keys=[*keys])
        if outdated:
            answer = msgspec.structs.replace(answer, min_app=self._settings.min_app)
        if outdated or taken.batch.status == "fork" or request.after is None:
            return codec.encode(answer)
        if request.after.keys() != {key.scope for key in session.keys}:
            answer = msgspec.structs.replace(answer, grants=[granted.grant for granted in session.granted])
        page, scopes = self._page(session, request, heads)
        return _joined(codec.encode(msgspec.structs.replace(answer, scopes=scopes)), page)

    def verify(self, session: Session, request: VerifyRequest) -> bytes:
        """The differing buckets of a scope, or one bucket whole. Raises Transient, EnvelopeInvalid.

        A scope that is not granted is `moved`, as one elsewhere or of another epoch: the tablet syncs, and hears
        of its grants.
        """
        question = [from_hex(text) for text in request.sums] if request.sums is not None else request.bucket or 0
        after, key = _place(request.from_), session.key_of(request.scope)
        known = key if request.epoch in ("", session.epoch) else None
        found = known and self._ledger.compare(known, request.at, question, after, codec.MAX_WANT)
        if not found:
            return codec.encode(VerifyResponse(status="moved"))
        if request.sums is not None and found.buckets:
            _log.warning(
                "device %s: %d buckets of scope %s differ", session.device_id, len(found.buckets), request.scope
            )
        following = f"{found.next.bucket}.{found.next.seq}" if found.next else ""
        answer = VerifyResponse(status="ok", buckets=list(found.buckets), next=following)
        return _with_rows(codec.encode(answer), b",".join(found.rows))

    def is_quiet(self, session: Session, request: SyncRequest, ops: Sequence[Op], heads: Mapping[str, Head]) -> bool:
        """Whether `sync`, given these heads, answers without the ledger: nothing to take, nothing to send."""
        if ops or request.forked_from or request.epoch != session.epoch:
            return False
        after = (request.after or {}).items()
        return not any(scope in heads and _moved(heads[scope], at) for scope, at in after)

    def _take(
        self, session: Session, request: SyncRequest, ops: Sequence[Op], now: datetime, glance: Glance | None
    ) -> tuple[Taken, Mapping[str, Head] | None]:
        """Runs the operations. Where there are none, one glance says all: it brings the heads too."""
        stream = session.stream(request.incarnation)
        if ops:
            push = Push(
                self._ledger,
                self._aggregates_of(session),
                session.shop,
                session.store_scope,
                session.device_scope,
                stream,
                now,
                self._past(session, ops),
            )
            return push.take(ops, request.next_seq), None
        last, heads = glance or self._ledger.glance(stream, session.keys)
        return Taken(Batch(status="fork" if request.next_seq <= last else "ok", last_seq=last), ()), heads

    def _past(self, session: Session, ops: Sequence[Op]) -> frozenset[str]:
        foreign = any(isinstance(op, WireOp) and op.store_id != session.shop.store_id for op in ops)
        return self._past_of(session) if foreign else frozenset()

    def _page(
        self, session: Session, request: SyncRequest, heads: Mapping[str, Head] | None
    ) -> tuple[Page, dict[str, ScopeState]]:
        """The rows of the scopes that moved, of one moment after the operations were committed; where these stand."""
        if heads is None:
            _last, heads = self._ledger.glance(session.stream(request.incarnation), session.keys)
        after = {scope: at for scope, at in (request.after or {}).items() if scope in heads}
        page = Page(heads, {})
        if request.want and any(_moved(heads[scope], at) for scope, at in after.items()):
            page = self._ledger.page(session.keys, after, min(request.want, codec.MAX_WANT))
        scopes = dict[str, ScopeState]()
        for scope, at in after.items():
            head = page.heads[scope]
            if not in_feed(head, at):
                scopes[scope] = _state(head, refetch=True)
            elif head.head > at:
                scopes[scope] = _state(head, more=page.slices[scope].more if scope in page.slices else True)
        return page, scopes

    def _epoch_changed(self, session: Session, request: SyncRequest, now: datetime) -> bytes:
        """Where HQ stands in every scope: the tablet compares before it trusts a position.

        What it has from an epoch that was lost whole, with its positions, says nothing here: two branches of a history
        may have the same versions. It is fetched again.
        """
        last, heads = self._ledger.glance(session.stream(request.incarnation), session.keys)
        answer = self._answer(session, Taken(Batch(status="epoch_changed", last_seq=last), ()), now)
        lost = not self._continues(request.epoch)
        scopes = {scope: _state(head, refetch=lost) for scope, head in heads.items()}
        return codec.encode(msgspec.structs.replace(answer, epoch=session.epoch, scopes=scopes))

    def _answer(self, session: Session, taken: Taken, now: datetime) -> SyncResponse:
        return SyncResponse(
            batch=taken.batch,
            results=list(taken.results),
            server_time=clock.to_text(now),
            next_sync_after_ms=session.spread(self._settings.pause_ms) * (2 if self._follows(session.device_id) else 1),
            authorised_until=session.authorised_until,
        )


def _report(session: Session, request: SyncRequest, taken: Taken) -> None:
    """Says in the log what somebody at HQ has to look at."""
    parked = Counter(result.code for result in taken.results if result.status == "parked" and not result.dup)
    if parked:
        _log.info("device %s: parked %s", session.device_id, dict(parked))
    if taken.batch.status == "fork" or request.forked_from:
        _log.info("device %s: incarnation %s forked", session.device_id, request.forked_from or request.incarnation)


def _moved(head: Head, at: int) -> bool:
    return head.head > at and in_feed(head, at)


def _state(head: Head, *, more: bool = False, refetch: bool = False) -> ScopeState:
    return ScopeState(head=head.head, floor=head.floor, digest=to_hex(head.digest), more=more, refetch=refetch)


def _joined(answer: bytes, page: Page) -> bytes:
    """The answer with the page's rows in it, as the bytes that they are."""
    return _with_rows(answer, b",".join(row for part in page.slices.values() for row in part.rows))


def _with_rows(answer: bytes, rows: bytes) -> bytes:
    return answer[:-1] + b',"rows":[' + rows + b"]}" if rows else answer


def _place(text: str) -> Place:
    """The `next` of an earlier page."""
    if not text:
        return Place()
    bucket, dot, seq = text.partition(".")
    if not (dot and bucket.isascii() and bucket.isdecimal() and seq.isascii() and seq.isdecimal() and len(text) < 24):
        raise EnvelopeInvalid("not the next of a page")
    return Place(int(bucket), int(seq))
