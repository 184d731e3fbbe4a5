"""Which operations keep their body while they wait, though their customer is erased."""

from __future__ import annotations

MONEY = ("order.place", "order.pay", "order.pay_back", "order.exchange", "order.return", "order.return_undo",
         "order.reshare", "order.card", "order.fulfil", "order.reroute")  # fmt: skip
"""Kinds of operations that are money, or whose it is."""


def is_sale(kind: str, body: bytes | None) -> bool:
    """Whether it is money, which HQ takes without its customer. Of an operation that HQ could not place (`kind` is
    empty) the whole of it stands as the body."""
    return kind in MONEY or (not kind and any(b'"%b"' % one.encode() in (body or b"") for one in MONEY))
