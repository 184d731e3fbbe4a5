"""Many virtual tablets for one HQ: enrolled devices with keys of their own, requests signed as a tablet signs them, and
kept connections that cost the machine as little as a client can."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import msgspec

from benchmarks import hq_server
from sync.protocol import codec
from sync.protocol.messages import SyncRequest, WireOp
from sync.protocol.signature import SigningKey, sign
from sync.protocol.versions import APP_HEADER, PROTOCOL, PROTOCOL_HEADER
from tests.ops import Maker

APP = "1.0.0"


class Tablet(msgspec.Struct):
    """One enrolled device with one database file, which has all rows of its scopes."""

    device_id: str
    seed: bytes
    store_id: str
    guide_id: str
    epoch: str
    incarnation: str
    after: dict[str, int]

    def maker(self, first_seq: int = 1) -> Maker:
        """Makes its operations."""
        made = Maker(self.store_id, self.guide_id)
        made.next_seq = first_seq
        return made

    def request(self, ops: Sequence[WireOp] = (), *, next_seq: int = 1, want: int = codec.MAX_WANT) -> bytes:
        """One signed round of sync as the bytes of an HTTP request; good for five minutes, as often as one likes."""
        asked = SyncRequest(
            incarnation=self.incarnation, epoch=self.epoch, next_seq=next_seq, after=self.after, want=want,
            ops=[msgspec.Raw(codec.encode(op)) for op in ops],
        )  # fmt: skip
        return signed(self, codec.encode(asked))


class Fleet(msgspec.Struct):
    """The tablets and what their shops sell. `prices`: (product id, unit price)."""

    tablets: list[Tablet]
    prices: list[tuple[str, int]]
    list_id: str


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def enlisted(data: Path, shops: int, tablets: int) -> Fleet:
    """Makes HQ's data folder with so many shops and so many tablets in each."""
    data.parent.chmod(0o711)  # the server's own account passes through it
    return hq_server.apart(_enlist, data, shops, tablets)


def signed(tablet: Tablet, body: bytes) -> bytes:
    """A POST to `/v1/sync`, packed as a tablet packs it."""
    headers = {PROTOCOL_HEADER: PROTOCOL, APP_HEADER: APP, "content-type": "application/json"}
    if len(body) >= 200:
        body = codec.pack(body, "zstd")
        headers["content-encoding"] = "zstd"
    headers |= sign(
        "POST", "/v1/sync", headers, body, key=SigningKey(tablet.seed), keyid=tablet.device_id,
        created=int(time.time()), nonce=secrets.token_hex(8),
    )  # fmt: skip
    headers |= {"host": "hq", "content-length": str(len(body)), "accept-encoding": "zstd"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /v1/sync HTTP/1.1\r\n{lines}\r\n".encode() + body


def following(tablet: Tablet) -> bytes:
    """A GET of `/v1/events`, as a tablet asks for its stream."""
    headers = {PROTOCOL_HEADER: PROTOCOL, APP_HEADER: APP, "accept": "text/event-stream"}
    headers |= sign(
        "GET", "/v1/events", headers, b"", key=SigningKey(tablet.seed), keyid=tablet.device_id,
        created=int(time.time()), nonce=secrets.token_hex(8),
    )  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers | {"host": "hq"}).items())
    return f"GET /v1/events HTTP/1.1\r\n{lines}\r\n".encode()


class Line:
    """One kept connection to HQ."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, url: str) -> Self:
        """Connects."""
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def ask(self, request: bytes) -> Answer:
        """Sends a whole request, waits for its whole answer."""
        self._writer.write(request)
        head, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(head.split(" ")[1]), headers, body)

    def promise(self, head: bytes) -> None:
        """Sends the beginning of a request whose rest never comes."""
        self._writer.write(head)

    def opened(self, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Sends a request whose answer has no end; where that is read, and what closes it."""
        self._writer.write(request)
        return self._reader, self._writer

    def close(self) -> None:
        """Hangs up."""
        self._writer.close()


def _enlist(data: Path, shops: int, tablets: int) -> Fleet:
    from django.db import transaction

    from hq.database.opening import migrate, opened
    from tests import shop

    with opened(data):
        migrate()
        chain = shop.make_chain()
        made: list[Tablet] = []
        for _ in range(shops):
            here = shop.make_shop(chain, stock=1_000_000)
            with transaction.atomic():
                made += [_enrolled(here) for _ in range(tablets)]
    return Fleet(made, list(zip(chain.product_ids, shop.PRICES, strict=True)), chain.list_id)


def _enrolled(here: Any) -> Tablet:
    from guide_app.domain.clock import SystemClock
    from hq.devices import services as devices
    from hq.protocol import epoch
    from hq.protocol.models import ScopeHead
    from tests.shop import new_code

    seed = secrets.token_bytes(32)
    device = devices.enrol(new_code(here), SigningKey(seed).public_text, "bench", "linux", SystemClock().now())
    scopes = [grant.scope for grant in devices.grants(device)]
    after = dict(ScopeHead.objects.filter(scope__in=scopes).values_list("scope", "head"))
    device_id = str(device.id)
    return Tablet(device_id, seed, here.store_id, here.guide_id, epoch.current(), device_id, after)
