"""A promotion tried on real orders before it is in force: what it would have taken off, found batch by batch beside
serving. Each batch is a transaction: who breaks off goes on where it stood, and what is kept never grows.

Both prices are the engine's. An order is priced again by what it was priced by, once without the promotion and once
with it, in the place of the version that is current now, if there is one. Its days do not count, its weekdays and hours
do. A coupon is tried as if everybody whom it is for had used one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from guide_app.domain import pricing
from guide_app.domain.clock import from_text
from guide_app.domain.pricing import Basket, Buyer, ChosenCoupon, Priced
from guide_app.domain.records import Member, Order, Promotion
from hq.ledger.aggregates import PostgresAggregates
from hq.members.mapping import MEMBER
from hq.members.models import Member as MemberRow
from hq.orders.mapping import ORDER
from hq.orders.models import Order as OrderRow
from hq.orders.models import OrderState
from hq.promoting import currency
from hq.promoting.tagging import Tagging
from hq.promotions.models import Trial
from hq.protocol import scopes
from hq.stores.models import Store

DAYS = 30
"""Of how many days before it is asked for orders are tried."""
BATCH, EXAMPLES = 100, 8
KEPT = timedelta(days=30)
ROUND_S = 20.0
"""After so long a round lets others go first."""
_TRIED = "trial"


class _Found(NamedTuple):
    """What a promotion does to one order."""

    order: Order
    before: Priced
    after: Priced

    @property
    def off(self) -> int:
        """What it would have taken off, minor units; below zero where the order would have cost more."""
        return self.before.total - self.after.total


def ask(says: Promotion, scope: str, stores: Sequence[str], by: str) -> Trial:
    """Leaves a promotion to be tried on the last month's orders of these stores, or of all that it is for."""
    now = timezone.now()
    chosen = _stores(scope).filter(id__in=stores) if stores else _stores(scope)
    ids = [str(store.id) for store in chosen]
    since = now - timedelta(days=DAYS)
    total = OrderRow.objects.filter(store_id__in=ids, placed_at__gte=since, placed_at__lt=now).count()
    return Trial.objects.create(
        record=msgspec.to_builtins(says), name_en=says.names.en, name_zh=says.names.zh, scope=scope, stores=ids,
        currency=currency.of_scope(scope), since=since, until=now, asked_at=now, asked_by=by, total=total,
    )  # fmt: skip


def says(trial: Trial) -> Promotion:
    """The promotion that is tried."""
    return msgspec.convert(trial.record, Promotion)


def cancel(trial_id: UUID) -> None:
    """Ends a trial that is under way; what was found stays."""
    Trial.objects.filter(id=trial_id, state__in=Trial.UNDER_WAY).update(state=Trial.State.CANCELLED)


def run_asked(monotonic: Callable[[], float] = time.monotonic) -> int:
    """Goes on with the trials that wait, the one asked for longest first, for a bounded time; how many orders."""
    Trial.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    began, done = monotonic(), 0
    for trial_id in Trial.objects.filter(state__in=Trial.UNDER_WAY).order_by("asked_at").values_list("id", flat=True):
        while monotonic() - began < ROUND_S and (tried := _go_on(trial_id)):
            done += tried
    return done


def _go_on(trial_id: UUID) -> int:
    """Tries the next batch; how many orders it was, 0 at the end."""
    with transaction.atomic():
        trial = Trial.objects.select_for_update().get(id=trial_id)
        if trial.state not in Trial.UNDER_WAY:
            return 0
        trial.state = Trial.State.RUNNING
        tried = 0
        while trial.stores and not tried:
            orders = _orders(trial)
            tried = len(orders)
            if tried:
                _take_in(trial, orders)
            else:
                trial.stores, trial.at, trial.at_id = trial.stores[1:], None, None
        if not tried:
            trial.state = Trial.State.DONE
        trial.save()
    return tried


def _orders(trial: Trial) -> list[OrderRow]:
    """The next orders of the store that the trial is at."""
    found = OrderRow.objects.filter(store_id=trial.stores[0], placed_at__gte=trial.since, placed_at__lt=trial.until)
    if trial.at is not None:
        found = found.filter(Q(placed_at__gt=trial.at) | Q(placed_at=trial.at, id__gt=trial.at_id))
    return list(found.order_by("placed_at", "id")[:BATCH])


def _take_in(trial: Trial, items: Sequence[OrderRow]) -> None:
    store = Store.objects.select_related("region").get(id=trial.stores[0])
    counted = [item for item in items if item.state != OrderState.CANCELLED]
    orders = [row.record for row in ORDER.rows(counted) if isinstance(row.record, Order)]
    for found in _Shop(store, says(trial)).tried(orders):
        day = from_text(found.order.placed_at).astimezone(ZoneInfo(store.time_zone)).date().isoformat()
        touched, off = trial.days.get(day, (0, 0))
        trial.days[day] = [touched + 1, off + found.off]
        trial.touched += 1
        trial.off += found.off
        trial.examples = sorted([*trial.examples, _example(found, store, day)], key=_most_first)[:EXAMPLES]
    trial.seen += len(items)
    trial.at, trial.at_id = items[-1].placed_at, items[-1].id


