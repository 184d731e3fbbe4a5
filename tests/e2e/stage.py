"""What a scripted day stands on: an HQ of its own process, a virtual screen, and HQ's database asked by plain SQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg


class Hq:
    """`guide-hq serve` on a free port, with its data under one folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def command(self, *arguments: str) -> str:
        """Runs another `guide-hq` command on the same data; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "hq.cli", *arguments, "--data", str(self._data)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "GUIDE_HQ_LANGUAGE": "en"},
        )
        return done.stdout

    def load(self, *arguments: str) -> None:
        """Loads the year, its progress on the terminal; raises CalledProcessError when it fails."""
        subprocess.run(
            [sys.executable, "-m", "hq.cli", "load", "complete-journey", *arguments, "--data", str(self._data)],
            check=True,
            env={**os.environ, "GUIDE_HQ_LANGUAGE": "en"},
        )

    def start(self) -> None:
        """Starts to serve; returns once it accepts."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hq.cli", "serve", "--port", "0", "--data", str(self._data)],
            stdout=subprocess.PIPE,
            stderr=(self._data.parent / "hq.log").open("a", encoding="utf-8"),
            text=True,
            env={**os.environ, "GUIDE_HQ_LANGUAGE": "en"},
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "http://127.0.0.1:" in line:
                self.port = int(line.rsplit(":", 1)[1].strip().rstrip("/"))
                return
        raise AssertionError(f"HQ ended with {self._process.wait()}; see hq.log")

    def stop(self) -> None:
        """SIGTERM; raises AssertionError when it does not end well."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
            if process.stdout is not None:
                process.stdout.close()
            assert code == 0, f"HQ ended with {code}"


class Sql:
    """HQ's database, asked with no code of the product."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def one(self, query: str, **values: Any) -> Any:
        """The only value of a query."""
        return self.rows(query, **values)[0][0]

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


class VirtualScreen:
    """Xvfb on a free display; `display` is its name."""

    def __init__(self, width: int = 1280, height: int = 1280) -> None:
        read, write = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = f":{answer.readline().strip()}"

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait(10)
