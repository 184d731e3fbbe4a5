"""Who asks, and what they are entitled to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from hq.ledger.port import ScopeKey, Stream
from hq.sync_api.running import Shop
from sync.protocol.messages import Grant


class Granted(NamedTuple):
    """A scope that the device is entitled to, and where its rows are kept."""

    grant: Grant
    key: ScopeKey


_PAGE_ORDER = ("chain", "region", "device", "store")
"""Products and prices first: with them and its members a tablet can work, however long its orders still take."""


class Session(NamedTuple):
    """A device whose signature was found right. `authorised_until`: RFC 3339 UTC."""

    device_id: str
    shop: Shop
    epoch: str
    granted: Sequence[Granted]
    authorised_until: str

    def stream(self, incarnation: str) -> Stream:
        """The device's stream of one database file."""
        return Stream(self.shop.store_id, self.device_id, incarnation)

    @property
    def store_scope(self) -> ScopeKey:
        """Where the store's rows go."""
        return next(granted.key for granted in self.granted if granted.grant.kind == "store")

    @property
    def device_scope(self) -> ScopeKey:
        """Where what is for this device alone goes."""
        return next(granted.key for granted in self.granted if granted.grant.kind == "device")

    @property
    def price_scopes(self) -> list[str]:
        """The scopes whose price lists the store sells by."""
        return [granted.key.scope for granted in self.granted if granted.grant.kind in ("region", "chain")]

    @property
    def keys(self) -> list[ScopeKey]:
        """All granted scopes in the order in which a first sync fetches them."""
        ordered = sorted(self.granted, key=lambda granted: _PAGE_ORDER.index(granted.grant.kind))
        return [granted.key for granted in ordered]

    def key_of(self, scope: str) -> ScopeKey | None:
        """Where a scope's rows are kept; None for one that is not granted."""
        return next((granted.key for granted in self.granted if granted.key.scope == scope), None)

    def spread(self, base_ms: int) -> int:
        """`base_ms` ± 25 %, always the same for one device, so that devices do not ask in step."""
        share = hashlib.sha256(self.device_id.encode()).digest()[0] / 255
        return int(base_ms * (0.75 + share / 2))
