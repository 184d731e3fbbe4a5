"""The link by which customers sign up on their own phone: a tablet signs it with no network, HQ believes it a while.

Its token is base64url without padding of: version (1 byte, 1), the ids of store, guide, device and form (16 each),
``until`` (4, Unix seconds of HQ's clock, big-endian), the touch point's code (UTF-8, may be empty), signature (64).
Signed is all before the signature behind a word of its own, with which nothing else begins that a device signs.
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import NamedTuple
from uuid import UUID

from guide_app.domain.errors import BadInput
from sync.protocol.signature import SigningKey

LIFE_S = 30 * 60
"""How long a link is good for."""
LONGEST_TOUCH_POINT = 120
"""Characters, as the operation has them."""
_DOMAIN = b"guide-join\n"
_VERSION = 1
_HEAD = struct.Struct(">B16s16s16s16sI")
_SIGNATURE = 64
_LONGEST = (_HEAD.size + 4 * LONGEST_TOUCH_POINT + _SIGNATURE) * 4 // 3 + 4


class Invitation(NamedTuple):
    """Who is invited to what: `form_id` is new for each link, `until` Unix seconds of HQ's clock."""

    store_id: str
    guide_id: str
    device_id: str
    form_id: str
    until: int
    touch_point: str = ""


class Sealed(NamedTuple):
    """An invitation as it came; nothing is proven before `is_by`."""

    invitation: Invitation
    message: bytes
    signature: bytes

    def is_by(self, public: bytes) -> bool:
        """Whether the device with this public key (32 raw bytes) made the link."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, _DOMAIN + self.message)
        except (InvalidSignature, ValueError):
            return False
        return True


def write(invitation: Invitation, key: SigningKey) -> str:
    """The token of a link. Raises BadInput("link_invalid") for a touch point that is too long."""
    if len(invitation.touch_point) > LONGEST_TOUCH_POINT:
        raise BadInput("link_invalid")
    ids = (invitation.store_id, invitation.guide_id, invitation.device_id, invitation.form_id)
    head = _HEAD.pack(_VERSION, *(UUID(one).bytes for one in ids), invitation.until)
    message = head + invitation.touch_point.encode()
    return base64.urlsafe_b64encode(message + key.sign(_DOMAIN + message)).rstrip(b"=").decode()


def read(token: str) -> Sealed:
    """What a token says. Raises BadInput("link_invalid") for what is none, also a second spelling of one."""
    try:
        raw = base64.b64decode(_padded(token), altchars=b"-_", validate=True)
        message, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
        version, store, guide, device, form, until = _HEAD.unpack_from(message)
        touch_point = message[_HEAD.size :].decode()
    except (binascii.Error, struct.error, UnicodeError):
        raise BadInput("link_invalid") from None
    spelt = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    if version != _VERSION or spelt != token or len(touch_point) > LONGEST_TOUCH_POINT or "\0" in touch_point:
        raise BadInput("link_invalid")
    told = Invitation(_id(store), _id(guide), _id(device), _id(form), until, touch_point)
    return Sealed(told, message, signature)


def _id(raw: bytes) -> str:
    return str(UUID(bytes=raw))


def _padded(token: str) -> bytes:
    if len(token) > _LONGEST:
        raise BadInput("link_invalid")
    return token.encode("ascii") + b"=" * (-len(token) % 4)
