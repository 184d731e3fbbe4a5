"""Where a scanned code leads: a member's card, an order or receipt (also of another shop that asks this one for its
goods), a quotation, a ticket, a product, what brings people. The one place that knows.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from guide_app.domain import numbers
from guide_app.domain.errors import BadInput
from guide_app.services.ports.base import View
from guide_app.services.ports.care import ServiceReader
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.orders import OrderReader, ParcelReader, QuotationReader
from guide_app.services.ports.shop import ShopReader


class Scanned(View, frozen=True):
    """What a code is of; `id`: of the member, order (also of a parcel), quotation or ticket, of a product or touch
    point its own code."""

    kind: Literal["member", "order", "parcel", "quotation", "ticket", "product", "touch_point"]
    id: str


class Scans:
    """Asks the tablet alone, so that a scan leads somewhere with no network too."""

    def __init__(
        self,
        orders: OrderReader,
        members: MemberReader,
        catalogue: CatalogueReader,
        service: ServiceReader,
        shop: ShopReader,
        quotations: QuotationReader,
        parcels: ParcelReader,
    ) -> None:
        self._orders, self._members, self._catalogue, self._service = orders, members, catalogue, service
        self._shop, self._quotations, self._parcels = shop, quotations, parcels

    async def of(self, code: str) -> Scanned | None:
        """What the code is of; None where nothing here has it."""
        number = _number(code)
        if number and (found := await self._numbered(number)):
            return found
        member = await self._members.by_number(number or code)
        if member is not None:
            return Scanned(kind="member", id=member.id)
        if await self._catalogue.by_barcode(code) is not None:
            return Scanned(kind="product", id=code)
        known = {point.code for point in (await self._shop.settings()).touch_points}
        point = next((one for one in _codes(code) if one in known), None)
        return Scanned(kind="touch_point", id=point) if point else None

    async def _numbered(self, number: str) -> Scanned | None:
        """What else than a member has this number."""
        orders = await self._orders.list(text=number, limit=1)
        if orders and orders[0].order.number == number:
            return Scanned(kind="order", id=orders[0].id)
        if parcel := await self._parcels.numbered(number):
            return Scanned(kind="parcel", id=parcel.id)
        if quotation := await self._quotations.numbered(number):
            return Scanned(kind="quotation", id=quotation.id)
        ticket = await self._service.ticket_numbered(number)
        return Scanned(kind="ticket", id=ticket.id) if ticket else None


def _codes(code: str) -> tuple[str, ...]:
    """What a poster's code may say: its own code, or an address that has it as its last part or as a value."""
    try:
        parts = urlsplit(code)
    except ValueError:  # it begins as an address does, and is none
        return (code,)
    return (code, parts.path.rstrip("/").rpartition("/")[2], *(value for _name, value in parse_qsl(parts.query)))


def _number(code: str) -> str:
    """The number of an order, ticket or member in a code, without its dashes; empty when it is none."""
    try:
        parts = numbers.parse(code)
    except BadInput:
        return ""
    return numbers.compose(parts.store_code, parts.device_letters, parts.incarnation, parts.n)
