"""Members as HQ's own people change them; what guides do arrives as operations."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
from django.utils import timezone

from guide_app.domain import names, phone
from guide_app.domain.errors import Refused
from guide_app.domain.records import Given
from hq.members.mapping import MEMBER
from hq.members.models import Consent, Member
from hq.protocol import saving
from hq.stores.models import Store


def save(member: Member, seen: int | None = None) -> None:
    """Saves a changed member: phone as E.164, search keys made again from the name.

    Raises BadInput("phone_invalid"), Refused("phone_taken") when another member of the store has the phone.
    """
    store = Store.objects.get(id=member.store_id)
    number = phone.normalise(member.phone, store.country) if member.phone else ""
    if number and Member.objects.filter(store_id=member.store_id, phone=number).exclude(id=member.id).exists():
        raise Refused("phone_taken")
    keys = names.search_keys(member.name)
    parts = list(Consent.objects.filter(member_id=member.id).order_by("position"))
    record = msgspec.structs.replace(
        MEMBER.to_record(member, parts), phone=number, pinyin=keys.pinyin, initials=keys.initials
    )
    before = Member.objects.filter(id=member.id).values_list("level", flat=True).first()
    if before is not None and before != record.level:
        today = timezone.now().astimezone(ZoneInfo(store.time_zone)).date().isoformat()
        record = msgspec.structs.replace(record, given=Given(on=today, level=record.level))
    saving.save(MEMBER, str(member.store_id), {str(member.id): record}, seen=seen)
