"""Rules for levels and paid memberships in words, in the page's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guide_app.domain.money import WHOLE
from guide_app.domain.records import LevelRules, LevelStep, MembershipPlan, Settings
from hq.console import html
from hq.levelling import coupon_fields
from hq.levelling.desk import Desk
from hq.names import in_language


def rules(at: Desk, one: LevelRules) -> list[str]:
    """What rules say: how long things count, and each level's line."""
    return [_(", ").join(_general(one)), *(_step(at, step) for step in one.steps)]


def begins(one: LevelRules) -> str:
    """The day on which rules begin."""
    return date_format(date.fromisoformat(one.valid_from), "DATE_FORMAT") if one.valid_from else _("from the start")


def plan(at: Desk, one: MembershipPlan, product: str) -> str:
    """What a plan says, in one line."""
    return _(", ").join(_plan(at, one, product))


def level(told: Settings, code: str) -> str:
    """What a level is called."""
    names = next((one.names for one in told.levels if one.code == code), None)
    return in_language(names.en, names.zh) if names else code or _("no level")


def _general(one: LevelRules) -> Iterator[str]:
    yield {
        "months": _("counts what was bought in the last {n} months"), "year": _("counts what was bought in the year"),
        "always": _("counts all that was ever bought"),
    }[one.window].format(n=one.window_months)  # fmt: skip
    yield {
        "months": _("kept for {n} months"), "year_end": _("kept until the end of the year that {n} months come to"),
        "never": _("kept for ever"),
    }[one.kept].format(n=one.months)  # fmt: skip
    if one.grace_days:
        yield _("{n} days of grace").format(n=one.grace_days)


def _step(at: Desk, step: LevelStep) -> str:
    ways = _(" or ").join(_ways(at, step))
    said = _("{level}: from {ways}").format(level=level(at.told, step.code), ways=ways)
    return _(", ").join([said, *coupon_fields.words(step.coupons)])


def _ways(at: Desk, step: LevelStep) -> Iterator[str]:
    if step.spent:
        yield html.amount(step.spent, at.currency)
    if step.orders:
        yield _("{n} orders").format(n=step.orders)
    if step.points:
        yield _("{n} points").format(n=step.points)


def _plan(at: Desk, one: MembershipPlan, product: str) -> Iterator[str]:
    yield _("sold as {product}").format(product=product)
    yield _("{n} months").format(n=one.months)
    if one.level:
        yield _("at least {level}").format(level=level(at.told, one.level))
    if one.times != WHOLE:
        yield _("points count {times} times").format(times=f"{(Decimal(one.times) / WHOLE).normalize():f}")
    yield from coupon_fields.words(one.coupons)
    yield _("renewal due {n} days before the end").format(n=one.remind_days)
