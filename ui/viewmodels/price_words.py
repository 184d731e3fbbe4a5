"""Why a line costs what it costs, in words: the list price, each discount by its name, and what did not apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from guide_app.domain.pricing import Change, NotApplied, Priced, PricedLine, Reduction, Step, Why
from guide_app.domain.records import Discount, Names, OrderLine
from ui.viewmodels.base import Figures, tr, trn
from ui.viewmodels.offer_words import OfferWords, kind_words

IN_REACH = ("pieces_missing", "set_incomplete", "amount_missing")
"""Reasons that a guide can do something about: more goods."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One row of "why this price". `tone`: plain, good (taken off), strong (to pay), muted (did not apply)."""

    label: str
    amount: str = ""
    tone: str = "plain"


class PriceWords:
    """Says prices. `people`: staff id → name, for who allowed a discount."""

    def __init__(self, figures: Figures, currency: str, offers: OfferWords, people: Mapping[str, str]) -> None:
        self._figures, self._currency, self._offers, self._people = figures, currency, offers, people

    def cause(self, one: Reduction | Discount) -> str:
        """What a discount is called, of a basket or of an order that was placed."""
        if one.step == Step.MANUAL:
            who = self._people.get(one.approved_by, "")
            label = one.label or kind_words("manual")
            return tr("%1, allowed by %2", label, who) if who else label
        if one.promotion_id:
            return self._offers.title(one.promotion_id, one.names)
        return kind_words(one.kind)

    def summary(self, line: PricedLine) -> str:
        """One short sentence under a line; empty at list price."""
        causes = dict.fromkeys(self.cause(one) for one in line.reductions)
        saved = line.qty * line.price - line.amount
        return tr("%1: saves %2", tr(" + ").join(causes), self.money(saved)) if saved > 0 else ""

    def why(self, line: PricedLine, beside: Iterable[NotApplied], *, card: bool = False) -> list[Reason]:
        """All rows of a line; `beside`: what speaks of its goods and did not apply; `card`: it is of gift cards."""
        number = self._figures.number(line.qty)
        rows = [Reason(label=tr("List price, %1 × %2", number, self.money(line.price)),
                       amount=self.money(line.qty * line.price))]  # fmt: skip
        rows += [Reason(label=self._pieces(one, line), amount=self.money(-one.amount), tone="good")
                 for one in line.reductions]  # fmt: skip
        rows.append(Reason(label=tr("To pay"), amount=self.money(line.amount), tone="strong"))
        if card:
            told = tr("A gift card is money: no promotion, coupon or points, and it earns none")
            rows.append(Reason(label=told, tone="muted"))
        return [*rows, *(self.not_applied(one) for one in beside)]

    def sold(self, line: OrderLine) -> list[Reason]:
        """The discounts of a line that was placed."""
        return [Reason(label=self.cause(one), amount=self.money(-one.amount), tone="good") for one in line.discounts]

    def not_applied(self, one: NotApplied) -> Reason:
        """Something that took nothing off, and why."""
        title = self._offers.title(one.promotion_id) if one.promotion_id else kind_words("manual")
        return Reason(label=tr("%1: %2", title, self._offers.why_not(one)), tone="muted")

    def said(self, names: Names) -> str:
        """A name in the chosen language."""
        return self._offers.said(names)

    def reason(self, why: Why, family: str = "") -> str:
        """A reason in words; `family`: the promotion that it is about, in any of its versions."""
        return self._offers.reason(why, self._offers.version(family))

    def taken(self, priced: Priced) -> list[Reason]:
        """Each cause with what it took off the whole order, in the order of application."""
        sums: dict[tuple[int, str], tuple[str, int]] = {}
        for one in sorted((one for line in priced.lines for one in line.reductions), key=lambda one: int(one.step)):
            key = (int(one.step), one.source_id)
            before = sums.get(key, ("", 0))[1]
            sums[key] = (self.cause(one), before + one.amount)
        return [Reason(label=label, amount=self.money(-amount), tone="good") for label, amount in sums.values()]

    def change(self, one: Change, before: Priced, after: Priced) -> str:
        """Why a price is another one than was shown."""
        cause = next((self.cause(each) for priced in (after, before) for line in priced.lines
                      for each in line.reductions if (each.source_id, each.kind) == (one.source_id, one.kind)),
                     kind_words(one.kind))  # fmt: skip
        amount = self.money(abs(one.amount))
        if one.code == "given":
            return tr("%1 takes off %2 more", cause, amount)
        if one.why is not None:
            return tr("%1 does not apply any more: %2", cause, self._offers.reason(one.why))
        if one.code == "gone":
            return tr("%1 does not apply any more", cause)
        return tr("%1 takes off %2 less", cause, amount)

    def money(self, minor: int) -> str:
        """Minor units, of the basket's currency."""
        return self._figures.money(minor, self._currency)

    def _pieces(self, one: Reduction, line: PricedLine) -> str:
        cause = self.cause(one)
        return trn("%1, on %n piece(s)", one.pieces, cause) if 0 < one.pieces < line.qty else cause


def nearest(not_applied: Sequence[NotApplied]) -> NotApplied | None:
    """What the customer comes to soonest by buying more, of whose goods something is in the basket; None: nothing."""

    def far(one: NotApplied) -> tuple[int, int, str]:
        missing = int(one.why.values["need"]) - int(one.why.values["have"])
        return (one.why.code == "amount_missing", missing, one.source_id)

    found = [one for one in not_applied if one.why.code in IN_REACH and int(one.why.values["have"]) > 0]
    return min(found, key=far) if found else None
