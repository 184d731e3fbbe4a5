"""Orders: what a customer bought or asked for. An order travels whole: lines, discounts and payments inside it.

For every order: ``line.amount = qty × unit_price − Σ line.discounts`` and
``totals.total = Σ line.amount = totals.lines − totals.discounts``.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import Minor, Names, Part, Record, Short, Uuid
from guide_app.domain.records.pricing import PricedBy

OrderState = Literal[
    "placed", "accepted", "in_review", "paid", "picking", "shipped", "delivered", "closed", "cancelled", "returned"
]
FulfilmentKind = Literal["take_away", "pick_up", "ship", "pre_order"]
Progress = Literal["", "picking", "ready", "shipped", "done", "failed"]
"""How far the goods of an order are: with nobody yet, being picked, ready to be handed over, on their way, with the
customer; or they cannot come in this way."""
FulfilWhat = Literal["picking", "ready", "shipped", "done", "failed", "chosen", "seen", "undo"]
PaymentKind = Literal["paid", "refunded"]
Address = Annotated[str, msgspec.Meta(max_length=400)]


class Discount(Part, frozen=True):
    """Why a line costs less; `amount` is taken off the line (negative only where a total was rounded up).

    `step`: when it was applied (`docs/pricing.md`), 0 of imported orders; `source_id`: the promotion, the coupon or the
    discount by hand behind it; `names`: what the promotion is called, `label`: what a person wrote; `approved_by`: the
    manager whose PIN allowed it.
    """

    kind: str
    amount: Minor
    label: str = ""
    step: int = 0
    source_id: str = ""
    promotion_id: str = ""
    version: int = 0
    pieces: int = 0
    names: Names = Names()
    approved_by: str = ""


class GuideShare(Part, frozen=True):
    """A guide's part of a line in basis points; the shares of a line add up to 10,000."""

    guide_id: str
    share: int


class SharesBefore(Part, frozen=True):
    """Whose a line was before it was given to others; said in full."""

    line_id: str
    shares: tuple[GuideShare, ...]


class Reshared(Part, frozen=True):
    """A correction of whose sale some lines are: who made it and when, which manager allowed it, and why (a code).

    `shares`: whose they are from then on; `before`: each line that it was about, and whose that was.
    """

    op_id: str
    at: str
    guide_id: str
    approved_by: str
    reason: str
    shares: tuple[GuideShare, ...]
    before: tuple[SharesBefore, ...]


class OrderLine(Part, frozen=True):
    """One product of an order. `guide_shares` is empty when the whole line is the order's guide's."""

    line_id: str
    product_id: str
    qty: int
    unit_price: Minor
    amount: Minor
    discounts: tuple[Discount, ...] = ()
    guide_shares: tuple[GuideShare, ...] = ()


class Totals(Part, frozen=True):
    """`lines` before discounts, `discounts` in all, `total` to pay; minor units."""

    lines: Minor
    discounts: Minor
    total: Minor


class PriceListUsed(Part, frozen=True):
    """The price list and version that the tablet priced by."""

    id: str
    version: int


class FromCard(Part, frozen=True):
    """The gift card behind a leg: its instrument, the lease that it was spent from, the last digits of its number."""

    id: Uuid
    lease_id: Uuid
    digits: Annotated[str, msgspec.Meta(max_length=8)] = ""


class CreditOf(Part, frozen=True):
    """The payment behind an exchange's credit, perhaps of another order, and its `method`: by that it goes back."""

    leg_id: Uuid
    method: Short


class Payment(Part, frozen=True):
    """One leg: money or a tender (a coupon of the maker, say) received for the order, or given back of it (`kind`).

    Minor units, UTC. `given` is what was handed over in cash, of which ``given - amount`` is the change; `provider_id`
    names the leg at the provider of payments; `of` the leg that is given back, where it is one leg. `card`: the gift
    card that a leg was spent from, or went back to; `credit`: of an exchange's credit, what it was paid by first. Legs
    of imported orders have neither id nor time.
    """

    method: str
    amount: Minor
    at: str = ""
    id: str = ""
    kind: PaymentKind = "paid"
    given: Minor = 0
    provider_id: str = ""
    guide_id: str = ""
    reason: str = ""
    of: str = ""
    card: FromCard | None = None
    credit: CreditOf | None = None


