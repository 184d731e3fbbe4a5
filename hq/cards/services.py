"""Gift cards as HQ's people deal with them: made in batches, handed out, blocked, bound to a member, expired."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from guide_app.domain import gift_cards
from guide_app.domain.errors import BadInput, Refused
from hq.cards.mapping import CARD_ENTRY
from hq.cards.models import CardBatch, CardEntry, CardSecret
from hq.cards.values import CardEntry as EntryRecord
from hq.cards.values import CardEntryKind, entry_ref
from hq.leases.mapping import INSTRUMENT
from hq.leases.models import Instrument, InstrumentKind
from hq.leases.values import CardFace, Value, put_in
from hq.members.models import Member
from hq.protocol.models import CHAIN_STORE_ID
from hq.protocol.rows import Row, refuse_erased

MOST = 5_000
"""Cards of one batch."""
MISSES = 10
"""Wrong PINs in a row after which a card is asked for at HQ."""
_AT_ONCE = 500


def make(batch_id: str, by: str) -> bytes:
    """Makes the cards of a batch, once, and gives their numbers and PINs as CSV: the only time that anybody sees a PIN.

    Raises Refused("batch_made"), BadInput("batch_size").
    """
    with transaction.atomic():
        batch = CardBatch.objects.select_for_update().get(id=batch_id)
        if batch.made_at is not None:
            raise Refused("batch_made", batch_id)
        if not 0 < batch.count <= MOST or batch.amount <= 0:
            raise BadInput("batch_size")
        batch.made_at, batch.made_by = timezone.now(), by
        batch.save()
        made = _numbers(batch.count)
        pins = {number: f"{secrets.randbelow(10**gift_cards.PIN_LENGTH):0{gift_cards.PIN_LENGTH}d}" for number in made}
        cards = [
            Instrument(
                id=uuid4(), store_id=batch.store_id, ver=1, kind=InstrumentKind.CARD, number=number, face=batch.amount,
                digits=gift_cards.last(number), title_en=batch.title_en, title_zh=batch.title_zh, until=batch.until,
                told=1,
            )
            for number in made
        ]  # fmt: skip
        Instrument.objects.bulk_create(cards, batch_size=_AT_ONCE)
        CardSecret.objects.bulk_create(
            [CardSecret(card_id=card.id, batch_id=batch.id, pin=_hash(str(card.number), pins[str(card.number)]))
             for card in cards],
            batch_size=_AT_ONCE,
        )  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerows([("number", "pin"), *pins.items()])
    return text.getvalue().encode()


def fits(card_id: UUID | str, number: str, pin: str) -> bool:
    """Whether this is the card's PIN; misses are counted. Raises Refused("card_locked") after too many of them."""
    with transaction.atomic():
        secret = CardSecret.objects.select_for_update().filter(card_id=card_id).first()
        if secret is None:
            return False
        if secret.missed >= MISSES:
            raise Refused("card_locked")
        right = constant_time_compare(secret.pin, _hash(number, pin))
        CardSecret.objects.filter(card_id=card_id).update(missed=0 if right else secret.missed + 1)
        return right


def block(card_id: UUID | str, blocked: bool) -> None:
    """Nothing of it is leased any more, or again; what tablets have leased before comes back within days. Whoever tries
    its PIN may begin anew once it is not blocked."""

    def changed(value: Value, face: CardFace) -> Value:
        return msgspec.structs.replace(value, card=msgspec.structs.replace(face, blocked=blocked))

    with transaction.atomic():
        change(card_id, changed)
        if not blocked:
            CardSecret.objects.filter(card_id=card_id).update(missed=0)


def hand_out(card_id: UUID | str, reason: str, by: str) -> None:
    """HQ gives the card away: it has its value from now on. Raises Refused("card_taken") of one that was sold or handed
    out."""

    def changed(value: Value, face: CardFace) -> Value:
        if face.active or face.sold_by:
            raise Refused("card_taken", str(card_id))
        return msgspec.structs.replace(
            put_in(value, face.amount), card=msgspec.structs.replace(face, active=True)
        )  # fmt: skip

    with transaction.atomic():
        change(card_id, changed, "handed_out", reason, by)


def bind(card_id: UUID | str, member_no: str) -> None:
    """Whose card it is from now on: it shows in their wallet. Raises Refused("member_unknown" | "erased" |
    "card_bound": it is somebody's already)."""
    with transaction.atomic():
        member = Member.objects.filter(member_no=member_no).first()
        if member is None:
            raise Refused("member_unknown", member_no)
        owner = str(member.id)
        refuse_erased([owner])

        def changed(value: Value, _face: CardFace) -> Value:
            if value.owner_id not in ("", owner):
                raise Refused("card_bound", str(card_id))
            return msgspec.structs.replace(value, owner_id=owner)

        change(card_id, changed)


def expire(card_id: UUID | str) -> bool:
    """Takes off a card that had its last day whatever no tablet has leased; whether there was anything."""

    def changed(value: Value, _face: CardFace) -> Value:
        return msgspec.structs.replace(value, balance=value.balance - max(0, value.balance - value.held - value.owed))

    with transaction.atomic():
        return change(card_id, changed, "expired")


def change(
    card_id: UUID | str,
    changed: Callable[[Value, CardFace], Value],
    kind: CardEntryKind | None = None,
    reason: str = "",
    by: str = "",
) -> bool:
    """The card, changed, with its ledger's entry where it moved; whether it changed. In the caller's transaction."""
    row = next(iter(INSTRUMENT.load(CHAIN_STORE_ID, [str(card_id)], lock=True).values()), None)
    if row is None or not isinstance(row.record, Value) or row.record.card is None:
        raise Refused("card_unknown", str(card_id))
    value = changed(row.record, row.record.card)
    if value == row.record:
        return False
    (saved,) = INSTRUMENT.save([replace(row, ver=row.ver + 1, record=value)])
    moved = (value.balance - value.owed) - (row.record.balance - row.record.owed)
    if kind is not None and moved:
        entry = EntryRecord(card_id=str(card_id), kind=kind, amount=moved, reason=reason, by=by)
        CARD_ENTRY.save([Row(entry_ref(str(card_id), saved.ver), 1, row.store_id, entry)])
    return True


def history(card_id: UUID | str) -> Iterable[CardEntry]:
    """The movements of a card, the latest first."""
    return CardEntry.objects.filter(card_id=card_id).order_by("-at", "-id")[:500]


def ended(until: str, now: datetime) -> bool:
    """Whether a card had its last day, wherever it is asked for."""
    return bool(until) and until < (now - timedelta(hours=12)).date().isoformat()


def _numbers(count: int) -> list[str]:
    """So many numbers that no card has."""
    found = dict[str, None]()
    while len(found) < count:
        drawn = {gift_cards.numbered(secrets.randbelow(10**11)) for _ in range(count - len(found))}
        known = set(Instrument.objects.filter(number__in=drawn).values_list("number", flat=True))
        found |= dict.fromkeys(sorted(drawn - known))
    return list(found)


def _hash(number: str, pin: str) -> str:
    return salted_hmac("hq.cards.pin", f"{number}:{pin}", algorithm="sha256").hexdigest()
