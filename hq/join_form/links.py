"""Where a link leads: which tablet of which shop made it, and whether it still counts."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from guide_app.domain.errors import BadInput, Refused
from hq.devices.models import Device
from hq.ledger.aggregates import PostgresAggregates
from hq.ledger.port import ScopeKey
from hq.ledger.postgres import translated
from hq.protocol import epoch, scopes
from hq.stores.models import Store
from hq.sync_api.joining import Desk
from hq.sync_api.running import Shop
from hq.sync_api.sweep import Branch
from sync.protocol import invitation
from sync.protocol.invitation import LIFE_S, Invitation
from sync.protocol.signature import CLOCK_TOLERANCE_S, key_from_text


class Link(NamedTuple):
    """A link that a tablet of HQ's signed. `country`: by which a phone without a country code is read."""

    invitation: Invitation
    desk: Desk
    store: Store
    revoked: bool

    def check(self, now: datetime) -> None:
        """Raises Refused("link_revoked" | "link_expired"): the tablet has no rights, or the link is of another time."""
        if self.revoked or not self.store.active:
            raise Refused("link_revoked")
        left = self.invitation.until - now.timestamp()
        if not 0 < left <= LIFE_S + CLOCK_TOLERANCE_S:  # one that lives longer was made with a wrong clock
            raise Refused("link_expired")


def find(token: str) -> Link:
    """Who made the link. Raises Refused("link_invalid") for what no tablet of that shop signed, and Transient."""
    try:
        sealed = invitation.read(token)
    except BadInput as problem:
        raise Refused("link_invalid") from problem
    told = sealed.invitation
    with translated():
        device = Device.objects.filter(id=told.device_id, store_id=told.store_id).first()
        if device is None or not sealed.is_by(key_from_text(device.public_key)):
            raise Refused("link_invalid")
        store = Store.objects.select_related("region").get(id=device.store_id)
        desk = _desk(store, device)
    return Link(told, desk, store, device.revoked_at is not None)


def _desk(store: Store, device: Device) -> Desk:
    store_id = str(store.id)
    aggregates = PostgresAggregates(store_id, [store.region.scope, scopes.of_chain()])
    branch = Branch(Shop(store_id, store.currency, store.time_zone), ScopeKey(store_id, store.scope), aggregates)
    return Desk(branch, ScopeKey(store_id, device.scope), store.code, device.letters, epoch.current())
