"""What the use cases need from the outside, as Protocols; `bootstrap` binds them to the store, the engine and adapters.

Reads are local and never wait for the network; they run off the UI thread, hence ``async``. Writes are operations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Protocol

import msgspec

from guide_app.domain.levels import Standing
from guide_app.domain.memberships import Term
from guide_app.domain.morning import Talked
from guide_app.domain.pricing import Basket, Buyer, Goods
from guide_app.domain.promises import Tally
from guide_app.domain.receipt import Document
from guide_app.domain.records import (
    Card,
    Category,
    DayClose,
    Followup,
    Instrument,
    Lease,
    Member,
    MessageTemplate,
    Names,
    Order,
    Part,
    Policy,
    PriceList,
    Product,
    Promise,
    Promotion,
    Quotation,
    Ref,
    Reminder,
    Settings,
    Staff,
    Ticket,
    Wallet,
)
from guide_app.domain.rhythm import Refill, Visits
from guide_app.domain.tickets import Score
from guide_app.operations import Body


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the store shows: immutable, with plain values."""


# ------------------------------------------------------------------ writing


class Draft(View, frozen=True):
    """One operation that a guide wants to make."""

    kind: str
    body: Body


class Change(View, frozen=True):
    """What a committed write or an answer of HQ changed; `state` tells that counts of the outbox or of sync moved."""

    refs: frozenset[Ref] = frozenset()
    state: bool = False
    ops: tuple[str, ...] = ()
    """The ids of the operations that were written, in the order of their drafts."""


class Journal(Protocol):
    """The outbox: a write is committed with its local effect, or it did not happen."""

    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        """Writes all drafts in ONE transaction, in order; returns after COMMIT.

        `forget`: the key of what `Drafts` kept until it was said to be done; it goes in the same transaction, so that
        no kill leaves it behind to be done again.
        Raises NotSaved (disk), Refused (a rule says no; nothing is written), Defect.
        """

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Calls `listener` in the caller's event loop after every change; the result unsubscribes."""


class Drafts(Protocol):
    """What was typed and not yet said to be done: a basket, a half-filled form. Survives lock and kill."""

    async def put(self, key: str, value: bytes) -> None: ...
    async def get(self, key: str) -> bytes | None: ...
    async def drop(self, key: str) -> None: ...
    async def all(self, prefix: str) -> Mapping[str, bytes]:
        """Those whose key begins so."""

    async def change(self, *, put: Mapping[str, bytes], drop: Collection[str] = (), needs: str = "") -> bool:
        """Drops, then puts, in ONE transaction; False, and nothing is changed, where nothing is kept under `needs`."""


class Numbers(Protocol):
    """Order and member numbers that are unique with no network."""

    async def next(self) -> str:
        """A fresh number; a number that is drawn and not used leaves a gap, never a double."""


# ------------------------------------------------------------------ reading


class MemberRow(View, frozen=True):
    """A member in a list. `waiting`: has work that HQ has not taken yet; `home`: what the store is called that they
    belong to, empty for this one; `tickets`: how many of theirs are unsolved."""

    id: str
    name: str
    pinyin: str
    initials: str
    phone: str
    member_no: str
    level: str
    last_contact_at: str
    owner_id: str
    joined_at: str
    birthday: str = ""
    waiting: bool = False
    home: Names = Names()
    tickets: int = 0
    tags: tuple[str, ...] = ()
    rule_tags: tuple[str, ...] = ()
    """Tags by hand, and tags that HQ's rules give."""


class RuleTag(View, frozen=True):
    """A tag that a rule of HQ's gives; `names`: what the rule is called."""

    tag: str
    names: Names


class MemberView(View, frozen=True):
    """A member with what the profile page needs. `ver`: HQ's version under what waits here, 0 where HQ has none; of a
    member of another store, its version at `home`, whose names these are. `merged`: ids of members who turned out to be
    this one; `wallet`: as HQ says, less what orders that wait here spend."""

    id: str
    ver: int
    member: Member
    spent_90d: int
    orders_90d: int
    average_days: int | None
    waiting: bool = False
    home: Names = Names()
    merged: tuple[str, ...] = ()
    wallet: Wallet | None = None
    tickets: int = 0
    rule_tags: tuple[RuleTag, ...] = ()
    standing: Standing | None = None
    """Where they stand by what is on this tablet."""


