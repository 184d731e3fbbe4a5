"""The embedded PostgreSQL: shared by the processes of a folder, safe against kills, gone with the last of them."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guide_app.domain.errors import Defect
from hq.database import account, upkeep
from hq.database.embedded import Cluster, DatabaseUnusable, running

HOLDER = """
import sys, time
from pathlib import Path
from hq.database.embedded import running
with running(Path(sys.argv[1])) as cluster:
    print(cluster.port(), flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the server's own account can pass through."""
    with tempfile.TemporaryDirectory(prefix="guide-hq-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "data"


def _hold(data: Path) -> subprocess.Popen[str]:
    """Another process that uses the cluster until it is told to end."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip().isdigit()
    return holder


def _release(holder: subprocess.Popen[str]) -> None:
    holder.communicate("\n", timeout=30)
    assert holder.returncode == 0


def _ask(cluster: Cluster, query: str) -> str:
    with psycopg.connect(cluster.url("postgres")) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


def _stops(cluster: Cluster) -> bool:
    """Whether the server is gone within a few seconds."""
    for _ in range(500):
        if not (cluster.folder / "postmaster.pid").exists():
            return True
        time.sleep(0.01)
    return False


def test_it_writes_through_to_the_disk_and_listens_on_this_machine_alone(data: Path) -> None:
    with running(data) as cluster:
        assert _ask(cluster, "SHOW fsync") == "on"
        assert _ask(cluster, "SHOW synchronous_commit") == "on"
        assert _ask(cluster, "SHOW listen_addresses") == "127.0.0.1"
        assert _ask(cluster, "SHOW server_encoding") == "UTF8"
        wrong = f"postgresql://guide_hq:wrong@127.0.0.1:{cluster.port()}/postgres"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
    assert cluster.port() is None
    assert not (cluster.folder / "postmaster.pid").exists()
    with pytest.raises(Defect):
        cluster.url()


def test_its_files_are_its_owners_alone(data: Path) -> None:
    with running(data) as cluster:
        assert cluster.folder.stat().st_mode & 0o077 == 0
        assert cluster.password_file.stat().st_mode & 0o077 == 0
    assert (data.parent.stat().st_mode & 0o777) == 0o711


def test_a_second_start_is_quick_and_finds_what_was_written(data: Path) -> None:
    with running(data) as cluster, psycopg.connect(cluster.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    began = time.monotonic()
    with running(data) as cluster:
        assert time.monotonic() - began < 5  # 0.1 s on an idle machine
        assert _ask(cluster, "SELECT count(*) FROM kept") == "0"


def test_two_processes_share_it_and_the_last_one_stops_it(data: Path) -> None:
    holder = _hold(data)
    with running(data) as cluster:
        _release(holder)
        assert _ask(cluster, "SELECT 1") == "1"
    assert not (cluster.folder / "postmaster.pid").exists()


def test_it_goes_on_for_the_others_when_the_one_that_started_it_is_killed(data: Path) -> None:
    holder = _hold(data)
    with running(data) as cluster:
        holder.kill()
        holder.communicate()
        time.sleep(0.2)
        assert _ask(cluster, "SELECT 1") == "1"
    assert _stops(cluster)


def test_nothing_is_left_running_when_its_only_user_is_killed(data: Path) -> None:
    holder = _hold(data)
    holder.kill()
    holder.communicate()
    cluster = Cluster(data)
    assert _stops(cluster)
    with running(data) as cluster:
        assert _ask(cluster, "SELECT 1") == "1"


def test_it_starts_again_after_the_server_itself_was_killed(data: Path) -> None:
    with running(data) as cluster:
        pid = int((cluster.folder / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        while cluster.port() is not None:
            time.sleep(0.01)
        assert (cluster.folder / "postmaster.pid").exists()
    with running(data) as cluster:
        assert _ask(cluster, "SELECT 1") == "1"


@pytest.mark.expects_log
def test_it_comes_back_at_its_port_when_the_server_dies_under_its_users(data: Path) -> None:
    with running(data) as cluster, upkeep.of(cluster), upkeep.of(Cluster(data)):
        url = cluster.url("postgres")
        os.kill(int((cluster.folder / "postmaster.pid").read_text(encoding="ascii").split()[0]), signal.SIGKILL)
        while cluster.alive():
            time.sleep(0.01)
        until = time.monotonic() + 60
        while cluster.port() is None and time.monotonic() < until:
            time.sleep(0.05)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert not cluster.revive(cluster.port() or 0), "it is not started a second time"
    assert not cluster.alive()


def test_an_unfinished_first_start_is_begun_again(data: Path) -> None:
    making = data / "postgres.making"
    making.mkdir(parents=True)
    (making / "half").write_text("", encoding="ascii")
    with running(data) as cluster:
        assert _ask(cluster, "SELECT 1") == "1"
    assert not making.exists()


def test_a_folder_that_is_no_database_says_so(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("18\n", encoding="ascii")
    with pytest.raises(DatabaseUnusable, match="database_start"), running(data):
        pass


def test_an_account_reaches_only_where_every_folder_lets_it(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    stranger = account.Account(nobody.pw_uid, nobody.pw_gid)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not stranger.reaches(closed)
    assert stranger.reaches(Path("/usr/bin"))
    assert account.Account(None, None).reaches(closed)
