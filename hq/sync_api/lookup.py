"""Who has this phone or number, in the whole chain, and whose an order is. Pure over the ports: the simulation runs
this very code."""

from __future__ import annotations

from datetime import datetime

from guide_app.domain.records import Ref
from hq.handlers import abroad, copies
from hq.handlers.work import Work, feed_rows
from hq.ledger.port import Ledger
from hq.sync_api.sweep import Branch, publish
from sync.protocol.messages import LookupRequest, LookupResponse


def answer(ledger: Ledger, branch: Branch, asked: LookupRequest, now: datetime) -> LookupResponse:
    """The member with exactly this phone or number, who becomes a visitor of the asking store (`branch`) where they are
    another's; or the order of this number, which goes to the store's tablets. Raises Transient."""
    if asked.order:
        return _order(ledger, branch, asked.order, now)
    with ledger.transaction():
        number = asked.card or asked.member_no
        found = branch.aggregates.same_phone(asked.phone) if asked.phone else branch.aggregates.same_number(number)
        member_id, work = abroad.look_up(branch.here, found, now)
        publish(ledger, branch, work)
    return LookupResponse(found=bool(member_id), member_id=member_id)


def _order(ledger: Ledger, branch: Branch, number: str, now: datetime) -> LookupResponse:
    """Orders leave the tablets with time: what comes back of an old one is taken back by its row, which every tablet of
    the store gets again, until HQ tidies. Another store's order comes as a copy that names nobody, so that goods of it
    can be taken back here; of one in another currency no more is told than where it was bought."""
    with ledger.transaction():
        found = branch.aggregates.order_numbered(number)
        if found is None:
            return LookupResponse(found=False)
        if found.store_id != branch.shop.store_id:
            order_id, work = copies.look_up(branch.here, found, now)
            publish(ledger, branch, work)
            return LookupResponse(found=True, order_id=order_id, store=found.names)
        ref = Ref("order", found.order_id)
        row = branch.aggregates.load([ref])[ref]
        publish(ledger, branch, Work(feed_rows({ref: row} if row else {})))
    return LookupResponse(found=True, order_id=found.order_id)
