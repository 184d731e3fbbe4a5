"""Instruments: value that HQ leases to tablets. HQ's own aggregate; it never travels."""

from __future__ import annotations

import msgspec

from guide_app.domain.records import Record
from guide_app.domain.records.lease import InstrumentKind, Share


class Value(Record, frozen=True):
    """What an instrument is worth, in its unit (points, minor units, uses, pieces): `balance` is all that was put in,
    less what HQ itself took out; `held` is what its leases hold: granted and not come back, spent or not.

    ``balance - held`` is free to be leased. What orders spent is ``held`` less what is left in the leases.
    """

    kind: InstrumentKind
    owner_id: str = ""
    """The member whose it is, or the product that is promised."""
    balance: Share = 0
    held: Share = 0

    @property
    def free(self) -> int:
        """What can be leased."""
        return max(0, self.balance - self.held)


class LeaseAsked(Record, frozen=True):
    """What became of a tablet's request for a lease: the same request again is given the same answer."""

    lease_id: str
    granted: Share
    code: str = ""
    at: str = ""


def put_in(value: Value, amount: int) -> Value:
    """The value with more in it, or (negative) with less: never below what its leases hold."""
    return msgspec.structs.replace(value, balance=max(value.held, value.balance + amount))
