"""Members of other stores: suspected by the radar, and found by asking HQ, the one thing that needs a network.

Whom HQ found is here as a visitor.
"""

from __future__ import annotations

from guide_app.domain import phone
from guide_app.domain.errors import BadInput
from guide_app.services.ports.chain import ChainDirectory
from guide_app.services.ports.members import MemberReader, RadarReader
from guide_app.services.ports.shop import ShopReader

_NUMBER_FROM = 4
"""Characters of the shortest number that is worth asking for."""


class VisitorDesk:
    """The use case of looking a member up in the whole chain."""

    def __init__(self, members: MemberReader, shop: ShopReader, chain: ChainDirectory, radar: RadarReader) -> None:
        self._members, self._shop, self._chain, self._radar = members, shop, chain, radar

    async def suspect(self, text: str) -> str | None:
        """When HQ knew it (RFC 3339 UTC), where a whole phone is nobody's here and probably a member's elsewhere; else
        None. It needs no network, and is wrong about a few."""
        try:
            e164 = await self._e164(text.strip())
        except BadInput:
            return None
        return None if await self._members.by_phone(e164) else await self._radar.may_have(e164)

    async def find(self, text: str) -> str | None:
        """The id of the member with exactly this phone, card or member number; None where the chain has nobody.

        Whom this tablet has is found without a network; others arrive as visitors with the next rows, and stay for 30
        days. Raises BadInput("phone_invalid" | "number_invalid"), NoNetwork, Refused("too_often" | "app_old").
        """
        told = text.strip()
        if any(symbol.isalpha() for symbol in told):
            number = "".join(symbol for symbol in told.upper() if symbol.isalnum())
            if len(number) < _NUMBER_FROM:
                raise BadInput("number_invalid")
            here = await self._members.by_number(number)
            return here.id if here else await self._chain.look_up(member_no=number)
        e164 = await self._e164(told)
        known = await self._members.by_phone(e164)
        return known.id if known else await self._chain.look_up(phone=e164)

    async def _e164(self, told: str) -> str:
        """Raises BadInput("phone_invalid")."""
        tablet = await self._shop.tablet()
        return phone.normalise(told, tablet.region if tablet else "CN")
