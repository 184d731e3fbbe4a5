"""What only HQ can answer."""

from __future__ import annotations

from typing import Literal, Protocol

from guide_app.domain.records import (
    Card,
    Instrument,
    Names,
)
from guide_app.services.ports.base import View


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


class LinkSigner(Protocol):
    """What signs, in this tablet's name, the links by which customers take material home; it needs no network."""

    def share_way(self, *, share_id: str, guide_id: str, material: str, version: int, of_member: bool) -> str:
        """The link behind HQ's address: `/s/` and the token. Raises NoNetwork as `Inviter`."""


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
