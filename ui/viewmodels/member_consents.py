"""What one member agreed to, as lines with words."""

from __future__ import annotations

from guide_app.domain.records import Policy
from guide_app.services.ports import MemberView
from ui.models.keyed import Row
from ui.viewmodels.base import Desk, tr
from ui.viewmodels.words import named


class ConsentLine(Row, frozen=True):
    """One consent of the member as it stands."""

    title: str
    detail: str
    granted: bool
    required: bool


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
