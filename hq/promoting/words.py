"""A promotion in words of the page's language: what it does, on which goods, for whom, when, within which limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guide_app.domain.records import Promotion, Selection, TierStep
from hq.console import html
from hq.promoting.goods import Called, chosen, taken_out

_NAMED = 3
"""Goods that are named; of further ones the number."""


class Words:
    """Says promotions. `called`: the goods that they speak of; amounts are in minor units of `currency`."""

    def __init__(self, called: Called, currency: str) -> None:
        self._called, self._currency = called, currency

    def both(self, promotion: Promotion) -> dict[str, str]:
        """In English and in Chinese, by the language's code."""
        said = {}
        for language in ("zh-hans", "en"):
            with override(language):
                said[language] = self.line(promotion)
        return said

    def line(self, promotion: Promotion) -> str:
        """In one line."""
        line = _(", ").join(words for words in self.parts(promotion).values() if words)
        return line if promotion.active else _("{promotion} (not in use)").format(promotion=line)

    def parts(self, promotion: Promotion) -> dict[str, str]:
        """Part by part; empty where there is nothing to say."""
        return {
            "benefit": self._benefit(promotion),
            "condition": _(", ").join(self._condition(promotion)),
            "audience": _(", ").join(_audience(promotion)),
            "window": _(", ").join(_window(promotion)),
            "limits": _(", ").join(self._limits(promotion)),
            "others": _(", ").join(_others(promotion)),
        }

    def _benefit(self, one: Promotion) -> str:
        goods = _("the order") if one.reach == "order" and one.goods == Selection() else self._goods(one.goods)
        return _pattern(one).format(
            goods=goods, amount=self._money(one.amount), percent=_percent(one.percent),
            buy=one.buy, get=one.get, all=one.buy + one.get, points=one.points, n=len(one.prices),
            set=" + ".join(f"{part.pieces} × {self._goods(part.goods)}" for part in one.parts),
            steps=_("; ").join(self._step(step, one.measure) for step in one.steps),
        )  # fmt: skip

    def _condition(self, one: Promotion) -> Iterator[str]:
        every = one.kind == "amount" and one.repeats != 1 and not one.each
        if one.min_pieces:
            yield (_("for every {n} pieces") if every else _("from {n} pieces")).format(n=one.min_pieces)
        if one.min_amount:
            amount = self._money(one.min_amount)
            yield (_("for every {amount} spent") if every else _("from {amount}")).format(amount=amount)

    def _limits(self, one: Promotion) -> Iterator[str]:
        if one.cap:
            yield _("at most {amount} off an order").format(amount=self._money(one.cap))
        if one.kind in ("amount", "buy_get", "bundle", "coupon") and one.repeats > 1:
            yield _("at most {n} times in an order").format(n=one.repeats)
        if one.kind in ("buy_get", "bundle") and one.repeats == 1:
            yield _("once in an order")
        if one.kind == "points" and one.cap_share < 10_000:
            yield _("at most {percent} of an order").format(percent=_percent(one.cap_share))

    def _step(self, step: TierStep, measure: str) -> str:
        off = _percent(step.percent) if step.percent else self._money(step.amount)
        if measure == "pieces":
            return _("{off} off from {n} pieces").format(off=off, n=step.at)
        return _("{off} off from {amount}").format(off=off, amount=self._money(step.at))

    def _goods(self, goods: Selection) -> str:
        what = self._listed(chosen(goods)) or _("everything")
        out = self._listed(taken_out(goods))
        return _("{what} but {out}").format(what=what, out=out) if out else what

    def _listed(self, values: Sequence[str]) -> str:
        names = [self._called.choice(value).label for value in values[:_NAMED]]
        if len(values) > _NAMED:
            names.append(_("{n} more").format(n=len(values) - _NAMED))
        return _(" / ").join(names)

    def _money(self, minor: int) -> str:
        return html.amount(minor, self._currency)


def _pattern(one: Promotion) -> str:
    """What it does, with places for what differs from one to the other."""
    free = one.percent == 10_000
    of_kind = {
        "buy_get": _("Buy {all} pay {buy} on {goods}")
        if free
        else _("Buy {buy}, get {get} at {percent} off on {goods}"),
        "bundle": _("{set} together for {amount}"),
        "tier": _("{steps} on {goods}"),
        "points": _("{points} points pay {amount} of {goods}"),
    }
    if one.kind in of_kind:
        return of_kind[one.kind]
    if one.prices:
        return _("prices of their own for products: {n}")
    if one.kind == "amount" and one.each:
        return _("{amount} off each of {goods}")
    return _("{amount} off {goods}") if one.amount and not one.percent else _("{percent} off {goods}")


def _percent(basis_points: int) -> str:
    return f"{(Decimal(basis_points) / 100).normalize():f} %"


def _audience(one: Promotion) -> Iterator[str]:
    who = one.audience
    if one.kind == "staff" or who.staff:
        yield _("staff")
    if (one.kind == "member_price" or who.members) and not who.levels:
        yield _("members")
    if who.levels:
        yield _("members of level {levels}").format(levels=" / ".join(who.levels))
    if who.tags:
        yield _("members with the tag {tags}").format(tags=" / ".join(who.tags))
    if who.new_days:
        yield _("members of the last {n} days").format(n=who.new_days)
    if who.birthday_month:
        yield _("in the month of their birthday")


def _window(one: Promotion) -> Iterator[str]:
    if one.valid_from:
        yield _("from {day}").format(day=_day(date.fromisoformat(one.valid_from)))
    if one.valid_until:
        yield _("until {day}").format(day=_day(date.fromisoformat(one.valid_until) - timedelta(days=1)))
    if one.weekdays:
        yield " ".join(str(WEEKDAYS_ABBR[day - 1]) for day in sorted(one.weekdays))
    if one.from_time or one.until_time:
        yield f"{one.from_time or '00:00'}–{one.until_time or '24:00'}"


def _others(one: Promotion) -> Iterator[str]:
    if one.stacks:
        yield _("also on pieces that others made cheaper")
    if one.group:
        yield _("only one of the group {group}").format(group=one.group)


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
