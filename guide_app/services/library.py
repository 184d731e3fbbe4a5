"""What a guide does with material, and which material goes with what they have before them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence

from guide_app.operations.library import Keep, MaterialKeep, MaterialRead, MaterialShow, Read, Show
from guide_app.services.ports.library import LibraryReader, MaterialRow, Reader, Wanted
from guide_app.services.ports.writing import Draft, Journal
from guide_app.services.session import Session

Ask = Callable[[Collection[str]], Awaitable[None]]


class LibraryService:
    """Implements `guide_app.services.ports.library.LibraryDesk`."""

    def __init__(self, reader: LibraryReader, journal: Journal, session: Session, ask: Ask) -> None:
        """`ask`: has files (their SHA-256) fetched before others."""
        self._reader, self._journal, self._session, self._ask = reader, journal, session, ask

    async def shown(self, row: MaterialRow) -> None:
        guide, said = self._session.guide_id, row.material
        body = Show(material=said.material, guide_id=guide, version=said.version)
        await self._journal.commit(guide, Draft(kind=MaterialShow.kind, body=body))

    async def read(self, row: MaterialRow) -> None:
        guide, said = self._session.guide_id, row.material
        body = Read(material=said.material, guide_id=guide, version=said.version)
        await self._journal.commit(guide, Draft(kind=MaterialRead.kind, body=body))

    async def keep(self, row: MaterialRow, *, favourite: bool) -> None:
        guide = self._session.guide_id
        body = Keep(material=row.material.material, guide_id=guide, favourite=favourite)
        await self._journal.commit(guide, Draft(kind=MaterialKeep.kind, body=body))

    async def bring(self, row: MaterialRow) -> None:
        await self._ask([file.sha256 for file in row.material.files])

    async def goes_with(self, products: Sequence[str], reader: Reader, *, limit: int = 12) -> Sequence[MaterialRow]:
        """What goes with any of these products and may be shown: what a member bought, a basket, a task is about."""
        if not products:
            return ()
        found = await self._reader.find(Wanted(products=tuple(products)), reader, limit=limit)
        return [row for row in found if not row.why_not]
