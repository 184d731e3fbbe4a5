"""Whom a rule hits, found batch by batch: the page asks for the next one until all are judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from guide_app.domain import phone, rules
from guide_app.domain.clock import Clock
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Member
from hq.members.models import Member as MemberRow
from hq.stores.models import Store
from hq.tags.judging import BATCH, Judge

EXAMPLES = 8


class Asked(NamedTuple):
    """What is to be judged, and how far it is. `store`: an id, "" for all; `after`: "" at first, later as told."""

    expression: str
    store: str = ""
    after: str = ""
    seen: int = 0
    hits: int = 0


class Example(NamedTuple):
    """A member who is hit; the phone masked."""

    name: str
    phone: str
    member_no: str
    store: str


class Shown(NamedTuple):
    """How far it is now; `after` is "" at the end. `total`: members of the stores that were asked for."""

    seen: int
    hits: int
    total: int
    after: str
    examples: Sequence[Example]


def preview(asked: Asked, clock: Clock, size: int = BATCH, *, of: QuerySet[Store] | None = None) -> Shown:
    """Judges the next batch, `of` these stores alone. Raises RuleProblem, BadInput("store_unknown")."""
    expr = rules.parse(asked.expression)
    known = Store.objects.all() if of is None else of
    stores = {str(store.id): store for store in known.filter(active=True).order_by("code")}
    if asked.store:
        stores = {key: store for key, store in stores.items() if key == asked.store}
    at, _, number = asked.after.partition("/")
    at = at or next(iter(stores), "")
    if at not in stores:
        raise BadInput("store_unknown")
    judged = Judge(stores[at], expr, clock).batch(number, size)
    following = [*stores, ""][[*stores].index(at) + 1]
    after = f"{at}/{judged.last}" if judged.last else f"{following}/" if following else ""
    wanted = max(0, EXAMPLES - asked.hits)
    examples = [_example(member, stores[at]) for member in [*judged.hits.values()][:wanted]]
    total = MemberRow.objects.filter(store_id__in=stores).count()
    return Shown(asked.seen + judged.seen, asked.hits + len(judged.hits), total, after, examples)


def _example(member: Member, store: Store) -> Example:
    masked = phone.mask(member.phone, store.country) if member.phone else ""
    return Example(member.name, masked, member.member_no, str(store))
