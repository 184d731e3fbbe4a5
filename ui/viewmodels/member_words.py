"""What a member's fields and their values are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from guide_app.domain import anniversaries
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.words import source_words

SIZES = ("top", "bottom", "shoe", "ring")
"""What is measured often; a guide may write anything else."""
RELATIONS = ("daughter", "son", "partner", "mother", "father", "pet")


def field_words(field: str) -> str:
    """What a field of a member is called."""
    words = {
        "name": tr("Name"),
        "gender": tr("Gender"),
        "birthday": tr("Birthday"),
        "source": tr("How they came"),
        "tags": tr("Tags"),
        "note": tr("Note"),
        "sizes": tr("Sizes"),
        "likes": tr("Preferences"),
        "wishes": tr("Wish list"),
        "dates": tr("Important dates"),
        "household": tr("Household"),
    }
    return words.get(field, field)


def gender_words(gender: str) -> str:
    """A gender as it was told."""
    return {"f": tr("female"), "m": tr("male"), "x": tr("other")}.get(gender, tr("not told"))


def size_words(what: str) -> str:
    """What is measured."""
    words = {"top": tr("Top"), "bottom": tr("Trousers"), "shoe": tr("Shoes"), "ring": tr("Ring")}
    return words.get(what, what)


def relation_words(relation: str) -> str:
    """How somebody belongs to the member."""
    words = {
        "daughter": tr("daughter"),
        "son": tr("son"),
        "partner": tr("partner"),
        "mother": tr("mother"),
        "father": tr("father"),
        "pet": tr("pet"),
    }
    return words.get(relation, relation)


def value_words(value: Any) -> str:
    """A field's value as JSON has it, as people read it."""
    match value:
        case None | "" | [] | () | {}:
            return tr("nothing")
        case dict():
            return tr(", ").join(f"{size_words(what)} {size}" for what, size in value.items())
        case [{"product_id": _}, *_]:
            return trn("%n product(s)", len(value))
        case list() | tuple():
            return tr(", ").join(_element_words(one) for one in value)
    words = {"f": tr("female"), "m": tr("male"), "x": tr("other")}
    return words.get(str(value)) or source_words(str(value))


def _element_words(one: Any) -> str:
    match one:
        case {"label": label, "day": day}:
            return f"{label} {day}"
        case {"relation": relation}:
            return " ".join(part for part in (relation_words(relation), one.get("name", "")) if part)
    return str(one)


def birthday_words(birthday: str, desk: Desk) -> str:
    """A birthday as people write it; empty when it was not told."""
    if not birthday:
        return ""
    try:
        return desk.figures.day(birthday) if len(birthday) > 5 else desk.figures.month_day(birthday)
    except ValueError:  # 30 February, from somewhere that does not look
        return birthday


def age_words(birthday: str, today: date) -> str:
    """How old somebody is: in months below two years, else in years; empty where no year was told."""
    months = anniversaries.months_since(birthday, today)
    if months is None:
        return ""
    return trn("%n year(s) old", months // 12) if months >= 24 else trn("%n month(s) old", months)


def until_words(day: str, today: date) -> str:
    """How soon a day of the year comes, in words."""
    days = (anniversaries.next_time(day, today) - today).days
    return tr("today") if days == 0 else tr("tomorrow") if days == 1 else trn("in %n day(s)", days)
