"""The ASGI callable itself: admission, callers that go away, errors of the database and of ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

import pytest

from guide_app.domain.clock import SystemClock


class Call:
    """One request to an ASGI application, with the messages that it is given."""

    def __init__(self, *messages: dict[str, Any], path: str = "/v1/openapi.json", method: str = "GET") -> None:
        self._messages = [*messages] or [{"type": "http.request"}]
        self.scope: dict[str, Any] = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [], "client": ("127.0.0.1", 1),
        }  # fmt: skip
        self.sent: list[Any] = []

    async def receive(self) -> dict[str, Any]:
        return self._messages.pop(0) if self._messages else {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    def to(self, api: Any) -> Self:
        asyncio.run(api(self.scope, self.receive, self.send))
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def code(self) -> str:
        return str(json.loads(self.sent[1]["body"])["code"])


@pytest.fixture
def make(hq_database: str) -> Callable[..., Any]:
    from hq.history.opening import ready
    from hq.observe.metrics import Metrics
    from hq.sync_api.app import Limits, SyncApi
    from hq.sync_api.service import Settings

    return lambda **limits: SyncApi(SystemClock(), Settings(), Limits(**limits), Metrics(), ready)


def test_a_full_house_refuses_before_anything_is_read(make: Callable[..., Any]) -> None:
    call = Call().to(make(inside=0))
    assert (call.status, call.code) == (503, "busy")
    assert int(call.headers["retry-after"]) > 0


def test_a_caller_who_goes_away_is_not_answered(make: Callable[..., Any]) -> None:
    half = {"type": "http.request", "body": b"{", "more_body": True}
    assert Call(half, {"type": "http.disconnect"}, method="POST", path="/v1/sync").to(make()).sent == []


def test_a_body_that_does_not_come_leaves_the_house_to_others(make: Callable[..., Any]) -> None:
    class Stalled(Call):
        async def receive(self) -> dict[str, Any]:
            if not self._messages:
                await asyncio.Event().wait()
            return await super().receive()

    half = {"type": "http.request", "body": b"{", "more_body": True}
    api = make(inside=1, read_s=0.01)
    call = Stalled(half, method="POST", path="/v1/sync").to(api)
    assert (call.status, call.code) == (503, "busy")
    assert int(call.headers["retry-after"]) > 0
    assert Call().to(api).status == 200


def test_a_body_that_comes_slowly_is_waited_for_and_one_that_trickles_is_not(make: Callable[..., Any]) -> None:
    from hq.shared.bodies import SLOWEST
    from hq.sync_api.app import Limits

    class Slow(Call):
        """Its body comes in pieces, one in a while."""

        def __init__(self, piece: int, pieces: int) -> None:
            body = [{"type": "http.request", "body": b" " * piece, "more_body": True}] * pieces
            super().__init__(*body, {"type": "http.request", "body": b"{}"}, method="POST", path="/v1/sync")
            self.came = 0

        async def receive(self) -> dict[str, Any]:
            await asyncio.sleep(0.05)
            self.came += 1
            return await super().receive()

    api = make(inside=1, read_s=0.2)
    fair = Slow(SLOWEST, 10).to(api)
    assert (fair.status, fair.code, fair.came) == (401, "unsigned", 11), "a slow line, but it comes on"
    trickles = Slow(1, 40).to(api)
    assert (trickles.status, trickles.code) == (503, "busy")
    assert trickles.came < 8
    holds_on = Slow(SLOWEST, 40).to(make(inside=1, read_s=0.2, whole_s=0.4))
    assert (holds_on.status, holds_on.code) == (503, "busy"), "whatever comes, nobody has a place for good"
    assert holds_on.came < 12
    usual = Limits()
    assert (usual.read_s <= 10, usual.whole_s <= 60, SLOWEST <= 1024) == (True, True, True)


def test_a_full_house_has_a_place_for_operations_before_it_reads_them(make: Callable[..., Any]) -> None:
    api = make(inside=4, read_s=5)
    read: list[int] = []

    class Sized(Call):
        """A sync request of so many bytes; the first three of them hold the house."""

        def __init__(self, size: int, *, stalls: bool = False) -> None:
            super().__init__(method="POST", path="/v1/sync")
            self.scope["headers"] = [(b"content-length", str(size).encode())]
            self.size, self._stalls = size, stalls

        async def receive(self) -> dict[str, Any]:
            read.append(self.size)
            if self._stalls:
                await asyncio.Event().wait()
            return await super().receive()

    async def day() -> list[Call]:
        stalled = [asyncio.create_task(api(one.scope, one.receive, one.send)) for one in [Sized(900, stalls=True)] * 3]
        await asyncio.sleep(0.01)
        calls = [Sized(300), Sized(301)]
        for call in calls:
            await api(call.scope, call.receive, call.send)
        for task in stalled:
            task.cancel()
        await asyncio.gather(*stalled, return_exceptions=True)
        return [*calls]

    idle, with_ops = asyncio.run(day())
    assert (idle.status, idle.code) == (503, "busy")
    assert int(idle.headers["retry-after"]) > 0
    assert (with_ops.status, with_ops.code) == (401, "unsigned")
    assert read == [900] * 3 + [301]


def test_a_body_that_grows_too_large_is_refused_on_the_way(make: Callable[..., Any]) -> None:
    piece = {"type": "http.request", "body": b" " * (1 << 20), "more_body": True}
    call = Call(piece, piece, piece, method="POST", path="/v1/sync").to(make())
    assert (call.status, call.code) == (413, "too_large")


@pytest.mark.expects_log
@pytest.mark.parametrize(("error", "status", "code"), [("Transient", 503, "busy"), ("Defect", 500, "failed")])
def test_errors_are_said_in_the_contracts_form(
    make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, error: str, status: int, code: str
) -> None:
    from hq.ledger.port import Transient
    from hq.sync_api.routes import Routes

    def broken(_routes: Routes, _request: object) -> None:
        raise Transient("gone") if error == "Transient" else ZeroDivisionError("a bug")

    monkeypatch.setattr(Routes, "answer", broken)
    call = Call().to(make())
    assert (call.status, call.code) == (status, code)
    assert ("retry-after" in call.headers) is (status == 503)


def test_it_starts_and_ends_with_the_server(make: Callable[..., Any]) -> None:
    api = make()
    call = Call({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    call.scope["type"] = "lifespan"
    assert [message["type"] for message in call.to(api).sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    from hq.protocol.models import Epoch, Scope

    assert Epoch.objects.count() == 1
    assert Scope.objects.filter(kind="chain").count() == 1
