"""The people to contact, in words: why each is there, by when, and what can be done about the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from guide_app.domain.morning import Why
from guide_app.domain.records import Level
from guide_app.services.morning import MorningRow
from guide_app.services.ports.shop import StaffRow
from ui.models.keyed import Row
from ui.viewmodels.base import Figures, tr, trn
from ui.viewmodels.level_words import level_name
from ui.viewmodels.words import named

KINDS = ("all", "late", "followup", "birthday", "refill", "renewal", "lapsed", "here")
"""The filters. `here`: who must not be called or written to; they are told when they come to the shop."""
SNOOZES = (1, 3, 7)
"""Days."""
TOPIC_OF = {"birthday": "birthday", "refill": "product"}
SITUATION_OF = {"followup": "followup", "birthday": "birthday", "refill": "replenishment"}
"""What a talk, and a message, with somebody on a list is likely about."""


class PersonLine(Row, frozen=True):
    """A person to contact and why. `tone` and `icon` belong to the tag; `followup_id` is empty but for a follow-up;
    `whose`: the guide's name, where it is another's; `reachable`: they may be called or written to; `tickets`: theirs
    that are unsolved."""

    member_id: str
    followup_id: str
    name: str
    level: str
    reason: str
    kind: str
    tag: str
    icon: str
    tone: str
    when: str
    late: bool
    whose: str
    reachable: bool
    tickets: int = 0


class Choice(Row, frozen=True):
    """One thing that can be done about a row."""

    label: str
    icon_name: str


class FilterChip(Row, frozen=True):
    """A filter with its count."""

    label: str
    selected: bool


def person_line(
    row: MorningRow, figures: Figures, staff: Mapping[str, str], me: str, levels: Sequence[Level]
) -> PersonLine:
    """A row of the lists; `staff`: id → name; `levels`: what HQ calls them."""
    tag, icon, tone = _tag(row.why, row.list)
    return PersonLine(
        key=row.key,
        member_id=row.member.id,
        followup_id=row.followup.id if row.followup is not None else "",
        name=row.member.name,
        level=level_name(levels, row.member.level, figures.language),
        reason=_reason(row, figures),
        kind=row.list,
        tag=tag,
        icon=icon,
        tone=tone,
        when=_when(row.why, figures),
        late=row.why.code == "promised_late",
        whose=staff.get(row.guide_id, "") if row.guide_id != me else "",
        reachable=row.reachable,
        tickets=row.member.tickets,
    )


def fits(line: PersonLine, kind: str) -> bool:
    """Whether a filter shows the row: those who may not be contacted stand under `here` alone."""
    if not line.reachable:
        return kind == "here"
    return kind in ("all", line.kind) or (kind == "late" and line.late)


def chip_words(kind: str, count: str) -> str:
    """A filter with its count, as people read it."""
    words = {
        "all": tr("All %1", count),
        "late": tr("Late %1", count),
        "followup": tr("Follow-up %1", count),
        "birthday": tr("Birthday %1", count),
        "refill": tr("Refill %1", count),
        "renewal": tr("Renewal %1", count),
        "lapsed": tr("Away %1", count),
        "here": tr("When here %1", count),
    }
    return words[kind]


def choices(today: date, figures: Figures, colleagues: Sequence[StaffRow], *, reachable: bool) -> list[Choice]:
    """What can be done about a row besides contacting: a message, done, not before a day, a colleague's."""
    later = [(today + timedelta(days=days)).isoformat() for days in SNOOZES]
    puts_off = "calendar-clock"
    message = [Choice(key="message", label=tr("Write a message"), icon_name="message-square-text")]
    return [
        *(message if reachable else []),
        Choice(key="done", label=tr("Done"), icon_name="check"),
        *(Choice(key=f"day:{day}", label=tr("Not before %1", figures.day(day)), icon_name=puts_off) for day in later),
        *(
            Choice(key=f"guide:{p.id}", label=tr("Hand to %1", p.staff.name), icon_name="arrow-right")
            for p in colleagues
        ),
    ]


def _to(name: str) -> str:
    return tr("Hand to %1", name)


def _tag(why: Why, kind: str) -> tuple[str, str, str]:
    if why.code == "promised_late":
        return tr("Late"), "handshake", "clay"
    tags = {
        "followup": (tr("Follow-up"), "message-circle", "neutral"),
        "birthday": (tr("Birthday"), "cake", "clay"),
        "refill": (tr("Refill"), "package", "accent"),
        "renewal": (tr("Renewal"), "crown", "gold"),
        "lapsed": (tr("Away"), "hourglass", "warn"),
    }
    return tags[kind]


def _reason(row: MorningRow, figures: Figures) -> str:
    why, number = row.why, figures.number
    match why.code:
        case "birthday_today" | "birthday_soon":
            return tr("Birthday on %1: a good moment for a call", figures.day(why.day))
        case "refill_soon" | "refill_late":
            what = named(row.names.en, row.names.zh, figures.language) or tr("What they always buy")
            told = tr("%1: usually every %2 days, last bought %3 days ago")
            return told.replace("%3", number(why.days)).replace("%2", number(why.usual)).replace("%1", what)
        case "renewal_soon" | "renewal_late":
            return _renewal(row, figures)
        case "lapsed":
            daily = tr("Not here for %1 days, and came every day", number(why.days))
            told = tr("Not here for %1 days, and came every %2 days", number(why.days), number(why.usual))
            return daily if why.usual == 1 else told
        case "lapsed_shop":
            return tr("Not here for %1 days; most come back within %2", number(why.days), number(2 * why.usual))
        case _:
            note = row.followup.followup.note if row.followup is not None else ""
            return note or tr("You promised to be in touch")


def _renewal(row: MorningRow, figures: Figures) -> str:
    plan, day = named(row.names.en, row.names.zh, figures.language) or row.why.what, figures.day(row.why.day)
    if row.why.code == "renewal_late":
        return tr("%1 has ended on %2 and was not renewed", plan, day)
    return tr("%1 ends on %2", plan, day)


def _when(why: Why, figures: Figures) -> str:
    match why.code:
        case "promised_late":
            return trn("%n day(s) late", why.days)
        case "birthday_soon":
            return tr("Tomorrow") if why.days == 1 else trn("in %n day(s)", why.days)
        case "refill_soon" | "refill_late":
            return tr("by %1", figures.day(why.day))
        case "renewal_soon":
            return trn("in %n day(s)", why.days) if why.days else tr("Today")
        case "lapsed" | "lapsed_shop" | "renewal_late":
            return tr("since %1", figures.day(why.day))
        case _:
            return tr("Today")
