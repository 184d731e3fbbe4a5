"""Members, their tags, and who is probably one elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from guide_app.domain.levels import Standing
from guide_app.domain.records import (
    Member,
    Names,
    Part,
    Share,
    Wallet,
)
from guide_app.services.ports.base import View


class MemberRow(View, frozen=True):
    """A member in a list. `waiting`: has work that HQ has not taken yet; `home`: what the store is called that they
    belong to, empty for this one; `tickets`: how many of theirs are unsolved."""

    id: str
    name: str
    pinyin: str
    initials: str
    phone: str
    member_no: str
    level: str
    last_contact_at: str
    owner_id: str
    joined_at: str
    birthday: str = ""
    waiting: bool = False
    home: Names = Names()
    tickets: int = 0
    tags: tuple[str, ...] = ()
    rule_tags: tuple[str, ...] = ()
    """Tags by hand, and tags that HQ's rules give."""


class RuleTag(View, frozen=True):
    """A tag that a rule of HQ's gives; `names`: what the rule is called."""

    tag: str
    names: Names


class MemberView(View, frozen=True):
    """A member with what the profile page needs. `ver`: HQ's version under what waits here, 0 where HQ has none; of a
    member of another store, its version at `home`, whose names these are. `merged`: ids of members who turned out to be
    this one; `wallet`: as HQ says, less what orders that wait here spend."""

    id: str
    ver: int
    member: Member
    spent_90d: int
    orders_90d: int
    average_days: int | None
    waiting: bool = False
    home: Names = Names()
    merged: tuple[str, ...] = ()
    wallet: Wallet | None = None
    tickets: int = 0
    rule_tags: tuple[RuleTag, ...] = ()
    standing: Standing | None = None
    """Where they stand by what is on this tablet."""


class SharedMaterial(Part, frozen=True):
    """What was handed over, and what it is called by the newest version that is here; None where none is any more."""

    share: Share
    title: Names | None = None


class TimelineEntry(View, frozen=True):
    """One entry of a member's timeline, newest first; `record` is the Member itself for the sign-up, for an edit what
    was changed on this tablet. A kind is an entry of `local_store.repositories.timeline.SOURCES`, and of
    `ui.viewmodels.timeline.KINDS`, which says it in words."""

    key: str
    kind: str
    at: str
    id: str
    guide_id: str
    record: Part
    waiting: bool = False


class TagCount(View, frozen=True):
    """A tag that members of this store carry, by hand or by a rule, and how many do."""

    tag: str
    members: int


class MemberReader(Protocol):
    """Members of this store."""

    async def search(
        self, text: str, *, owner_id: str = "", tag: str = "", limit: int = 50, offset: int = 0
    ) -> Sequence[MemberRow]:
        """By phone tail or whole, member number, name, given name, pinyin, initials. Empty text: last contact first.
        `tag`: only those who carry it, by hand or by a rule."""

    async def count(self, text: str = "", *, owner_id: str = "", tag: str = "") -> int:
        """How many `search` would give in all (exact up to 1,000, then 1,000)."""

    async def get(self, member_id: str) -> MemberView | None:
        """Follows aliases of merged members."""

    async def by_phone(self, e164: str) -> MemberRow | None: ...
    async def by_number(self, number: str) -> MemberRow | None: ...
    async def tags(self) -> Sequence[TagCount]:
        """All tags that members carry, those of most members first."""

    async def timeline(
        self, member_id: str, *, kinds: Collection[str] = (), limit: int = 50, offset: int = 0
    ) -> Sequence[TimelineEntry]:
        """Everything that happened, newest first, or only what is of these kinds."""


class TagKeeper(Protocol):
    """Keeps beside the members' rows whom HQ's rules tag; what a row changes is judged with it."""

    async def step(self) -> bool:
        """Judges some of those who are still to be judged (all are once a rule or the shop's day changed); whether more
        wait. A guide's write waits for one step at most."""


class RadarReader(Protocol):
    """The set by which this tablet tells, with no network, who is probably a member of another store."""

    async def may_have(self, e164: str) -> str | None:
        """When the set was made (RFC 3339 UTC), where the phone is probably a member's somewhere in the chain; None
        where it is none's, or there is no set."""
