"""`guide-hq` as a person runs it: a process of its own, a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from hq.database.embedded import running


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder with a store in it, beside a folder for temporary files."""
    with tempfile.TemporaryDirectory(prefix="guide-hq-") as folder:
        Path(folder).chmod(0o711)
        (Path(folder) / "tmp").mkdir(mode=0o711)
        data = Path(folder) / "hq"
        assert _run(data, "migrate").returncode == 0
        with running(data) as cluster, psycopg.connect(cluster.url()) as connection:
            connection.execute("INSERT INTO region VALUES (gen_random_uuid(), 'east', 'East', '华东', 'scoperegion')")
            connection.execute(
                "INSERT INTO store (id, code, name_en, name_zh, region_id, time_zone, currency, country, scope, active)"
                " SELECT gen_random_uuid(), '101', 'Riverside', '滨江店', id, 'Asia/Shanghai', 'CNY', 'CN',"
                " 'scopestore', true FROM region"
            )
        yield data


def _environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    # Of its own: an HQ says what another that was killed left behind in the folder for temporary files.
    return {**kept, "GUIDE_HQ_DATA": str(data), "TMPDIR": str(data.parent / "tmp"), "LANG": "C.UTF-8", **more}


def _run(data: Path, *args: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "hq.cli", *args],
        env=_environment(data, **more), input=given, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_it_serves_the_admin_and_the_contract_and_ends_in_good_order(data: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "hq.cli", "serve", "--port", "0"],
        env=_environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    line = server.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found is not None, line + server.communicate()[1]
    with urlopen(f"{found.group()}/admin/login/", timeout=20) as page:
        assert page.status == 200
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    with urlopen(f"{found.group()}/static/console/admin.css", timeout=20) as style:
        assert style.status == 200
    with urlopen(f"{found.group()}/v1/openapi.json", timeout=20) as contract:
        assert contract.status == 200
    code = _run(data, "enrol-code", "--store", "101", "--url", found.group())  # shares the running database
    assert re.fullmatch(
        rf"[2-9A-Z]{{4}}-[2-9A-Z]{{4}}\n{found.group()}/enrol#[2-9A-Z]{{4}}-[2-9A-Z]{{4}}\n", code.stdout
    )
    server.send_signal(signal.SIGTERM)
    _out, errors = server.communicate(timeout=30)
    assert (server.returncode, errors) == (0, "")
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_an_operator_is_made_once_and_with_a_good_password(data: Path) -> None:
    weak = _run(data, "create-operator", "anna", "--password-stdin", given="abc\n")
    assert weak.returncode == 1
    assert weak.stderr.startswith("This password is too weak.")
    made = _run(data, "create-operator", "anna", GUIDE_HQ_PASSWORD="correct-horse-9")
    assert (made.returncode, made.stdout) == (0, "anna can sign in to the admin now.\n")
    again = _run(data, "create-operator", "anna", GUIDE_HQ_PASSWORD="correct-horse-9")
    assert (again.returncode, again.stderr) == (1, "There is an operator of this name already.\n")


def test_a_new_epoch_is_begun_by_hand(data: Path) -> None:
    first, second = (_run(data, "new-epoch", "--reason", "restored").stdout for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{12}\n", first)
    assert first != second


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("enrol-code", "--store", "999"), "no store with this code"),
        (("reset-pin", "--store", "101", "--staff", "7"), "nobody with this staff number"),
        (("jobs", "dishes"), "no such periodic work"),
        (("proof", "--store", "999", "--device", "AB"), "no store with this code"),
        (("proof", "--store", "101", "--device", "AB"), "no tablet with these letters"),
        (("serve", "--host", "192.0.2.1"), "in use by another program"),
    ],
)
def test_what_is_wrong_is_said_in_words(data: Path, args: tuple[str, ...], words: str) -> None:
    done = _run(data, *args)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_it_speaks_chinese(data: Path) -> None:
    done = _run(data, "enrol-code", "--store", "999", GUIDE_HQ_LANGUAGE="zh-hans")
    assert "没有这个代码的门店" in done.stderr
    assert "总部服务" in _run(data, "--help", LANG="zh_CN.UTF-8").stdout


def test_a_database_that_cannot_be_reached_or_named_is_said_in_words(data: Path) -> None:
    gone = _run(data, "migrate", DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none")
    assert gone.returncode == 1
    assert "cannot be reached" in gone.stderr
    odd = _run(data, "migrate", DATABASE_URL="mysql://x/y")
    assert odd.returncode == 1
    assert "DATABASE_URL is an address" in odd.stderr


def test_an_unknown_argument_is_a_mistake_in_the_command(data: Path) -> None:
    assert _run(data, "migrate", "--frobnicate").returncode == 2


def test_database_url_is_used_instead_of_the_embedded_one(data: Path) -> None:
    with running(data) as cluster, tempfile.TemporaryDirectory() as other:
        done = _run(Path(other), "enrol-code", "--store", "101", DATABASE_URL=cluster.url())
        assert done.returncode == 0, done.stderr
        assert sorted(path.name for path in Path(other).iterdir()) == ["secret.key"]
