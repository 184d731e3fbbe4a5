"""All that the screens are given: readers, use cases and adapters, as one object made by `bootstrap`."""

from __future__ import annotations

from dataclasses import dataclass

from guide_app.domain.clock import Clock
from guide_app.domain.ids import Ids
from guide_app.services.attention import Attention
from guide_app.services.by_hand import ByHandDesk
from guide_app.services.days import DayDesk
from guide_app.services.fulfilling import GoodsDesk
from guide_app.services.handing import HandingDesk
from guide_app.services.invitations import InvitationDesk
from guide_app.services.labels import LabelDesk
from guide_app.services.leases import LeaseDesk
from guide_app.services.library import LibraryService
from guide_app.services.members import MemberDesk
from guide_app.services.messages import MessageDesk
from guide_app.services.missing_orders import MissingOrders
from guide_app.services.morning import MorningDesk
from guide_app.services.parcels import ParcelDesk
from guide_app.services.payments import PaymentDesk
from guide_app.services.ports.cards import CardReader
from guide_app.services.ports.care import ServiceReader
from guide_app.services.ports.catalogue import CatalogueReader, Favourites, Files
from guide_app.services.ports.device import CodeReader, Diagnostics, Preferences, SpaceReader
from guide_app.services.ports.engine import OutboxReader, SyncControl
from guide_app.services.ports.library import LibraryReader
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.orders import OrderReader, QuotationReader
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.today import TodayReader
from guide_app.services.ports.writing import Drafts, Journal, Numbers
from guide_app.services.quotations import QuotationDesk
from guide_app.services.receipts import ReceiptDesk
from guide_app.services.returning import ReturnDesk
from guide_app.services.selling import Till
from guide_app.services.service import ServiceDesk
from guide_app.services.session import Session
from guide_app.services.shares import ShareDesk
from guide_app.services.talks import TalkDesk
from guide_app.services.today import Today
from guide_app.services.value import ValueDesk
from guide_app.services.visitors import VisitorDesk


@dataclass(frozen=True)
class Readers:
    """Local reads, straight from the store."""

    members: MemberReader
    catalogue: CatalogueReader
    cards: CardReader
    orders: OrderReader
    today: TodayReader
    shop: ShopReader
    outbox: OutboxReader
    service: ServiceReader
    quotations: QuotationReader
    library: LibraryReader


@dataclass(frozen=True)
class Desks:
    """The use cases."""

    session: Session
    members: MemberDesk
    till: Till
    by_hand: ByHandDesk
    talks: TalkDesk
    messages: MessageDesk
    today: Today
    morning: MorningDesk
    attention: Attention
    leases: LeaseDesk
    value: ValueDesk
    missing: MissingOrders
    goods: GoodsDesk
    parcels: ParcelDesk
    returns: ReturnDesk
    payments: PaymentDesk
    visitors: VisitorDesk
    service: ServiceDesk
    invitations: InvitationDesk
    receipts: ReceiptDesk
    labels: LabelDesk
    shares: ShareDesk
    quotations: QuotationDesk
    days: DayDesk
    library: LibraryService
    handing: HandingDesk


@dataclass(frozen=True)
class Container:
    """A running tablet. `warnings`: codes of what the person should know about it ("key_file")."""

    clock: Clock
    ids: Ids
    preferences: Preferences
    journal: Journal
    drafts: Drafts
    favourites: Favourites
    numbers: Numbers
    sync: SyncControl
    files: Files
    space: SpaceReader
    codes: CodeReader
    diagnostics: Diagnostics
    app_version: str
    read: Readers
    do: Desks
    warnings: tuple[str, ...] = ()
