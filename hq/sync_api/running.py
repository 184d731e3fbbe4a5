"""Running operations: what came from a tablet becomes an outcome, rows, and an entry of the ledger."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from guide_app.domain import clock
from guide_app.domain.errors import BadInput
from guide_app.domain.nobodys import stripped
from guide_app.domain.records import Ref
from guide_app.operations import Body, Context, Unreadable, read
from hq.handlers import HANDLERS, Desk, outcome
from hq.handlers.work import Work
from hq.ledger.past import unmentioned
from hq.ledger.port import Aggregates, Clash, Entry, Ledger, Outcome, Transient
from sync.protocol import codec
from sync.protocol.digest import op_sha
from sync.protocol.messages import OddOp, WireOp

Op = WireOp | OddOp


_log = logging.getLogger(__name__)
_MISPLACED = ("store_unknown", "sha_mismatch")


class Told(NamedTuple):
    """An operation as it came, and the hash that it is known by."""

    op: Op
    sha: str


class Ready(NamedTuple):
    """An operation that can be run."""

    body: Body
    kind: str
    context: Context


class Ran(NamedTuple):
    """What one operation led to, before its rows have positions. `to`: the store to which it was sent on; `scrub`: it
    is about a person who was erased; `unsaid`: it waits, and is kept without this name of who sent somebody."""

    outcome: Outcome
    refs: tuple[Ref, ...] = ()
    to: str = ""
    scrub: bool = False
    unsaid: str = ""


class Done(NamedTuple):
    """What several operations led to."""

    ran: Sequence[Ran]
    work: Work


class Shop(NamedTuple):
    """What the handlers need to know of the store."""

    store_id: str
    currency: str
    time_zone: str = "UTC"


def identity(op: Op) -> str:
    """The hash that an op is known by: computed from what came; an erased body's cannot be, it is believed."""
    if isinstance(op, OddOp):
        return hashlib.sha256(op.raw).hexdigest()
    if op.body is None:
        return op.sha
    return op_sha(op.op_id, op.kind, op.schema_v, op.store_id, op.guide_id, op.made_at, op.body)


def identity_unsent(op: Op) -> str:
    """The hash of a sign-up without who sent the person, as a tablet tells it once that one is erased; "" of others."""
    if isinstance(op, OddOp) or op.body is None:
        return ""
    left = unmentioned(op.kind, op.body.encode())
    return identity(msgspec.structs.replace(op, body=left.decode())) if left else ""


def identity_of_nobody(op: Op) -> str:
    """The hash of a sale without its customer, as a tablet tells it once that one is erased; "" of others."""
    if isinstance(op, OddOp) or op.body is None or not op.kind.startswith("order."):
        return ""
    try:
        left = stripped(op.body)
    except msgspec.DecodeError:
        return ""
    return identity(msgspec.structs.replace(op, body=left)) if left else ""


def entry(told: Told, became: Outcome, now: datetime, *, first: bool) -> Entry:
    """The op as the ledger keeps it; of one that HQ cannot even place, all of it stands as its body."""
    op, sha = told
    if isinstance(op, OddOp):
        said: tuple[str, int, str, str, bytes | None] = ("", 0, "", "", op.raw)
    elif became.code in _MISPLACED:
        said = ("", op.schema_v, op.guide_id, op.made_at, codec.encode(op))
    else:
        said = (op.kind, op.schema_v, op.guide_id, op.made_at, None if op.body is None else op.body.encode())
    kind, schema_v, guide_id, made_at, body = said
    return Entry(
        seq=op.seq,
        op_id=op.op_id,
        kind=kind,
        schema_v=schema_v,
        guide_id=guide_id,
        made_at=made_at,
        body=body,
        sha=sha,
        outcome=became,
        first=first,
        received_at=now,
    )


