"""The port `Aggregates` on PostgreSQL: one store's rows through the features' mappings, locked in one order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum

from guide_app.domain.clock import from_text, to_text
from guide_app.domain.errors import Defect
from guide_app.domain.records import Names, PriceList, Ref
from guide_app.operations import Versioned
from hq.aggregates import MAPPINGS
from hq.catalogue.mapping import PRICE_LIST
from hq.catalogue.models import Price, Product
from hq.catalogue.models import PriceList as PriceListRow
from hq.database import statements
from hq.leases.models import Lease
from hq.ledger.port import Bought, Clash, Home
from hq.members.mapping import MEMBER
from hq.members.models import Member, MemberAlias, Visitor
from hq.orders.models import Order
from hq.policies.models import Policy
from hq.protocol.rows import Row
from hq.staff.models import Staff
from hq.stores.models import Store
from hq.talks.models import Followup


class PostgresAggregates:
    """One for every request."""

    def __init__(self, store_id: str, list_scopes: Sequence[str]) -> None:
        """`list_scopes`: the scopes whose price lists the store sells by, its region's and the chain's."""
        self._store_id = store_id
        self._list_scopes = list_scopes

    def aliases(self, member_ids: Collection[str]) -> Mapping[str, str]:
        found = MemberAlias.objects.filter(store_id=self._store_id, id__in=member_ids)
        return {str(vanished): str(survivor) for vanished, survivor in found.values_list("id", "member_id")}

    def find_phones(self, phones: Collection[str]) -> Mapping[str, str]:
        found = Member.objects.filter(store_id=self._store_id, phone__in=phones).exclude(phone="")
        return {phone: str(member_id) for phone, member_id in found.values_list("phone", "id")}

    def visitors(self, member_ids: Collection[str]) -> set[str]:
        found = Visitor.objects.filter(store_id=self._store_id, member_id__in=member_ids)
        return {str(member_id) for member_id in found.values_list("member_id", flat=True)}

    def homes(self, member_ids: Collection[str], *, hold: bool = False) -> Mapping[str, Home]:
        now = _survivors(member_ids)
        if hold:
            _hold(now.values())
        rows = {row.ref.id: row for row in MEMBER.rows(list(Member.objects.filter(id__in=set(now.values()))))}
        stores = Store.objects.in_bulk({row.store_id for row in rows.values()})
        names = {str(store.id): Names(en=store.name_en, zh=store.name_zh) for store in stores.values()}
        return {
            asked: Home(row.store_id, names[row.store_id], row.ref.id, Versioned(row.record, row.ver))
            for asked, today in now.items()
            if (row := rows.get(today)) is not None
        }

    def visits(self, member_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        stores = defaultdict[str, list[str]](list)
        found = Visitor.objects.filter(member_id__in=member_ids).order_by("store_id")
        for member_id, store_id in found.values_list("member_id", "store_id"):
            stores[str(member_id)].append(str(store_id))
        return {member_id: tuple(visited) for member_id, visited in stores.items()}

    def same_phone(self, phone: str) -> Sequence[tuple[str, str]]:
        return _received(Member.objects.filter(phone=phone).exclude(phone=""))

    def same_number(self, number: str) -> Sequence[tuple[str, str]]:
        same = Q(member_no=number) | Q(other_numbers__contains=[number])
        return _received(Member.objects.filter(same)) if number else []

    def strangers(self, followup_ids: Collection[str]) -> Mapping[str, str]:
        found = Followup.objects.filter(id__in=followup_ids).exclude(store_id=self._store_id)
        return {str(id_): str(store_id) for id_, store_id in found.values_list("id", "store_id")}

    def open_followups(self, member_id: str) -> set[str]:
        found = Followup.objects.filter(store_id=self._store_id, member_id=member_id, state="open")
        return {str(id_) for id_ in found.values_list("id", flat=True)}

    def expired_visitors(self, now: str) -> set[str]:
        found = Visitor.objects.filter(store_id=self._store_id, until__lte=from_text(now))
        return {str(member_id) for member_id in found.values_list("member_id", flat=True)}

    def remove(self, refs: Collection[Ref]) -> None:
        by_entity = defaultdict[str, list[str]](list)
        for ref in refs:
            by_entity[ref.entity].append(ref.id)
        for entity in sorted(by_entity):
            MAPPINGS[entity].delete(self._store_id, by_entity[entity])

    def taken_numbers(self, numbers: Collection[str]) -> set[str]:
        return _taken(Order.objects.filter(store_id=self._store_id).values_list("number", flat=True), "number", numbers)

    def taken_member_numbers(self, numbers: Collection[str]) -> set[str]:
        members = Member.objects.filter(store_id=self._store_id)
        return _taken(members.values_list("member_no", flat=True), "member_no", numbers)

    def bought(self, member_ids: Collection[str], currency: str) -> Mapping[str, Bought]:
        stand = Order.objects.filter(member_id__in=member_ids).exclude(state="cancelled")
        money = Sum("total", filter=Q(currency=currency), default=0)
        figures = stand.values_list("member_id").annotate(orders=Count("id"), money=money, last=Max("placed_at"))
        return {str(id_): Bought(orders, int(spent), to_text(last)) for id_, orders, spent, last in figures}

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Versioned | None]:
        by_entity = defaultdict[str, list[str]](list)
        for ref in refs:
            by_entity[ref.entity].append(ref.id)
        rows: dict[Ref, Versioned | None] = dict.fromkeys(refs)
        for entity in sorted(by_entity):
            for row in MAPPINGS[entity].load(self._store_id, by_entity[entity], lock=True).values():
                rows[row.ref] = Versioned(row.record, row.ver, row.scope)
        return rows

    def save(self, rows: Mapping[Ref, Versioned]) -> Mapping[Ref, Versioned]:
        by_entity = defaultdict[str, list[Row]](list)
        for ref, row in rows.items():
            by_entity[ref.entity].append(Row(ref, row.ver, self._store_id, row.record, row.scope))
        saved: dict[Ref, Versioned] = {}
        for entity in sorted(by_entity):
            self._refuse_foreign(by_entity[entity])
            found = MAPPINGS[entity].save(by_entity[entity])
            saved |= {row.ref: Versioned(row.record, row.ver, row.scope) for row in found}
        return {ref: saved[ref] for ref in rows}

    def products(self, product_ids: Collection[str]) -> set[str]:
        return {str(found) for found in Product.objects.filter(id__in=product_ids).values_list("id", flat=True)}

    def price_lists(self) -> Mapping[str, PriceList]:
        rows = PRICE_LIST.rows(list(PriceListRow.objects.filter(scope__in=self._list_scopes)))
        return {row.ref.id: row.record for row in rows if isinstance(row.record, PriceList)}

    def prices(self, list_ids: Collection[str], product_ids: Collection[str]) -> Mapping[tuple[str, str], int]:
        found = Price.objects.filter(list_id__in=list_ids, product_id__in=product_ids)
        return {(str(at), str(of)): amount for at, of, amount in found.values_list("list_id", "product_id", "amount")}

    def policies(self) -> set[tuple[str, str]]:
        return set(Policy.objects.values_list("kind", "version"))

    def leases_expired(self, before: str) -> Sequence[str]:
        late = Lease.objects.filter(store_id=self._store_id, expires_at__lt=from_text(before), settled=False)
        return [str(found) for found in late.order_by("expires_at", "id").values_list("id", flat=True)[:500]]

    def erased(self, ids: Collection[str]) -> set[str]:
        query = "SELECT id::text FROM erased_person WHERE id = ANY(%s::uuid[])"
        return {person for (person,) in statements.rows(query, (list(ids),))} if ids else set()

    def staff(self, staff_ids: Collection[str]) -> set[str]:
        found = Staff.objects.filter(id__in=staff_ids)
        return {str(person) for person in found.values_list("id", flat=True)}

    def _refuse_foreign(self, rows: Sequence[Row]) -> None:
        """A tablet names the ids of what it makes: none may take over a row of another store."""
        mapping = MAPPINGS[rows[0].ref.entity]
        new = [row.ref.id for row in rows if row.ver == 1]
        if mapping.each_stores or not new:
            return
        if not mapping.in_store:
            raise Defect(f"{mapping.entity} is not a store's")
        others = mapping.model._default_manager.filter(id__in=new).exclude(store_id=self._store_id)
        if others.exists():
            raise Clash("an id of another store")


def _survivors(member_ids: Collection[str]) -> dict[str, str]:
    """Each id → the one that stands for it today, by what any store knows of merges."""
    now = {member_id: member_id for member_id in member_ids}
    ask = set(now)
    met = set(ask)
    while ask:
        found = MemberAlias.objects.filter(id__in=ask).values_list("id", "member_id")
        further = {str(vanished): str(survivor) for vanished, survivor in found}
        now = {asked: further.get(today, today) for asked, today in now.items()}
        ask = set(further.values()) - met
        met |= ask
    return now


def _hold(member_ids: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM member WHERE id = ANY(%s::uuid[]) ORDER BY id FOR SHARE", [list(member_ids)])


def _received(members: QuerySet[Member]) -> list[tuple[str, str]]:
    found = members.order_by("received_at", "id").values_list("store_id", "id")
    return [(str(store_id), str(member_id)) for store_id, member_id in found]


def _taken(of_store: QuerySet[Any, str], column: str, numbers: Collection[str]) -> set[str]:
    """Those of the numbers that are in use, and what stands behind them with a suffix."""
    taken = set(of_store.filter(**{f"{column}__in": numbers}))
    suffixed = Q()
    for number in taken:
        suffixed |= Q(**{f"{column}__startswith": f"{number}-"})
    return taken | set(of_store.filter(suffixed)) if taken else taken
