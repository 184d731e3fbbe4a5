from __future__ import annotations

import pytest

from guide_app.domain.errors import BadInput
from sync.net.address import hq_address, is_loopback


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://hq.example.com", "https://hq.example.com"),
        ("  hq.example.com/ ", "https://hq.example.com"),
        ("hq.example.com:8443", "https://hq.example.com:8443"),
        ("HTTPS://HQ.example.com", "https://hq.example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://münchen.example.com", "https://xn--mnchen-3ya.example.com"),
    ],
)
def test_what_may_be_typed(typed: str, address: str) -> None:
    assert hq_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "https://", "http://hq.example.com", "http://10.0.0.5:8000", "ftp://hq.example.com", "file:///etc/passwd",
        "https://hq.example.com/path", "https://hq.example.com?x=1", "https://hq.example.com#x", "https://me:pw@hq.example.com",
        "https://hq.example.com:notaport", "https://hq.example.com:99999", "https://[::1", "https://hq example.com",
        "http://127.0.0.1.example.com", "http://localhost.example.com", "javascript:alert(1)", "https://" + "a" * 300,
        "https://hq.example.com\\@evil.example.com",
    ],
)  # fmt: skip
def test_what_may_not(typed: str) -> None:
    with pytest.raises(BadInput) as told:
        hq_address(typed)
    assert told.value.code == "url"


def test_only_this_machine_is_loopback() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.9.1", "::1")))
    assert not any(map(is_loopback, ("", "10.0.0.1", "0.0.0.0", "localhost.evil", "::", "169.254.0.1")))
