"""The local provider's HTTP server: the merchant's calls, the customer's page, and its notifications.

It tells the merchant of what became of a trade until the merchant says 200: at once, and then later and later. How
badly it does so is told by `Manners`: twice, late, out of order, or not at all.
"""

from __future__ import annotations

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

import msgspec

from guide_app.domain import money
from guide_app.domain.clock import Clock
from guide_app.domain.errors import EnvironmentProblem
from hq.payments.calling import Caller
from hq.payments.local import signing
from hq.payments.local.messages import NOTICE_PATH, CreateRefund, CreateTrade, NoticeTold, RefundTold, TradeTold
from hq.payments.local.trades import Notice, Refund, Refused, Trade, Trades

LARGEST = 64 << 10
_log = logging.getLogger(__name__)
_STATUS = {"unknown": 404, "genuine": 401}
_PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>付款 Payment</title>
<meta name="viewport" content="width=device-width"><body style="font-family:sans-serif;padding:2em">
<h1>{amount} {currency}</h1><p>{what}</p>{form}"""
_FORM = """<form method="post"><button name="do" value="pay" style="font-size:2em">付款 Pay</button>
<button name="do" value="fail" style="font-size:2em">银行拒付 The bank says no</button></form>"""


class Manners(NamedTuple):
    """How notifications come: each so many `times`, `late_s` seconds late, the later one first (`reordered`), or not at
    all (`lost`)."""

    times: int = 1
    late_s: float = 0.0
    reordered: bool = False
    lost: bool = False
    retries_s: tuple[float, ...] = (0.5, 2.0, 10.0, 60.0)


@dataclass
class Desk:
    """What the server's threads share."""

    secret: bytes
    clock: Clock
    manners: Manners = field(default_factory=Manners)
    told: list[int] = field(default_factory=list)
    """The statuses by which the merchant answered notifications."""
    addresses: dict[str, str] = field(default_factory=dict)
    timers: list[threading.Timer] = field(default_factory=list)
    held: list[Notice] = field(default_factory=list)
    base_url: str = ""
    trades: Trades = field(init=False)

    def __post_init__(self) -> None:
        self.trades = Trades(self.notify)

    def notify(self, notice: Notice) -> None:
        """Tells the merchant, as the manners say."""
        if self.manners.lost:
            return
        if self.manners.reordered and not self.held:
            self.held.append(notice)
            return
        for one in (notice, *self.held):
            for _ in range(self.manners.times):
                self._later(self.manners.late_s, one, self.manners.retries_s)
        self.held.clear()

    def release(self) -> None:
        """What was held back to come out of order is told."""
        held, self.held = self.held, []
        for one in held:
            self._later(0, one, self.manners.retries_s)

    def _later(self, seconds: float, notice: Notice, retries: tuple[float, ...]) -> None:
        timer = threading.Timer(seconds, self._send, (notice, retries))
        timer.daemon = True
        self.timers.append(timer)
        timer.start()

    def _send(self, notice: Notice, retries: tuple[float, ...]) -> None:
        body = msgspec.json.encode(told_of(notice, self.base_url))
        headers = signing.headers(self.secret, "POST", NOTICE_PATH, body, self.clock.now().timestamp())
        status = post(self.addresses[notice.trade.name], body, headers)
        self.told.append(status)
        if status != 200 and retries:
            self._later(retries[0], notice, retries[1:])

    def stop(self) -> None:
        """Tells nothing more."""
        self.manners = self.manners._replace(lost=True, retries_s=())
        for timer in self.timers:
            timer.cancel()
        for timer in self.timers:
            if timer.is_alive():
                timer.join(10)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Posts to an address of the merchant's; the status, 0 where there was no answer."""
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    try:
        return Caller(f"{scheme}://{host}").call("POST", f"/{path}", body, headers).status
    except EnvironmentProblem as problem:
        _log.info("a notification did not arrive: %s", problem.detail)
        return 0


