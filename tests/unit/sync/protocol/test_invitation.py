"""The link to the form: what it says comes back, and nothing but the tablet's own key makes one."""

from __future__ import annotations

import base64

import pytest

from guide_app.domain.errors import BadInput
from sync.protocol import invitation
from sync.protocol.invitation import Invitation
from sync.protocol.signature import SigningKey, past_proof
from tests.ops import new_id

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
TOLD = Invitation(new_id(), new_id(), new_id(), new_id(), 1_795_000_000, "poster-3")


def test_it_comes_back_as_it_was_and_is_its_tablets() -> None:
    sealed = invitation.read(invitation.write(TOLD, KEY))
    assert sealed.invitation == TOLD
    assert sealed.is_by(KEY.public)
    assert not sealed.is_by(OTHER.public)
    assert not sealed.is_by(b"no key")


def test_it_fits_a_code_that_a_phone_reads_from_a_counter() -> None:
    assert len(invitation.write(TOLD._replace(touch_point=""), KEY)) == 178


def test_no_bit_of_it_can_be_another() -> None:
    raw = base64.urlsafe_b64decode(invitation.write(TOLD, KEY) + "==")
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        try:
            sealed = invitation.read(base64.urlsafe_b64encode(changed).rstrip(b"=").decode())
        except BadInput:
            continue
        assert not sealed.is_by(KEY.public), place


def test_what_a_device_signs_elsewhere_is_no_link_and_a_link_is_nothing_else() -> None:
    """The word before what is signed: a request's begins with a quotation mark, a past enrolment's with another."""
    token = invitation.write(TOLD, KEY)
    message = invitation.read(token).message
    bare = base64.urlsafe_b64encode(message + KEY.sign(message)).rstrip(b"=").decode()
    assert not invitation.read(bare).is_by(KEY.public)
    proof = base64.urlsafe_b64decode(past_proof(KEY, TOLD.device_id, OTHER.public_text) + "==")
    again = base64.urlsafe_b64encode(message + proof).rstrip(b"=").decode()
    assert not invitation.read(again).is_by(KEY.public)


@pytest.mark.parametrize("token", ["", "A", "AAAA", "ä" * 178, "A" * 178, "!" * 178, "A" * 5000, "AA AA"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadInput, match="link_invalid"):
        invitation.read(token)


def test_a_second_spelling_is_refused() -> None:
    token = invitation.write(TOLD._replace(touch_point="a"), KEY)
    assert len(token) % 4  # the last character has bits to spare
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]
    for spelt in (other, token + "="):
        with pytest.raises(BadInput, match="link_invalid"):
            invitation.read(spelt)


def test_a_touch_point_has_its_length() -> None:
    longest = TOLD._replace(touch_point="海" * 120)
    assert invitation.read(invitation.write(longest, KEY)).invitation == longest
    with pytest.raises(BadInput, match="link_invalid"):
        invitation.write(TOLD._replace(touch_point="海" * 121), KEY)
