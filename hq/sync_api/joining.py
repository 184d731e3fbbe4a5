"""A sign-up that a customer made at HQ, by the form that a tablet's link leads to: an operation like any other.

HQ makes the operation in the name of the guide who showed the link, in a stream of its own beside the tablet's, and
takes it by the same rules. Its id follows from the form's, so that a form has one effect however often it is sent.
Pure over the ports.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from guide_app.domain import clock, numbers
from guide_app.domain.records.member import Gender
from guide_app.operations.joining import of_form
from guide_app.operations.members import ConsentGiven, MemberSignUp, SignUp
from hq.joining.streams import incarnation_of_links
from hq.ledger import steps
from hq.ledger.port import Clash, Ledger, Outcome, ScopeKey, Stream, Transient
from hq.sync_api.publishing import publish
from hq.sync_api.push import TRIES
from hq.sync_api.running import Told, alone, entry, identity, kept_of, positioned, prepare
from hq.sync_api.sweep import Branch
from sync.protocol.invitation import Invitation
from sync.protocol.messages import WireOp


class Desk(NamedTuple):
    """Where a link leads: the store, the scope of the tablet that made it, what both put into a number, HQ's epoch."""

    branch: Branch
    own: ScopeKey
    store_code: str
    letters: str
    epoch: str


class Answers(NamedTuple):
    """What the customer filled in, checked. `phone` is E.164."""

    phone: str
    name: str
    consents: tuple[ConsentGiven, ...]
    source: str
    gender: Gender = ""
    birthday: str = ""
    referrer: str = ""


def became_of(ledger: Ledger, form_id: str) -> Outcome | None:
    """What became of the form; None while it was not sent. Raises Transient."""
    op_id = of_form(form_id).op_id
    with ledger.transaction():
        known = ledger.known([op_id]).get(op_id)
    return known.outcome if known else None


def take(ledger: Ledger, desk: Desk, invitation: Invitation, answers: Answers, now: datetime) -> Outcome:
    """Signs the customer up, once; of a form that was sent before, what became of it then. Raises Transient."""
    for _ in range(TRIES):
        try:
            with ledger.transaction():
                return _once(ledger, desk, invitation, answers, now)
        except Clash:
            continue
        except Transient as problem:
            if not problem.rerun:
                raise
    raise Transient("others kept writing the same rows")


def _once(ledger: Ledger, desk: Desk, invitation: Invitation, answers: Answers, now: datetime) -> Outcome:
    incarnation = incarnation_of_links(invitation.device_id, desk.epoch)
    stream = Stream(desk.branch.shop.store_id, invitation.device_id, incarnation)
    seq = ledger.lock_stream(stream) + 1  # two who send one form wait for each other here
    op = _op(desk, invitation, answers, stream, seq, now)
    known = ledger.known([op.op_id]).get(op.op_id)
    if known is not None:
        return known.outcome
    told = Told(op, op.sha)
    ready = prepare(told, desk.branch.shop, now, desk.own.scope)
    (ran,), work = alone(ready, ledger, desk.branch.aggregates, desk.branch.shop.currency)
    became = positioned(ran, publish(ledger, desk.branch.scope, work.rows.values()))
    ledger.add_steps(stream.store_id, [steps.write(step) for step in work.steps])
    kept = kept_of(entry(told, became, now, first=True), ran)
    ledger.record(stream, [kept], {seq: op.op_id}, seq)
    return became


def _op(
    desk: Desk, invitation: Invitation, answers: Answers, stream: Stream, seq: int, now: datetime
) -> WireOp:  # fmt: skip
    chars = numbers.incarnation_chars(stream.incarnation)
    ids = of_form(invitation.form_id)
    body = SignUp(
        member_id=ids.member_id,
        member_no=numbers.compose(desk.store_code, desk.letters, chars, seq),
        touch_point=invitation.touch_point,
        **answers._asdict(),
    )
    op = WireOp(
        seq=seq,
        op_id=ids.op_id,
        kind=MemberSignUp.kind,
        schema_v=MemberSignUp.version,
        store_id=stream.store_id,
        guide_id=invitation.guide_id,
        made_at=clock.to_text(now),
        body=msgspec.json.encode(body).decode(),
        sha="",
    )
    return msgspec.structs.replace(op, sha=identity(op))
