"""What may be wrong with a message. ``status`` is the HTTP status of HQ's answer, ``code`` the one in its body.

ProtocolError               an EnvironmentProblem: the other side's message cannot be taken; nothing was changed
├── SignatureRefused  401   unsigned, coverage, digest, signature, key_unknown, clock
├── TooLarge          413   too_large
├── EncodingUnknown   415   encoding_unknown
└── EnvelopeInvalid   422   envelope_invalid: cut off, not JSON, or not of the schema
"""

from __future__ import annotations

from typing import ClassVar

from guide_app.domain.errors import EnvironmentProblem


class ProtocolError(EnvironmentProblem):
    """A message that cannot be taken."""

    status: ClassVar[int]


class SignatureRefused(ProtocolError):
    """The request is not proven to come from the device that it names."""

    status = 401


class TooLarge(ProtocolError):
    """A message is larger than the contract allows."""

    status = 413

    def __init__(self, detail: str = "") -> None:
        super().__init__("too_large", detail)


class EncodingUnknown(ProtocolError):
    """A content encoding other than zstd, gzip and identity."""

    status = 415

    def __init__(self, detail: str = "") -> None:
        super().__init__("encoding_unknown", detail)


class EnvelopeInvalid(ProtocolError):
    """The message itself, not an op inside it, is broken."""

    status = 422

    def __init__(self, detail: str = "") -> None:
        super().__init__("envelope_invalid", detail)
