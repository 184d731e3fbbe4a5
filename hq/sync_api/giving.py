"""A gift card by its number and PIN, as a tablet asks for it: what is on it, and by which name to lease of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from guide_app.domain import gift_cards
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.records import Card
from hq.cards import services
from hq.leases.mapping import INSTRUMENT
from hq.leases.models import Instrument, Lease
from hq.leases.values import Value
from hq.ledger.postgres import translated
from sync.protocol.messages import LookupResponse


def look_up(number: str, pin: str, now: datetime) -> LookupResponse:
    """The card, or why nothing of it can be spent: `card_number_invalid`, `number_check`, `card_unknown`, `card_pin`,
    `card_locked`, `card_blocked`, `card_expired`, `card_not_active`. Raises Transient."""
    try:
        with translated():
            return LookupResponse(found=True, value=_told(gift_cards.parse(number), pin, now))
    except (BadInput, Refused) as refused:
        return LookupResponse(found=False, code=refused.code)


def _told(number: str, pin: str, now: datetime) -> Card:
    item = Instrument.objects.filter(number=number).first()
    if item is None:
        raise Refused("card_unknown")
    if not services.fits(item.id, number, pin):
        raise Refused("card_pin")
    value = INSTRUMENT.to_record(item)
    if code := _stops(value, now):
        raise Refused(code)
    spent = Lease.objects.filter(instrument_id=item.id).aggregate(total=Sum("spent"))["total"] or 0
    return Card(
        id=str(item.id), title=value.title, digits=value.digits, until=value.until,
        balance=max(0, value.balance - value.owed - spent),
    )  # fmt: skip


def _stops(value: Value, now: datetime) -> str:
    """Why nothing of a card can be spent; "" where it can."""
    if value.card is None or not value.card.active:
        return "card_not_active"
    if value.card.blocked:
        return "card_blocked"
    return "card_expired" if services.ended(value.until, now) else ""
