"""Enrolling and revoking tablets, and what each is entitled to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from django.db import transaction
from django.utils.crypto import salted_hmac

from guide_app.domain import clock
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.numbers import LETTERS, MIXED
from hq.devices.models import Device, EnrolCode, PastEnrolment
from hq.protocol import scopes
from hq.protocol.models import ScopeKind
from hq.radar import services as radar
from hq.stores.models import Store
from sync.protocol.messages import Grant, Health

CODE_LIFE = timedelta(minutes=10)
AUTHORISED = timedelta(days=35)
"""How long a tablet may work without hearing from HQ."""
_CODE_LENGTH = 8


@dataclass(frozen=True)
class Code:
    """A one-time code as it is told to a person, and as a text for a QR code that also names HQ."""

    code: str
    expires_at: datetime

    def text(self, hq_url: str) -> str:
        """What is scanned: HQ's address, the code behind the # (which a browser would not send)."""
        return f"{hq_url.rstrip('/')}/enrol#{self.code}"


def new_code(store: Store, now: datetime) -> Code:
    """A code that enrols one tablet in the store within ten minutes. Only its hash is kept."""
    EnrolCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    plain = "".join(secrets.choice(MIXED) for _ in range(_CODE_LENGTH))
    made = EnrolCode.objects.create(code_hash=_hash(plain), store_id=store.id, made_at=now, expires_at=now + CODE_LIFE)
    return Code(f"{plain[:4]}-{plain[4:]}", made.expires_at)


def enrol(code: str, public_key: str, name: str, platform: str, now: datetime) -> Device:
    """Enrols the tablet with this key. The same code with the same key gives the same tablet again (a lost answer).

    Raises Refused("enrol_code") for a wrong, used or expired code, Refused("enrol_key") for another store's key.
    """
    with transaction.atomic():
        kept = EnrolCode.objects.select_for_update().filter(code_hash=_hash(code), expires_at__gt=now).first()
        if kept is None or kept.public_key not in ("", public_key):
            raise Refused("enrol_code")
        if kept.device_id is not None:
            return Device.objects.get(id=kept.device_id)
        store = Store.objects.select_for_update().get(id=kept.store_id)
        device = _enrolled(store, public_key, name, platform, now)
        EnrolCode.objects.filter(pk=kept.pk).update(public_key=public_key, device_id=device.id)
        return device


def remember(device: Device, was_id: str) -> None:
    """The tablet was another device before, in whatever store: what that may still send, this one may too. The caller
    has its proof."""
    was = Device.objects.filter(id=was_id).exclude(id=device.id).first()
    if was is None:
        return
    before = PastEnrolment.objects.filter(device_id=was.id).values_list("store_id", "was_device_id")
    known = {was.store_id: was.id, **dict(before)}
    PastEnrolment.objects.bulk_create(
        [
            PastEnrolment(device_id=device.id, store_id=store_id, was_device_id=earlier)
            for store_id, earlier in known.items()
            if store_id != device.store_id
        ],
        ignore_conflicts=True,
    )


def past_stores(device_id: str) -> frozenset[str]:
    """The stores in which the tablet was enrolled before."""
    found = PastEnrolment.objects.filter(device_id=device_id).values_list("store_id", flat=True)
    return frozenset(map(str, found))


def wanderers(store_id: str) -> list[str]:
    """The scopes of the store's tablets that were enrolled in another store before."""
    was = PastEnrolment.objects.values("device_id")
    return list(Device.objects.filter(store_id=store_id, id__in=was).order_by("scope").values_list("scope", flat=True))


def _enrolled(store: Store, public_key: str, name: str, platform: str, now: datetime) -> Device:
    known = Device.objects.filter(public_key=public_key).first()
    if known is not None:
        if known.store_id != store.id:
            raise Refused("enrol_key")
        known.name, known.platform, known.revoked_at, known.authorised_until = name, platform, None, now + AUTHORISED
        known.save()
        return known
    device = Device(
        store_id=store.id, name=name, letters=_free_letters(store), platform=platform, public_key=public_key,
        enrolled_at=now, authorised_until=now + AUTHORISED,
    )  # fmt: skip
    device.scope = scopes.create(ScopeKind.DEVICE, str(store.id), str(device.id))
    device.save()
    return device


def _free_letters(store: Store) -> str:
    used = set(Device.objects.filter(store_id=store.id).values_list("letters", flat=True))
    free = ("".join(pair) for pair in product(LETTERS, LETTERS))
    letters = next((pair for pair in free if pair not in used), None)
    if letters is None:
        raise Refused("letters_used_up")
    return letters


def revoke(device: Device, now: datetime) -> None:
    """Takes the tablet's rights away, at its next request; the store's other tablets get a radar under another key."""
    Device.objects.filter(id=device.id, revoked_at=None).update(revoked_at=now)
    radar.rotate(str(device.store_id))


def report(device_id: str, health: Health, now: datetime) -> None:
    """Keeps how the tablet says that it stands. A time that is none counts as not told."""
    try:
        oldest = clock.from_text(health.oldest) if health.oldest else None
    except BadInput:
        oldest = None
    Device.objects.filter(id=device_id).update(
        waiting=health.waiting, oldest_waiting_at=oldest, parked=health.parked, mended=health.mended,
        differs=health.differs, low_space=health.low_space, told_at=now,
        lacks=health.library.lacking if health.library else {},
    )  # fmt: skip


def rename(device: Device) -> None:
    """Saves the tablet's name."""
    Device.objects.filter(id=device.id).update(name=device.name)


def grants(device: Device) -> list[Grant]:
    """The scopes that the tablet is entitled to: its store's, its own, its region's and the chain's."""
    store = Store.objects.select_related("region").get(id=device.store_id)
    return [
        Grant(scope=store.scope, kind="store", name=store.name_zh),
        Grant(scope=device.scope, kind="device", name=device.name),
        Grant(scope=store.region.scope, kind="region", name=store.region.name_zh),
        Grant(scope=scopes.of_chain(), kind="chain", name=""),
    ]


def _hash(code: str) -> str:
    plain = "".join(symbol for symbol in code.upper() if symbol.isalnum())
    return salted_hmac("hq.devices.enrol_code", plain, algorithm="sha256").hexdigest()