class TimelineEntry(View, frozen=True):
    """One entry of a member's timeline, newest first; `record` is the Member itself for the sign-up, for an edit what
    was changed on this tablet. A kind is an entry of `local_store.repositories.timeline.SOURCES`, and of
    `ui.viewmodels.timeline.KINDS`, which says it in words."""

    key: str
    kind: str
    at: str
    id: str
    guide_id: str
    record: Part
    waiting: bool = False


class TagCount(View, frozen=True):
    """A tag that members of this store carry, by hand or by a rule, and how many do."""

    tag: str
    members: int


class MemberReader(Protocol):
    """Members of this store."""

    async def search(
        self, text: str, *, owner_id: str = "", tag: str = "", limit: int = 50, offset: int = 0
    ) -> Sequence[MemberRow]:
        """By phone tail or whole, member number, name, given name, pinyin, initials. Empty text: last contact first.
        `tag`: only those who carry it, by hand or by a rule."""

    async def count(self, text: str = "", *, owner_id: str = "", tag: str = "") -> int:
        """How many `search` would give in all (exact up to 1,000, then 1,000)."""

    async def get(self, member_id: str) -> MemberView | None:
        """Follows aliases of merged members."""

    async def by_phone(self, e164: str) -> MemberRow | None: ...
    async def by_number(self, number: str) -> MemberRow | None: ...
    async def tags(self) -> Sequence[TagCount]:
        """All tags that members carry, those of most members first."""

    async def timeline(
        self, member_id: str, *, kinds: Collection[str] = (), limit: int = 50, offset: int = 0
    ) -> Sequence[TimelineEntry]:
        """Everything that happened, newest first, or only what is of these kinds."""


class TagKeeper(Protocol):
    """Keeps beside the members' rows whom HQ's rules tag; what a row changes is judged with it."""

    async def step(self) -> bool:
        """Judges some of those who are still to be judged (all are once a rule or the shop's day changed); whether more
        wait. A guide's write waits for one step at most."""


class ProductRow(View, frozen=True):
    """A product as the catalogue shows it; `price` in minor units, None where the current list has none."""

    id: str
    product: Product
    price: int | None
    on_hand: int | None
    stock_as_of: str = ""


class CategoryView(View, frozen=True):
    """A category with its id."""

    id: str
    category: Category


class CategoryCount(View, frozen=True):
    """A category with its id, and how many cards stand in it and below it."""

    id: str
    category: Category
    cards: int


class CardRow(View, frozen=True):
    """What stands in the catalogue as one thing: a product, or an article by that one of its variants which sells most
    among those asked for. `low` and `high`: prices in minor units, None where none has one; `on_hand`: of all."""

    row: ProductRow
    variants: int = 1
    low: int | None = None
    high: int | None = None
    on_hand: int | None = None


class CurrentPrices(View, frozen=True):
    """The price list in force, or the last one when it has expired (`expired`)."""

    id: str
    price_list: PriceList
    expired: bool


class FilesView(View, frozen=True):
    """How files stand on this tablet: how many are here and how many are to come, with their bytes, and of `quota` at
    most. `problem`: "", or why none come: disk_low, disk_full, disk_failed."""

    here: int = 0
    here_bytes: int = 0
    coming: int = 0
    coming_bytes: int = 0
    quota: int = 0
    problem: str = ""


class Files(Protocol):
    """The files that rows name, such as pictures, as far as they are here."""

    def read(self, sha256: str) -> bytes | None:
        """A file that is here, whole; None otherwise, and then it is fetched before others. Blocks; for any thread."""

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Calls `listener` in the loop's thread with the name of each file that came; the result unsubscribes."""

    async def view(self) -> FilesView: ...


