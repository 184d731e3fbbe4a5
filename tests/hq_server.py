"""A real HQ over HTTP within the test's own process: the whole ASGI application on port 0 of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


@contextmanager
def serving() -> Iterator[str]:
    """Serves HQ on the database that Django is connected to; gives its address."""
    from hq import asgi, server

    with server.bind("127.0.0.1", 0) as bound:
        application = asgi.build()
        running = server.Server(uvicorn.Config(application, log_config=None, access_log=False, lifespan="on"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [bound]}, name="test-hq")
        thread.start()
        try:
            _wait(running, thread)
            yield server.url_of(bound)
        finally:
            running.should_exit = True
            thread.join(20)


def _wait(running: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + 20
    while not running.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("HQ did not start")
        time.sleep(0.01)
