"""Members: people whom the chain knows."""

from __future__ import annotations

from typing import Any, Literal

from guide_app.domain.records.base import Birthday, Minor, Names, Part, Record

Gender = Literal["", "f", "m", "x"]


class Consent(Part, frozen=True):
    """One consent, item by item. `ver` is the member's version at which it was last given or withdrawn; `at` UTC."""

    kind: str
    granted: bool
    policy_version: str
    ver: int = 0
    at: str = ""


class FieldConflict(Part, frozen=True):
    """Two people edited one field: HQ's value (`hq`) stayed; the other (`theirs`) is kept until somebody settles it."""

    field: str
    hq: Any
    theirs: Any
    op_id: str


class Member(Record, frozen=True):
    """A member. `phone` is E.164; `pinyin` and `initials` are search keys of the name; `spent` in minor units."""

    member_no: str
    phone: str
    name: str
    pinyin: str = ""
    initials: str = ""
    gender: Gender = ""
    birthday: Birthday = ""
    source: str = ""
    level: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    consents: tuple[Consent, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()
    owner_id: str = ""
    home_store_id: str = ""
    referrer: str = ""
    joined_at: str = ""
    order_count: int = 0
    spent: Minor = 0
    last_contact_at: str = ""
    other_numbers: tuple[str, ...] = ()
    """Numbers of sign-ups that were merged into this member: cards with them are still found."""

    def consent(self, kind: str) -> Consent | None:
        """The state of one consent, or None when it was never asked."""
        return next((c for c in self.consents if c.kind == kind), None)


class Visitor(Member, frozen=True, kw_only=True):
    """A member of another store, as a copy for as long as they are dealt with here.

    `home_store_id`: the store that they belong to now, `home_names` its names; `home_ver`: the version of its row that
    this shows; `until`: when the copy goes, RFC 3339 UTC. What is done here to their figures shows here at once.
    """

    home_names: Names
    home_ver: int
    until: str


class MemberAlias(Record, frozen=True):
    """The id of this row vanished in a merge; `member_id` is the survivor."""

    member_id: str
