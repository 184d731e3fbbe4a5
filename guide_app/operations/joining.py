"""What a sign-up asks for, wherever its form stands: on the tablet, or on the customer's own phone at HQ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from guide_app.domain.errors import BadInput
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Member, Policy
from guide_app.operations.members import ConsentGiven

WALKED_IN = "walk_in"
"""How somebody came of whom nothing else is told."""


class FormIds(NamedTuple):
    """What comes of a form that a customer fills in at HQ, however often it is sent."""

    op_id: str
    member_id: str


def of_form(form_id: str) -> FormIds:
    """The ids that follow from the form's own: the tablet that showed the link knows whom to wait for."""
    return FormIds(derived_id("join_op", form_id), derived_id("join_member", form_id))


def by_form(member_id: str) -> bool:
    """Whether the id came of a form at HQ: a tablet makes ids of version 7, which no form's is."""
    return UUID(member_id).version == 8


def without_form(member: Member) -> Member:
    """What is left of a member who came by a form without what the form said; what was done with them since stays.

    Whoever has the link can type any phone: what they say of somebody who is a member already counts for nothing.
    """
    since = tuple(consent for consent in member.consents if consent.at > member.joined_at)
    return msgspec.structs.replace(
        member, name="", pinyin="", initials="", gender="", birthday="", source="", touch_point="", referrer="",
        consents=since,
    )  # fmt: skip


def to_sign(answers: Mapping[str, bool], policies: Sequence[Policy]) -> tuple[str, ...]:
    """The kinds of policies that were agreed to and are signed by hand."""
    return tuple(policy.kind for policy in policies if policy.signed and answers.get(policy.kind))


def needs_a_hand(policies: Sequence[Policy]) -> bool:
    """Whether nobody can join without signing by hand, which takes a tablet."""
    return any(policy.required and policy.signed for policy in policies)


def on_a_phone(policies: Sequence[Policy]) -> list[Policy]:
    """What can be agreed to on the customer's own phone: what is signed by hand is asked for on the tablet."""
    return [policy for policy in policies if not policy.signed]


def consents(answers: Mapping[str, bool], policies: Sequence[Policy]) -> tuple[ConsentGiven, ...]:
    """The answers, with the version of the words each was given to; a kind that is not there was not asked.

    Raises BadInput("consent_missing") where one is refused without which nobody is a member.
    """
    if any(policy.required and not answers.get(policy.kind) for policy in policies):
        raise BadInput("consent_missing")
    return tuple(
        ConsentGiven(kind=policy.kind, policy_version=policy.version, granted=answers[policy.kind])
        for policy in policies
        if policy.kind in answers
    )
