"""Handing a material to a customer: the link, which this tablet signs with no network, and that it went over."""

from __future__ import annotations

from guide_app.domain.errors import Defect, Refused
from guide_app.domain.ids import Ids
from guide_app.domain.records import Names
from guide_app.domain.records.share import ShareChannel
from guide_app.operations.sharing import Handed, MaterialShare
from guide_app.services.ports.base import View
from guide_app.services.ports.chain import LinkSigner
from guide_app.services.ports.library import LibraryReader, Reader
from guide_app.services.ports.shop import ShopReader
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session


class HandedLink(View, frozen=True):
    """A link to HQ's page of one version of a material, by the guide who made it; `share_id` is new for each."""

    url: str
    share_id: str
    guide_id: str
    material: str
    version: int
    title: Names


class HandingDesk:
    """Makes links, and tells HQ of those that went over."""

    def __init__(
        self, reader: LibraryReader, signer: LinkSigner, shop: ShopReader, journal: Journal, session: Session, ids: Ids
    ) -> None:
        self._reader, self._signer, self._shop = reader, signer, shop
        self._journal, self._session, self._ids = journal, session, ids

    async def link(self, material: str, *, of_member: bool, share_id: str = "") -> HandedLink:
        """A link to the version that is here; with `share_id` the same share, told otherwise whether it is a member's.

        Raises Refused("material_over") for what must not be shown now, NoNetwork as `LinkSigner`.
        """
        guide, tablet, settings = self._session.guide, await self._shop.tablet(), await self._shop.settings()
        if guide is None or tablet is None:
            raise Defect("a material is shared, and nobody is signed in or the tablet is not enrolled")
        row = await self._reader.get(material, Reader(guide_id=guide.id, role=guide.staff.role))
        if row is None or row.why_not:
            raise Refused("material_over")
        share_id, version = share_id or self._ids.uuid7(), row.material.version
        way = self._signer.share_way(
            share_id=share_id, guide_id=guide.id, material=material, version=version, of_member=of_member
        )
        return HandedLink(
            url=(settings.join_url or tablet.hq_url).rstrip("/") + way, share_id=share_id, guide_id=guide.id,
            material=material, version=version, title=row.material.title,
        )  # fmt: skip

    async def went(self, link: HandedLink, channel: ShareChannel, member_id: str) -> None:
        """The customer has it; `member_id` empty where nobody knows who they are. Raises NotSaved."""
        body = Handed(
            share_id=link.share_id, material=link.material, version=link.version, channel=channel,
            member_id=member_id or None,
        )  # fmt: skip
        await self._journal.commit(link.guide_id, Draft(kind=MaterialShare.kind, body=body))
