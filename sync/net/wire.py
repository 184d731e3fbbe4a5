"""HTTP/1.1 straight to HQ: a request and its whole answer over kept connections, a sixth of what httpx costs.

What is not exactly an HTTP answer raises `NotHttp`; nothing is guessed. Only what HQ and a reverse proxy before it say
is understood: a length, chunks, or an answer that ends with its connection (RFC 9112 §6.3).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import selectors
import ssl
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: [^\r\n]*)?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n\x00]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_HEAD, _TRAILERS, _INTERIM = 64 << 10, 8 << 10, 8
_KEPT_S = 60.0


class NotHttp(Exception):
    """What came back is not HTTP, breaks off, or is larger than agreed."""


class Answered(NamedTuple):
    """An answer as it came: header names in lower case, the body still packed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Line(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def usable(self) -> bool:
        """Whether the other side still holds it, as far as one can know, and said nothing unasked.

        The socket is asked too: what it has to say may not have come through the event loop yet.
        """
        if self.writer.is_closing() or self.reader.at_eof():
            return False
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.writer.get_extra_info("socket"), selectors.EVENT_READ)
            return not waiting.select(0)


class DirectWire:
    """Connections to one address, kept for a minute. One request at a time goes over each."""

    def __init__(self, url: str, tls: ssl.SSLContext | None, connect_s: float, largest: int) -> None:
        """`largest`: bytes of body that are taken."""
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or (443 if tls else 80)
        self._tls, self._connect_s, self._largest = tls, connect_s, largest
        self._named = parts.netloc.encode("ascii")
        self._idle: list[tuple[float, _Line]] = []

    async def post(self, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Raises NotHttp, OSError (of TLS too), TimeoutError while connecting, EOFError."""
        line = self._kept() or await self._connect()
        try:
            line.writer.write(self._request(target, headers, body))
            answered, again = await self._answer(line.reader)
        except BaseException as problem:  # broken off in the middle, by whomever: nobody may find the rest
            line.writer.transport.abort()
            if isinstance(problem, asyncio.LimitOverrunError):
                raise NotHttp("a line without end") from problem
            raise
        if again and line.usable:
            self._idle.append((time.monotonic(), line))
        else:
            line.writer.close()
        return answered

    async def aclose(self) -> None:
        """Hangs up; a later request connects anew."""
        while self._idle:
            _, line = self._idle.pop()
            line.writer.close()
            with contextlib.suppress(OSError):
                await line.writer.wait_closed()

    def _kept(self) -> _Line | None:
        while self._idle:
            since, line = self._idle.pop()
            if line.usable and time.monotonic() - since < _KEPT_S:
                return line
            line.writer.close()
        return None

    async def _connect(self) -> _Line:
        async with asyncio.timeout(self._connect_s):
            named = self._host if self._tls else None
            opened = asyncio.open_connection(self._host, self._port, ssl=self._tls, server_hostname=named, limit=_HEAD)
            return _Line(*await opened)

    def _request(self, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
        lines = [f"{name}: {value}\r\n".encode("latin-1") for name, value in headers.items()]
        length = b"content-length: %d\r\n\r\n" % len(body)
        return b"".join(
            (b"POST ", target.encode("ascii"), b" HTTP/1.1\r\nhost: ", self._named, b"\r\n", *lines, length, body)
        )

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[Answered, bool]:
        """The answer, and whether the connection can be used again."""
        for _ in range(_INTERIM):
            minor, status, headers = _head(await reader.readuntil(b"\r\n\r\n"))
            if status >= 200:
                body, framed = await self._body(reader, status, headers)
                words = {word.strip().lower() for word in headers.get("connection", "").split(",")}
                return Answered(status, headers, body), framed and minor == 1 and "close" not in words
        raise NotHttp("interim answers without end")

    async def _body(self, reader: asyncio.StreamReader, status: int, headers: Mapping[str, str]) -> tuple[bytes, bool]:
        """The body, and whether it said where it ends."""
        coding, length = headers.get("transfer-encoding", "").strip().lower(), headers.get("content-length")
        if status in (204, 304):
            return b"", True
        if coding:
            if coding != "chunked" or length is not None:
                raise NotHttp("a transfer coding of another kind")
            return await self._chunks(reader), True
        if length is None:
            return await self._rest(reader), False
        if not re.fullmatch(r"\d{1,12}", length, re.A):
            raise NotHttp("a length that is none")
        if int(length) > self._largest:
            raise NotHttp("an answer without end")
        return await reader.readexactly(int(length)), True

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        body = bytearray()
        while True:
            found = _CHUNK.fullmatch(await reader.readuntil(b"\r\n"))
            if found is None:
                raise NotHttp("a chunk without a size")
            size = int(found[1], 16)
            if len(body) + size > self._largest:
                raise NotHttp("an answer without end")
            if not size:
                break
            body += await reader.readexactly(size)
            if await reader.readexactly(2) != b"\r\n":
                raise NotHttp("a chunk of another size")
        trailers = 0
        while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
            trailers += len(line)
            if trailers > _TRAILERS:
                raise NotHttp("trailers without end")
        return bytes(body)

    async def _rest(self, reader: asyncio.StreamReader) -> bytes:
        body = bytearray()
        while piece := await reader.read(_HEAD):
            body += piece
            if len(body) > self._largest:
                raise NotHttp("an answer without end")
        return bytes(body)


def _head(head: bytes) -> tuple[int, int, dict[str, str]]:
    """HTTP's minor version, the status, the header fields; those that come twice are joined by ", "."""
    first, *lines = head[:-4].split(b"\r\n")
    said = _STATUS.fullmatch(first)
    if said is None:
        raise NotHttp("no status line")
    headers: dict[str, str] = {}
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None:
            raise NotHttp("a header that is none")
        name, value = field[1].decode("ascii").lower(), field[2].decode("latin-1").strip(" \t")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return int(said[1]), int(said[2]), headers
