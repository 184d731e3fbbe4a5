"""The forms of levels and of the rules by which they are reached."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold import widgets

from guide_app.domain.records import Level, LevelRules, LevelStep, Names, Settings
from hq.levelling import coupon_fields, fields
from hq.levelling.desk import Desk
from hq.members.models import Member
from hq.names import in_language

BLANK = 2
"""Empty rows for levels to come."""
WINDOWS = (
    ("months", gettext_lazy("the last months")), ("year", gettext_lazy("the calendar year")),
    ("always", gettext_lazy("all that was ever bought")),
)  # fmt: skip
KEPT = (
    ("months", gettext_lazy("so many months, to the day")), ("year_end", gettext_lazy("until the end of the year")),
    ("never", gettext_lazy("for ever")),
)  # fmt: skip


class LevelForm(forms.Form):
    """A level; the code of one that there is stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = fields.code(_("code"))
        self.fields["name_zh"] = fields.text(_("name (Chinese)"))
        self.fields["name_en"] = fields.text(_("name (English)"))
        self.fields["code"].disabled = bool(self.initial.get("code"))


_LevelRows = forms.formset_factory(LevelForm, extra=BLANK, can_order=True, can_delete=True, max_num=20)
_LevelRows.ordering_widget = widgets.UnfoldAdminIntegerFieldWidget


def level_rows(at: Desk, data: Any = None) -> Any:
    """The rows of all levels, with some empty ones."""
    told = [{"code": one.code, "name_en": one.names.en, "name_zh": one.names.zh} for one in at.told.levels]
    return _LevelRows(data, initial=told, prefix="level")


def with_levels(at: Desk, rows: Any) -> Settings:
    """The settings with the levels of valid rows."""
    told = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("code") and not row.cleaned_data["DELETE"]]
    told.sort(key=lambda one: one.get("ORDER") or len(rows.forms))
    found = (Level(code=one["code"], names=Names(en=one["name_en"], zh=one["name_zh"])) for one in told)
    return msgspec.structs.replace(at.told, levels=tuple(found))


def still_had(at: Desk, after: Settings) -> list[str]:
    """In words, which levels are gone that members have."""
    gone = {one.code for one in at.told.levels} - {one.code for one in after.levels}
    had = ((code, Member.objects.filter(level=code).count()) for code in sorted(gone))
    return [
        _("{count} members have the level “{code}”: it cannot be taken out.").format(count=count, code=code)
        for code, count in had
        if count
    ]


class RulesForm(forms.Form):
    """Rules from a day on: one row a level, lowest first. `of`: the rules that they begin as."""

    def __init__(self, at: Desk, of: LevelRules, data: Any = None) -> None:
        super().__init__(data)
        self._at, first = at, not at.told.level_rules
        later = _("A day to come.") if not first else _("Empty: they hold from now on.")
        self.fields["valid_from"] = fields.day(_("first day"), required=not first, told=later)
        self.fields["window"] = fields.choice(_("what counts"), *WINDOWS)
        self.fields["window_months"] = fields.count(_("how many months count"), 12, 1)
        self.fields["kept"] = fields.choice(_("how long a level is kept"), *KEPT)
        self.fields["months"] = fields.count(_("how many months it is kept"), 120, 1)
        self.fields["grace_days"] = fields.count(_("days of grace after that"), 366)
        self.initial = {
            "window": of.window, "window_months": of.window_months, "kept": of.kept, "months": of.months,
            "grace_days": of.grace_days, "valid_from": of.valid_from or None,
        }  # fmt: skip
        steps = {step.code: step for step in of.steps}
        for n, level in enumerate(at.told.levels):
            self._add(n, steps.get(level.code) or LevelStep(code=level.code))

    @property
    def general(self) -> list[Any]:
        """The fields that are about all levels."""
        return [self[name] for name in ("valid_from", "window", "window_months", "kept", "months", "grace_days")]

    @property
    def by_level(self) -> list[tuple[str, list[Any], list[list[Any]]]]:
        """The fields of each level, by its name: from how much on, and the coupons."""
        return [
            (
                in_language(level.names.en, level.names.zh),
                [self[f"{part}_{n}"] for part in self._parts],
                coupon_fields.rows(self, f"give{n}_"),
            )
            for n, level in enumerate(self._at.told.levels)
        ]

    _parts = ("spent", "orders", "points")

    def rules(self) -> LevelRules:
        """What a valid form says."""
        told = self.cleaned_data
        steps = (self._step(n, level.code) for n, level in enumerate(self._at.told.levels))
        return LevelRules(
            steps=tuple(step for step in steps if step != LevelStep(code=step.code)),
            valid_from=told["valid_from"].isoformat() if told["valid_from"] else "", window=told["window"],
            window_months=told["window_months"] or 12, kept=told["kept"], months=told["months"] or 12,
            grace_days=told["grace_days"] or 0,
        )  # fmt: skip

    def _add(self, n: int, step: LevelStep) -> None:
        money = self._at.currency
        self.fields[f"spent_{n}"] = fields.amount(_("from spent"), money)
        self.fields[f"orders_{n}"] = fields.count(_("or from orders"), 100_000)
        self.fields[f"points_{n}"] = fields.count(_("or from points"), 10**9)
        self.initial.update({
            f"spent_{n}": fields.major(step.spent, money), f"orders_{n}": step.orders or None,
            f"points_{n}": step.points or None,
        })  # fmt: skip
        coupon_fields.add(self, f"give{n}_", step.coupons, 1, often=False)

    def _step(self, n: int, code: str) -> LevelStep:
        told = self.cleaned_data
        return LevelStep(
            code=code, spent=fields.minor(told[f"spent_{n}"], self._at.currency),
            orders=told[f"orders_{n}"] or 0, points=told[f"points_{n}"] or 0,
            coupons=coupon_fields.said(self, f"give{n}_"),
        )  # fmt: skip


def begun(at: Desk, day: str | None) -> LevelRules:
    """What a form begins as: the rules of that first day; for new ones those that began last, from tomorrow on."""
    known = sorted(at.told.level_rules, key=lambda one: one.valid_from)
    found = next((one for one in known if one.valid_from == day), None)
    if found is not None:
        return found
    tomorrow = (at.today + timedelta(days=1)).isoformat()
    return msgspec.structs.replace(known[-1], valid_from=tomorrow) if known else LevelRules(steps=())


def with_rules(at: Desk, new: Iterable[LevelRules], without: str | None) -> Settings:
    """The settings with these rules in the place of those that begin on the day `without`."""
    kept = (one for one in at.told.level_rules if one.valid_from != without)
    rules = sorted((*kept, *new), key=lambda one: one.valid_from)
    return msgspec.structs.replace(at.told, level_rules=tuple(rules))
