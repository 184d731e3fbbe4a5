"""The port `Aggregates` on PostgreSQL: one store's rows through the features' mappings, locked in one order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from guide_app.domain import levels, numbers
from guide_app.domain.clock import from_text, to_text
from guide_app.domain.errors import BadInput, Defect
from guide_app.domain.pricing import Goods
from guide_app.domain.records import HANGING, Counted, Names, PriceList, Promotion, Ref, Settings
from guide_app.domain.records import Order as OrderRecord
from guide_app.operations import Versioned
from hq.aggregates import MAPPINGS
from hq.catalogue.mapping import PRICE_LIST
from hq.database import statements
from hq.leases.models import Instrument, Lease, Wallet
from hq.ledger.port import Bought, Clash, Found, Home, OrderHome, Term
from hq.members.mapping import MEMBER
from hq.members.models import Member, MemberAlias, Visitor
from hq.orders.mapping import ORDER
from hq.orders.models import Order, OrderCopy
from hq.payments.models import PaymentRequest
from hq.policies.mapping import SETTINGS
from hq.promotions.mapping import PROMOTION
from hq.protocol.rows import Row
from hq.stores.models import Store
from hq.talks.models import Reminder

_GOODS = (
    "WITH RECURSIVE above (product_id, category_id) AS ("
    "SELECT id, category_id FROM product WHERE id = ANY(%s::uuid[]) AND category_id IS NOT NULL"
    " UNION SELECT a.product_id, c.parent_id FROM above a JOIN category c ON c.id = a.category_id"
    " WHERE c.parent_id IS NOT NULL)"
    " SELECT p.id::text, p.brand, ARRAY(SELECT a.category_id::text FROM above a WHERE a.product_id = p.id),"
    " p.gift_card"
    " FROM product p WHERE p.id = ANY(%s::uuid[])"
)

_BOUGHT = (
    "SELECT o.member_id::text, (o.placed_at AT TIME ZONE s.time_zone)::date::text,"
    " coalesce(sum(o.counts) FILTER (WHERE o.currency = %s), 0)::bigint,"
    " count(*) FILTER (WHERE o.state <> 'returned'), max(o.placed_at)"
    " FROM shop_order o JOIN store s ON s.id = o.store_id"
    " WHERE o.member_id = ANY(%s::uuid[]) AND o.state <> 'cancelled' GROUP BY 1, 2"
)

_MANAGERS = (
    "SELECT staff_id::text, since, until FROM staff_term WHERE staff_id::text = ANY(%s::text[]) AND store_id = %s"
    " UNION ALL SELECT id::text, NULL, NULL FROM staff WHERE id::text = ANY(%s::text[]) AND store_id = %s"
    " AND role = 'manager' AND active AND NOT EXISTS (SELECT FROM staff_term AS t WHERE t.staff_id = staff.id)"
)


class PostgresAggregates:
    """One for every request."""

    def __init__(self, store_id: str, list_scopes: Sequence[str]) -> None:
        """`list_scopes`: the scopes whose price lists the store sells by, its region's and the chain's."""
        self.store_id = store_id
        self._list_scopes = list_scopes

    def aliases(self, member_ids: Collection[str]) -> Mapping[str, str]:
        query = "SELECT id::text, member_id::text FROM member_alias WHERE store_id = %s AND id = ANY(%s::uuid[])"
        return dict(statements.rows(query, (self.store_id, list(member_ids))))

    def find_phones(self, phones: Collection[str]) -> Mapping[str, str]:
        query = "SELECT phone, id::text FROM member WHERE store_id = %s AND phone = ANY(%s::text[]) AND phone <> ''"
        return dict(statements.rows(query, (self.store_id, list(phones))))

    def visitors(self, member_ids: Collection[str]) -> set[str]:
        query = "SELECT member_id::text FROM visitor WHERE store_id = %s AND member_id = ANY(%s::uuid[])"
        return _firsts(query, (self.store_id, list(member_ids)))

    def homes(self, member_ids: Collection[str], *, hold: bool = False) -> Mapping[str, Home]:
        now = _survivors(member_ids)
        if hold:
            _hold(now.values())
        going = self.erased(set(now.values()))  # asked once they are held: who erases them held them before
        stay = set(now.values()) - going
        rows = {row.ref.id: row for row in MEMBER.rows(list(Member.objects.filter(id__in=stay)))}
        stores = Store.objects.in_bulk({row.store_id for row in rows.values()})
        names = {str(store.id): Names(en=store.name_en, zh=store.name_zh) for store in stores.values()}
        return {
            asked: Home(row.store_id, names[row.store_id], row.ref.id, Versioned(row.record, row.ver))
            for asked, today in now.items()
            if (row := rows.get(today)) is not None
        }

    def visits(self, member_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        stores = defaultdict[str, list[str]](list)
        query = (
            "SELECT member_id::text, store_id::text FROM visitor WHERE member_id = ANY(%s::uuid[]) ORDER BY store_id"
        )
        for member_id, store_id in statements.rows(query, (list(member_ids),)):
            stores[member_id].append(store_id)
        return {member_id: tuple(visited) for member_id, visited in stores.items()}

    def same_phone(self, phone: str) -> Sequence[tuple[str, str]]:
        return _received(Member.objects.filter(phone=phone).exclude(phone=""))

    def same_number(self, number: str) -> Sequence[tuple[str, str]]:
        same = Q(member_no=number) | Q(other_numbers__contains=[number])
        return _received(Member.objects.filter(same)) if number else []

    def order_numbered(self, number: str) -> Found | None:
        try:
            code = numbers.parse(number.partition("-")[0]).store_code
        except BadInput:
            code = ""
        stores = Store.objects.filter(Q(id=self.store_id) | Q(code=code))
        known = {store.id: Names(en=store.name_en, zh=store.name_zh) for store in stores}
        orders = dict(Order.objects.filter(store_id__in=list(known), number=number).values_list("store_id", "id"))
        found = sorted(orders.items(), key=lambda one: str(one[0]) != self.store_id)
        return next((Found(str(store_id), known[store_id], str(order_id)) for store_id, order_id in found), None)

    def order_home(self, order_id: str) -> OrderHome | None:
        held = statements.rows(
            "SELECT store_id::text FROM shop_order WHERE id = %s::uuid AND store_id <> %s::uuid FOR SHARE",
            (order_id, self.store_id),
        )
        for (store_id,) in held:
            row = ORDER.load(store_id, [order_id])[order_id]
            if isinstance(row.record, OrderRecord):
                return OrderHome(store_id, self.store_names(store_id), row.ver, row.record)
        return None

    def copies(self, order_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        stores = defaultdict[str, list[str]](list)
        query = (
            "SELECT order_id::text, store_id::text FROM order_copy WHERE order_id = ANY(%s::uuid[]) ORDER BY store_id"
        )
        for order_id, store_id in statements.rows(query, (list(order_ids),)):
            stores[order_id].append(store_id)
        return {order_id: tuple(found) for order_id, found in stores.items()}

    def expired_copies(self, now: str) -> set[str]:
        found = OrderCopy.objects.filter(store_id=self.store_id, until__lte=from_text(now))
        return {str(order_id) for order_id in found.values_list("order_id", flat=True)}

    def store_names(self, store_id: str) -> Names:
        found = Store.objects.filter(id=store_id).values_list("name_en", "name_zh")
        return next((Names(en=en, zh=zh) for en, zh in found), Names())

    def strangers(self, refs: Collection[Ref]) -> Mapping[Ref, str]:
        elsewhere: dict[Ref, str] = {}
        for entity in sorted({ref.entity for ref in refs}):
            rows = MAPPINGS[entity].model._default_manager.filter(id__in=[ref.id for ref in refs if ref[0] == entity])
            found = rows.exclude(store_id=self.store_id).values_list("id", "store_id")
            elsewhere |= {Ref(entity, str(id_)): str(store_id) for id_, store_id in found}
        return elsewhere

    def going_along(self, member_id: str) -> set[Ref]:
        mine = {"store_id": self.store_id, "member_id": member_id}
        going = {Ref("reminder", str(id_)) for id_ in Reminder.objects.filter(**mine).values_list("id", flat=True)}
        for entity in HANGING:
            found = MAPPINGS[entity].model._default_manager.filter(**mine, state="open")
            going |= {Ref(entity, str(id_)) for id_ in found.values_list("id", flat=True)}
        if Wallet.objects.filter(**mine).exists():
            going.add(Ref("wallet", member_id))
        return going

    def expired_visitors(self, now: str) -> set[str]:
        found = Visitor.objects.filter(store_id=self.store_id, until__lte=from_text(now))
        return {str(member_id) for member_id in found.values_list("member_id", flat=True)}

    def remove(self, refs: Collection[Ref]) -> None:
        by_entity = defaultdict[str, list[str]](list)
        for ref in refs:
            by_entity[ref.entity].append(ref.id)
        for entity in sorted(by_entity):
            MAPPINGS[entity].delete(self.store_id, by_entity[entity])

    def taken_numbers(self, numbers: Collection[str]) -> set[str]:
        return _taken(Order.objects.filter(store_id=self.store_id).values_list("number", flat=True), "number", numbers)

    def taken_member_numbers(self, numbers: Collection[str]) -> set[str]:
        members = Member.objects.filter(store_id=self.store_id)
        return _taken(members.values_list("member_no", flat=True), "member_no", numbers)

    def bought(self, member_ids: Collection[str], currency: str) -> Mapping[str, Bought]:
        days, last = defaultdict[str, list[Counted]](list), dict[str, str]()
        for member_id, on, spent, orders, at in statements.rows(_BOUGHT, (currency, list(member_ids))):
            days[member_id].append(Counted(on=on, spent=spent, orders=orders))
            last[member_id] = max(last.get(member_id, ""), to_text(at))
        return {
            id_: Bought(sum(one.orders for one in told), sum(one.spent for one in told), last[id_], levels.put(told))
            for id_, told in days.items()
        }

    def load(self, refs: Collection[Ref]) -> Mapping[Ref, Versioned | None]:
        by_entity = defaultdict[str, list[str]](list)
        for ref in refs:
            by_entity[ref.entity].append(ref.id)
        rows: dict[Ref, Versioned | None] = dict.fromkeys(refs)
        for entity in sorted(by_entity):
            for row in MAPPINGS[entity].load(self.store_id, by_entity[entity], lock=True).values():
                rows[row.ref] = Versioned(row.record, row.ver, row.scope)
        return rows

    def save(self, rows: Mapping[Ref, Versioned]) -> Mapping[Ref, Versioned]:
        by_entity = defaultdict[str, list[Row]](list)
        for ref, row in rows.items():
            by_entity[ref.entity].append(Row(ref, row.ver, self.store_id, row.record, row.scope))
        saved: dict[Ref, Versioned] = {}
        for entity in sorted(by_entity):
            self._refuse_foreign(by_entity[entity])
            found = MAPPINGS[entity].save(by_entity[entity])
            saved |= {row.ref: Versioned(row.record, row.ver, row.scope) for row in found}
        return {ref: saved[ref] for ref in rows}

    def products(self, product_ids: Collection[str]) -> set[str]:
        return _firsts("SELECT id::text FROM product WHERE id = ANY(%s::uuid[])", (list(product_ids),))

    def price_lists(self) -> Mapping[str, PriceList]:
        rows = PRICE_LIST.rows(PRICE_LIST.table.select("scope = ANY(%s::text[])", (list(self._list_scopes),)))
        return {row.ref.id: row.record for row in rows if isinstance(row.record, PriceList)}

    def prices(self, list_ids: Collection[str], product_ids: Collection[str]) -> Mapping[tuple[str, str], int]:
        found = statements.rows(
            "SELECT list_id::text, product_id::text, amount FROM price"
            " WHERE list_id = ANY(%s::uuid[]) AND product_id = ANY(%s::uuid[])",
            (list(list_ids), list(product_ids)),
        )
        return {(at, of): amount for at, of, amount in found}

    def promotions(self, since: str, until: str, named: Collection[str]) -> Mapping[str, Promotion]:
        rows = PROMOTION.rows(
            PROMOTION.table.select(
                "id::text = ANY(%s::text[])"
                " OR (scope = ANY(%s::text[]) AND since <= %s AND (until_moment IS NULL OR until_moment > %s))",
                (list(named), list(self._list_scopes), from_text(until), from_text(since)),
            )
        )
        return {row.ref.id: row.record for row in rows if isinstance(row.record, Promotion)}

    def goods(self, product_ids: Collection[str]) -> Mapping[str, Goods]:
        return {
            product_id: Goods(brand, tuple(categories), gift_card)
            for product_id, brand, categories, gift_card in statements.rows(
                _GOODS, (list(product_ids), list(product_ids))
            )
        }

    def time_zone(self) -> str:
        return next(iter(_firsts("SELECT time_zone FROM store WHERE id = %s", (self.store_id,))))

    def policies(self) -> set[tuple[str, str]]:
        return {(kind, version) for kind, version in statements.rows("SELECT kind, version FROM policy", ())}

    def managers(self, staff_ids: Collection[str]) -> Mapping[str, Sequence[Term]]:
        """Who was put into the table without a term, as loaded years are, is a manager as long as they stand so."""
        found = statements.rows(_MANAGERS, (list(staff_ids), self.store_id, list(staff_ids), self.store_id))
        terms = defaultdict[str, list[Term]](list)
        for staff_id, since, until in found:
            terms[staff_id].append(Term(to_text(since) if since else "", to_text(until) if until else ""))
        return terms

    def settings(self) -> Settings:
        found = {row.scope: row.record for row in SETTINGS.rows(
            SETTINGS.table.select("scope = ANY(%s::text[])", (list(self._list_scopes),))
        )}  # fmt: skip
        own = next((found[scope] for scope in self._list_scopes if scope in found), None)
        return own if isinstance(own, Settings) else Settings()

    def person(self, phone: str) -> str:
        return salted_hmac("hq.joining.person", phone, algorithm="sha256").hexdigest()

    def gifted(self, persons: Collection[str]) -> set[str]:
        query = "SELECT DISTINCT person FROM joining WHERE person = ANY(%s::text[]) AND product_id IS NOT NULL"
        return _firsts(query, (list(persons),))

    def cards(self, numbers: Collection[str]) -> Mapping[str, str]:
        found = Instrument.objects.filter(number__in=numbers).values_list("number", "id")
        return {str(number): str(card_id) for number, card_id in found}

    def instrument_store(self, instrument_id: str) -> str:
        found = _firsts("SELECT store_id::text FROM instrument WHERE id = %s::uuid", (instrument_id,))
        return next(iter(found), "")

    def payment_store(self, request_id: str) -> str:
        found = _firsts("SELECT store_id::text FROM payment_request WHERE id = %s::uuid", (request_id,))
        return next(iter(found), "")

    def payments_due(self, now: str) -> Sequence[str]:
        due = PaymentRequest.objects.filter(store_id=self.store_id, look_at__lte=from_text(now))
        return [str(found) for found in due.order_by("look_at", "id").values_list("id", flat=True)[:50]]

    def leased(self, instrument_id: str) -> int:
        query = (
            "SELECT coalesce(sum(greatest(0, amount - returned - spent)), 0)::bigint FROM lease"
            " WHERE store_id = %s AND instrument_id = %s AND NOT settled"
        )
        return int(statements.rows(query, (self.store_id, instrument_id))[0][0])

    def leases_expired(self, before: str) -> Sequence[str]:
        late = Lease.objects.filter(store_id=self.store_id, expires_at__lt=from_text(before), settled=False)
        return [str(found) for found in late.order_by("expires_at", "id").values_list("id", flat=True)[:500]]

    def erased(self, ids: Collection[str]) -> set[str]:
        query = "SELECT id::text FROM erased_person WHERE id = ANY(%s::uuid[])"
        return _firsts(query, (list(ids),)) if ids else set()

    def forgotten(self, told: Collection[str]) -> set[str]:
        marks = {erased_mark(text): text for text in told}
        query = "SELECT mark FROM erased_mark WHERE mark = ANY(%s::text[])"
        found = {marks[mark] for mark in _firsts(query, (list(marks),))} if marks else set()
        named = {text: {who for _, who in (*self.same_number(text), *self.same_phone(text))} for text in found}
        return {text for text, people in named.items() if people == self.erased(people)}

    def staff(self, staff_ids: Collection[str]) -> set[str]:
        return _firsts("SELECT id::text FROM staff WHERE id = ANY(%s::uuid[])", (list(staff_ids),))

    def _refuse_foreign(self, rows: Sequence[Row]) -> None:
        """A tablet names the ids of what it makes: none may take over a row of another store."""
        mapping = MAPPINGS[rows[0].ref.entity]
        new = [row.ref.id for row in rows if row.ver == 1]
        if mapping.each_stores or not new:
            return
        if not mapping.in_store:
            raise Defect(f"{mapping.entity} is not a store's")
        taken = f"SELECT 1 FROM {mapping.table.name} WHERE {mapping.id_field} = ANY(%s::uuid[])"
        if statements.rows(f"{taken} AND store_id <> %s LIMIT 1", (new, self.store_id)):
            raise Clash("an id of another store")


def erased_mark(text: str) -> str:
    """The keyed fingerprint (HMAC-SHA-256 with HQ's secret, 64 bits) of an erased person's phone or number."""
    return salted_hmac("hq.history.erased", text, algorithm="sha256").hexdigest()[:16]


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


def _firsts(query: str, values: Sequence[Any]) -> set[str]:
    """The first column of what a query finds."""
    return {str(row[0]) for row in statements.rows(query, values)}


def _taken(of_store: QuerySet[Any, str], column: str, numbers: Collection[str]) -> set[str]:
    """Those of the numbers that are in use, and what stands behind them with a suffix."""
    taken = set(of_store.filter(**{f"{column}__in": numbers}))
    suffixed = Q()
    for number in taken:
        suffixed |= Q(**{f"{column}__startswith": f"{number}-"})
    return taken | set(of_store.filter(suffixed)) if taken else taken
