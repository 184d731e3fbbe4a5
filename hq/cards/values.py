"""What HQ keeps of gift cards for itself: the ledger. It never travels."""

from __future__ import annotations

from typing import Literal

from guide_app.domain.ids import derived_id
from guide_app.domain.records import Record, Ref

CardEntryKind = Literal["sold", "unsold", "handed_out", "spent", "given_back", "adjusted", "expired"]


class CardEntry(Record, frozen=True):
    """One movement of the card `card_id`, never changed: `amount` (minor units) on it or (negative) off it.
    `source`: the order behind it; `reason` and `by`: of HQ's people; `at`: RFC 3339 UTC."""

    card_id: str
    kind: CardEntryKind
    amount: int
    source: str = ""
    at: str = ""
    reason: str = ""
    by: str = ""


def entry_ref(card_id: str, ver: int) -> Ref:
    """The entry that was written with this version of the card."""
    return Ref("card_entry", derived_id("card_entry", card_id, str(ver)))
