"""A promotion in words: what it is called, of which goods it is, what it gives, and why it did not apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from guide_app.domain.money import WHOLE
from guide_app.domain.pricing import NotApplied, Why
from guide_app.domain.records import Level, Names, Promotion, Selection
from ui.viewmodels.base import Figures, tr, trn
from ui.viewmodels.words import named


class OfferWords:
    """Words about the promotions of one basket. `names`: of products and categories; `lines`: of the basket's lines."""

    def __init__(
        self,
        figures: Figures,
        currency: str,
        promotions: Mapping[str, Promotion],
        names: Mapping[str, Names],
        levels: Sequence[Level] = (),
    ) -> None:
        self._figures, self._currency, self._promotions, self._names = figures, currency, promotions, names
        self._levels = {level.code: level.names for level in levels}

    def title(self, promotion_id: str, told: Names | None = None) -> str:
        """What it is called; `told`: as the order kept it."""
        known = self._promotions.get(promotion_id)
        names = told or (known.names if known else Names())
        return self.said(names) or (kind_words(known.kind) if known else tr("Promotion"))

    def version(self, family: str) -> Promotion | None:
        """The version that is known of a promotion, by the id of either."""
        return next((one for row_id, one in self._promotions.items() if family in (row_id, one.of)), None)

    def said(self, names: Names) -> str:
        """A name in the chosen language."""
        return named(names.en, names.zh, self._figures.language)

    def goods(self, selection: Selection) -> str:
        """Its goods, where they can be named; else empty."""
        ids = (*selection.products, *selection.categories)
        told = [self.said(self._names[one]) for one in ids if one in self._names]
        told += selection.brands
        return tr(", ").join(told) if len(told) == len(ids) + len(selection.brands) <= 3 else ""

    def gives(self, one: Promotion) -> str:
        """What the customer gets by it, in short; empty where that does not fit into a few words."""
        if one.kind == "buy_get":
            of = one.buy + one.get
            if one.percent == WHOLE:
                return tr("pay %1 of %2", one.buy, of)
            return tr("%1 of %2 at %3 % off", one.get, of, rate_words(one.percent))
        if one.kind == "bundle":
            return tr("together for %1", self._money(one.amount))
        step = one.steps[0] if one.kind == "tier" and one.steps else one
        if step.percent and one.kind != "amount":
            return tr("%1 % off", rate_words(step.percent))
        if one.kind == "amount" and one.each:
            return tr("%1 off each piece", self._money(one.amount))
        return tr("%1 off", self._money(step.amount)) if step.amount else ""

    def why_not(self, one: NotApplied) -> str:
        """Why it took nothing off."""
        return self.reason(one.why, self._promotions.get(one.promotion_id))

    def reason(self, why: Why, promotion: Promotion | None = None) -> str:
        """A reason in words; one that this version does not know by its code, rather than hidden."""
        if promotion is not None and why.code in _MISSING:
            return self._missing(why, promotion)
        say = self._reasons().get(why.code)
        return say(why.values) if say else why.code

    def _missing(self, why: Why, one: Promotion) -> str:
        """What is still to be bought, and what it brings."""
        if why.code == "set_incomplete":
            part = one.parts[int(why.values["part"]) - 1]
            what, gives = self.goods(part.goods), self.gives(one)
            more = int(why.values["need"]) - int(why.values["have"])
            return trn("Buy %n more of %1: %2", more, what, gives) if what else trn("Buy %n more: %1", more, gives)
        what, gives = self.goods(one.goods), self.gives(one)
        if why.code == "pieces_missing":
            more = int(why.values["need"]) - int(why.values["have"])
            return trn("Buy %n more of %1: %2", more, what, gives) if what else trn("Buy %n more: %1", more, gives)
        short = self._money(int(why.values["need"]) - int(why.values["have"]))
        return tr("Buy for %1 more of %2: %3", short, what, gives) if what else tr("Buy for %1 more: %2", short, gives)

    def _reasons(self) -> dict[str, Callable[[Mapping[str, int | str]], str]]:
        day = self._figures.day
        return {
            "flawed": lambda _: tr("Not complete at HQ yet, so it takes nothing off"),
            "inactive": lambda _: tr("Switched off by HQ"),
            "not_yet": lambda v: tr("Begins on %1", day(str(v["from"]))),
            "over": lambda v: tr("Over since %1", day(str(v["until"]))),
            "other_weekday": lambda v: tr("Only on %1", weekday_words(str(v["weekdays"]))),
            "other_hour": lambda v: hour_words(str(v["from"]), str(v["until"])),
            "staff_only": lambda _: tr("For staff only"),
            "members_only": lambda _: tr("For members: choose the member, or sign the customer up"),
            "other_level": lambda v: tr("For the level %1", self._level_words(str(v["levels"]))),
            "no_tag": lambda v: tr("For members with the tag %1", v["tags"]),
            "not_new": lambda v: trn("For members who joined in the last %n day(s)", int(v["days"])),
            "other_birth_month": lambda _: tr("In the month of the member's birthday"),
            "no_goods": lambda _: tr("None of its goods are in the basket"),
            "gift_card": lambda _: tr("Gift cards are money: nothing is taken off them"),
            "one_of_group": lambda v: tr("Only one of them counts: “%1” does", self.title(str(v["applied"]))),
            "better": lambda v: tr("“%1” saves the customer more", self.title(str(v["applied"]))),
            "nothing_left": lambda _: tr("Nothing is left that it could be taken off"),
            "coupon_unknown": lambda _: tr("This coupon is not in force"),
            "coupon_used": lambda _: tr("Used up"),
            "coupon_ended": lambda v: tr("It counted until %1", day(str(v["until"]))),
            "coupon_elsewhere": lambda _: tr("Another tablet holds it, or it was used: HQ does not give it out"),
            "coupon_offline": lambda _: tr("HQ must give it out first, and cannot be reached"),
            "not_beside_chosen": lambda _: tr("Not together with a coupon that is chosen"),
            "no_rate": lambda _: tr("Points pay for nothing in this shop now"),
            "coupons_at_once": lambda v: trn("Only %n of these coupons in one order", int(v["most"])),
            "line_unknown": lambda _: tr("What it was for is not in the basket any more"),
            "not_met": lambda _: tr("Not for this customer"),
        }

    def _level_words(self, levels: str) -> str:
        return tr(", ").join(self.said(self._levels.get(one, Names())) or one for one in levels.split(", "))

    def _money(self, minor: int) -> str:
        return self._figures.money(minor, self._currency)


