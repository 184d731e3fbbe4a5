"""What stays of a trade record once the person in it is erased."""

from __future__ import annotations

import re

import msgspec

from guide_app.domain.records import Order
from guide_app.domain.records.order import GoodsWay

_WORD = re.compile(r"[a-z_]*\Z")


def without_person(order: Order) -> Order:
    """The order as the books need it: goods, amounts, guide, times; neither member nor anything written freely."""
    goes = order.fulfilment
    steps = tuple(msgspec.structs.replace(step, way=_nobodys(step.way)) for step in goes.steps)
    nobodys = msgspec.structs.replace(goes, to=None, note="", first=_nobodys(goes.first), steps=steps)
    return msgspec.structs.replace(
        order, member_id="", note="", cancel_reason=coded(order.cancel_reason), fulfilment=nobodys
    )


def _nobodys(way: GoodsWay | None) -> GoodsWay | None:
    return msgspec.structs.replace(way, to=None, note="") if way else None


def coded(reason: str) -> str:
    """The reason if it is one of HQ's words, "" where somebody wrote it freely."""
    return reason if _WORD.match(reason) else ""
