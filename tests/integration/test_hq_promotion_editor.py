"""The editor of promotions: one kind's fields, goods by search, the words in both languages, who changed what."""

from __future__ import annotations

import re
from typing import Any

import pytest

from guide_app.domain.records import Audience, BundlePart, Names, Selection, TierStep
from guide_app.domain.records import Promotion as Record
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.hq_data import Made, make_all

pytestmark = pytest.mark.usefixtures("hq_database")
ADD = "/admin/promotions/promotion/add/"
NAMED = {"name_zh": "秋季", "name_en": "Autumn", "active": "on"}


@pytest.fixture
def made(hq_database: str) -> Made:
    return make_all()


@pytest.fixture
def client(made: Made) -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(User.objects.create_superuser("lin", password="correct-horse-9"))
    return client


def chain() -> str:
    from hq.protocol import scopes

    return scopes.of_chain()


def add(client: Any, kind: str, **fields: Any) -> Any:
    return client.post(f"{ADD}?kind={kind}", {"scope": chain(), **NAMED, **fields})


def newest() -> Any:
    from hq.promotions.models import Promotion

    return Promotion.objects.order_by("-since")[0]


def said() -> Record:
    from hq.promotions.mapping import PROMOTION

    assert_feed_equals_tables()
    return PROMOTION.to_record(newest())


def url(item: Any, page: str = "change") -> str:
    return f"/admin/promotions/promotion/{item.pk}/{page}/"


def test_the_kind_is_asked_first_and_then_only_its_fields_are_there(client: Any) -> None:
    kinds = client.get(ADD).content.decode()
    assert "Three for two" in kinds
    page = client.get(f"{ADD}?kind=buy_get").content.decode()
    names = set(re.findall(r'name="(\w+)"', page))
    assert {"buy", "get", "percent", "repeats", "members", "last_day", "weekdays"} <= names
    assert not names & {"amount", "points", "step1_at", "part1_pieces", "reach"}
    assert re.search(r'name="buy" value="2"', page)
    assert re.findall(r'<input type="search" [^>]*name="q" form="no-form"', page), "Enter in the search saves nothing"


@pytest.mark.parametrize("kind", [
    "percentage", "amount", "buy_get", "bundle", "tier", "coupon", "member_price", "staff", "points",
])  # fmt: skip
def test_every_kind_has_its_form_and_says_in_words_what_is_missing(client: Any, kind: str) -> None:
    assert "<form" in client.get(f"{ADD}?kind={kind}").content.decode()
    answer = add(client, kind, buy="0", reach="pieces", measure="amount")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert any(words in page for words in ("takes nothing off yet", "Say either a percentage", "at least two pieces"))


