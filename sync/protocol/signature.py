"""Signed requests: HTTP Message Signatures (RFC 9421) with Ed25519, over a digest of the body as sent (RFC 9530).

Every request covers ``@method @path @query guide-protocol guide-app``, with a body ``content-digest`` too, and carries
the parameters ``created``, ``nonce`` and ``keyid`` (the device's id; when enrolling, the public key itself). Any label,
order of components and order of parameters is accepted; ``alg`` is not, the key says it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sync.protocol.errors import SignatureRefused
from sync.protocol.structured import FieldInvalid, InnerList, Item, parse_dictionary, serialise, serialise_dictionary
from sync.protocol.versions import APP_HEADER, PROTOCOL_HEADER

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CLOCK_TOLERANCE_S = 300
COVERED = ("@method", "@path", "@query", "content-digest", PROTOCOL_HEADER, APP_HEADER)
COVERED_WITHOUT_BODY = tuple(name for name in COVERED if name != "content-digest")

_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")
_MAX_FIELD = 8 << 10


class SigningKey:
    """A device's Ed25519 private key."""

    def __init__(self, seed: bytes) -> None:
        """``seed``: the 32 secret bytes, from the system's randomness."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()

    @property
    def public_text(self) -> str:
        """The public key as it travels."""
        return key_text(self.public)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of signature."""
        return self._private.sign(message)


def key_text(public: bytes) -> str:
    """A public key's raw 32 bytes as base64url without padding."""
    return base64.urlsafe_b64encode(public).rstrip(b"=").decode()


