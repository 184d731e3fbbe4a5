"""Orders, days and quotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from guide_app.domain.pricing import Basket
from guide_app.domain.records import (
    DayClose,
    Names,
    Order,
    OrderCopy,
    Parcel,
    Quotation,
)
from guide_app.services.ports.base import View
from guide_app.services.ports.members import MemberRow


class OrderRow(View, frozen=True):
    """An order in a list. `outbox`: "" when HQ has it, else pending | sent | parked | rejected; `member_tickets`: how
    many of the member's are unsolved."""

    id: str
    order: Order
    member_name: str
    outbox: str = ""
    member_tickets: int = 0

    @property
    def sold_at(self) -> Names | None:
        """What the other shop is called whose order this is; None where it is this shop's own."""
        return self.order.home_names if isinstance(self.order, OrderCopy) else None


MoneyLeft = Literal["", "owed", "refund", "to_hand"]
"""Which orders: all; those that wait for payment; those of which money is to be given back; those whose
goods are to be handed over."""


class OrderReader(Protocol):
    """Orders of this store."""

    async def list(
        self,
        *,
        guide_id: str = "",
        state: str = "",
        money: MoneyLeft = "",
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[OrderRow]:
        """Newest first; `text` is part of a number or of the member's name."""

    async def get(self, order_id: str) -> OrderRow | None:
        """This store's, or the copy of another's of which goods may be taken back here."""

    async def elsewhere(self, number: str) -> OrderRow | None:
        """The copy of another store's order with exactly this number, where it is here."""

    async def charged_for(self, order_id: str) -> OrderRow | None:
        """The cancelled order for whose goods, which had left, this one charges."""


class SaleRow(View, frozen=True):
    """An order of a day. `waiting`: HQ has not taken all of it yet."""

    id: str
    order: Order
    waiting: bool = False


class DayReader(Protocol):
    """What a day of the shop is closed by; `since` and `until` are RFC 3339 UTC."""

    async def sales(self, *, since: str, until: str) -> Sequence[SaleRow]:
        """Orders placed in the span, and those of other days of which money moved in it or which were cancelled in it;
        perhaps others, too: `guide_app.domain.dayclose` chooses."""

    async def closes(self, day: str) -> Sequence[DayClose]:
        """The closes of the day, the first first."""


class SoldReader(Protocol):
    """What an order that comes back is priced again by."""

    async def basket(self, order: Order) -> Basket | None:
        """The order as it was sold, by the promotions' rows that this tablet has; None of one without `priced_by`."""


class ParcelRow(View, frozen=True):
    """What another shop's order asks of this one. `outbox` as of `OrderRow`."""

    id: str
    parcel: Parcel
    outbox: str = ""


class ParcelReader(Protocol):
    """What other shops' orders ask of this one; there are few."""

    async def list(self, text: str = "") -> Sequence[ParcelRow]:
        """Newest first; `text`: how a number begins, or part of the name of who gets the goods."""

    async def get(self, order_id: str) -> ParcelRow | None: ...
    async def numbered(self, number: str) -> ParcelRow | None:
        """That of the order with exactly this number, as its receipt says."""


QuotationStanding = Literal["open", "ended", "ordered", "void"]
"""How a quotation stands on a day: its prices hold, its last day is past, it is an order, or it was taken back."""


class QuotationRow(View, frozen=True):
    """A quotation with whom it is for, None where that is nobody, or while they are arriving. `waiting`: HQ has not
    taken all of it yet."""

    id: str
    quotation: Quotation
    member: MemberRow | None
    waiting: bool = False


class QuotationReader(Protocol):
    """Quotations of this store, newest first; days are the shop's."""

    async def list(
        self,
        *,
        today: str,
        standing: QuotationStanding | None = None,
        guide_id: str = "",
        member_id: str = "",
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[QuotationRow]:
        """`text`: how a number or the member's name begins."""

    async def get(self, quotation_id: str) -> QuotationRow | None: ...
    async def numbered(self, number: str) -> QuotationRow | None:
        """The quotation with exactly this number, as it is scanned."""

    async def ending(self, *, since_day: str, until_day: str, limit: int = 50) -> Sequence[QuotationRow]:
        """Open ones of members whose last day is among these, what ends first first."""
