"""Orders: what a customer bought or asked for. An order travels whole: lines, discounts and payments inside it.

For every order: ``line.amount = qty × unit_price − Σ line.discounts`` and
``totals.total = Σ line.amount = totals.lines − totals.discounts``.
"""

from __future__ import annotations

from typing import Literal

from guide_app.domain.records.base import Minor, Names, Part, Record
from guide_app.domain.records.pricing import PricedBy

OrderState = Literal[
    "placed", "accepted", "in_review", "paid", "picking", "shipped", "delivered", "closed", "cancelled", "returned"
]
FulfilmentKind = Literal["take_away", "pick_up", "ship"]
PaymentKind = Literal["paid", "refunded"]


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


class Payment(Part, frozen=True):
    """One leg: money or a tender (a coupon of the maker, say) received for the order, or given back of it (`kind`).

    Minor units, UTC. `given` is what was handed over in cash, of which ``given - amount`` is the change; `provider_id`
    names the leg at the provider of payments; `of` the leg that is given back, where it is one leg. Legs of imported
    orders have neither id nor time.
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


class PaymentIntent(Part, frozen=True):
    """How the customer means to pay."""

    method: str
    amount: Minor


class Fulfilment(Part, frozen=True):
    """How the goods reach the customer; `repair` says what must be settled first ("out_of_stock")."""

    kind: FulfilmentKind = "take_away"
    repair: str = ""


class Spend(Part, frozen=True):
    """What the order spent from a lease, in the unit of the lease's instrument."""

    lease_id: str
    amount: int


class Variance(Part, frozen=True):
    """One cause why promised prices differ from HQ's own: `amount` in minor units, positive where more was promised.

    `cause`: "price" (`id`: the product; HQ's list has another price); of a promotion (`id`: its version) "changed",
    "ended", "not_begun" (by HQ's versions of that moment), "unknown" (HQ has none of this id), "missing" (HQ's, and not
    applied), "otherwise" (the same version came to another amount); "by_hand", "rounding", "other".
    """

    cause: str
    amount: Minor
    id: str = ""


class Order(Record, frozen=True):
    """An order. `variance`: what the promised prices differ from HQ's own, in minor units, booked by HQ, the sum
    of `variances`; `priced_by`: what they were made by, None of orders that were not priced by promotions."""

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
    price_list: PriceListUsed | None = None
    promotions_version: int = 0
    variance: Minor = 0
    note: str = ""
    cancel_reason: str = ""
    cancelled_at: str = ""
    spends: tuple[Spend, ...] = ()
    priced_by: PricedBy | None = None
    variances: tuple[Variance, ...] = ()
