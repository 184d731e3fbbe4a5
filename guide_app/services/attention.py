"""What HQ could not take as it was, each with its repair one tap away (O9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from guide_app.operations.members import SignUp
from guide_app.operations.returns import CopyReturn
from guide_app.services.baskets import Basket
from guide_app.services.fulfilling import GoodsDesk
from guide_app.services.members import MemberDesk, Settled, SignUpForm
from guide_app.services.ports.engine import AttentionRow, OutboxReader
from guide_app.services.ports.members import MemberView
from guide_app.services.selling import Till

Repair = Literal[
    "correct_sign_up", "open_member", "keep_hq", "take_theirs", "cancel_order", "wait_for_stock", "open_order",
    "undo_return", "reroute", "goods_left", "goods_here", "goods_back", "charge_anew", "goods_given_up",
    "settled_seen", "way_seen", "seen",
]  # fmt: skip

OUT_OF_STOCK = "out_of_stock"
PLACING = ("order.place", "order.exchange")
"""Kinds by which an order begins: refused, there is none to be opened."""
_REPAIRS: dict[str, tuple[Repair, ...]] = {
    "conflict": ("take_theirs", "keep_hq"),
    "out_of_stock": ("reroute", "wait_for_stock", "cancel_order"),
    "way_too_late": ("goods_left", "goods_here", "open_order"),
    "left_cancelled": ("charge_anew", "goods_back", "goods_given_up", "open_order"),
    "settled_twice": ("open_order", "settled_seen"),
    "way_of_hq": ("way_seen", "open_order"),
    "to_refund": ("open_order",),
    "return_too_many": ("undo_return", "open_order", "seen"),
    "refund_variance": ("open_order", "seen"),
    "merged": ("open_member", "seen"),
    "gift_twice": ("open_member", "seen"),
    "paid_back_twice": ("open_order", "seen"),
    "overspent": ("open_order", "seen"),
    "lease_expired": ("open_order", "seen"),
    "quotation_gone": ("open_order", "seen"),
    "colleague_unknown": ("open_member", "seen"),
    "not_yours": ("open_member", "seen"),
    "consent_older": ("open_member", "seen"),
}


def repairs(row: AttentionRow) -> tuple[Repair, ...]:
    """The buttons of a row, the likeliest first. A parked operation is HQ's to mend: nothing to press."""
    match row.kind, row.op_kind:
        case "rejected", "member.sign_up":
            return ("correct_sign_up", "seen")
        case "rejected", kind if row.order_id and kind.startswith("order.") and kind not in PLACING:
            return ("open_order", "seen")
        case "number_changed", kind:
            return ("open_member" if kind == "member.sign_up" else "open_order", "seen")
        case "rejected", _:
            return ("open_member", "seen") if row.member_id else ("seen",)
        case _:
            return tuple(one for one in _REPAIRS.get(row.kind, ()) if one not in _of_another_shop(row))


def _of_another_shop(row: AttentionRow) -> tuple[Repair, ...]:
    """What cannot be done here, for it is another shop's: its order opens there, its books have less by the goods."""
    if row.op_kind == CopyReturn.kind:
        return ("open_order",)
    return ("charge_anew",) if row.elsewhere else ()


def chosen(row: AttentionRow, repair: Repair) -> Any:
    """The value by which a repair settles a field collision."""
    return row.theirs if repair == "take_theirs" else row.hq


def collisions(view: MemberView) -> list[AttentionRow]:
    """The field collisions of one member, as rows of the list."""
    return [
        AttentionRow(
            key=f"{one.field}:{one.op_id}", kind="conflict", code="conflict", at="", member_id=view.id,
            field=one.field, hq=one.hq, theirs=one.theirs,
        )
        for one in view.member.conflicts
    ]  # fmt: skip


class Attention:
    """The use cases of the attention list."""

    def __init__(self, outbox: OutboxReader, members: MemberDesk, till: Till, goods: GoodsDesk) -> None:
        self._outbox, self._members, self._till, self._goods = outbox, members, till, goods

    async def rows(self) -> Sequence[AttentionRow]:
        """Everything that needs a person, newest first."""
        return await self._outbox.attention()

    async def correction(self, key: str) -> SignUpForm | None:
        """The form of a refused sign-up, to be corrected; None when there is no such row any more."""
        row = next((row for row in await self.rows() if row.key == key), None)
        if row is None or not isinstance(row.body, SignUp):
            return None
        return msgspec.structs.replace(await self._members.form_again(row.body), corrects=key)

    async def settle(self, row: AttentionRow, repair: Repair) -> Settled:
        """Settles a field collision by "keep_hq" or "take_theirs". Raises NotSaved."""
        return await self._members.settle(row.member_id, row.field, row.hq, chosen(row, repair))

    async def unsettle(self, settled: Settled) -> None:
        """The collision stands again. Raises NotSaved."""
        await self._members.unsettle(settled)

    async def cancel_order(self, row: AttentionRow) -> None:
        """Takes the order back, since its goods are not there."""
        await self._till.cancel(row.order_id, OUT_OF_STOCK)

    async def settle_goods(self, row: AttentionRow, repair: Repair) -> None:
        """Says what is true of goods that were to go two ways: "goods_left", "goods_here"; of those that left though
        they were cancelled: "goods_back", "goods_given_up"; that the shop knows that two people settled that,
        "settled_seen", or the way that HQ's people chose, "way_seen". Raises Refused, NotSaved."""
        match repair:
            case "goods_left":
                await self._goods.goods_left(row.order_id)
            case "goods_here":
                await self._goods.goods_here(row.order_id)
            case "goods_back":
                await self._goods.goods_back(row.order_id)
            case "goods_given_up":
                await self._goods.given_up(row.order_id)
            case "settled_seen":
                await self._goods.settled_seen(row.order_id)
            case _:
                await self._goods.seen(row.order_id)

    async def charge_anew(self, row: AttentionRow) -> Basket:
        """A basket that charges for the goods that left. Raises Refused("order_unknown" | "goods_settled")."""
        return await self._till.charging.basket(row.order_id)

    async def undo_return(self, row: AttentionRow) -> None:
        """The customer gave the money back and has the goods. Raises Refused, NotSaved."""
        back = getattr(row.body, "back", row.body)
        elsewhere = row.op_kind == CopyReturn.kind
        await self._till.undo_return(row.order_id, back.return_id, elsewhere=elsewhere)

    async def dismiss(self, key: str) -> None:
        """Takes the row with this key off the list; what was made stays in the outbox."""
        await self._outbox.dismiss(key)
