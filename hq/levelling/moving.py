"""How many members would move by rules that are not in force yet: reckoned, nothing is saved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from django.db.models import QuerySet, TextField
from django.db.models.functions import MD5, Cast

from guide_app.domain import levels as rules_of
from guide_app.domain.records import Level, LevelRules, Settings
from guide_app.domain.records import Member as MemberRecord
from hq.handlers import levels
from hq.ledger.aggregates import PostgresAggregates
from hq.levelling.desk import Desk
from hq.members.mapping import MEMBER
from hq.members.models import Member
from hq.policies.models import ScopeSettings
from hq.protocol import scopes
from hq.stores.models import Store

SEEN = 3_000
"""So many members are looked at, chosen by chance: a page waits for it."""


class Moved(NamedTuple):
    """Of `seen` members, of `all`, how many have each level now (`now`) and would by the new rules (`then`), and how
    many would be higher and lower. Who would be lower keeps their level until its period ends."""

    all: int
    seen: int
    up: int
    down: int
    now: Mapping[str, int]
    then: Mapping[str, int]


def moved(at: Desk, rules: LevelRules) -> Moved:
    """What these rules would do, had they always held, to the members of the settings' stores."""
    stores = {str(store.id): store for store in _stores(at.item).select_related("region")}
    everybody = Member.objects.filter(store_id__in=stores)
    few = everybody.order_by(MD5(Cast("id", TextField())))[:SEEN]
    by_store = defaultdict[str, dict[str, MemberRecord]](dict)
    for row in few:
        by_store[str(row.store_id)][str(row.id)] = MEMBER.to_record(row, [])
    after = msgspec.structs.replace(at.told, level_rules=(msgspec.structs.replace(rules, valid_from=""),))
    moves = Counter[tuple[str, str]]()
    for store_id, members in by_store.items():
        store = stores[store_id]
        aggregates = PostgresAggregates(store_id, [store.region.scope, scopes.of_chain()])
        known = levels.with_past(aggregates, members, store.currency, at.today)
        moves.update(_move(member, at, after) for member in known.values())
    return _counted(moves, everybody.count(), at.told.levels)


def _move(member: MemberRecord, at: Desk, after: Settings) -> tuple[str, str]:
    return rules_of.seen(member, at.told, at.today).level, rules_of.seen(member, after, at.today).level


def _counted(moves: Counter[tuple[str, str]], all_: int, known: tuple[Level, ...]) -> Moved:
    rank = {"": 0, **{level.code: n + 1 for n, level in enumerate(known)}}
    now, then, up, down = Counter[str](), Counter[str](), 0, 0
    for (before, after), count in moves.items():
        now[before] += count
        then[after] += count
        up += count if rank.get(after, 0) > rank.get(before, 0) else 0
        down += count if rank.get(after, 0) < rank.get(before, 0) else 0
    return Moved(all_, moves.total(), up, down, now, then)


def _stores(item: ScopeSettings) -> QuerySet[Store]:
    """The stores that these settings are for: a region's own go before the chain's."""
    if item.scope != scopes.of_chain():
        return Store.objects.filter(region__scope=item.scope)
    own = ScopeSettings.objects.exclude(id=item.id).values("scope")
    return Store.objects.exclude(region__scope__in=own)
