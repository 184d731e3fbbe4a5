"""The form of a paid membership that is sold."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from guide_app.domain.money import WHOLE
from guide_app.domain.records import MembershipPlan, Names, Settings
from hq.catalogue.models import Product
from hq.levelling import coupon_fields, fields
from hq.levelling.desk import Desk
from hq.names import in_language

COUPONS = 3
"""Rows for coupons, at least."""


class PlanForm(forms.Form):
    """A plan: what is paid for, for how long, and what goes with it. `of`: the plan as it is, None: a new one."""

    def __init__(self, at: Desk, of: MembershipPlan | None, data: Any = None) -> None:
        super().__init__(data)
        levels = [(one.code, in_language(one.names.en, one.names.zh)) for one in at.told.levels]
        self.fields["code"] = fields.code(_("code"), _("Memberships that are sold refer to it."))
        self.fields["code"].disabled = of is not None
        self.fields["name_zh"] = fields.text(_("name (Chinese)"))
        self.fields["name_en"] = fields.text(_("name (English)"))
        self.fields["sku"] = fields.text(_("sold as (SKU)"), 40, told=_("The fee is this product's price."))
        self.fields["months"] = fields.count(_("months that it lasts"), 120, 1, required=True)
        self.fields["remind_days"] = fields.count(
            _("days before its end on which renewal is due"), 366, told=_("Renewal is asked for until 30 days after.")
        )
        self.fields["level"] = fields.choice(_("gives at least the level"), ("", _("none")), *levels, required=False)
        self.fields["times"] = forms.DecimalField(
            label=_("points count so many times"), min_value=1, max_value=100, decimal_places=2,
            help_text=_("1: as without it. 2: twice."), widget=type(fields.amount("", at.currency).widget),
        )  # fmt: skip
        self.initial = _initial(of)
        coupon_fields.add(self, "give", of.coupons if of else (), COUPONS, often=True)

    @property
    def general(self) -> list[Any]:
        """The fields that are about no coupon."""
        return [field for field in self if not field.name.startswith("give")]

    @property
    def coupons(self) -> list[list[Any]]:
        """The fields of the coupons, row by row."""
        return coupon_fields.rows(self, "give")

    def clean_sku(self) -> str:
        """The product's number; raises ValidationError where there is no such product."""
        sku = str(self.cleaned_data["sku"]).strip()
        if not Product.objects.filter(sku=sku).exists():
            raise ValidationError(_("There is no product with the SKU “{sku}”.").format(sku=sku))
        return sku

    def plan(self) -> MembershipPlan:
        """What a valid form says."""
        told = self.cleaned_data
        return MembershipPlan(
            code=told["code"], names=Names(en=told["name_en"], zh=told["name_zh"]),
            product_id=str(Product.objects.get(sku=told["sku"]).id), months=told["months"], level=told["level"],
            times=int(told["times"] * WHOLE), remind_days=30 if told["remind_days"] is None else told["remind_days"],
            coupons=coupon_fields.said(self, "give"),
        )  # fmt: skip


def _initial(of: MembershipPlan | None) -> dict[str, Any]:
    if of is None:
        return {"months": 12, "times": Decimal(1), "remind_days": 30}
    sold = Product.objects.filter(id=of.product_id).first()
    return {
        "code": of.code, "name_en": of.names.en, "name_zh": of.names.zh, "sku": sold.sku if sold else "",
        "months": of.months, "level": of.level, "times": Decimal(of.times) / WHOLE, "remind_days": of.remind_days,
    }  # fmt: skip


def with_plans(at: Desk, new: Iterable[MembershipPlan], without: str) -> Settings:
    """The settings with these plans in the place of the one with the code `without`, and at its place."""
    plans = list[MembershipPlan]()
    told = tuple(new)
    for one in at.told.memberships:
        plans += told if one.code == without else (one,)
    if without not in [one.code for one in at.told.memberships]:
        plans += told
    return msgspec.structs.replace(at.told, memberships=tuple(plans))