class PaymentAsked(Part, frozen=True):
    """A payment that HQ asked a provider for, until it is paid: `code` is what the customer's phone scans, `until`
    when it expires (RFC 3339 UTC). One at a time; what became of the last stays to be read."""

    id: str
    amount: Minor
    state: Literal["asked", "waiting", "failed", "closed"] = "asked"
    code: str = ""
    until: str = ""


class Refunding(Part, frozen=True):
    """Money of the leg `of` that HQ asked a provider to give back, by whom it was asked for and when. Once it is with
    the customer it is a leg of this id, and this goes; where the provider could not, that stays to be read."""

    id: str
    of: str
    amount: Minor
    at: str
    guide_id: str = ""
    state: Literal["asked", "failed"] = "asked"


class PaymentIntent(Part, frozen=True):
    """How the customer means to pay."""

    method: str
    amount: Minor


NOWHERE = Names()
"""No name: the default itself, for what is the default is left out of the JSON by what object it is."""


class Recipient(Part, frozen=True):
    """Who gets the goods, where it is told: personal data, which goes with the member. `phone`: E.164."""

    name: Short
    phone: Short
    address: Address = ""


class GoodsWay(Part, frozen=True):
    """One way for the goods, as it was chosen; the fields are those of `Fulfilment`."""

    kind: FulfilmentKind = "take_away"
    store_id: str = ""
    at: Names = NOWHERE
    day: str = ""
    fast: bool = False
    to: Recipient | None = None
    note: str = ""


class FulfilStep(Part, frozen=True):
    """One thing that was done about the goods, by whom, when (RFC 3339 UTC). "chosen": another way was chosen, `way`;
    "undo" takes back the step of the operation `undoes`, "seen" says that the shop knows of it. `guide_id`: empty for
    HQ's people. `under`: the operation that chose the way under which it was done, empty: the way of the placing,
    None: not told. `store_id`: the shop that did it, where it is not the one that sold them; `reason`: why it failed
    there. `charged_by`: the order that charged anew for goods that had left, of the "undo" that settled them."""

    op_id: str
    what: FulfilWhat
    at: str
    guide_id: str = ""
    undoes: str = ""
    under: str | None = None
    way: GoodsWay | None = None
    reason: str = ""
    store_id: str = ""
    charged_by: str = ""


class Fulfilment(Part, frozen=True):
    """How the goods reach the customer; `repair` says what must be settled first ("out_of_stock", "cannot_fulfil",
    "way_too_late": they had left when another way was chosen, "way_of_hq": HQ's people chose another one,
    "left_cancelled": they left though the order was cancelled, "settled_twice": then two people settled that, and
    one of them charged the customer anew).

    `store_id`: the shop or warehouse that hands them over or sends them, empty: the one that sold them; `at`: its name.
    `day`: from when on they are there (of a pre-order: when they are expected); `fast`: within two hours. `progress`
    and the way itself follow from `steps`, in HQ's order; `first`: the way before any other was chosen.
    """

    kind: FulfilmentKind = "take_away"
    repair: str = ""
    store_id: str = ""
    at: Names = NOWHERE
    day: str = ""
    fast: bool = False
    to: Recipient | None = None
    note: str = ""
    steps: tuple[FulfilStep, ...] = ()
    progress: Progress = ""
    first: GoodsWay | None = None


class Spend(Part, frozen=True):
    """What the order spent from a lease, in the unit of the lease's instrument."""

    lease_id: str
    amount: int


class Variance(Part, frozen=True):
    """One cause why promised prices differ from HQ's own: `amount` in minor units, positive where more was promised.

    `cause`: "price" (`id`: the product; HQ's list has another price); of a promotion (`id`: its version) "changed",
    "ended", "not_begun" (by HQ's versions of that moment), "unknown" (HQ has none of this id), "missing" (HQ's, and not
    applied), "otherwise" (the same version came to another amount); "by_hand", "rounding", "other"; "quotation"
    (`id`: the quotation that promised these prices; all causes but the next in one); "approval_missing"
    (`id`: a discount by hand beyond what the guide, or whoever is named for it, might give), "coupon_missing" (`id`: a
    coupon behind which HQ has nothing), "points_missing" (points that paid and were not there).
    """

    cause: str
    amount: Minor
    id: str = ""


