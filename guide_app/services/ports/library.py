"""The material library as the tablet has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from guide_app.domain.materials import Kind, WhyNot
from guide_app.domain.records import Material, Names
from guide_app.services.ports.base import View

Lies = Literal["here", "coming", "absent"]
"""Where a material's files are: all on the tablet, on their way, or not to come for now."""
WhyAbsent = Literal["", "queued", "no_room", "disk_full", "not_at_hq"]


class MaterialRow(View, frozen=True):
    """A material as one guide sees it. `why_not`: why it must not be shown now; "": it may be.

    `here_bytes` of `all_bytes` are on the tablet; `why_absent` says why no more come. `favourite`, `read` (this version
    was confirmed by this guide) and `used_at` (when they last showed it, RFC 3339, "": never) are the guide's own.
    """

    id: str
    material: Material
    why_not: WhyNot = ""
    lies: Lies = "here"
    why_absent: WhyAbsent = ""
    here_bytes: int = 0
    all_bytes: int = 0
    favourite: bool = False
    read: bool = False
    used_at: str = ""

    @property
    def unread(self) -> bool:
        """Whether this guide must still read it."""
        return self.material.must_read and not self.read and not self.why_not


class Reader(View, frozen=True):
    """For whom the library is looked at: the guide and their role in the shop."""

    guide_id: str
    role: str


class Wanted(msgspec.Struct, frozen=True):
    """What is looked for; empty: anything. `only`: what the guide keeps at hand, what they used, what they must read.

    `topic` is the Chinese or the English name; `products`: it goes with one of these.
    """

    text: str = ""
    kind: Kind | Literal[""] = ""
    topic: str = ""
    tag: str = ""
    campaign: str = ""
    lies: Literal["", "here", "away"] = ""
    only: Literal["", "favourites", "recent", "must_read"] = ""
    products: tuple[str, ...] = ()


class Shelf(View, frozen=True):
    """What there is to narrow the library by, and how much of it: `unread` are the guide's must-reads to come."""

    all: int = 0
    here: int = 0
    unread: int = 0
    topics: tuple[Names, ...] = ()
    tags: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()


class LibraryReader(Protocol):
    """The shop's material: reads of the tablet's own store."""

    async def find(self, wanted: Wanted, reader: Reader, *, limit: int = 60, offset: int = 0) -> Sequence[MaterialRow]:
        """By title, topic, tag and campaign, in both languages, pinyin and initials. First what must be read, then what
        may be shown, the newest first; with `only="recent"` by when it was used."""

    async def get(self, material: str, reader: Reader) -> MaterialRow | None:
        """One by the id that stays through its versions."""

    async def shelf(self, reader: Reader) -> Shelf: ...


class LibraryDesk(Protocol):
    """What a guide does with material."""

    async def shown(self, row: MaterialRow) -> None:
        """This version was shown to a customer. Raises NotSaved."""

    async def read(self, row: MaterialRow) -> None:
        """The guide has seen all of this version and says so. Raises NotSaved."""

    async def keep(self, row: MaterialRow, *, favourite: bool) -> None:
        """Keeps it at hand, or no longer. Raises NotSaved."""

    async def bring(self, row: MaterialRow) -> None:
        """Its files are fetched before others."""
