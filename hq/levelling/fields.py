"""The fields of the forms, each made anew."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from guide_app.domain import money

Label = Any


def text(label: Label, most: int = 120, *, required: bool = True, told: Label = "") -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=told, widget=widgets.UnfoldAdminTextInputWidget
    )


def code(label: Label, told: Label = "") -> forms.CharField:
    """A code that rows refer to by."""
    return forms.RegexField(
        r"^[a-z0-9][a-z0-9_-]{0,39}\Z", label=label, help_text=told, widget=widgets.UnfoldAdminTextInputWidget,
        error_messages={"invalid": _("Small letters, digits, - and _ only.")},
    )  # fmt: skip


def count(label: Label, most: int, least: int = 0, *, required: bool = False, told: Label = "") -> forms.IntegerField:
    """A number."""
    return forms.IntegerField(
        label=label, required=required, min_value=least, max_value=most, help_text=told,
        widget=widgets.UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip


def amount(label: Label, currency: str) -> forms.DecimalField:
    """Money, in whole units of the currency."""
    return forms.DecimalField(
        label=f"{label} ({currency})", required=False, min_value=0, max_value=10**9,
        decimal_places=money.exponent(currency), widget=widgets.UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip


def choice(label: Label, *options: tuple[str, Label], required: bool = True, told: Label = "") -> forms.ChoiceField:
    """One of some."""
    return forms.ChoiceField(
        label=label, choices=options, required=required, help_text=told, widget=widgets.UnfoldAdminSelectWidget
    )


def day(label: Label, *, required: bool, told: Label = "") -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, required=required, help_text=told, widget=widgets.UnfoldAdminSingleDateWidget)


def minor(value: Decimal | None, currency: str) -> int:
    """What a field of money says, in minor units; 0 for nothing."""
    return money.from_major(f"{value.normalize():f}", currency) if value else 0


def major(value: int, currency: str) -> Decimal | None:
    """What a field of money shows; nothing for 0."""
    return money.to_major(value, currency) if value else None
