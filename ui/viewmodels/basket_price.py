"""What the open basket costs, as its page says it: each line, the order, what is near, and what changed by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from guide_app.domain import pricing
from guide_app.domain.pricing import Change, NotApplied, Priced, PricedLine, Step
from guide_app.domain.records import Names, Promotion
from guide_app.services.baskets import Basket
from guide_app.services.pricing import PriceDesk, Quote, differs
from ui.viewmodels.base import Figures, Latest, tr
from ui.viewmodels.offer_words import OfferWords
from ui.viewmodels.price_words import IN_REACH, PriceWords, Reason, nearest

NEWS, BESIDE = 5, 6
"""As many rows as a change of the price, and what did not apply to one line, are told in."""
_ORDER = (*IN_REACH, "better", "one_of_group", "nothing_left", "coupons_at_once")
_LAST = ("gift_card", "no_goods", "over", "inactive", "flawed")


class BasketPrice:
    """Keeps the newest quote, and says it. `news`: how the price changed though nobody touched the basket."""

    def __init__(self, prices: PriceDesk, figures: Figures, product: Callable[[str], str]) -> None:
        """`product` says what one is called."""
        self._prices, self._figures, self._product = prices, figures, product
        self.currency, self.people = "CNY", dict[str, str]()
        self._taken = Latest()
        self.forget()

    def forget(self) -> None:
        """Nothing is in the basket any more, or somebody else serves."""
        self._taken.ask()
        self.quote: Quote | None = None
        self._changed: tuple[Priced, Priced] | None = None
        self._names: Mapping[str, Names] = {}
        self._order_id = ""
        self._lines: dict[str, PricedLine] = {}
        self._covered: Mapping[str, frozenset[str]] = {}

    async def take(self, basket: Basket, quote: Quote) -> bool:
        """The basket costs this now; `basket.told` is what was shown before. False: it was forgotten meanwhile."""
        newest = self._taken.ask()
        before, after = await self._compared(basket, quote)
        names = await self._prices.names(_goods_near(quote))
        if not newest():
            return False
        self._names = names
        earlier = self.quote if self._order_id == basket.order_id else None
        self.quote, self._order_id = quote, basket.order_id
        self._lines = {line.line_id: line for line in quote.priced.lines}
        self._covered = pricing.covered(quote.asked)
        if earlier is None or not quote.asked.lines:
            self._changed = None
        if before is not None and after is not None and differs(before, after):
            self._changed = (before, after)
        return True

    def agree(self) -> None:
        """Somebody has seen the new price."""
        self._changed = None

    @property
    def news(self) -> list[str]:
        """How the price changed, and why, in the language of now; nothing where it did not, or somebody agreed."""
        return self._told(*self._changed) if self._changed else []

    def line(self, line_id: str) -> PricedLine | None:
        """The price of a line; None while it is not known."""
        return self._lines.get(line_id)

    def summary(self, line: PricedLine) -> str:
        """Why it costs less, in one short sentence."""
        return self.words.summary(line)

    def why(self, line: PricedLine) -> list[dict[str, Any]]:
        """All reasons of a line's price, and what speaks of it and did not apply."""
        beside = [one for one in self._others() if line.line_id in self._covered.get(one.promotion_id, ())]
        card = self.quote is not None and line.line_id in pricing.cards_in(self.quote.asked)
        return _rows(self.words.why(line, beside[:BESIDE], card=card))

    def order(self) -> list[dict[str, Any]]:
        """From the list prices to what is to pay."""
        if self.quote is None:
            return []
        priced, money = self.quote.priced, self.words.money
        rows = [Reason(label=tr("At list prices"), amount=money(priced.gross)), *self.words.taken(priced)]
        return _rows([*rows, Reason(label=tr("To pay"), amount=money(priced.total), tone="strong")])

    def not_applied(self) -> list[dict[str, Any]]:
        """Everything that took nothing off, what can be reached first."""
        return _rows([self.words.not_applied(one) for one in self._others()])

    def hint(self) -> str:
        """What the customer comes to soonest by buying more; empty where nothing is near."""
        near = nearest(self.quote.priced.not_applied) if self.quote else None
        return self.words.not_applied(near).label if near else ""

    def saved(self) -> str:
        """What the customer saves; empty where that is nothing."""
        off = self.quote.priced.discounts if self.quote else 0
        return tr("Saved %1", self.words.money(off)) if off > 0 else ""

    @property
    def points_used(self) -> int:
        """How many points pay of it."""
        return self.quote.priced.points if self.quote else 0

    @property
    def value_off(self) -> int:
        """What coupons and points take off it, minor units."""
        lines = self.quote.priced.lines if self.quote else ()
        return sum(one.amount for line in lines for one in line.reductions if one.step in (Step.COUPON, Step.POINTS))

    @property
    def words(self) -> PriceWords:
        """How prices are said now."""
        promotions: Mapping[str, Promotion] = self.quote.asked.promotions if self.quote else {}
        levels = self.quote.facts.settings.levels if self.quote else ()
        offers = OfferWords(self._figures, self.currency, promotions, self._names, levels)
        return PriceWords(self._figures, self.currency, offers, self.people)

    async def _compared(self, basket: Basket, quote: Quote) -> tuple[Priced | None, Priced | None]:
        """The same basket as it was shown and as it costs now, where its rules changed meanwhile."""
        if self.quote is not None and self._order_id == basket.order_id:
            return self.quote.priced, await self._prices.since(self.quote, quote)
        told = basket.told  # of the time before the app, or the basket, was opened again
        same = told is not None and _pieces(told) == _pieces(quote.priced)
        return (told, quote.priced) if same else (None, None)

    def _others(self) -> list[NotApplied]:
        return sorted(self.quote.priced.not_applied, key=_rank) if self.quote else []

    def _told(self, before: Priced, after: Priced) -> list[str]:
        money, words = self.words.money, self.words
        rows = [tr("The price has changed: %1 instead of %2", money(after.total), money(before.total))]
        was = {line.line_id: line.price for line in before.lines}
        rows += [
            tr(
                "%1: list price %2 instead of %3",
                self._product(line.product_id),
                money(line.price),
                money(was[line.line_id]),
            )
            for line in after.lines
            if was.get(line.line_id, line.price) != line.price
        ]
        rows += [words.change(one, before, after) for one in _by_cause(pricing.changes(before, after))]
        return rows[:NEWS]


