"""Leases: shares of a value that one tablet may spend with no network."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import Part, Record, Uuid

InstrumentKind = Literal["points", "card", "coupon", "stock", "staff"]
Share = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""An amount in the instrument's unit: points, minor units, uses, pieces."""


class Instrument(Part, frozen=True):
    """Names a value: a member's points, a gift card, the uses of a coupon, promised stock, what
    a colleague may buy at staff prices in a month."""

    kind: InstrumentKind
    id: Uuid


class Lease(Record, frozen=True):
    """A share of an instrument's value that is one tablet's to spend. Amounts in the instrument's unit, times UTC.

    `spent` by orders that stand, `returned` to the instrument, `returned_at`: when it was closed. HQ keeps spends of a
    lease that it does not know as a lease of nothing, with no instrument.
    """

    amount: Share
    expires_at: str
    instrument: Instrument | None = None
    granted_at: str = ""
    spent: Share = 0
    returned: Share = 0
    returned_at: str = ""

    @property
    def held(self) -> int:
        """What the instrument does without because of this lease."""
        return self.amount - self.returned

    @property
    def left(self) -> int:
        """What can still be spent from it."""
        return max(0, self.held - self.spent)

    @property
    def overspent(self) -> int:
        """What was spent beyond what it held: the chain's risk."""
        return max(0, self.spent - self.held)
