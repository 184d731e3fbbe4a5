"""Receipts: the paper of an order, from what this tablet has, and its printing. The sale stands before and after."""

from __future__ import annotations

from guide_app.domain import numbers, phone
from guide_app.domain.clock import Clock, to_text
from guide_app.domain.errors import BadInput, Defect
from guide_app.domain.receipt import Document
from guide_app.domain.receipt.charset import CHARSETS
from guide_app.domain.receipt.sale import ShopFront, Sold, mask_name, receipt
from guide_app.domain.receipt.trial import trial_page
from guide_app.domain.receipt.words import language_of
from guide_app.domain.records import Order, ShopContact
from guide_app.services.ports.base import View
from guide_app.services.ports.catalogue import CatalogueReader
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.orders import OrderReader
from guide_app.services.ports.printing import PaperFiles, PrintedPapers, Printer, PrinterChoice, PrinterSetting
from guide_app.services.ports.shop import ShopReader, TabletInfo


class Receipt(View, frozen=True):
    """The paper that an order has now. `printed_at`: when the receipt itself came out of this tablet's printer (RFC
    3339 UTC), else empty; `copy`: the next is a copy."""

    document: Document
    printed_at: str
    copy: bool


class ReceiptDesk:
    """The use cases of paper."""

    def __init__(
        self,
        orders: OrderReader,
        members: MemberReader,
        catalogue: CatalogueReader,
        shop: ShopReader,
        papers: PrintedPapers,
        printer: Printer,
        setting: PrinterSetting,
        files: PaperFiles,
        clock: Clock,
    ) -> None:
        self._orders, self._members, self._catalogue, self._shop = orders, members, catalogue, shop
        self._papers, self._printer, self._clock = papers, printer, clock
        self.setting, self.files = setting, files

    async def receipt(self, order_id: str) -> Receipt:
        """The receipt of an order, as it would come out now. Raises BadInput("receipt_order_unknown")."""
        row = await self._orders.get(order_id)
        if row is None:
            raise BadInput("receipt_order_unknown")
        printed_at = await self._papers.at(order_id)
        tablet = await self._tablet()
        here = numbers.made_on(row.order.number, tablet.store_code, tablet.device_letters)
        copy = bool(printed_at) or not here
        sold = await self._sold(row.order, to_text(self._clock.now()) if copy else "", tablet)
        return Receipt(document=receipt(sold, await self.front()), printed_at=printed_at, copy=copy)

    async def print_receipt(self, order_id: str) -> None:
        """Prints the receipt of an order; a copy, where it came out before or another tablet sold it.

        Raises BadInput("receipt_order_unknown"), NotPrinted, NotSaved. May be cancelled.
        """
        made = await self.receipt(order_id)
        await self._printer.print(self.setting.choice, made.document)
        if not made.copy:
            await self._papers.note(order_id)

    async def print_document(self, document: Document) -> None:
        """Prints other paper. Raises NotPrinted. May be cancelled."""
        await self._printer.print(self.setting.choice, document)

    async def print_trial(self, choice: PrinterChoice) -> None:
        """Prints a test page on a printer that is being chosen. Raises NotPrinted. May be cancelled."""
        charset = CHARSETS[choice.charset]
        now = to_text(self._clock.now())
        page = trial_page(await self.front(), now, choice.columns, chinese=charset.chinese)
        await self._printer.print(choice, page)

    async def front(self) -> ShopFront:
        """What stands on all paper of this shop."""
        tablet, settings = await self._tablet(), await self._shop.settings()
        words = settings.receipt
        contact = words.shops.get(tablet.store_code, ShopContact())
        return ShopFront(
            name=tablet.store_name,
            time_zone=tablet.time_zone,
            language=language_of(words.language, tablet.region),
            address=contact.address,
            phone=contact.phone,
            header=words.header,
            footer=words.footer,
            note=settings.data_note,
        )

    async def _sold(self, order: Order, copied_at: str, tablet: TabletInfo) -> Sold:
        products = await self._catalogue.get(list({line.product_id for line in order.lines}))
        people = {row.id: row.staff.name for row in await self._shop.staff()}
        return Sold(
            order=order,
            products={row.id: row.product.called for row in products},
            guide=people.get(order.guide_id, ""),
            staff=people.get(order.staff_id, ""),
            member=await self.masked(order.member_id),
            copied_at=copied_at,
        )

    async def masked(self, member_id: str) -> str:
        """A member as they may stand on paper; empty where there is none."""
        found = await self._members.get(member_id) if member_id else None
        if found is None:
            return ""
        region = (await self._tablet()).region
        shown = (mask_name(found.member.name), phone.mask(found.member.phone, region) if found.member.phone else "")
        return " ".join(part for part in shown if part)

    async def _tablet(self) -> TabletInfo:
        tablet = await self._shop.tablet()
        if tablet is None:
            raise Defect("paper before enrolment")
        return tablet
