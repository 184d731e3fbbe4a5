"""Baskets, orders in the making: a guide has one open, and any number put aside, each with its member and note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from guide_app.domain import returns, shares, spending, staff_limit
from guide_app.domain.clock import Clock, to_text
from guide_app.domain.errors import BadInput
from guide_app.domain.ids import Ids
from guide_app.domain.money import WHOLE
from guide_app.domain.pricing import ChosenCoupon, Manual, Priced
from guide_app.domain.records import GuideShare, Order
from guide_app.domain.records.order import Spend
from guide_app.operations.orders import WantedFulfilment
from guide_app.operations.returns import TakeBack
from guide_app.services.ports.base import View
from guide_app.services.ports.writing import Drafts
from guide_app.services.session import Session

_KEPT = "basket:"


class BasketLine(View, frozen=True):
    """One product in the basket; `unit_price`: what the list said when it was put in, minor units."""

    line_id: str
    product_id: str
    qty: int
    unit_price: int
    shares: tuple[GuideShare, ...] = ()


class Basket(View, frozen=True):
    """An order in the making, of one guide. Its `order_id` is drawn once: a second tap places no second order.
    `shares`: whose sale it is, of a line whose that one is; empty: the guide's.
    `held_at`: when it was put aside (RFC 3339 UTC), empty while it is the guide's open one. `told`: its price as it was
    shown last, None while nobody has seen one: an order is placed at the price that was told.
    `coupons`: those of the member that were chosen, each by the promotion `of` which it is; `points`: up to so many of
    theirs pay of it. `staff_id`: the colleague who buys it at staff prices; it is no member's then."""

    order_id: str
    guide_id: str
    lines: tuple[BasketLine, ...] = ()
    member_id: str = ""
    reach: WantedFulfilment = WantedFulfilment(kind="take_away")
    """How the goods reach the customer."""
    payment: str = "till"
    note: str = ""
    held_at: str = ""
    shares: tuple[GuideShare, ...] = ()
    coupons: tuple[ChosenCoupon, ...] = ()
    manual: tuple[Manual, ...] = ()
    points: int = 0
    staff_id: str = ""
    told: Priced | None = None
    quotation_id: str = ""
    """The quotation that it began as."""
    charges: str = ""
    """The cancelled order for whose goods it charges, for they had left; `charges_number` its number."""
    charges_number: str = ""
    back: TakeBack | None = None
    """What comes back for it, in an exchange."""
    back_paid: int = 0
    """What of that refund was paid once, in minor units."""
    back_staff: str = ""
    """The colleague who bought what comes back: what is taken instead is theirs too, at staff prices."""
    back_limit: tuple[Spend, ...] = ()
    """What that order counts against the colleague's limit, by lease, as it stood when the exchange began."""
    back_counts: int = 0
    """What of the refund was counted there, minor units."""
    back_sure: bool = False
    """Whether that is so whoever holds these leases; else of those alone that are here and are of the limit."""
    back_whole: bool = False
    """Whether nothing of it stays."""

    def coming_back(self, back: TakeBack, paid: int, order: Order) -> Basket:
        """The basket for what this order's goods are exchanged for: its member's, or its colleague's."""
        gone = Counter(returns.left(order))
        gone.subtract({line.line_id: line.qty for line in back.lines})
        free = msgspec.structs.replace(self, back=None)
        whose = free.for_staff(order.staff_id) if order.staff_id else free.for_member(order.member_id)
        counted = staff_limit.counted(order)
        limit = counted or (returns.spent(order) if order.staff_id else ())
        return msgspec.structs.replace(
            whose, back=back, back_paid=paid, back_staff=order.staff_id,
            back_limit=limit, back_counts=spending.refunded(order, back.refund.money, back.lines),
            back_sure=bool(counted), back_whole=not any(gone.values()),
        )  # fmt: skip

    def for_member(self, member_id: str, *, same_person: bool = False) -> Basket:
        """The basket for this member, or for nobody; what another one has cannot be used for it, and where they live
        and what was noted about them goes with them. What a colleague exchanges stays theirs."""
        if member_id == self.member_id or self.colleagues_exchange:
            return self
        whose = msgspec.structs.replace(self, member_id=member_id, staff_id="" if member_id else self.staff_id)
        if same_person:
            return whose
        free = msgspec.structs.replace(whose, coupons=(), points=0)
        if not self.member_id:
            return free  # what was typed is of whoever stands there
        return msgspec.structs.replace(free, reach=msgspec.structs.replace(self.reach, to=None, note=""), note="")

    def for_staff(self, staff_id: str) -> Basket:
        """The basket for this colleague at staff prices, or for anybody: what a member has is not used for it. What a
        colleague exchanges stays theirs."""
        if staff_id == self.staff_id or self.colleagues_exchange:
            return self
        return msgspec.structs.replace(self.for_member(""), staff_id=staff_id)

    @property
    def colleagues_exchange(self) -> bool:
        """Whether goods come back that a colleague bought at staff prices."""
        return self.back is not None and self.back_staff != ""

    @property
    def holds(self) -> bool:
        """Whether something would be lost with it: goods that go, or goods that come back."""
        return bool(self.lines or self.back)

    @property
    def credit(self) -> int:
        """What goods that come back pay of it, whatever it costs; minor units."""
        return min(self.back.refund.money, self.back_paid) if self.back else 0

    @property
    def total(self) -> int:
        """To pay as it was told, in minor units; at list price before anybody was told."""
        return self.told.total if self.told is not None else sum(line.qty * line.unit_price for line in self.lines)

    @property
    def pieces(self) -> int:
        """Pieces in all."""
        return sum(line.qty for line in self.lines)

    def qty(self, product_id: str) -> int:
        """Pieces of one product."""
        return sum(line.qty for line in self.lines if line.product_id == product_id)

    def shares_of(self, line_id: str) -> tuple[GuideShare, ...]:
        """Whose a line is, said in full: its own word, else the basket's, else it is the guide's."""
        own = next((line.shares for line in self.lines if line.line_id == line_id), ())
        return own or self.shares or (GuideShare(guide_id=self.guide_id, share=WHOLE),)

    def shared(self, parts: tuple[GuideShare, ...], line_id: str = "") -> Basket:
        """The basket with a line of these guides, or all of it. Raises BadInput("shares_not_whole")."""
        if not shares.whole(parts) or len(parts) > shares.MOST:
            raise BadInput("shares_not_whole")
        kept = shares.stored(parts, self.guide_id) if not line_id else parts
        lines = tuple(
            msgspec.structs.replace(line, shares=kept if line_id else ()) if line_id in ("", line.line_id) else line
            for line in self.lines
        )
        return msgspec.structs.replace(self, lines=lines, shares=self.shares if line_id else kept)

    @property
    def key(self) -> str:
        """Where `Drafts` keeps it: a guide has one place for the open basket, each one put aside has its own."""
        return f"{_KEPT}held:{self.order_id}" if self.held_at else f"{_KEPT}{self.guide_id}"


