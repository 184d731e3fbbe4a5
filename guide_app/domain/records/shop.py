"""The shop itself: its people, HQ's policies and settings, and what HQ tells one tablet."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from guide_app.domain.records.base import BasisPoints, Names, Part, Record, Short
from guide_app.domain.records.levels import Level, LevelRules, MembershipPlan
from guide_app.domain.records.points import PointsPlan
from guide_app.domain.records.pricing import Rounding

StaffRole = Literal["guide", "manager"]


class StaffPurchase(Part, frozen=True):
    """The right to buy at staff prices: for so much a month (minor units, as paid), until and with that day, ""
    without end. `alone`: they may ring it up themselves."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    until: str = ""
    alone: bool = False

    def holds(self, day: str) -> bool:
        """Whether it counts on this day of the shop, ``YYYY-MM-DD``."""
        return not self.until or day <= self.until


class Staff(Record, frozen=True):
    """A person who works here. `pin` is an argon2id PHC string; `pin_once`: issued by HQ, to be replaced first.
    `purchase`: what HQ lets them buy at staff prices."""

    name: str
    staff_no: str
    role: StaffRole = "guide"
    pin: str = ""
    pin_once: bool = False
    active: bool = True
    purchase: StaffPurchase | None = None


class Policy(Record, frozen=True):
    """One version of the words a customer agrees to; `kind` as in a consent ("terms", "marketing_phone", …)."""

    kind: str
    version: str
    title: Names
    text: Names
    required: bool = False
    position: int = 0
    current: bool = True
    signed: bool = False
    """Whether who agrees to it signs by hand."""


class TouchPoint(Part, frozen=True):
    """A poster, QR or campaign that brings people; `source`: the channel that it belongs to."""

    code: Short
    names: Names
    source: Short = ""


class ShopContact(Part, frozen=True):
    """Where a shop is and how it is called, as its receipts say."""

    address: Names = Names()
    phone: Short = ""


class ReceiptWords(Part, frozen=True):
    """What HQ puts on receipts. `language`: the paper's, empty: what is read in the shop's region; `header` and
    `footer`: above and below; `shops`: by the store's code."""

    language: Literal["", "en", "zh"] = ""
    header: Names = Names()
    footer: Names = Names()
    shops: dict[str, ShopContact] = {}


class Settings(Record, frozen=True):
    """What HQ decides for the tablets of a scope."""

    promotions_version: int = 1
    history_months: int = 13
    return_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 60
    """How long goods may come back; so long a promotion's version that ended stays on the tablets."""
    pin_tries: int = 5
    pin_wait_s: int = 60
    lock_after_s: int = 180
    sources: tuple[str, ...] = ("walk_in", "friend", "wechat", "online", "event")
    tags: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    """Levels of membership, the lowest first."""
    level_rules: tuple[LevelRules, ...] = ()
    """How they are reached and kept; without any HQ's people give them."""
    memberships: tuple[MembershipPlan, ...] = ()
    """Paid memberships that are sold."""
    touch_points: tuple[TouchPoint, ...] = ()
    gift_product_id: str = ""
    """What is handed over at a sign-up, as long as the shop has some."""
    points: PointsPlan = PointsPlan()
    """How orders earn points, and when these expire."""
    referral_points: int = 0
    """What a new member and who sent them are given, each, after the first order."""
    join_url: Annotated[str, msgspec.Meta(max_length=200, pattern=r"^(https?://\S+[^\s/])?\Z")] = ""
    """HQ's address as customers' phones see it; empty: as the tablets do."""
    guide_limit: BasisPoints = 500
    """The share of a price that a guide may take off by hand alone."""
    manager_limit: BasisPoints = 3_000
    """The share that a manager may take off, or allow to be taken off by their PIN."""
    discount_reasons: tuple[Names, ...] = (
        Names(en="Damaged packaging", zh="包装破损"),
        Names(en="Last piece, on display", zh="最后一件样品"),
        Names(en="Matched another shop's price", zh="同行比价"),
        Names(en="To make up for a complaint", zh="投诉补偿"),
    )
    """Reasons to choose from for what is taken off by hand; others may be typed."""
    rounding: Rounding = Rounding()
    """How what is to pay is rounded."""
    cards_count: bool = False
    """Whether a gift card that is sold counts as spent, for levels and a colleague's limit; what it pays later does."""
    quotation_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 14
    """For how many days after its own a quotation's prices hold, where the guide says nothing else."""
    data_note: Names = Names()
    """Said on the tablet where the data is synthetic."""
    receipt: ReceiptWords = ReceiptWords()


class TagRule(Record, frozen=True):
    """A rule of HQ's by which members carry a tag for as long as it holds for them.

    `tag`: the word on the member; `names`: what the rule is called; `expression` in the language of
    `guide_app.domain.rules`; valid from (inclusive) until (exclusive), days of the shop, empty: open.
    """

    names: Names
    tag: Short
    expression: Annotated[str, msgspec.Meta(max_length=1000)]
    active: bool = True
    valid_from: str = ""
    valid_until: str = ""

    def in_force(self, today: date) -> bool:
        """Whether the rule tags anybody on this day."""
        day = today.isoformat()
        return self.active and self.valid_from <= day and (not self.valid_until or day < self.valid_until)


class OpOutcome(Record, frozen=True):
    """What became of an op after its first result; the row's id is the op's."""

    op_id: str
    seq: int
    status: Literal["applied", "merged", "rejected"]
    code: str = ""
    message: str = ""
    entity: str = ""
    id: str = ""
    feed_pos: int = 0
