"""The fields of the editor, each made anew for every form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from hq.console import choices
from hq.policies.models import ScopeSettings
from hq.promoting.goods import GoodsField
from hq.promoting.kinds import PARTS, STEPS
from hq.tags.models import TagRule

_TIME = r"^(([01]\d|2[0-3]):[0-5]\d)?$"
Made = Callable[[], forms.Field]


def _count(label: Any, most: int = 9999, least: int = 0, told: Any = "") -> Made:
    return lambda: forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, help_text=told,
        widget=widgets.UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip


def _decimal(label: Any, most: int, places: int, told: Any = "") -> Made:
    return lambda: forms.DecimalField(
        label=label, required=False, min_value=0, max_value=most, decimal_places=places, help_text=told,
        widget=widgets.UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip


def _percent(label: Any) -> Made:
    return _decimal(label, 100, 2)


def _money(label: Any, told: Any = "") -> Made:
    return _decimal(label, 10**9, 3, told)


def _yes(label: Any) -> Made:
    return lambda: forms.BooleanField(label=label, required=False, widget=widgets.UnfoldBooleanSwitchWidget)


def _one_of(label: Any, *options: tuple[str, Any]) -> Made:
    return lambda: forms.ChoiceField(label=label, choices=options, widget=widgets.UnfoldAdminSelectWidget)


def _some_of(label: Any, options: Callable[[], list[tuple[str, Any]]], told: Any = "") -> Made:
    return lambda: forms.MultipleChoiceField(
        label=label,
        choices=options,
        required=False,
        help_text=told,
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
    )


def _time(label: Any) -> Made:
    return lambda: forms.RegexField(
        _TIME, label=label, required=False, widget=widgets.UnfoldAdminTextInputWidget(attrs={"placeholder": "10:00"})
    )


def _prices() -> forms.Field:
    told = _("One a line: SKU and price, such as “P1001 12.90”. Or leave it empty and say a percentage.")
    return forms.CharField(label=_("prices"), required=False, help_text=told, widget=widgets.UnfoldAdminTextareaWidget)


def _levels() -> list[tuple[str, Any]]:
    """Every level that any settings know."""
    told = {level["code"] for item in ScopeSettings.objects.all() for level in item.values.get("levels", ())}
    return [(code, code) for code in sorted(told)]


def _tags() -> list[tuple[str, Any]]:
    """The tags that guides give, and those that rules give."""
    by_hand = {tag for item in ScopeSettings.objects.all() for tag in item.values.get("tags", ())}
    return [(tag, tag) for tag in sorted(by_hand | set(TagRule.objects.values_list("tag", flat=True)))]


def _weekdays() -> list[tuple[str, Any]]:
    return [(str(day + 1), name) for day, name in WEEKDAYS.items()]


FIELDS: dict[str, Made] = {
    "scope": lambda: choices.scope(_("for")),
    "percent": _percent(_("percent off")),
    "amount": _money(_("amount")),
    "each": _yes(_("off each piece")),
    "reach": _one_of(
        _("applies to"), ("pieces", _("pieces of the goods")), ("order", _("the order, after what applies to pieces"))
    ),
    "goods": lambda: GoodsField(label=_("on which goods"), help_text=_("None: on everything.")),
    "without": lambda: GoodsField(label=_("but not on"), brands=False),
    "min_pieces": _count(_("from so many pieces")),
    "min_amount": _money(_("from so much, at list prices")),
    "cap": _money(_("at most off an order"), _("Empty: without limit.")),
    "repeats": _count(_("how often in one order"), told=_("0: as often as it fits.")),
    "buy": _count(_("pieces at full price"), 99),
    "get": _count(_("pieces that cost less"), 99),
    "measure": _one_of(_("counted in"), ("amount", _("money, at list prices")), ("pieces", _("pieces"))),
    "prices": _prices,
    "points": _count(_("so many points")),
    "cap_share": _percent(_("at most this percentage of an order")),
    "members": _yes(_("members only")),
    "levels": _some_of(_("levels, one of them"), _levels),
    "tags": _some_of(_("tags, one of them"), _tags),
    "new_days": _count(_("joined within so many days")),
    "birthday_month": _yes(_("in the month of their birthday")),
    "staff": _yes(_("staff only")),
    "last_day": lambda: forms.DateField(
        label=_("last day"), required=False, widget=widgets.UnfoldAdminSingleDateWidget
    ),
    "weekdays": _some_of(_("weekdays"), _weekdays, _("None: every day.")),
    "from_time": _time(_("from (time of day)")),
    "until_time": _time(_("until (time of day)")),
    "priority": _count(_("priority"), 1000, -1000, _("Decides between equal savings, the higher first.")),
    "stacks": _yes(_("also on pieces that others made cheaper")),
    **{f"part{n}_pieces": _count(_("pieces"), 99) for n in range(1, PARTS + 1)},
    **{f"part{n}_goods": lambda: GoodsField(label=_("goods")) for n in range(1, PARTS + 1)},
    **{f"step{n}_at": _money(_("from")) for n in range(1, STEPS + 1)},
    **{f"step{n}_percent": _percent(_("percent off")) for n in range(1, STEPS + 1)},
    **{f"step{n}_amount": _money(_("or amount off")) for n in range(1, STEPS + 1)},
}
"""Name → how it is made. The others (names, in use, first day, group) are the model's own."""
