"""Codes from an authenticator app (RFC 6238), and recovery codes: nothing here is kept anywhere."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_S = 30
DIGITS = 6
APART = 1
"""Steps by which the clock of somebody's device may be wrong."""
RECOVERY_CODES = 10
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of recovery codes: none that is taken for another."""
_RECOVERY = 10
_SECRET_BYTES = 20


class Secret(NamedTuple):
    """What HQ and somebody's app both know."""

    content: bytes

    def code(self, step: int, digits: int = DIGITS) -> str:
        """The code of a step of 30 seconds since 1970."""
        return self._totp(digits).generate(step * STEP_S).decode("ascii")

    def address(self, name: str, issuer: str) -> str:
        """As an app reads it from a QR code."""
        return self._totp(DIGITS).get_provisioning_uri(name, issuer)

    @property
    def text(self) -> str:
        """As it is typed where no QR code can be read: base 32 in groups of four."""
        letters = base64.b32encode(self.content).decode("ascii").rstrip("=")
        return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))

    def _totp(self, digits: int) -> TOTP:
        # SHA-1 is what every app knows, and as a keyed hash it is sound
        return TOTP(self.content, digits, SHA1(), STEP_S)  # noqa: S303


def new_secret() -> Secret:
    """A secret that nobody knows yet."""
    return Secret(secrets.token_bytes(_SECRET_BYTES))


def step_of(secret: Secret, typed: str, at: float) -> int | None:
    """The step whose code was typed at this time (seconds since 1970); None for any other. Takes as long for each."""
    now = int(at) // STEP_S
    found = None
    for step in range(now - APART, now + APART + 1):
        if hmac.compare_digest(secret.code(step), typed):
            found = step
    return found


def plain(typed: str) -> str:
    """What was typed without what stands between its letters."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def is_recovery(typed: str) -> bool:
    """Whether it has the form of a recovery code."""
    return len(typed) == _RECOVERY and set(typed) <= set(_LETTERS)


def new_recovery() -> list[str]:
    """Recovery codes as they are shown, once."""
    half = _RECOVERY // 2
    made = ["".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:half]}-{code[half:]}" for code in made]
