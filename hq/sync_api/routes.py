"""What stands at which address of the contract, and what is checked before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from guide_app.domain.clock import Clock
from hq.ledger.aggregates import PostgresAggregates
from hq.ledger.port import Transient
from hq.ledger.postgres import PostgresLedger
from hq.ledger.ready import ReadyPages
from hq.observe.metrics import Metrics
from hq.shared.share import Whole
from hq.sync_api import directory, events, files, openapi, payments, radars, visits, wallets
from hq.sync_api.gate import Attempts
from hq.sync_api.leasing import LeaseService
from hq.sync_api.problems import Answer, Problem
from hq.sync_api.running import Op
from hq.sync_api.service import Settings, SyncService
from hq.sync_api.session import Session
from sync.protocol import codec, signature, versions
from sync.protocol.errors import ProtocolError
from sync.protocol.messages import (
    EnrolRequest,
    Health,
    LeaseRequest,
    LookupRequest,
    PayRequest,
    SyncRequest,
    VerifyRequest,
    read_request,
)

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


class Knock(NamedTuple):
    """A request for `/v1/sync` as it is before anybody looked whose it is. `app`: the version that the tablet says;
    `asked`: the message, or what is wrong with it, which only a device that HQ knows is told."""

    claim: signature.Claim
    app: str
    asked: SyncRequest | Problem | ProtocolError
    ops: Sequence[Op] = ()

    @property
    def incarnation(self) -> str:
        """The stream that it is about."""
        return self.asked.incarnation if isinstance(self.asked, SyncRequest) else directory.NO_STREAM


class Common(NamedTuple):
    """`folder`: what the processes of this HQ share, None where there is one; `ready_bytes`: room for ready pages."""

    folder: Path | None = None
    ready_bytes: int = Whole().ready_bytes

    def file(self, name: str) -> Path | None:
        """A file that all processes map."""
        return self.folder and self.folder / name


class Routes:
    """Answers requests, in any thread."""

    def __init__(
        self,
        clock: Clock,
        settings: Settings,
        metrics: Metrics,
        follows: Callable[[str], bool] = lambda _device_id: False,
        common: Common | None = None,
    ) -> None:
        """`follows`: whether a device hears at once what moves."""
        common = common or Common()
        self._clock = clock
        self._attempts = Attempts(clock, path=common.file("enrolments"))
        self._service = SyncService(
            PostgresLedger(ReadyPages(common.ready_bytes)),
            _aggregates,
            settings,
            lambda taken: metrics.took(taken.batch.status, taken.results),
            directory.past_stores,
            follows,
            directory.continues,
            lambda session: wallets.publish_spent(session.shop.store_id),
        )
        self._leases_asked = Attempts(clock, limit=60, path=common.file("leases"))
        self._looked_up = Attempts(clock, limit=20, path=common.file("lookups"))
        self._radars_asked = Attempts(clock, limit=60, path=common.file("radars"))
        self._leasing = LeaseService(PostgresLedger(), _aggregates)
        self._payments_asked = Attempts(clock, limit=60, path=common.file("payments"))
        self._paying = payments.paying(payments.given())
        self._table: dict[str, tuple[str, Callable[[Request], bytes | Answer]]] = {
            "/v1/enrol": ("POST", self._enrol),
            "/v1/sync": ("POST", self._sync),
            "/v1/verify": ("POST", self._verify),
            "/v1/lease": ("POST", self._lease),
            "/v1/lookup": ("POST", self._look_up),
            "/v1/payment": ("POST", self._pay),
            "/v1/radar": ("GET", self._radar),
            "/v1/openapi.json": ("GET", lambda _request: openapi.document()),
        }

    def known(self, path: str) -> str:
        """The address as the contract writes it, "other" for those that are not in it."""
        if path.startswith(files.ADDRESS):
            return f"{files.ADDRESS}{{sha256}}"
        return path if path in self._table or path == events.ADDRESS else "other"

    def answer(self, request: Request) -> Answer:
        """The answer 200 or 304. Raises Problem, ProtocolError or Transient for every other."""
        if request.path == events.ADDRESS:
            raise Problem(405, "method")  # a GET of it does not come here
        method, route = self._found(request.path)
        if route is None:
            raise Problem(404, "not_found")
        if request.method != method:
            raise Problem(405, "method")
        self._check_version(request)
        answer = route(request)
        return answer if isinstance(answer, Answer) else Answer(200, answer)

    def _found(self, path: str) -> tuple[str, Callable[[Request], bytes | Answer] | None]:
        """What answers at an address, and to which method."""
        if path.startswith(files.ADDRESS):
            return "GET", self._file
        return self._table.get(path, ("", None))

    def _check_version(self, request: Request) -> None:
        if request.headers.get(versions.PROTOCOL_HEADER, versions.PROTOCOL) != versions.PROTOCOL:
            raise Problem(426, "protocol_unknown")

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
                self._attempts.count(request.client)
            raise

    def _sync(self, request: Request) -> bytes:
        knock = self.knock(request)
        return self.sync(knock, directory.find(knock.claim.keyid, knock.app, self._clock.now(), knock.incarnation))

    def _verify(self, request: Request) -> bytes:
        session = self._session(request)
        return self._service.verify(session, codec.decode(_plain(request), VerifyRequest))

    def _lease(self, request: Request) -> bytes:
        session = self._session(request)
        self._leases_asked.check(session.device_id)
        self._leases_asked.count(session.device_id)
        asked = codec.decode(_plain(request), LeaseRequest)
        return codec.encode(self._leasing.ask(session, asked, self._clock.now()))

    def _look_up(self, request: Request) -> bytes:
        session = self._session(request)
        self._looked_up.check(session.device_id)
        self._looked_up.count(session.device_id)
        asked = codec.decode(_plain(request), LookupRequest)
        return codec.encode(visits.look_up(session, asked, self._clock.now()))

    def _pay(self, request: Request) -> bytes:
        session = self._session(request)
        self._payments_asked.check(session.device_id)
        self._payments_asked.count(session.device_id)
        asked = codec.decode(_plain(request), PayRequest)
        branch = payments.branch_for(session, asked)
        return codec.encode(self._paying.answer(branch, session.device_id, asked, self._clock.now()))

    def _radar(self, request: Request) -> Answer:
        session = self._session(request)
        self._radars_asked.check(session.device_id)
        self._radars_asked.count(session.device_id)
        return radars.answer(session, request.query, request.headers.get("if-none-match", ""))

    def _file(self, request: Request) -> Answer:
        session = self._session(request)
        return files.answer(session, request.path.removeprefix(files.ADDRESS), request.headers)

    def _session(self, request: Request) -> Session:
        """Who signed the request. Raises SignatureRefused, Problem 403 for a device whose rights were taken away."""
        claim, app = self._claim(request), request.headers[versions.APP_HEADER]
        return self.admit(claim, app, directory.find(claim.keyid, app, self._clock.now()))

    def claim(self, request: Request) -> tuple[signature.Claim, str]:
        """Whose request it says it is, and of which app. Raises Problem and SignatureRefused."""
        self._check_version(request)
        return self._claim(request), request.headers[versions.APP_HEADER]

    def knock(self, request: Request) -> Knock:
        """Raises Problem and SignatureRefused for what needs no look at the device."""
        claim, app = self.claim(request)
        try:
            return Knock(claim, app, *read_request(_plain(request)))
        except (Problem, ProtocolError) as problem:
            return Knock(claim, app, problem)

    def is_quiet(self, knock: Knock, known: directory.Known | None) -> bool:
        """Whether `sync` answers this without asking the database."""
        if known is None or known.revoked or known.stale:
            return known is None or known.revoked
        if not isinstance(knock.asked, SyncRequest):
            return True
        nothing_told = knock.asked.health is None
        return nothing_told and self._service.is_quiet(known.session, knock.asked, knock.ops, known.glance.heads)

    def sync(self, knock: Knock, known: directory.Known | None) -> bytes:
        """The answer to the device that knocked.

        Raises SignatureRefused, Problem 403 for one that was revoked, what was wrong with its message, and Transient.
        """
        session = self.admit(knock.claim, knock.app, known)
        if not isinstance(knock.asked, SyncRequest):
            raise knock.asked
        now = self._clock.now()
        answer = self._service.sync(session, knock.asked, knock.ops, knock.app, now, known and known.glance)
        if knock.asked.health is not None:
            _keep_health(session, knock.asked.health, knock.asked.after or {}, now)
        return answer

    def admit(self, claim: signature.Claim, app: str, known: directory.Known | None) -> Session:
        """The device if it signed this. Raises SignatureRefused, Problem 403 for one that was revoked."""
        claim.check_key(known.public_key if known else None)
        if known is None or known.revoked:
            raise Problem(403, "revoked")
        versions.parse_app(app)
        if known.stale:
            directory.saw(known.session, app, self._clock.now())
        return known.session

    def _claim(self, request: Request) -> signature.Claim:
        claim = signature.read_claim(request.method, request.target, request.headers, request.body)
        claim.check_clock(self._clock.now().timestamp())
        return claim


def _keep_health(session: Session, health: Health, after: Mapping[str, int], now: datetime) -> None:
    """What was taken stays taken where this cannot be kept: the tablet tells again when something changes."""
    try:
        directory.report(session, health, after, now)
    except Transient as problem:
        _log.warning("device %s: its health was not kept: %s", session.device_id, problem)


def _aggregates(session: Session) -> PostgresAggregates:
    return PostgresAggregates(session.shop.store_id, session.price_scopes)


def _plain(request: Request) -> bytes:
    """The body unpacked. Raises Problem 415, EncodingUnknown, TooLarge, EnvelopeInvalid."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "type_unknown")
    return codec.unpack(request.body, codec.parse_encoding(request.headers.get("content-encoding", "")))