def test_what_was_typed_is_what_is_published(client: Any, made: Made) -> None:
    category, product = (made.rows[f"catalogue.{one}"].pk for one in ("category", "product"))
    answer = add(
        client, "buy_get", buy="2", get="1", percent="100", repeats="0", goods=[f"c:{category}", "b:Hill"],
        without=f"p:{product}", members="on", new_days="30", valid_from="2026-11-01", last_day="2026-11-30",
        weekdays=["6", "7"], from_time="10:00", group="autumn", priority="3",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    found = said()
    assert found == Record(
        names=Names(en="Autumn", zh="秋季"), kind="buy_get", of=found.of, since=found.since, buy=2, get=1,
        percent=10_000, repeats=0, audience=Audience(members=True, new_days=30),
        goods=Selection(categories=(str(category),), brands=("Hill",), without=(str(product),)),
        valid_from="2026-11-01", valid_until="2026-12-01", weekdays=(6, 7), from_time="10:00", group="autumn",
        priority=3,
    )  # fmt: skip
    assert newest().changed_by == "lin"


def test_money_rates_steps_and_sets_are_read_in_whole_units(client: Any, made: Made) -> None:
    product = f"p:{made.rows['catalogue.product'].pk}"
    add(client, "tier", measure="amount", reach="order", step1_at="100", step1_percent="5", step2_at="200.50",
        step2_percent="12.5", cap="30")  # fmt: skip
    found = said()
    assert found.steps == (TierStep(at=10_000, percent=500), TierStep(at=20_050, percent=1250))
    assert (found.cap, found.reach) == (3_000, "order")
    add(client, "bundle", amount="99.90", part1_pieces="1", part1_goods=product, part2_pieces="2",
        part2_goods="b:Hill", repeats="0")  # fmt: skip
    found = said()
    assert found.parts == (
        BundlePart(goods=Selection(products=(product[2:],))), BundlePart(goods=Selection(brands=("Hill",)), pieces=2),
    )  # fmt: skip
    assert (found.amount, found.repeats) == (9_990, 0)
    add(client, "member_price", prices="P1001 118.5")
    assert said().prices == {product[2:]: 11_850}
    assert "P9" in add(client, "member_price", prices="P9 1").content.decode()
    refused = add(client, "amount", amount="1.005", reach="pieces").content.decode()
    assert "fewer digits" in refused


def test_a_promotion_is_changed_by_the_next_version_and_ended_by_a_button(client: Any, made: Made) -> None:
    first = made.rows["promotions.promotion"]
    page = client.get(url(first)).content.decode()
    assert re.search(r'name="last_day" value="2026-11-30"|name="last_day" value="30', page)
    form = {
        "name_zh": "奶粉日", "name_en": "Milk days", "active": "on", "buy": "2", "get": "1", "percent": "100",
        "repeats": "1", "goods": re.findall(r'name="goods" value="([^"]+)"', page), "seen_ver": "1",
    }  # fmt: skip
    answer = client.post(url(first), form)
    assert answer.status_code == 302, answer.content.decode()
    second = newest()
    assert (second.version, second.of, said().buy) == (2, first.of, 2)
    assert said().goods.categories == (str(made.rows["catalogue.category"].pk),)
    again = client.post(url(first), form)
    assert (again.status_code, "in the meantime" in again.content.decode()) == (200, True)
    assert (newest().version, 'name="buy"' in client.get(url(first)).content.decode()) == (2, False)
    versions = client.get(url(second, "versions")).content.decode()
    assert "Buy 3 pay 2 on category Milk powder" in versions
    assert "Buy 2 pay 1 on category Milk powder" in versions
    assert client.post(url(second, "end")).status_code == 200
    second.refresh_from_db()
    assert (second.ended_by, second.until_moment is None) == ("lin", False)
    assert "Buy 3 pay 2" in client.get(url(second)).content.decode()
    assert 'name="buy"' not in client.get(url(second)).content.decode()


def test_the_preview_says_it_in_both_languages_or_what_is_wrong(client: Any, made: Made) -> None:
    address = "/admin/promotions/promotion/preview/?kind=buy_get"
    fields = {
        "scope": chain(), **NAMED, "buy": "2", "get": "1", "percent": "100", "members": "on",
        "last_day": "2026-11-30", "goods": f"c:{made.rows['catalogue.category'].pk}",
    }  # fmt: skip
    page = client.post(address, fields).content.decode()
    assert "Buy 3 pay 2 on category Milk powder, members, until 30 Nov 2026" in page
    assert "品类奶粉买3付2，会员，截至2026年11月30日" in page
    assert "takes nothing off yet" in client.post(address, {**fields, "percent": ""}).content.decode()
    late = {**fields, "valid_from": "2026-12-01", "from_time": "10:00", "until_time": "09:00"}
    assert "comes before the first" in client.post(address, late).content.decode()
    assert "must come after the other" in client.post(address, late).content.decode()
    assert "Name (Chinese)" in client.post(address, {**fields, "name_zh": ""}).content.decode()


def test_goods_are_found_by_a_few_letters_and_chosen_by_a_button(client: Any, made: Made) -> None:
    from hq.catalogue.models import Product

    Product.objects.update(brand="Hillside")
    product = made.rows["catalogue.product"]
    search = "/admin/promotions/promotion/goods/"
    for text in ("P10", "一段", "stage", "6900000000018"):
        assert f"p%3A{product.pk}" in client.get(search, {"q": text, "name": "goods"}).content.decode(), text
    assert "b%3AHillside" in client.get(search, {"q": "hills", "name": "goods", "brands": "1"}).content.decode()
    assert "Hillside" not in client.get(search, {"q": "hills", "name": "without"}).content.decode()
    assert "category Milk powder" in client.get(search, {"q": "奶", "name": "goods"}).content.decode()
    assert "Nothing is called so" in client.get(search, {"q": "zzz", "name": "goods"}).content.decode()
    chosen = client.get("/admin/promotions/promotion/chosen/", {"name": "goods", "value": f"p:{product.pk}"})
    assert f'name="goods" value="p:{product.pk}"' in chosen.content.decode()
    assert chosen.headers["HX-Trigger"] == "goods-changed"


@pytest.mark.expects_log  # Django logs what it refuses
def test_who_may_only_look_sees_the_words_and_changes_nothing(client: Any, made: Made) -> None:
    from django.test import Client

    from tests.console_people import person

    user = person("guest", "A")
    guest = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    guest.force_login(user)
    first = made.rows["promotions.promotion"]
    assert "Buy 2 pay 1" in guest.get(url(first)).content.decode()
    assert guest.get(ADD).status_code == 403
    assert guest.post(url(first), {"buy": "5"}).status_code == 403
    assert guest.post(url(first, "end")).status_code == 403
