"""In which money a promotion's amounts are written: that of the stores that it is for."""

from __future__ import annotations

from hq.protocol import scopes
from hq.stores.models import Store


def of_scope(scope: str) -> str:
    """The currency of the first store of the chain or of a region; a chain's stores have one."""
    stores = Store.objects.order_by("code")
    if scope and scope != scopes.of_chain():
        stores = stores.filter(region__scope=scope)
    return stores.values_list("currency", flat=True).first() or "CNY"
