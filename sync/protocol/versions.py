"""Versions that travel in the headers of every request."""

from __future__ import annotations

import re

from sync.protocol.errors import EnvelopeInvalid

PROTOCOL = "1"
"""The contract's version; another one in ``guide-protocol`` is answered 426."""

PROTOCOL_HEADER = "guide-protocol"
APP_HEADER = "guide-app"

_NUMBER = r"(0|[1-9]\d{0,8})"
_WORDS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_SEMVER = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_WORDS}))?(?:\+{_WORDS})?", re.A)

Version = tuple[int, int, int, bool, tuple[tuple[bool, int, str], ...]]


def parse_app(text: str) -> Version:
    """An app's version (semver 2.0.0) as a value that sorts by precedence; ``EnvelopeInvalid`` for anything else."""
    found = _SEMVER.fullmatch(text) if len(text) <= 64 else None
    if found is None:
        raise EnvelopeInvalid("guide-app is not a version")
    major, minor, patch, pre = found.groups()
    parts = tuple(_identifier(part) for part in pre.split(".")) if pre else ()
    return int(major), int(minor), int(patch), not parts, parts


def _identifier(part: str) -> tuple[bool, int, str]:
    """Numbers sort by value and before words."""
    return (False, int(part), "") if part.isdecimal() else (True, 0, part)


def is_older(app: str, minimum: str) -> bool:
    """Whether an app below ``minimum`` asks (it gets no rows); an empty minimum lets everyone in."""
    return bool(minimum) and parse_app(app) < parse_app(minimum)
