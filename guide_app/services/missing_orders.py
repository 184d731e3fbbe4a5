"""Returns to finish: receipts whose order is not on this tablet. HQ is asked for it; with no network the wish is kept.

What is kept survives lock, kill and restart, for whichever guide is there when the network is back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from guide_app.domain import numbers
from guide_app.domain.clock import Clock, to_text
from guide_app.domain.errors import NoNetwork
from guide_app.domain.records import Names
from guide_app.services.ports.base import View
from guide_app.services.ports.chain import ChainDirectory
from guide_app.services.ports.orders import OrderReader
from guide_app.services.ports.writing import Drafts

_KEPT = "missing_order:"
State = Literal["waits", "coming", "here", "elsewhere", "unknown"]


class Missing(View, frozen=True):
    """A receipt whose order was not here. `waits`: HQ could not be asked yet; `coming`: HQ sends it; `here`: the return
    can be finished; `elsewhere`: only the shop that sold it can take goods of it back; `unknown`: HQ has none of this
    number. `store`: the other shop that sold it, where it is not this one's."""

    number: str
    at: str
    state: State = "waits"
    order_id: str = ""
    store: Names = Names()

    @property
    def key(self) -> str:
        """Where `Drafts` keeps it."""
        return f"{_KEPT}{self.number}"


class MissingOrders:
    """The use cases."""

    def __init__(self, orders: OrderReader, chain: ChainDirectory, drafts: Drafts, clock: Clock) -> None:
        self._orders, self._chain, self._drafts, self._clock = orders, chain, drafts, clock

    async def seek(self, text: str) -> Missing:
        """Looks for the order with this number, here and then at HQ; what is not here is kept before HQ is asked.

        Raises BadInput("number_invalid" | "number_check"), Refused("too_often" | "app_old"): it is kept then, too.
        """
        parts = numbers.parse(text)
        number = numbers.compose(parts.store_code, parts.device_letters, parts.incarnation, parts.n)
        wanted = Missing(number=number, at=to_text(self._clock.now()))
        await self.keep(wanted)
        return await self._asked(wanted)

    async def all(self) -> Sequence[Missing]:
        """What is to be finished, the newest first. One of which goods came back since is finished, and goes."""
        found = []
        for one in map(_read, (await self._drafts.all(_KEPT)).values()):
            now = await self._now(one) if one else None
            if now is not None:
                found.append(now)
        return sorted(found, key=lambda one: (one.at, one.number), reverse=True)

    async def seek_again(self) -> Sequence[Missing]:
        """Asks HQ for everything that waits, the network being back; what was found. Raises Refused."""
        asked = [await self._asked(one) for one in await self.all() if one.state == "waits"]
        return [one for one in asked if one.state != "waits"]

    async def keep(self, one: Missing) -> None:
        """Keeps it, or again what was dropped."""
        await self._drafts.put(one.key, msgspec.json.encode(one))

    async def drop(self, one: Missing) -> None:
        """It is not to be finished any more."""
        await self._drafts.drop(one.key)

    async def _asked(self, one: Missing) -> Missing:
        rows = await self._orders.list(text=one.number, limit=1)
        copy = await self._orders.elsewhere(one.number)
        if rows and rows[0].order.number == one.number:
            became = msgspec.structs.replace(one, state="here", order_id=rows[0].id)
        elif copy is not None:
            became = msgspec.structs.replace(one, state="here", order_id=copy.id, store=copy.sold_at or Names())
        else:
            try:
                found = await self._chain.find_order(one.number)
            except NoNetwork:
                return one
            state: State = "unknown" if found is None else "coming" if found.order_id else "elsewhere"
            told = (found.order_id, found.store) if found else ("", Names())
            became = msgspec.structs.replace(one, state=state, order_id=told[0], store=told[1])
        await self.keep(became)
        return became

    async def _now(self, one: Missing) -> Missing | None:
        """As it stands now: None once it is finished."""
        row = await self._orders.get(one.order_id) if one.order_id else None
        if row is None:
            return one
        if any(back.at >= one.at for back in row.order.returns):
            await self.drop(one)
            return None
        return msgspec.structs.replace(one, state="here")


def _read(kept: bytes) -> Missing | None:
    """None for one of another version of the app."""
    try:
        return msgspec.json.decode(kept, type=Missing)
    except msgspec.MsgspecError:
        return None
