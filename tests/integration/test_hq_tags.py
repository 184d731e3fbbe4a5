"""HQ's tag rules on a real database: how one is written, tried on members, and travels."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from guide_app.domain import records as r
from guide_app.domain.clock import ManualClock, to_text
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Ref
from guide_app.domain.rules import RuleProblem
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.hq_data import NOW, Made, make_all, make_store

pytestmark = pytest.mark.usefixtures("hq_database")
CLOCK = ManualClock(NOW)


@pytest.fixture
def made(hq_database: str) -> Made:
    return make_all()


@pytest.fixture
def client(made: Made) -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    return client


def write(store: Any, entity: str, record: r.Record) -> str:
    """One more row of a store; its id."""
    from django.db import transaction

    from hq.aggregates import MAPPINGS
    from hq.protocol import rows

    row_id = str(uuid4())
    with transaction.atomic():
        row = rows.Row(Ref(entity, row_id), 1, str(store.id), record)
        rows.publish(MAPPINGS[entity].save([row]))
    return row_id


def member(store: Any, n: int, **fields: Any) -> str:
    record = r.Member(member_no=f"T{n:05}", phone=f"+86139000{n:05}", name=f"Synthetic {n}", **fields)
    return write(store, "member", record)


def order(store: Any, member_id: str, days: float, product_id: str, **fields: Any) -> str:
    line = r.OrderLine(line_id=str(uuid4()), product_id=product_id, qty=1, unit_price=5_000, amount=5_000)
    record = r.Order(
        number=uuid4().hex[:12], state="closed", guide_id=str(uuid4()), member_id=member_id, currency="CNY",
        placed_at=to_text(NOW - timedelta(days=days)), lines=(line,),
        totals=r.Totals(lines=5_000, discounts=0, total=5_000),
    )  # fmt: skip
    return write(store, "order", msgspec.structs.replace(record, **fields))


def hits(made: Made, expression: str, **asked: Any) -> list[str]:
    from hq.tags.preview import Asked, preview

    shown = preview(Asked(expression, store=str(made.store.id), **asked), CLOCK)
    return [one.member_no for one in shown.examples]


def test_a_rule_is_saved_published_and_deleted(made: Made) -> None:
    from hq.protocol.models import FeedRow
    from hq.tags import services
    from hq.tags.models import TagRule

    own = TagRule(scope=made.region.scope, name_en="New", name_zh="新客", tag="新客", expression="joined = 3")
    with pytest.raises(RuleProblem, match="rule_day_bare"):
        services.save_rule(own)
    own.expression = "days_since(joined) < 30"
    services.save_rule(own)
    assert FeedRow.objects.get(entity="tag_rule", entity_id=own.id).scope == made.region.scope
    services.delete_rule(TagRule.objects.get(id=own.id))
    assert FeedRow.objects.get(entity="tag_rule", entity_id=own.id).op == "gone"
    assert_feed_equals_tables()


def test_hq_judges_by_its_own_tables(made: Made) -> None:
    product = str(made.rows["catalogue.product"].id)
    guide = str(made.rows["staff.staff"].id)
    regular = member(made.store, 1, owner_id=guide, tags=("vip",))
    for days in (1, 40, 364, 365):
        order(made.store, regular, days, product)
    order(made.store, regular, 2, product, state="cancelled")
    order(made.store, regular, 3, product, state="returned")
    absent = member(made.store, 2, level="gold")
    order(made.store, absent, 100, str(uuid4()))
    talk = r.Talk(member_id=absent, guide_id=guide, channel="phone", outcome="thinking", topic="size", at=to_text(NOW))
    write(made.store, "talk", talk)
    write(made.store, "talk", msgspec.structs.replace(talk, topic="complaint", void=True))
    assert hits(made, 'orders.count = 3 and orders.sum = 150 and tag("VIP") and owner = "001"') == ["T00001"]
    assert hits(made, "days_since(orders.last) > 60") == ["T00002"]
    assert hits(made, 'bought.category("奶粉") and bought.product("p1001")') == ["T00001"]
    assert hits(made, 'level = "gold" and talks.count = 1 and talked.topic("size")') == ["T00002"]
    assert hits(made, 'talked.topic("complaint")') == []


def test_orders_under_a_merged_id_count_and_those_of_other_stores_do_not(made: Made) -> None:
    product = str(made.rows["catalogue.product"].id)
    survivor = member(made.store, 1)
    gone = write(made.store, "member_alias", r.MemberAlias(member_id=survivor))
    first = write(made.store, "member_alias", r.MemberAlias(member_id=gone))
    order(made.store, gone, 1, product)
    order(made.store, first, 2, product)
    _, other = make_store("102")
    order(other, survivor, 3, product)
    assert hits(made, "orders.count = 2") == ["T00001"]


def test_a_preview_goes_through_all_stores_in_bounded_batches(made: Made) -> None:
    from hq.members.models import Member
    from hq.tags.preview import EXAMPLES, Asked, preview

    _, other = make_store("102")
    for n in range(7):
        member(made.store, n, level="gold")
        member(other, 100 + n, level="gold" if n else "")
    asked, named, rounds = Asked('level = "gold"'), [], 0
    while True:
        shown = preview(asked, CLOCK, size=3)
        assert shown.seen - asked.seen <= 3
        named += [one.member_no for one in shown.examples]
        rounds += 1
        if not shown.after:
            break
        asked = asked._replace(after=shown.after, seen=shown.seen, hits=shown.hits)
    assert (shown.seen, shown.total, shown.hits) == (Member.objects.count(), Member.objects.count(), 13)
    assert (len(named), len(set(named)), rounds) == (EXAMPLES, EXAMPLES, 6)


def test_a_preview_of_a_store_that_is_none_or_of_no_rule_is_refused(made: Made) -> None:
    from hq.tags.preview import Asked, preview

    with pytest.raises(BadInput, match="store_unknown"):
        preview(Asked("age > 1", store="nowhere"), CLOCK)
    with pytest.raises(RuleProblem):
        preview(Asked("age >"), CLOCK)


def test_the_page_checks_while_one_types_and_names_examples_with_masked_phones(client: Any, made: Made) -> None:
    right = client.get("/admin/tags/tagrule/check/", {"expression": "age > 60"}).content.decode()
    assert "This is a rule." in right
    wrong = client.get("/admin/tags/tagrule/check/", {"expression": "age > old"}).content.decode()
    assert "At character 7 (“old”): a number belongs here." in wrong
    member(made.store, 1, level="gold")
    page = client.get("/admin/tags/tagrule/preview/", {"expression": 'level = "gold"'}).content.decode()
    assert re.search(r"Hits 1 of 2 members.*For example", page, re.DOTALL)
    assert "Synthetic 1 · 139****0001 · T00001" in page
    refused = client.get("/admin/tags/tagrule/preview/", {"expression": "level ="}).content.decode()
    assert "At the end: words in quotes belong here" in refused


def test_a_long_preview_asks_for_its_next_batch_by_itself(
    client: Any, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hq.tags import admin
    from hq.tags.preview import preview

    monkeypatch.setattr(admin, "preview", lambda asked, clock, of: preview(asked, clock, size=2, of=of))
    for n in range(4):
        member(made.store, n, level="gold")
    url = "/admin/tags/tagrule/preview/?expression=level+%3D+%22gold%22"
    pages = []
    while url:
        pages.append(client.get(url).content.decode())
        found = re.search(r'hx-get="([^"]+)"', pages[-1])
        url = found.group(1).replace("&amp;", "&") if found else ""
    assert [re.findall(r"(\d+) of 5 members", page) for page in pages] == [["2"], ["4"], ["4"]]
    assert sum(page.count("<li>") for page in pages) == 4
    assert "Hits 4 of 5 members." in pages[-1]


@pytest.mark.expects_log  # Django logs what it refuses
def test_a_rule_is_tried_on_members_of_ones_own_stores_alone(made: Made) -> None:
    from hq.stores import services as stores
    from hq.stores.models import Region
    from tests.console_people import browser, person

    member(made.store, 1, level="gold")
    other = stores.save_region(Region(code="west", name_en="West", name_zh="华西"))
    asked, url = {"expression": 'level = "gold"'}, "/admin/tags/tagrule/preview/"
    assert browser(person("auditor", "A")).get(url, asked).status_code == 403
    own = browser(person("own", "R", regions=[made.region])).get(url, asked).content.decode()
    assert "Hits 1 of 2 members." in own
    assert "Synthetic" in own
    theirs = browser(person("theirs", "R", regions=[other]))
    for store in ({}, {"store": str(made.store.pk)}):
        page = theirs.get(url, {**asked, **store}).content.decode()
        assert "Choose a store that is open." in page
        assert "Synthetic" not in page


def test_every_name_of_the_language_is_explained_by_an_example_that_is_a_rule() -> None:
    from guide_app.domain.rules import FACTS, named, parse
    from hq.tags.words import USABLE

    assert USABLE.keys() == FACTS.keys()
    for name, use in USABLE.items():
        assert name in named(parse(use.example))


def test_a_judge_reads_a_batch_in_few_queries(made: Made) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from guide_app.domain import rules
    from hq.tags.judging import Judge

    product = str(made.rows["catalogue.product"].id)
    people = [member(made.store, n) for n in range(10)]
    for one in people:
        order(made.store, one, 1, product)
    judge = Judge(made.store, rules.parse('bought.category("Milk powder") and talks.count = 0'), CLOCK)
    with CaptureQueriesContext(connection) as few:
        judge.batch("", 5)
    with CaptureQueriesContext(connection) as many:
        assert len(judge.batch("", 10).hits) >= 9
    assert len(few) == len(many) <= 8
