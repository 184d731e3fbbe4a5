"""Customers who sign up on their own phone: the link that the tablet shows them, and whom to wait for."""

from __future__ import annotations

from guide_app.domain.errors import Defect, Refused
from guide_app.domain.ids import Ids
from guide_app.operations.joining import needs_a_hand, of_form
from guide_app.services.ports.base import View
from guide_app.services.ports.chain import Inviter
from guide_app.services.ports.shop import ShopReader
from guide_app.services.session import Session


class Invitation(View, frozen=True):
    """A link to HQ's form, good for so many seconds; who fills it in gets this id, or one to which it leads."""

    url: str
    member_id: str
    lives_s: int


class InvitationDesk:
    """Makes links with no network; each is for one person."""

    def __init__(self, inviter: Inviter, shop: ShopReader, session: Session, ids: Ids) -> None:
        self._inviter, self._shop, self._session, self._ids = inviter, shop, session, ids

    async def invite(self, touch_point: str = "") -> Invitation:
        """A new link in the name of the guide signed in.

        Raises Refused("needs_tablet") while nobody joins without signing by hand, NoNetwork as `Inviter`.
        """
        guide_id, tablet, settings = self._session.guide_id, await self._shop.tablet(), await self._shop.settings()
        if needs_a_hand(await self._shop.policies()):
            raise Refused("needs_tablet")
        if tablet is None:
            raise Defect("a guide is signed in, and the tablet is not enrolled")
        form_id = self._ids.uuid4()
        token = self._inviter.invite(guide_id=guide_id, form_id=form_id, touch_point=touch_point)
        base = (settings.join_url or tablet.hq_url).rstrip("/")
        return Invitation(url=f"{base}/join/{token.text}", member_id=of_form(form_id).member_id, lives_s=token.lives_s)
