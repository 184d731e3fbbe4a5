"""Days of the shops in HQ's console: closes as they were seen, what came later beside them, and every shop's day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.integration.hq_data import Made, make_all

pytestmark = pytest.mark.usefixtures("hq_database")
DAY = date(2026, 11, 21)


@pytest.fixture
def chain(hq_database: str) -> Made:
    return make_all()


@pytest.fixture
def console(chain: Made) -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    return browser


def page_of(console: Any, url: str, language: str = "en") -> str:
    console.cookies["guide_hq_language"] = language
    answer = console.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("came later", "cancelled since: 1", "nobody knows why", "By hour")),
        ("zh-hans", ("之后到达", "之后取消：1 单", "原因不明", "按时段")),
    ],
)
def test_a_close_stays_as_it_was_seen_and_tells_what_came_later(
    console: Any,
    chain: Made,
    language: str,
    words: tuple[str, ...],
) -> None:
    page = page_of(console, f"/admin/days/dayclose/{chain.rows['days.dayclose'].pk}/change/", language)
    for said in (*words, "101AB7K00423"):
        assert said.lower() in page.lower(), said
    assert "101AB7K00423" in page_of(console, "/admin/days/dayclose/", language)


def test_a_shops_day_is_what_its_orders_come_to(chain: Made) -> None:
    from guide_app.domain.records.dayclose import Count, MethodCount
    from hq.days.services import shop_day

    told = shop_day(chain.store, DAY)
    assert (told.figures.sales, told.figures.pieces) == (Count(count=1, amount=190), 2)
    assert told.figures.methods == {
        "coupon": MethodCount(received=Count(count=1, amount=10)),
        "gift_card": MethodCount(received=Count(count=1, amount=40)),
        "cash": MethodCount(given_back=Count(count=1, amount=100)),
    }
    ((close, since),) = told.closes
    assert close.figures.hours == {"18": Count(count=1, amount=190)}
    assert ([late.order.number for late in since.late], since.gone) == (["101AB7K00423"], ("0" * 12,))


def test_money_that_moves_on_another_day_is_found(chain: Made) -> None:
    from guide_app.domain.records.dayclose import Count
    from hq.days.services import shop_day
    from hq.orders.models import Order

    leg = {"method": "cash", "amount": 30, "id": "x", "at": "2026-11-23T04:00:00.000Z"}
    back = {
        "return_id": "r", "guide_id": "g", "at": "2026-11-24T04:00:00.000Z", "refund": {"money": 20}, "lines": [],
    }  # fmt: skip
    Order.objects.update(payments=[leg], returns=[back])
    later = shop_day(chain.store, date(2026, 11, 23)).figures
    assert (later.methods["cash"].received, later.sales) == (Count(count=1, amount=30), Count())
    assert shop_day(chain.store, date(2026, 11, 24)).figures.returns == Count(count=1, amount=20)
    assert shop_day(chain.store, date(2026, 11, 25)).figures.methods == {}


def test_every_shop_has_its_row(console: Any, chain: Made) -> None:
    page = page_of(console, "/admin/days/dayclose/days/?days=5")
    assert str(chain.store) in page
    assert "not closed" in page
    assert "The shops, day by day" in page_of(console, "/admin/days/dayclose/")
