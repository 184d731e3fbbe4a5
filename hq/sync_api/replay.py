"""Running parked operations again after the mend: a policy published, a product made, a bug fixed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from guide_app.domain.errors import BadInput
from guide_app.domain.records import OpOutcome, Ref, encode
from hq.ledger.port import Aggregates, Clash, FeedRow, Ledger, Outcome, Parked, ScopeKey, Transient
from hq.sync_api.publishing import publish
from hq.sync_api.push import positioned
from hq.sync_api.running import Shop, Told, prepare, together
from sync.protocol.messages import WireOp

_log = logging.getLogger(__name__)


class Origin(NamedTuple):
    """Where a parked operation belongs: its shop, and the scopes that hear of it: of every device that sent it."""

    shop: Shop
    store_scope: ScopeKey
    device_scopes: Sequence[ScopeKey]
    aggregates: Aggregates


class Replayed(NamedTuple):
    """How many operations were run again with an outcome, and how many still wait."""

    done: int
    waiting: int


def replay(ledger: Ledger, origin_of: Callable[[Parked], Origin]) -> Replayed:
    """Runs every parked operation again, in order, each in its own transaction. Raises Transient."""
    done = waiting = 0
    for parked in ledger.parked():
        try:
            became = _again(ledger, parked, origin_of(parked))
        except (Clash, BadInput) as problem:
            _log.info("a parked operation still cannot be kept: %s", type(problem).__name__)
            became = None
        except Transient:
            raise
        except Exception:
            _log.exception("a parked operation failed again")
            became = None
        done, waiting = (done + 1, waiting) if became else (done, waiting + 1)
    return Replayed(done, waiting)


def _again(ledger: Ledger, parked: Parked, origin: Origin) -> Outcome | None:
    """One operation, its rows and its late outcome in one transaction; None while it stays parked."""
    with ledger.transaction():
        if not ledger.reopen(parked):
            return None
        ready = prepare(_told(parked), origin.shop, parked.entry.received_at)
        (ran,), rows = together([ready], origin.aggregates)
        status = ran.outcome.status
        if status == "parked":
            return None
        others = {ScopeKey(origin.store_scope.store_id, row.scope) for row in rows.values() if row.scope}
        ledger.lock_heads({origin.store_scope, *origin.device_scopes, *others})
        positions = publish(ledger, origin.store_scope, rows.values())
        became = positioned(ran, positions)
        late = OpOutcome(
            op_id=parked.entry.op_id,
            seq=parked.entry.seq,
            status=status,
            code=became.code,
            message=became.message,
            entity=became.entity,
            id=became.id,
            feed_pos=became.feed_pos or 0,
        )
        ref = Ref("op_outcome", parked.entry.op_id)
        for device_scope in origin.device_scopes:
            ledger.publish(device_scope, [FeedRow(ref, 1, encode(late).decode())])
        ledger.settle(parked, became)
        return became


def _told(parked: Parked) -> Told:
    kept = parked.entry
    op = WireOp(
        seq=kept.seq,
        op_id=kept.op_id,
        kind=kept.kind,
        schema_v=kept.schema_v,
        store_id=parked.stream.store_id,
        guide_id=kept.guide_id,
        made_at=kept.made_at,
        body=None if kept.body is None else kept.body.decode(),
        sha=kept.sha,
    )
    return Told(op, kept.sha)
