"""Running parked operations again after the mend: a policy published, a product made, a bug fixed."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import NamedTuple

from guide_app.domain import clock
from guide_app.domain.errors import BadInput
from hq.handlers.work import Work
from hq.ledger import steps
from hq.ledger.each import each
from hq.ledger.port import Clash, Ledger, Outcome, Parked, Transient
from hq.ledger.steps import CarryOp
from hq.sync_api.running import identity, opened, positioned, together
from hq.sync_api.sweep import Chain, lock_heads, member_of, publish, tell_senders
from sync.protocol.messages import WireOp

_log = logging.getLogger(__name__)


class Replayed(NamedTuple):
    """How many operations were run again with an outcome, and how many still wait."""

    done: int
    waiting: int


def replay(ledger: Ledger, chain: Chain, only: Collection[str] | None = None) -> Replayed:
    """Runs every parked operation again, or those with these ids, in order, each in its own transaction. Raises
    Transient, once all the others were run, where the database could not do one."""
    done = waiting = 0

    def run(parked: Parked) -> None:
        nonlocal done, waiting
        became = _tried(ledger, chain, parked)
        done, waiting = (done + 1, waiting) if became else (done, waiting + 1)

    each((one for one in ledger.parked() if only is None or one.entry.op_id in only), run)
    return Replayed(done, waiting)


def _tried(ledger: Ledger, chain: Chain, parked: Parked) -> Outcome | None:
    """As `_again`; None where it failed again."""
    try:
        return _again(ledger, chain, parked)
    except (Clash, BadInput) as problem:
        _log.info("a parked operation still cannot be kept: %s", type(problem).__name__)
    except Transient:
        raise
    except Exception:
        _log.exception("a parked operation failed again")
    return None


def _again(ledger: Ledger, chain: Chain, parked: Parked) -> Outcome | None:
    """One operation, its rows and its late outcome in one transaction; None while it stays parked."""
    with ledger.transaction():
        if not ledger.reopen(parked):
            return None
        branch, op = chain.branch(parked.stream.store_id), _op(parked)
        own = chain.device_scope(parked.stream.store_id, parked.stream.device_id)
        ready = opened(op, branch.shop, parked.entry.received_at, own.scope)
        (ran,), work = together([ready], branch.aggregates, branch.shop.currency)
        if ran.outcome.status == "parked":
            return None
        lock_heads(ledger, chain, branch, op.op_id, work)
        became = positioned(ran, publish(ledger, branch, Work(work.rows)))
        rest = identity(op) != op.sha  # it lost a name while it waited: its tablet may tell another rest of it
        ledger.settle(parked, became, scrub=ran.scrub or rest)
        if became.status == "forwarded":
            received_at = clock.to_text(parked.entry.received_at)
            onward = CarryOp(to=ran.to, came_in=parked.stream, op=op, received_at=received_at)
            ledger.add_steps(branch.shop.store_id, [steps.write(onward)])
        else:
            tell_senders(ledger, chain, branch, op.op_id, became, member_of(ready))
        publish(ledger, branch, Work(steps=work.steps))
        return became


def _op(parked: Parked) -> WireOp:
    kept = parked.entry
    return WireOp(
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
