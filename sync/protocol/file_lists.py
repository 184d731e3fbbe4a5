"""HQ's word on files: which bytes belong to a version of a material. No tablet takes a file that no signed list names.

Without it whoever can write to HQ's disk or to its database could put a picture on every counter of the chain.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection

import msgspec

from guide_app.domain.materials import file_list
from guide_app.domain.records.material import Material
from sync.protocol.errors import SignatureRefused
from sync.protocol.signature import SigningKey, key_from_text, key_text


def sign(key: SigningKey, material: Material) -> Material:
    """The material with the signature of its files; one without files has none."""
    if not material.files:
        return msgspec.structs.replace(material, signature="", key="")
    made = key.sign(file_list(material.material, material.version, material.files))
    return msgspec.structs.replace(material, signature=key_text(made), key=key.public_text)


def fingerprint(keys: Collection[str]) -> str:
    """By which tablet and HQ see that they have the same keys, whatever their order."""
    return hashlib.sha256("\n".join(sorted(set(keys))).encode()).hexdigest()[:16]


def is_signed(material: Material, keys: Collection[str]) -> bool:
    """Whether one of HQ's keys (as they travel: base64url) signed just these files; one without files needs none."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not material.files:
        return True
    if material.key not in keys:
        return False
    said = file_list(material.material, material.version, material.files)
    try:
        given = base64.b64decode(material.signature.encode("ascii") + b"==", altchars=b"-_", validate=True)
        Ed25519PublicKey.from_public_bytes(key_from_text(material.key)).verify(given, said)
    except (InvalidSignature, SignatureRefused, binascii.Error, ValueError):
        return False
    return True
