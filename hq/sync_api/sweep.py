"""The sweeper: what a transaction of one store left to be done in another's is done there, each step once.

Pure over the ports: HQ runs it as a job on PostgreSQL; a simulation calls `Sweeper(ledger, MemoryChain(…)).sweep(now)`
whenever it likes. A step is taken and carried out in ONE transaction of the other store, and then said to be done in
its own: a crash between the two makes it be offered again, and `take_step` then says that it was.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from guide_app.domain import clock
from guide_app.domain.errors import Defect
from guide_app.domain.records import OpOutcome, Ref, encode
from guide_app.operations import OPERATIONS
from hq.handlers import abroad, benefits, copies, levels, parcels
from hq.handlers.abroad import Here
from hq.handlers.work import Work
from hq.ledger import steps
from hq.ledger.port import Aggregates, Clash, FeedRow, Ledger, Outcome, ScopeKey, Step, Transient
from hq.ledger.steps import (
    AddFigures,
    CarryOp,
    GivePoints,
    JudgeLevel,
    MeetMember,
    MoveCoupons,
    RefreshCopy,
    RefreshVisitor,
    StepHome,
    TakenBack,
    TakeOver,
    TellMemberships,
    TellOutcome,
    TellParcel,
)
from hq.sync_api.publishing import publish_work
from hq.sync_api.running import Ready, Shop, Told, alone, entry, kept_of, opened, positioned

TRIES = 4
"""How often a step is tried that another transaction got in the way of, before it waits for the next sweep."""
_AT_ONCE = 200

_log = logging.getLogger(__name__)


class Branch(NamedTuple):
    """A store, as work in it needs it; `scope`: its own."""

    shop: Shop
    scope: ScopeKey
    aggregates: Aggregates

    @property
    def here(self) -> Here:
        """The store as `abroad` sees it."""
        return Here(self.shop.store_id, self.shop.currency, self.aggregates)


class Chain(Protocol):
    """All stores, and the scopes of their devices."""

    def branch(self, store_id: str) -> Branch:
        """Raises Defect for a store that is none."""

    def knows(self, store_id: str) -> bool:
        """Whether there is such a store."""

    def device_scope(self, store_id: str, device_id: str) -> ScopeKey:
        """Where a device of the store hears of what became of its operations."""

    def wanderers(self, store_id: str) -> Sequence[ScopeKey]:
        """The scopes of the store's devices that were another store's before."""


class Sweeper:
    """Carries out steps, in any process; two at once do nothing twice, and get in each other's way."""

    def __init__(self, ledger: Ledger, chain: Chain) -> None:
        self._ledger, self._chain = ledger, chain

    def sweep(self, now: datetime) -> int:
        """Carries out every open step, and those that these leave; how many are done. `now`: HQ's clock, aware.

        One that fails is said loudly, kept, and tried at the next sweep. Raises Transient where the database is gone.
        """
        done, stuck = 0, set[str]()
        while found := self._open(stuck):
            for step in found:
                try:
                    carried = self._tried(step, now)
                except Transient as problem:  # a lock that somebody holds, or no database: the next look tells
                    _log.warning("the step %s %s could not be done yet: %s", step.kind, step.step_id, problem)
                    stuck.add(step.step_id)
                    break
                if carried:
                    done += 1
                else:
                    stuck.add(step.step_id)
        return done

    def _open(self, stuck: set[str]) -> Sequence[Step]:
        found = self._ledger.open_steps(_AT_ONCE + len(stuck))
        return [step for step in found if step.step_id not in stuck]

    def _tried(self, step: Step, now: datetime) -> bool:
        for _ in range(TRIES):
            try:
                self.carry_out(step, now)
                return True
            except Transient as problem:
                if not problem.rerun:
                    raise
            except Clash as problem:
                _log.info("the step %s %s is run again: %s", step.kind, step.step_id, problem)
            except Exception:
                _log.exception("the step %s %s failed", step.kind, step.step_id)
                return False
        _log.warning("the step %s %s could not be done yet", step.kind, step.step_id)
        return False

    def carry_out(self, step: Step, now: datetime) -> None:
        """Carries out one step, unless it was before, and marks it done."""
        body = steps.read(step.body)
        with self._ledger.transaction():
            nobodys = isinstance(body, TellParcel) and not self._chain.knows(body.to)  # a tablet names any store
            if not nobodys and self._ledger.take_step(body.to, step.step_id):
                self._do(self._chain.branch(body.to), body, now)
        with self._ledger.transaction():
            self._ledger.finish_step(step, now)

    def _do(self, branch: Branch, body: steps.AnyStep, now: datetime) -> None:
        match body:
            case CarryOp():
                self._run_op(branch, body)
            case TellOutcome():
                self._tell(branch, body)
            case AddFigures():
                publish(self._ledger, branch, abroad.add_figures(branch.here, body))
            case MeetMember():
                publish(self._ledger, branch, abroad.meet(branch.here, body, now))
            case TakeOver():
                publish(self._ledger, branch, abroad.take_over(branch.here, body))
            case GivePoints():
                publish(self._ledger, branch, abroad.give_points(branch.here, body))
            case TellMemberships():
                publish(self._ledger, branch, abroad.tell_memberships(branch.here, body))
            case JudgeLevel():
                publish(self._ledger, branch, _judged(branch, body.member_id, now))
            case MoveCoupons():
                branch.aggregates.save(benefits.move(branch.aggregates, body.due, body.back))
            case RefreshVisitor():
                publish(self._ledger, branch, abroad.refresh(branch.here, body.member_id))
            case TakenBack() | RefreshCopy() | TellParcel() | StepHome():
                self._do_about_order(branch, body)

    def _do_about_order(self, branch: Branch, body: TakenBack | RefreshCopy | TellParcel | StepHome) -> None:
        """What crosses stores about one order."""
        match body:
            case TakenBack():
                self._take_back(branch, body)
            case RefreshCopy():
                publish(self._ledger, branch, copies.refresh(branch.here, body.order_id, body.stands))
            case TellParcel():
                publish(self._ledger, branch, parcels.refresh(branch.here, body.order_id))
            case StepHome():
                self._step_home(branch, body)

    def _run_op(self, branch: Branch, step: CarryOp) -> None:
        """Runs an operation in the store that it belongs to; what became of it is told to whoever sent it."""
        received_at = clock.from_text(step.received_at)
        own = self._chain.device_scope(step.came_in.store_id, step.came_in.device_id)
        ready = opened(step.op, branch.shop, received_at, own.scope)
        done = alone(ready, self._ledger, branch.aggregates, branch.shop.currency)
        lock_heads(self._ledger, self._chain, branch, step.op.op_id, done.work)
        became = positioned(done.ran[0], publish(self._ledger, branch, Work(done.work.rows)))
        kept = kept_of(entry(Told(step.op, step.op.sha), became, received_at, first=True), done.ran[0])
        self._ledger.carry(kept, step.came_in, branch.shop.store_id)
        if became.status == "forwarded":  # whom it is about has moved on meanwhile
            onward = msgspec.structs.replace(step, to=done.ran[0].to)
            self._ledger.add_steps(branch.shop.store_id, [steps.write(onward)])
        elif became.status == "parked":
            _log.info("an operation carried to store %s is parked: %s", branch.shop.store_id, became.code)
        else:
            tell_senders(self._ledger, self._chain, branch, step.op.op_id, became, member_of(ready))
        publish(self._ledger, branch, Work(steps=done.work.steps))  # last: the news brings its store's copy along

    def _take_back(self, branch: Branch, step: TakenBack) -> None:
        """Books on the order what another store took back; its tablet hears of what differs."""
        became, work = copies.took(branch.here, step, branch.shop.time_zone)
        lock_heads(self._ledger, self._chain, branch, step.op_id, work)
        publish(self._ledger, branch, work)
        if became.code:
            tell_senders(self._ledger, self._chain, branch, step.op_id, became, order_id=step.order_id)

    def _step_home(self, branch: Branch, step: StepHome) -> None:
        """Puts to the order what another store did about its goods; its tablet hears of what differs."""
        became, work = parcels.stepped(branch.here, step, branch.shop.time_zone)
        lock_heads(self._ledger, self._chain, branch, step.op_id, work)
        publish(self._ledger, branch, work)
        if became.code:
            tell_senders(self._ledger, self._chain, branch, step.op_id, became)

    def _tell(self, branch: Branch, step: TellOutcome) -> None:
        work = abroad.refresh(branch.here, step.member_id) if step.member_id else Work()
        if step.order_id:
            work = copies.refresh(branch.here, step.order_id)
        scope = self._chain.device_scope(branch.shop.store_id, step.device_id)
        self._ledger.lock_heads({branch.scope, scope})
        positions = publish(self._ledger, branch, work)
        became = msgspec.structs.replace(step.outcome, feed_pos=max(positions.values(), default=None))
        self._ledger.publish(scope, [_news(step.op_id, step.seq, became)])


