"""Making regions and stores: each gets its scope, and so its feed, with its row."""

from __future__ import annotations

from django.db import transaction

from hq.protocol import scopes
from hq.protocol.models import CHAIN_STORE_ID, ScopeKind
from hq.stores.models import Region, Store


def save_region(region: Region) -> Region:
    """Saves a new or changed region. Raises IntegrityError when another has its code."""
    with transaction.atomic():
        if not region.scope:
            region.scope = scopes.create(ScopeKind.REGION, CHAIN_STORE_ID, str(region.id))
        region.save()
    return region


def save_store(store: Store) -> Store:
    """Saves a new or changed store. Raises IntegrityError when another has its code."""
    with transaction.atomic():
        if not store.scope:
            store.scope = scopes.create(ScopeKind.STORE, str(store.id), str(store.id))
        store.save()
    return store


def by_code(code: str) -> Store | None:
    """The store with this code, or None."""
    return Store.objects.filter(code=code).first()
