"""A real HQ for benchmarks: PostgreSQL and server in processes of their own, one shop with synthetic members."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.members import member
from guide_app.domain.ids import derived_id
from guide_app.domain.records import Names, Price, Product, Record, Ref

P = ParamSpec("P")
T = TypeVar("T")
STORE = "100"
_BATCH = 2_000


def filled(data: Path, members: int, products: int) -> None:
    """Makes HQ's data folder with one shop, so many members in it and products with prices."""
    data.parent.chmod(0o711)  # the server's own account passes through it
    apart(_fill, data, members, products)


def dumped(data: Path) -> bytes:
    """All rows that a tablet of the shop gets, as one JSON array."""
    return apart(_dump, data)


@contextmanager
def serving(data: Path, processes: int = 0) -> Iterator[str]:
    """HQ's address while it serves that folder. `processes`: in how many; 0: in as many as it chooses."""
    command = [sys.executable, "-m", "hq.cli", "serve", "--data", str(data), "--port", "0"]
    command += ["--processes", str(processes)] if processes else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            if running.stdout is None or "http" not in (line := running.stdout.readline()):
                raise RuntimeError("HQ does not start")
            yield line.split()[-1]
        finally:
            running.terminate()


def code(data: Path) -> str:
    """A one-time code that enrols a tablet in the shop."""
    command = [sys.executable, "-m", "hq.cli", "enrol-code", "--data", str(data), "--store", STORE]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[0]


def apart(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Does HQ's work in a process of its own: the tablet's never has Django in it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given, **named).result()


def _dump(data: Path) -> bytes:
    from django.db import connection

    from hq.database.opening import opened
    from hq.ledger.page import Stored

    with opened(data), connection.cursor() as cursor:
        cursor.execute(
            "SELECT scope, seq, entity, entity_id::text, ver, op, data FROM feed ORDER BY store_id, scope, seq"
        )
        rows = (
            Stored(seq, Ref(entity, row_id), *rest).as_json(scope)
            for scope, seq, entity, row_id, *rest in cursor.fetchall()
        )
        return b"[" + b",".join(rows) + b"]"


def _fill(data: Path, members: int, products: int) -> None:
    from hq.database.opening import migrate, opened
    from tests import shop

    with opened(data):
        migrate()
        chain = shop.make_chain()
        store = shop.make_shop(chain)
        _save_members(store.store_id, members)
        _save_products(chain.list_id, products)


def _save_members(store_id: str, count: int) -> None:
    from hq.members.mapping import MEMBER
    from hq.protocol import saving

    chosen, keys = random.Random(7), dict[str, tuple[str, str]]()
    made: Iterator[tuple[str, Record]] = (member(n, chosen, keys) for n in range(1, count + 1))
    while batch := dict(islice(made, _BATCH)):
        saving.save(MEMBER, store_id, batch)


def _save_products(list_id: str, count: int) -> None:
    from hq.catalogue.mapping import PRICE, PRODUCT
    from hq.catalogue.services import price_id
    from hq.protocol import saving, scopes
    from hq.protocol.models import CHAIN_STORE_ID

    chain = scopes.of_chain()
    for first in range(0, count, _BATCH):
        ids = {n: derived_id("bench", "product", str(n)) for n in range(first, min(count, first + _BATCH))}
        products: dict[str, Record] = {ids[n]: _product(n) for n in ids}
        prices: dict[str, Record] = {
            price_id(list_id, product): Price(list=list_id, product=product, amount=100 + n)
            for n, product in ids.items()
        }
        saving.save(PRODUCT, str(CHAIN_STORE_ID), products)
        saving.save(PRICE, str(CHAIN_STORE_ID), prices, scope=chain)


def _product(n: int) -> Product:
    return Product(
        names=Names(en=f"Baby milk powder {n} stage {n % 4}", zh=f"婴儿奶粉{n}段"),
        sku=f"B{n:06}",
        brand=f"Brand {n % 90}",
        size="900 g",
        barcodes=(f"21{n:010}7",),
        pinyin="ying er nai fen",
        initials="yenf",
    )