def publish(ledger: Ledger, branch: Branch, work: Work) -> Mapping[Ref, int]:
    """Publishes the rows in the store's scope and leaves the steps, in the caller's transaction; the positions."""
    return publish_work(ledger, branch.scope, work)


def _judged(branch: Branch, member_id: str, now: datetime) -> Work:
    return levels.judge(branch.aggregates, [member_id], now, branch.shop.currency)


def lock_heads(ledger: Ledger, chain: Chain, branch: Branch, op_id: str, work: Work) -> None:
    """Locks, in the order of all transactions, every head that an operation's rows and the news of it will move."""
    store_id = branch.shop.store_id
    told = {chain.device_scope(store_id, one.device_id) for one in ledger.senders(op_id) if one.store_id == store_id}
    others = {ScopeKey(store_id, row.scope) for row in work.rows.values() if row.scope}
    ledger.lock_heads({branch.scope, *told, *others})


def tell_senders(
    ledger: Ledger, chain: Chain, branch: Branch, op_id: str, became: Outcome, member_id: str = "", order_id: str = ""
) -> None:
    """What became of an operation in the end: to its senders in this store at once, to those in others by steps."""
    store_id = branch.shop.store_id
    for sender in ledger.senders(op_id):
        if sender.store_id == store_id:
            scope = chain.device_scope(store_id, sender.device_id)
            ledger.publish(scope, [_news(op_id, sender.seq, became)])
        else:
            told = TellOutcome(
                to=sender.store_id, device_id=sender.device_id, op_id=op_id, seq=sender.seq, outcome=became,
                member_id=member_id, order_id=order_id,
            )  # fmt: skip
            ledger.add_steps(store_id, [steps.write(told)])


def member_of(ready: Ready | Outcome) -> str:
    """Whom an operation is about, "" where nobody."""
    if isinstance(ready, Outcome):
        return ""
    touched = OPERATIONS[ready.kind].touches(ready.body)
    return next((ref.id for ref in touched if ref.entity == "member"), "")


def _news(op_id: str, seq: int, became: Outcome) -> FeedRow:
    status = became.status
    match status:
        case "parked" | "forwarded":
            raise Defect(f"an outcome that is none: {status}")
    late = OpOutcome(
        op_id=op_id, seq=seq, status=status, code=became.code, message=became.message, entity=became.entity,
        id=became.id, feed_pos=became.feed_pos or 0,
    )  # fmt: skip
    return FeedRow(Ref("op_outcome", op_id), 1, encode(late).decode())