def key_from_text(text: str) -> bytes:
    """The raw 32 bytes; ``SignatureRefused("key_unknown")`` for any other text, also a second spelling of a key."""
    try:
        public = base64.b64decode(text.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise SignatureRefused("key_unknown") from None
    if len(public) != 32 or key_text(public) != text:
        raise SignatureRefused("key_unknown")
    return public


def past_proof(key: SigningKey, was: str, public_key: str) -> str:
    """Proof that the tablet which enrols with `public_key` was the device `was`, whose key this is; base64url."""
    return key_text(key.sign(_past_text(was, public_key)))


def is_past_proof(proof: str, public: bytes, was: str, public_key: str) -> bool:
    """Whether the key of the device `was` (`public`: its 32 raw bytes) made the proof."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        given = base64.urlsafe_b64decode(proof + "=" * (-len(proof) % 4))
        Ed25519PublicKey.from_public_bytes(public).verify(given, _past_text(was, public_key))
    except (InvalidSignature, ValueError):
        return False
    return True


def _past_text(was: str, public_key: str) -> bytes:
    return f"guide-enrol-was\n{was}\n{public_key}".encode()


def content_digest(body: bytes) -> str:
    """The ``Content-Digest`` of a body as it is sent, after packing."""
    return serialise_dictionary({"sha-256": Item(hashlib.sha256(body).digest())})


def combine(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Raw header pairs (ASGI) as one lower-case mapping; a field that comes twice is joined by ", " (RFC 9421 2.1)."""
    out: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t")
        out[key] = f"{out[key]}, {text}" if key in out else text
    return out


def sign(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    key: SigningKey,
    keyid: str,
    created: int,
    nonce: str,
) -> dict[str, str]:
    """The headers to add to a request: ``Content-Digest`` (with a body), ``Signature-Input``, ``Signature``.

    ``target`` is path and query as sent; ``headers`` holds guide-protocol and guide-app; ``body`` is packed;
    ``created`` in Unix seconds of HQ's clock.
    """
    added = {"Content-Digest": content_digest(body)} if body else {}
    names = COVERED if body else COVERED_WITHOUT_BODY
    parameters = InnerList(tuple(Item(name) for name in names), {"created": created, "nonce": nonce, "keyid": keyid})
    signature = key.sign(signature_base(method, target, {**headers, **added}, parameters))
    added["Signature-Input"] = serialise_dictionary({"sig1": parameters})
    added["Signature"] = serialise_dictionary({"sig1": Item(signature)})
    return added


def signature_base(method: str, target: str, headers: Mapping[str, str], parameters: InnerList) -> bytes:
    """What is signed (RFC 9421 2.5); ``FieldInvalid`` when a component is absent, repeated or unknown here."""
    fields = {name.lower(): value for name, value in headers.items()}
    lines: dict[str, str] = {}
    for item in parameters.items:
        if type(item.value) is not str or item.params or item.value in lines:
            raise FieldInvalid("a component that cannot be covered")
        lines[item.value] = f"{serialise(item)}: {_component(item.value, method, target, fields)}"
    text = "\n".join([*lines.values(), f'"@signature-params": {serialise(parameters)}'])
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise FieldInvalid("a header that no HTTP message can carry") from None


def _component(name: str, method: str, target: str, fields: Mapping[str, str]) -> str:
    path, _, query = target.partition("?")
    if name.startswith("@"):
        derived = {"@method": method, "@path": path or "/", "@query": f"?{query}", "@request-target": target}
        value = fields.get("host", "").strip().lower() if name == "@authority" else derived.get(name)
    else:
        value = fields.get(name)
    if value is None:
        raise FieldInvalid("a covered component is absent")
    value = _FOLD.sub(" ", value).strip(" \t")
    if "\n" in value or "\r" in value:
        raise FieldInvalid("a line break in a header")
    return value


class Claim(NamedTuple):
    """Who a request says it is from, with what is needed to prove it."""

    keyid: str
    created: int
    nonce: str
    base: bytes
    signature: bytes

    def check_clock(self, now: float) -> None:
        """``SignatureRefused("clock")`` unless made within ±300 s of ``now`` (Unix seconds)."""
        if abs(now - self.created) > CLOCK_TOLERANCE_S:
            raise SignatureRefused("clock")

    def check_key(self, public: bytes | None) -> None:
        """``key_unknown`` for None, ``signature`` when this key (32 raw bytes) did not sign."""
        from cryptography.exceptions import InvalidSignature

        if public is None:
            raise SignatureRefused("key_unknown")
        try:
            _public_key(public).verify(self.signature, self.base)
        except InvalidSignature:
            raise SignatureRefused("signature") from None


@lru_cache(maxsize=4096)
def _public_key(raw: bytes) -> Ed25519PublicKey:
    """Of these very bytes: whose key it is, and whether it still is, is looked up for each request."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(raw)


def read_claim(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Claim:
    """The claim of a request whose digest and coverage are right; nothing is proven before ``check_key``.

    ``headers`` as from ``combine``; ``body`` as received, still packed.
    ``SignatureRefused``: unsigned, coverage, digest.
    """
    fields = {name.lower(): value for name, value in headers.items()}
    claim = _find_claim(method, target, fields, with_body=bool(body))
    if body or "content-digest" in fields:
        _check_digest(fields.get("content-digest", ""), body)
    return claim


def _find_claim(method: str, target: str, fields: Mapping[str, str], *, with_body: bool) -> Claim:
    """Of all signatures on the request the first that covers what it must; others (a proxy's) are passed over."""
    said, signed = fields.get("signature-input", ""), fields.get("signature", "")
    if not said or not signed or max(len(said), len(signed)) > _MAX_FIELD:
        raise SignatureRefused("unsigned")
    try:
        inputs, signatures = parse_dictionary(said), parse_dictionary(signed)
    except FieldInvalid:
        raise SignatureRefused("unsigned") from None
    pairs = [(inputs[label], signatures[label]) for label in inputs if label in signatures]
    if not pairs:
        raise SignatureRefused("unsigned")
    for parameters, signature in pairs:
        if isinstance(parameters, InnerList) and isinstance(signature, Item) and isinstance(signature.value, bytes):
            claim = _covering(method, target, fields, parameters, signature.value, with_body=with_body)
            if claim is not None:
                return claim
    raise SignatureRefused("coverage")


def _covering(
    method: str, target: str, fields: Mapping[str, str], parameters: InnerList, signature: bytes, *, with_body: bool
) -> Claim | None:
    required = set(COVERED if with_body or "content-digest" in fields else COVERED_WITHOUT_BODY)
    created, nonce, keyid = (parameters.params.get(name) for name in ("created", "nonce", "keyid"))
    if type(created) is not int or type(nonce) is not str or type(keyid) is not str or "alg" in parameters.params:
        return None
    if not nonce or not required <= {item.value for item in parameters.items if isinstance(item.value, str)}:
        return None
    try:
        return Claim(keyid, created, nonce, signature_base(method, target, fields, parameters), signature)
    except FieldInvalid:
        return None


def _check_digest(header: str, body: bytes) -> None:
    try:
        member = parse_dictionary(header).get("sha-256")
    except FieldInvalid:
        raise SignatureRefused("digest") from None
    value = member.value if isinstance(member, Item) else None
    if not isinstance(value, bytes) or not hmac.compare_digest(value, hashlib.sha256(body).digest()):
        raise SignatureRefused("digest")


def verify(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    key_of: Callable[[str], bytes | None],
    now: float,
) -> Claim:
    """All checks at once, the cheap ones first; ``key_of`` gives the 32 raw bytes of a keyid's public key, or None.

    ``SignatureRefused`` with unsigned, coverage, digest, clock, key_unknown or signature.
    """
    claim = read_claim(method, target, headers, body)
    claim.check_clock(now)
    claim.check_key(key_of(claim.keyid))
    return claim
