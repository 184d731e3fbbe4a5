"""What one member's profile lists: everything that happened, and what they agreed to, as lines with words."""

from __future__ import annotations

from collections.abc import Mapping

from guide_app.domain.records import Followup, Order, Policy, Talk
from guide_app.services.ports import MemberView, TimelineEntry
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.words import channel_words, named, order_state_words, outcome_words, topic_words


class TimelineLine(Row, frozen=True):
    """One entry of the timeline: what happened, when and by whom; `icon` names the picture."""

    kind: str
    icon: str
    title: str
    detail: str
    order_id: str
    waiting: bool


class ConsentLine(Row, frozen=True):
    """One consent of the member as it stands."""

    title: str
    detail: str
    granted: bool
    required: bool


def timeline_line(entry: TimelineEntry, staff: Mapping[str, str], desk: Desk) -> TimelineLine:
    """One entry; `staff` gives the names of the shop's people by id."""
    icon, title, detail = _told(entry, staff.get(entry.guide_id, ""), desk)
    return TimelineLine(
        key=entry.key,
        kind=entry.kind,
        icon=icon,
        title=title,
        detail=detail,
        order_id=entry.id if entry.kind == "order" else "",
        waiting=entry.waiting,
    )


def _told(entry: TimelineEntry, who: str, desk: Desk) -> tuple[str, str, str]:
    """Picture, title and detail."""
    when = desk.figures.ago(entry.at)
    match entry.record:
        case Order() as order:
            pieces = trn("%n piece(s)", sum(line.qty for line in order.lines))
            amount = desk.figures.money(order.totals.total, order.currency)
            return "shopping-bag", tr("Order %1 · %2", amount, pieces), f"{when} · {order_state_words(order.state)}"
        case Talk() as talk:
            title = f"{channel_words(talk.channel)}: {topic_words(talk.topic)}"
            said = (when, outcome_words(talk.outcome), talk.note, who)
            return "message-circle", title, " · ".join(part for part in said if part)
        case Followup() as followup:
            due = tr("due %1", desk.figures.day(followup.due_on))
            return "handshake", followup.note or tr("Follow-up"), f"{due} · {followup_words(followup.state)}"
        case _:
            return "user-plus", tr("Signed up"), f"{when} · {who}" if who else when


def consent_line(view: MemberView, policy: Policy, desk: Desk) -> ConsentLine:
    """How a consent of the member stands."""
    given = view.member.consent(policy.kind)
    if given is None:
        detail = tr("not asked yet")
    elif given.granted:
        detail = tr("given %1, version %2", day_of(given.at, desk), given.policy_version)
    else:
        detail = tr("withdrawn %1", day_of(given.at, desk))
    return ConsentLine(
        key=policy.kind,
        title=named(policy.title.en, policy.title.zh, desk.figures.language),
        detail=detail,
        granted=bool(given and given.granted),
        required=policy.required,
    )


def day_of(at: str, desk: Desk) -> str:
    """The shop's day of an instant; empty for none."""
    return desk.figures.date_of(at) if at else ""


def birthday_words(birthday: str, desk: Desk) -> str:
    """A birthday as people write it; empty when it was not told."""
    if not birthday:
        return ""
    return desk.figures.day(birthday) if len(birthday) > 5 else desk.figures.month_day(birthday)


def followup_words(state: str) -> str:
    """The state of a follow-up."""
    return {"open": tr("open"), "done": tr("done"), "dropped": tr("dropped")}.get(state, state)
