"""A full HQ sends tablets away with 503 and Retry-After before it asks its database anything.

`python -m tests.proofs.admission --requests 300`. Callers who never finish their requests take every place in the
house; then signed requests with operations come. PostgreSQL's own log of statements counts the queries; the same
requests, sent while there is room, are the control that must show some.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import psycopg

from tests.ops import new_id
from tests.proofs.house import House, opened
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told
from tests.tablet_client import Tablet

INSIDE = 64
"""`docs/operations.md`: requests in the house."""
CALLERS = 6 * INSIDE
_OURS = re.compile(r"(?:execute [^:]*|statement): .*\b(?:device|device_stream|scope_head|op_log|used_nonce)\b")
"""Statements that answer a tablet; HQ's periodic work asks for other things."""


def _log_statements(house: House) -> None:
    with psycopg.connect(house.cluster.url(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


def _queries(house: House) -> int:
    return len(_OURS.findall(house.cluster.log_file.read_text(errors="replace")))


@contextlib.contextmanager
def _house_full(house: House) -> Iterator[None]:
    """Callers, none of whom says all they announced: enough to be taken for operations, which get the last places too.

    They come to HQ's processes by chance, and each process has its part of the places: there are so many callers that
    every part is full. Whom it has no place for HQ answers at once.
    """
    half = b"x" * 100_000  # so much of it that HQ is patient for a minute
    head = b"POST /v1/sync HTTP/1.1\r\nhost: hq\r\ncontent-length: 200000\r\n\r\n" + half
    with contextlib.ExitStack() as stack:
        callers = []
        for _ in range(CALLERS):
            callers.append(stack.enter_context(socket.create_connection(("127.0.0.1", house.port), timeout=10)))
            callers[-1].sendall(head)
        _until_held(callers)
        yield


def _until_held(callers: Sequence[socket.socket]) -> None:
    """Until every place is held: all but as many callers have their answer. Raises RuntimeError when it never is."""
    for _ in range(200):
        answered, _, _ = select.select(callers, [], [], 0)
        if len(callers) - len(answered) == INSIDE:
            return
        time.sleep(0.05)
    raise RuntimeError("HQ does not keep the places that it says it has")


def _send(tablet: Tablet, counts: Counter[str]) -> None:
    """One sync with an operation of a new database file; what came is counted."""
    tablet.incarnation, tablet.maker.next_seq = new_id(), 1
    answer = tablet.ask([tablet.maker.sign_up()])
    counts[str(answer.status_code)] += 1
    waits = answer.headers.get("retry-after", "")
    if answer.status_code == 503 and (not waits.isdecimal() or int(waits) < 1 or answer.json()["code"] != "busy"):
        counts["refused without saying when to come again"] += 1


def run(requests: int) -> Summary:
    """So many requests to a full HQ, and as many with room."""
    began = time.monotonic()
    full, free = Counter[str](), Counter[str]()
    with opened() as house:
        shop = house.shop(1)
        tablet = Tablet(house.url, shop.guide_id)
        tablet.enrol(shop.codes[0]).raise_for_status()
        _log_statements(house)
        before = _queries(house)
        with _house_full(house):
            for _ in range(requests):
                _send(tablet, full)
            while_full = _queries(house) - before
        _until_there_is_room(tablet)
        before = _queries(house)
        for _ in range(requests):
            _send(tablet, free)
        with_room = _queries(house) - before
        tablet.http.close()
    wrong = {
        "let in though full": requests - full["503"], "queries while full": while_full,
        "refused without saying when to come again": full["refused without saying when to come again"],
        "refused though there was room": requests - free["200"],
    }  # fmt: skip
    figures = {"callers who hold a place": INSIDE, "refused when full": full["503"], "taken with room": free["200"]}
    return told("admission", figures, wrong, time.monotonic() - began, {"queries with room": with_room})


def _until_there_is_room(tablet: Tablet) -> None:
    """The callers have hung up; HQ notices soon. Raises RuntimeError when it does not."""
    for _ in range(200):
        if tablet.ask().status_code == 200:
            return
        time.sleep(0.05)
    raise RuntimeError("HQ stays full though nobody is there")


def main(arguments: list[str] | None = None) -> int:
    """0 when each was refused at once with no query, and each was taken when there was room."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=300)
    given = parser.parse_args(arguments)
    return finish(run(given.requests))


if __name__ == "__main__":
    sys.exit(main())
