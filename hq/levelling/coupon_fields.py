"""Coupons as fields of a form: which, how many of it, how often, and for how many days each counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.records import PlanCoupon
from hq.levelling import fields
from hq.names import in_language
from hq.promotions.models import Promotion

EVERY = (("term", gettext_lazy("each time it begins or is renewed")), ("month", gettext_lazy("each month of it")))


def add(form: Any, prefix: str, known: Sequence[PlanCoupon], least: int, *, often: bool) -> None:
    """Adds rows of fields to a form, `least` of them or as many as there are coupons."""
    offered = _offered()
    for n in range(max(least, len(known))):
        one = known[n] if n < len(known) else None
        choices = [("", "—"), *offered]
        if one is not None and one.promotion not in dict(offered):
            choices.append((one.promotion, _("a coupon that is over")))
        form.fields[f"{prefix}{n}_coupon"] = fields.choice(_("coupon"), *choices, required=False)
        form.fields[f"{prefix}{n}_pieces"] = fields.count(_("how many"), 20, 1)
        if often:
            form.fields[f"{prefix}{n}_every"] = fields.choice(_("how often"), *EVERY, required=False)
        form.fields[f"{prefix}{n}_days"] = fields.count(
            _("days that it counts"), 3650, told=_("Empty: as long as its promotion.")
        )
        form.initial |= {
            f"{prefix}{n}_coupon": one.promotion if one else "", f"{prefix}{n}_pieces": one.pieces if one else 1,
            f"{prefix}{n}_every": one.every if one else "term", f"{prefix}{n}_days": one.days or None if one else None,
        }  # fmt: skip


def rows(form: Any, prefix: str) -> list[list[Any]]:
    """The fields, row by row."""
    found, n = list[list[Any]](), 0
    while f"{prefix}{n}_coupon" in form.fields:
        names = (f"{prefix}{n}_{part}" for part in ("coupon", "pieces", "every", "days"))
        found.append([form[name] for name in names if name in form.fields])
        n += 1
    return found


def said(form: Any, prefix: str) -> tuple[PlanCoupon, ...]:
    """What the rows of a valid form say."""
    told = form.cleaned_data
    return tuple(
        PlanCoupon(
            promotion=told[f"{prefix}{n}_coupon"], pieces=told[f"{prefix}{n}_pieces"] or 1,
            every=told.get(f"{prefix}{n}_every") or "term", days=told[f"{prefix}{n}_days"] or 0,
        )
        for n in range(len(rows(form, prefix)))
        if told[f"{prefix}{n}_coupon"]
    )  # fmt: skip


def words(coupons: Sequence[PlanCoupon]) -> list[str]:
    """Each in words."""
    names = dict(_offered())
    return [_words(one, names.get(one.promotion) or _("a coupon that is over")) for one in coupons]


def _words(one: PlanCoupon, name: str) -> str:
    often = _("{n} × {coupon} each month") if one.every == "month" else _("{n} × {coupon}")
    return often.format(n=one.pieces, coupon=name)


def _offered() -> list[tuple[str, str]]:
    """The coupons that can be issued, by what their promotion is called."""
    current = Promotion.objects.filter(kind="coupon", until_moment=None).order_by("name_en", "id")
    return [(str(one.of), in_language(one.name_en, one.name_zh)) for one in current]
