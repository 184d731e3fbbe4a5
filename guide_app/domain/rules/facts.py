"""What rules are judged by: a member, and what the member's own store has of them from the last 365 days.

Only that store's orders and talks count, since no other store's are on its tablets.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeVar

from guide_app.domain import money
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Category, Member
from guide_app.domain.rules.names import DAYS
from guide_app.domain.shopday import ShopDay

UNCOUNTED = ("cancelled", "returned")
"""The states of orders that are no purchases."""
_DEEP = 20
Words = frozenset[str]
M = TypeVar("M", bound="Sale | Contact")


class Sale(NamedTuple):
    """An order of the member that counts; `total` in minor units of `currency`, `products` of its lines."""

    placed_at: str
    total: int
    currency: str
    products: tuple[str, ...]


class Contact(NamedTuple):
    """A talk that stands."""

    at: str
    topic: str
    outcome: str
    channel: str


class Goods(NamedTuple):
    """What rules may call a product: `plain` words. `categories`: its own and those above, in both languages."""

    sku: str
    brand: str
    categories: Words


def plain(word: str) -> str:
    """Words are compared without regard to capitals and outer blanks."""
    return word.strip().casefold()


def goods_of(sku: str, brand: str, category_id: str, categories: Mapping[str, Category]) -> Goods:
    """`categories`: all there are, by id."""
    names, at = set[str](), category_id
    for _ in range(_DEEP):
        if (category := categories.get(at)) is None:
            break
        names |= {plain(category.names.en), plain(category.names.zh)}
        at = category.parent_id
    return Goods(plain(sku), plain(brand), frozenset(names - {""}))


def window(calendar: ShopDay, today: date) -> str:
    """The instant from which on orders and talks count."""
    return calendar.bounds(today - timedelta(days=DAYS - 1))[0]


@dataclass(frozen=True)
class Facts:
    """A member as rules see them. Days are the shop's; amounts in whole units of the store's currency.

    `sales` and `talks`: (days ago, …), the oldest first. `owner`: the number of the member's guide.
    """

    today: date
    member: Member
    owner: str
    joined: date | None
    sales: Sequence[tuple[int, Decimal]]
    talks: Sequence[tuple[int, Contact]]
    goods: Sequence[Goods]

    def number(self, name: str, days: int | None) -> Decimal | int | None:
        """A number; None where nothing is known."""
        within = DAYS if days is None else days
        match name:
            case "age":
                return _age(self.member.birthday, self.today)
            case "orders.average_days":
                return self._average_days
            case "orders.count":
                return sum(ago < within for ago, _ in self.sales)
            case "orders.sum":
                return sum((amount for ago, amount in self.sales if ago < within), Decimal())
            case "talks.count":
                return sum(ago < within for ago, _ in self.talks)
        return None

    def text(self, name: str) -> str:
        """Plain words; "" where nothing is known."""
        return plain(self.owner if name == "owner" else str(getattr(self.member, name, "")))

    def days_since(self, name: str) -> int | None:
        """Days from then to today; None where it never was."""
        match name:
            case "joined":
                return None if self.joined is None else max(0, (self.today - self.joined).days)
            case "orders.last":
                return self.sales[-1][0] if self.sales else None
            case "talks.last":
                return self.talks[-1][0] if self.talks else None
        return None

    def days_until(self, name: str) -> int | None:
        """Days from today to the next birthday, 0 on the day itself; None where it is not known."""
        return _days_to(self.member.birthday, self.today) if name == "birthday" else None

    @cached_property
    def sets(self) -> Mapping[str, Words]:
        """Name → plain words."""
        return {
            "tag": frozenset(map(plain, self.member.tags)),
            "consent": frozenset(plain(one.kind) for one in self.member.consents if one.granted),
            "bought.product": frozenset(one.sku for one in self.goods),
            "bought.brand": frozenset(one.brand for one in self.goods if one.brand),
            "bought.category": frozenset[str]().union(*(one.categories for one in self.goods)),
            "talked.topic": frozenset(plain(talk.topic) for _, talk in self.talks),
            "talked.outcome": frozenset(plain(talk.outcome) for _, talk in self.talks),
            "talked.channel": frozenset(plain(talk.channel) for _, talk in self.talks),
        }

    @cached_property
    def _average_days(self) -> Decimal | None:
        """Days from one purchase to the next; None before the second."""
        if len(self.sales) < 2:
            return None
        return Decimal(self.sales[0][0] - self.sales[-1][0]) / (len(self.sales) - 1)


def facts_of(
    member: Member,
    owner: str,
    sales: Iterable[Sale],
    talks: Iterable[Contact],
    goods: Mapping[str, Goods],
    calendar: ShopDay,
    today: date,
    currency: str,
) -> Facts:
    """Puts together what a store has of one member. `owner`: the staff number of their guide; `goods` by product id,
    at least those bought where a rule asks for them. Sales and talks before the window are passed over.
    """

    def recent(moments: Iterable[M]) -> list[tuple[int, M]]:
        """With how many days ago each was, the oldest first."""
        days = [
            (None if (day := _day(one[0], calendar)) is None else max(0, (today - day).days), one) for one in moments
        ]
        return sorted(((ago, one) for ago, one in days if ago is not None and ago < DAYS), reverse=True)

    bought_from, spoken = recent(sales), recent(talks)
    bought = dict.fromkeys(product for _, sale in bought_from for product in sale.products)
    return Facts(
        today=today,
        member=member,
        owner=owner,
        joined=_day(member.joined_at, calendar),
        sales=[
            (days, money.to_major(sale.total, currency) if sale.currency == currency else Decimal())
            for days, sale in bought_from
        ],
        talks=spoken,
        goods=[goods[product] for product in bought if product in goods],
    )


def _day(instant: str, calendar: ShopDay) -> date | None:
    try:
        return calendar.local(instant).date() if instant else None
    except (BadInput, OverflowError):
        return None


def _age(birthday: str, today: date) -> int | None:
    """Whole years; None where the year is not known."""
    if len(birthday) != 10:
        return None
    year, month, day = (int(part) for part in birthday.split("-"))
    return max(0, today.year - year - ((today.month, today.day) < (month, day)))


def _days_to(birthday: str, today: date) -> int | None:
    """To the next ``MM-DD``; 29 February is kept on the 28th in most years."""
    if not birthday:
        return None
    month, day = (int(part) for part in birthday[-5:].split("-"))
    for year in (today.year, today.year + 1):
        kept = 28 if (month, day) == (2, 29) and not isleap(year) else day
        try:
            days = (date(year, month, kept) - today).days
        except ValueError:
            return None
        if days >= 0:
            return days
    return None
