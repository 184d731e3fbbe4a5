"""The close of a day on paper: the figures of the record, and whatever is different since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guide_app.domain.dayclose import Since, expected_cash
from guide_app.domain.receipt.document import Block, Document, Line, Pair, Rule
from guide_app.domain.receipt.sale import ShopFront, foot, head, local_time, spoken
from guide_app.domain.receipt.words import PaperLanguage, bare, money, word
from guide_app.domain.records import DayClose
from guide_app.domain.records.base import Part
from guide_app.domain.records.dayclose import Count, MethodCount


class Told(Part, frozen=True):
    """A day with what the record does not hold itself. `people`: guide's id → name; `by`: who closed it, empty before
    anybody did; `whose`: of which guide alone these figures are, empty for the whole shop."""

    close: DayClose
    people: Mapping[str, str]
    by: str = ""
    whose: str = ""


def closing(told: Told, shop: ShopFront, changed: Since | None = None) -> Document:
    """The close as paper; `changed`: what happened to the day since."""
    close, language = told.close, shop.language
    guides = {told.people.get(key, key): one for key, one in close.figures.guides.items()}
    hours = {f"{key}:00": one for key, one in close.figures.hours.items()}
    title = word("close", language)
    blocks = (
        *head(shop, f"{title} {close.day}"),
        *_who(told, shop),
        Rule(),
        *_sales(close, language),
        *_money(close, language),
        *_groups("by_guide", guides, close, language),
        *_groups("by_hour", hours, close, language),
        *_after(close, changed, language),
        *foot(shop),
    )
    return Document(title=f"{title} {close.day}", blocks=blocks)


def _who(told: Told, shop: ShopFront) -> Iterator[Block]:
    language, at = shop.language, local_time(told.close.closed_at, shop.time_zone)
    if told.whose:
        yield Pair(name=word("guide", language), figure=told.whose)
    if told.by:
        yield Pair(name=word("closed_by", language), figure=told.by)
    yield Pair(name=word("closed_at" if told.by else "as_of", language), figure=at)


def _sales(close: DayClose, language: PaperLanguage) -> Iterator[Block]:
    told, currency = close.figures, close.currency
    yield _counted("sales", told.sales, currency, language, strong=True)
    yield Pair(name=word("sold_pieces", language), figure=f"{told.pieces}")
    yield Pair(name=word("subtotal", language), figure=bare(told.before_discounts, currency))
    for kind, one in told.discounts.items():
        name = f"{word(f'reason.{kind}', language)} × {one.count}"
        yield Pair(name=name, figure=bare(-one.amount, currency), inset=True)
    for key, some in (("cancelled_orders", told.cancelled), ("returns", told.returns), ("unpaid", told.owed)):
        yield _counted(key, some, currency, language)
    if close.waiting.count:
        yield _counted("waiting", close.waiting, currency, language, strong=True)


def _money(close: DayClose, language: PaperLanguage) -> Iterator[Block]:
    currency = close.currency
    yield Rule()
    yield Line(text=word("money", language), strong=True)
    for method, one in close.figures.methods.items():
        yield from _method(word(f"method.{method}", language), one, currency, language)
    net = sum(one.received.amount - one.given_back.amount for one in close.figures.methods.values())
    yield Pair(name=word("net", language), figure=money(net, currency), strong=True)
    if close.counted is not None:
        yield Pair(name=word("cash_due", language), figure=bare(expected_cash(close.figures), currency))
        yield Pair(name=word("cash_counted", language), figure=bare(close.counted.amount, currency))
        yield Pair(name=word("cash_difference", language), figure=bare(close.counted.difference, currency), strong=True)
        if close.counted.reason:
            yield Line(text=word(f"difference.{close.counted.reason}", language))


def _method(name: str, one: MethodCount, currency: str, language: PaperLanguage) -> Iterator[Block]:
    yield Pair(name=f"{name} × {one.received.count}", figure=bare(one.received.amount, currency))
    if one.given_back.count:
        back = word("given_back", language, how=f"{one.given_back.count}")
        yield Pair(name=back, figure=bare(-one.given_back.amount, currency), inset=True)


def _groups(key: str, groups: Mapping[str, Count], close: DayClose, language: PaperLanguage) -> Iterator[Block]:
    if groups:
        yield Rule()
        yield Line(text=word(key, language), strong=True)
    for name, one in groups.items():
        yield Pair(name=f"{name} × {one.count}", figure=bare(one.amount, close.currency))


def _after(close: DayClose, changed: Since | None, language: PaperLanguage) -> Iterator[Block]:
    """What is different since the close: it is told beside it, and never put into it."""
    if not changed:
        return
    yield Rule()
    yield Line(text=word("since_close", language), strong=True)
    for sale in changed.late:
        amount = bare(sale.order.totals.total, close.currency)
        yield Pair(name=f"{word('late', language)} {spoken(sale.order.number)}", figure=amount)
    if changed.gone:
        yield Pair(name=word("gone", language), figure=f"{len(changed.gone)}")


def _counted(key: str, one: Count, currency: str, language: PaperLanguage, *, strong: bool = False) -> Pair:
    return Pair(name=f"{word(key, language)} × {one.count}", figure=bare(one.amount, currency), strong=strong)
