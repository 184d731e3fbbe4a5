"""Taking and giving back the money of orders: at the till with no network, on the customer's phone through HQ."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, cast, get_args

from guide_app.domain import gift_cards, payments
from guide_app.domain.errors import Refused
from guide_app.domain.ids import Ids
from guide_app.domain.records import Card, FromCard, Instrument
from guide_app.operations.card_sales import HandOver, OrderCard
from guide_app.operations.payments import MOST_LEGS, Method, OrderPay, OrderPayBack, Pay, PayBack, Taken, TillMethod
from guide_app.services.leases import LeaseDesk
from guide_app.services.ports.chain import CardOffice, PaymentOffice, PaymentShown
from guide_app.services.ports.orders import OrderReader
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session

SLIP, TOO_MUCH = "slip", "paid_too_much"
"""Reasons of giving back: the guide undoes it; the customer paid more than is due."""


class GivenBack(NamedTuple):
    """What of an order went back, minor units: `done` is with the customer, `asked` is on its way by the provider."""

    done: int = 0
    asked: int = 0


class PaymentDesk:
    """The use cases of payments."""

    def __init__(
        self,
        orders: OrderReader,
        office: PaymentOffice,
        journal: Journal,
        session: Session,
        ids: Ids,
        leases: LeaseDesk,
        cards: CardOffice,
        pauses_s: Sequence[float] = (0.5, 1.0, 2.0),
    ) -> None:
        """`pauses_s`: how long an order that was placed just now is given to reach HQ, again and again."""
        self._pauses_s = pauses_s
        self._orders, self._office, self._journal = orders, office, journal
        self._leases, self._cards = leases, cards
        self._session, self._ids = session, ids
        self._asked: tuple[str, int, str] = ("", 0, "")
        """Order, amount and request that HQ has not answered: asked again, it is the same request."""
        self._refunds: dict[tuple[str, str], tuple[int, int, str]] = {}
        """Of each (order, leg) what HQ has not answered: amount, what was left of the leg, request. Tried again it is
        the same money, but not once the one or the other has changed."""

    async def take(self, order_id: str, method: TillMethod, amount: int, given: int = 0) -> str:
        """Money is received at the till: committed on return. `given`: the cash handed over; the leg's id.

        Raises Refused("overpaid"), NotSaved.
        """
        leg = Taken(leg_id=self._ids.uuid7(), method=method, amount=amount, given=given if given > amount else 0)
        await self._commit(OrderPay.kind, Pay(order_id=order_id, legs=(leg,)))
        return leg.leg_id

    async def find(self, number: str, pin: str) -> Card:
        """The gift card that the customer has in hand. Raises BadInput("card_number_invalid" | "number_check": a digit
        is wrong), and what `CardOffice` raises."""
        return await self._cards.gift_card(gift_cards.parse(number), pin.strip())

    async def hand_over(self, order_id: str, line_id: str, number: str) -> None:
        """A gift card that was sold goes over the counter: committed on return. It has its value once the order is paid
        and HQ has heard of it. Raises BadInput as `find`, Refused("card_taken" | "already_cancelled"), NotSaved."""
        body = HandOver(order_id=order_id, line_id=line_id, number=gift_cards.parse(number))
        await self._journal.commit(self._session.guide_id, Draft(kind=OrderCard.kind, body=body))

    async def here(self, card: Card) -> int:
        """What this tablet can spend of a card with no network, minor units."""
        return await self._leases.left(Instrument(kind=card.kind, id=card.id))

    async def take_from(self, order_id: str, card: Card, amount: int) -> tuple[Taken, ...]:
        """The card pays this much, of what this tablet has leased of it; HQ is asked for what that lacks. Committed on
        return; the legs, one for each lease.

        Raises Refused("lease_too_little": HQ has not so much | "overpaid" | "overspent"), NoNetwork, NotSaved.
        """
        spends = await self._leases.need(Instrument(kind=card.kind, id=card.id), amount)
        legs = tuple(
            Taken(
                leg_id=self._ids.uuid7(), method="gift_card", amount=one.amount,
                card=FromCard(id=card.id, lease_id=one.lease_id, digits=card.digits),
            )
            for one in spends
        )  # fmt: skip
        pays = (Pay(order_id=order_id, legs=legs[n : n + MOST_LEGS]) for n in range(0, len(legs), MOST_LEGS))
        drafts = (Draft(kind=OrderPay.kind, body=body) for body in pays)
        await self._journal.commit(self._session.guide_id, *drafts)
        return legs

    async def undo(self, order_id: str, method: Method, amount: int, leg_id: str) -> None:
        """A slip of the finger: the leg is given back. Raises Refused("paid_back_twice"), NotSaved."""
        await self._back(order_id, method, amount, SLIP, leg_id)

    async def ask(self, order_id: str, amount: int) -> PaymentShown:
        """A payment on the customer's phone. Of an order for which one waits already, that one.

        Raises NoNetwork (what is asked again is the same request), and Refused by HQ's word.
        """
        if self._asked[:2] != (order_id, amount):
            self._asked = (order_id, amount, self._ids.uuid7())
        for pause in (*self._pauses_s, 0.0):
            shown = await self._office.payment(
                "ask", request_id=self._asked[2], order_id=order_id, guide_id=self._session.guide_id, amount=amount
            )
            if shown.code != "order_unknown" or not pause:
                break
            await asyncio.sleep(pause)
        if shown.code in ("", "already_asked"):
            self._asked = ("", 0, "")
            return shown
        if shown.code not in ("provider_down", "order_unknown"):
            self._asked = ("", 0, "")
        raise Refused(shown.code)

    async def give_up(self, order_id: str, payment_id: str) -> PaymentShown:
        """The payment is not wanted any more; it may have been paid in the last moment. Raises as `ask`."""
        shown = await self._office.payment(
            "close", request_id=self._ids.uuid7(), order_id=order_id, guide_id=self._session.guide_id,
            payment_id=payment_id,
        )  # fmt: skip
        if shown.code:
            raise Refused(shown.code)
        return shown

    async def refund(self, order_id: str, *, in_cash: bool = False) -> GivenBack:
        """Gives back what is to be refunded, each part to where it came from. What goes back at the till is
        committed first; what goes back by a provider needs HQ. `in_cash`: where the provider could not, it goes back
        in cash. Raises NoNetwork, Refused, NotSaved."""
        row = await self._orders.get(order_id)
        if row is None:
            return GivenBack()
        failed = {one.of for one in row.order.refunding if one.state == "failed"} if in_cash else set()
        done = asked = 0
        for leg_id, method, amount in payments.ways_back(row.order):
            if leg_id in failed:
                await self._back(order_id, "cash", amount, TOO_MUCH, leg_id)
                done += amount
            elif method == payments.QR:
                shown = await self._by_provider(order_id, leg_id, amount, payments.left_of(row.order, leg_id))
                done += shown.amount if shown.state == "done" else 0
                asked += shown.amount if shown.state == "asked" else 0
            elif row.sold_at is None:  # at the till only what the return itself says goes back for another shop's order
                await self._back(order_id, method, amount, TOO_MUCH, leg_id)
                done += amount
        return GivenBack(done, asked)

    async def phone_part(self, order_id: str) -> int:
        """What of it goes back by a provider, minor units."""
        row = await self._orders.get(order_id)
        return sum(amount for _, method, amount in payments.ways_back(row.order) if method == payments.QR) if row else 0

    async def _by_provider(self, order_id: str, leg_id: str, amount: int, left: int) -> PaymentShown:
        """HQ's answer, which may be of an earlier try. HQ gives back no more than it knows to be due: goods that came
        back just now are given time to reach it."""
        key = (order_id, leg_id)
        *same, request_id = self._refunds.get(key, (0, 0, ""))
        if same != [amount, left]:
            request_id = self._ids.uuid7()
            self._refunds[key] = (amount, left, request_id)
        for pause in (*self._pauses_s, 0.0):
            shown = await self._office.payment(
                "refund", request_id=request_id, order_id=order_id, guide_id=self._session.guide_id,
                amount=amount, payment_id=leg_id, reason=TOO_MUCH,
            )  # fmt: skip
            if shown.code != "too_much" or not pause:
                break
            await asyncio.sleep(pause)
        if shown.code != "provider_down":
            self._refunds.pop(key, None)
        if shown.code or shown.state == "failed":
            raise Refused(shown.code or "provider_refused")
        return shown

    async def _back(self, order_id: str, method: str, amount: int, reason: str, of: str) -> None:
        way = cast("Method", method if method in get_args(Method) else "other")
        body = PayBack(
            order_id=order_id, leg_id=self._ids.uuid7(), method=way, amount=amount, reason=reason, of=of or None
        )
        await self._commit(OrderPayBack.kind, body)

    async def _commit(self, kind: str, body: Pay | PayBack) -> None:
        await self._journal.commit(self._session.guide_id, Draft(kind=kind, body=body))
