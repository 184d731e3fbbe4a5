"""Over which stores, regions and rows somebody's rights go. Nobody's reach is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from hq.protocol import scopes
from hq.rights.models import Account
from hq.rights.table import FEATURES, Feature, Kept, Role
from hq.stores.models import Region, Store

_WIDE = (Role.REVIEWER, Role.AUDITOR)


@dataclass(frozen=True)
class Reach:
    """`chain`: everything. Else these stores; the rows of `scopes` are seen, those of `own_scopes` may be written."""

    chain: bool = False
    stores: frozenset[UUID] = frozenset()
    regions: frozenset[UUID] = frozenset()
    franchise: UUID | None = None
    scopes: frozenset[str] = frozenset()
    own_scopes: frozenset[str] = frozenset()

    def rows(self, kept: Kept) -> Q:
        """Which rows that are kept so are within it."""
        lists = apps.get_model("catalogue", "PriceList")._base_manager
        placed = apps.get_model("materials", "MaterialPlace")._base_manager
        here = Q(scope__in=self.scopes) | Q(store_id__in=self.stores)
        within = {
            Kept.STORE: Q(store_id__in=self.stores), Kept.SHOP: Q(id__in=self.stores),
            Kept.REGION: Q(id__in=self.regions), Kept.FRANCHISE: Q(id=self.franchise),
            Kept.SCOPE: Q(scope__in=self.scopes),
            Kept.LIST: Q(list_id__in=lists.filter(scope__in=self.scopes).values("id")),
            Kept.PLACED: Q(id__in=placed.filter(here).values("material")), Kept.CHAIN: Q(),
        }  # fmt: skip
        return Q() if self.chain else within.get(kept, Q(pk__in=[]))

    def writes(self, kept: Kept) -> Q:
        """Which of them may be written, by whom the table lets write them."""
        if self.chain or kept not in (Kept.SCOPE, Kept.LIST, Kept.REGION):
            return self.rows(kept)
        own = Reach(scopes=self.own_scopes)
        return own.rows(kept)


class Person(NamedTuple):
    """Somebody's role, None for who has none, and their reach."""

    role: Role | None
    reach: Reach

    def may(self, label: str, what: str, *, doing: bool = False) -> bool:
        """Whether the role may, of a feature in the table. HQ's own is for who reaches the chain alone."""
        feature = FEATURES.get(label)
        if feature is None or self.role is None or (feature.kept is Kept.HQ and not self.reach.chain):
            return False
        return feature.may(self.role, what, doing=doing)


NOBODY = Person(None, Reach())
_current: ContextVar[Reach] = ContextVar("reach")


def of(user: Any) -> Person:
    """The role and reach of a user, read once for each request. A superuser is an HQ operator."""
    if not getattr(user, "is_active", False) or not getattr(user, "is_staff", False):
        return NOBODY
    if user.is_superuser:
        return Person(Role.OPERATOR, Reach(chain=True))
    if "rights_person" not in vars(user):
        account = Account.objects.filter(user_id=user.pk).first()
        vars(user)["rights_person"] = _person(account) if account else NOBODY
    found: Person = vars(user)["rights_person"]
    return found


def _person(account: Account) -> Person:
    role = Role(account.role)
    regions = list(account.regions.all()) if role in (Role.REGIONAL, *_WIDE) else []
    if role is Role.OPERATOR or (role in _WIDE and not regions):
        return Person(role, Reach(chain=True))
    stores = Store.objects.filter(_stores(account, role, regions))
    seen = {store.region_id for store in stores} | {region.id for region in regions}
    seen_scopes = Region.objects.filter(id__in=seen).values_list("scope", flat=True)
    return Person(role, Reach(
        stores=frozenset(store.id for store in stores), regions=frozenset(seen),
        franchise=account.franchise_id if role is Role.FRANCHISE else None,
        scopes=frozenset([scopes.of_chain(), *seen_scopes]), own_scopes=frozenset(region.scope for region in regions),
    ))  # fmt: skip


def _stores(account: Account, role: Role, regions: list[Region]) -> Q:
    if role is Role.FRANCHISE:
        return Q(franchise_id=account.franchise_id) if account.franchise_id else Q(pk__in=[])
    if role is Role.STORE:
        return Q(id__in=account.stores.values("id"))
    return Q(region__in=regions)


@contextmanager
def during(reach: Reach) -> Iterator[None]:
    """While a page is answered, its lists and choices hold what is within this reach."""
    token = _current.set(reach)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Reach:
    """The reach for which a page is answered; the chain's where none is: in a job or a command."""
    return _current.get(Reach(chain=True))


def narrowed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that are within the current reach; those of no feature are nobody's."""
    feature: Feature | None = FEATURES.get(rows.model._meta.label_lower)
    return rows.filter(current().rows(feature.kept)) if feature else rows.none()
