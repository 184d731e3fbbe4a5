"""Quotations: prices promised for a while, and the order that comes of one in one tap."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from guide_app.domain import pricing, quotations
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.ids import Ids
from guide_app.domain.pricing import Priced, PricedLine, Reduction, Step
from guide_app.domain.receipt import Document
from guide_app.domain.receipt.quotation import Promised, quotation_paper
from guide_app.domain.records import OrderLine, PaymentIntent, PriceListUsed, Quotation
from guide_app.operations.orders import OrderPlace, Place, PlacedLine, WantedFulfilment, totals
from guide_app.operations.quotations import Quote, QuoteMake, QuoteVoid, VoidQuote
from guide_app.services.baskets import Basket, BasketLine
from guide_app.services.fulfilling import FulfilDesk
from guide_app.services.ports.base import View
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.orders import QuotationReader, QuotationRow
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Draft, Journal, Numbers
from guide_app.services.pricing import PriceDesk, differs, placed_lines
from guide_app.services.receipts import ReceiptDesk
from guide_app.services.selling import Placed, taking
from guide_app.services.session import Session
from guide_app.services.today import Today

VOID_REASONS = ("not_wanted", "replaced", "mistake")
SOON_DAYS = 3
"""So many days before its last one, and on that, a member's quotation is on the morning's page."""
LONGEST_DAYS = 365


class Quoted(View, frozen=True):
    """A quotation that was made: committed on this tablet. `total` in minor units."""

    quotation_id: str
    number: str
    total: int


class QuotationDesk:
    """The use cases of quotations."""

    def __init__(
        self,
        reader: QuotationReader,
        catalogue: CatalogueReader,
        shop: ShopReader,
        prices: PriceDesk,
        journal: Journal,
        numbers: Numbers,
        session: Session,
        today: Today,
        receipts: ReceiptDesk,
        ids: Ids,
        goods: FulfilDesk,
    ) -> None:
        self._goods = goods
        self.read, self._catalogue, self._shop, self._prices = reader, catalogue, shop, prices
        self._journal, self._numbers, self._session = journal, numbers, session
        self._today, self._receipts, self._ids = today, receipts, ids

    async def today(self) -> str:
        """The shop's day."""
        return (await self._today.calendar()).today().isoformat()

    async def usual_days(self) -> int:
        """For how many days prices hold where nothing else is said: HQ's word."""
        return (await self._shop.settings()).quotation_days

    async def last_day(self, days: int) -> str:
        """The shop's day so many days from now."""
        return ((await self._today.calendar()).today() + timedelta(days=days)).isoformat()

    async def worth(self, basket: Basket) -> Priced:
        """What would be promised for a basket: without coupons and points, which nobody can hold back for so long."""
        return (await self._prices.quote(_plain(basket))).priced

    async def make(self, basket: Basket, valid_until: str, told: Priced) -> Quoted:
        """Promises what the basket costs until that day; the basket is gone with it. `told`: as it was shown.

        Raises BadInput("basket_empty" | "no_price_list"), Refused("price_changed" | "approval_missing"), NotSaved.
        """
        if not basket.lines:
            raise BadInput("basket_empty")
        quote = await self._prices.quote(_plain(basket))
        prices = quote.facts.prices
        if prices is None:
            raise BadInput("no_price_list")
        if differs(told, quote.priced):
            raise Refused("price_changed")
        lines = tuple(_shared(line, basket) for line in placed_lines(quote.priced))
        cards = pricing.cards_in(quote.asked)
        if pricing.beyond(lines, basket.manual, quote.facts.settings, cards=cards):
            raise Refused("approval_missing")
        body = Quote(
            quotation_id=self._ids.uuid7(),
            number=await self._numbers.next(),
            lines=lines,
            totals=totals(lines),
            price_list=PriceListUsed(id=prices.id, version=prices.price_list.version),
            valid_until=valid_until,
            promotions_version=quote.facts.settings.promotions_version,
            member_id=basket.member_id or None,
            note=basket.note,
            priced_by=quote.priced_by,
            fulfilment=basket.reach,
        )
        await self._journal.commit(basket.guide_id, Draft(kind=QuoteMake.kind, body=body), forget=basket.key)
        return Quoted(quotation_id=body.quotation_id, number=body.number, total=body.totals.total)

    async def order(self, row: QuotationRow, wanted: WantedFulfilment | None = None) -> Placed:
        """Makes it an order at the promised prices, in one transaction with that it came of the quotation. `wanted`:
        how the customer wants the goods, where that is not as it says.

        Raises Refused("quotation_ended": its last day is past | "quotation_ordered" | "quotation_gone"), NotSaved; as
        `FulfilDesk.check` and `promise` where the goods cannot reach the customer so any more.
        """
        quoted = row.quotation
        if not quotations.holds(quoted, await self.today()) or quoted.price_list is None:
            raise Refused("quotation_ended")
        if quoted.state != "open":
            raise Refused("quotation_ordered" if quoted.order_id else "quotation_gone")
        reach = wanted or WantedFulfilment.as_stored(quoted.fulfilment)
        await self._goods.check(reach)
        spends = await self._goods.promise(reach, quoted.lines)
        sale = Place(
            order_id=self._ids.uuid7(),
            number=await self._numbers.next(),
            lines=tuple(_placed(line) for line in quoted.lines),
            totals=quoted.totals,
            price_list=quoted.price_list,
            fulfilment=reach,
            spends=spends,
            payment_intent=PaymentIntent(method="till", amount=quoted.totals.total),
            promotions_version=quoted.promotions_version,
            member_id=quoted.member_id or None,
            note=quoted.note,
            priced_by=quoted.priced_by,
        )
        drafts = (Draft(kind=OrderPlace.kind, body=sale), taking(row.id, sale.order_id, quoted.member_id))
        await self._journal.commit(self._session.guide_id, *drafts)
        return Placed(order_id=sale.order_id, number=sale.number, total=sale.totals.total)

    async def anew(self, row: QuotationRow) -> Basket:
        """Its goods as a basket, to be priced by today; what was promised stands as what was told: the page says what
        changed. A product that is sold no more comes along at its promised list price."""
        quoted, guide_id = row.quotation, self._session.guide_id
        lines = tuple(
            BasketLine(
                line_id=line.line_id, product_id=line.product_id, qty=line.qty, unit_price=line.unit_price,
                shares=line.guide_shares,
            )
            for line in quoted.lines
        )  # fmt: skip
        return Basket(
            order_id=self._ids.uuid7(),
            guide_id=guide_id,
            lines=lines,
            member_id=quoted.member_id,
            note=quoted.note,
            manual=quoted.priced_by.manual if quoted.priced_by else (),
            told=_told(quoted),
            reach=WantedFulfilment.as_stored(quoted.fulfilment),
            quotation_id=row.id,
        )

    async def void(self, row: QuotationRow, reason: str) -> None:
        """Takes it back. Raises Refused("quotation_ordered"), NotSaved."""
        body = VoidQuote(quotation_id=row.id, reason=reason, member_id=row.quotation.member_id or None)
        await self._journal.commit(self._session.guide_id, Draft(kind=QuoteVoid.kind, body=body))

    async def paper(self, quotation_id: str) -> Document:
        """It as it comes out of a printer. Raises BadInput("quotation_unknown")."""
        row = await self.read.get(quotation_id)
        if row is None:
            raise BadInput("quotation_unknown")
        products = await self._catalogue.get(list({line.product_id for line in row.quotation.lines}))
        people = {one.id: one.staff.name for one in await self._shop.staff()}
        promised = Promised(
            quotation=row.quotation,
            products={one.id: one.product.called for one in products},
            guide=people.get(row.quotation.guide_id, ""),
            member=await self._receipts.masked(row.quotation.member_id),
        )
        return quotation_paper(promised, await self._receipts.front())


