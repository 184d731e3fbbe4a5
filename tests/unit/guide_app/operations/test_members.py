"""Sign-up, edit and consent: what each refuses, and its effect."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.elements import LIMIT
from guide_app.domain.records import Consent, Gift, Member, Ref
from guide_app.operations import OPERATIONS, Effect, Refusal, Snapshot, perform
from guide_app.operations.members import (
    ConsentGiven,
    Edit,
    FieldEdit,
    GiveConsent,
    SignUp,
    merge_members,
    merge_sign_up,
)
from tests.unit.guide_app.operations.kit import GUIDE, MADE, MEMBER, NOW, PRODUCT, STORE, context, member, snapshot

REF = Ref("member", MEMBER)


def sign_up(**more: Any) -> SignUp:
    fields: dict[str, Any] = {
        "member_id": MEMBER, "member_no": "101AB7K00423", "phone": "+8613812341234", "name": "陈静",
        "source": "walk_in", "consents": (ConsentGiven(kind="terms", policy_version="2", granted=True),), **more,
    }  # fmt: skip
    return SignUp(**fields)


def edited(before: Member, **fields: tuple[Any, Any]) -> Member | Refusal:
    changes = {name: FieldEdit(old=old, new=new) for name, (old, new) in fields.items()}
    state = snapshot({REF: before})
    done = perform(OPERATIONS["member.edit"], Edit(member_id=MEMBER, base_ver=3, set=changes), state, context())
    if isinstance(done, Refusal):
        return done
    after = state.get(REF, Member)
    assert after is not None
    return after


def test_a_new_member_is_the_guides_and_the_shops() -> None:
    state = Snapshot({REF: None})
    perform(OPERATIONS["member.sign_up"], sign_up(), state, context())
    made = state.get(REF, Member)
    assert made is not None
    assert (made.owner_id, made.home_store_id, made.pinyin, made.initials) == (GUIDE, STORE, "chen jing", "cj")
    assert made.consents == (Consent(kind="terms", granted=True, policy_version="2", ver=1, at=made.joined_at),)


def test_a_fast_clock_cannot_join_anybody_in_the_future() -> None:
    state = Snapshot({REF: None})
    perform(OPERATIONS["member.sign_up"], sign_up(), state, context(made_at="2030-01-01T00:00:00.000Z"))
    made = state.get(REF, Member)
    assert made is not None
    assert made.joined_at == NOW


def test_a_phone_that_is_none_is_refused_and_a_known_id_is_parked() -> None:
    operation = OPERATIONS["member.sign_up"]
    wrong = perform(operation, sign_up(phone="13812341234"), Snapshot({REF: None}), context())
    assert wrong == Refusal("rejected", "phone_invalid")
    again = perform(operation, sign_up(), snapshot({REF: member()}), context())
    assert again == Refusal("parked", "body_invalid")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"shoe": ("", "36")}, Refusal("rejected", "field_unknown")),
        ({"spent": (0, 100)}, Refusal("rejected", "not_allowed")),
        ({"name": ("陈静", "")}, Refusal("parked", "body_invalid")),
        ({"name": ("陈静", None)}, Refusal("parked", "body_invalid")),
        ({"birthday": ("", "31-12")}, Refusal("parked", "body_invalid")),
        ({"tags": ((), "vip")}, Refusal("parked", "body_invalid")),
    ],
)
def test_what_may_not_be_edited_is_refused(fields: dict[str, tuple[Any, Any]], refusal: Refusal) -> None:
    assert edited(member(), **fields) == refusal


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"sizes": ({}, {"": "36"})}, Refusal("parked", "body_invalid")),
        ({"sizes": ("36", {})}, Refusal("parked", "body_invalid")),
        ({"wishes": ([], ["tea"])}, Refusal("parked", "body_invalid")),
        ({"dates": ([], [{"id": MEMBER, "label": "?", "day": ""}])}, Refusal("parked", "body_invalid")),
        ({"household": ([], [{"id": MEMBER}])}, Refusal("parked", "body_invalid")),
        ({"gift": (None, {"product_id": MEMBER, "on": "2026-11-21"})}, Refusal("rejected", "not_allowed")),
        ({"touch_point": ("", "poster-3")}, Refusal("rejected", "not_allowed")),
        ({"signed": ([], ["terms"])}, Refusal("rejected", "not_allowed")),
    ],
)
def test_what_is_no_element_is_parked_and_how_they_joined_is_not_edited(
    fields: dict[str, tuple[Any, Any]], refusal: Refusal
) -> None:
    assert edited(member(), **fields) == refusal


def test_hq_takes_what_two_guides_made_more_than_one_may() -> None:
    many = [str(n) for n in range(LIMIT + 1)]
    assert edited(member(likes=tuple(many)), likes=(many, [*many, "x"])) == member(likes=(*many, "x"))


def test_a_merge_fills_how_they_joined_and_keeps_all_lists() -> None:
    gift = Gift(product_id=PRODUCT, on="2026-11-21")
    ours = member(sizes={"top": "M"}, signed=("terms",))
    theirs = member(
        member_no="N2", sizes={"top": "L", "shoe": "38"}, touch_point="p3", gift=gift, signed=("sms", "terms")
    )
    merged = merge_members(ours, theirs, 4, same_currency=True)
    assert (merged.sizes, merged.touch_point, merged.gift) == ({"shoe": "38", "top": "M"}, "p3", gift)
    assert merged.signed == ("terms", "sms")


def test_a_new_name_is_found_by_its_pinyin_and_null_empties_a_field() -> None:
    after = edited(member(note="tall"), name=("陈静", "陈晶"), note=("tall", None))
    assert isinstance(after, Member)
    assert (after.name, after.pinyin, after.note) == ("陈晶", "chen jing", "")


def test_a_collision_keeps_both_and_a_choice_ends_it() -> None:
    after = edited(member(birthday="05-01"), birthday=("04-01", "05-02"))
    assert isinstance(after, Member)
    assert (after.birthday, [(c.hq, c.theirs) for c in after.conflicts]) == ("05-01", [("05-01", "05-02")])
    settled = edited(after, birthday=("05-01", "05-02"))
    assert isinstance(settled, Member)
    assert (settled.birthday, settled.conflicts) == ("05-02", ())
    kept = edited(after, birthday=("05-01", "05-01"))
    assert isinstance(kept, Member)
    assert (kept.birthday, kept.conflicts) == ("05-01", ())


@pytest.mark.parametrize(("seen_ver", "granted"), [(1, False), (2, True), (9, True)])
def test_a_withdrawal_that_was_not_seen_stands(seen_ver: int, granted: bool) -> None:
    withdrawn = Consent(kind="calls", granted=False, policy_version="1", ver=2)
    state = snapshot({REF: member(consents=(withdrawn,))})
    body = GiveConsent(member_id=MEMBER, kind="calls", granted=True, policy_version="2", seen_ver=seen_ver)
    perform(OPERATIONS["member.consent"], body, state, context())
    after = state.get(REF, Member)
    assert after is not None
    given = after.consent("calls")
    assert given is not None
    assert given.granted is granted


@pytest.mark.parametrize(("seen_at", "granted"), [(MADE, True), (NOW, False), ("", False)])
def test_a_withdrawal_that_hq_had_not_numbered_is_named_by_its_time(seen_at: str, granted: bool) -> None:
    withdrawn = Consent(kind="calls", granted=False, policy_version="1", ver=7, at=MADE)
    state = snapshot({REF: member(consents=(withdrawn,))})
    body = GiveConsent(
        member_id=MEMBER, kind="calls", granted=True, policy_version="2", seen_ver=3, seen_at=seen_at
    )  # fmt: skip
    done = perform(OPERATIONS["member.consent"], body, state, context())
    assert isinstance(done, Effect)
    after = state.get(REF, Member)
    assert after is not None
    given = after.consent("calls")
    assert given is not None
    assert (given.granted, done.code) == (granted, "" if granted else "consent_older")


def test_a_second_sign_up_fills_what_was_empty_and_grants_nothing_that_was_withdrawn() -> None:
    survivor = member(
        birthday="05-01", tags=("vip",), consents=(Consent(kind="terms", granted=False, policy_version="1", ver=2),)
    )
    second = sign_up(member_no="101AC2B00017", name="Chen", birthday="05-02", gender="f", tags=("new", "vip"))
    merged = merge_sign_up(survivor, second, 4, NOW)
    assert (merged.name, merged.birthday, merged.gender, merged.tags) == ("陈静", "05-01", "f", ("vip", "new"))
    assert (merged.other_numbers, merged.last_contact_at) == (("101AC2B00017",), NOW)
    terms = merged.consent("terms")
    assert terms is not None
    assert not terms.granted
