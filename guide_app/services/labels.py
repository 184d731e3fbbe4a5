"""Labels of goods that are sent: this shop's own orders, and those of others that it sends for them."""

from __future__ import annotations

from guide_app.domain import returns
from guide_app.domain.errors import Refused
from guide_app.domain.receipt import Document
from guide_app.domain.receipt.label import Sending, label, labelled
from guide_app.domain.records.base import Part
from guide_app.services.members import MemberDesk
from guide_app.services.ports.orders import OrderReader, ParcelReader
from guide_app.services.ports.shop import ShopReader
from guide_app.services.receipts import ReceiptDesk


class _Found(Part, frozen=True):
    """What is sent, and the member who bought it; empty where that is nobody, or not known here."""

    sending: Sending
    member_id: str = ""


class LabelDesk:
    """The use cases of labels."""

    def __init__(
        self, orders: OrderReader, parcels: ParcelReader, shop: ShopReader, receipts: ReceiptDesk, members: MemberDesk
    ) -> None:
        self._orders, self._parcels, self._shop = orders, parcels, shop
        self._receipts, self._members = receipts, members

    async def shown(self, order_id: str) -> Document:
        """The label as the screen shows it, the phone masked. Raises Refused("label_nobody")."""
        found = await self._find(order_id)
        return label(found.sending, await self._receipts.front(), masked=True)

    async def print(self, order_id: str) -> None:
        """Prints it, the phone whole: whoever carries the goods may have to call. Where a member of this shop bought
        them HQ is told that their phone was shown, before it comes out.

        Raises Refused("label_nobody"), NotSaved, NotPrinted. May be cancelled.
        """
        found = await self._find(order_id)
        paper = label(found.sending, await self._receipts.front(), masked=False)
        if found.member_id:
            await self._members.reveal(found.member_id, "phone")
        await self._receipts.print_document(paper)

    async def _find(self, order_id: str) -> _Found:
        tablet = await self._shop.tablet()
        region = tablet.region if tablet else ""
        if (asked := await self._parcels.get(order_id)) is not None:
            parcel = asked.parcel
            if parcel.to is not None and labelled(parcel.goes, parcel.to):
                pieces = sum(line.qty for line in parcel.lines)
                sending = Sending(number=parcel.number, to=parcel.to, note=parcel.note, pieces=pieces, region=region)
                return _Found(sending=sending)
        elif (row := await self._orders.get(order_id)) is not None:
            goes = row.order.fulfilment
            if goes.to is not None and labelled(goes, goes.to):
                pieces = sum(returns.left(row.order).values())
                sending = Sending(number=row.order.number, to=goes.to, note=goes.note, pieces=pieces, region=region)
                return _Found(sending=sending, member_id=row.order.member_id)
        raise Refused("label_nobody")
