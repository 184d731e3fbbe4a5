"""Material in a simulated world: what guides do with it, and what must hold of that once all is quiet."""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING, Any

from guide_app.domain.records.material import use_ref
from guide_app.operations.library import Keep, MaterialKeep, MaterialRead, MaterialShow, Read, Show
from guide_app.operations.sharing import MaterialShare
from guide_app.services.ports.writing import Draft
from tests.simulation.invariants import Violation

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet
    from tests.simulation.world import World
    from tests.work import Work


def used(tablet: Tablet, guide: str, random: Random, work: Work, member: str | None) -> list[Draft]:
    """Shows, confirms, keeps or hands over one of the few materials that are here, which the guide may be doing at
    another tablet too; nothing where none is here yet."""
    here = tablet.query("SELECT material, version FROM material ORDER BY id LIMIT 3")
    if not here:
        return []
    material, version = random.choice(here)
    about = {"material": material, "guide_id": guide}
    whose = member if random.random() < 0.7 else None
    return [random.choice((
        Draft(kind=MaterialShow.kind, body=Show(**about, version=version)),
        Draft(kind=MaterialRead.kind, body=Read(**about, version=version)),
        Draft(kind=MaterialKeep.kind, body=Keep(**about, favourite=random.random() < 0.6)),
        work.share(material, version, random.choice(("qr", "link")), whose),
    ))]  # fmt: skip


def at_rest(world: World) -> None:
    """Each showing, reading and sharing that HQ took is counted once, and no other; what a guide has read and showed
    last follows from them."""
    data, counted = world.hq.data, set[str]()
    kinds = (MaterialShow.kind, MaterialRead.kind, MaterialShare.kind)
    told = {op_id for op_id, op in data.log().items() if op.kind in kinds and op.status == "applied"}
    for store in world.hq.stores:
        events = data.records(store.store_id, "material_event")
        counted |= set(events)
        by_use: dict[str, list[Any]] = defaultdict(list)
        for row in events.values():
            event: Any = row.record
            if event.what != "shared":  # it leads to a row of its own
                by_use[use_ref(event.material, event.guide_id).id].append(event)
        uses: dict[str, Any] = {
            row_id: row.record for row_id, row in data.records(store.store_id, "material_use").items()
        }
        for use_id in sorted({*uses, *by_use}):
            _follows(uses.get(use_id), by_use[use_id])
    if told != counted:
        raise Violation(2, f"material: {len(told - counted)} not counted, {len(counted - told)} that nobody told")


def _follows(use: Any, events: list[Any]) -> None:
    if use is None:
        raise Violation(2, "material was used, and the guide's own row does not say so")
    read = max((event.version for event in events if event.what == "read"), default=0)
    shown = [event for event in events if event.what == "shown"]
    last = max((event.at for event in shown), default="")
    if use.read != read:
        raise Violation(2, f"of a material {use.read} is read by the guide's row, {read} by what was told")
    if use.used_at != last:
        raise Violation(2, f"a material was shown last at {use.used_at} by the guide's row, at {last} by what was told")
    if use.shown not in {event.version for event in shown if event.at == last} | ({0} if not shown else set()):
        raise Violation(2, f"version {use.shown} was shown last, says the guide's row alone")