class CatalogueReader(Protocol):
    """Products, prices and this store's stock."""

    async def search(
        self, text: str = "", *, category_id: str = "", limit: int = 60, offset: int = 0
    ) -> Sequence[ProductRow]:
        """By name in both languages, pinyin, initials, brand, sku, barcode. Empty text: what this store sells most."""

    async def by_barcode(self, code: str) -> ProductRow | None: ...
    async def get(self, product_ids: Sequence[str]) -> Sequence[ProductRow]: ...
    async def categories(self, parent_id: str = "") -> Sequence[CategoryView]: ...
    async def price_list(self) -> CurrentPrices | None: ...


class CardReader(Protocol):
    """The catalogue as a page shows it: articles as one card, what this store sells most first."""

    async def cards(
        self, text: str = "", *, category_id: str = "", limit: int = 60, offset: int = 0
    ) -> Sequence[CardRow]:
        """By what `CatalogueReader.search` finds; empty text: of a category and below, or of all. Of a shelf of
        thousands the first few thousand, those that sell most among them."""

    async def of(self, product_ids: Sequence[str]) -> Sequence[CardRow]:
        """In the order given, each article once."""

    async def sold_lately(self, member_id: str = "", *, limit: int = 60) -> Sequence[CardRow]:
        """What was sold here last, last first; with `member_id` what they bought."""

    async def variants(self, article: str) -> Sequence[ProductRow]:
        """The variants of an article that are sold, by their numbers."""

    async def tree(self) -> Sequence[CategoryCount]:
        """All categories, in HQ's order."""


class Favourites(Protocol):
    """What a guide keeps at hand, on this tablet; `of`: the latest first."""

    async def of(self, guide_id: str) -> Sequence[str]: ...
    async def add(self, guide_id: str, product_id: str) -> None: ...
    async def remove(self, guide_id: str, product_ids: Collection[str]) -> None: ...


class PriceFacts(View, frozen=True):
    """All that prices in this shop are made by, of one moment: `at`, RFC 3339 UTC by HQ's clock as far as it is known.

    `promotions`: those current then, by id. `buyer`: None for somebody who is no member. By product, those that are
    known: `goods`, and what they are `listed` at in the list in force, minor units.
    """

    at: str
    time_zone: str
    settings: Settings
    prices: CurrentPrices | None
    promotions: Mapping[str, Promotion]
    buyer: Buyer | None
    goods: Mapping[str, Goods]
    listed: Mapping[str, int]


class PromotionReader(Protocol):
    """What this shop's prices are made by."""

    async def facts(self, product_ids: Collection[str], member_id: str = "") -> PriceFacts:
        """For these products and this member."""

    async def names(self, ids: Collection[str]) -> Mapping[str, Names]:
        """What products and categories are called, those that are known."""


class OrderRow(View, frozen=True):
    """An order in a list. `outbox`: "" when HQ has it, else pending | sent | parked | rejected; `member_tickets`: how
    many of the member's are unsolved."""

    id: str
    order: Order
    member_name: str
    outbox: str = ""
    member_tickets: int = 0


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

    async def get(self, order_id: str) -> OrderRow | None: ...


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


class FollowupRow(View, frozen=True):
    """A follow-up that is due, with whom it is for."""

    id: str
    followup: Followup
    member: MemberRow


class DayFigures(View, frozen=True):
    """What was done in a span of time; money in minor units; cancelled and returned orders not counted."""

    sales: int
    orders: int
    sign_ups: int
    talks: int


class TodayReader(Protocol):
    """The figures and lists of the first page; `since` and `until` are RFC 3339 UTC."""

    async def figures(self, *, guide_id: str, since: str, until: str) -> DayFigures: ...
    async def followups(self, *, guide_id: str = "", until_day: str, limit: int = 50) -> Sequence[FollowupRow]:
        """Open follow-ups due on or before the day, longest due first."""


