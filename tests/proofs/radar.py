"""The duplicate radar: so many members in HQ's database, the set that HQ makes of them, read by the tablet's own code.

`python -m tests.proofs.radar --phones 1000000 --seed 7`. HQ's job makes the set from an embedded PostgreSQL; its parts
go through the wire's codec into a tablet's real encrypted file; then the tablet's code is asked about every member, of
whom it may miss none, and about as many strangers. The controls must fail: the same set under another store's key
misses members, and a set that was cut or changed on the way is refused.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import connection as hq_connection

from guide_app.domain.errors import BadInput
from guide_app.domain.radar import RadarSet
from local_store.connection import connect
from local_store.radar import RadarBox
from sync.protocol import codec
from sync.protocol.messages import RadarResponse
from tests import shop
from tests.proofs.summary import Summary
from tests.proofs.telling import finish, told
from tests.unit.local_store.kit import KEY, Bench

_COLUMNS = (
    "id, store_id, ver, member_no, phone, name, pinyin, initials, gender, birthday, source, level, tags, note,"
    " referrer, order_count, spent, other_numbers, likes, touch_point, signed"
)
_TIMED = 20_000


class Made(NamedTuple):
    """What HQ's database came to."""

    parts: Sequence[RadarResponse]
    other_key: bytes
    seconds: float


def _members(store_id: str, phones: Sequence[str]) -> None:
    """Members of one store, as rows of HQ's own table."""
    with hq_connection.cursor() as cursor, cursor.copy(f"COPY member ({_COLUMNS}) FROM STDIN") as rows:
        for n, phone in enumerate(phones):
            rows.write_row((
                UUID(int=n + 1), store_id, 1, f"M{n}", phone, "x", "", "", "", "", "", "", [], "", "", 0, 0, [], [], "",
                [],
            ))  # fmt: skip


def _made(phones: Sequence[str]) -> Made:
    """The set of a store that asks, and the key of another that does."""
    from hq.radar import making, services

    chain = shop.make_chain()
    asks, other = shop.make_shop(chain), shop.make_shop(chain)
    _members(other.store_id, phones)
    services.ask(asks.store_id)
    began = time.perf_counter()
    if making.make_asked() != 1:
        raise RuntimeError("HQ made no set")
    seconds = time.perf_counter() - began
    services.ask(other.store_id)
    making.make_asked()
    return Made(list(_parts(asks.store_id)), next(_parts(other.store_id)).terms.key, seconds)


def _parts(store_id: str) -> Iterator[RadarResponse]:
    """As they come over the line."""
    from hq.radar import services

    first = 0
    while True:
        kept = services.find(store_id, first, "")
        if kept is None or kept.part is None:
            raise RuntimeError("HQ has no set")
        packed = codec.pack(codec.encode(kept.part), "zstd")
        part = codec.decode(codec.unpack(packed, "zstd"), RadarResponse)
        yield part
        first += len(part.buckets)
        if first >= part.of:
            return


async def _taken(bench: Bench, parts: Sequence[RadarResponse]) -> None:
    """Into the tablet's file, as its engine does it. Raises BadInput for a set that is none."""
    for part in parts:
        wanted = await bench.store.sync.radar_wanted()
        if wanted is None:
            raise RuntimeError("the tablet wants no radar")
        await bench.store.sync.take_radar(wanted, part)


async def _refused(bench: Bench, parts: Sequence[RadarResponse]) -> int:
    """How many sets of three that were damaged on the way the tablet refuses."""
    last = parts[-1]
    lies = (
        msgspec.structs.replace(last, buckets=[*last.buckets[:-1], last.buckets[-1][:-1]]),
        msgspec.structs.replace(last, buckets=[*last.buckets[:-1], bytes(len(last.buckets[-1]))]),
        msgspec.structs.replace(last, buckets=[*last.buckets, b""]),
    )
    refused = 0
    for lie in lies:
        try:
            await _taken(bench, [*parts[:-1], lie])
        except BadInput:
            refused += 1
    return refused


@contextmanager
def _tablet(parts: Sequence[RadarResponse], folder: Path) -> Iterator[tuple[RadarBox, int]]:
    """A tablet's radar, read from its file, and how many damaged sets it refused before it took this one."""
    bench = Bench(folder / "store.db")

    async def load() -> int:
        await bench.enrol()
        refused = await _refused(bench, parts)
        await _taken(bench, parts)
        return refused

    try:
        refused = asyncio.run(load())
        with closing(connect(bench.path, KEY, cache_mb=16, read_only=True)) as opened:
            yield RadarBox(opened), refused
    finally:
        bench.store.close()


def _p99_us(ask: object, phones: Sequence[str]) -> float:
    """Microseconds of processor time that one question takes, at the 99th percentile."""
    if not callable(ask):
        raise TypeError("not a question")
    took = []
    for phone in phones:
        began = time.thread_time_ns()
        ask(phone)
        took.append(time.thread_time_ns() - began)
    return sorted(took)[len(took) * 99 // 100] / 1000


def run(phones: int, seed: int = 7) -> Summary:
    """So many members, and as many strangers."""
    from hq.database import opening

    began = time.monotonic()
    numbers = random.Random(seed).sample(range(10**10), 2 * phones)
    everybody = [f"+861{n:010d}" for n in numbers]
    members, strangers = everybody[:phones], everybody[phones:]
    with tempfile.TemporaryDirectory(prefix="guide-radar-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL's own account passes through it
        with opening.opened(folder / "hq"):
            opening.migrate()
            made = _made(members)
        with _tablet(made.parts, folder) as (radar, refused):
            missed = sum(radar.may_have(phone) is None for phone in members)
            taken = sum(radar.may_have(phone) is not None for phone in strangers)
            p99, plain = _p99_us(radar.may_have, members[:_TIMED]), _p99_us(set(members).__contains__, members[:_TIMED])
    terms, buckets = made.parts[0].terms, [bucket for part in made.parts for bucket in part.buckets]
    size, expected = sum(map(len, buckets)), phones / 2**terms.width + 1 / 2**terms.rest
    other = RadarSet(msgspec.structs.replace(terms, key=made.other_key), buckets)
    lost = sum(not other.may_have(phone) for phone in members[:_TIMED])
    figures = {
        "members": phones, "strangers": phones, "strangers taken for members": taken, "bytes": size,
        "hundredths of a bit for a member": round(size * 800 / phones), "parts": len(made.parts),
        "ms for HQ to make it": round(made.seconds * 1000), "µs for a look-up at p99": round(p99),
        "times what a plain set takes": round(p99 / max(plain, 0.001)),
    }  # fmt: skip
    wrong = {
        "members missed": missed,
        "strangers above what is stated": max(0, taken - round(1.1 * expected * phones) - 20),
        "look-ups above 5 ms at p99": int(p99 > 5000),
    }
    control = {"of 20,000 members missed under another key": lost, "damaged sets refused, of three": refused // 3 * 3}
    return told("duplicate radar", figures, wrong, time.monotonic() - began, control)


def main(arguments: list[str] | None = None) -> int:
    """0 when nobody is missed, and few strangers are taken for members."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    return finish(run(given.phones, given.seed))


if __name__ == "__main__":
    sys.exit(main())
