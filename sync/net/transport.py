"""Requests to HQ over HTTP.

What does not look like HQ's answer in every respect (status, type, encoding, length, schema) is NoNetwork: a portal's
login page, a proxy's error, half an answer. Redirects are never followed: a signed request goes to HQ or nowhere.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from guide_app.domain.errors import NoNetwork, Refused
from sync.net.address import hq_address
from sync.net.connections import Connections
from sync.protocol import codec
from sync.protocol.errors import ProtocolError
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    ErrorBody,
    LeaseRequest,
    LeaseResponse,
    LookupRequest,
    LookupResponse,
    PayRequest,
    PayResponse,
    RadarResponse,
    SyncRequest,
    SyncResponse,
    VerifyRequest,
    VerifyResponse,
)
from sync.protocol.signature import sign
from sync.protocol.versions import APP_HEADER, PROTOCOL, PROTOCOL_HEADER
from sync.remote import AppTooOld, ClockRefused, HqBusy, HqRefused, HqRevoked, RadarMaking, Received, Sender

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

_PACK_FROM = 200
"""Bytes of a body below which packing gains nothing."""
_IN_THREAD_FROM = 64 << 10
"""Bytes of an answer from which unpacking it would be felt as a dropped frame."""
_DEFAULT_RETRY_S = 30.0
_NOT_MODIFIED = 304


class HttpRemote:
    """The Remote port over one connection pool; one instance for the life of the app."""

    def __init__(
        self, *, app_version: str, nonce: Callable[[], str], connect_s: float = 10.0, whole_s: float = 90.0
    ) -> None:
        """`nonce` gives a fresh unguessable text each time; `whole_s` bounds a request with its answer."""
        self._app_version = app_version
        self._nonce = nonce
        self._whole_s = whole_s
        self._connections = Connections(connect_s=connect_s, silence_s=whole_s)

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

    async def payment(self, sender: Sender, request: PayRequest) -> PayResponse:
        plain, _ = await self._post(sender, "/v1/payment", request)
        return await _read(plain, PayResponse)

    async def lookup(self, sender: Sender, request: LookupRequest) -> LookupResponse:
        plain, _ = await self._post(sender, "/v1/lookup", request)
        return await _read(plain, LookupResponse)

    async def verify(self, sender: Sender, request: VerifyRequest) -> VerifyResponse:
        plain, _ = await self._post(sender, "/v1/verify", request)
        return await _read(plain, VerifyResponse)

    async def radar(self, sender: Sender, version: str, first: int) -> RadarResponse | None:
        target = f"/v1/radar?from={first}" if first else "/v1/radar"
        known = {"if-none-match": f'"{version}"'} if version else {}
        headers = {"accept": "application/json", "accept-encoding": "zstd, gzip", **known}
        status, answered, packed = await self._send("GET", target, headers, b"", sender)
        if status == _NOT_MODIFIED and version:
            return None
        try:
            return await _read(await judge(status, answered, packed), RadarResponse)
        except HqBusy as busy:
            if await _code(answered, packed) == "making":
                raise RadarMaking(busy.retry_s) from busy
            raise

    async def aclose(self) -> None:
        await self._connections.aclose()

    async def _post(self, sender: Sender, target: str, message: object) -> tuple[bytes, int]:
        """The plain body of HQ's 200 and its size on the line."""
        body = codec.encode(message)
        headers = {
            "accept": "application/json",
            "accept-encoding": "zstd, gzip",
            "content-type": "application/json",
        }
        if len(body) >= _PACK_FROM:
            body = codec.pack(body, "zstd")
            headers["content-encoding"] = "zstd"
        status, answered, packed = await self._send("POST", target, headers, body, sender)
        return await judge(status, answered, packed), len(packed)

    async def _send(
        self, method: str, target: str, headers: dict[str, str], body: bytes, sender: Sender
    ) -> tuple[int, httpx.Headers, bytes]:
        url, packed = hq_address(sender.hq_url), bytearray()
        headers = signed(method, target, headers, body, sender, self._app_version, self._nonce())
        try:
            async with (
                asyncio.timeout(self._whole_s),
                self._connections.request(method, url, target, headers, body) as response,
            ):
                async for piece in response.aiter_raw():
                    packed += piece
                    if len(packed) > codec.MAX_UNPACKED:
                        raise NoNetwork("no_network", "an answer without end")
                return response.status_code, response.headers, bytes(packed)
        except TimeoutError as error:
            raise NoNetwork("no_network", "no whole answer in time") from error


def signed(
    method: str, target: str, headers: dict[str, str], body: bytes, sender: Sender, app_version: str, nonce: str
) -> dict[str, str]:
    """The headers with those that say who asks, with which app, and prove it."""
    said = {**headers, PROTOCOL_HEADER: PROTOCOL, APP_HEADER: app_version}
    return said | sign(
        method, target, said, body, key=sender.key, keyid=sender.keyid, created=sender.created, nonce=nonce
    )


async def judge(status: int, headers: httpx.Headers, packed: bytes) -> bytes:
    """The plain body of a 200 of HQ's; raises what any other answer means."""
    retry_s = _retry_after(headers)
    if status in (429, 503) and retry_s is not None:
        raise HqBusy(retry_s)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NoNetwork("no_network", f"HTTP {status} that is not JSON")
    plain = await _unpack(packed, headers.get("content-encoding", ""))
    if status == 200:
        return plain
    raise _refusal(status, await _read(plain, ErrorBody))


async def _code(headers: httpx.Headers, packed: bytes) -> str:
    """HQ's code for a refusal; "" where somebody else refused."""
    try:
        return (await _read(await _unpack(packed, headers.get("content-encoding", "")), ErrorBody)).code
    except NoNetwork:
        return ""


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


def _retry_after(headers: httpx.Headers) -> float | None:
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