class TicketRow(View, frozen=True):
    """A ticket with whom it is about, None while they are arriving. `waiting`: HQ has not taken all of it yet."""

    id: str
    ticket: Ticket
    member: MemberRow | None
    waiting: bool = False


class PromiseRow(View, frozen=True):
    """A promise, as `TicketRow`."""

    id: str
    promise: Promise
    member: MemberRow | None
    waiting: bool = False


class ServiceReader(Protocol):
    """Tickets and promises of this store; days are the shop's."""

    async def tickets(
        self,
        *,
        state: str = "",
        guide_id: str = "",
        member_id: str = "",
        text: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[TicketRow]:
        """Newest first; `guide_id`: in whose hand; `text`: how a number or the member's name begins, or parts of what
        was said."""

    async def ticket(self, ticket_id: str) -> TicketRow | None: ...
    async def ticket_numbered(self, number: str) -> TicketRow | None:
        """The ticket with exactly this number, as it is scanned."""

    async def open_tickets(self, guide_id: str) -> tuple[int, int]:
        """How many are unsolved: in this guide's hand, and in all."""

    async def promises(self, *, until_day: str = "", member_id: str = "", limit: int = 50) -> Sequence[PromiseRow]:
        """Open ones, of every guide, what is due first first."""

    async def promise(self, promise_id: str) -> PromiseRow | None: ...
    async def kept(self, *, since_day: str, today: str) -> dict[str, Tally]:
        """What became of the promises due since that day: guide → figures, "" for the whole shop."""

    async def scores(self, *, since: str) -> dict[str, Score]:
        """How all open tickets stand, and the solved ones that were raised since (RFC 3339 UTC), as `kept`."""


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


class MorningPerson(View, frozen=True):
    """A member who may be due; `reachable`: they agreed to be contacted by what they did not ask for."""

    row: MemberRow
    reachable: bool


class MorningFacts(View, frozen=True):
    """What the morning lists are made of (`guide_app.domain.morning`), by member id. `names`: of products, categories
    and plans; `full`: the lists of which more were found than asked for; `renewals`: paid memberships that end."""

    shop_usual: int | None
    people: Mapping[str, MorningPerson]
    refills: Mapping[str, tuple[Refill, ...]]
    visits: Mapping[str, Visits]
    talked: Mapping[str, Talked]
    marks: Mapping[str, tuple[Reminder, ...]]
    names: Mapping[str, Names]
    full: frozenset[str] = frozenset()
    renewals: Mapping[str, Term] = {}


class MorningReader(Protocol):
    """Who may be due on the shop's day."""

    async def prepare(self) -> bool:
        """Brings some members' rhythms up to their orders; whether others wait."""

    async def facts(self, today: date, *, guide_id: str = "", limit: int = 500) -> MorningFacts:
        """Of each list those who became due last, at most `limit`; with `guide_id` the guide's members, nobody's, and
        whom they were handed."""


class StaffRow(View, frozen=True):
    """A person who can sign in on this tablet."""

    id: str
    staff: Staff


Barred = Literal["", "tablet_locked_out", "authorisation_ended"]


class TabletInfo(View, frozen=True):
    """Who this tablet is. `hq_url` carries no secret. `barred`: why nobody may sign in: HQ took its rights away, or was
    not heard for as long as a tablet may work alone; "" where everybody may."""

    device_id: str
    store_id: str
    store_code: str
    store_name: Names
    device_letters: str
    device_name: str
    region: str
    time_zone: str
    currency: str
    hq_url: str
    authorised_until: str
    bootstrap: Literal["loading", "indexing", "ready"]
    barred: Barred = ""


class ShopReader(Protocol):
    """The shop, its people and HQ's settings."""

    async def tablet(self) -> TabletInfo | None:
        """None before enrolment."""

    async def staff(self) -> Sequence[StaffRow]: ...
    async def settings(self) -> Settings: ...
    async def policies(self) -> Sequence[Policy]:
        """The current version of each policy, in HQ's order."""


class TemplateRow(View, frozen=True):
    """A template of a message with its id."""

    id: str
    template: MessageTemplate


class MessageReader(Protocol):
    """HQ's templates of messages."""

    async def templates(self) -> Sequence[TemplateRow]:
        """Those in use, in no order."""


class LeaseRow(View, frozen=True):
    """A lease that this tablet has not given back. `usable`: it can be spent now."""

    id: str
    lease: Lease
    usable: bool


class LeaseReader(Protocol):
    """The leases of this tablet, with what waits here taken into account."""

    async def rows(self) -> Sequence[LeaseRow]: ...
    def hq_now(self) -> datetime | None:
        """HQ's time by what cannot be put back, None before its first answer: `guide_app.domain.leases.hq_now`."""


class Granted(View, frozen=True):
    """HQ's answer to a request for a lease; it is in the store already. `code`: why it is not all that was asked."""

    amount: int
    code: str = ""


class FoundOrder(View, frozen=True):
    """An order that HQ found: this store's, which arrives with the next rows; or another's, and what that is called."""

    order_id: str = ""
    store: Names = Names()


class ChainDirectory(Protocol):
    """HQ, when it is asked for a member of another store, or an order; this alone needs the network."""

    async def find_order(self, number: str) -> FoundOrder | None:
        """The order of this number, None where HQ has none. Raises as `look_up`."""

    async def look_up(self, *, phone: str = "", card: str = "", member_no: str = "") -> str | None:
        """The member of the chain with exactly this one thing (phone as E.164), None where there is nobody. They arrive
        as a visitor with the next rows.

        Raises NoNetwork, Refused("too_often": HQ takes no more questions for a minute | "app_old").
        """


class CardOffice(Protocol):
    """HQ, when it is asked for a gift card; this alone needs the network."""

    async def gift_card(self, number: str, pin: str) -> Card:
        """The card with this number, whoever has it in hand, if its PIN is this.

        Raises NoNetwork, Refused("card_unknown" | "card_pin" | "card_locked" | "card_blocked" | "card_expired" |
        "card_not_active" | "too_often" | "app_old").
        """


class Token(View, frozen=True):
    """A link's part that this tablet has signed; good for so many seconds."""

    text: str
    lives_s: int


class Inviter(Protocol):
    """What signs, in this tablet's name, the links by which customers reach HQ's form; it needs no network."""

    def invite(self, *, guide_id: str, form_id: str, touch_point: str = "") -> Token:
        """Raises NoNetwork where this tablet is no device of HQ's now (it is being opened, or enrolled anew)."""


class RadarReader(Protocol):
    """The set by which this tablet tells, with no network, who is probably a member of another store."""

    async def may_have(self, e164: str) -> str | None:
        """When the set was made (RFC 3339 UTC), where the phone is probably a member's somewhere in the chain; None
        where it is none's, or there is no set."""


class PaymentShown(View, frozen=True):
    """HQ's word on a payment by the customer's phone: `text` is what that scans until `until` (RFC 3339 UTC); `code`:
    why not."""

    payment_id: str = ""
    state: str = ""
    amount: int = 0
    text: str = ""
    until: str = ""
    code: str = ""


class PaymentOffice(Protocol):
    """HQ, when it is asked about a payment by the customer's own phone; this alone needs the network."""

    async def payment(
        self,
        what: Literal["ask", "close", "refund"],
        *,
        request_id: str,
        order_id: str,
        guide_id: str,
        amount: int = 0,
        payment_id: str = "",
        reason: str = "",
    ) -> PaymentShown:
        """The same request_id again is the same request; what became of it comes with the order too.

        Raises NoNetwork, Refused("too_often" | "app_old").
        """


class LeaseOffice(Protocol):
    """HQ, when it is asked for a lease; this alone needs the network."""

    async def lease(
        self, instrument: Instrument, amount: int, request_id: str, lease_id: str = "", owner_id: str = ""
    ) -> Granted:
        """Asks for `amount` more, for this lease or a new one; the same request_id again is the same request.
        `owner_id`: of promised stock, whose pieces; of a staff purchase, whose limit.

        Raises NoNetwork, Refused("app_old"), NotSaved.
        """


class Waiting(View, frozen=True):
    """What HQ has not taken yet: how many of each kind of operation, and since when (RFC 3339 UTC)."""

    by_kind: dict[str, int]
    oldest: str
    parked: int

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())


