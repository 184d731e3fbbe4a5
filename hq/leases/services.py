"""Instruments as HQ changes them. They do not travel, so nothing is published: tablets are granted leases of them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple
from uuid import uuid4

import msgspec
from django.db import transaction

from guide_app.domain import leases
from guide_app.domain.errors import Refused
from guide_app.domain.records import Instrument as InstrumentName
from guide_app.domain.records import Names
from guide_app.domain.records.lease import InstrumentKind
from hq.leases.mapping import INSTRUMENT
from hq.leases.models import Instrument
from hq.leases.values import Value, put_in
from hq.points.mapping import ENTRY
from hq.points.values import PointsEntry, entry_ref
from hq.protocol.rows import Row, refuse_erased


def name_of(kind: InstrumentKind, store_id: str, owner_id: str) -> InstrumentName:
    """The instrument of a member or product: points and promised stock have one each, cards and coupons a new one."""
    match kind:
        case "points":
            return leases.points_instrument(owner_id)
        case "stock":
            return leases.stock_instrument(store_id, owner_id)
        case _:
            return InstrumentName(kind=kind, id=str(uuid4()))


class Face(NamedTuple):
    """How an instrument shows in its owner's wallet: its title, the last digits of a card, the last day it counts."""

    title: Names = Names()
    digits: str = ""
    until: str = ""


class Why(NamedTuple):
    """Who of HQ's people moved a value, and what for."""

    reason: str = ""
    by: str = ""


_UNTOLD = Why()


def put(
    store_id: str, name: InstrumentName, owner_id: str, amount: int, face: Face | None = None, why: Why = _UNTOLD
) -> Value:
    """Puts value into an instrument, made when it is new; a negative amount takes out what leases do not hold. What
    moves points stands in their ledger, with `why`.

    `face`: how it shows from now on; None: as before.

    `amount` in the instrument's unit. Raises Refused("instrument_elsewhere") for one of another store or kind,
    Refused("erased") for one of an erased person.
    """
    with transaction.atomic():
        refuse_erased([owner_id])
        made = {"store_id": store_id, "kind": name.kind, "owner_id": owner_id or None}
        Instrument.objects.get_or_create(id=name.id, defaults=made)
        row = INSTRUMENT.load(store_id, [name.id], lock=True).get(name.id)
        if row is None or not isinstance(row.record, Value) or row.record.kind != name.kind:
            raise Refused("instrument_elsewhere", name.id)
        value = put_in(row.record, amount)
        if face is not None:
            value = msgspec.structs.replace(value, title=face.title, digits=face.digits, until=face.until)
        (saved,) = INSTRUMENT.save([replace(row, ver=row.ver + 1, record=value)])
        moved = (value.balance - value.owed) - (row.record.balance - row.record.owed)
        if name.kind == "points" and moved:
            entry = PointsEntry(instrument_id=name.id, kind="adjusted", points=moved, reason=why.reason, by=why.by)
            ENTRY.save([Row(entry_ref(name.id, saved.ver), 1, store_id, entry)])
        assert isinstance(saved.record, Value)
        return saved.record
