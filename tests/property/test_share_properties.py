"""A shared link says what went into it, nobody but its tablet makes it, and no bit of it can be another."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.errors import BadInput
from sync.protocol import share
from sync.protocol.invitation import Invitation
from sync.protocol.invitation import write as write_invitation
from sync.protocol.share import LONGEST, NEWEST_VERSION, ShareToken
from sync.protocol.signature import SigningKey
from tests.ops import new_id

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
IDS = st.uuids().map(str)
MADE = st.integers(0, 2**128 - 1).map(lambda n: str(UUID(int=n & ~(0xF << 76) & ~(0x3 << 62) | 7 << 76 | 2 << 62)))
TOKENS = st.builds(ShareToken, IDS, MADE, IDS, IDS, st.integers(1, NEWEST_VERSION), st.booleans())
ONE = ShareToken(new_id(), "019c2e5a-7b00-7abc-8def-0123456789ab", new_id(), new_id(), 3, True)


@given(TOKENS, st.binary(min_size=32, max_size=32))
def test_what_was_signed_is_read_and_is_its_tablet_s(token: ShareToken, seed: bytes) -> None:
    key = SigningKey(seed)
    text = share.sign(token, key)
    sealed = share.read(text)
    assert sealed.token == token
    assert share.verify(sealed, key.public)
    assert not share.verify(sealed, OTHER.public)
    assert not share.verify(sealed, b"no key")
    assert len(text) <= LONGEST


@given(TOKENS, st.data())
def test_no_flipped_bit_passes(token: ShareToken, data: st.DataObject) -> None:
    raw = bytearray(base64.urlsafe_b64decode(share.sign(token, KEY) + "=="))
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    try:
        sealed = share.read(base64.urlsafe_b64encode(raw).rstrip(b"=").decode())
    except BadInput:
        return
    assert not share.verify(sealed, KEY.public)


@given(st.text(max_size=300) | st.text("ABCxyz019-_", max_size=300))
def test_garbage_is_refused_or_nobody_s(text: str) -> None:
    try:
        sealed = share.read(text)
    except BadInput:
        return
    assert not share.verify(sealed, KEY.public)


def test_a_link_is_short_enough_for_a_code_and_says_when_it_was_made() -> None:
    text = share.sign(ONE, KEY)
    assert len(f"https://hq.shop.example{share.WAY}{text}") <= 200
    assert ONE.at == int("019c2e5a7b00", 16) // 1000


@pytest.mark.parametrize("text", ["", "A", "ä" * 174, "A" * 174, "!" * 174, "A" * 5000, "AA AA", "AQ" * 90])
def test_what_is_no_token_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="share_invalid"):
        share.read(text)


@pytest.mark.parametrize(
    "wrong",
    [ONE._replace(version=0), ONE._replace(version=NEWEST_VERSION + 1), ONE._replace(share=new_id()),
     ONE._replace(guide="nobody")],
)  # fmt: skip
def test_what_cannot_be_shared_is_not_signed(wrong: ShareToken) -> None:
    with pytest.raises(BadInput, match="share_invalid"):
        share.sign(wrong, KEY)


def test_a_second_spelling_is_refused() -> None:
    text = share.sign(ONE, KEY)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(text) % 4  # the last character has bits to spare
    for spelt in (text + "=", text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1], f" {text}"):
        with pytest.raises(BadInput, match="share_invalid"):
            share.read(spelt)


def test_another_format_is_refused_and_what_a_device_signs_elsewhere_is_no_link() -> None:
    raw = base64.urlsafe_b64decode(share.sign(ONE, KEY) + "==")
    with pytest.raises(BadInput, match="share_invalid"):
        share.read(base64.urlsafe_b64encode(b"\4" + raw[1:]).rstrip(b"=").decode())
    bare = raw[:-64] + KEY.sign(raw[:-64])
    assert not share.verify(share.read(base64.urlsafe_b64encode(bare).rstrip(b"=").decode()), KEY.public)
    invited = write_invitation(Invitation(new_id(), new_id(), new_id(), new_id(), 1), KEY)
    with pytest.raises(BadInput, match="share_invalid"):
        share.read(invited)
