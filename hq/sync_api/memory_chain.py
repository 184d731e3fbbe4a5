"""The stores of an HQ in memory, for the simulation and for tests of the rules: `Sweeper(ledger, MemoryChain(…))`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from guide_app.domain.errors import Defect
from hq.ledger.memory import MemoryAggregates, MemoryHq
from hq.ledger.port import ScopeKey
from hq.sync_api.running import Shop
from hq.sync_api.sweep import Branch


def device_scope(store_id: str, device_id: str) -> ScopeKey:
    """A scope for each device, without a directory: the beginning of its id."""
    return ScopeKey(store_id, device_id[:12])


class MemoryChain:
    """The protocol `Chain` over one `MemoryHq`."""

    def __init__(
        self,
        hq: MemoryHq,
        stores: Iterable[tuple[Shop, ScopeKey]],
        scope_of: Callable[[str, str], ScopeKey] = device_scope,
        wandered: Collection[ScopeKey] = (),
    ) -> None:
        """`stores`: each with its own scope; `scope_of`: (store, device) → the device's scope; `wandered`: those of
        devices that were another store's before."""
        self._hq, self._scope_of, self._wandered = hq, scope_of, wandered
        self._stores = {shop.store_id: (shop, scope) for shop, scope in stores}

    def branch(self, store_id: str) -> Branch:
        """The store with what work in it needs."""
        if store_id not in self._stores:
            raise Defect(f"no store {store_id}")
        return Branch(*self._stores[store_id], MemoryAggregates(self._hq, store_id))

    def knows(self, store_id: str) -> bool:
        """Whether there is such a store."""
        return store_id in self._stores

    def device_scope(self, store_id: str, device_id: str) -> ScopeKey:
        """The device's own scope."""
        return self._scope_of(store_id, device_id)

    def wanderers(self, store_id: str) -> Sequence[ScopeKey]:
        """The scopes of the store's devices that were another store's before."""
        return [key for key in self._wandered if key.store_id == store_id]
