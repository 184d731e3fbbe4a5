"""HttpRemote against a server on this machine that answers whatever the test wants, byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
import zstandard

from guide_app.domain.errors import BadInput, NoNetwork, Refused
from guide_app.domain.radar import made, names
from sync.net.transport import HttpRemote
from sync.protocol import codec
from sync.protocol.messages import Batch, EnrolRequest, ErrorBody, RadarResponse, SyncRequest, SyncResponse
from sync.protocol.signature import SigningKey, verify
from sync.remote import AppTooOld, ClockRefused, HqBusy, HqRefused, HqRevoked, RadarMaking, Sender

pytestmark = pytest.mark.asyncio

KEY = SigningKey(bytes(range(32)))
DEVICE = "00000000-0000-4000-8000-0000000000d1"
NOW = "2026-11-22T10:00:00.000Z"
REQUEST = SyncRequest(
    incarnation="00000000-0000-4000-8000-000000000001", epoch="e1", next_seq=1, after={"s1": 0}, want=1
)
ANSWER = SyncResponse(
    batch=Batch(status="ok", last_seq=0), server_time=NOW, next_sync_after_ms=30_000, authorised_until=NOW
)  # fmt: skip


@dataclass
class Heard:
    """One request as it came over the line."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """Answers each request with the next of `answers`; an answer is the raw bytes of a whole HTTP response."""

    url: str = ""
    answers: list[bytes] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    hang: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.heard.append(Heard(method, target, headers, body))
            if self.hang:
                await asyncio.sleep(30)
            writer.write(self.answers.pop(0))
            await writer.drain()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


@pytest_asyncio.fixture
async def remote() -> AsyncIterator[HttpRemote]:
    made = HttpRemote(app_version="1.2.3", nonce=lambda: "n1", connect_s=2, whole_s=5)
    yield made
    await made.aclose()


def http(status: int, body: bytes, *, kind: str = "application/json", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "connection: close"]
    lines += [f"content-type: {kind}"] if kind else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def refusal(status: int, code: str, **headers: str) -> bytes:
    return http(status, codec.encode(ErrorBody(code=code, message="words", server_time=NOW)), **headers)


def sender(server: Server, keyid: str = DEVICE) -> Sender:
    return Sender(server.url, KEY, keyid, int(time.time()))


async def test_the_request_is_signed_and_the_answer_read(server: Server, remote: HttpRemote) -> None:
    server.answers.append(http(200, codec.encode(ANSWER)))
    received = await remote.sync(sender(server), REQUEST)
    assert received.answer == ANSWER
    (heard,) = server.heard
    assert (heard.method, heard.target) == ("POST", "/v1/sync")
    verify("POST", heard.target, heard.headers, heard.body, key_of=lambda _: KEY.public, now=time.time())
    assert codec.decode(heard.body, SyncRequest) == REQUEST
    assert heard.headers["guide-app"] == "1.2.3"


async def test_larger_requests_and_answers_travel_packed(server: Server, remote: HttpRemote) -> None:
    answer = codec.pack(codec.encode(ANSWER), "zstd")
    server.answers.append(http(200, answer, content_encoding="zstd"))
    received = await remote.sync(sender(server), SyncRequest(
        incarnation=REQUEST.incarnation, epoch="e", next_seq=1, after={f"scope{n}": n for n in range(50)}
    ))  # fmt: skip
    assert (received.answer, received.size) == (ANSWER, len(answer))
    (heard,) = server.heard
    assert heard.headers["content-encoding"] == "zstd"
    verify("POST", heard.target, heard.headers, heard.body, key_of=lambda _: KEY.public, now=time.time())
    assert codec.unpack(heard.body, "zstd").startswith(b"{")


WHOLE = codec.encode(ANSWER)
PACKED = codec.pack(WHOLE, "zstd")
NOT_HQ: dict[str, bytes] = {
    "a login page": http(200, b"<html>Welcome to Airport WiFi</html>", kind="text/html"),
    "a login page that calls itself JSON": http(200, b"<html></html>"),
    "a redirect to a login page": http(302, b"", kind="", location="https://portal.example.com/"),
    "a redirect with a JSON body": refusal(307, "moved", location="https://portal.example.com/"),
    "somebody else's JSON": http(200, b'{"status":"ok"}'),
    "half the JSON": http(200, WHOLE[: len(WHOLE) // 2]),
    "a connection cut in the middle": http(200, WHOLE)[:-20],
    "truncated zstd": http(200, PACKED[: len(PACKED) // 2], content_encoding="zstd"),
    "zstd that is none": http(200, WHOLE, content_encoding="zstd"),
    "an encoding nobody asked for": http(200, WHOLE, content_encoding="br"),
    "no content type": http(200, WHOLE, kind=""),
    "a bomb": http(200, zstandard.ZstdCompressor().compress(bytes(64 << 20)), content_encoding="zstd"),
    "more bytes than any answer has": http(200, b" " * (codec.MAX_UNPACKED + 1)),
    "a gateway's error": http(502, b"<h1>Bad gateway</h1>", kind="text/html"),
    "an error of the server": refusal(500, "oops"),
    "busy, in a portal's words": http(503, b"<h1>later</h1>", kind="text/html"),
    "a portal that forbids": http(403, b"<h1>Forbidden</h1>", kind="text/html"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("answer", NOT_HQ.values(), ids=NOT_HQ)
async def test_what_is_not_hq_is_no_network(server: Server, remote: HttpRemote, answer: bytes) -> None:
    server.answers.append(answer)
    with pytest.raises(NoNetwork):
        await remote.sync(sender(server), REQUEST)
    assert len(server.heard) == 1


async def test_nobody_there_is_no_network(server: Server, remote: HttpRemote) -> None:
    with pytest.raises(NoNetwork):
        await remote.sync(Sender("http://127.0.0.1:9", KEY, DEVICE, 0), REQUEST)


async def test_a_server_that_never_answers_is_no_network(server: Server) -> None:
    server.hang = True
    impatient = HttpRemote(app_version="1.2.3", nonce=lambda: "n1", connect_s=1, whole_s=0.2)
    with pytest.raises(NoNetwork):
        await impatient.sync(sender(server), REQUEST)
    await impatient.aclose()


async def test_a_redirect_is_never_followed(server: Server, remote: HttpRemote) -> None:
    server.answers += [http(307, b"", location=server.url + "/v1/sync"), http(200, WHOLE)]
    with pytest.raises(NoNetwork):
        await remote.sync(sender(server), REQUEST)
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (refusal(401, "clock"), ClockRefused),
        (refusal(401, "key_unknown"), HqRevoked),
        (refusal(403, "revoked"), HqRevoked),
        (refusal(426, "app_old"), AppTooOld),
        (refusal(401, "signature"), HqRefused),
        (refusal(422, "envelope_invalid"), HqRefused),
        (refusal(413, "too_large"), HqRefused),
        (refusal(429, "busy"), HqBusy),
        (http(503, b"", kind="", retry_after="12"), HqBusy),
    ],
)
async def test_what_hq_means(server: Server, remote: HttpRemote, answer: bytes, problem: type[Exception]) -> None:
    server.answers.append(answer)
    with pytest.raises(problem):
        await remote.sync(sender(server), REQUEST)


@pytest.mark.parametrize(
    ("header", "seconds"), [("12", 12.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 30.0), ("-1", 30.0), ("nan", 30.0)]
)
async def test_retry_after(server: Server, remote: HttpRemote, header: str, seconds: float) -> None:
    server.answers.append(refusal(503, "busy", retry_after=header))
    with pytest.raises(HqBusy) as told:
        await remote.sync(sender(server), REQUEST)
    assert told.value.retry_s == seconds


async def test_the_refused_clock_carries_hqs_time(server: Server, remote: HttpRemote) -> None:
    server.answers.append(refusal(401, "clock"))
    with pytest.raises(ClockRefused) as told:
        await remote.sync(sender(server), REQUEST)
    assert told.value.server_time == NOW


async def test_a_wrong_code_is_refused(server: Server, remote: HttpRemote) -> None:
    server.answers.append(refusal(403, "enrol_code"))
    request = EnrolRequest(code="X", device_public_key=KEY.public_text, device_name="till", platform="linux")
    with pytest.raises(Refused) as told:
        await remote.enrol(sender(server, KEY.public_text), request)
    assert told.value.code == "enrol_code"


@pytest.mark.parametrize("url", ["http://hq.example.com", "http://hq", "ftp://127.0.0.1"])
async def test_nothing_is_sent_in_the_clear_to_another_machine(remote: HttpRemote, url: str) -> None:
    with pytest.raises(BadInput):
        await remote.sync(Sender(url, KEY, DEVICE, 0), REQUEST)


async def test_a_cancelled_request_leaves_a_client_that_works(server: Server, remote: HttpRemote) -> None:
    server.hang = True
    task = asyncio.create_task(remote.sync(sender(server), REQUEST))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    server.hang = False
    server.answers.append(http(200, WHOLE))
    assert (await remote.sync(sender(server), REQUEST)).answer == ANSWER


_SET = made(names(["+8613800000000"], bytes(32)), bytes(32), bytes(32), 7)
RADAR = RadarResponse(version=_SET.version, made_at=NOW, terms=_SET.terms, of=1, first=0, buckets=[*_SET.buckets])


async def test_the_radar_is_asked_for_part_by_part(server: Server, remote: HttpRemote) -> None:
    server.answers = [
        http(200, codec.encode(RADAR)),
        http(200, codec.pack(codec.encode(RADAR), "zstd"), content_encoding="zstd"),
    ]
    assert await remote.radar(sender(server), "", 0) == RADAR
    assert await remote.radar(sender(server), "", 1500) == RADAR
    first, rest = server.heard
    assert (first.method, first.target, rest.target) == ("GET", "/v1/radar", "/v1/radar?from=1500")
    assert "if-none-match" not in first.headers
    for heard in server.heard:
        verify("GET", heard.target, heard.headers, b"", key_of=lambda _: KEY.public, now=time.time())


async def test_a_radar_that_is_the_newest_is_not_sent_again(server: Server, remote: HttpRemote) -> None:
    server.answers = [b"HTTP/1.1 304 X\r\nconnection: close\r\n\r\n"]
    assert await remote.radar(sender(server), RADAR.version, 0) is None
    assert server.heard[0].headers["if-none-match"] == f'"{RADAR.version}"'


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        (b"HTTP/1.1 304 X\r\nconnection: close\r\n\r\n", NoNetwork),
        (http(200, codec.encode(RADAR)[:-30]), NoNetwork),
        (http(200, b"<html>Welcome</html>", kind="text/html"), NoNetwork),
        (http(200, codec.encode(RADAR).replace(_SET.version.encode(), b"no hash")), NoNetwork),
        (refusal(503, "making", retry_after="60"), RadarMaking),
        (refusal(503, "busy", retry_after="60"), HqBusy),
        (http(503, b"<html>Later</html>", kind="text/html", retry_after="60"), HqBusy),
        (refusal(403, "revoked"), HqRevoked),
        (refusal(404, "not_found"), HqRefused),
    ],
)
async def test_what_is_no_radar(server: Server, remote: HttpRemote, said: bytes, becomes: type[Exception]) -> None:
    server.answers = [said]
    with pytest.raises(becomes):
        await remote.radar(sender(server), "", 0)
