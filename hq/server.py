"""Serving HQ over HTTP: a socket bound beforehand (so that port 0 is known), a line that says where, a clean end."""

from __future__ import annotations

import errno
import signal
import socket
from types import FrameType

import uvicorn

from guide_app.domain.errors import EnvironmentProblem
from hq import asgi
from hq.sync_api import CLOSING
from hq.words import _


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
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=1024)
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


def serve(bound: socket.socket, url: str) -> None:
    """Serves until SIGTERM or SIGINT, then returns: requests under way are finished."""
    config = uvicorn.Config(
        asgi.build(), lifespan="on", log_level="warning", access_log=False, server_header=False,
        timeout_graceful_shutdown=20, proxy_headers=True, forwarded_allow_ips="127.0.0.1",
    )  # fmt: skip
    server = Server(config)
    server.url = url

    def end(_number: int, _frame: FrameType | None) -> None:
        # uvicorn raises a signal again after it stopped in good order, which would end us with an error
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    server.run(sockets=[bound])
