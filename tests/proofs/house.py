"""HQ as it is run: `python -m hq.cli serve` on an embedded PostgreSQL, in processes that can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from hq.database.embedded import Cluster
from tests.proofs.ports import lasting_port
from tests.proofs.telling import ROOT

SERVE = ("-m", "hq.cli", "serve")


@dataclass(frozen=True)
class Shop:
    """A shop with codes for its tablets. `stock`: pieces of every product but the last."""

    store_id: str
    code: str
    guide_id: str
    codes: tuple[str, ...]
    products: tuple[str, ...]
    prices: tuple[int, ...]
    list_id: str
    stock: int


class House:
    """One HQ with its data folder, always at the same port. Not running until `start`."""

    def __init__(self, folder: Path, program: tuple[str, ...] = SERVE) -> None:
        self.data, self.log = folder / "data", folder / "hq.err"
        self._program = program
        self.port = lasting_port()
        self._process: subprocess.Popen[str] | None = None
        self._office: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """HQ's own address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.data.resolve())

    def start(self) -> None:
        """Starts HQ and waits until it accepts. Raises RuntimeError with its last words."""
        command = [sys.executable, *self._program, "--data", str(self.data), "--port", str(self.port)]
        with self.log.open("a") as errors:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, env=_environment()
            )
        if self._process.stdout is None or not self._process.stdout.readline():
            raise RuntimeError(f"HQ did not start\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """Ends HQ in good order, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._gone()

    def kill(self) -> None:
        """SIGKILL to HQ's process; its database is stopped by the keeper, soon."""
        if self._process is not None:
            self._process.kill()
            self._gone()

    def workers(self) -> list[int]:
        """The processes that answer for HQ, where it runs in several."""
        first = self._process.pid if self._process else 0
        return [pid for pid in _children(first) if b"hq.serving.worker" in _command(pid)]

    def kill_worker(self) -> int:
        """SIGKILL to one of them, which HQ's first process replaces; gives how many were killed."""
        for pid in self.workers()[:1]:
            os.kill(pid, signal.SIGKILL)
            return 1
        return 0

    def _gone(self) -> None:
        if self._process is not None:
            self._process.wait(60)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def kill_database(self, *, one_backend: bool = False) -> int:
        """SIGKILL to PostgreSQL and all its backends, or to a single backend; gives how many were killed."""
        try:
            postmaster = int((self.cluster.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
            backends = _children(postmaster)
        except (OSError, ValueError, IndexError):
            return 0
        killed = 0
        for pid in [*filter(_serves, backends)][:1] if one_backend else [postmaster, *backends]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
        return killed

    def await_database_gone(self) -> None:
        """Until the keeper of a killed HQ has stopped its database. Raises RuntimeError when it does not."""
        for _ in range(1200):
            if not self.cluster.alive():
                return
            time.sleep(0.05)
        raise RuntimeError("the database outlives its HQ")

    def command(self, *arguments: str) -> str:
        """What a `guide-hq` command prints. Raises RuntimeError."""
        command = [sys.executable, "-m", "hq.cli", *arguments, "--data", str(self.data)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=_environment())
        if done.returncode:
            raise RuntimeError(f"guide-hq {arguments[0]} ended {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def shop(self, codes: int) -> Shop:
        """A new shop, made by HQ's own services in another process."""
        if self._office is None:
            self._office = subprocess.Popen(
                [sys.executable, "-m", "tests.proofs.office", str(self.data)],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment(),
            )  # fmt: skip
        office = self._office
        if office.stdin is None or office.stdout is None:
            raise RuntimeError("no pipes to the office")
        office.stdin.write(json.dumps({"codes": codes}) + "\n")
        office.stdin.flush()
        told = json.loads(office.stdout.readline())
        return Shop(
            store_id=told["store_id"], code=told["code"], guide_id=told["guide_id"], codes=tuple(told["codes"]),
            products=tuple(told["products"]), prices=tuple(told["prices"]), list_id=told["list"], stock=told["stock"],
        )  # fmt: skip

    def close_office(self) -> None:
        """Ends the process that makes shops: it uses the database too, which would keep it from being stopped."""
        if self._office is not None and self._office.stdin is not None and self._office.stdout is not None:
            self._office.stdin.close()
            self._office.wait(60)
            self._office.stdout.close()
            self._office = None

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The database's answer to a query that shares no code with the product."""
        with psycopg.connect(self.cluster.url()) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def errors(self) -> list[str]:
        """What HQ reported as its own errors."""
        return re.findall(r"^.* ERROR .*$|^Traceback.*$", self.log.read_text(errors="replace"), re.MULTILINE)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _serves(pid: int) -> bool:
    """Whether the backend has a client, as PostgreSQL writes into its processes' titles."""
    return b" 127.0.0.1(" in _command(pid)


def _command(pid: int) -> bytes:
    """Its command line; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


@contextlib.contextmanager
def opened(program: tuple[str, ...] = SERVE) -> Iterator[House]:
    """A running HQ in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="guide-proof-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # the database server's own account passes through it
        house = House(Path(name), program)
        try:
            house.start()
            yield house
        finally:
            house.close_office()
            house.stop()
