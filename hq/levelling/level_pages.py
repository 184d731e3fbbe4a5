"""The page of levels: their names, and the rules by which they are reached, by the day on which they begin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide_app.domain.records import LevelRules
from hq.levelling import desk, level_forms, words
from hq.levelling.desk import Desk
from hq.levelling.editor import Changed, Editor, Shown
from hq.levelling.moving import Moved, moved

_NEW = "new"


class _Levels(Editor):
    name = "levels"
    label = gettext_lazy("Levels")

    def answer(self, at: Desk, request: HttpRequest) -> Shown | Changed:
        day = request.GET.get("rules")
        if day is None:
            return _names(at, request)
        known = {one.valid_from: one for one in at.told.level_rules}
        to_come = day in known and day > at.today.isoformat()
        if request.method == "POST" and request.POST.get("do") == "remove" and to_come:
            after = level_forms.with_rules(at, (), day)
            said = _("The rules for levels ({day}) are taken back.").format(day=words.begins(known[day]))
            return Changed(after, said, _rules(at, level_forms.RulesForm(at, known[day]), to_come=True))
        return _typed(at, request, day if to_come else None)


def _names(at: Desk, request: HttpRequest) -> Shown | Changed:
    rows = level_forms.level_rows(at, request.POST if request.method == "POST" else None)
    page = Shown("levelling/levels.html", {"rows": rows, "known": _known(at), "rules_new": _NEW})
    if request.method != "POST" or not rows.is_valid():
        return page
    after = level_forms.with_levels(at, rows)
    wrong = [*level_forms.still_had(at, after), *desk.problems(at, after)]
    if wrong:
        return page._replace(context={**page.context, "problems": wrong})
    named = _(", ").join(words.level(after, one.code) for one in after.levels)
    return Changed(after, _("Levels: {levels}.").format(levels=named or "—"), page)


def _typed(at: Desk, request: HttpRequest, day: str | None) -> Shown | Changed:
    """The form of new rules, or of those that begin on a day to come."""
    of = level_forms.begun(at, day)
    form = level_forms.RulesForm(at, of, request.POST if request.method == "POST" else None)
    page = _rules(at, form, to_come=day is not None)
    if request.method != "POST" or not form.is_valid():
        return page
    rules = form.rules()
    after = level_forms.with_rules(at, [rules], day)
    if wrong := desk.problems(at, after):
        return page._replace(context={**page.context, "problems": wrong})
    if request.POST.get("do") == "try":
        return page._replace(context={**page.context, **_moves(at, rules, moved(at, rules))})
    said = _("Rules for levels ({day}): {rules}.").format(
        day=words.begins(rules), rules=_("; ").join(words.rules(at, rules))
    )
    return Changed(after, said, page)


def _rules(at: Desk, form: level_forms.RulesForm, *, to_come: bool) -> Shown:
    return Shown("levelling/rules.html", {"form": form, "to_come": to_come, "none": not at.told.levels})


def _known(at: Desk) -> list[dict[str, Any]]:
    """All rules, those that began or begin last first."""
    today, rules = at.today.isoformat(), sorted(at.told.level_rules, key=lambda one: one.valid_from, reverse=True)
    held = [one for one in rules if one.valid_from <= today]
    return [_one(at, one, to_come=one not in held, current=one in held[:1]) for one in rules]


def _one(at: Desk, one: LevelRules, *, to_come: bool, current: bool) -> dict[str, Any]:
    state = _("to come") if to_come else _("in force") if current else _("ended")
    return {
        "day": one.valid_from, "begins": words.begins(one), "said": words.rules(at, one), "state": state,
        "to_come": to_come,
    }  # fmt: skip


def _moves(at: Desk, rules: LevelRules, found: Moved) -> dict[str, object]:
    codes = ["", *(one.code for one in at.told.levels)]
    rows = [(words.level(at.told, code), found.now.get(code, 0), found.then.get(code, 0)) for code in codes]
    return {"moved": found, "moves": rows, "says": words.rules(at, rules)}


LEVELS = _Levels()
