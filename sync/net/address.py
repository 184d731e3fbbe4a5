"""Which addresses a tablet talks to: HTTPS, and plain HTTP on this very machine only."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from guide_app.domain.errors import BadInput


def hq_address(text: str) -> str:
    """The base address that was typed or scanned, as ``https://host[:port]``; without a scheme https is meant.

    Raises BadInput("url") for anything else: another scheme, HTTP to another machine, a path, a password in it.
    """
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.hostname or "", parts.port
        scheme_ok = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
        ascii_host = host.encode("idna").decode() if ":" not in host else f"[{ipaddress.IPv6Address(host)}]"
    except (ValueError, UnicodeError):
        raise BadInput("url") from None
    if not (scheme_ok and plain and ascii_host) or any(c.isspace() or c in "\\<>'\"" for c in typed):
        raise BadInput("url")
    return f"{parts.scheme}://{ascii_host}" + (f":{port}" if port is not None else "")


def is_loopback(host: str) -> bool:
    """Whether the name or address can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