def told_of(notice: Notice, base_url: str) -> NoticeTold:
    """A notice as a message."""
    refund = _refund(notice.refund) if notice.refund else None
    return NoticeTold(_trade(notice.trade, base_url), refund)


def _trade(trade: Trade, base_url: str) -> TradeTold:
    code = f"{base_url}/pay/{trade.name}" if trade.state == "waiting" else ""
    return TradeTold(trade.name, trade.state, trade.amount, trade.currency, trade.number, code)


def _refund(refund: Refund) -> RefundTold:
    return RefundTold(refund.name, refund.trade, refund.state, refund.amount, refund.number)


class _Handler(http.server.BaseHTTPRequestHandler):
    desk: Desk
    timeout = 10

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """The paths name trades: they are not logged."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self._say(413, b'{"code":"too_large"}')
            return
        self._answer(self.rfile.read(int(length)))

    def _answer(self, body: bytes) -> None:
        if self.path.startswith("/pay/"):
            self._customer(self.path.removeprefix("/pay/"), body)
            return
        told = {name.lower(): value for name, value in self.headers.items()}
        try:
            signing.check(self.desk.secret, self.command, self.path, told, body, self.desk.clock.now().timestamp())
            self._say(200, msgspec.json.encode(self._merchant(body)))
        except Refused as refused:
            self._say(_STATUS.get(refused.code, 409), json.dumps({"code": refused.code}).encode())
        except (EnvironmentProblem, msgspec.MsgspecError) as problem:
            self._say(401, json.dumps({"code": type(problem).__name__}).encode())

    def _merchant(self, body: bytes) -> object:
        """What the merchant asked for, done."""
        trades, url = self.desk.trades, self.desk.base_url
        match self.command, self.path.strip("/").split("/"):
            case "POST", ["trades"]:
                asked = msgspec.json.decode(body, type=CreateTrade)
                self.desk.addresses[asked.name] = asked.notify_url
                return _trade(trades.create(asked.name, asked.amount, asked.currency, asked.what, asked.until), url)
            case "GET", ["trades", name] if found := trades.find(name, self.desk.clock.now().timestamp()):
                return _trade(found, url)
            case "POST", ["trades", name, "close"]:
                trades.close(name)
                return {}
            case "POST", ["refunds"]:
                wanted = msgspec.json.decode(body, type=CreateRefund)
                return _refund(trades.refund(wanted.name, wanted.trade, wanted.amount))
            case "GET", ["refunds", name] if given := trades.find_refund(name):
                return _refund(given)
        raise Refused("unknown")

    def _customer(self, name: str, body: bytes) -> None:
        """The page that the customer's phone opens."""
        now = self.desk.clock.now().timestamp()
        try:
            if self.command == "POST":
                self.desk.trades.pay(name, fails=b"do=fail" in body, now=now)
        except Refused as refused:
            self._say(409, refused.code.encode(), "text/plain")
            return
        trade = self.desk.trades.find(name, now)
        if trade is None:
            self._say(404, b"unknown", "text/plain")
            return
        form = _FORM if trade.state in ("waiting", "failed") else f"<p>{trade.state}</p>"
        page = _PAGE.format(
            amount=str(money.to_major(trade.amount, trade.currency)),
            currency=escape(trade.currency),
            what=escape(trade.what),
            form=form,
        )
        self._say(200, page.encode(), "text/html; charset=utf-8")

    def _say(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running(secret: bytes, clock: Clock, host: str = "127.0.0.1", port: int = 0) -> Iterator[Desk]:
    """Serves until the context ends; `port` 0: any. The desk knows its address (`base_url`)."""
    desk = Desk(secret, clock)
    handler = type("Handler", (_Handler,), {"desk": desk})
    with http.server.ThreadingHTTPServer((host, port), handler) as server:
        desk.base_url = f"http://{host}:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="local-payments")
        thread.start()
        try:
            yield desk
        finally:
            server.shutdown()
            thread.join()
            desk.stop()
