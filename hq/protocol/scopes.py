"""Scopes: what a tablet is entitled to. Their ids are short, opaque and never used again."""

from __future__ import annotations

import secrets

from django.db import connection, transaction

from guide_app.domain.errors import Defect
from hq.protocol.models import CHAIN_STORE_ID, Scope, ScopeKind

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def create(kind: ScopeKind, store_id: str, owner_id: str) -> str:
    """Makes the scope of a store, device or region and its empty feed; returns its id."""
    with transaction.atomic():
        scope = _unused()
        Scope.objects.create(id=scope, kind=kind, store_id=store_id, owner_id=owner_id)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO scope_head (store_id, scope) VALUES (%s, %s)", [store_id, scope])
    return scope


def _unused() -> str:
    while True:
        scope = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        if not Scope.objects.filter(id=scope).exists():
            return scope


def of_store(store_id: str) -> str:
    """The store's own scope; raises Defect when it has none."""
    return _of(ScopeKind.STORE, store_id)


def of_device(device_id: str) -> str:
    """The scope of one tablet; raises Defect when it has none."""
    return _of(ScopeKind.DEVICE, device_id)


def of_region(region_id: str) -> str:
    """The scope of a region; raises Defect when it has none."""
    return _of(ScopeKind.REGION, region_id)


def of_chain() -> str:
    """The scope of the whole chain, made when first asked for."""
    found = Scope.objects.filter(kind=ScopeKind.CHAIN).values_list("id", flat=True).first()
    return found or create(ScopeKind.CHAIN, CHAIN_STORE_ID, CHAIN_STORE_ID)


def _of(kind: ScopeKind, owner_id: str) -> str:
    found = Scope.objects.filter(kind=kind, owner_id=owner_id).values_list("id", flat=True).first()
    if found is None:
        raise Defect(f"no scope for {kind} {owner_id}")
    return found
