"""The line between one tablet and HQ, which can be cut: a proxy on loopback with a port that stays the same."""

from __future__ import annotations

import contextlib
import socket
import threading


class Link:
    """Forwards to HQ while it is up. Down, it takes no connection and breaks those under way."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self._target = 0
        self._up = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True, name="link").start()

    @property
    def url(self) -> str:
        """HQ's address as the tablet sees it."""
        return f"http://127.0.0.1:{self.port}"

    def to(self, port: int) -> None:
        """Where HQ listens now."""
        self._target = port

    def up(self) -> None:
        """The network is there."""
        self._up = True

    def down(self) -> None:
        """The network goes, in the middle of whatever is under way."""
        self._up = False
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """No more connections."""
        self.down()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            if not self._up:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self._lock:
                self._open.discard(end)
