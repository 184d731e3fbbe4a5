"""A link's token says what went into it, whatever that was, and garbage is never one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.errors import BadInput
from sync.protocol import invitation
from sync.protocol.invitation import LONGEST_TOUCH_POINT, Invitation
from sync.protocol.signature import SigningKey

IDS = st.uuids().map(str)
CODES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=LONGEST_TOUCH_POINT)
TOLD = st.builds(Invitation, IDS, IDS, IDS, IDS, st.integers(0, 2**32 - 1), CODES)


@given(TOLD, st.binary(min_size=32, max_size=32))
def test_what_was_written_is_read(told: Invitation, seed: bytes) -> None:
    key = SigningKey(seed)
    sealed = invitation.read(invitation.write(told, key))
    assert sealed.invitation == told
    assert sealed.is_by(key.public)


@given(st.text(max_size=300) | st.text("ABCxyz019-_", max_size=300))
def test_garbage_is_refused_or_nobodys(token: str) -> None:
    try:
        sealed = invitation.read(token)
    except BadInput:
        return
    assert not sealed.is_by(SigningKey(b"k" * 32).public)
