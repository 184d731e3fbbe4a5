import pytest

from sync.protocol.errors import EnvelopeInvalid
from sync.protocol.versions import is_older, parse_app

# The order of semver.org, item 11.
RISING = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
]


def test_precedence() -> None:
    assert sorted(sorted(RISING, key=len), key=parse_app) == RISING
    assert parse_app("1.0.0+build.5") == parse_app("1.0.0")


def test_minimum() -> None:
    assert is_older("1.9.0", "1.10.0")
    assert not is_older("1.10.0", "1.10.0")
    assert not is_older("0.0.1", "")


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "01.0.0", "1.0.0-", "v1.0.0", "1.0.0\n", "1.0." + "9" * 100, "1.0.0-a..b"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeInvalid):
        parse_app(text)