def _goods_near(quote: Quote) -> set[str]:
    """Products and categories of promotions that lack only more goods."""
    found: set[str] = set()
    for one in quote.priced.not_applied:
        if one.why.code in IN_REACH and one.promotion_id:
            promotion = quote.asked.promotions[one.promotion_id]
            for goods in (promotion.goods, *(part.goods for part in promotion.parts)):
                found.update(goods.products, goods.categories)
    return found


def _by_cause(changes: Iterable[Change]) -> list[Change]:
    """One change a cause, with what it comes to over all lines."""
    sums: dict[tuple[str, str], Change] = {}
    for one in changes:
        known = sums.get((one.source_id, one.kind), msgspec.structs.replace(one, amount=0))
        sums[one.source_id, one.kind] = msgspec.structs.replace(known, amount=known.amount + one.amount)
    told = [msgspec.structs.replace(one, code="given") if one.amount > 0 else one for one in sums.values()]
    return [one for one in told if one.amount]


def _pieces(priced: Priced) -> dict[str, int]:
    return {line.line_id: line.qty for line in priced.lines}


def _rank(one: NotApplied) -> tuple[int, str]:
    code = one.why.code
    if code in _ORDER:
        return _ORDER.index(code), one.source_id
    return 100 + (_LAST.index(code) if code in _LAST else -1), one.source_id


def _rows(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [msgspec.structs.asdict(one) for one in reasons]
