"""What one member agreed to, as lines with words."""

from __future__ import annotations

from guide_app.domain import contact
from guide_app.domain.records import Member, Policy
from guide_app.services.ports.members import MemberView
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr
from ui.viewmodels.contact import why_not
from ui.viewmodels.words import channel_words, named


class ConsentLine(Row, frozen=True):
    """One consent of the member as it stands."""

    title: str
    detail: str
    granted: bool
    required: bool
    text_en: str
    text_zh: str


class ReachLine(Row, frozen=True):
    """A channel by which offers could come; `why_not`: what stands against it, empty where nothing does."""

    channel: str
    why_not: str


def consent_line(view: MemberView, policy: Policy, desk: Desk) -> ConsentLine:
    """How a consent of the member stands."""
    given = view.member.consent(policy.kind)
    if given is None:
        detail = tr("not asked yet")
    elif given.granted:
        detail = tr("given %1, version %2", day_of(given.at, desk), given.policy_version)
    else:
        detail = tr("withdrawn %1, version %2", day_of(given.at, desk), given.policy_version)
    return ConsentLine(
        key=policy.kind,
        title=named(policy.title.en, policy.title.zh, desk.figures.language),
        detail=detail,
        granted=bool(given and given.granted),
        required=policy.required,
        text_en=policy.text.en,
        text_zh=policy.text.zh,
    )


def reach_lines(member: Member, desk: Desk) -> list[ReachLine]:
    """Whether offers may reach the member, by channel: the rule is `guide_app.domain.contact`'s."""
    bars = {channel: contact.bar(member, channel, "marketing") for channel in contact.CONSENT_OF}
    return [
        ReachLine(key=channel, channel=channel_words(channel), why_not=why_not(bar, desk) if bar else "")
        for channel, bar in bars.items()
    ]


def day_of(at: str, desk: Desk) -> str:
    """The shop's day of an instant; empty for none."""
    return desk.figures.date_of(at) if at else ""
