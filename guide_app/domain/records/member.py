"""Members: people whom the chain knows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from guide_app.domain.records.base import Birthday, Day, Instant, Minor, Names, Part, Record, Short, Uuid
from guide_app.domain.records.levels import Counted, Given, Membership
from guide_app.domain.records.promotion import DayOrOpen

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


class Wish(Part, frozen=True):
    """A product that the member would like to have; `since` UTC."""

    product_id: Uuid
    since: Instant


class ImportantDate(Part, frozen=True):
    """A day that matters to the member: `day` is ``MM-DD`` or ``YYYY-MM-DD``."""

    id: Uuid
    label: Short
    day: Annotated[Birthday, msgspec.Meta(min_length=5)]


class Relative(Part, frozen=True):
    """Somebody of the member's household: `relation` in words ("daughter")."""

    id: Uuid
    relation: Short
    name: Short = ""
    birthday: Birthday = ""
    gender: Gender = ""


class Gift(Part, frozen=True):
    """The gift of a sign-up as it was handed over; `on` is a day of the shop."""

    product_id: Uuid
    on: Day


class Member(Record, frozen=True):
    """A member. `phone` is E.164; `pinyin` and `initials` are search keys of the name; `spent` in minor units.

    `sizes`: what is measured → the size, in plain words; `likes`: preferences in free words; `touch_point`: the code of
    the poster, QR or campaign that brought them; `signed`: the kinds of policies that they signed by hand.
    """

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
    sizes: dict[str, str] = {}
    likes: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    dates: tuple[ImportantDate, ...] = ()
    household: tuple[Relative, ...] = ()
    touch_point: str = ""
    gift: Gift | None = None
    signed: tuple[str, ...] = ()
    counted: tuple[Counted, ...] = ()
    """What they bought, by day of the shop that sold it: what `level` follows from, as `docs/levels.md` says."""
    given: Given | None = None
    """The level from which the rules go on."""
    memberships: tuple[Membership, ...] = ()
    """What they paid for, each as it was sold."""
    level_look: DayOrOpen = ""
    """When HQ looks at `level` again though nothing is bought, a day of the shop; "" where it never looked."""

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
