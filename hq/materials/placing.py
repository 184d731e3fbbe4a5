"""Where material stands: in the feeds of its audience and in no other, signed; who has the row may have its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from django.db import transaction
from django.utils import timezone

from guide_app.domain import clock, materials
from guide_app.domain.ids import derived_id
from guide_app.domain.materials import Reach, Target
from guide_app.domain.records import Material as Record
from hq.files import services as files
from hq.files import signing
from hq.materials.mapping import MATERIAL
from hq.materials.models import Material, MaterialPlace, MaterialVersion
from hq.protocol import feed, saving, scopes
from hq.protocol.models import CHAIN_STORE_ID
from hq.stores.models import Region, Store
from sync.protocol import file_lists

KEPT = timedelta(days=30)
"""Tablets say for so long of what was withdrawn or has expired why it cannot be shown; then the row goes."""
_AT_COUNTERS = (MaterialVersion.State.PUBLISHED, MaterialVersion.State.WITHDRAWN)


class Chain(NamedTuple):
    """The shops as they stand: the region of each, who runs it for themselves, each feed's store id and scope."""

    region_of: Mapping[str, str]
    franchise_of: Mapping[str, str]
    feeds: Mapping[Target, tuple[str, str]]


def the_chain() -> Chain:
    """Its regions and stores now."""
    stores = list(Store.objects.values_list("id", "region_id", "scope", "franchise_id"))
    feeds = {Target("chain", ""): (CHAIN_STORE_ID, scopes.of_chain())}
    feeds |= {
        Target("region", str(region)): (CHAIN_STORE_ID, scope)
        for region, scope in Region.objects.values_list("id", "scope")
    }
    feeds |= {Target("store", str(store)): (str(store), scope) for store, _region, scope, _franchise in stores}
    region_of = {str(store): str(region) for store, region, _scope, _franchise in stores}
    return Chain(region_of, {str(store): str(run) for store, _region, _scope, run in stores if run}, feeds)


def record_of(version: MaterialVersion) -> Record:
    """What a version says, whatever has become of it."""
    said = msgspec.convert(version.says, Record)
    return msgspec.structs.replace(said, material=str(version.material_id), version=version.version)


def place(material_id: str, chain: Chain | None = None) -> None:
    """Makes its rows those of its audience as it is now. Part of the caller's transaction, which holds the material."""
    at_counters = MaterialVersion.objects.filter(material_id=material_id, state__in=_AT_COUNTERS)
    version = at_counters.order_by("-version").first()
    if version is None:
        return
    wanted = _wanted(version, chain or the_chain(), timezone.now())
    places = MaterialPlace.objects.filter(material=material_id)
    standing = {(str(one.store_id), one.scope): str(one.id) for one in places}
    feed.lock({scope: store for store, scope in {*wanted, *standing}})  # all at once, in the order that everybody takes
    for (store, scope), row_id in standing.items():
        if (store, scope) not in wanted:
            saving.delete(MATERIAL, store, [row_id])
            files.name(scope, MATERIAL.entity, row_id, ())
    record = _travels(version)
    for store, scope in sorted(wanted):
        row_id = derived_id("material", material_id, scope)
        saving.save(MATERIAL, store, {row_id: record}, scope=scope)
        files.name(scope, MATERIAL.entity, row_id, {file.sha256 for file in record.files})


def look_after() -> int:
    """Puts right what no deed did: a shop that went to another region or franchise, what is over for good, and lists
    that another key signed than HQ's of now. How many."""
    chain, now = the_chain(), timezone.now()
    standing: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for material, store, scope in MaterialPlace.objects.values_list("material", "store_id", "scope"):
        standing[str(material)].add((str(store), scope))
    signed = MaterialPlace.objects.exclude(record__key="").filter(record__has_key="key")
    others = {
        str(id_) for id_ in signed.exclude(record__key=signing.key().public_text).values_list("material", flat=True)
    }
    newest: dict[str, MaterialVersion] = {}
    for version in MaterialVersion.objects.filter(state__in=_AT_COUNTERS).order_by("version").iterator():
        newest[str(version.material_id)] = version
    wrong = [id_ for id_, version in newest.items() if id_ in others or _wanted(version, chain, now) != standing[id_]]
    for material_id in wrong:
        with transaction.atomic():
            Material.objects.select_for_update().get(id=material_id)
            place(material_id)
    return len(wrong)


def _wanted(version: MaterialVersion, chain: Chain, now: datetime) -> set[tuple[str, str]]:
    until = version.says.get("valid_until", "")
    ends: Iterable[datetime | None] = (version.ended_at, clock.from_text(until) if until else None)
    if any(end is not None and end + KEPT <= now for end in ends):
        return set()
    targets = materials.targets(msgspec.convert(version.reach, Reach), chain.region_of, chain.franchise_of)
    return {chain.feeds[target] for target in targets if target in chain.feeds}


def _travels(version: MaterialVersion) -> Record:
    reach = msgspec.convert(version.reach, Reach)
    at = clock.to_text(version.published_at) if version.published_at else ""
    record = msgspec.structs.replace(record_of(version), published_at=at, roles=reach.roles, state="published")
    if version.state == MaterialVersion.State.WITHDRAWN and version.ended_at:
        return materials.withdrawn(record, clock.to_text(version.ended_at))
    return file_lists.sign(signing.key(), record)
