"""What the sync engine needs of the network, as a Protocol, and what can come of a request other than an answer.

NoNetwork (domain)   not reached, or what answered was not HQ: nothing changed
HqBusy               come again later
RadarMaking          come again later for that; HQ is not busy
ClockRefused         the signature's time is not HQ's; HQ told its own
HqRevoked            HQ does not know or does not take this tablet
AppTooOld            HQ speaks a newer protocol only
HqRefused            HQ took the request for broken: a defect on one of the two sides
PollOnly             nobody tells there what moves
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Protocol

import msgspec

from guide_app.domain.errors import EnvironmentProblem, NoNetwork
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
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
from sync.protocol.signature import SigningKey


class HqBusy(EnvironmentProblem):
    """429 or 503; `retry_s` as HQ asked."""

    def __init__(self, retry_s: float) -> None:
        super().__init__("hq_busy", f"come again in {retry_s:g} s")
        self.retry_s = retry_s


class RadarMaking(EnvironmentProblem):
    """HQ is not busy, it has the radar made; `retry_s` as it asked."""

    def __init__(self, retry_s: float) -> None:
        super().__init__("radar_making", f"come again in {retry_s:g} s")
        self.retry_s = retry_s


class ClockRefused(EnvironmentProblem):
    """401 clock; `server_time` is HQ's, RFC 3339 UTC."""

    def __init__(self, server_time: str) -> None:
        super().__init__("clock")
        self.server_time = server_time


class HqRevoked(EnvironmentProblem):
    """403, or a key that HQ does not know."""


class AppTooOld(EnvironmentProblem):
    """426."""

    def __init__(self) -> None:
        super().__init__("app_old")


class HqRefused(EnvironmentProblem):
    """Any other answer that HQ gave knowingly; `status` is HTTP's."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code, f"HTTP {status}")
        self.status = status


class PollOnly(EnvironmentProblem):
    """204, or something that is not a stream of HQ's events."""

    def __init__(self, why: str) -> None:
        super().__init__("poll_only", why)


class Sender(msgspec.Struct, frozen=True):
    """Who a request is from and when: `keyid` is the device's id, or the key itself when it enrols.

    `created` is in Unix seconds of HQ's clock.
    """

    hq_url: str
    key: SigningKey
    keyid: str
    created: int


class Received(msgspec.Struct, frozen=True):
    """An answer, and the bytes that came over the line for it."""

    answer: SyncResponse
    size: int


class Remote(Protocol):
    """HQ, from the tablet. Every method raises the problems above."""

    async def enrol(self, sender: Sender, request: EnrolRequest) -> EnrolResponse:
        """Raises Refused("enrol_code") and BadInput("url") too."""

    async def sync(self, sender: Sender, request: SyncRequest) -> Received: ...

    async def lease(self, sender: Sender, request: LeaseRequest) -> LeaseResponse: ...

    async def payment(self, sender: Sender, request: PayRequest) -> PayResponse: ...

    async def lookup(self, sender: Sender, request: LookupRequest) -> LookupResponse: ...

    async def verify(self, sender: Sender, request: VerifyRequest) -> VerifyResponse: ...

    async def radar(self, sender: Sender, version: str, first: int) -> RadarResponse | None:
        """The store's radar from the bucket `first` on; None where `version` is the newest. Raises RadarMaking too."""

    async def aclose(self) -> None:
        """Lets connections go; a later request opens new ones."""


class EventSource(Protocol):
    """HQ telling what moves. Never needed: whatever becomes of it, the tablet asks now and then."""

    def follow(self, sender: Sender) -> AsyncGenerator[str, None]:
        """The ids of scopes that moved, as they do; "" for a mere sign of life, the first one when the stream stands.

        Ends where HQ ended it in good order. Raises NoNetwork (also after too long a silence), PollOnly, and what a
        request of `Remote` can raise. Closing it lets the connection go.
        """

    async def aclose(self) -> None:
        """Lets connections go; a later stream opens new ones."""


class FileSource(Protocol):
    """Files of HQ, from the tablet."""

    def fetch(self, sender: Sender, sha256: str, size: int, first: int) -> AsyncGenerator[bytes, None]:
        """The file's bytes from `first` on, as they come; never more than it has. Raises NoNetwork, also where what
        answers brings another file's bytes, and what a request of `Remote` can raise; HqRefused 404 where no row of the
        tablet's names the file. Closing it lets the connection go.
        """

    async def aclose(self) -> None:
        """Lets connections go; a later file opens new ones."""


class NoFiles:
    """A FileSource for those who fetch none."""

    async def fetch(self, sender: Sender, sha256: str, size: int, first: int) -> AsyncGenerator[bytes, None]:
        for piece in tuple[bytes, ...]():
            yield piece
        raise NoNetwork("no_network", "no files are fetched")

    async def aclose(self) -> None:
        """Nothing is open."""


class Background(Protocol):
    """What goes on beside the rounds while nothing else is to do."""

    def begin(self, sender: Callable[[], Sender | None]) -> None:
        """Nothing else is to do; `sender`: this tablet at this moment."""

    def pause(self) -> None:
        """Something is: what is under way waits where it is."""

    async def end(self) -> None:
        """Nothing more goes out; returns once nothing of it is under way."""


class Nothing:
    """A Background with nothing to do."""

    def begin(self, sender: Callable[[], Sender | None]) -> None:
        """Nothing begins."""

    def pause(self) -> None:
        """Nothing is under way."""

    async def end(self) -> None:
        """Nothing ends."""


class NoEvents:
    """An EventSource for those who only ask."""

    async def follow(self, sender: Sender) -> AsyncGenerator[str, None]:
        for scope in tuple[str, ...]():
            yield scope
        raise PollOnly(f"nobody listens to {sender.hq_url}")

    async def aclose(self) -> None:
        """Nothing is open."""
