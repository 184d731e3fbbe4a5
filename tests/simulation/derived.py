"""What a tablet derives from its rows (tags by rule, rhythms, morning lists), and what is said of one person alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hq.leases.values import Value, summary
from local_store import rhythm
from tests.simulation.days import days_5
from tests.simulation.invariants import Violation

if TYPE_CHECKING:
    from tests.simulation.hq import SimulatedHq
    from tests.simulation.hq_data import Store
    from tests.simulation.tablet import Tablet
    from tests.simulation.world import World

TODAY = date(2026, 11, 22)
_DERIVED = {
    "member_tag": "SELECT member_id, rule_id, tag, word FROM member_tag",
    "visit_rhythm": "SELECT * FROM visit_rhythm",
    "refill_rhythm": "SELECT * FROM refill_rhythm",
}
_WITH_IDS_ALONE = {"erased", "op_touch", "outbox"}
"""Tables of a tablet in which the id of an erased person may stay."""
_SHOWN = {
    "other_row": "SELECT * FROM other_row WHERE entity <> 'op_outcome'",
    "shadow": "SELECT * FROM shadow WHERE d IS NOT NULL",
}
"""An outcome of an operation names the id alone, as the outbox does, and goes as it does (seed 31264); so does the
shadow of nothing under an operation that waits at HQ and was about them (seed 1560)."""


def at_rest(world: World) -> None:
    """What holds once all is quiet."""
    for tablet in world.tablets:
        tables_4(tablet)
    lists_4(world)
    wallets_5(world)
    days_5(world)
    nothing_of_the_erased_10(world)


def bring_up(tablet: Tablet) -> None:
    """All that waits to be derived is."""
    while tablet.do(tablet.store.tags.step()) or tablet.do(tablet.store.morning.prepare()):
        pass


def tables_4(tablet: Tablet) -> None:
    """What was kept up with every change is what comes of it made from scratch."""
    bring_up(tablet)
    kept = {table: sorted(tablet.query(query)) for table, query in _DERIVED.items()}
    for table in (*_DERIVED, "tag_due"):
        tablet.query(f"DELETE FROM {table}")
    tablet.note(tags_of="")
    tablet.query(rhythm.ALL_STALE)
    bring_up(tablet)
    for table, query in _DERIVED.items():
        if (made := sorted(tablet.query(query))) != kept[table]:
            raise Violation(4, f"{tablet.name}: {table} is {kept[table]}, made anew {made}")


def lists_4(world: World) -> None:
    """Two tablets of a shop with the same rows have the same morning lists."""
    seen: dict[str, tuple[str, Any]] = {}
    for tablet in world.tablets:
        if tablet.query("SELECT 1 FROM outbox WHERE listed = 1"):
            continue  # something of its own still waits for HQ's people
        facts = tablet.do(tablet.store.morning.facts(TODAY))
        told = (facts.people, facts.refills, facts.visits, facts.talked, facts.names, facts.shop_usual, facts.full)
        marks = {member_id: sorted(map(repr, many)) for member_id, many in facts.marks.items()}
        name, other = seen.setdefault(tablet.device.store.store_id, (tablet.name, (told, marks)))
        if other != (told, marks):
            raise Violation(4, f"{tablet.name} has other morning lists than {name}")


def nothing_of_the_erased_10(world: World) -> None:
    """No word that was said of an erased person alone is anywhere, and of their ids none where something is told."""
    erased = world.hq.erased
    words = {word for word, whose in world.guides.said.items() if whose in erased}
    words |= {f'"referrer":"{number}"' for number in world.hq.erased_numbers - world.hq.numbers()}
    log = b"\n".join(op.body for op in world.hq.data.log().values() if op.body)
    feed = "\n".join(row.data for key in world.hq.scopes() for row in world.hq.data.feed(key).values() if row.data)
    if there := [word for word in words if word.encode() in log or word in feed]:
        raise Violation(10, f"HQ still has {there[:3]} that was said of somebody who was erased")
    for tablet in world.tablets:
        for (table,) in tablet.query("SELECT name FROM sqlite_master WHERE type = 'table'"):
            sought = words if table in _WITH_IDS_ALONE else words | erased
            text = repr(tablet.query(_SHOWN.get(table, f'SELECT * FROM "{table}"'))) if sought else ""
            if found := [one for one in sought if one in text]:
                raise Violation(10, f"{tablet.name}: {table} still has {found[:3]} of somebody who was erased")


def publish_wallets(hq: SimulatedHq) -> None:
    """HQ's job (`hq.sync_api.wallets`), which asks its database: what each member's instruments come to."""
    for member_id, (store, values) in _owners(hq).items():
        wallet = summary((row_id, value, 0) for row_id, value in values)
        before = hq.data.records(store.store_id, "wallet").get(member_id)
        if before is None or before.record != wallet:
            hq.write_wallet(store, member_id, wallet)


def wallets_5(world: World) -> None:
    """A wallet stands with its member, and says what their instruments come to."""
    owners = _owners(world.hq)
    for store in world.hq.stores:
        members = world.hq.data.records(store.store_id, "member")
        for member_id, row in world.hq.data.records(store.store_id, "wallet").items():
            if member_id not in members or member_id not in owners:
                raise Violation(5, "a wallet of nobody")
            if row.record != summary((row_id, value, 0) for row_id, value in owners[member_id][1]):
                raise Violation(5, f"a wallet says {row.record}")


def _owners(hq: SimulatedHq) -> dict[str, tuple[Store, list[tuple[str, Value]]]]:
    """Member → their store, and what they own under any id that they ever had; of those who own anything."""
    homes = {row_id: store for store in hq.stores for row_id in hq.data.records(store.store_id, "member")}
    found: dict[str, tuple[Store, list[tuple[str, Value]]]] = {}
    for store in hq.stores:
        for row_id, row in sorted(hq.data.records(store.store_id, "instrument").items()):
            value = row.record
            if isinstance(value, Value) and (whose := _today(hq, value.owner_id)) in homes:
                found.setdefault(whose, (homes[whose], []))[1].append((row_id, value))
    return found


def _today(hq: SimulatedHq, member_id: str) -> str:
    """Whom an id stands for by now."""
    aliases: dict[str, Any] = {}
    for store in hq.stores:
        aliases |= {row_id: row.record for row_id, row in hq.data.records(store.store_id, "member_alias").items()}
    met = set[str]()
    while member_id in aliases and member_id not in met:
        met.add(member_id)
        member_id = aliases[member_id].member_id
    return member_id
