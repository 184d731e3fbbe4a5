"""What holds for every test: no unexpected log line, only this machine's network, nothing of it left open."""

import ipaddress
import logging
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.open_sockets import OpenSockets

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("quick", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "quick"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expects_log: this test makes the product warn, and says so")
    sys.addaudithook(_stay_on_this_machine)
    config.pluginmanager.register(OpenSockets())


def _stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a connection that would leave this machine: the test would depend on the world, or disturb it."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_local(host):
        raise RuntimeError(f"A test tried to reach {host!r}: only this machine may be reached from tests")


def _is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class _Unexpected(logging.Handler):
    """Keeps the warnings and errors that the product logs while a test runs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test during which something was logged as a warning or worse that it did not ask for.

    A test that expects such a line takes `caplog` and looks at it, or carries the marker `expects_log`.
    """
    fixtures = getattr(item, "fixturenames", ())
    if "caplog" in fixtures or item.get_closest_marker("expects_log"):
        return (yield)
    heard = _Unexpected()
    logging.getLogger().addHandler(heard)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(heard)
    if heard.lines:
        pytest.fail("Logged, but not expected:\n" + "\n".join(heard.lines), pytrace=False)
    return result
