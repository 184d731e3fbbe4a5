"""A quotation on paper: what goods would cost and until when, headed so that nobody takes it for a receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guide_app.domain.receipt.document import Block, Code, Document, Line, Pair, Rule
from guide_app.domain.receipt.sale import ShopFront, foot, goods, head, local_time, reach, spoken, sums
from guide_app.domain.receipt.words import PaperLanguage, word
from guide_app.domain.records import Names, Quotation
from guide_app.domain.records.base import Part


class Promised(Part, frozen=True):
    """A quotation with the names that it does not hold itself. `member`: as it may stand on paper, masked."""

    quotation: Quotation
    products: Mapping[str, Names]
    guide: str = ""
    member: str = ""


def quotation_paper(promised: Promised, shop: ShopFront) -> Document:
    """The paper of a quotation as it stands now."""
    quoted, language = promised.quotation, shop.language
    title = word("quotation", language)
    blocks = (
        *head(shop, title),
        *_marks(quoted, language),
        *_facts(promised, shop),
        Rule(),
        *goods(quoted.lines, promised.products, quoted.currency, language),
        Rule(),
        *sums(quoted.lines, quoted.totals, quoted.currency, language),
        Line(text=word("quotation_holds", language, day=quoted.valid_until), align="centre", strong=True),
        Line(text=word("quotation_is_no_receipt", language), align="centre"),
        Code(text=quoted.number),
        Line(text=spoken(quoted.number), align="centre"),
        *foot(shop),
    )
    return Document(title=f"{title} {spoken(quoted.number)}", blocks=blocks, number=quoted.number)


def _marks(quoted: Quotation, language: PaperLanguage) -> Iterator[Block]:
    if quoted.state != "open":
        yield Line(text=word(f"quotation_{quoted.state}", language), align="centre", strong=True, big=True)


def _facts(promised: Promised, shop: ShopFront) -> Iterator[Block]:
    quoted, language = promised.quotation, shop.language
    yield Pair(name=word("quotation_number", language), figure=spoken(quoted.number))
    yield Pair(name=word("time", language), figure=local_time(quoted.made_at, shop.time_zone))
    yield Pair(name=word("quotation_until", language), figure=quoted.valid_until, strong=True)
    for key, text in (("guide", promised.guide), ("member", promised.member)):
        if text:
            yield Pair(name=word(key, language), figure=text)
    yield from reach(quoted.fulfilment, language)
    if quoted.note:
        yield Line(text=quoted.note)
