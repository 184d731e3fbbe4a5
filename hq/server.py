"""Serving HQ over HTTP: a socket bound beforehand (so that port 0 is known), a line that says where, a clean end."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn
from django.conf import settings

from guide_app.domain.errors import EnvironmentProblem
from hq import asgi
from hq.sync_api import CLOSING
from hq.words import _

PATIENCE_S = 20
"""How long requests under way may take when HQ ends."""


class Server(uvicorn.Server):
    """Says where it can be reached once it can be; lets go of what would hold a connection for ever when it ends."""

    url = ""
    """Not said where it is empty."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.url:
            print(_("HQ is ready at {url}").format(url=self.url), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # the lifespan's own end comes only when all connections have ended
        self.lifespan.state[CLOSING]()
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises EnvironmentProblem("port_taken")."""
    return _bound(host, port, together=False)


@contextlib.contextmanager
def bound_for(processes: int, host: str, port: int) -> Iterator[list[socket.socket]]:
    """Listening sockets of one address, among which the kernel deals out callers. Raises as `bind`."""
    with bind(host, port) as alone:  # an address that is shared could be taken twice: nobody else may have it yet
        port = alone.getsockname()[1]
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(_bound(host, port, together=True)) for _ in range(processes)]


def _bound(host: str, port: int, *, together: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=1024, reuse_port=together)
        # asyncio does this only for sockets that were made with the protocol's number; else each answer waits 40 ms
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise EnvironmentProblem("port_taken", f"{host}:{port}") from error
        raise


def url_of(bound: socket.socket) -> str:
    """The address of the socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(bound: socket.socket, host: str, url: str, prepare: Callable[[], None] | None = None) -> None:
    """Serves until SIGTERM or SIGINT, then returns: requests under way are finished.

    `host`: as it was bound, a name of HQ too; `url`: what is told; `prepare`: as `asgi.build`.
    """
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        settings.ALLOWED_HOSTS.append(f"[{host}]" if ":" in host else host)
    config = uvicorn.Config(
        asgi.build(prepare), lifespan="on", log_level="warning", access_log=False, server_header=False,
        timeout_graceful_shutdown=PATIENCE_S, proxy_headers=True, forwarded_allow_ips="127.0.0.1",
    )  # fmt: skip
    server = Server(config)
    server.url = url

    def end(_number: int, _frame: FrameType | None) -> None:
        # uvicorn raises a signal again after it stopped in good order, which would end us with an error
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    server.run(sockets=[bound])