class Baskets:
    """All baskets of this tablet. They are kept in the store: they survive lock, kill and a lost network, and each
    change is one transaction, so that a basket is never in two places and never in none."""

    def __init__(self, drafts: Drafts, session: Session, clock: Clock, ids: Ids) -> None:
        self._drafts, self._session, self._clock, self._ids = drafts, session, clock, ids

    async def mine(self) -> Basket:
        """The signed-in guide's open basket, as it was left."""
        empty = self._empty()
        return _read(await self._drafts.get(empty.key)) or empty

    async def keep(self, basket: Basket) -> None:
        """Keeps the basket as it is now."""
        await self._drafts.change(put=_written(basket))

    async def empty(self) -> Basket:
        """Forgets the open basket and begins a new one."""
        empty = self._empty()
        await self._drafts.drop(empty.key)
        return empty

    async def others(self) -> Sequence[Basket]:
        """All that hold something, but for the guide's open one: the guide's own first, then those of colleagues,
        among them what they left open; of each what was put aside last first."""
        me = self._session.guide_id
        kept = await self.all()
        found = [basket for basket in kept if basket.holds and (basket.held_at or basket.guide_id != me)]
        found.sort(key=lambda basket: (basket.held_at, basket.order_id), reverse=True)
        return sorted(found, key=lambda basket: basket.guide_id != me)

    async def all(self) -> Sequence[Basket]:
        """Every one that is kept on this tablet, whoever is signed in."""
        return [basket for basket in map(_read, (await self._drafts.all(_KEPT)).values()) if basket]

    async def put_aside(self, basket: Basket) -> Basket:
        """Puts the guide's open basket aside; a new, empty one."""
        await self._drafts.change(put=_written(self._aside(basket)), drop=(basket.key,))
        return self._empty()

    async def take_up(self, mine: Basket, held: Basket) -> Basket:
        """Opens one of `others`, also a colleague's, which is the guide's from then on; what was open is put aside.

        Raises BadInput("basket_gone") where it was taken up, placed or thrown away meanwhile.
        """
        up = msgspec.structs.replace(held, held_at="", guide_id=self._session.guide_id)
        aside = _written(self._aside(mine)) if mine.holds else {}
        if not await self._drafts.change(put=aside | _written(up), drop=(held.key,), needs=held.key):
            raise BadInput("basket_gone")
        return up

    async def throw_away(self, held: Basket) -> None:
        """Forgets one of `others`."""
        await self._drafts.drop(held.key)

    async def put_back(self, held: Basket) -> None:
        """Keeps again what was thrown away; what a colleague had left open stands among those put aside."""
        await self.keep(held if held.held_at else self._aside(held))

    def _aside(self, basket: Basket) -> Basket:
        return msgspec.structs.replace(basket, held_at=to_text(self._clock.now()))

    def _empty(self) -> Basket:
        return Basket(order_id=self._ids.uuid7(), guide_id=self._session.guide_id)


def _written(basket: Basket) -> dict[str, bytes]:
    return {basket.key: msgspec.json.encode(basket)}


def _read(kept: bytes | None) -> Basket | None:
    """None where there is none, or one of another version of the app: that beats a page that does not open."""
    if kept is None:
        return None
    try:
        return msgspec.json.decode(kept, type=Basket)
    except msgspec.MsgspecError:
        return None
