"""The books of a provider of payments: trades, refunds, and what is still to be told about them.

Thread-safe; time is what the caller says. How it is spoken to over HTTP is not known here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

TradeState = Literal["waiting", "paid", "failed", "closed"]
RefundState = Literal["waiting", "done", "failed"]


class Refused(Exception):
    """No, for a reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Trade:
    """One trade; `until` in Unix seconds."""

    name: str
    amount: int
    currency: str
    what: str
    until: float
    number: str
    state: TradeState = "waiting"


@dataclass
class Refund:
    """Money of a trade given back."""

    name: str
    trade: str
    amount: int
    number: str
    state: RefundState = "waiting"


class Notice(NamedTuple):
    """Something to tell the merchant: a trade or a refund as it stood then."""

    trade: Trade
    refund: Refund | None = None


@dataclass
class Trades:
    """The books; `tell` is called with each notice, outside the lock."""

    tell: Callable[[Notice], None]
    slow_refunds: bool = False
    """Refunds wait until somebody settles them."""
    _trades: dict[str, Trade] = field(default_factory=dict)
    _refunds: dict[str, Refund] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def create(self, name: str, amount: int, currency: str, what: str, until: float) -> Trade:
        """A new trade, or the one that there is. Raises Refused("differs" | "closed" | "paid")."""
        with self._lock:
            known = self._trades.get(name)
            if known is None:
                number = f"4200{len(self._trades) + 1:016d}"
                known = self._trades[name] = Trade(name, amount, currency, what, until, number)
            if (known.amount, known.currency) != (amount, currency):
                raise Refused("differs")
            if known.state != "waiting":
                raise Refused("paid" if known.state == "paid" else "closed")
            return known

    def find(self, name: str, now: float = 0) -> Trade | None:
        """The trade as it stands; one whose time is over is closed."""
        with self._lock:
            trade = self._trades.get(name)
            if trade is not None and trade.state == "waiting" and now > trade.until:
                trade.state = "closed"
            return trade

    def close(self, name: str) -> None:
        """Nobody can pay it any more. Raises Refused("unknown" | "paid")."""
        with self._lock:
            trade = self._known(name)
            if trade.state == "paid":
                raise Refused("paid")
            trade.state = "closed"

    def pay(self, name: str, *, fails: bool = False, now: float = 0) -> None:
        """The customer pays, or their bank says no. Raises Refused("unknown" | "over")."""
        with self._lock:
            trade = self._known(name)
            if self.find(name, now) is not trade or trade.state not in ("waiting", "failed"):
                raise Refused("over")
            trade.state = "failed" if fails else "paid"
            notice = Notice(Trade(**vars(trade)))
        self.tell(notice)

    def refund(self, name: str, trade_name: str, amount: int) -> Refund:
        """A new refund, or the one that there is. Raises Refused("unknown" | "unpaid" | "too_much" | "differs")."""
        with self._lock:
            trade, known = self._known(trade_name), self._refunds.get(name)
            if known is None:
                stand = (one for one in self._refunds.values() if one.trade == trade_name and one.state != "failed")
                given = sum(one.amount for one in stand)
                if trade.state != "paid":
                    raise Refused("unpaid")
                if amount <= 0 or given + amount > trade.amount:
                    raise Refused("too_much")
                known = self._refunds[name] = Refund(name, trade_name, amount, f"5030{len(self._refunds) + 1:016d}")
            elif (known.trade, known.amount) != (trade_name, amount):
                raise Refused("differs")
        if not self.slow_refunds:
            self.settle(name)
        return known

    def settle(self, name: str, *, fails: bool = False) -> None:
        """A refund comes to its end."""
        with self._lock:
            refund = self._refunds[name]
            if refund.state != "waiting":
                return
            refund.state = "failed" if fails else "done"
            notice = Notice(Trade(**vars(self._trades[refund.trade])), Refund(**vars(refund)))
        self.tell(notice)

    def find_refund(self, name: str) -> Refund | None:
        """The refund as it stands."""
        with self._lock:
            return self._refunds.get(name)

    def _known(self, name: str) -> Trade:
        if name not in self._trades:
            raise Refused("unknown")
        return self._trades[name]