def kept_of(whole: Entry, ran: Ran) -> Entry:
    """The entry without what may not be kept of somebody erased; its hash is that of what came."""
    if ran.scrub:
        return msgspec.structs.replace(whole, body=None)
    left = unmentioned(whole.kind, whole.body, (ran.unsaid,)) if ran.unsaid else None
    return whole if left is None else msgspec.structs.replace(whole, body=left)


def prepare(told: Told, shop: Shop, now: datetime, own: str, past: Collection[str] = ()) -> Ready | Outcome:
    """The op, ready to run; or what became of it already because it cannot be. `own`: its device's scope; `past`:
    stores in which that was enrolled before: what belongs to them is sent on."""
    op, sha = told
    if isinstance(op, OddOp):
        return outcome("parked", op.code)
    if op.body is None:
        return outcome("rejected", "erased")
    if op.sha != sha:
        return outcome("parked", "sha_mismatch")
    if op.store_id != shop.store_id:
        return outcome("forwarded") if op.store_id in past else outcome("parked", "store_unknown")
    return opened(op, shop, now, own)


def opened(op: WireOp, shop: Shop, now: datetime, own: str) -> Ready | Outcome:
    """The op, ready to run in this shop, whatever shop it came from; or what became of it because it cannot be. `own`:
    the scope of the device that sent it."""
    if op.body is None:
        return outcome("rejected", "erased")
    try:
        body = read(op.kind, op.schema_v, op.body)
        made_at = clock.to_text(clock.from_text(op.made_at))
    except Unreadable as problem:
        return outcome("parked", problem.code)
    except BadInput:  # a time beyond all calendars
        return outcome("parked", "body_invalid")
    context = Context(
        op_id=op.op_id,
        store_id=shop.store_id,
        guide_id=op.guide_id,
        made_at=made_at,
        now=clock.to_text(now),
        currency=shop.currency,
        device_scope=own,
        time_zone=shop.time_zone,
    )
    return Ready(body, op.kind, context)


def together(ops: Sequence[Ready | Outcome], aggregates: Aggregates, currency: str) -> Done:
    """Runs the ops on one desk and saves it: a fixed number of queries, however many ops. An error spoils them all."""
    ready = [op for op in ops if isinstance(op, Ready)]
    handlers: Mapping[str, Any] = HANDLERS
    desk = Desk.laid_out(aggregates, currency, [handlers[op.kind].needs(op.body, op.context) for op in ready])
    desk.fetch(ref for op in ready for ref in handlers[op.kind].operation.follows(op.body, desk.rows))
    ran = []
    for op in ops:
        if isinstance(op, Outcome):
            ran.append(Ran(op))
            continue
        handler = handlers[op.kind]
        became = handler.run(op.body, desk, op.context)
        waits = became.status == "parked"
        scrub = not waits and handler.about_erased(op.body, desk)
        ran.append(Ran(became, *desk.drain(), scrub, handler.unsaid(op.body, desk) if waits else ""))
    return Done(ran, desk.save())


def alone(op: Ready | Outcome, ledger: Ledger, aggregates: Aggregates, currency: str) -> Done:
    """Runs one op in a savepoint: what cannot be kept is parked, and delays nothing else. Raises Transient."""
    code = "body_invalid"  # when it clashes twice: the second time the other's row was seen, so it is wrong itself
    for _ in range(2):
        try:
            with ledger.savepoint():
                return together([op], aggregates, currency)
        except Transient:
            raise
        except (Clash, BadInput) as problem:
            _log.info("an operation cannot be kept: %s", type(problem).__name__)
        except Exception:
            _log.exception("an operation failed and is parked")
            code = "failed"
            break
    return Done([Ran(outcome("parked", code))], Work())


def positioned(ran: Ran, positions: Mapping[Ref, int]) -> Outcome:
    """The outcome with the highest position that the operation's rows were given."""
    given = [positions[ref] for ref in ran.refs if ref in positions]
    return msgspec.structs.replace(ran.outcome, feed_pos=max(given)) if given else ran.outcome
