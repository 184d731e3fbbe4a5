"""Selling: what goes into a basket, the order that comes of it, and taking an order back."""

from __future__ import annotations

import msgspec

from guide_app.domain import pricing
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.ids import Ids
from guide_app.domain.records import PaymentIntent, PriceListUsed
from guide_app.operations.orders import (
    Cancel,
    OrderCancel,
    Place,
    totals,
)
from guide_app.operations.quotations import QuoteTake, TakeQuote
from guide_app.services.baskets import Basket, BasketLine, Baskets
from guide_app.services.by_hand import without_manual
from guide_app.services.charging import ChargeDesk
from guide_app.services.fulfilling import FulfilDesk
from guide_app.services.ports.base import View
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.writing import Draft, Journal, Numbers
from guide_app.services.pricing import PriceDesk, Quote, differs, placed_lines
from guide_app.services.returning import placing, undoing
from guide_app.services.session import Session
from guide_app.services.value import ValueDesk

MAX_QTY = 9999
MAX_LINES = 200


class Placed(View, frozen=True):
    """A placed order: committed on this tablet."""

    order_id: str
    number: str
    total: int


class Till:
    """The use cases of selling."""

    def __init__(
        self,
        catalogue: CatalogueReader,
        prices: PriceDesk,
        journal: Journal,
        numbers: Numbers,
        baskets: Baskets,
        session: Session,
        ids: Ids,
        goods: FulfilDesk,
        value: ValueDesk,
        charging: ChargeDesk,
    ) -> None:
        self.goods, self.value, self.charging = goods, value, charging
        self._catalogue, self.prices, self._journal = catalogue, prices, journal
        self._numbers, self.baskets, self._session, self._ids = numbers, baskets, session, ids

    async def add(self, basket: Basket, product_id: str, qty: int = 1) -> Basket:
        """Puts pieces in, or takes out. Raises BadInput("no_price" | "product_unknown" | "basket_full")."""
        line = next((line for line in basket.lines if line.product_id == product_id), None)
        return await self.set_qty(basket, product_id, (line.qty if line else 0) + qty)

    async def set_qty(self, basket: Basket, product_id: str, qty: int) -> Basket:
        """Sets the pieces of a product; zero takes it out. Raises as `add`."""
        if qty <= 0:
            lines = tuple(line for line in basket.lines if line.product_id != product_id)
        elif basket.qty(product_id):
            lines = tuple(
                msgspec.structs.replace(line, qty=min(qty, MAX_QTY)) if line.product_id == product_id else line
                for line in basket.lines
            )
        else:
            lines = (*basket.lines, await self._line(product_id, min(qty, MAX_QTY)))
        if len(lines) > MAX_LINES:
            raise BadInput("basket_full")
        left = {line.line_id for line in basket.lines} - {line.line_id for line in lines}
        changed = without_manual(msgspec.structs.replace(basket, lines=lines), left)
        await self.baskets.keep(changed)
        return changed

    async def put_back(self, basket: Basket, before: Basket, product_id: str) -> Basket:
        """Undoes that a product was taken out: its line is as `before`, with whose sale it is and what was taken off by
        hand, and the pieces put in since. Another order's basket stays as it is. Raises BadInput("basket_full")."""
        line = next((line for line in before.lines if line.product_id == product_id), None)
        known = {one.line_id for one in basket.lines}
        if basket.order_id != before.order_id or line is None or line.line_id in known:
            return basket
        since = {one.line_id for one in basket.lines if one.product_id == product_id}
        rest = without_manual(basket, since)
        again = msgspec.structs.replace(line, qty=min(line.qty + basket.qty(product_id), MAX_QTY))
        lines = (*(one for one in basket.lines if one.line_id not in since), again)
        if len(lines) > MAX_LINES:
            raise BadInput("basket_full")
        by_hand = (one for one in before.manual if one.line_id == line.line_id)
        changed = msgspec.structs.replace(rest, lines=lines, manual=(*rest.manual, *by_hand))
        await self.baskets.keep(changed)
        return changed

    async def told(self, basket: Basket) -> tuple[Basket, Quote]:
        """The basket with the price that is shown from now on, kept so, and what it was priced from."""
        quote = await self.prices.quote(basket)
        shown = msgspec.structs.replace(basket, told=quote.priced if basket.lines else None)
        if shown != basket:
            await self.baskets.keep(shown)
        return shown, quote

    async def place(self, basket: Basket) -> Placed:
        """Places the order for the basket's guide; returns after the commit, and the basket is gone with it.

        Raises BadInput("basket_empty" | "no_price_list"), Refused("price_changed": it costs something else than was
        told | "approval_missing": more is taken off by hand than the guide may alone | "quotation_ordered",
        "quotation_gone": what it began as is another order's by now), NotSaved; as `FulfilDesk.check` and `promise`
        where the goods cannot reach the customer so, as `ValueDesk.spends` where coupons or points that were chosen
        cannot be spent here, as `StaffDesk.spends`, and as `ChargeDesk.settling`.
        """
        if not basket.lines:
            raise BadInput("basket_empty")
        await self.goods.check(basket.reach)
        settling = await self.charging.settling(basket)
        quote = await self.prices.quote(basket)
        if quote.facts.prices is None:
            raise BadInput("no_price_list")
        if basket.told is not None and differs(basket.told, quote.priced):
            raise Refused("price_changed")
        body = _body(basket, quote, await self._numbers.next())
        cards = pricing.cards_in(quote.asked)
        if pricing.beyond(body.lines, basket.manual, quote.facts.settings, cards=cards):
            raise Refused("approval_missing")
        promised = await self.goods.promise(basket.reach, body.lines)
        spends = (*body.spends, *promised, *await self.value.spends(quote))
        spends = (*spends, *await self.value.staff.spends(quote, basket))
        body = msgspec.structs.replace(body, spends=spends)
        drafts = [*settling, placing(body, basket.back, basket.back_paid)]
        if basket.quotation_id:
            drafts.append(taking(basket.quotation_id, body.order_id, basket.member_id))
        await self._journal.commit(basket.guide_id, *drafts, forget=basket.key)
        return Placed(order_id=basket.order_id, number=body.number, total=body.totals.total)

    async def cancel(self, order_id: str, reason: str) -> None:
        """Takes an order back; goods that it charged for anew stand to be settled again. Raises
        Refused("already_shipped" | "already_cancelled"), NotSaved."""
        body = Cancel(order_id=order_id, reason=reason)
        open_again = await self.charging.reopening(order_id)
        await self._journal.commit(self._session.guide_id, Draft(kind=OrderCancel.kind, body=body), *open_again)

    async def undo_return(self, order_id: str, return_id: str, *, elsewhere: bool = False) -> None:
        """Takes a return back. Raises Refused, NotSaved."""
        await self._journal.commit(self._session.guide_id, undoing(order_id, return_id, elsewhere=elsewhere))

    async def _line(self, product_id: str, qty: int) -> BasketLine:
        found = await self._catalogue.get([product_id])
        if not found:
            raise BadInput("product_unknown")
        if found[0].price is None:
            raise BadInput("no_price")
        return BasketLine(line_id=self._ids.uuid7(), product_id=product_id, qty=qty, unit_price=found[0].price)


def taking(quotation_id: str, order_id: str, member_id: str) -> Draft:
    """That an order came of a quotation: committed with the order."""
    body = TakeQuote(quotation_id=quotation_id, order_id=order_id, member_id=member_id or None)
    return Draft(kind=QuoteTake.kind, body=body)


def _body(basket: Basket, quote: Quote, number: str) -> Place:
    lines = tuple(
        msgspec.structs.replace(line, guide_shares=basket.shares_of(line.line_id))
        for line in placed_lines(quote.priced)
    )
    sums = totals(lines)
    prices = quote.facts.prices
    assert prices is not None
    return Place(
        order_id=basket.order_id,
        number=number,
        lines=lines,
        totals=sums,
        price_list=PriceListUsed(id=prices.id, version=prices.price_list.version),
        fulfilment=basket.reach,
        payment_intent=PaymentIntent(method=basket.payment, amount=sums.total),
        promotions_version=quote.facts.settings.promotions_version,
        member_id=basket.member_id or None,
        staff_id=basket.staff_id or None,
        note=basket.note,
        priced_by=quote.priced_by,
        uncounted=quote.uncounted,
    )
