"""A showing of a masked phone: it changes nothing, and is told in coded words only."""

from __future__ import annotations

import pytest

from guide_app.domain.records import Ref
from guide_app.operations import OPERATIONS, Effect, Unreadable, perform, read
from guide_app.operations.privacy import Reveal
from tests.unit.guide_app.operations.kit import MEMBER, context, member, snapshot


def test_it_changes_no_row() -> None:
    state = snapshot({Ref("member", MEMBER): member()})
    done = perform(OPERATIONS["member.reveal"], Reveal(member_id=MEMBER, what="phone"), state, context())
    assert done == Effect({})
    assert state.changed == set()


def test_nothing_can_be_written_into_it_freely() -> None:
    with pytest.raises(Unreadable, match="body_invalid"):
        read("member.reveal", 1, f'{{"member_id":"{MEMBER}","what":"because Chen Jing asked"}}')


def test_it_is_about_the_member_and_nothing_without_them() -> None:
    operation, body = OPERATIONS["member.reveal"], Reveal(member_id=MEMBER, what="phone")
    assert operation.persons(body) == (MEMBER,)
    assert operation.without_person(body) is None
