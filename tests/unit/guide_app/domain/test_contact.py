"""Who may be contacted, by what, for what."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain import contact
from guide_app.domain.contact import Bar, Purpose
from guide_app.domain.records import Consent, Member
from guide_app.domain.records.talk import Channel
from guide_app.operations.members import GiveConsent, with_consent

JOINED, LATER = "2026-01-05T02:00:00.000Z", "2026-11-21T03:00:00.000Z"
CHANNELS: tuple[Channel, ...] = get_args(Channel)
DISTANT = tuple(contact.CONSENT_OF)


def member(*consents: tuple[str, bool, str], phone: str = "+8613812341234") -> Member:
    given = tuple(
        Consent(kind=kind, granted=yes, policy_version="1", ver=1 if at == JOINED else 2, at=at)
        for kind, yes, at in consents
    )
    return Member(member_no="M1", phone=phone, name="陈静", joined_at=JOINED, consents=given)


def test_whoever_stands_in_the_shop_can_be_talked_to() -> None:
    withdrawn = member(("terms", False, LATER), phone="")
    for channel in ("in_store", "fitting", "after_sale", "other"):
        assert contact.bar(withdrawn, channel, "marketing") is None


def test_offers_need_a_standing_yes_to_the_very_channel() -> None:
    agreed = member(("terms", True, JOINED), ("marketing_phone", True, JOINED))
    assert contact.bar(agreed, "phone", "marketing") is None
    assert contact.bar(agreed, "sms", "marketing") == Bar("not_asked")
    assert contact.bar(agreed, "sms", "service") is None


@pytest.mark.parametrize(("at", "reason"), [(JOINED, "refused"), (LATER, "withdrawn")])
def test_a_no_at_the_sign_up_is_told_from_a_withdrawal(at: str, reason: str) -> None:
    told = contact.bar(member(("marketing_wechat", False, at)), "wechat", "marketing")
    assert told is not None
    assert (told.reason, told.since) == (reason, at)


def test_without_a_phone_nobody_is_called_or_written_to_by_it() -> None:
    nobody = member(("marketing_wechat", True, JOINED), ("marketing_phone", True, JOINED), phone="")
    assert contact.bar(nobody, "phone", "service") == Bar("no_phone")
    assert contact.bar(nobody, "sms", "marketing") == Bar("no_phone")
    assert contact.bar(nobody, "wechat", "marketing") is None


def test_who_withdrew_the_terms_gets_no_offers_at_all_and_is_still_told_of_what_they_asked_for() -> None:
    gone = member(("terms", False, LATER), ("marketing_phone", True, JOINED), ("marketing_sms", True, JOINED))
    assert {contact.bar(gone, channel, "marketing") for channel in DISTANT} == {Bar("terms_withdrawn", LATER)}
    assert not contact.reachable(gone, "marketing")
    assert contact.reachable(gone, "service")


@given(st.lists(st.tuples(st.sampled_from(["terms", *contact.CONSENT_OF.values()]), st.booleans()), max_size=12))
def test_a_withdrawal_stops_at_once_what_it_covered_and_nothing_else(history: list[tuple[str, bool]]) -> None:
    person = member()
    for ver, (kind, granted) in enumerate(history, 2):
        before = {(c, p): contact.bar(person, c, p) for c in CHANNELS for p in get_args(Purpose)}
        said = GiveConsent(
            member_id="0" * 36, kind=kind, granted=granted, policy_version="1", seen_ver=ver, seen_at=""
        )  # fmt: skip
        after = with_consent(person, said, ver, LATER)
        assert after is not None
        person = after
        for (channel, purpose), earlier in before.items():
            covered = purpose == "marketing" and channel in DISTANT and kind in ("terms", contact.CONSENT_OF[channel])
            now = contact.bar(person, channel, purpose)
            if not covered:
                assert now == earlier
            elif not granted:
                assert now is not None


@given(st.sets(st.sampled_from(DISTANT)))
def test_what_is_offered_is_exactly_what_nothing_stands_against(agreed: set[Channel]) -> None:
    person = member(*((contact.CONSENT_OF[channel], True, JOINED) for channel in agreed))
    offered = contact.channels(person, "marketing")
    assert {channel for channel in offered if channel in DISTANT} == agreed
    assert set(contact.channels(msgspec.structs.replace(person, consents=()), "service")) == set(CHANNELS)