_MISSING = frozenset({"set_incomplete", "pieces_missing", "amount_missing"})


def rate_words(basis_points: int) -> str:
    """1250 → 12.5."""
    return f"{basis_points / 100:g}"


def kind_words(kind: str) -> str:
    """A kind of discount."""
    words = {
        "percentage": tr("Percentage off"),
        "amount": tr("Amount off"),
        "member_price": tr("Member price"),
        "buy_get": tr("Buy and get"),
        "bundle": tr("Set price"),
        "tier": tr("Tiered discount"),
        "coupon": tr("Coupon"),
        "points": tr("Points"),
        "staff": tr("Staff price"),
        "manual": tr("Taken off by hand"),
        "rounding": tr("Rounding"),
    }
    return words.get(kind, kind)


def weekday_words(days: str) -> str:
    """Digits 1 (Monday) to 7 as weekdays."""
    words = (
        tr("Monday"), tr("Tuesday"), tr("Wednesday"), tr("Thursday"), tr("Friday"), tr("Saturday"), tr("Sunday"),
    )  # fmt: skip
    return tr(", ").join(words[int(day) - 1] for day in days)


def hour_words(begins: str, ends: str) -> str:
    """Hours of the shop's clock; one of them may be open."""
    if begins and ends:
        return tr("Only from %1 to %2", begins, ends)
    return tr("Only from %1 on", begins) if begins else tr("Only until %1", ends)
