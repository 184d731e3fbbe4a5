"""One of several processes that answer for HQ: `python -m hq.serving.worker SOCKET HOST URL`, started by the first one.

The database is open and brought up to date, and what a restored HQ must do first is done, before one is started. Its
standard input ends when the first process dies, however it does; then this one is gone at once, as if killed with it:
nobody would look after it, and the next HQ needs the address.
"""

from __future__ import annotations

import os
import socket
import sys
import threading

from hq.database.opening import connected


def main(number: int, host: str, url: str) -> None:
    """Serves on an inherited listening socket until SIGTERM; prints that it is ready as a single process does."""
    threading.Thread(target=_end_with_the_first, name="hq-first", daemon=True).start()
    with connected(), socket.socket(fileno=number) as bound:
        from hq import server  # what it serves needs Django's settings

        server.serve(bound, host, url, _ready)


def _ready() -> None:
    """The first process has done what comes before answering."""


def _end_with_the_first() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