def _plain(basket: Basket) -> Basket:
    return replace(basket, coupons=(), points=0, staff_id="")


def _shared(line: PlacedLine, basket: Basket) -> PlacedLine:
    """The line with whose sale it would be, where somebody said so."""
    own = next((one.shares for one in basket.lines if one.line_id == line.line_id), ())
    return replace(line, guide_shares=own or basket.shares)


def _placed(line: OrderLine) -> PlacedLine:
    return PlacedLine(
        line_id=line.line_id, product_id=line.product_id, qty=line.qty, unit_price=line.unit_price, amount=line.amount,
        discounts=line.discounts, guide_shares=line.guide_shares,
    )  # fmt: skip


def _told(quoted: Quotation) -> Priced:
    """What was promised, as the page tells prices."""
    lines = tuple(
        PricedLine(
            line_id=line.line_id, product_id=line.product_id, qty=line.qty, price=line.unit_price, amount=line.amount,
            reductions=tuple(
                Reduction(
                    step=Step(one.step), kind=one.kind, amount=one.amount, source_id=one.source_id,
                    promotion_id=one.promotion_id, version=one.version, pieces=one.pieces, names=one.names,
                    label=one.label, approved_by=one.approved_by,
                )
                for one in line.discounts
            ),
        )
        for line in quoted.lines
    )  # fmt: skip
    return Priced(lines=lines, gross=quoted.totals.lines, total=quoted.totals.total)
