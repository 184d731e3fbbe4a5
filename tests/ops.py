"""Operations as a tablet sends them, for tests of HQ's side."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import msgspec

from guide_app.domain.clock import SystemClock
from guide_app.domain.ids import Ids
from sync.protocol import codec
from sync.protocol.digest import op_sha
from sync.protocol.messages import WireOp

IDS = Ids(SystemClock(), secrets.token_bytes)


def new_id() -> str:
    """A random UUID."""
    return str(uuid4())


def new_phone() -> str:
    """A valid Chinese mobile number that nobody else in the test has."""
    return f"+86139{secrets.randbelow(10**8):08d}"


class Maker:
    """Makes the operations of one guide in one store, numbered from 1."""

    def __init__(self, store_id: str, guide_id: str) -> None:
        self.store_id, self.guide_id = store_id, guide_id
        self.next_seq = 1

    def op(self, kind: str, body: dict[str, Any] | str, **over: Any) -> WireOp:
        """The next operation; `over` changes its fields (its hash is of what it then holds, unless given)."""
        fields: dict[str, Any] = {
            "seq": self.next_seq,
            "op_id": IDS.uuid7(),
            "kind": kind,
            "schema_v": 1,
            "store_id": self.store_id,
            "guide_id": self.guide_id,
            "made_at": "2026-11-20T10:00:00.000Z",
            "body": body if isinstance(body, str) else msgspec.json.encode(body).decode(),
            **over,
        }
        hashed = ("op_id", "kind", "schema_v", "store_id", "guide_id", "made_at", "body")
        fields.setdefault("sha", op_sha(*(fields[name] for name in hashed)))
        self.next_seq = max(self.next_seq, fields["seq"] + 1)
        return WireOp(**fields)

    def sign_up(self, **more: Any) -> WireOp:
        """A sign-up with the terms agreed to; `more` changes its body."""
        body = {
            "member_id": new_id(),
            "member_no": f"T{secrets.token_hex(6)}",
            "phone": new_phone(),
            "name": "陈静",
            "source": "walk_in",
            "consents": [{"kind": "terms", "policy_version": "1", "granted": True}],
            **more,
        }
        return self.op("member.sign_up", body)

    def edit(self, member_id: str, base_ver: int = 1, **fields: tuple[Any, Any]) -> WireOp:
        """An edit; a field is given as (old, new)."""
        changes = {name: {"old": old, "new": new} for name, (old, new) in fields.items()}
        return self.op("member.edit", {"member_id": member_id, "base_ver": base_ver, "set": changes})

    def consent(self, member_id: str, granted: bool, *, version: str = "1", seen_ver: int = 1) -> WireOp:
        """The terms, given or withdrawn."""
        body = {"member_id": member_id, "kind": "terms", "granted": granted, "policy_version": version}
        return self.op("member.consent", {**body, "seen_ver": seen_ver})

    def reveal(self, member_id: str, what: str = "phone") -> WireOp:
        """The phone, shown on purpose."""
        return self.op("member.reveal", {"member_id": member_id, "what": what})

    def material(self, what: str, **more: Any) -> WireOp:
        """A material that was shown (`show`), read (`read`), or kept at hand (`keep`)."""
        body: dict[str, Any] = {"material": new_id(), "guide_id": self.guide_id}
        return self.op(
            f"material.{what}", {**body, **({"favourite": True} if what == "keep" else {"version": 1}), **more}
        )

    def share(self, member_id: str = "", **more: Any) -> WireOp:
        """A material that was handed over."""
        body = {"share_id": new_id(), "material": new_id(), "version": 1, "channel": "qr"}
        return self.op("material.share", {**body, **({"member_id": member_id} if member_id else {}), **more})

    def talk(self, member_id: str, **more: Any) -> WireOp:
        """A talk in the shop."""
        body = {
            "talk_id": new_id(),
            "member_id": member_id,
            "channel": "in_store",
            "outcome": "interested",
            "topic": "general",
            "at": "2026-11-20T10:00:00.000Z",
            **more,
        }
        return self.op("talk.log", body)

    def followup(self, member_id: str, **more: Any) -> WireOp:
        """A follow-up that is open."""
        body = {"followup_id": new_id(), "member_id": member_id, "due_on": "2026-12-01", "note": "", "state": "open"}
        return self.op("followup.set", {**body, **more})

    def reminder(self, member_id: str, **more: Any) -> WireOp:
        """A birthday that was seen to."""
        body = {"member_id": member_id, "list": "birthday", "cycle": "2026-11-21", "state": "done"}
        return self.op("reminder.set", {**body, **more})

    def ticket(self, member_id: str, **more: Any) -> WireOp:
        """A complaint."""
        body = {"ticket_id": new_id(), "step_id": new_id(), "member_id": member_id, "kind": "complaint"}
        return self.op("ticket.raise", {**body, "number": f"T{secrets.token_hex(6)}", "words": "the zip", **more})

    def ticket_step(self, ticket_id: str, member_id: str, what: str, **more: Any) -> WireOp:
        """Something done with a ticket."""
        body = {"ticket_id": ticket_id, "step_id": new_id(), "member_id": member_id, "what": what}
        return self.op("ticket.step", {**body, **more})

    def promise(self, member_id: str, **more: Any) -> WireOp:
        """Something promised for the first of December."""
        body = {"promise_id": new_id(), "step_id": new_id(), "member_id": member_id, "kind": "hold"}
        return self.op("promise.make", {**body, "due_on": "2026-12-01", "words": "the blue one", **more})

    def settle(self, promise_id: str, member_id: str, what: str, **more: Any) -> WireOp:
        """How a promise ended."""
        body = {"promise_id": promise_id, "step_id": new_id(), "member_id": member_id, "what": what}
        return self.op("promise.settle", {**body, "on": "2026-12-01", **more})

    def order(
        self, lines: Sequence[tuple[str, int, int]], list_id: str = "", kind: str = "order.place", schema_v: int = 1,
        **more: Any,
    ) -> WireOp:  # fmt: skip
        """An order of (product id, quantity, unit price)."""
        total = sum(qty * price for _product, qty, price in lines)
        body = {
            "order_id": new_id(),
            "number": f"T{secrets.token_hex(6)}",
            "lines": [
                {"line_id": new_id(), "product_id": product, "qty": qty, "unit_price": price, "amount": qty * price}
                for product, qty, price in lines
            ],
            "totals": {"lines": total, "discounts": 0, "total": total},
            "price_list": {"id": list_id or new_id(), "version": 1},
            "fulfilment": {"kind": "take_away"},
            "payment_intent": {"method": "cash", "amount": total},
            **more,
        }
        return self.op(kind, body, schema_v=schema_v)

    def take_back(self, order_id: str, lines: Sequence[tuple[str, int]], money: int, **more: Any) -> WireOp:
        """A return of (line id, pieces)."""
        body = {
            "order_id": order_id,
            "return_id": new_id(),
            "lines": [{"line_id": line_id, "qty": qty, "reason": "wrong_size"} for line_id, qty in lines],
            "refund": {"money": money},
            **more,
        }
        return self.op("order.return", body)

    def cancel(self, order_id: str) -> WireOp:
        """The order taken back."""
        return self.op("order.cancel", {"order_id": order_id, "reason": "customer_changed_mind"})

    def pay(self, order_id: str, amount: int) -> WireOp:
        """Cash for an order."""
        legs = [{"leg_id": new_id(), "method": "cash", "amount": amount}]
        return self.op("order.pay", {"order_id": order_id, "legs": legs})

    def fulfil(self, order_id: str, what: str) -> WireOp:
        """A step of an order on its way to the customer."""
        return self.op("order.fulfil", {"order_id": order_id, "what": what})

    def reroute(self, order_id: str, kind: str) -> WireOp:
        """The goods reach the customer in another way."""
        return self.op("order.reroute", {"order_id": order_id, "fulfilment": {"kind": kind}})

    def hand_over(self, order_id: str, line_id: str, number: str) -> WireOp:
        """A gift card goes over the counter for a line."""
        return self.op("order.card", {"order_id": order_id, "line_id": line_id, "number": number})

    def by_card(self, order_id: str, card_id: str, lease_id: str, amount: int) -> WireOp:
        """A gift card pays from a lease of it."""
        card = {"id": card_id, "lease_id": lease_id, "digits": "0042"}
        legs = [{"leg_id": new_id(), "method": "gift_card", "amount": amount, "card": card}]
        return self.op("order.pay", {"order_id": order_id, "legs": legs}, schema_v=2)

    def back_on_card(self, order_id: str, of: str, amount: int) -> WireOp:
        """What a gift card paid goes back on it."""
        told = {"order_id": order_id, "leg_id": new_id(), "method": "gift_card", "amount": amount}
        return self.op("order.pay_back", {**told, "reason": "slip", "of": of}, schema_v=2)

    def pay_back(self, order_id: str, amount: int) -> WireOp:
        """Cash of an order given back."""
        body = {"order_id": order_id, "leg_id": new_id(), "method": "cash", "amount": amount, "reason": "slip"}
        return self.op("order.pay_back", body)

    def reshare(self, order_id: str, shares: dict[str, int], approved_by: str, **more: Any) -> WireOp:
        """An order given to these guides, in basis points."""
        given = [{"guide_id": guide, "share": share} for guide, share in shares.items()]
        body = {"order_id": order_id, "shares": given, "reason": "helped", "approved_by": approved_by, **more}
        return self.op("order.reshare", body)

    def quote(self, lines: Sequence[tuple[str, int, int]], member_id: str = "", **more: Any) -> WireOp:
        """A quotation of (product id, quantity, unit price)."""
        total = sum(qty * price for _product, qty, price in lines)
        body = {
            "quotation_id": new_id(),
            "number": f"T{secrets.token_hex(6)}",
            "lines": [
                {"line_id": new_id(), "product_id": product, "qty": qty, "unit_price": price, "amount": qty * price}
                for product, qty, price in lines
            ],
            "totals": {"lines": total, "discounts": 0, "total": total},
            "price_list": {"id": new_id(), "version": 1},
            "valid_until": "2026-12-04",
            **({"member_id": member_id} if member_id else {}),
            **more,
        }
        return self.op("quote.make", body)

    def void_quote(self, quotation_id: str, **more: Any) -> WireOp:
        """A quotation that nobody wants any more."""
        return self.op("quote.void", {"quotation_id": quotation_id, "reason": "not_wanted", **more})

    def take_quote(self, quotation_id: str, order_id: str, **more: Any) -> WireOp:
        """The order came of the quotation."""
        return self.op("quote.take", {"quotation_id": quotation_id, "order_id": order_id, **more})

    def give_back(self, lease_id: str, left: int) -> WireOp:
        """A lease given back."""
        return self.op("lease.return", {"lease_id": lease_id, "left": left})

    def close_day(self, day: str = "2026-11-20", **figures: Any) -> WireOp:
        """A day closed with these figures."""
        body = {"close_id": new_id(), "day": day, "currency": "CNY", "figures": figures}
        return self.op("day.close", body)


def body_of(op: WireOp) -> dict[str, Any]:
    """What is in an operation."""
    found: dict[str, Any] = codec.decode((op.body or "null").encode(), dict[str, Any])
    return found
