"""A member's timeline in words. A kind of entry is one line of `KINDS`; a filter is one line of `GROUPS`.

What is told here the store must find: `local_store.repositories.timeline.SOURCES` has the same kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from guide_app.domain.levels import Change
from guide_app.domain.records import Consent, Followup, Member, Order, Promise, Quotation, Talk, Ticket
from guide_app.operations.members import Edit
from guide_app.services.ports.members import SharedMaterial, TimelineEntry
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr, trn
from ui.viewmodels.level_words import LevelWords
from ui.viewmodels.member_words import field_words
from ui.viewmodels.service_words import promise_state_words, promise_words, ticket_words
from ui.viewmodels.words import (
    channel_words,
    named,
    order_state_words,
    outcome_words,
    quotation_state_words,
    topic_words,
)


class TimelineLine(Row, frozen=True):
    """One entry of the timeline: what happened, when and by whom; `icon` names the picture, `tone` its colour;
    `opens`: the order or quotation that can be opened."""

    kind: str
    icon: str
    tone: str
    title: str
    detail: str
    opens: str
    waiting: bool


class GroupChip(Row, frozen=True):
    """A filter of the timeline; the key is the group's."""

    label: str
    selected: bool


class Teller(NamedTuple):
    """What words are made with: the shop's people by id, the titles of policies by kind, the desk, levels."""

    staff: Mapping[str, str]
    policies: Mapping[str, str]
    desk: Desk
    levels: LevelWords

    def ago(self, at: str) -> str:
        """How long ago."""
        return self.desk.figures.ago(at)


Told = tuple[str, str]
"""Title and detail."""


class Kind(NamedTuple):
    """One kind of entry: the filter that shows it, its picture and colour, and its words."""

    group: str
    icon: str
    tone: str
    told: Callable[[TimelineEntry, Teller], Told]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _order(entry: TimelineEntry, teller: Teller) -> Told:
    order = entry.record
    assert isinstance(order, Order)
    pieces = trn("%n piece(s)", sum(line.qty for line in order.lines))
    amount = teller.desk.figures.money(order.totals.total, order.currency)
    return tr("Order %1 · %2", amount, pieces), f"{teller.ago(entry.at)} · {order_state_words(order.state)}"


def _talk(entry: TimelineEntry, teller: Teller) -> Told:
    talk = entry.record
    assert isinstance(talk, Talk)
    who = teller.staff.get(entry.guide_id, "")
    title = f"{channel_words(talk.channel)}: {topic_words(talk.topic)}"
    return title, _joined(teller.ago(entry.at), outcome_words(talk.outcome), talk.note, who)


def _followup(entry: TimelineEntry, teller: Teller) -> Told:
    followup = entry.record
    assert isinstance(followup, Followup)
    due = tr("due %1", teller.desk.figures.day(followup.due_on))
    return followup.note or tr("Follow-up"), f"{due} · {followup_words(followup.state)}"


def _promise(entry: TimelineEntry, teller: Teller) -> Told:
    promise = entry.record
    assert isinstance(promise, Promise)
    title = tr("Promised: %1", promise.words or promise_words(promise.kind))
    due, who = tr("by %1", teller.desk.figures.day(promise.due_on)), teller.staff.get(promise.guide_id, "")
    return title, _joined(due, promise_state_words(promise.state), who)


def _ticket(entry: TimelineEntry, teller: Teller) -> Told:
    ticket = entry.record
    assert isinstance(ticket, Ticket)
    kind, who = ticket_words(ticket.kind), teller.staff.get(ticket.guide_id, "")
    title = tr("%1: %2", kind, ticket.words) if ticket.words else kind
    solved = tr("Solved") if ticket.state == "solved" else tr("Open · %1", who)
    rated = tr("%1 of 5", ticket.rating) if ticket.rating else ""
    return title, _joined(teller.ago(entry.at), solved, rated)


def _sign_up(entry: TimelineEntry, teller: Teller) -> Told:
    member = entry.record
    assert isinstance(member, Member)
    return tr("Signed up"), _joined(teller.ago(entry.at), teller.staff.get(entry.guide_id, ""), member.touch_point)


