"""Making the chain out of the source: stores, people, catalogue and orders, up to the rows that COPY takes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from guide_app.domain.records import Record, Ref, encode
from hq.aggregates import MAPPINGS
from hq.load import people, shop, words
from hq.load.groups import group_stores
from hq.load.plan import Plan
from hq.load.progress import Steps
from hq.load.source import Source
from hq.protocol import scopes
from hq.protocol.models import CHAIN_STORE_ID
from hq.protocol.rows import Row
from hq.staff.services import hash_pin
from hq.stores.models import Region, Store
from hq.stores.services import save_region, save_store
from hq.words import _

STAFF_PIN = "246810"
"""The PIN of everybody who was made up; known to all, as they are nobody."""
ENTITIES = ["policy", "settings", "category", "product", "price", "price_list",
            "member", "staff", "stock", "followup", "talk", "order"]  # fmt: skip
"""The order of a scope's rows: members first, of the orders the newest first; the price list's header last."""


@dataclass(frozen=True)
class Made:
    """What the exports need to know."""

    stores: tuple[Store, ...]
    chain_scope: str
    households: int


def make(plan: Plan, source: Source, steps: Steps) -> Made:
    """Makes every row; the few ones are saved through their mappings, the many wait in DuckDB for COPY."""
    stores, chain_scope = _stores(plan), scopes.of_chain()
    group_stores(source, plan.stores)
    price_list = plan.made_id("price_list")
    lists = {"entities": ENTITIES, "talk_notes": list(shop.TALK_NOTES), "followup_notes": list(shop.FOLLOWUP_NOTES)}
    for name, value in {"price_list": price_list, **lists}.items():
        source.set(name, value)
    own = [(place, str(store.id), store.scope) for place, store in enumerate(stores, 1)]
    source.fill("shop", "shop INTEGER, store_id VARCHAR, scope VARCHAR", [(0, CHAIN_STORE_ID, chain_scope), *own])

    steps.say(_("baskets"), 1)
    source.run("baskets")
    steps.say(_("names of products"), 3)
    words.fill_words(source)
    source.run("catalogue")
    source.run("contacts")
    source.run("households")
    steps.say(_("people"), 5)
    few = _Few(plan, source, stores)
    few.save("policy", 0, shop.policies(plan))
    few.save("settings", 0, {plan.made_id("settings"): shop.settings()}, chain_scope)
    few.save("category", 0, shop.categories(plan, source))
    few.save("price_list", 0, {price_list: shop.price_list(plan)}, chain_scope)
    _people(few)
    source.fill("small", "shop INTEGER, entity VARCHAR, place BIGINT, id VARCHAR, data VARCHAR", few.docs)
    steps.say(_("rows for the tablets"), 2)
    source.run("feed")
    return Made(stores, chain_scope, len(source.rows("SELECT household FROM home")))


def set_heads(source: Source) -> None:
    """The scopes' heads and digests, once all rows of the feed are there."""
    heads = source.rows("SELECT s.store_id, s.scope, h.head, h.digest FROM head h JOIN shop s USING (shop)")
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE scope_head SET head = %s, digest = %s WHERE store_id = %s AND scope = %s",
            [(head, Decimal(int(digest) % 2**64), store_id, scope) for store_id, scope, head, digest in heads],
        )


def _stores(plan: Plan) -> tuple[Store, ...]:
    region = save_region(Region(id=uuid.UUID(plan.made_id("region")), code="east", name_en="East", name_zh="东区"))
    return tuple(
        save_store(Store(
            id=uuid.UUID(plan.made_id(f"store:{place}")), code=str(100 + place), name_en=en, name_zh=zh, region=region
        ))
        for place, (en, zh) in enumerate(shop.STORES[: plan.stores], 1)
    )  # fmt: skip


class _Few:
    """Entities of few rows: saved through their mappings; what these give back is what travels."""

    def __init__(self, plan: Plan, source: Source, stores: tuple[Store, ...]) -> None:
        self.plan, self.source, self.stores = plan, source, stores
        self.docs: list[tuple[int, str, int, str, str]] = []

    def save(self, entity: str, place: int, records: Mapping[str, Record], scope: str = "") -> None:
        """Saves the records of one store (`place` from 1) or of the chain (0) with version 1."""
        store_id = str(self.stores[place - 1].id) if place else CHAIN_STORE_ID
        rows = [Row(Ref(entity, key), 1, store_id, record, scope) for key, record in records.items()]
        for row in MAPPINGS[entity].save(rows):
            self.docs.append((place, entity, len(self.docs), row.ref.id, encode(row.record).decode()))


def _people(few: _Few) -> None:
    plan, source = few.plan, few.source
    made, pin = people.People(plan), hash_pin(STAFF_PIN)
    guides = {
        place: {plan.made_id(f"staff:{place}:{slot}"): person for slot, person in enumerate(made.staff(pin))}
        for place in range(1, plan.stores + 1)
    }
    source.fill("guide", "shop INTEGER, slot INTEGER, id VARCHAR",
                [(place, slot, key) for place, staff in guides.items() for slot, key in enumerate(staff)])  # fmt: skip
    _order_numbers(few)
    members: dict[int, dict[str, Record]] = defaultdict(dict)
    for row in people.households(source):
        store, owner = few.stores[row.shop - 1], list(guides[row.shop])[row.slot]
        number = people.number(store.code, people.MEMBER_MARK, len(members[row.shop]) + 1)
        members[row.shop][row.id] = made.member(number, str(store.id), owner, row)
    for place, staff in guides.items():
        few.save("member", place, members[place])
        few.save("staff", place, dict(staff))


def _order_numbers(few: _Few) -> None:
    """The table `number_of`: each order's number, in the order in which they were placed."""
    orders = few.source.rows("SELECT shop, count(*) FROM purchase GROUP BY shop ORDER BY shop")
    few.source.fill("number_of", "shop INTEGER, n BIGINT, number VARCHAR", [
        (place, n, people.number(few.stores[place - 1].code, people.ORDER_MARK, n))
        for place, how_many in orders for n in range(1, how_many + 1)
    ])  # fmt: skip
