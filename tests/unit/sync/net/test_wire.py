"""HTTP/1.1 to a server on this machine that says, byte by byte, what the test wants."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from sync.net import transport
from sync.net.proxied import ProxiedWire
from sync.net.wire import DirectWire, NotHttp

pytestmark = pytest.mark.asyncio

LARGEST = 1000
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"


@dataclass
class Server:
    """Gives the next of `answers` to each request; b"" hangs up instead. `connections` counts how often one called."""

    url: str = ""
    answers: list[bytes] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split()[0])
                self.heard.append(head + await reader.readexactly(length))
                writer.write(self.answers.pop(0))
                await writer.drain()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        yield made


@pytest_asyncio.fixture
async def wire(server: Server) -> AsyncIterator[DirectWire]:
    made = DirectWire(server.url, None, 5, LARGEST)
    yield made
    await made.aclose()


async def test_the_request_goes_out_as_it_is(server: Server, wire: DirectWire) -> None:
    server.answers = [OK]
    answered = await wire.post("/v1/sync?a=b", {"Guide-App": "1.0.0"}, b"body")
    assert (answered.status, answered.body) == (200, b"hi")
    host = server.url.removeprefix("http://").encode()
    assert server.heard == [
        b"POST /v1/sync?a=b HTTP/1.1\r\nhost: " + host + b"\r\nGuide-App: 1.0.0\r\ncontent-length: 4\r\n\r\nbody"
    ]


async def test_a_connection_is_kept_for_the_next_request(server: Server, wire: DirectWire) -> None:
    server.answers = [OK, OK, OK]
    for _ in range(3):
        assert (await wire.post("/", {}, b"")).body == b"hi"
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: 2\r\n\r\nhi",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi",
    ],
)
async def test_one_that_is_to_end_is_not_kept(server: Server, wire: DirectWire, answer: bytes) -> None:
    server.answers = [answer, OK]
    assert (await wire.post("/", {}, b"")).body == b"hi"
    assert (await wire.post("/", {}, b"")).body == b"hi"
    assert server.connections == 2


async def test_one_that_the_other_side_gave_up_is_not_used_again(server: Server, wire: DirectWire) -> None:
    server.answers = [OK]
    await wire.post("/", {}, b"")
    await asyncio.sleep(0.05)  # its end arrives
    server.answers = [OK]
    assert (await wire.post("/", {}, b"")).body == b"hi"
    assert server.connections == 2


async def test_nor_when_its_end_has_not_come_through_the_loop_yet(server: Server, wire: DirectWire) -> None:
    server.answers = [OK]
    await wire.post("/", {}, b"")
    _blocked_for(0.05)
    server.answers = [OK]
    assert (await wire.post("/", {}, b"")).body == b"hi"
    assert server.connections == 2


def _blocked_for(seconds: float) -> None:
    """The event loop does nothing else meanwhile."""
    time.sleep(seconds)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\n yo\r\n0\r\nx: y\r\n\r\n",
            b"hi yo",
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"hi"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 200\r\nX-A:  1 \r\nx-a: 2\r\nContent-Length: 0\r\n\r\n", b""),
    ],
)
async def test_answers_of_every_form(server: Server, wire: DirectWire, answer: bytes, body: bytes) -> None:
    server.answers = [answer, OK]
    answered = await wire.post("/", {}, b"")
    assert answered.body == body
    if b"X-A" in answer:
        assert answered.headers["x-a"] == "1, 2"
    assert (await wire.post("/", {}, b"")).body == b"hi"
    assert server.connections == 1


async def test_an_answer_may_end_with_its_connection(server: Server, wire: DirectWire) -> None:
    server.answers = [b"HTTP/1.1 200 OK\r\n\r\nall of it"]
    assert (await wire.post("/", {}, b"")).body == b"all of it"


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno field\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi!",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi!!0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfff\r\n" + b"x" * 0xFFF + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n" + b"x: y\r\n" * 2000 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 20,
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000,
        b"",
    ],
)
async def test_what_is_not_an_answer_is_said_and_its_connection_forgotten(
    server: Server, wire: DirectWire, answer: bytes
) -> None:
    server.answers = [answer]
    with pytest.raises((NotHttp, EOFError, ConnectionError)):
        await wire.post("/", {}, b"")
    server.answers = [OK]
    assert (await wire.post("/", {}, b"")).body == b"hi"
    assert server.connections == 2


async def test_a_request_that_is_given_up_leaves_nothing_behind(server: Server, wire: DirectWire) -> None:
    server.answers = [b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhi", OK]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await wire.post("/", {}, b"")
    assert (await wire.post("/", {}, b"")).body == b"hi"
    assert server.connections == 2


async def test_a_proxy_of_the_system_is_gone_through_but_not_to_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    for url, kind in (
        ("https://hq.example", ProxiedWire),
        ("https://inside.example", DirectWire),
        ("https://127.0.0.1:8443", DirectWire),
        ("http://127.0.0.1:8700", DirectWire),
    ):
        made = transport._make_wire(url, 5, 5)
        assert type(made) is kind
        await made.aclose()


async def test_through_a_proxy_answers_are_the_same(server: Server) -> None:
    server.answers = [OK, b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n" + b"x" * 1001, b"nonsense\r\n\r\n"]
    through = ProxiedWire(server.url, ssl.create_default_context(), 5, 5, LARGEST)
    answered = await through.post("/v1/sync", {"a": "b"}, b"body")
    assert (answered.status, answered.headers["content-length"], answered.body) == (200, "2", b"hi")
    for _ in range(2):
        with pytest.raises(NotHttp):
            await through.post("/v1/sync", {}, b"")
    await through.aclose()
