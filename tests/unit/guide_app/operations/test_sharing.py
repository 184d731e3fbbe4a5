"""Handing over a material: a row of its own, of whom it was for."""

from __future__ import annotations

from guide_app.domain.records import MemberAlias, Ref, Share
from guide_app.operations import Context, Snapshot, perform
from guide_app.operations.sharing import Handed, MaterialShare

SHARE, MATERIAL, GUIDE, MEMBER, OTHER = (f"00000000-0000-4000-8000-00000000000{n}" for n in range(5))
AT, LATER = "2026-11-21T10:00:00.000Z", "2026-11-21T11:00:00.000Z"
HANDED = Handed(share_id=SHARE, material=MATERIAL, version=3, channel="qr", member_id=MEMBER)


def do(state: Snapshot, body: Handed, at: str = AT, now: str = LATER) -> Share | None:
    made = Context(op_id=OTHER, store_id=OTHER, guide_id=GUIDE, made_at=at, now=now, currency="CNY")
    perform(MaterialShare(), body, state, made)
    return state.get(Ref("share", SHARE), Share)


def test_what_was_handed_over_is_a_row_of_its_own_that_nothing_changes() -> None:
    state = Snapshot()
    made = Share(material=MATERIAL, version=3, guide_id=GUIDE, channel="qr", member_id=MEMBER, at=AT)
    assert do(state, HANDED) == made
    again = Handed(share_id=SHARE, material=OTHER, version=9, channel="link", member_id=OTHER)
    assert do(state, again) == made


def test_it_needs_nobody_who_is_known_and_a_fast_clock_does_not_date_it_ahead() -> None:
    body = Handed(share_id=SHARE, material=MATERIAL, version=1, channel="link")
    made = do(Snapshot(), body, at=LATER, now=AT)
    assert made == Share(material=MATERIAL, version=1, guide_id=GUIDE, channel="link", at=AT)
    assert MaterialShare().persons(body) == ()


def test_it_is_the_survivor_s_after_a_merge() -> None:
    state = Snapshot()
    state.apply({Ref("member_alias", MEMBER): MemberAlias(member_id=OTHER)})
    made = do(state, HANDED)
    assert made is not None
    assert made.member_id == OTHER
