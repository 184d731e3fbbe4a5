"""What is wrong with rules for levels and with paid memberships, in words for whoever writes them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from guide_app.domain.levels import MEASURES
from guide_app.domain.records import LevelRules, Settings


def flaws(
    told: Settings, before: Settings | None, products: Collection[str], today: str, coupons: Collection[str] = ()
) -> list[str]:
    """All of them. `before`: the settings as they are, None of new ones; `products`: the ids that HQ knows; `today`: a
    day, ``YYYY-MM-DD``; `coupons`: the promotions (`of`) of which there are coupons."""
    return [*_levels(told), *_changed(told, before, today), *_plans(told, products), *_coupons(told, coupons)]


def _levels(told: Settings) -> Iterator[str]:
    codes = [level.code for level in told.levels]
    for code in _twice(codes):
        yield _("There are two levels with the code “{code}”.").format(code=code)
    for day in _twice(rules.valid_from for rules in told.level_rules):
        yield _("Two rules for levels begin on the same day: {day}.").format(day=day or "—")
    for rules in told.level_rules:
        yield from _steps(rules, codes)


def _steps(rules: LevelRules, codes: list[str]) -> Iterator[str]:
    for code in _twice(step.code for step in rules.steps):
        yield _("A rule says twice how the level “{code}” is reached.").format(code=code)
    known = sorted((step for step in rules.steps if step.code in codes), key=lambda step: codes.index(step.code))
    for step in rules.steps:
        if step.code not in codes:
            yield _("A rule is about the level “{code}”, which is not among the levels.").format(code=step.code)
        if not any(getattr(step, name) for name in MEASURES):
            yield _("A rule does not say from how much on a member has the level “{code}”.").format(code=step.code)
        if step.points and rules.window == "always":
            yield _("Points are counted in a window: choose months or the year for the level “{code}”.").format(
                code=step.code
            )
    for lower, higher in itertools.pairwise(known):
        if any(0 < getattr(higher, name) <= getattr(lower, name) for name in MEASURES):
            yield _("The level “{higher}” asks for no more than “{lower}”, which is below it.").format(
                higher=higher.code, lower=lower.code
            )


def _changed(told: Settings, before: Settings | None, today: str) -> Iterator[str]:
    if before is None or not before.level_rules:
        return
    held = [rules for rules in before.level_rules if rules.valid_from <= today]
    if any(rules not in told.level_rules for rules in held):
        yield _("Rules for levels that hold already are not changed: add some that begin on a day to come.")
    new = [rules for rules in told.level_rules if rules not in before.level_rules]
    if any(rules.valid_from <= today for rules in new):
        yield _("New rules for levels begin on a day to come.")


def _plans(told: Settings, products: Collection[str]) -> Iterator[str]:
    levels = {level.code for level in told.levels}
    for code in _twice(plan.code for plan in told.memberships):
        yield _("There are two paid memberships with the code “{code}”.").format(code=code)
    for product in _twice(plan.product_id for plan in told.memberships):
        yield _("Two paid memberships are sold by the same product: {product}.").format(product=product)
    for plan in told.memberships:
        if plan.level and plan.level not in levels:
            yield _("The paid membership “{code}” gives a level that is not among the levels.").format(code=plan.code)
        if plan.product_id not in products:
            yield _("The paid membership “{code}” is sold by a product that HQ does not know.").format(code=plan.code)


def _coupons(told: Settings, known: Collection[str]) -> Iterator[str]:
    for plan in told.memberships:
        if any(one.promotion not in known for one in plan.coupons):
            yield _("The paid membership “{code}” gives a coupon that HQ does not know.").format(code=plan.code)
    for step in (step for rules in told.level_rules for step in rules.steps):
        if any(one.promotion not in known for one in step.coupons):
            yield _("The level “{code}” gives a coupon that HQ does not know.").format(code=step.code)
        if any(one.every == "month" for one in step.coupons):
            yield _("What goes with the level “{code}” is given once, not each month.").format(code=step.code)


def _twice(values: Collection[str] | Iterator[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)
