"""Members in stores other than their home, as HQ's jobs and its own people deal with them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from hq.handlers import abroad
from hq.ledger.postgres import PostgresLedger
from hq.members.models import Visitor
from hq.sync_api.directory import PostgresChain
from hq.sync_api.sweep import publish


def expire() -> int:
    """Lets the copies leave that had their time; how many. Each store's in a transaction of its own."""
    return expire_until(timezone.now())


def expire_until(now: datetime) -> int:
    """As `expire`, at a moment."""
    ledger, chain, left = PostgresLedger(), PostgresChain(), 0
    stores = Visitor.objects.filter(until__lte=now).values_list("store_id", flat=True).distinct().order_by("store_id")
    for store_id in list(stores):
        with ledger.transaction():
            branch = chain.branch(str(store_id))
            work = abroad.expire(branch.here, now)
            publish(ledger, branch, work)
            left += len(work.rows)
    return left


def move(member_id: str, old_id: str, new_id: str, owner_id: str = "") -> None:
    """Makes another store a member's home (see `abroad.move`). Raises Refused("member_unknown" | "phone_taken")."""
    ledger, chain = PostgresLedger(), PostgresChain()
    old, new = chain.branch(old_id), chain.branch(new_id)
    with ledger.savepoint():
        here = (old.here, new.here)
        work = dict(zip((old, new), abroad.move(*here, member_id, timezone.now(), owner_id), strict=True))
        for branch in sorted(work, key=lambda one: one.scope):  # heads in their order, as everybody locks them
            publish(ledger, branch, work[branch])
