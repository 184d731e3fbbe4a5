"""The same work on one thing after another: where the database could not do one, the others are done all the same."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from hq.ledger.port import Transient

T = TypeVar("T")
_GONE = 3
"""So many failures in a row: it is not this one or that one, the database is not there."""

_log = logging.getLogger(__name__)


def each(things: Iterable[T], work: Callable[[T], object]) -> None:
    """Does the work on each. Raises the last Transient once all were tried; how many failed is said in the log."""
    failed = in_a_row = 0
    last: Transient | None = None
    for thing in things:
        try:
            work(thing)
            in_a_row = 0
        except Transient as problem:
            last, failed, in_a_row = problem, failed + 1, in_a_row + 1
            if in_a_row == _GONE:
                break
    if last is not None:
        _log.warning("%d could not be done yet, they are tried again: %s", failed, last)
        raise last
