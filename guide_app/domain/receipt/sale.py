"""The receipt of an order: a pure rule from the order, the shop and HQ's words to a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from guide_app.domain import payments
from guide_app.domain.clock import from_text
from guide_app.domain.errors import BadInput
from guide_app.domain.numbers import group
from guide_app.domain.receipt.document import Block, Code, Document, Line, Pair, Rule
from guide_app.domain.receipt.words import PaperLanguage, bare, money, named, word
from guide_app.domain.records import Discount, Fulfilment, Names, Order, OrderLine, Totals
from guide_app.domain.records.base import Part


class ShopFront(Part, frozen=True):
    """What stands above and below on all paper of a shop. `time_zone` is an IANA name; `note`: what HQ says about the
    data ("synthetic"), or empty."""

    name: Names
    time_zone: str
    language: PaperLanguage
    address: Names = Names()
    phone: str = ""
    header: Names = Names()
    footer: Names = Names()
    note: Names = Names()


class Sold(Part, frozen=True):
    """An order with the names that it does not hold itself. `member`: as it may stand on paper, masked; `copied_at`
    (RFC 3339 UTC): this is a copy made then, empty for the receipt itself. `staff`: the colleague who bought it."""

    order: Order
    products: Mapping[str, Names]
    guide: str = ""
    member: str = ""
    copied_at: str = ""
    staff: str = ""


def mask_name(name: str) -> str:
    """A customer's name as it may lie on a counter: its first character, 陈**."""
    name = name.strip()
    return name[:1] + "**" if name else ""


def local_time(instant: str, time_zone: str) -> str:
    """The shop's wall clock at an RFC 3339 instant: "2026-11-22 14:05"."""
    return f"{_local(instant, time_zone):%Y-%m-%d %H:%M}"


def spoken(number: str) -> str:
    """A number grouped for reading aloud; one that is not of the scheme as it came."""
    try:
        return group(number)
    except BadInput:
        return number


def receipt(sold: Sold, shop: ShopFront) -> Document:
    """The receipt of an order as it stands now."""
    order, language = sold.order, shop.language
    blocks = (
        *head(shop, word("receipt", language)),
        *_marks(sold, shop),
        *_facts(sold, shop),
        Rule(),
        *goods(order.lines, sold.products, order.currency, language),
        Rule(),
        *sums(order.lines, order.totals, order.currency, language),
        *_paid(order, language),
        Code(text=order.number),
        Line(text=spoken(order.number), align="centre"),
        *foot(shop),
    )
    return Document(title=f"{word('receipt', language)} {spoken(order.number)}", blocks=blocks, number=order.number)


def head(shop: ShopFront, title: str) -> Iterator[Block]:
    """The shop, HQ's words above, and what this paper is."""
    yield Line(text=named(shop.name, shop.language), align="centre", strong=True, big=True)
    for text in (named(shop.address, shop.language), shop.phone, named(shop.header, shop.language)):
        if text:
            yield Line(text=text, align="centre")
    yield Line(text=title, align="centre", strong=True)


def foot(shop: ShopFront) -> Iterator[Block]:
    """HQ's words below."""
    for text in (named(shop.footer, shop.language), named(shop.note, shop.language)):
        if text:
            yield Line(text=text, align="centre")


def _local(instant: str, time_zone: str) -> datetime:
    return from_text(instant).astimezone(ZoneInfo(time_zone))


def _marks(sold: Sold, shop: ShopFront) -> Iterator[Block]:
    if sold.copied_at:
        at = local_time(sold.copied_at, shop.time_zone)
        yield Line(text=word("copy", shop.language), align="centre", strong=True, big=True)
        yield Line(text=word("copied", shop.language, at=at), align="centre")
    if sold.order.state == "cancelled":
        yield Line(text=word("cancelled", shop.language), align="centre", strong=True, big=True)


def _facts(sold: Sold, shop: ShopFront) -> Iterator[Block]:
    order, language = sold.order, shop.language
    yield Pair(name=word("number", language), figure=spoken(order.number))
    yield Pair(name=word("time", language), figure=local_time(order.placed_at, shop.time_zone))
    for key, text in (("guide", sold.guide), ("member", sold.member), ("staff", sold.staff)):
        if text:
            yield Pair(name=word(key, language), figure=text)
    yield from reach(order.fulfilment, language)


def reach(goes: Fulfilment, language: PaperLanguage) -> Iterator[Block]:
    """How the goods reach the customer, where and when; to whom stands on no paper that is left lying about."""
    yield Pair(name=word("fulfilment", language), figure=word(f"fulfilment.{goes.kind}", language))
    if goes.store_id:
        yield Pair(name=word("fulfilment.from", language), figure=named(goes.at, language), inset=True)
    if goes.fast or goes.day:
        when = word("fulfilment.fast", language) if goes.fast else goes.day
        yield Pair(name=word("fulfilment.when", language), figure=when, inset=True)


def goods(
    lines: Iterable[OrderLine], products: Mapping[str, Names], currency: str, language: PaperLanguage
) -> Iterator[Block]:
    """Each line with what it costs and why it costs less."""
    for line in lines:
        yield Line(text=named(products.get(line.product_id, Names()), language) or word("unknown", language))
        each = bare(line.unit_price, currency)
        yield Pair(name=f"{line.qty} × {each}", figure=bare(line.qty * line.unit_price, currency), inset=True)
        yield from _reasons(line, currency, language)


def _reasons(line: OrderLine, currency: str, language: PaperLanguage) -> Iterator[Block]:
    """Every cent that the line costs less, with why."""
    for discount in line.discounts:
        yield Pair(name=reason(discount, language), figure=bare(-discount.amount, currency), inset=True)


def reason(discount: Discount, language: PaperLanguage) -> str:
    """Why a line costs less, as the customer reads it."""
    return named(discount.names, language) or discount.label or word(f"reason.{discount.kind}", language)


def sums(lines: Iterable[OrderLine], totals: Totals, currency: str, language: PaperLanguage) -> Iterator[Block]:
    """How many pieces, and what they come to."""
    pieces = sum(line.qty for line in lines)
    yield Line(text=word("piece" if pieces == 1 else "pieces", language, n=pieces))
    if totals.discounts:
        yield Pair(name=word("subtotal", language), figure=bare(totals.lines, currency))
        yield Pair(name=word("discounts", language), figure=bare(-totals.discounts, currency))
    yield Pair(name=word("total", language), figure=money(totals.total, currency), strong=True, big=True)


def _paid(order: Order, language: PaperLanguage) -> Iterator[Block]:
    """What came back, what was paid how, what was given back of it, and what is owed."""
    for back in order.returns:
        if not back.void:
            yield Pair(name=word("returns", language), figure=bare(-back.refund.money, order.currency))
    for leg in order.payments:
        how, amount = word(f"method.{leg.method}", language), bare(leg.amount, order.currency)
        if leg.kind == "refunded":
            yield Pair(name=word("given_back", language, how=how), figure=f"-{amount}")
            continue
        yield Pair(name=how, figure=amount)
        if leg.given > leg.amount:
            yield Pair(name=word("handed", language), figure=bare(leg.given, order.currency), inset=True)
            yield Pair(name=word("change", language), figure=bare(leg.given - leg.amount, order.currency), inset=True)
    for key, left in (("owed", payments.owed(order)), ("refund", payments.to_refund(order))):
        if left:
            yield Pair(name=word(key, language), figure=money(left, order.currency), strong=True)
