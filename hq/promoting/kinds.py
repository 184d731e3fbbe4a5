"""Which fields the editor has for which kind of promotion, and in which order."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from guide_app.domain.records import Names, Promotion

STEPS, PARTS = 5, 5
"""Rows that a form has for the steps of a tier and for the parts of a set."""
Rows = tuple[str | tuple[str, ...], ...]

_GOODS: Rows = ("goods", "without")
_FROM: Rows = (("min_pieces", "min_amount"),)


class Kind(NamedTuple):
    """A kind: what it is for, the fields that say what it does, and whether it can meet others on the same pieces."""

    words: Any
    fields: Rows
    others: Rows = (("group", "priority"), "stacks")


KINDS: dict[str, Kind] = {
    "percentage": Kind(
        _("A percentage off chosen goods or off the whole order"),
        ("percent", "reach", *_GOODS, *_FROM, "cap"),
    ),
    "amount": Kind(
        _("An amount off: once, off each piece, or for every so many pieces or so much spent"),
        ("amount", "each", "reach", *_GOODS, *_FROM, "repeats", "cap"),
    ),
    "buy_get": Kind(
        _("Three for two, the second at half price: the cheapest pieces of each set cost less"),
        (("buy", "get", "percent"), *_GOODS, "repeats", "cap"),
    ),
    "bundle": Kind(
        _("Certain goods together at one price"),
        ("amount", *((f"part{n}_pieces", f"part{n}_goods") for n in range(1, PARTS + 1)), "repeats"),
    ),
    "tier": Kind(
        _("The more is bought, the more is taken off"),
        ("measure", *((f"step{n}_at", f"step{n}_percent", f"step{n}_amount") for n in range(1, STEPS + 1)),
         "reach", *_GOODS, "cap"),
    ),
    "coupon": Kind(
        _("What a coupon is worth: an amount or a percentage"),
        (("percent", "amount"), *_GOODS, *_FROM, "repeats", "cap"),
        ("priority", "stacks"),
    ),
    "member_price": Kind(
        _("Prices of their own for members"), ("percent", "prices", *_GOODS), ("group",),
    ),
    "staff": Kind(
        _("Prices of their own for the people who work here"), ("percent", "prices", *_GOODS), ("group",),
    ),
    "points": Kind(
        _("How much points are worth when members pay with them"),
        (("points", "amount"), "cap_share", "cap", *_GOODS),
        (),
    ),
}  # fmt: skip

_BEGIN: dict[str, dict[str, Any]] = {
    "buy_get": {"buy": 2, "get": 1, "percent": 10_000, "repeats": 0},
    "bundle": {"repeats": 0},
    "tier": {"reach": "order"},
    "points": {"points": 100},
}


def begun(kind: str) -> Promotion:
    """What stands in the form of a new one."""
    return Promotion(names=Names(), kind=kind, **_BEGIN.get(kind, {}))


def fieldsets(kind: str) -> Any:
    """The form, part by part, as Django has it."""
    chosen = KINDS[kind]
    staff: Rows = () if kind == "staff" else ("staff",)
    parts: list[tuple[Any, Rows]] = [
        (None, ("scope", ("name_zh", "name_en"), "active")),
        (_("What it does"), chosen.fields),
        (_("For whom"), ("members", "levels", "tags", ("new_days", "birthday_month"), *staff)),
        (_("When"), (("valid_from", "last_day"), "weekdays", ("from_time", "until_time"))),
        (_("Beside others"), chosen.others),
    ]
    return [(title, {"fields": fields}) for title, fields in parts if fields]
