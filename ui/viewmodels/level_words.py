"""Levels and paid memberships in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guide_app.domain.levels import Change, Measure, Progress
from guide_app.domain.memberships import Term
from guide_app.domain.records import Level, Settings
from ui.viewmodels.base import Figures, tr, trn
from ui.viewmodels.words import named


def level_name(levels: Sequence[Level], code: str, language: str) -> str:
    """What a level is called: by its code where HQ no longer has it."""
    found = next((one.names for one in levels if one.code == code), None)
    return (named(found.en, found.zh, language) if found else "") or code


class LevelWords:
    """Says where a member stands, by the names that HQ's settings give; money in a currency."""

    def __init__(self, figures: Figures, currency: str, settings: Settings) -> None:
        self._figures, self._currency, self._settings = figures, currency, settings

    def named(self, level: str) -> str:
        """What a level is called: by its code where HQ no longer has it."""
        return level_name(self._settings.levels, level, self._figures.language)

    def plan(self, code: str) -> str:
        """What a paid membership is called."""
        found = next((one.names for one in self._settings.memberships if one.code == code), None)
        return (named(found.en, found.zh, self._figures.language) if found else "") or code

    def ahead(self, way: Progress) -> str:
        """The way to the next level."""
        missing, level = self.amount(way.measure, way.missing), self.named(way.level)
        if way.by:
            return tr("%1 more to %2 by %3", missing, level, self._figures.day(way.by))
        return tr("%1 more to %2", missing, level)

    def keep(self, way: Progress) -> str:
        """What is missing to keep a level."""
        return tr("%1 more by %2 to keep %3", self.amount(way.measure, way.missing), self._figures.day(way.by),
                  self.named(way.level))  # fmt: skip

    def paid(self, term: Term) -> str:
        """A paid membership with its last day."""
        return tr("%1 until %2", self.plan(term.sold.plan), self._figures.day(term.last))

    def renewal(self, term: Term, today: date) -> str:
        """That it is to be renewed: it ends soon, or has ended."""
        plan, day = self.plan(term.sold.plan), self._figures.day(term.last)
        if term.last < today.isoformat():
            return tr("%1 has ended on %2 and was not renewed", plan, day)
        return tr("Renewal due: %1 ends on %2", plan, day)

    def amount(self, measure: Measure, amount: int) -> str:
        """So much of a measure."""
        if measure == "spent":
            return self._figures.money(amount, self._currency)
        return trn("%n order(s)", amount) if measure == "orders" else trn("%n point(s)", amount)

    def change(self, change: Change) -> str:
        """Why the level changed."""
        level, before = self.named(change.level), self.named(change.before)
        amount = self.amount(change.measure, change.amount)
        down = tr("From %1 to %2: %3 came together", before, level, amount)
        said = {
            "given": tr("%1, given by HQ", level),
            "reached": tr("Up to %1: %2 came together", level, amount),
            "kept": tr("Kept %1: %2 came together", level, amount),
            "down": down if change.level else tr("%1 has ended: %2 came together", before, amount),
            "paid": tr("Up to %1: a paid membership began", level),
            "paid_over": tr("%1 has ended with the paid membership", before),
        }
        return said[change.why]
