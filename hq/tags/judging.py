"""HQ's own answer to whom a rule hits, from its tables, in bounded batches, by the code that the tablets run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from guide_app.domain import rules
from guide_app.domain.clock import Clock, from_text, to_text
from guide_app.domain.records import Category, Member
from guide_app.domain.rules import Contact, Expr, Facts, Goods, Sale
from guide_app.domain.shopday import ShopDay
from hq.catalogue.mapping import CATEGORY
from hq.catalogue.models import Product
from hq.members.mapping import MEMBER
from hq.members.models import Member as MemberRow
from hq.members.models import MemberAlias
from hq.orders.models import Order, OrderLine
from hq.staff.models import Staff
from hq.stores.models import Store
from hq.talks.models import Talk

BATCH = 500
"""Members that are judged at once."""


class Judged(NamedTuple):
    """A batch of a store's members in the order of their numbers; `last`: the number to go on after, "" at the end."""

    seen: int
    hits: Mapping[str, Member]
    last: str


class Judge:
    """Judges the members of one store by one rule, on the store's day of a moment."""

    def __init__(self, store: Store, expr: Expr, clock: Clock) -> None:
        self._store, self._expr = store, expr
        self._calendar = ShopDay(clock, store.time_zone)
        self._today: date = self._calendar.today()
        self._since = from_text(rules.window(self._calendar, self._today))
        names = set(rules.named(expr))
        self._bought = any(name.startswith("bought.") for name in names)
        self._categories: Mapping[str, Category] = {}
        if "bought.category" in names:
            self._categories = {row.ref.id: row.record for row in CATEGORY.every() if isinstance(row.record, Category)}
        staff = Staff.objects.filter(store_id=store.id).values_list("id", "staff_no") if "owner" in names else ()
        self._staff = {str(person): number for person, number in staff}

    def batch(self, after: str, size: int = BATCH) -> Judged:
        """The members whose numbers come after this one."""
        found = MemberRow.objects.filter(store_id=self._store.id, member_no__gt=after).order_by("member_no")
        items = list(found[:size])
        rows = MEMBER.rows(items)
        members = {row.ref.id: row.record for row in rows if isinstance(row.record, Member)}
        return Judged(len(items), self.hit(members), items[-1].member_no if len(items) == size else "")

    def hit(self, members: Mapping[str, Member]) -> Mapping[str, Member]:
        """Those of these members (by id) whom the rule hits."""
        facts = self._facts(members) if members else {}
        return {member_id: members[member_id] for member_id, known in facts.items() if rules.holds(self._expr, known)}

    def _facts(self, members: Mapping[str, Member]) -> dict[str, Facts]:
        now = _ids_of(str(self._store.id), members)
        sales, talks = self._sales(now), self._talks(now)
        goods = self._goods({product for those in sales.values() for sale in those for product in sale.products})
        return {
            member_id: rules.facts_of(
                member, self._staff.get(member.owner_id, ""), sales[member_id], talks[member_id], goods,
                self._calendar, self._today, self._store.currency,
            )
            for member_id, member in members.items()
        }  # fmt: skip

    def _sales(self, now: Mapping[str, str]) -> dict[str, list[Sale]]:
        found = Order.objects.filter(store_id=self._store.id, member_id__in=list(now), placed_at__gte=self._since)
        orders = list(
            found.exclude(state__in=rules.UNCOUNTED).values_list("id", "member_id", "placed_at", "total", "currency")
        )
        lines: dict[object, list[str]] = defaultdict(list)
        if self._bought:
            told = OrderLine.objects.filter(order_id__in=[order[0] for order in orders])
            for order_id, product_id in told.values_list("order_id", "product_id"):
                lines[order_id].append(str(product_id))
        sales: dict[str, list[Sale]] = defaultdict(list)
        for order_id, member_id, placed_at, total, currency in orders:
            sale = Sale(to_text(placed_at), total, currency, tuple(lines[order_id]))
            sales[now[str(member_id)]].append(sale)
        return sales

    def _talks(self, now: Mapping[str, str]) -> dict[str, list[Contact]]:
        found = Talk.objects.filter(store_id=self._store.id, member_id__in=list(now), at__gte=self._since, void=False)
        talks: dict[str, list[Contact]] = defaultdict(list)
        for member_id, at, *told in found.values_list("member_id", "at", "topic", "outcome", "channel"):
            talks[now[str(member_id)]].append(Contact(to_text(at), *told))
        return talks

    def _goods(self, products: Collection[str]) -> dict[str, Goods]:
        found = Product.objects.filter(id__in=products) if products else Product.objects.none()
        return {
            str(product_id): rules.goods_of(sku, brand, str(category_id or ""), self._categories)
            for product_id, sku, brand, category_id in found.values_list("id", "sku", "brand", "category_id")
        }


def _ids_of(store_id: str, member_ids: Collection[str]) -> dict[str, str]:
    """Each id under which there may be orders and talks of these members → the member: merged sign-ups keep theirs."""
    now = {member_id: member_id for member_id in member_ids}
    ask: Sequence[str] = list(now)
    while ask:
        found = MemberAlias.objects.filter(store_id=store_id, member_id__in=ask).values_list("id", "member_id")
        further = {str(gone): now[str(to)] for gone, to in found if str(gone) not in now}
        now |= further
        ask = list(further)
    return now
