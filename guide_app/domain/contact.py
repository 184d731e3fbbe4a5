"""Whether a member may be contacted now, by this channel, for this purpose: the one rule for pages, lists, templates.

A consent of kind ``marketing_<channel>`` covers offers by that channel; only a standing "yes" does, so that a
withdrawal stops what it covered with the very write that records it. What a member asked for themselves (their order, a
promise, a complaint) needs no consent, and whoever stands in the shop can be talked to.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from guide_app.domain.records import Member
from guide_app.domain.records.talk import Channel

Purpose = Literal["service", "marketing"]
"""`service`: about something that they bought or asked for; `marketing`: everything that they did not ask for."""
Reason = Literal["no_phone", "not_asked", "refused", "withdrawn", "terms_withdrawn"]

CONSENT_OF: dict[Channel, str] = {"phone": "marketing_phone", "sms": "marketing_sms", "wechat": "marketing_wechat"}
"""The channels that reach somebody who is not here → the kind of consent that covers offers by them."""
TERMS = "terms"
_BY_NUMBER: tuple[Channel, ...] = ("phone", "sms")


class Bar(msgspec.Struct, frozen=True):
    """Why a channel is not offered; `since`: when they said so, RFC 3339 UTC, empty where they said nothing."""

    reason: Reason
    since: str = ""


def bar(member: Member, channel: Channel, purpose: Purpose) -> Bar | None:
    """What stands against contacting the member; None: nothing does."""
    if channel in _BY_NUMBER and not member.phone:
        return Bar("no_phone")
    if channel not in CONSENT_OF or purpose == "service":
        return None
    terms = member.consent(TERMS)
    if terms is not None and not terms.granted:
        return Bar("terms_withdrawn", terms.at)
    given = member.consent(CONSENT_OF[channel])
    if given is None:
        return Bar("not_asked")
    # a member's first version is their sign-up: a no of then is no withdrawal
    return None if given.granted else Bar("refused" if given.ver <= 1 else "withdrawn", given.at)


def channels(member: Member, purpose: Purpose) -> tuple[Channel, ...]:
    """The channels by which they may be contacted, those to somebody who is not here first."""
    every: tuple[Channel, ...] = (*CONSENT_OF, *(c for c in get_args(Channel) if c not in CONSENT_OF))
    return tuple(channel for channel in every if bar(member, channel, purpose) is None)


def reachable(member: Member, purpose: Purpose) -> bool:
    """Whether they may be contacted without standing in the shop: who may not is on no list of people to call."""
    return any(bar(member, channel, purpose) is None for channel in CONSENT_OF)
