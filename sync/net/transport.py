"""Requests to HQ over HTTP: what is sent, and what an answer means.

What does not look like HQ's answer in every respect (status, type, encoding, length, schema) is NoNetwork: a portal's
login page, a proxy's error, half an answer. Redirects are never followed: a signed request goes to HQ or nowhere.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from guide_app.domain.errors import NoNetwork, Refused
from sync.net.address import hq_address, is_loopback
from sync.net.wire import Answered, DirectWire, NotHttp
from sync.protocol import codec
from sync.protocol.errors import ProtocolError
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    ErrorBody,
    LeaseRequest,
    LeaseResponse,
    SyncRequest,
    SyncResponse,
)
from sync.protocol.signature import sign
from sync.protocol.versions import APP_HEADER, PROTOCOL, PROTOCOL_HEADER
from sync.remote import AppTooOld, ClockRefused, HqBusy, HqRefused, HqRevoked, Received, Sender

T = TypeVar("T")

_PACK_FROM = 200
"""Bytes of a body below which packing gains nothing."""
_IN_THREAD_FROM = 64 << 10
"""Bytes of an answer from which unpacking it would be felt as a dropped frame."""
_DEFAULT_RETRY_S = 30.0


class Wire(Protocol):
    """A way to one address."""

    async def post(self, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """One request and its whole answer. Raises NotHttp, OSError, EOFError, TimeoutError."""

    async def aclose(self) -> None:
        """Hangs up; a later request connects anew."""


class HttpRemote:
    """The Remote port over kept connections; one instance for the life of the app."""

    def __init__(
        self, *, app_version: str, nonce: Callable[[], str], connect_s: float = 10.0, whole_s: float = 90.0
    ) -> None:
        """`nonce` gives a fresh unguessable text each time; `whole_s` bounds a request with its answer."""
        self._app_version = app_version
        self._nonce = nonce
        self._connect_s, self._whole_s = connect_s, whole_s
        self._wire: Wire | None = None
        self._wire_url = ""

    async def enrol(self, sender: Sender, request: EnrolRequest) -> EnrolResponse:
        try:
            plain, _ = await self._post(sender, "/v1/enrol", request)
        except HqRevoked as refused:
            raise Refused(refused.code) from refused
        return await _read(plain, EnrolResponse)

    async def sync(self, sender: Sender, request: SyncRequest) -> Received:
        plain, size = await self._post(sender, "/v1/sync", request)
        return Received(await _read(plain, SyncResponse), size)

    async def lease(self, sender: Sender, request: LeaseRequest) -> LeaseResponse:
        plain, _ = await self._post(sender, "/v1/lease", request)
        return await _read(plain, LeaseResponse)

    async def aclose(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.aclose()

    async def _post(self, sender: Sender, target: str, message: object) -> tuple[bytes, int]:
        """The plain body of HQ's 200 and its size on the line."""
        url = hq_address(sender.hq_url)
        body = codec.encode(message)
        headers = {
            PROTOCOL_HEADER: PROTOCOL,
            APP_HEADER: self._app_version,
            "accept": "application/json",
            "accept-encoding": "zstd, gzip",
            "content-type": "application/json",
        }
        if len(body) >= _PACK_FROM:
            body = codec.pack(body, "zstd")
            headers["content-encoding"] = "zstd"
        headers |= sign(
            "POST", target, headers, body, key=sender.key, keyid=sender.keyid, created=sender.created,
            nonce=self._nonce(),
        )  # fmt: skip
        answered = await self._send(await self._wire_to(url), target, headers, body)
        return await _judge(answered), len(answered.body)

    async def _send(self, wire: Wire, target: str, headers: dict[str, str], body: bytes) -> Answered:
        try:
            async with asyncio.timeout(self._whole_s):
                return await wire.post(target, headers, body)
        except (NotHttp, OSError, EOFError, TimeoutError) as error:
            raise NoNetwork("no_network", type(error).__name__) from error

    async def _wire_to(self, url: str) -> Wire:
        if self._wire is None or self._wire_url != url:
            await self.aclose()
            self._wire = await asyncio.to_thread(_make_wire, url, self._connect_s, self._whole_s)
            self._wire_url = url
        return self._wire


def _make_wire(url: str, connect_s: float, whole_s: float) -> Wire:
    """Off the event loop: reading the system's certificates takes a while."""
    host = urlsplit(url).hostname or ""
    if not url.startswith("https:"):
        return DirectWire(url, None, connect_s, codec.MAX_UNPACKED)
    import truststore

    trusted = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not is_loopback(host) and "https" in getproxies() and not proxy_bypass(host):
        from sync.net.proxied import ProxiedWire

        return ProxiedWire(url, trusted, connect_s, whole_s, codec.MAX_UNPACKED)
    return DirectWire(url, trusted, connect_s, codec.MAX_UNPACKED)


async def _judge(answered: Answered) -> bytes:
    """The plain body of a 200 of HQ's; raises what any other answer means."""
    status, headers, packed = answered
    retry_s = _retry_after(headers)
    if status in (429, 503) and retry_s is not None:
        raise HqBusy(retry_s)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NoNetwork("no_network", f"HTTP {status} that is not JSON")
    plain = await _unpack(packed, headers.get("content-encoding", ""))
    if status == 200:
        return plain
    raise _refusal(status, await _read(plain, ErrorBody))


def _refusal(status: int, said: ErrorBody) -> Exception:
    if status in (429, 503):
        return HqBusy(_DEFAULT_RETRY_S)
    if status >= 500 or status < 400:
        return NoNetwork("no_network", f"HTTP {status}")
    if status == 426:
        return AppTooOld()
    if status == 401 and said.code == "clock":
        return ClockRefused(said.server_time)
    if status == 403 or said.code == "key_unknown":
        return HqRevoked(said.code)
    return HqRefused(status, said.code)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of ``Retry-After``; None without one, or when it is a date: a tablet's clock may be wrong."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


async def _unpack(packed: bytes, encoding: str) -> bytes:
    try:
        known = codec.parse_encoding(encoding)
        if len(packed) < _IN_THREAD_FROM:
            return codec.unpack(packed, known)
        return await asyncio.to_thread(codec.unpack, packed, known)
    except ProtocolError as error:
        raise NoNetwork("no_network", error.code) from error


async def _read(plain: bytes, kind: type[T]) -> T:
    try:
        if len(plain) < _IN_THREAD_FROM:
            return codec.decode(plain, kind)
        return await asyncio.to_thread(codec.decode, plain, kind)
    except ProtocolError as error:
        raise NoNetwork("no_network", error.code) from error
