"""Promotions tried on real orders: what would have been taken off, to the cent, batch by batch, and ended at will."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from guide_app.domain import pricing
from guide_app.domain import records as r
from guide_app.domain.clock import to_text
from guide_app.domain.pricing import Basket, Line
from tests.integration.hq_data import Made, make_all, make_store
from tests.integration.test_hq_tags import member, write

pytestmark = pytest.mark.usefixtures("hq_database")
PRICE = 5_000
TENTH = r.Promotion(names=r.Names(en="Tenth", zh="九折"), kind="percentage", percent=1000)
change = msgspec.structs.replace


@pytest.fixture
def made(hq_database: str) -> Made:
    """A chain without orders."""
    from hq.orders.models import Order

    made = make_all()
    Order.objects.all().delete()
    return made


@pytest.fixture
def client(made: Made) -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(User.objects.create_superuser("lin", password="correct-horse-9"))
    return client


def now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def chain() -> str:
    from hq.protocol import scopes

    return scopes.of_chain()


def sell(
    store: Any, product_id: str, qty: int = 2, days: float = 3, promotions: dict[str, r.Promotion] | None = None,
    **fields: Any,
) -> r.Order:  # fmt: skip
    """An order of one product, priced by these promotions; without, as one that was loaded."""
    at = now() - timedelta(days=days)
    line = Line(line_id=str(uuid4()), product_id=product_id, qty=qty, price=PRICE)
    basket = Basket(at=at, lines=(line,), promotions=promotions or {})
    priced = pricing.price(basket)
    lines = tuple(
        r.OrderLine(line_id=one.line_id, product_id=one.product_id, qty=one.qty, unit_price=one.price,
                    amount=one.amount, discounts=pricing.discounts(one))
        for one in priced.lines
    )  # fmt: skip
    order = r.Order(
        number=uuid4().hex[:12], state="accepted", guide_id=str(uuid4()), placed_at=to_text(at), currency="CNY",
        lines=lines, totals=r.Totals(lines=priced.gross, discounts=priced.discounts, total=priced.total),
        priced_by=pricing.priced_by(basket) if promotions else None,
    )  # fmt: skip
    write(store, "order", change(order, **fields))
    return order


def ask(says: r.Promotion, *stores: Any) -> Any:
    from hq.promoting import trials

    return trials.ask(says, chain(), [str(store.id) for store in stores], by="lin")


def tried(says: r.Promotion, *stores: Any) -> Any:
    from hq.promoting import trials

    trial = ask(says, *stores)
    trials.run_asked()
    trial.refresh_from_db()
    return trial


def product_of(made: Made) -> str:
    return str(made.rows["catalogue.product"].pk)


def test_a_trial_counts_what_would_have_been_taken_off_by_day_and_shows_examples(made: Made) -> None:
    product = product_of(made)
    sold = [sell(made.store, product, qty, days) for qty, days in ((1, 3), (2, 3), (3, 8))]
    sell(made.store, product, 9, 40)
    sell(made.store, product, 5, state="cancelled")
    sell(made.store, str(uuid4()), 7)
    trial = tried(change(TENTH, goods=r.Selection(products=(product,)), valid_from="2030-01-01"))
    assert (trial.state, trial.seen, trial.total, trial.touched, trial.off) == ("done", 5, 5, 3, 6 * PRICE // 10)
    assert sorted(trial.days.values()) == [[1, 3 * PRICE // 10], [2, 3 * PRICE // 10]]
    first = trial.examples[0]
    assert (first["number"], first["before"], first["after"]) == (sold[2].number, 3 * PRICE, 27 * PRICE // 10)
    assert first["lines"] == [{"product": product, "qty": 3, "before": 3 * PRICE, "after": 27 * PRICE // 10}]


def test_only_the_chosen_stores_are_tried(made: Made) -> None:
    _region, other = make_store("102")
    sell(made.store, product_of(made), 1)
    sell(other, product_of(made), 2)
    assert tried(TENTH, other).off == 2 * PRICE // 10
    assert tried(TENTH).off == 3 * PRICE // 10


def test_recorded_discounts_stay_and_the_new_version_is_tried_in_the_place_of_the_old(made: Made) -> None:
    from hq.promotions import services
    from hq.promotions.models import Promotion

    row_id = services.save_promotion(TENTH, scope=chain(), by="lin")
    Promotion.objects.filter(id=row_id).update(since=now() - timedelta(days=20))
    sell(made.store, product_of(made), 2, promotions={row_id: change(TENTH, of=row_id)})
    assert tried(change(TENTH, percent=900)).off == 0, "beside it the old one is the better"
    assert tried(change(TENTH, percent=1500, of=row_id)).off == 2 * PRICE * 5 // 100
    assert tried(change(TENTH, percent=500, of=row_id)).off == -2 * PRICE * 5 // 100


def test_discounts_of_orders_that_were_loaded_stay(made: Made) -> None:
    product = product_of(made)
    given = (r.Discount(kind="retail", amount=1_000),)
    line = r.OrderLine(line_id=str(uuid4()), product_id=product, qty=2, unit_price=PRICE, amount=9_000, discounts=given)
    sell(made.store, product, lines=(line,), totals=r.Totals(lines=10_000, discounts=1_000, total=9_000))
    trial = tried(TENTH)
    assert (trial.examples[0]["before"], trial.examples[0]["after"]) == (9_000, 8_000)


def test_it_is_for_whom_it_would_be_for_today_also_by_tags_of_rules(made: Made) -> None:
    from hq.tags import services as tags
    from hq.tags.models import TagRule

    store, product = made.store, product_of(made)
    gold, plain = member(store, 1, level="gold", tags=("vip",)), member(store, 2)
    sell(store, product, 1, member_id=gold)
    sell(store, product, 2, member_id=plain)
    sell(store, product, 4)

    def off(**audience: Any) -> int:
        trial = tried(change(TENTH, audience=r.Audience(**audience)))
        return int(trial.off * 10 // PRICE)

    assert off() == 7
    assert off(members=True) == 3
    assert off(levels=("gold",)) == 1
    assert off(tags=("vip",)) == 1
    tags.save_rule(
        TagRule(scope=chain(), name_en="two", name_zh="二", tag="two", expression="orders.sum > 90", active=True)
    )
    assert off(tags=("two",)) == 2


def test_a_coupon_is_tried_as_if_everybody_used_one(made: Made) -> None:
    sell(made.store, product_of(made), 1)
    sell(made.store, product_of(made), 2)
    trial = tried(change(TENTH, kind="coupon", percent=0, amount=700, min_amount=2 * PRICE))
    assert (trial.touched, trial.off) == (1, 700)


def test_it_goes_on_batch_by_batch_and_keeps_no_more_than_a_few_examples(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hq.promoting import trials

    monkeypatch.setattr(trials, "BATCH", 5)
    for qty in range(1, 13):
        sell(made.store, product_of(made), qty, days=qty)
    trial = ask(TENTH)
    seen = []
    while trials.run_asked(_ticking()):
        trial.refresh_from_db()
        seen.append((trial.state, trial.seen))
    assert seen == [("running", 5), ("running", 10), ("running", 12)]
    trial.refresh_from_db()
    assert (trial.state, trial.touched, trial.off) == ("done", 12, 78 * PRICE // 10)
    assert [one["lines"][0]["qty"] for one in trial.examples] == [*range(12, 4, -1)]
    assert len(trial.days) == 12


def _ticking() -> Any:
    """A clock by which every batch takes as long as a round may."""
    from itertools import count

    ticks = count(0, 19)
    return lambda: float(next(ticks))


def test_a_trial_that_is_ended_stops_and_keeps_what_it_found(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.promoting import trials

    monkeypatch.setattr(trials, "BATCH", 1)
    for _ in range(3):
        sell(made.store, product_of(made), 1)
    trial = ask(TENTH)
    trials.run_asked(_ticking())
    trials.cancel(trial.id)
    assert trials.run_asked() == 0
    trial.refresh_from_db()
    assert (trial.state, trial.seen) == ("cancelled", 1)
    trials.cancel(trial.id)


def test_trials_go_after_a_month(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    from hq.promoting import trials
    from hq.promotions.models import Trial

    ask(TENTH)
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    trials.run_asked()
    assert not Trial.objects.exists()


def test_the_console_tries_what_is_typed_follows_it_and_ends_it(client: Any, made: Made) -> None:
    from hq.promoting import trials
    from hq.promotions.models import Promotion, Trial

    sell(made.store, product_of(made), 2)
    fields = {
        "scope": chain(),
        "name_zh": "九折",
        "name_en": "Tenth",
        "active": "on",
        "percent": "10",
        "reach": "pieces",
    }
    address = "/admin/promotions/promotion/try/?kind=percentage&before="
    assert "takes nothing off yet" in client.post(address, {**fields, "percent": ""}).content.decode()
    known = Promotion.objects.count()
    page = client.post(address, {**fields, "try_stores": [str(made.store.id)]}).headers["HX-Redirect"]
    assert (Promotion.objects.count(), Trial.objects.get().asked_by) == (known, "lin")
    shown = client.get(page).content.decode()
    assert "0 of 1 orders" in shown
    progress = re.search(r'hx-get="([^"]+progress/)"', shown)
    assert progress is not None
    trials.run_asked()
    found = client.get(progress[1]).content.decode()
    assert "1 of 1 orders" in found
    assert "CNY 10.00" in found
    assert "P1001" in found
    assert "hx-get" not in found, "it is done: nobody asks on"
    second = client.post(address, fields).headers["HX-Redirect"]
    ended = client.post(second.replace("change/", "cancel/")).content.decode()
    assert "cancelled" in ended
    assert client.get("/admin/promotions/trial/").status_code == 200
