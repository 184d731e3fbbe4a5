"""`guide-hq load complete-journey`, scaled down to some households, on a real database: every row of it is checked."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console

from guide_app.domain import names, phone
from guide_app.domain.errors import EnvironmentProblem
from guide_app.domain.numbers import parse
from guide_app.domain.records import ENTITIES, Member, Order, Product, Staff, decode, encode
from guide_app.operations.orders import line_amount
from tests.integration.feed_check import assert_feed_equals_tables

AS_OF = date(2026, 11, 25)
HOUSEHOLDS = 40
Query = Any


@pytest.fixture
def loaded(hq_database: str) -> Iterator[Query]:
    """A small load; gives a function that asks the database by SQL of its own."""
    from hq.load.complete_journey import load
    from hq.load.plan import Plan

    load(Plan(as_of=AS_OF, households=HOUSEHOLDS), _quiet())
    with psycopg.connect(hq_database) as connection:
        yield lambda query: connection.execute(query).fetchall()


def _quiet() -> Console:
    return Console(file=io.StringIO())


def _records(loaded: Query, entity: str) -> list[Any]:
    return [decode(text, ENTITIES[entity]) for (text,) in loaded(f"SELECT data FROM feed WHERE entity = '{entity}'")]


def test_the_feed_is_the_tables_byte_for_byte_and_every_promise_of_an_order_holds(loaded: Query) -> None:
    assert_feed_equals_tables()
    for entity, text in loaded("SELECT entity, data FROM feed"):
        assert encode(decode(text, ENTITIES[entity])) == text.encode(), entity
    _check_heads(loaded)
    orders = _records(loaded, "order")
    _check_orders(orders, {str(i) for (i,) in loaded("SELECT id FROM product")})
    _check_members(loaded, orders)
    _check_products(_records(loaded, "product"))
    _check_what_was_counted(loaded)
    _check_today(loaded)


def _check_heads(loaded: Query) -> None:
    """Positions run from 1 without a gap; members come first, of the orders the newest first, the price list last."""
    places: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for scope, seq, entity, text in loaded("SELECT scope, seq, entity, data FROM feed ORDER BY scope, seq"):
        places[scope].append((seq, entity, text))
    heads = dict(loaded("SELECT scope, head FROM scope_head WHERE head > 0"))
    assert {scope: len(rows) for scope, rows in places.items()} == heads
    for rows in places.values():
        assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
        entities = list(dict.fromkeys(entity for _, entity, _ in rows))
        if "order" in entities:
            assert entities == ["member", "staff", "stock", "followup", "talk", "order"]
            times = [decode(text, Order).placed_at for _, entity, text in rows if entity == "order"]
            assert times == sorted(times, reverse=True)
        else:
            assert entities == ["policy", "settings", "category", "product", "price", "price_list"]


def _check_orders(orders: list[Order], products: set[str]) -> None:
    assert all(order.state in ("closed", "returned") for order in orders)
    assert 0.01 < sum(order.state == "returned" for order in orders) / len(orders) < 0.06
    assert len({order.number for order in orders}) == len(orders)
    for order in orders:
        parse(order.number)
        assert all(line.amount == line_amount(line) and line.product_id in products for line in order.lines)
        assert {d.kind for line in order.lines for d in line.discounts} <= {"retail", "coupon_match", "rounding"}
        assert order.totals.lines == sum(line.qty * line.unit_price for line in order.lines)
        assert order.totals.discounts == sum(d.amount for line in order.lines for d in line.discounts)
        assert order.totals.total == sum(line.amount for line in order.lines) >= 0
        assert sum(payment.amount for payment in order.payments) == order.totals.total
        assert order.placed_at < "2026-11-22T16:00:00.000Z"  # midnight after the last Sunday, in the shops
    assert max(order.placed_at for order in orders) > "2026-11-21T16:00:00.000Z"


def _check_members(loaded: Query, orders: list[Order]) -> None:
    of_member: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        of_member[order.member_id].append(order)
    talks = Counter(talk.member_id for talk in _records(loaded, "talk"))
    assert talks.keys() <= of_member.keys()
    members = {
        str(i): decode(text, Member) for i, text in loaded("SELECT entity_id, data FROM feed WHERE entity='member'")
    }
    assert len(members) == HOUSEHOLDS == len({member.phone for member in members.values()})
    for member_id, member in members.items():
        theirs = of_member[member_id]
        counted = [order for order in theirs if order.state != "returned"]
        assert (member.order_count, member.spent) == (len(counted), sum(order.totals.total for order in counted))
        assert member.joined_at == min(order.placed_at for order in theirs)
        assert member.last_contact_at >= max(order.placed_at for order in theirs)
        assert phone.is_valid_e164(member.phone)
        assert (member.pinyin, member.initials) == _keys(member.name)
    assert 0 < sum(not member.consents for member in members.values()) < HOUSEHOLDS / 3


def _keys(name: str) -> tuple[str, str]:
    keys = names.search_keys(name)
    return keys.pinyin, keys.initials


def _check_products(products: list[Product]) -> None:
    barcodes = [barcode for product in products for barcode in product.barcodes]
    assert len(set(barcodes)) == len(products)
    for barcode in barcodes:
        assert len(barcode) == 13
        assert sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(barcode)) % 10 == 0
    for product in products:
        if len(product.names.zh) <= 32:  # what search_keys looks at
            assert (product.pinyin, product.initials) == _keys(product.names.zh), product.names.zh


def _check_what_was_counted(loaded: Query) -> None:
    """The source, read anew by a query of its own, has as many lines as HQ, and as many odd ones."""
    import duckdb

    from hq.load.source import files

    source = duckdb.connect()
    source.read_parquet(str(files() / "transactions.parquet")).create_view("lines")
    query = (
        "SELECT count(*), count(DISTINCT basket_id), round(sum(sales_value) * 100)::BIGINT,"
        " count(*) FILTER (quantity > 100) FROM lines WHERE household_id IN"
        f" (SELECT DISTINCT household_id FROM lines ORDER BY 1 LIMIT {HOUSEHOLDS})"
    )
    count, baskets, cents, big = source.execute(query).fetchall()[0]
    assert loaded("SELECT count(*), sum(amount)::bigint FROM order_line") == [(count, cents)]
    assert loaded("SELECT count(*) FROM shop_order") == [(baskets,)]
    ((as_of, counts),) = loaded("SELECT as_of, counts FROM data_load")
    assert as_of == AS_OF
    assert next(n for words, n in counts.items() if words.startswith("quantity above 100")) == big


def _check_today(loaded: Query) -> None:
    due = Counter(day for (day,) in loaded("SELECT due_on FROM followup WHERE state = 'open'"))
    assert due[AS_OF]
    assert due[AS_OF - timedelta(days=1)]
    assert any(AS_OF < day <= AS_OF + timedelta(days=7) for day in due)
    staff = _records(loaded, "staff")
    assert Counter(person.role for person in staff) == {"manager": 4, "guide": 20}
    assert all(isinstance(person, Staff) and person.pin.startswith("$argon2id$") for person in staff)
    (settings,) = _records(loaded, "settings")
    assert settings.data_note.en
    assert settings.data_note.zh


def test_odd_text_reaches_the_database_as_it_is(hq_database: str, tmp_path: Path) -> None:
    from hq.load import bulk
    from hq.load.plan import Plan
    from hq.load.source import Source
    from hq.policies.models import Policy

    odd = ['a "quoted" \\ word', "", "\\N", "100% 云,禾; 'x'", '{"en":"\\"\\\\"}']
    source = Source(Plan(as_of=AS_OF), tmp_path)
    try:
        source.fill("odd", "place INTEGER, words VARCHAR", list(enumerate(odd)))
        query = "SELECT md5(words)::UUID, 1, 'k' || place, '1', '', '', copied(words), '', false, place, true FROM odd"
        file = source.write(query, tmp_path / "odd")
    finally:
        source.close()
    columns = ["id", "ver", "kind", "version", "title_en", "title_zh", "text_en", "text_zh", "required"]
    columns += ["position", "current"]
    sizes: list[int] = []
    bulk.copy("policy", columns, file, sizes.append)
    assert sizes == [file.stat().st_size]
    assert list(Policy.objects.order_by("position").values_list("text_en", flat=True)) == odd


def test_indexes_and_keys_are_as_before(hq_database: str) -> None:
    from hq.load.complete_journey import load
    from hq.load.plan import Plan

    query = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
        " SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
    )
    with psycopg.connect(hq_database, autocommit=True) as connection:
        before = connection.execute(query).fetchall()
        load(Plan(as_of=AS_OF, households=3, stores=2), _quiet())
        assert connection.execute(query).fetchall() == before


def test_a_second_load_is_refused(hq_database: str) -> None:
    from hq.load.complete_journey import load
    from hq.load.plan import Plan

    load(Plan(as_of=AS_OF, households=3, stores=1), _quiet())
    with pytest.raises(EnvironmentProblem) as refused:
        load(Plan(as_of=AS_OF, households=3, stores=1), _quiet())
    assert refused.value.code == "data_there"


def test_stopped_half_way_it_leaves_nothing(hq_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.load import bulk
    from hq.load.complete_journey import load
    from hq.load.plan import Plan

    copy = bulk.copy

    def stop_at_the_feed(table: str, *rest: Any) -> None:
        if table == "feed":
            raise KeyboardInterrupt
        copy(table, *rest)

    monkeypatch.setattr(bulk, "copy", stop_at_the_feed)
    with pytest.raises(KeyboardInterrupt):
        load(Plan(as_of=AS_OF, households=3), _quiet())
    with psycopg.connect(hq_database) as connection:
        for table in ("store", "member", "shop_order", "order_line", "feed", "data_load"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        assert connection.execute("SELECT count(*) FROM pg_indexes WHERE tablename = 'order_line'").fetchone() == (1,)


def test_the_command_line(hq_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    from hq.catalogue.models import Product
    from hq.load.complete_journey import run

    assert run(["--households", "3", "--stores", "2", "--as-of", "2026-11-25", "--pictures", "4"]) == 0
    assert Product.objects.exclude(pictures=[]).count() == 4
    assert_feed_equals_tables()
    told = capsys.readouterr().out
    assert "order lines" in told
    assert "2026-11-22" in told
    with pytest.raises(SystemExit):
        run(["--stores", "0"])


def test_nobody_who_was_erased_here_is_loaded_again(hq_database: str) -> None:
    from django.db import transaction
    from django.utils import timezone

    from hq.history.models import ErasedPerson
    from hq.load.complete_journey import load
    from hq.load.plan import Plan
    from hq.members.models import Member
    from hq.stores.models import Store

    plan = Plan(as_of=AS_OF, households=HOUSEHOLDS)
    with transaction.atomic():
        load(plan, _quiet())
        person = Member.objects.order_by("id").first()
        assert person is not None
        transaction.set_rollback(True)
    ErasedPerson.objects.create(id=person.id, store_id=person.store_id, erased_at=timezone.now())
    with pytest.raises(EnvironmentProblem, match="data_erased"):
        load(plan, _quiet())
    assert (Store.objects.count(), Member.objects.count()) == (0, 0)