class AttentionRow(View, frozen=True):
    """One thing that needs a person. `kind`: rejected | parked | conflict | out_of_stock | to_refund | merged; or the
    code by which HQ said that it took something otherwise than it was meant (gift_twice, number_changed, …)."""

    key: str
    kind: str
    code: str
    at: str
    op_kind: str = ""
    op_seq: int = 0
    body: Any = None
    """The operation's body, decoded, for "rejected" and "parked"."""
    member_id: str = ""
    member_name: str = ""
    order_id: str = ""
    order_number: str = ""
    amount: int = 0
    """Minor units of `currency`, of "to_refund"."""
    currency: str = ""
    field: str = ""
    hq: Any = None
    theirs: Any = None


class WorkProof(View, frozen=True):
    """The numbers of what was done here in a span of time, from `first` to `last` (0 to 0: nothing was), and what
    became of every one of them. `waiting`: how many HQ has not answered; `parked`: those that HQ could not run yet;
    `missing`: those that are not on this tablet, which must never be."""

    first: int
    last: int
    waiting: int
    parked: tuple[int, ...]
    missing: tuple[int, ...]


class OutboxReader(Protocol):
    """What waits, and what came back."""

    async def waiting(self) -> Waiting: ...
    async def proof(self, *, since: str, until: str) -> WorkProof:
        """Whether every number between the first and the last operation made in the span is here, and is at HQ; both
        ends are RFC 3339 UTC with milliseconds."""

    async def attention(self) -> Sequence[AttentionRow]: ...
    async def attention_count(self) -> int: ...
    async def dismiss(self, key: str) -> None:
        """Takes a row off the list once a person has settled or read it; the outbox entry itself is kept."""


