"""The safeguards of the test run itself: each is shown to go off."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run_all import Job, Outcome, count, run

LOGGING_TESTS = """
import logging
import pytest

def test_silent():
    logging.getLogger("shop").info("fine")

def test_loud():
    logging.getLogger("shop").warning("something is odd")

def test_listens(caplog):
    logging.getLogger("shop").warning("expected")

@pytest.mark.expects_log
def test_says_so():
    logging.getLogger("shop").error("expected too")
"""

SOCKET_TESTS = """
import socket

kept = []

def test_tidy():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

def test_untidy():
    kept.append(socket.create_server(("127.0.0.1", 0)))

def test_next():
    kept.pop().close()
"""
SHARING_TESTS = """
import socket
import pytest

kept = []

@pytest.fixture(scope="module")
def server():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server

def test_shares(server):
    kept.append(socket.create_connection(server.getsockname()))

def test_shares_too(server):
    {last}
"""


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)])
def test_a_connection_off_this_machine_is_refused(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as plug, pytest.raises(RuntimeError, match="only this machine"):
        plug.connect(address)


def test_a_name_off_this_machine_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match="only this machine"):
        socket.getaddrinfo("shop.example", 443)


def _run(root: Path, folder: Path, tests: str) -> str:
    """What pytest prints of these tests under the safeguards."""
    (folder / "test_inner.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout


def test_an_unexpected_log_line_fails_its_test(root: Path, tmp_path: Path) -> None:
    said = _run(root, tmp_path, LOGGING_TESTS)
    assert "1 failed, 3 passed" in said
    assert "WARNING shop: something is odd" in said


def test_a_socket_that_is_left_open_is_held_against_its_test(root: Path, tmp_path: Path) -> None:
    said = _run(root, tmp_path, SOCKET_TESTS)
    assert "3 passed, 1 error" in said
    assert "test_inner.py::test_untidy left open:" in said


@pytest.mark.parametrize(("last", "said"), [("kept.pop().close()", "2 passed"), ("pass", "2 passed, 1 error")])
def test_what_tests_share_may_be_open_until_the_last_of_them(root: Path, tmp_path: Path, last: str, said: str) -> None:
    summary = _run(root, tmp_path, SHARING_TESTS.format(last=last)).splitlines()[-1]
    assert summary.startswith(f"{said} in ")


def test_skipped_and_broken_count_as_failed(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>')
    assert count(report, 1) == Outcome(3, 6)


def test_a_run_that_broke_off_counts_as_failed(tmp_path: Path) -> None:
    assert count(tmp_path / "missing.xml", 0) == Outcome(0, 1)
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="4" failures="0" errors="0" skipped="0"/></testsuites>')
    assert count(report, 4) == Outcome(4, 1)


@pytest.mark.parametrize(("code", "outcome"), [("0", Outcome(1, 0)), ("3", Outcome(0, 1))])
def test_a_checker_counts_as_one(code: str, outcome: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Job("probe", (sys.executable, "-c", f"raise SystemExit({code})"))) == outcome
    assert "probe" in capsys.readouterr().out
