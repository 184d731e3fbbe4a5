"""The link by which a customer takes a material home: the tablet signs it with no network, HQ serves its page.

Its token is base64url without padding of: one byte (2: to nobody known, 3: to a member; later formats have others), the
ids of tablet, share, guide and material (16 each), the material's version (big-endian, as few bytes as it takes), and
the signature (64). Signed is all before it behind a word of its own, with which nothing else begins that a device
signs. A share's id carries its time; its store is the tablet's. Whom it was handed to is in no link. (Guides' shares
of a sale are `guide_app.domain.shares`.)
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import NamedTuple, Protocol
from uuid import UUID

from guide_app.domain.errors import BadInput

WAY = "/s/"
"""Where HQ serves the pages, behind its address."""
LONGEST = 180
"""Characters of a token: with HQ's address a code that a phone reads from a tablet."""
NEWEST_VERSION = 2**31 - 1
_DOMAIN = b"guide-share\n"
_FORMAT, _OF_MEMBER = 2, 1
_HEAD = struct.Struct(">B16s16s16s16s")
_SIGNATURE = 64


class ShareToken(NamedTuple):
    """What was handed over, by whom, on which tablet; `share` is a UUIDv7, new for each time."""

    tablet: str
    share: str
    guide: str
    material: str
    version: int
    of_member: bool = False

    @property
    def at(self) -> int:
        """When it was made, in whole Unix seconds, by the tablet's clock."""
        return (UUID(self.share).int >> 80) // 1000


class Signer(Protocol):
    """A tablet's own key, as it signs its requests."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of an Ed25519 signature."""
        ...


class Sealed(NamedTuple):
    """A token as it came; nothing is proven before `verify`."""

    token: ShareToken
    message: bytes
    signature: bytes


def sign(token: ShareToken, key: Signer) -> str:
    """The token of a link. Raises BadInput("share_invalid") for what is no id, no UUIDv7 or no version."""
    try:
        share = UUID(token.share)
        ids = (one.bytes for one in (UUID(token.tablet), share, UUID(token.guide), UUID(token.material)))
        head = _HEAD.pack(_FORMAT | _OF_MEMBER * token.of_member, *ids)
    except (struct.error, ValueError):
        raise BadInput("share_invalid") from None
    if share.version != 7 or not 1 <= token.version <= NEWEST_VERSION:
        raise BadInput("share_invalid")
    message = head + token.version.to_bytes((token.version.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(message + key.sign(_DOMAIN + message)).rstrip(b"=").decode()


def read(text: str) -> Sealed:
    """What a token says. Raises BadInput("share_invalid") for what is none, also a second spelling of one."""
    if len(text) > LONGEST:
        raise BadInput("share_invalid")
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        message, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
        made, tablet, share, guide, material = _HEAD.unpack_from(message)
    except (binascii.Error, struct.error, UnicodeError):
        raise BadInput("share_invalid") from None
    version = message[_HEAD.size :]
    spelt = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    known = made & ~_OF_MEMBER == _FORMAT and UUID(bytes=share).version == 7
    if not known or spelt != text or version[:1] in (b"", b"\0") or int.from_bytes(version, "big") > NEWEST_VERSION:
        raise BadInput("share_invalid")
    token = ShareToken(
        _id(tablet), _id(share), _id(guide), _id(material), int.from_bytes(version, "big"), made != _FORMAT
    )
    return Sealed(token, message, signature)


def verify(sealed: Sealed, public: bytes) -> bool:
    """Whether the tablet with this public key (32 raw bytes) made the link."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(sealed.signature, _DOMAIN + sealed.message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _id(raw: bytes) -> str:
    return str(UUID(bytes=raw))
