"""Which files the rows name: kept in step with every row, in the order in which they are fetched and let go."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest

from guide_app.domain.records import FileRef, Names, Picture, Product
from local_store.migrations import m0019_files
from sync.ports import FileCounts, FileWanted
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import PRODUCTS, Bench

pytestmark = pytest.mark.asyncio


def sha(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def picture(word: str) -> Picture:
    return Picture(
        thumb=FileRef(sha256=sha(f"{word} thumb"), bytes=100), large=FileRef(sha256=sha(f"{word} large"), bytes=1000)
    )


def product(*words: str, active: bool = True) -> Product:
    return Product(names=Names(en="Cup", zh="杯子"), sku="CUP", active=active, pictures=tuple(map(picture, words)))


async def publish(bench: Bench, row_id: str, *words: str, **more: Any) -> None:
    bench.hq.publish("product", row_id, product(*words, **more))
    await bench.drain()


async def order_of(bench: Bench) -> list[str]:
    """What is fetched, one after another, until nothing is left."""
    found = list[str]()
    while wanted := await bench.store.files.next_wanted():
        found.append(wanted.sha256)
        await bench.store.files.came(wanted.sha256)
    return found


def shas(*words: str) -> list[str]:
    return [sha(word) for word in words]


async def test_what_stands_for_a_product_comes_first_and_small_before_large(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a", "b")
    wanted = await bench.store.files.next_wanted()
    assert wanted == FileWanted(sha256=sha("a thumb"), bytes=100)
    assert await order_of(bench) == shas("a thumb", "b thumb", "a large", "b large")
    assert await bench.store.files.counts() == FileCounts(here=4, here_bytes=2200)


async def test_what_somebody_looks_for_comes_before_all(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a", "b")
    await bench.store.files.missed(shas("b large"))
    assert (await bench.store.files.next_wanted()) == FileWanted(sha256=sha("b large"), bytes=1000, asked=True)


async def test_a_changed_product_names_others(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a")
    await order_of(bench)
    await publish(bench, PRODUCTS[0], "b")
    assert sorted(await bench.store.files.unnamed()) == sorted(shas("a thumb", "a large"))
    await bench.store.files.forget(shas("a thumb", "a large", "b thumb"))
    assert await bench.store.files.unnamed() == []
    assert await order_of(bench) == shas("b thumb", "b large")


async def test_a_file_that_another_product_names_stays(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a")
    await publish(bench, PRODUCTS[1], "a")
    await publish(bench, PRODUCTS[0])
    assert await bench.store.files.unnamed() == []
    await publish(bench, PRODUCTS[1])
    assert len(await bench.store.files.unnamed()) == 2


async def test_what_is_not_sold_any_more_names_none_and_names_them_again_when_it_is(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a")
    await publish(bench, PRODUCTS[0], "a", active=False)
    assert len(await bench.store.files.unnamed()) == 2
    assert await bench.store.files.next_wanted() is None
    await publish(bench, PRODUCTS[0], "a")
    assert await bench.store.files.unnamed() == []
    assert await order_of(bench) == shas("a thumb", "a large")


@pytest.mark.parametrize("state", ["gone", "left", "erased"])
async def test_a_product_that_is_gone_takes_its_files_along(bench: Bench, state: Any) -> None:
    row_id = uuid()
    await publish(bench, row_id, "a")
    await order_of(bench)
    bench.hq.publish("product", row_id, None, state)
    await bench.drain()
    assert len(await bench.store.files.unnamed()) == 2


@pytest.mark.parametrize(
    "pictures",
    [
        "words", 7, {"thumb": 1}, ["words"], [7], [{}], [{"thumb": {"sha256": "../../store.db", "bytes": 5}}],
        [{"thumb": {"sha256": "A" * 64, "bytes": 5}}], [{"thumb": {"sha256": "a" * 64}}],
        [{"thumb": {"sha256": "a" * 64, "bytes": -5}}], [{"thumb": {"sha256": ["a" * 64], "bytes": 5}}],
    ],
)  # fmt: skip
async def test_what_names_no_file_is_passed_over(bench: Bench, pictures: object) -> None:
    raw = {"names": {"en": "Cup", "zh": "杯"}, "sku": "CUP", "pictures": pictures}
    bench.hq.publish_raw("product", PRODUCTS[0], msgspec.Raw(msgspec.json.encode(raw)))
    await bench.drain()
    assert await bench.store.files.next_wanted() is None


async def test_a_file_that_is_put_off_waits_for_its_time(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a")
    later = bench.clock.now().replace(microsecond=0).isoformat().replace("+00:00", ".999Z")
    await bench.store.files.put_off(sha("a thumb"), later, "not_at_hq")
    assert await order_of(bench) == shas("a large")
    bench.clock.advance(2)
    assert await order_of(bench) == shas("a thumb")


async def test_the_least_used_goes_first_and_comes_again_only_when_it_is_looked_for(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a", "b")
    await order_of(bench)
    bench.clock.advance(10)
    await bench.store.files.used(shas("b large"))
    least = await bench.store.files.least_used(1001)
    assert list(least) == shas("a large", "b thumb")
    await bench.store.files.let_go(least)
    assert await bench.store.files.next_wanted() is None
    assert await bench.store.files.counts() == FileCounts(here=2, here_bytes=1100)
    await bench.store.files.missed(shas("a large"))
    assert await order_of(bench) == shas("a large")


async def test_what_lies_on_the_disk_is_what_counts(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a", "b")
    await bench.store.files.came(sha("a thumb"))
    unknown = await bench.store.files.stand([sha("b thumb"), sha("c thumb")], [sha("d thumb"), sha("a large")])
    assert sorted(unknown) == sorted(shas("c thumb", "d thumb"))
    assert await order_of(bench) == shas("a thumb", "a large", "b large")


async def test_a_file_from_before_learns_what_its_rows_named_already(bench: Bench) -> None:
    await publish(bench, PRODUCTS[0], "a")
    (rows,) = bench.sql("SELECT count(*) FROM file_use")
    assert rows == (2,)
    (d,) = bench.sql("SELECT d FROM product WHERE id = ?", PRODUCTS[0])
    import sqlite_utils
    from sqlcipher3 import dbapi2 as sqlite

    old = sqlite.connect(":memory:", isolation_level=None)
    try:
        old.execute("CREATE TABLE product (id TEXT PRIMARY KEY, d TEXT NOT NULL, active INTEGER NOT NULL)")
        old.execute("INSERT INTO product VALUES ('p', ?, 1)", d)
        m0019_files.apply(sqlite_utils.Database(old))
        assert old.execute("SELECT sha256, rank FROM file WHERE named = 1 ORDER BY rank").fetchall() == [
            (sha("a thumb"), 0), (sha("a large"), 2)
        ]  # fmt: skip
    finally:
        old.close()
