"""What a guide does on a tablet, as drafts for the journal; ids, phones and texts come from a seeded source."""

from __future__ import annotations

from random import Random
from typing import NamedTuple
from uuid import UUID

from guide_app.domain.records import Totals
from guide_app.domain.records.order import PaymentIntent, PriceListUsed
from guide_app.operations.members import ConsentGiven, Edit, FieldEdit, SignUp
from guide_app.operations.orders import Cancel, Place, PlacedLine, WantedFulfilment
from guide_app.operations.talks import LogTalk, SetFollowup
from guide_app.services.ports import Draft

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

    def sign_up(self, number: str, phone: str = "", name: str = "陈静") -> Made:
        member_id = self.id()
        consent = ConsentGiven(kind="terms", policy_version="1", granted=True)
        body = SignUp(
            member_id=member_id, member_no=number, phone=phone or self.phone(), name=name, source="walk_in",
            consents=(consent,),
        )  # fmt: skip
        return Made(Draft(kind="member.sign_up", body=body), member_id)

    def edit(self, member_id: str, field: str, old: object, new: object, base_ver: int = 1) -> Draft:
        changes = {field: FieldEdit(old=old, new=new)}
        return Draft(kind="member.edit", body=Edit(member_id=member_id, base_ver=base_ver, set=changes))

    def order(self, number: str, member_id: str | None = None, lines: int = 2) -> Made:
        order_id = self.id()
        placed = tuple(self._line() for _ in range(lines))
        total = sum(line.amount for line in placed)
        body = Place(
            order_id=order_id, number=number, lines=placed, totals=Totals(lines=total, discounts=0, total=total),
            price_list=PriceListUsed(id=self._list_id, version=1), fulfilment=WantedFulfilment(kind="take_away"),
            payment_intent=PaymentIntent(method="cash", amount=total), member_id=member_id,
        )  # fmt: skip
        return Made(Draft(kind="order.place", body=body), order_id)

    def cancel(self, order_id: str) -> Draft:
        return Draft(kind="order.cancel", body=Cancel(order_id=order_id, reason="customer_changed_mind"))

    def talk(self, member_id: str) -> Made:
        talk_id = self.id()
        body = LogTalk(
            talk_id=talk_id, member_id=member_id, channel="in_store", outcome="interested", topic="general", at=AT
        )
        return Made(Draft(kind="talk.log", body=body), talk_id)

    def followup(self, member_id: str) -> Made:
        followup_id = self.id()
        body = SetFollowup(followup_id=followup_id, member_id=member_id, due_on="2026-12-01", note="茶", state="open")
        return Made(Draft(kind="followup.set", body=body), followup_id)

    def _line(self) -> PlacedLine:
        product_id, price = self._random.choice(self._products)
        qty = self._random.randint(1, 3)
        return PlacedLine(line_id=self.id(), product_id=product_id, qty=qty, unit_price=price, amount=qty * price)
