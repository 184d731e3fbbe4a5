"""Coupons for many members at once: each is an instrument of one use, made once however often it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from guide_app.domain.errors import BadInput
from guide_app.domain.ids import derived_id
from hq.database import statements
from hq.leases.models import Instrument, InstrumentKind
from hq.members.models import Member
from hq.promotions.models import Promotion
from hq.protocol.models import Scope, ScopeKind
from hq.stores.models import Store

EVERYBODY, TAG, LEVEL = "all", "tag:", "level:"
_AT_ONCE = 500
_ERASED = "SELECT id::text FROM erased_person WHERE id = ANY(%s::uuid[])"


def receivers(promotion: Promotion) -> Sequence[tuple[str, int]]:
    """Whom coupons of it can be issued to, as (name, how many members): everybody of its scope, each level, each tag
    that was given by hand.
    """
    members = _members(promotion, EVERYBODY)
    levels = members.exclude(level="").values_list("level").annotate(Count("id")).order_by("level")
    tags: dict[str, int] = {}
    for (many,) in members.exclude(tags=[]).values_list("tags"):
        for tag in set(many):
            tags[tag] = tags.get(tag, 0) + 1
    return [
        (EVERYBODY, members.count()),
        *((f"{LEVEL}{level}", count) for level, count in levels),
        *((f"{TAG}{tag}", count) for tag, count in sorted(tags.items())),
    ]


def issue(promotion: Promotion, to: str) -> int:
    """Gives each of these members a coupon of this version of the promotion, unless they had it before; how many were
    made. `to`: as `receivers` names them. It counts as long as the promotion does. Raises BadInput("no_coupon").
    """
    if promotion.kind != "coupon":
        raise BadInput("no_coupon")
    return sum(_made(promotion, few) for few in _chunks(_members(promotion, to)))


def _chunks(members: QuerySet[Member]) -> Iterable[Sequence[UUID]]:
    ids = list(members.order_by("id").values_list("id", flat=True))
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))


def _made(promotion: Promotion, members: Sequence[UUID]) -> int:
    until = promotion.valid_until - timedelta(days=1) if promotion.valid_until else None
    with transaction.atomic():
        held = Member.objects.select_for_update().filter(id__in=members).order_by("id").values_list("id", "store_id")
        homes = dict(held)  # whoever erases one of them waits, or did it before
        gone = {member_id for (member_id,) in statements.rows(_ERASED, (list(map(str, homes)),))}
        made = [
            Instrument(
                id=derived_id("coupon", str(promotion.id), str(member_id)), store_id=store_id, ver=1,
                kind=InstrumentKind.COUPON, owner_id=member_id, balance=1, promotion=promotion.of,
                title_en=promotion.name_en, title_zh=promotion.name_zh, until=until,
            )
            for member_id, store_id in homes.items()
            if str(member_id) not in gone
        ]  # fmt: skip
        known = set(Instrument.objects.filter(id__in=[one.id for one in made]).values_list("id", flat=True))
        new = [one for one in made if UUID(str(one.id)) not in known]
        Instrument.objects.bulk_create(new)
    return len(new)


def _members(promotion: Promotion, to: str) -> QuerySet[Member]:
    """Members of the stores that the promotion is for."""
    scope = Scope.objects.get(id=promotion.scope)
    members = Member.objects.all()
    if scope.kind == ScopeKind.REGION:
        members = members.filter(store_id__in=Store.objects.filter(region_id=scope.owner_id).values("id"))
    if to.startswith(TAG):
        return members.filter(tags__contains=[to.removeprefix(TAG)])
    return members.filter(level=to.removeprefix(LEVEL)) if to.startswith(LEVEL) else members
