"""Members in stores other than their home, as HQ's jobs and its own people deal with them."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from guide_app.domain import phone
from guide_app.domain.errors import Refused
from hq.handlers import abroad, copies
from hq.handlers.work import Work, joined
from hq.ledger.each import each
from hq.ledger.port import Clash, Transient
from hq.ledger.postgres import PostgresLedger
from hq.ledger.steps import JudgeLevel, MeetMember, RefreshVisitor
from hq.members import services as members
from hq.members.models import Member, Visitor
from hq.orders.models import OrderCopy
from hq.sync_api import giving, lookup
from hq.sync_api.directory import PostgresChain
from hq.sync_api.push import TRIES
from hq.sync_api.session import Session
from hq.sync_api.sweep import publish
from sync.protocol.messages import LookupRequest, LookupResponse

_log = logging.getLogger(__name__)


def expire() -> int:
    """Lets the copies leave that had their time; how many. Each store's in a transaction of its own. Raises Transient,
    once all the others are done, where one could not be."""
    return expire_until(timezone.now())


def expire_until(now: datetime) -> int:
    """As `expire`, at a moment."""
    ledger, chain, left = PostgresLedger(), PostgresChain(), 0
    over = (Visitor.objects.filter(until__lte=now), OrderCopy.objects.filter(until__lte=now))
    stores = sorted({store_id for some in over for store_id in some.values_list("store_id", flat=True).distinct()})

    def of(store_id: object) -> None:
        nonlocal left
        with ledger.transaction():
            branch = chain.branch(str(store_id))
            work = joined([abroad.expire(branch.here, now), copies.expire(branch.here, now)])
            publish(ledger, branch, work)
        left += len(work.rows)

    each(stores, of)
    return left


def look_up(session: Session, asked: LookupRequest, now: datetime) -> LookupResponse:
    """As `lookup.answer`. Every question is logged: which tablet asked, for what (masked), and whether it was answered.

    Raises Transient.
    """
    if asked.gift_card:
        told = giving.look_up(asked.gift_card, asked.pin, now)
        _log.info(
            "device %s of store %s asked for the gift card …%s: %s",
            session.device_id, session.shop.store_id, asked.gift_card[-4:], told.code or "told",
        )  # fmt: skip
        return told
    told = lookup.answer(PostgresLedger(), PostgresChain().branch(session.shop.store_id), asked, now)
    said = phone.mask(asked.phone, "CN") if asked.phone else f"…{(asked.card or asked.member_no or asked.order)[-4:]}"
    became = told.member_id or told.order_id or ("another store's" if told.found else "-")
    _log.info("device %s of store %s looked up %s: %s", session.device_id, session.shop.store_id, said, became)
    return told


def save(member: Member, seen: int | None = None) -> None:
    """Saves a member whom HQ's own people changed (see `hq.members.services.save`), and leaves what that means to other
    stores: their copies are brought up to date, and a phone may turn out to be another store's member's."""
    ledger, branch = PostgresLedger(), PostgresChain().branch(str(member.store_id))
    with ledger.savepoint():
        members.save(member, seen)
        member_id = str(member.id)
        visited = branch.aggregates.visits([member_id]).get(member_id, ())
        refreshes = tuple(RefreshVisitor(to=store_id, member_id=member_id) for store_id in visited)
        meets = MeetMember(to=str(member.store_id), member_id=member_id)
        judged = JudgeLevel(to=str(member.store_id), member_id=member_id)
        publish(ledger, branch, Work(steps=(*refreshes, meets, judged)))


def move(member_id: str, old_id: str, new_id: str, owner_id: str = "") -> None:
    """Makes another store a member's home (see `abroad.move`), again where another transaction got in the way.

    Raises Refused("member_unknown" | "phone_taken"; "busy": others kept writing the same rows, nothing was done).
    """
    for _ in range(TRIES):
        try:
            return _move(member_id, old_id, new_id, owner_id)
        except Clash:
            continue
        except Transient as problem:
            if not problem.rerun:
                break
    raise Refused("busy")


def _move(member_id: str, old_id: str, new_id: str, owner_id: str) -> None:
    ledger, chain = PostgresLedger(), PostgresChain()
    old, new = chain.branch(old_id), chain.branch(new_id)
    with ledger.savepoint():
        here = (old.here, new.here)
        work = dict(zip((old, new), abroad.move(*here, member_id, timezone.now(), owner_id), strict=True))
        for branch in sorted(work, key=lambda one: one.scope):  # heads in their order, as everybody locks them
            publish(ledger, branch, work[branch])
