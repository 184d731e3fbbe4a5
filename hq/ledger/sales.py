"""Which operations keep their body while they wait, though their customer is erased."""

from __future__ import annotations


def is_sale(kind: str, body: bytes | None) -> bool:
    """Whether it is money, which HQ takes without its customer. Of an operation that HQ could not place (`kind` is
    empty) the whole of it stands as the body."""
    return kind == "order.place" or (not kind and b'"order.place"' in (body or b""))
