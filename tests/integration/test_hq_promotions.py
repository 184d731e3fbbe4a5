"""Promotions at HQ on a real database: versions, who wrote them, what the tablets get and when it goes again."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.pricing import Basket, Line
from guide_app.domain.records import Audience, BundlePart, Names, Promotion, Selection, TierStep, decode
from hq.sync_api.push import Push
from hq.sync_api.running import Shop
from tests import shop as shops
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.hq_data import make_store
from tests.ops import Maker, new_id
from tests.priced import told

pytestmark = pytest.mark.usefixtures("hq_database")
change = msgspec.structs.replace
TENTH = Promotion(names=Names(en="Autumn", zh="秋季"), kind="percentage", percent=1000)


@pytest.fixture(autouse=True)
def _store(hq_database: str) -> None:
    make_store("900")


def save(says: Promotion, before: str = "", by: str = "lin", scope: str = "") -> str:
    from hq.promotions import services
    from hq.protocol import scopes

    return services.save_promotion(says, scope=scope or scopes.of_chain(), by=by, before=before)


def row(row_id: str) -> Any:
    from hq.promotions.models import Promotion

    return Promotion.objects.get(id=row_id)


def published() -> dict[str, Promotion]:
    """What stands in the feed, by id."""
    from hq.protocol.models import FeedRow

    assert_feed_equals_tables()
    found = FeedRow.objects.filter(entity="promotion", op="put")
    return {str(one.entity_id): decode(one.data or "", Promotion) for one in found}


def test_a_save_that_says_something_else_writes_the_next_version_and_closes_the_one_before() -> None:
    first = save(TENTH)
    second = save(change(TENTH, percent=1500), before=first, by="wang")
    told = published()
    assert (told[first].percent, told[first].version, told[first].of) == (1000, 1, first)
    assert (told[second].percent, told[second].version, told[second].of) == (1500, 2, first)
    assert told[first].since < told[first].until_moment == told[second].since
    assert told[second].until_moment == ""
    assert (row(first).changed_by, row(second).changed_by) == ("lin", "wang")


def test_a_save_that_says_the_same_writes_nothing() -> None:
    first = save(TENTH)
    assert save(TENTH, before=first) == first
    assert [one.version for one in published().values()] == [1]


def test_every_kind_comes_back_as_it_was_written() -> None:
    goods = Selection(products=("b", "a"), without_categories=("c",))
    said = [
        change(TENTH, kind="member_price", prices={"tea": 990, "cup": 10}, audience=Audience(levels=("gold",))),
        change(TENTH, kind="bundle", percent=0, amount=100, parts=(BundlePart(goods=goods, pieces=2),)),
        change(TENTH, kind="tier", percent=0, reach="order", measure="pieces",
               steps=(TierStep(at=2, percent=500), TierStep(at=5, percent=900))),
        change(TENTH, goods=goods, audience=Audience(), weekdays=(6, 7), from_time="09:00", until_time="12:00", cap=1,
               valid_from="2026-11-01", valid_until="2026-12-01", group="autumn", priority=-300, stacks=True),
    ]  # fmt: skip
    for says in said:
        row_id = save(says)
        found = published()[row_id]
        assert change(found, of="", since="") == says
        assert found.of == row_id


def test_a_promotion_that_takes_nothing_off_is_not_saved() -> None:
    with pytest.raises(BadInput, match="no_benefit"):
        save(change(TENTH, percent=0))
    assert published() == {}


def test_of_two_who_changed_the_same_version_the_second_is_told() -> None:
    first = save(TENTH)
    save(change(TENTH, percent=1500), before=first)
    with pytest.raises(Refused, match="changed_meanwhile"):
        save(change(TENTH, percent=2000), before=first)
    assert sorted(one.percent for one in published().values()) == [1000, 1500]


def test_of_two_who_save_at_once_one_is_told() -> None:
    from django.db import connection

    first, told = save(TENTH), list[str]()
    both = threading.Barrier(2)

    def work(percent: int) -> None:
        both.wait()
        try:
            save(change(TENTH, percent=percent), before=first)
            told.append("saved")
        except Refused as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(percent,)) for percent in (1500, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["changed_meanwhile", "saved"]
    assert sorted(one.version for one in published().values()) == [1, 2]


def test_a_version_lasts_a_moment_at_least_though_hq_s_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    first = save(TENTH)
    earlier = timezone.now() - timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: earlier)
    second = save(change(TENTH, percent=1500), before=first)
    told = published()
    assert told[first].since < told[first].until_moment == told[second].since


def test_who_ended_a_promotion_is_kept_and_nobody_changes_it_any_more() -> None:
    from hq.promotions import services

    first = save(TENTH)
    services.end_promotion(first, by="wang")
    assert published()[first].until_moment > published()[first].since
    assert row(first).ended_by == "wang"
    with pytest.raises(Refused, match="changed_meanwhile"):
        services.end_promotion(first, by="lin")
    with pytest.raises(Refused, match="changed_meanwhile"):
        save(change(TENTH, percent=1500), before=first)


@pytest.mark.parametrize(("values", "stays", "leaves"), [({}, 59, 61), ({"return_days": 90}, 89, 91)])
def test_a_version_that_ended_leaves_the_tablets_once_nothing_sold_by_it_can_come_back(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, int], stays: int, leaves: int
) -> None:
    from django.utils import timezone

    from hq.policies import services as policies
    from hq.policies.models import ScopeSettings
    from hq.promotions import services
    from hq.protocol import scopes

    policies.save_settings(ScopeSettings(scope=scopes.of_chain(), values=values))
    first = save(TENTH)
    second = save(change(TENTH, percent=1500), before=first)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=stays))
    assert services.take_off() == 0
    assert published().keys() == {first, second}
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=leaves))
    assert (services.take_off(), services.take_off()) == (1, 0)
    assert published().keys() == {second}
    assert not row(first).published, "HQ keeps it"


def test_orders_priced_by_promotions_cost_the_same_queries_however_many_there_are() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from hq.ledger.aggregates import PostgresAggregates
    from hq.ledger.port import ScopeKey, Stream
    from hq.ledger.postgres import PostgresLedger
    from hq.protocol import scopes

    chain = shops.make_chain()
    shop = shops.make_shop(chain)
    row_id = save(TENTH)
    line = Line(line_id=new_id(), product_id=chain.product_ids[0], qty=1, price=shops.PRICES[0])
    sold = told(Basket(at=timezone.now(), lines=(line,), promotions={row_id: TENTH}))

    def queries(count: int) -> int:
        maker = Maker(shop.store_id, shop.guide_id)
        ops = [maker.op("order.place", {
            "order_id": new_id(), "number": new_id(), "price_list": {"id": chain.list_id, "version": 1},
            "fulfilment": {"kind": "take_away"}, **sold,
        }, schema_v=2, made_at=to_text(timezone.now())) for _ in range(count)]  # fmt: skip
        aggregates = PostgresAggregates(shop.store_id, [scopes.of_chain()])
        pushed = Push(
            PostgresLedger(), aggregates, Shop(shop.store_id, "CNY"), ScopeKey(shop.store_id, shop.scope),
            ScopeKey(shop.store_id, "d"), Stream(shop.store_id, new_id(), new_id()), timezone.now(), (),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            taken = pushed.take(ops, count + 1)
        assert [(result.status, result.code) for result in taken.results] == [("applied", "")] * count
        return len(asked)

    assert queries(1) == queries(12)