def _consent(entry: TimelineEntry, teller: Teller) -> Told:
    consent = entry.record
    assert isinstance(consent, Consent)
    title = teller.policies.get(consent.kind, consent.kind)
    said = tr("Agreed: %1", title) if consent.granted else tr("Withdrew: %1", title)
    return said, teller.ago(entry.at)


def _edit(entry: TimelineEntry, teller: Teller) -> Told:
    edit = entry.record
    assert isinstance(edit, Edit)
    fields = tr(", ").join(field_words(name) for name in edit.set)
    return tr("Changed: %1", fields), _joined(teller.ago(entry.at), teller.staff.get(entry.guide_id, ""))


def _level(entry: TimelineEntry, teller: Teller) -> Told:
    change = entry.record
    assert isinstance(change, Change)
    return teller.levels.change(change), teller.desk.figures.day(change.on)


def _quotation(entry: TimelineEntry, teller: Teller) -> Told:
    quotation = entry.record
    assert isinstance(quotation, Quotation)
    amount = teller.desk.figures.money(quotation.totals.total, quotation.currency)
    ends = tr("until %1", teller.desk.figures.day(quotation.valid_until)) if quotation.state == "open" else ""
    state = quotation_state_words(quotation.state)
    return tr("Quotation %1", amount), _joined(teller.ago(entry.at), state, ends, teller.staff.get(entry.guide_id, ""))


def _share(entry: TimelineEntry, teller: Teller) -> Told:
    handed = entry.record
    assert isinstance(handed, SharedMaterial)
    title = named(handed.title.en, handed.title.zh, teller.desk.figures.language) if handed.title else ""
    said = tr("Shared: %1", title) if title else tr("Shared material that is over")
    how = tr("by code") if handed.share.channel == "qr" else tr("by link")
    return said, _joined(teller.ago(entry.at), how, teller.staff.get(entry.guide_id, ""))


KINDS: Mapping[str, Kind] = {
    "order": Kind("orders", "shopping-bag", "accent", _order),
    "quotation": Kind("orders", "file-text", "accent", _quotation),
    "talk": Kind("talks", "message-circle", "neutral", _talk),
    "share": Kind("talks", "share-2", "neutral", _share),
    "followup": Kind("care", "handshake", "clay", _followup),
    "promise": Kind("care", "handshake", "clay", _promise),
    "ticket": Kind("care", "flag", "clay", _ticket),
    "level": Kind("changes", "crown", "gold", _level),
    "sign_up": Kind("changes", "user-plus", "good", _sign_up),
    "consent": Kind("changes", "shield-check", "neutral", _consent),
    "edit": Kind("changes", "pencil", "neutral", _edit),
}
"""Kind → how it is told."""


def group_words(group: str) -> str:
    """The name of a filter."""
    words = {
        "": tr("Everything"),
        "orders": tr("Orders"),
        "talks": tr("Talks"),
        "care": tr("Care"),
        "changes": tr("Profile"),
    }
    return words[group]


GROUPS = ("", "orders", "talks", "care", "changes")
"""The filters, in order; the first shows everything."""


def kinds_of(group: str) -> tuple[str, ...]:
    """The kinds that a filter shows; none: all."""
    return tuple(name for name, kind in KINDS.items() if kind.group == group)


def group_chips(chosen: str) -> list[GroupChip]:
    """The filters as they stand."""
    return [GroupChip(key=group, label=group_words(group), selected=group == chosen) for group in GROUPS]


def timeline_line(entry: TimelineEntry, teller: Teller) -> TimelineLine:
    """One entry in words."""
    kind = KINDS[entry.kind]
    title, detail = kind.told(entry, teller)
    return TimelineLine(
        key=entry.key,
        kind=entry.kind,
        icon=kind.icon,
        tone=kind.tone,
        title=title,
        detail=detail,
        opens=entry.id if entry.kind in ("order", "quotation") else "",
        waiting=entry.waiting,
    )


def followup_words(state: str) -> str:
    """The state of a follow-up."""
    return {"open": tr("open"), "done": tr("done"), "dropped": tr("dropped")}.get(state, state)
