"""Files of HQ over HTTP, from a byte on (contract §4). Connections of their own: a file never holds up a round."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

from guide_app.domain.errors import NoNetwork
from sync.net.address import hq_address
from sync.net.connections import Connections
from sync.net.transport import judge, signed
from sync.protocol import codec, ranges
from sync.remote import Sender

if TYPE_CHECKING:
    import httpx

_OK, _PART = 200, 206


class HttpFiles:
    """The FileSource port; one instance for the life of the app."""

    def __init__(
        self, *, app_version: str, nonce: Callable[[], str], connect_s: float = 10.0, silence_s: float = 20.0
    ) -> None:
        """`nonce` gives a fresh unguessable text each time; `silence_s` bounds each wait for a piece."""
        self._app_version, self._nonce = app_version, nonce
        self._connections = Connections(connect_s=connect_s, silence_s=silence_s)

    async def fetch(self, sender: Sender, sha256: str, size: int, first: int) -> AsyncGenerator[bytes, None]:
        target, tag = f"/v1/files/{sha256}", f'"{sha256}"'
        part = {"range": ranges.from_byte(first), "if-range": tag} if first else {}
        headers = signed("GET", target, {}, b"", sender, self._app_version, self._nonce())
        headers |= {"accept-encoding": "identity", **part}
        address = hq_address(sender.hq_url)
        async with self._connections.request("GET", address, target, headers) as response:
            if response.status_code not in (_OK, _PART):
                await _refused(response)
            passed_by = _before(response, tag, size, first)
            left = size - first
            async for piece in response.aiter_raw():
                wanted = piece[passed_by:]
                passed_by -= len(piece) - len(wanted)
                left -= len(wanted)
                if left < 0:
                    raise NoNetwork("no_network", "more bytes than the file has")
                yield wanted
            if left:
                raise NoNetwork("no_network", "the file broke off")

    async def aclose(self) -> None:
        await self._connections.aclose()


def _before(response: httpx.Response, tag: str, size: int, first: int) -> int:
    """How many bytes come before the first that was asked for. Raises NoNetwork for what is not this file of HQ's."""
    if response.headers.get("etag") != tag or response.headers.get("content-encoding", "identity") != "identity":
        raise NoNetwork("no_network", "not the file that was asked for")
    if response.status_code == _OK:
        return first  # what lies between does not know parts: it brings all of it
    said = ranges.read_told(response.headers.get("content-range", ""))
    if said is None or said != (ranges.Span(first, size - 1), size):
        raise NoNetwork("no_network", "not the part that was asked for")
    return 0


async def _refused(response: httpx.Response) -> None:
    """Raises what the answer means."""
    said = bytearray()
    async for piece in response.aiter_raw():
        said += piece
        if len(said) > codec.MAX_UNPACKED:
            raise NoNetwork("no_network", "an answer without end")
    await judge(response.status_code, response.headers, bytes(said))
    raise NoNetwork("no_network", f"HTTP {response.status_code} for a file")