class _Shop:
    """One store's orders with the promotion."""

    def __init__(self, store: Store, says: Promotion) -> None:
        self._store, self._zone = store, ZoneInfo(store.time_zone)
        self._says = msgspec.structs.replace(says, active=True, valid_from="", valid_until="")
        self._aggregates = PostgresAggregates(str(store.id), [store.region.scope, scopes.of_chain()])

    def tried(self, orders: Sequence[Order]) -> list[_Found]:
        """Those of the orders that cost something else with it."""
        if not orders:
            return []
        moments = [order.placed_at for order in orders]
        named = {row_id for order in orders for row_id in _named(order)}
        known = self._aggregates.promotions(min(moments), max(moments), named)
        goods = self._aggregates.goods({line.product_id for order in orders for line in order.lines})
        buyers = self._buyers({order.member_id for order in orders} - {""})
        found = []
        for order in orders:
            basket = pricing.basket_of(order, goods, known, from_text(order.placed_at).astimezone(self._zone))
            found.append(self._found(order, basket, buyers.get(order.member_id)))
        return [one for one in found if one and one.off]

    def _found(self, order: Order, basket: Basket, buyer: Buyer | None) -> _Found | None:
        """Quick where it can take nothing off: most orders have none of its goods."""
        replaced = {row_id for row_id, one in basket.promotions.items() if self._says.of and one.of == self._says.of}
        alone = Basket(at=basket.at, lines=basket.lines, promotions={_TRIED: self._says}, buyer=buyer)
        coupon = (ChosenCoupon(coupon_id=_TRIED, promotion_id=_TRIED),) if self._says.kind == "coupon" else ()
        quick = not replaced and not basket.points
        if quick and not pricing.price(msgspec.structs.replace(alone, coupons=coupon)).discounts:
            return None
        rest = {row_id: one for row_id, one in basket.promotions.items() if row_id not in replaced}
        after = msgspec.structs.replace(
            basket, promotions={**rest, _TRIED: self._says}, coupons=(*basket.coupons, *coupon),
            met=(*(basket.met or ()), *pricing.audience(alone)),
        )  # fmt: skip
        return _Found(order, pricing.price(basket), pricing.price(after))

    def _buyers(self, member_ids: set[str]) -> Mapping[str, Buyer]:
        """The members as they are today, by the ids that orders have."""
        led = self._aggregates.aliases(member_ids)
        rows = MEMBER.rows(list(MemberRow.objects.filter(id__in={led.get(one, one) for one in member_ids})))
        members = {row.ref.id: row.record for row in rows if isinstance(row.record, Member)}
        tags = Tagging(self._store, self._says.audience.tags).of(members)
        buyers = {member_id: self._buyer(member, tags[member_id]) for member_id, member in members.items()}
        return {one: buyers[led.get(one, one)] for one in member_ids if led.get(one, one) in buyers}

    def _buyer(self, member: Member, tags: tuple[str, ...]) -> Buyer:
        joined = from_text(member.joined_at).astimezone(self._zone).date().isoformat() if member.joined_at else ""
        month = int(member.birthday[-5:-3]) if member.birthday else 0
        return Buyer(level=member.level, tags=(*member.tags, *tags), birth_month=month, joined=joined)


def _most_first(example: dict[str, Any]) -> int:
    return -abs(int(example["before"]) - int(example["after"]))


def _named(order: Order) -> list[str]:
    by = order.priced_by
    of_lines = [one.promotion_id for line in order.lines for one in line.discounts if one.promotion_id]
    return [*of_lines, *by.audience, *(one.promotion_id for one in by.coupons)] if by else of_lines


def _example(found: _Found, store: Store, day: str) -> dict[str, Any]:
    lines = zip(found.before.lines, found.after.lines, strict=True)
    return {
        "number": found.order.number, "store": store.code, "day": day, "before": found.before.total,
        "after": found.after.total,
        "lines": [
            {"product": one.product_id, "qty": one.qty, "before": one.amount, "after": other.amount}
            for one, other in lines if one.amount != other.amount
        ],
    }  # fmt: skip


def _stores(scope: str) -> Any:
    """The stores that it is for, whose money is its own."""
    found = Store.objects.filter(active=True, currency=currency.of_scope(scope)).order_by("code")
    return found if scope == scopes.of_chain() else found.filter(region__scope=scope)
