"""Who has this phone or number, in the whole chain. Pure over the ports: the simulation runs this very code."""

from __future__ import annotations

from datetime import datetime

from hq.handlers import abroad
from hq.ledger.port import Ledger
from hq.sync_api.sweep import Branch, publish
from sync.protocol.messages import LookupRequest, LookupResponse


def answer(ledger: Ledger, branch: Branch, asked: LookupRequest, now: datetime) -> LookupResponse:
    """The member with exactly this phone or number, who becomes a visitor of the asking store (`branch`) where they are
    another's. Raises Transient."""
    with ledger.transaction():
        number = asked.card or asked.member_no
        found = branch.aggregates.same_phone(asked.phone) if asked.phone else branch.aggregates.same_number(number)
        member_id, work = abroad.look_up(branch.here, found, now)
        publish(ledger, branch, work)
    return LookupResponse(found=bool(member_id), member_id=member_id)
