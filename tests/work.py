"""What a guide does on a tablet, as drafts for the journal; ids, phones and texts come from a seeded source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import convert
from msgspec.structs import replace

from guide_app.domain import returns
from guide_app.domain.records import FromCard, Gift, Order, Quotation, Totals
from guide_app.domain.records.dayclose import Figures
from guide_app.domain.records.order import FulfilmentKind, PaymentIntent, PriceListUsed
from guide_app.domain.records.reminder import MorningList, ReminderState, reminder_ref
from guide_app.domain.records.service import PromiseAct, TicketAct
from guide_app.domain.records.share import ShareChannel
from guide_app.domain.records.talk import FollowupState
from guide_app.domain.shares import evenly
from guide_app.operations.card_sales import HandOver, OrderCard
from guide_app.operations.days import Close, CloseDay
from guide_app.operations.fulfilling import Fulfil, OrderFulfil, OrderReroute, Reroute
from guide_app.operations.leases import LeaseReturn, Return, Spending
from guide_app.operations.members import ConsentGiven, Edit, FieldEdit, GiveConsent, SignUp
from guide_app.operations.orders import Cancel, OrderPlace, Place, PlacedLine, WantedFulfilment, totals
from guide_app.operations.parcels import ParcelStep, StepParcel
from guide_app.operations.payments import OrderPay, OrderPayBack, Pay, PayBack, Taken
from guide_app.operations.privacy import MemberReveal, Reveal
from guide_app.operations.quotations import Quote, QuoteMake, QuoteTake, QuoteVoid, TakeQuote, VoidQuote
from guide_app.operations.reminders import SetReminder
from guide_app.operations.reshares import OrderReshare, Reshare, Share
from guide_app.operations.returns import Exchanged, Leg, LineBack, Promised, TakeBack
from guide_app.operations.service import MakePromise, RaiseTicket, SettlePromise, StepTicket
from guide_app.operations.sharing import Handed, MaterialShare
from guide_app.operations.staff import SetPin
from guide_app.operations.talks import LogTalk, SetFollowup
from guide_app.services.ports.writing import Draft

AT = "2026-11-20T10:00:00.000Z"


class Made(NamedTuple):
    """A draft and the id of what it makes."""

    draft: Draft
    id: str


class Work:
    """Makes drafts of one chain's products and prices."""

    def __init__(self, random: Random, product_ids: tuple[str, ...], list_id: str, prices: tuple[int, ...]) -> None:
        self._random, self._list_id = random, list_id
        self._products = tuple(zip(product_ids, prices, strict=True))

    def id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def phone(self) -> str:
        """A valid Chinese mobile number, E.164."""
        return f"+86139{self._random.randrange(10**8):08d}"

    def sign_up(
        self, number: str, phone: str = "", name: str = "陈静", policy: str = "1", referrer: str = "", gift: str = ""
    ) -> Made:
        """`gift`: the product that is handed over, if any."""
        member_id = self.id()
        consent = ConsentGiven(kind="terms", policy_version=policy, granted=True)
        body = SignUp(
            member_id=member_id, member_no=number, phone=phone or self.phone(), name=name, source="walk_in",
            consents=(consent,), referrer=referrer, gift=Gift(product_id=gift, on=AT[:10]) if gift else None,
        )  # fmt: skip
        return Made(Draft(kind="member.sign_up", body=body), member_id)

    def edit(self, member_id: str, field: str, old: object, new: object, base_ver: int = 1) -> Draft:
        changes = {field: FieldEdit(old=old, new=new)}
        return Draft(kind="member.edit", body=Edit(member_id=member_id, base_ver=base_ver, set=changes))

    def consent(self, member_id: str, *, granted: bool, seen_ver: int, seen_at: str = "", policy: str = "1") -> Draft:
        body = GiveConsent(
            member_id=member_id, kind="terms", granted=granted, policy_version=policy, seen_ver=seen_ver,
            seen_at=seen_at,
        )  # fmt: skip
        return Draft(kind="member.consent", body=body)

    def order(
        self,
        number: str,
        member_id: str | None = None,
        lines: int = 2,
        fulfilment: FulfilmentKind = "take_away",
        spends: tuple[Spending, ...] = (),
    ) -> Made:
        order_id = self.id()
        placed = tuple(self._line() for _ in range(lines))
        total = sum(line.amount for line in placed)
        body = Place(
            order_id=order_id, number=number, lines=placed, totals=Totals(lines=total, discounts=0, total=total),
            price_list=PriceListUsed(id=self._list_id, version=1), fulfilment=WantedFulfilment(kind=fulfilment),
            payment_intent=PaymentIntent(method="cash", amount=total), member_id=member_id,
            spends=spends,
        )  # fmt: skip
        return Made(Draft(kind="order.place", body=body), order_id)

    def quote(self, number: str, member_id: str | None = None) -> Made:
        """A quotation for a fortnight."""
        quotation_id, lines = self.id(), (self._line(),)
        body = Quote(
            quotation_id=quotation_id, number=number, lines=lines, totals=totals(lines), valid_until="2026-12-05",
            price_list=PriceListUsed(id=self._list_id, version=1), member_id=member_id, note="茶",
        )  # fmt: skip
        return Made(Draft(kind=QuoteMake.kind, body=body), quotation_id)

    def void_quote(self, quotation_id: str, member_id: str | None) -> Draft:
        body = VoidQuote(quotation_id=quotation_id, reason="not_wanted", member_id=member_id)
        return Draft(kind=QuoteVoid.kind, body=body)

    def take_quote(self, quotation_id: str, quoted: Quotation, number: str) -> list[Draft]:
        """The order at the promised prices, and that it came of the quotation."""
        member_id = quoted.member_id or None
        lines = tuple(
            PlacedLine(line_id=one.line_id, product_id=one.product_id, qty=one.qty, unit_price=one.unit_price,
                       amount=one.amount)
            for one in quoted.lines
        )  # fmt: skip
        sale = self.order(number, member_id).draft.body
        assert isinstance(sale, Place)
        body = replace(sale, lines=lines, totals=quoted.totals)
        taken = TakeQuote(quotation_id=quotation_id, order_id=sale.order_id, member_id=member_id)
        return [Draft(kind=OrderPlace.kind, body=body), Draft(kind=QuoteTake.kind, body=taken)]

    def give_back(self, lease_id: str, left: int) -> Draft:
        return Draft(kind=LeaseReturn.kind, body=Return(lease_id=lease_id, left=left))

    def cancel(self, order_id: str) -> Draft:
        return Draft(kind="order.cancel", body=Cancel(order_id=order_id, reason="customer_changed_mind"))

    def fulfil(
        self, order_id: str, what: str, undoes: str = "", under: str | None = None, charged_by: str = ""
    ) -> Draft:
        fields = {"undoes": undoes or None, "under": under, "charged_by": charged_by or None}
        body = convert({"order_id": order_id, "what": what, **fields}, Fulfil)
        return Draft(kind=OrderFulfil.kind, body=body)

    def reroute(self, order_id: str, kind: FulfilmentKind, store_id: str | None = None) -> Draft:
        body = Reroute(order_id=order_id, fulfilment=WantedFulfilment(kind=kind, store_id=store_id))
        return Draft(kind=OrderReroute.kind, body=body)

    def parcel(self, order_id: str, what: str, undoes: str = "", under: str = "") -> Draft:
        body = convert({"order_id": order_id, "what": what, "undoes": undoes or None, "under": under}, StepParcel)
        return Draft(kind=ParcelStep.kind, body=body)

    def pay(self, order_id: str, *amounts: int) -> Draft:
        """Money taken at the till, in as many ways."""
        legs = tuple(Taken(leg_id=self.id(), method="card" if n else "cash", amount=amount)
                     for n, amount in enumerate(amounts))  # fmt: skip
        return Draft(kind=OrderPay.kind, body=Pay(order_id=order_id, legs=legs))

    def hand_over(self, order_id: str, line_id: str, number: str) -> Draft:
        """A gift card goes over the counter for a line of an order."""
        return Draft(kind=OrderCard.kind, body=HandOver(order_id=order_id, line_id=line_id, number=number))

    def pay_by_card(self, order_id: str, card_id: str, *spends: Spending) -> Draft:
        """A gift card pays, as the till divides it over its leases."""
        legs = tuple(
            Taken(
                leg_id=self.id(), method="gift_card", amount=one.amount,
                card=FromCard(id=card_id, lease_id=one.lease_id, digits="0042"),
            )
            for one in spends
        )  # fmt: skip
        return Draft(kind=OrderPay.kind, body=Pay(order_id=order_id, legs=legs))

    def pay_back_on_card(self, order_id: str, leg_id: str, amount: int) -> Draft:
        """What a gift card paid goes back on it."""
        body = PayBack(
            order_id=order_id, leg_id=self.id(), method="gift_card", amount=amount, reason="paid_too_much", of=leg_id
        )
        return Draft(kind=OrderPayBack.kind, body=body)

    def pay_back(self, order_id: str, amount: int) -> Draft:
        body = PayBack(order_id=order_id, leg_id=self.id(), method="cash", amount=amount, reason="paid_twice")
        return Draft(kind=OrderPayBack.kind, body=body)

    def take_back(self, order: Order, order_id: str, pieces: Mapping[str, int], *, sellable: bool = True) -> TakeBack:
        """These pieces (by line) come back, for what the order says they are worth."""
        told = returns.reckon(order, None, pieces)
        lines = tuple(
            LineBack(line_id=line_id, qty=qty, reason="wrong_size", sellable=sellable)
            for line_id, qty in pieces.items()
        )
        return TakeBack(
            order_id=order_id, return_id=self.id(), lines=lines, refund=Promised(money=told.back.money),
            legs=tuple(
                Leg(leg_id=self.id(), method=leg.method, amount=leg.amount, of=leg.id)
                for leg in returns.repaid(order, told.back.money)
            ),
        )  # fmt: skip

    def exchange(self, back: TakeBack, new: Draft) -> Draft:
        """The return together with a new order, which it pays as far as it goes."""
        sale = new.body
        assert isinstance(sale, Place)
        fields = {name: getattr(sale, name) for name in sale.__struct_fields__}
        rest = back.refund.money - sum(leg.amount for leg in back.legs)
        credit = min(rest, sale.totals.total)
        return Draft(kind="order.exchange", body=Exchanged(**fields, back=back, credit=credit))

    def reshare(self, order_id: str, guides: Sequence[str], approved_by: str, line_id: str = "") -> Draft:
        """The order, or one line of it, is these guides', each an equal part."""
        parts = tuple(Share(guide_id=one.guide_id, share=one.share) for one in evenly(guides))
        body = Reshare(
            order_id=order_id, line_id=line_id or None, shares=parts, reason="helped", approved_by=approved_by
        )
        return Draft(kind=OrderReshare.kind, body=body)

    def close_day(self, day: str, figures: Figures) -> Made:
        """A day closed with these figures, and no cash counted."""
        close_id = self.id()
        body = Close(close_id=close_id, day=day, currency="CNY", figures=figures)
        return Made(Draft(kind=CloseDay.kind, body=body), close_id)

    def talk(self, member_id: str, talk_id: str = "", *, void: bool = False) -> Made:
        """A talk; with the id of an earlier one, that one put right or taken back."""
        talk_id = talk_id or self.id()
        body = LogTalk(
            talk_id=talk_id, member_id=member_id, channel="in_store", outcome="interested", topic="general", at=AT,
            void=void,
        )  # fmt: skip
        return Made(Draft(kind="talk.log", body=body), talk_id)

    def share(self, material: str, version: int, channel: ShareChannel, member_id: str | None) -> Draft:
        body = Handed(
            share_id=self.id(), material=material, version=version, channel=channel, member_id=member_id
        )  # fmt: skip
        return Draft(kind=MaterialShare.kind, body=body)

    def reveal(self, member_id: str) -> Draft:
        return Draft(kind=MemberReveal.kind, body=Reveal(member_id=member_id, what="phone"))

    def followup(
        self, member_id: str, followup_id: str = "", state: FollowupState = "open", guide_id: str | None = None
    ) -> Made:
        """A follow-up; with the id of an earlier one, that one changed; `guide_id`: handed to them."""
        followup_id = followup_id or self.id()
        body = SetFollowup(
            followup_id=followup_id, member_id=member_id, due_on="2026-12-01", note="茶", state=state, guide_id=guide_id
        )
        return Made(Draft(kind="followup.set", body=body), followup_id)

    def reminder(
        self, member_id: str, list_: MorningList, cycle: str, state: ReminderState, guide_id: str | None = None
    ) -> Made:
        """A mark on a row of a morning list."""
        until = "2026-12-02" if state == "snoozed" else None
        body = SetReminder(member_id=member_id, list=list_, cycle=cycle, state=state, until=until, guide_id=guide_id)
        return Made(Draft(kind="reminder.set", body=body), reminder_ref(member_id, list_, cycle).id)

    def ticket(self, member_id: str, number: str) -> Made:
        ticket_id = self.id()
        body = RaiseTicket(
            ticket_id=ticket_id, step_id=self.id(), member_id=member_id, number=number, kind="complaint", words="拉链",
        )  # fmt: skip
        return Made(Draft(kind="ticket.raise", body=body), ticket_id)

    def ticket_step(self, ticket_id: str, member_id: str, what: TicketAct, **more: Any) -> Made:
        step_id = self.id()
        body = StepTicket(ticket_id=ticket_id, step_id=step_id, member_id=member_id, what=what, words="茶", **more)
        return Made(Draft(kind="ticket.step", body=body), ticket_id)

    def promise(self, member_id: str) -> Made:
        promise_id = self.id()
        body = MakePromise(
            promise_id=promise_id, step_id=self.id(), member_id=member_id, kind="hold", due_on="2026-12-01", words="茶",
        )  # fmt: skip
        return Made(Draft(kind="promise.make", body=body), promise_id)

    def settle(self, promise_id: str, member_id: str, what: PromiseAct, undoes: str | None = None) -> Made:
        body = SettlePromise(
            promise_id=promise_id, step_id=self.id(), member_id=member_id, what=what, on="2026-11-30", undoes=undoes,
        )  # fmt: skip
        return Made(Draft(kind="promise.settle", body=body), promise_id)

    def pin(self, staff_id: str) -> Draft:
        """A new PIN; its hash is of no PIN at all."""
        salt, hashed = (f"{self._random.getrandbits(4 * n):0{n}x}" for n in (22, 43))
        phc = f"$argon2id$v=19$m=65536,t=3,p=4${salt}${hashed}"
        return Draft(kind="staff.set_pin", body=SetPin(staff_id=staff_id, pin=phc))

    def _line(self) -> PlacedLine:
        product_id, price = self._random.choice(self._products)
        qty = self._random.randint(1, 3)
        return PlacedLine(line_id=self.id(), product_id=product_id, qty=qty, unit_price=price, amount=qty * price)
