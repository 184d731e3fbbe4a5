"""Promotions as HQ changes them: what a version said stays, so that what was sold by it can be reckoned again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from django.db import transaction
from django.utils import timezone

from guide_app.domain import pricing
from guide_app.domain.clock import from_text, to_text
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.records import Promotion as PromotionRecord
from guide_app.domain.records import Settings
from hq.policies.models import ScopeSettings
from hq.promotions.mapping import PROMOTION
from hq.promotions.models import Promotion
from hq.protocol import rows, saving
from hq.protocol.models import CHAIN_STORE_ID

_AT_ONCE = 200
_TICK = timedelta(milliseconds=1)
"""The shortest time between two moments as records write them."""


def save_promotion(says: PromotionRecord, *, scope: str, by: str, before: str = "") -> str:
    """Publishes what a promotion says from now on; returns the id of the version that says it.

    `before`: the version that the person changed, "" for a new promotion, whose scope it keeps; `by`: their name. What
    says the same makes no new version. Raises BadInput with what `pricing.flaw` finds, Refused("changed_meanwhile")
    where `before` is not the current version any more.
    """
    if found := pricing.flaw(says):
        raise BadInput(found)
    new_id = str(uuid4())
    with transaction.atomic():
        if not before:
            new = msgspec.structs.replace(says, of=new_id, version=1, since=_now(), until_moment="")
            saving.save(PROMOTION, CHAIN_STORE_ID, {new_id: new}, scope=scope)
        elif not _changed(before, new_id, says):
            return before
        Promotion.objects.filter(id=new_id).update(changed_by=by)
    return new_id


def end_promotion(row_id: str, by: str) -> None:
    """From now on the promotion is over. Raises Refused("changed_meanwhile") where this is not its current version."""
    with transaction.atomic():
        scope, old = _current(row_id)
        saving.save(PROMOTION, CHAIN_STORE_ID, {row_id: _closed(old)}, scope=scope)
        Promotion.objects.filter(id=row_id).update(ended_by=by)


def take_off() -> int:
    """Versions that ended so long ago that nothing sold by them can come back leave the tablets; how many. HQ keeps
    them. May be broken off anywhere.
    """
    before, done = timezone.now() - timedelta(days=_return_days()), 0
    while gone := _taken_off(before):
        done += gone
    return done


def _changed(before: str, new_id: str, says: PromotionRecord) -> bool:
    """Writes the next version and closes the one before, the one at the moment of the other; False: nothing to say."""
    scope, old = _current(before)
    closed = _closed(old)
    as_now = msgspec.structs.replace(
        says, of=old.of, version=old.version, since=old.since, until_moment=old.until_moment
    )
    if as_now == old:
        return False
    new = msgspec.structs.replace(as_now, version=old.version + 1, since=closed.until_moment)
    saving.save(PROMOTION, CHAIN_STORE_ID, {before: closed, new_id: new}, scope=scope)
    return True


def _current(row_id: str) -> tuple[str, PromotionRecord]:
    """The scope and the record of a current version, which nobody else changes until the transaction ends."""
    found = PROMOTION.load(CHAIN_STORE_ID, [row_id], lock=True).get(row_id)
    if found is None or not isinstance(found.record, PromotionRecord) or found.record.until_moment:
        raise Refused("changed_meanwhile", PROMOTION.entity)
    return found.scope, found.record


def _closed(old: PromotionRecord) -> PromotionRecord:
    """It was current for a while at least, wherever HQ's clock stands."""
    return msgspec.structs.replace(old, until_moment=max(_now(), to_text(from_text(old.since) + _TICK)))


def _taken_off(before: datetime) -> int:
    with transaction.atomic():
        over = Promotion.objects.filter(until_moment__lt=before, published=True).order_by("id")
        gone = [replace(row, ver=row.ver + 1) for row in PROMOTION.rows(list(over.select_for_update()[:_AT_ONCE]))]
        rows.publish_gone(gone)
        PROMOTION.save(gone)
        Promotion.objects.filter(id__in=[row.ref.id for row in gone]).update(published=False)
    return len(gone)


def _return_days() -> int:
    """The longest time that any scope's settings give for bringing goods back."""
    told = (item.values.get("return_days") for item in ScopeSettings.objects.all())
    return max((Settings().return_days if days is None else int(days) for days in told), default=Settings().return_days)


def _now() -> str:
    return to_text(timezone.now())
