"""What stands at which address of the contract, and what is checked before."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from guide_app.domain.clock import Clock
from hq.ledger.aggregates import PostgresAggregates
from hq.ledger.port import Transient
from hq.ledger.postgres import PostgresLedger
from hq.observe.metrics import Metrics
from hq.sync_api import directory, openapi
from hq.sync_api.gate import Attempts
from hq.sync_api.problems import Answer, Problem
from hq.sync_api.service import Settings, SyncService
from hq.sync_api.session import Session
from sync.protocol import codec, signature, versions
from sync.protocol.messages import EnrolRequest, Health, VerifyRequest, read_request

_log = logging.getLogger(__name__)


class Request(NamedTuple):
    """A request as received: `body` still packed, header names in lower case, `client` the sender's address."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    client: str

    @property
    def target(self) -> str:
        """Path and query as they were signed."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Routes:
    """Answers requests, in any thread."""

    def __init__(self, clock: Clock, settings: Settings, metrics: Metrics) -> None:
        self._clock = clock
        self._attempts = Attempts(clock)
        self._service = SyncService(
            PostgresLedger(),
            lambda session: PostgresAggregates(session.shop.store_id, session.price_scopes),
            settings,
            lambda taken: metrics.took(taken.batch.status, taken.results),
        )
        self._table: dict[str, tuple[str, Callable[[Request], bytes]]] = {
            "/v1/enrol": ("POST", self._enrol),
            "/v1/sync": ("POST", self._sync),
            "/v1/verify": ("POST", self._verify),
            "/v1/openapi.json": ("GET", lambda _request: openapi.document()),
        }

    def known(self, path: str) -> str:
        """The address as the contract writes it, "other" for those that are not in it."""
        return path if path in self._table else "other"

    def answer(self, request: Request) -> Answer:
        """The answer 200. Raises Problem, ProtocolError or Transient for every other."""
        method, route = self._table.get(request.path, ("", None))
        if route is None:
            raise Problem(404, "not_found")
        if request.method != method:
            raise Problem(405, "method")
        if request.headers.get(versions.PROTOCOL_HEADER, versions.PROTOCOL) != versions.PROTOCOL:
            raise Problem(426, "protocol_unknown")
        return Answer(200, route(request))

    def _enrol(self, request: Request) -> bytes:
        self._attempts.check(request.client)
        claim = self._claim(request)
        claim.check_key(signature.key_from_text(claim.keyid))
        asked = codec.decode(_plain(request), EnrolRequest)
        if asked.device_public_key != claim.keyid:
            raise Problem(401, "signature")
        try:
            return codec.encode(directory.enrol(asked, claim.nonce, self._clock.now()))
        except Problem as problem:
            if problem.status == 403:
                self._attempts.failed(request.client)
            raise

    def _sync(self, request: Request) -> bytes:
        session = self._session(request)
        asked, ops = read_request(_plain(request))
        now = self._clock.now()
        answer = self._service.sync(session, asked, ops, request.headers[versions.APP_HEADER], now)
        if asked.health is not None:
            _keep_health(session, asked.health, now)
        return answer

    def _verify(self, request: Request) -> bytes:
        session = self._session(request)
        return self._service.verify(session, codec.decode(_plain(request), VerifyRequest))

    def _session(self, request: Request) -> Session:
        """Who signed the request. Raises SignatureRefused, Problem 403 for a device whose rights were taken away."""
        claim = self._claim(request)
        now, app = self._clock.now(), request.headers[versions.APP_HEADER]
        known = directory.find(claim.keyid, app, now)
        claim.check_key(known.public_key if known else None)
        if known is None or known.revoked:
            raise Problem(403, "revoked")
        versions.parse_app(app)
        if known.stale:
            directory.saw(known.session, app, now)
        return known.session

    def _claim(self, request: Request) -> signature.Claim:
        claim = signature.read_claim(request.method, request.target, request.headers, request.body)
        claim.check_clock(self._clock.now().timestamp())
        return claim


def _keep_health(session: Session, health: Health, now: datetime) -> None:
    """What was taken stays taken where this cannot be kept: the tablet tells again when something changes."""
    try:
        directory.report(session, health, now)
    except Transient as problem:
        _log.warning("device %s: its health was not kept: %s", session.device_id, problem)


def _plain(request: Request) -> bytes:
    """The body unpacked. Raises Problem 415, EncodingUnknown, TooLarge, EnvelopeInvalid."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "type_unknown")
    return codec.unpack(request.body, codec.parse_encoding(request.headers.get("content-encoding", "")))