class ReturnedLine(Part, frozen=True):
    """Pieces of a line that came back, why (a code), and whether they can be sold again.

    `beyond`: further pieces that were told of, though none were left that the customer could have.
    """

    line_id: str
    qty: int
    reason: str = ""
    sellable: bool = True
    beyond: int = 0


class Refund(Part, frozen=True):
    """What the customer gets back: money in minor units, points, and coupons by their ids."""

    money: Minor = 0
    points: int = 0
    coupons: tuple[str, ...] = ()


class Return(Part, frozen=True):
    """Goods that came back, by whom it was taken when, and what the customer got for them.

    `legs`: by which of the order's payments the money went back; what is not in them was not paid yet, or is to be
    refunded. `spends`: what leases got back. `variance`: what HQ finds the refund to differ from what was due (more:
    positive); `risk`: the part of it that exceeds what the shop held for these goods. `void`: taken back since, by
    the operation `undone_by`. `was`:
    the order's state before, where nothing stayed. `exchange_id`: the order with what the customer took instead.
    `store_id`: the shop that took the goods in, with its name `store`, where it is not the one that sold them.
    """

    return_id: str
    guide_id: str
    at: str
    refund: Refund
    lines: tuple[ReturnedLine, ...] = ()
    legs: tuple[str, ...] = ()
    spends: tuple[Spend, ...] = ()
    variance: Minor = 0
    risk: Minor = 0
    void: bool = False
    undone_by: str = ""
    was: str = ""
    exchange_id: str = ""
    store_id: str = ""
    store: Names = NOWHERE


class CardSold(Part, frozen=True):
    """A gift card that was handed over for a piece of a line, by its number, by whom and when."""

    number: str
    line_id: str
    at: str
    guide_id: str


class Order(Record, frozen=True):
    """An order. `variance`: what the promised prices differ from HQ's own, in minor units, booked by HQ, the sum
    of `variances`; `priced_by`: what they were made by, None of orders that were not priced by promotions.
    `exchange_of`: the order whose goods came back for this one; `reshares`: every
    correction of whose sale it is, in HQ's order; `quotation_id`: the quotation that it came of; `cards`: gift cards
    that were sold with it; `staff_id`: the colleague who bought it at staff prices; `uncounted`: the lines that do not
    count as spent (`guide_app.domain.spending`)."""

    number: str
    state: OrderState
    guide_id: str
    placed_at: str
    currency: str
    lines: tuple[OrderLine, ...]
    totals: Totals
    member_id: str = ""
    fulfilment: Fulfilment = Fulfilment()
    payment_intent: PaymentIntent | None = None
    payments: tuple[Payment, ...] = ()
    asked: PaymentAsked | None = None
    price_list: PriceListUsed | None = None
    promotions_version: int = 0
    variance: Minor = 0
    note: str = ""
    cancel_reason: str = ""
    cancelled_at: str = ""
    spends: tuple[Spend, ...] = ()
    priced_by: PricedBy | None = None
    variances: tuple[Variance, ...] = ()
    cancelled_by: str = ""
    returns: tuple[Return, ...] = ()
    exchange_of: str = ""
    reshares: tuple[Reshared, ...] = ()
    quotation_id: str = ""
    refunding: tuple[Refunding, ...] = ()
    cards: tuple[CardSold, ...] = ()
    staff_id: str = ""
    uncounted: tuple[str, ...] = ()


class OrderCopy(Order, frozen=True, kw_only=True):
    """An order of another shop, in the shop `store_id` that takes goods of it back; it names nobody.

    `home_store_id`: the shop that sold it, `home_names` its names; `home_ver`: the version of its row that this shows;
    `until`: when the copy goes, RFC 3339 UTC. A return that was made here stands in it at once.
    """

    store_id: str
    home_store_id: str
    home_names: Names
    home_ver: int
    until: str