# ------------------------------------------------------------------ the engine, as the screens see it

Phase = Literal["not_enrolled", "starting", "loading", "idle", "syncing", "offline", "stopped"]


class Progress(View, frozen=True):
    """A first sync: rows so far and in all, bytes so far, seconds left (None while unknown)."""

    step: Literal["members", "catalogue", "orders", "other", "indexing"]
    rows_done: int
    rows_total: int
    bytes_done: int
    seconds_left: float | None


class SyncView(View, frozen=True):
    """The state of sync; `problem` is a code: "no_network", "revoked", "clock", "disk_full", "app_old", "defect"."""

    phase: Phase
    last_in_step: str = ""
    problem: str = ""
    progress: Progress | None = None


class SyncControl(Protocol):
    """The sync engine's face to the screens."""

    def view(self) -> SyncView: ...
    def subscribe(self, listener: Callable[[SyncView], None]) -> Callable[[], None]: ...
    def nudge(self) -> None:
        """Something was written, or a person asked: sync soon."""

    async def enrol(self, hq_url: str, code: str, device_name: str) -> None:
        """Raises NoNetwork, Refused("enrol_code"), BadInput("url"), NotSaved."""


# ------------------------------------------------------------------ adapters


class PinHasher(Protocol):
    """argon2id; slow on purpose, so never in the UI thread."""

    async def hash(self, pin: str) -> str: ...
    async def verify(self, phc: str, pin: str) -> bool: ...


class PinTries(Protocol):
    """Wrong tries per guide, kept on the tablet; waiting is judged by a clock that only grows."""

    async def wrong(self, staff_id: str) -> int:
        """Counts one more; returns how many there are now."""

    async def wait_s(self, staff_id: str) -> float:
        """Seconds until the next try is allowed; 0 when it is."""

    async def reset(self, staff_id: str) -> None: ...


class KeySource(Protocol):
    """Where the 32-byte key of the tablet's database and the device's signing key are kept."""

    warning: str
    """Empty, or the code of a warning for the person ("key_file": no OS key store here)."""

    def load(self, name: str) -> bytes | None: ...
    def store(self, name: str, secret: bytes) -> None: ...


