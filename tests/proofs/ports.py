"""Ports that stay ours while nobody listens on them."""

from __future__ import annotations

import secrets
import socket

LOW, HIGH = 20_000, 32_000
"""Below the range from which Linux takes the ports of outgoing connections (32768 and up)."""


def lasting_port() -> int:
    """A port of this machine that is free, and that no outgoing connection takes when its listener is gone."""
    for _ in range(200):
        port = LOW + secrets.randbelow(HIGH - LOW)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")
