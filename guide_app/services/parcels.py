"""What this shop does for other shops' orders: it prepares their goods, hands them over or sends them."""

from __future__ import annotations

import msgspec

from guide_app.domain import parcels, ways
from guide_app.domain.errors import Refused
from guide_app.domain.records import Parcel
from guide_app.domain.records.order import FulfilWhat
from guide_app.operations.parcels import ParcelStep, Reason, StepParcel
from guide_app.services.ports.orders import ParcelReader
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session


class ParcelDesk:
    """The steps of goods that another shop sold."""

    def __init__(self, read: ParcelReader, journal: Journal, session: Session) -> None:
        self.read, self._journal, self._session = read, journal, session

    async def step(self, order_id: str, what: FulfilWhat, reason: Reason = "") -> str:
        """One step; the name by which it is taken back. `reason`: why it "failed".

        Raises Refused("order_unknown" | "parcel_recalled" | "not_paid"), NotSaved.
        """
        parcel = await self._parcel(order_id)
        may = parcels.next_steps(parcel)
        if what not in may:
            raise Refused("parcel_recalled")
        if what in ways.OUT and not parcel.paid and parcels.is_open(parcel):
            raise Refused("not_paid")
        under = ways.in_force(parcel.goes.steps)
        await self._commit({"order_id": order_id, "what": what, "under": under, "reason": reason})
        before = {one.op_id for one in parcel.goes.steps}
        after = (await self._parcel(order_id)).goes.steps
        return next((one.op_id for one in after if one.op_id not in before), "")

    async def take_back(self, order_id: str, step: str) -> None:
        """A step was none. Raises Refused, NotSaved."""
        await self._commit({"order_id": order_id, "what": "undo", "undoes": step})

    async def _parcel(self, order_id: str) -> Parcel:
        row = await self.read.get(order_id)
        if row is None:
            raise Refused("order_unknown")
        return row.parcel

    async def _commit(self, body: dict[str, str]) -> None:
        draft = Draft(kind=ParcelStep.kind, body=msgspec.convert(body, StepParcel))
        await self._journal.commit(self._session.guide_id, draft)