class Seen(View, frozen=True):
    """What one picture shows: the codes in it, and how bright it is (0 black to 255 white)."""

    codes: tuple[str, ...]
    brightness: int


class CodeReader(Protocol):
    """Finds barcodes and QR codes in pictures; slow, so never in the UI thread."""

    def read(self, pixels: memoryview, height: int, stride: int) -> Seen:
        """Looks at a grey picture: one byte a pixel, rows of `stride` bytes."""


class SpaceReader(Protocol):
    """How much room there is, in bytes."""

    async def used(self) -> int:
        """What this tablet's data takes."""

    async def free(self) -> int:
        """What is left where it lies."""


class FactsReader(Protocol):
    """What the store says about itself, for whoever looks after tablets."""

    async def facts(self) -> dict[str, Any]:
        """Counts, positions and hashes as plain values; nothing that a person typed."""


class Diagnostics(Protocol):
    """A file that tells HQ's people how this tablet stands."""

    async def save(self) -> str:
        """Writes it, without personal data; its path. Raises NotSaved."""


class Preferences(Protocol):
    """How this tablet looks; kept outside the encrypted store so that the first screen is right."""

    language: Literal["en", "zh_CN"]
    text_scale: float
    theme: Literal["light", "dark", "system"]
    reduce_motion: bool

    def save(self) -> None: ...


class PrinterChoice(View, frozen=True):
    """The receipt printer of this tablet. `network`: raw TCP at host and port; `device`: a device file of the system at
    `path`, with `speed` in baud where it is a serial line. `answers`: it tells how it is when asked; `auto`: each order
    that is placed here is printed by itself."""

    kind: Literal["none", "network", "device"] = "none"
    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 9100
    path: str = ""
    speed: Literal[9600, 19200, 38400, 57600, 115200] = 9600
    columns: Literal[32, 42, 48] = 48
    charset: Literal["chinese", "western"] = "chinese"
    answers: bool = True
    auto: bool = False

    @property
    def there(self) -> bool:
        """Whether enough was said to reach one."""
        return bool({"none": "", "network": self.host, "device": self.path}[self.kind])


class PrinterSetting(Protocol):
    """Which printer this tablet has; kept outside the encrypted store, as it is the tablet's and not the shop's."""

    choice: PrinterChoice

    def keep(self, choice: PrinterChoice) -> None:
        """Takes the choice and saves it. Raises NotSaved("preferences"); the choice holds until the app ends then."""

    def devices(self) -> Sequence[str]:
        """Device files of the system behind which a printer may be."""


class Printer(Protocol):
    """What brings a document onto paper; never in the UI thread."""

    async def print(self, choice: PrinterChoice, document: Document) -> None:
        """Returns once the printer has told that all of it is printed, or, where it cannot tell, that all was sent. May
        be cancelled: what the printer holds by then may still come out.

        Raises NotPrinted("printer_…"), its code saying what is wrong.
        """


class PrintedPapers(Protocol):
    """Which receipts came out of this tablet's printer: the next of an order is a copy."""

    async def at(self, order_id: str) -> str:
        """When the receipt was printed first (RFC 3339 UTC); empty where it was not."""

    async def note(self, order_id: str) -> None:
        """It came out whole, now. Raises NotSaved."""


class PaperPlace(View, frozen=True):
    """A folder that a file can be saved in; `name`: what a drive is called."""

    path: str
    kind: Literal["documents", "downloads", "drive"]
    name: str = ""


class PaperFiles(Protocol):
    """Documents as PDF files."""

    def places(self) -> Sequence[PaperPlace]:
        """Where one can be saved now: the account's folders, then the drives that are plugged in."""

    async def save(self, document: Document, place: PaperPlace) -> str:
        """Writes it beside what is there; its path. Raises NotSaved("disk_full" | "disk_failed"),
        BadInput("place_gone")."""
