"""The morning lists: whom to contact today, and why. Made on the tablet, of its own data; pure.

Five lists. `followup`: what a guide promised for a day that has come. `birthday`: today's and the next days'. `refill`:
what a member buys in a rhythm of their own runs out (`guide_app.domain.rhythm`). `lapsed`: they stay away longer than
twice their rhythm, or, with too few purchases for one, twice the shop's, which is the median of its members'.
`renewal`: what they pay for ends soon, or has just ended.

A row of the last four is due in a *cycle*, which names the thing that makes it due; a guide's mark (`Reminder`) holds
for one cycle. Days are ordinals of the shop's calendar.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from guide_app.domain.memberships import Term
from guide_app.domain.records import Reminder
from guide_app.domain.records.reminder import MorningList
from guide_app.domain.rhythm import Refill, Visits, median, missed_after

BIRTHDAYS_AHEAD = 3
REST = 14
"""Days: who stays away is left in peace for these after a talk, and for as long as their rhythm."""
GONE = 365
"""Days: who stays away longer is nobody's task of a morning any more."""
Code = Literal[
    "promised_today", "promised_late", "birthday_today", "birthday_soon", "refill_soon", "refill_late", "lapsed",
    "lapsed_shop", "renewal_soon", "renewal_late",
]  # fmt: skip


class Why(NamedTuple):
    """Why a row is there. `days`: how late, how far off, or how long since the last purchase; `usual`: the rhythm in
    days; `what`: the product or category that runs out, with its `kind`, or the plan that ends; `day`: the ISO day that
    counts."""

    code: Code
    days: int
    usual: int = 0
    kind: str = ""
    what: str = ""
    day: str = ""


class Due(NamedTuple):
    """A member who is due on a list: the cycle that a mark holds for, and why."""

    list: MorningList
    member_id: str
    cycle: str
    why: Why


class Talked(NamedTuple):
    """The last talk with a member that stands: the shop's day, and whether one about the birthday was on this or a
    later day."""

    last: int = 0
    birthday: int = 0


@lru_cache(maxsize=1)
def birthdays(today: date) -> Mapping[str, tuple[str, int]]:
    """``MM-DD`` of today and the next days → the day and how far off; 29 February is kept on the 28th in most years.

    It is asked for each member of a list.
    """
    near: dict[str, tuple[str, int]] = {}
    for n in range(BIRTHDAYS_AHEAD + 1):
        ahead = today + timedelta(days=n)
        near[f"{ahead:%m-%d}"] = (ahead.isoformat(), n)
        if (ahead.month, ahead.day) == (2, 28) and not isleap(ahead.year):
            near["02-29"] = (ahead.isoformat(), n)
    return near


def birthday(member_id: str, month_day: str, today: date) -> Due | None:
    """A birthday (``MM-DD``) that is near; its cycle is the day on which it is kept this time."""
    if (found := birthdays(today).get(month_day)) is None:
        return None
    day, ahead = found
    return Due("birthday", member_id, day, Why("birthday_soon" if ahead else "birthday_today", ahead, day=day))


def refill(member_id: str, known: Iterable[Refill], today: int) -> tuple[Due, ...]:
    """What runs out, the first to run out first; where a product and its category do alike, the product counts.

    The cycle is what was bought, and when last: with the next purchase another one begins.
    """
    now = [one for one in known if one.due <= today <= one.until]
    now.sort(key=lambda one: (one.expected, one.kind == "category", one.what))
    return tuple(
        Due(
            "refill", member_id, f"{one.what}:{_iso(one.last)}",
            Why(
                "refill_soon" if today <= one.expected else "refill_late", today - one.last, one.usual, one.kind,
                one.what, _iso(one.expected),
            ),
        )
        for one in now
    )  # fmt: skip


def shop_usual(rhythms: Iterable[int]) -> int | None:
    """The shop's rhythm: the median of its members'; None where nobody has one yet."""
    known = list(rhythms)
    return median(known) if known else None


def lapsed(member_id: str, bought: Visits, shop: int | None, today: int) -> Due | None:
    """Somebody who stays away. A cycle lasts as long as it took to miss them: who was let be in one comes up again in
    the next, until they were gone for a year."""
    rhythm = bought.usual if bought.usual is not None else shop
    away = today - bought.last
    if rhythm is None or not missed_after(rhythm) < away <= GONE:
        return None
    code: Code = "lapsed" if bought.usual is not None else "lapsed_shop"
    cycle = f"{_iso(bought.last)}+{away // (missed_after(rhythm) + 1)}"
    return Due("lapsed", member_id, cycle, Why(code, away, rhythm, day=_iso(bought.last)))


def renewal(member_id: str, ends: Term, today: int) -> Due:
    """A paid membership that is to be renewed; its cycle is its last day."""
    left = date.fromisoformat(ends.last).toordinal() - today
    code: Code = "renewal_soon" if left >= 0 else "renewal_late"
    why = Why(code, abs(left), kind="plan", what=ends.sold.plan, day=ends.last)
    return Due("renewal", member_id, f"{ends.sold.plan}:{ends.last}", why)


def wanted(due: Due, mark: Reminder | None, talked: Talked, today: date) -> bool:
    """Whether the row stands today: not done, not put off beyond today, and not settled by a talk meanwhile.

    Whoever was talked to today is on no list. A birthday is settled by a talk about it since it came up; what runs out
    by any talk since the last purchase was as long ago as when it fell due; who stays away is left in peace for as long
    as their rhythm, or `REST` days, and so is whose membership ends.
    """
    if mark is not None and (mark.state == "done" or (mark.state == "snoozed" and today.isoformat() < mark.until)):
        return False
    now = today.toordinal()
    if talked.last >= now:
        return False
    match due.list:
        case "birthday":
            return talked.birthday < now + due.why.days - BIRTHDAYS_AHEAD
        case "refill":
            return talked.last < refill_due(due.why, now)
        case _:
            return now - talked.last > max(due.why.usual, REST)


def refill_due(why: Why, today: int) -> int:
    """The day on which a row of `refill` came up."""
    return Refill("product", why.what, 0, today - why.days, why.usual).due


def whose(owner_id: str, mark: Reminder | None) -> str:
    """Whose row it is: the colleague's whom it was handed to, else the member's guide's; "" where they have none."""
    return mark.guide_id if mark is not None and mark.guide_id else owner_id


def latest(marks: Iterable[Reminder]) -> Mapping[tuple[str, str], Reminder]:
    """(list, cycle) → the mark of one person that holds: after a merge two rows may tell of one cycle."""
    found: dict[tuple[str, str], Reminder] = {}
    for mark in sorted(marks, key=lambda m: (m.set_at, m.state, m.guide_id)):
        found[mark.list, mark.cycle] = mark
    return found


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
