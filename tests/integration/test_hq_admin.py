"""HQ's admin on a real database: every page in both languages, every save in the feed, nothing that goes round it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from guide_app.domain.leases import stock_instrument
from hq.ledger.port import Clash, Transient
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.hq_data import Made, make_all

pytestmark = pytest.mark.usefixtures("hq_database")
LIST_ONLY = ["protocol.scope", "protocol.scopehead", "protocol.feedrow", "protocol.opconflict", "protocol.devicestream",
             "protocol.step", "protocol.oplog", "history.fork",
             "privacy.showing"]  # fmt: skip


@pytest.fixture
def made(hq_database: str) -> Made:
    return make_all()


@pytest.fixture
def client(made: Made) -> Any:
    from django.contrib.auth.models import User

    client = _browser()
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    return client


def _browser() -> Any:
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def _page(client: Any, url: str, language: str = "en") -> str:
    client.cookies["guide_hq_language"] = language
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def _form(page: str) -> dict[str, str]:
    """What a browser would send: the fields of the page's form as they stand."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.values: dict[str, str] = {}
            self.area = self.select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found = dict(attrs)
            name = found.get("name") or ""
            if tag == "input" and found.get("type") not in ("checkbox", "submit"):
                self.values[name] = found.get("value") or ""
            elif tag == "input" and "checked" in found:
                self.values[name] = "on"
            elif tag == "textarea":
                self.area = name
                self.values[name] = ""
            elif tag == "select":
                self.select = name
            elif tag == "option" and "selected" in found:
                self.values[self.select] = found.get("value") or ""

        def handle_data(self, data: str) -> None:
            if self.area:
                self.values[self.area] += data.lstrip("\n")

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = ""

    form = re.search(r'<form[^>]*id="\w+_form".*?</form>', page, re.DOTALL)
    assert form is not None
    reader = Reader()
    reader.feed(form.group())
    return reader.values


def _save(client: Any, url: str, **changes: str) -> Any:
    return client.post(url, {**_form(_page(client, url)), **changes})


def _url(name: str, item: Any) -> str:
    app, model = name.split(".")
    return f"/admin/{app}/{model}/{item.pk}/change/"


def test_an_operator_signs_in_with_a_password(made: Made) -> None:
    from django.contrib.auth.models import User

    User.objects.create_superuser("op", password="correct-horse-9")
    client = _browser()
    assert client.get("/admin/").status_code == 302
    wrong = client.post("/admin/login/", {"username": "op", "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/admin/login/?next=/admin/", {"username": "op", "password": "correct-horse-9"})
    assert (right.status_code, right.headers["Location"]) == (302, "/admin/login/enrol/")
    assert User.objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.expects_log  # Django logs what it refuses
def test_passwords_cannot_be_tried_without_end(made: Made) -> None:
    from django.contrib.auth.models import User

    for name in ("op", "boss"):
        User.objects.create_superuser(name, password="correct-horse-9")
    client = _browser()

    def tried(name: str, password: str) -> Any:
        return client.post("/admin/login/?next=/admin/", {"username": name, "password": password})

    assert [tried("op", "wrong").status_code for _ in range(10)] == [200] * 10
    refused = tried("OP ", "correct-horse-9")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert "Wait a minute" in refused.content.decode()
    assert tried("op", "correct-horse-9").status_code == 429
    assert tried("boss", "correct-horse-9").status_code == 302


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_list_and_every_page_opens(client: Any, made: Made, language: str) -> None:
    rows = {**made.rows, "stores.store": made.store, "stores.region": made.region}
    for name in [*rows, *LIST_ONLY, "auth.user", "stores.franchise"]:
        app, model = name.split(".")
        assert "<h1" in _page(client, f"/admin/{app}/{model}/", language), name
    for name, item in rows.items():
        _page(client, _url(name, item), language)
    for name in ("stores.store", "stores.region", "staff.staff", "catalogue.product", "catalogue.pricelist",
                 "catalogue.category", "policies.policy", "policies.scopesettings", "tags.tagrule",
                 "message_templates.messagetemplate"):  # fmt: skip
        app, model = name.split(".")
        _page(client, f"/admin/{app}/{model}/add/", language)


def test_the_language_can_be_switched(client: Any) -> None:
    assert "门店" in _page(client, "/admin/", "zh-hans")
    assert "Stores" in _page(client, "/admin/", "en")
    answer = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/admin/"})
    assert answer.cookies["guide_hq_language"].value == "zh-hans"


def test_every_saved_form_reaches_the_feed(client: Any, made: Made) -> None:
    from hq.protocol.models import FeedRow

    changes = {
        "staff.staff": {"name": "陈静怡"}, "catalogue.category": {"name_zh": "婴儿奶粉"},
        "catalogue.product": {"name_zh": "二段奶粉", "article": "MILK", "options": "段位 / Stage = 2 段 / 2"},
        "members.member": {"name": "王大明", "new_phone": "138 0000 0002"},
        "catalogue.pricelist": {"name_en": "Every day", "changes": "P1001 118.5"}, "catalogue.price": {"price": "99"},
        "policies.policy": {"title_en": "Our terms"}, "policies.scopesettings": {"values": '{"pin_tries": 3}'},
        "tags.tagrule": {"expression": "orders.count > 4"},
        "message_templates.messagetemplate": {"text_en": "{name}, {product} is here"},
    }  # fmt: skip
    for name, values in changes.items():
        answer = _save(client, _url(name, made.rows[name]), **values)
        assert answer.status_code == 302, (name, answer.content.decode()[:20000])
        assert_feed_equals_tables()
    data = {row.entity: row.data or "" for row in FeedRow.objects.filter(op="put")}
    assert '"pinyin":"wang da ming"' in data["member"]
    assert '"phone":"+8613800000002"' in data["member"]
    assert '"amount":9900' in data["price"]
    stage = '[{"kind":{"en":"Stage","zh":"段位"},"value":{"en":"2","zh":"2 段"}}]'
    assert f'"article":"MILK","options":{stage}' in data["product"]
    assert '"version":3' in data["price_list"]
    assert '"pin_tries":3' in data["settings"]
    assert '"expression":"orders.count > 4"' in data["tag_rule"]
    assert '"en":"{name}, {product} is here"' in data["message_template"]
    heads = {row.entity: row.seq for row in FeedRow.objects.filter(entity__in=["price", "price_list"])}
    assert heads["price_list"] > heads["price"]


def test_value_is_put_into_an_instrument_and_never_taken_from_under_its_leases(client: Any, made: Made) -> None:
    from hq.leases.models import Instrument

    url = _url("leases.instrument", made.rows["leases.instrument"])
    for added, balance in (("50", 343), ("-1000", 120)):  # 7 of the 50 were owed
        assert _save(client, url, add=added).status_code == 200, "nobody moves points without a reason"
        assert _save(client, url, add=added, reason="lost parcel").status_code == 302
        assert Instrument.objects.get().balance == balance
    product = str(made.rows["catalogue.product"].pk)
    fields = {"store_id": str(made.store.id), "kind": "stock", "owner_id": product, "add": "9"}
    for balance in (9, 18):
        assert _save(client, "/admin/leases/instrument/add/", **fields).status_code == 302
        stock = Instrument.objects.get(kind="stock")
        assert str(stock.id) == stock_instrument(str(made.store.id), product).id
        assert (stock.balance, stock.held) == (balance, 0)


def test_a_new_store_and_a_new_person_can_be_added(client: Any, made: Made) -> None:
    from hq.protocol.models import ScopeHead
    from hq.staff.models import Staff
    from hq.stores.models import Store

    fields = {"code": "205", "name_en": "North Gate", "name_zh": "北门店", "region": str(made.region.pk)}
    assert _save(client, "/admin/stores/store/add/", **fields).status_code == 302
    store = Store.objects.get(code="205")
    assert ScopeHead.objects.get(scope=store.scope).head == 0
    person = {"store_id": str(store.id), "staff_no": "1", "name": "李强", "role": "manager"}
    assert _save(client, "/admin/staff/staff/add/", **person).status_code == 302
    assert Staff.objects.get(store_id=store.id).ver == 1
    assert ScopeHead.objects.get(scope=store.scope).head == 1
    assert_feed_equals_tables()


def test_a_staff_purchase_is_issued_limited_and_stopped_where_the_person_is(client: Any, made: Made) -> None:
    from hq.staff.models import Staff

    url = _url("staff.staff", made.rows["staff.staff"])
    given = {"purchase_limit": "200000", "purchase_until": "2026-12-31", "purchase_alone": "on"}
    assert _save(client, url, **given).status_code == 302
    person = Staff.objects.get()
    assert (person.purchase_limit, str(person.purchase_until), person.purchase_alone) == (200_000, "2026-12-31", True)
    assert _save(client, url, purchase_limit="-1").status_code == 200
    assert _save(client, url, purchase_limit="0").status_code == 302
    assert Staff.objects.get().purchase_limit == 0
    wanted = {"kind": "staff", "store_id": str(made.store.id), "owner_id": str(person.pk), "add": "100"}
    assert _save(client, "/admin/leases/instrument/add/", **wanted).status_code == 200, "its limit stands on their page"
    assert_feed_equals_tables()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client: Any, made: Made) -> None:
    from hq.staff import services
    from hq.staff.models import Staff

    person = made.rows["staff.staff"]
    url = _url("staff.staff", person)
    form = _form(_page(client, url))
    services.reset_pin(Staff.objects.get())
    answer = client.post(url, {**form, "name": "Somebody"})
    assert answer.status_code == 200
    assert "in the meantime" in answer.content.decode()
    assert 'value="Somebody"' in answer.content.decode()
    assert Staff.objects.get().name == "陈静"


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("members.member", {"new_phone": "12"}, "not a phone number"),
        ("staff.staff", {"name": ""}, "required"),
        ("catalogue.pricelist", {"changes": "P1001"}, "cannot be read: P1001"),
        ("catalogue.pricelist", {"changes": "P9 1.00"}, "cannot be read: P9 1.00"),
        ("catalogue.pricelist", {"changes": "P1001 -1"}, "cannot be read: P1001 -1"),
        ("catalogue.price", {"price": "cheap"}, "not a price"),
        ("catalogue.product", {"options": "Size 90"}, "and each kind stands once"),
        ("policies.scopesettings", {"values": '{"pin_trys": 3}'}, "cannot be used as settings"),
        ("policies.scopesettings", {"values": '{"pin_tries": "x"}'}, "cannot be used as settings"),
        ("tags.tagrule", {"expression": "orders.cont > 4"}, "At character 1 (“orders.cont”): nothing is called"),
        ("tags.tagrule", {"expression": "age >"}, "At the end: a number belongs here."),
        ("tags.tagrule", {"valid_until": "2026-11-21"}, "must come after"),
        ("message_templates.messagetemplate", {"text_en": "Dear {nmae}"}, "At character 6: there is no {nmae}."),
        ("message_templates.messagetemplate", {"text_zh": "100%} off"}, "At character 5: a brace stands alone."),
    ],
)
def test_a_form_that_cannot_be_saved_says_why(
    client: Any, made: Made, name: str, changes: dict[str, str], words: str
) -> None:
    answer = _save(client, _url(name, made.rows[name]), **changes)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert_feed_equals_tables()


def test_two_variants_of_an_article_are_told_apart_by_their_options(client: Any, made: Made) -> None:
    from hq.catalogue.models import Product

    red = {"article": "BODY", "options": "颜色 / Colour = 红色 / Red"}
    assert _save(client, _url("catalogue.product", made.rows["catalogue.product"]), **red).status_code == 302
    new = {"sku": "P2", "name_zh": "连体衣", "name_en": "Bodysuit", "unit": "piece", "active": "on", "article": "BODY"}
    answer = _save(client, "/admin/catalogue/product/add/", **new, options="colour = red")
    assert (answer.status_code, Product.objects.filter(sku="P2").exists()) == (200, False)
    assert "has the same options" in answer.content.decode()
    assert_feed_equals_tables()


def test_two_people_of_a_store_cannot_have_one_number(client: Any, made: Made) -> None:
    person = {"store_id": str(made.store.id), "staff_no": "001", "name": "Another", "role": "guide"}
    answer = _save(client, "/admin/staff/staff/add/", **person)
    assert answer.status_code == 200
    assert "same number" in answer.content.decode() or "already exists" in answer.content.decode()


def test_the_enrol_button_makes_a_code_that_works_once(client: Any, made: Made) -> None:
    from django.utils import timezone

    from guide_app.domain.errors import Refused
    from hq.devices import services

    url = f"/admin/stores/store/{made.store.pk}/enrol-code/"
    assert f'href="{url}"' in _page(client, _url("stores.store", made.store))
    assert "ten minutes" in _page(client, url)
    page = client.post(url).content.decode()
    code = re.search(r'class="console-shown">([^<]+)<', page)
    assert code is not None
    assert f"http://localhost/enrol#{code.group(1)}" in page
    device = services.enrol(code.group(1), "a" * 43, "Second", "linux", timezone.now())
    assert device.letters == "AB"
    assert services.enrol(code.group(1), "a" * 43, "Second", "linux", timezone.now()).id == device.id
    with pytest.raises(Refused, match="enrol_code"):
        services.enrol(code.group(1), "b" * 43, "Third", "linux", timezone.now())


@pytest.mark.expects_log  # Django logs what it refuses
def test_a_tablet_is_revoked_from_its_page(client: Any, made: Made) -> None:
    from hq.devices.models import Device

    url = f"/admin/devices/device/{made.rows['devices.device'].pk}/revoke/"
    assert client.get(url).status_code == 200
    assert Device.objects.get().revoked_at is None
    assert client.post(url).status_code == 200
    assert Device.objects.get().revoked_at is not None
    assert client.post(url).status_code == 404


def test_a_pin_is_reset_for_one_sign_in(client: Any, made: Made) -> None:
    import argon2

    from hq.staff.models import Staff

    page = client.post(f"/admin/staff/staff/{made.rows['staff.staff'].pk}/reset-pin/")
    pin = re.search(r'class="console-shown">(\d{6})<', page.content.decode())
    assert pin is not None
    assert "no-store" in page.headers["Cache-Control"]
    person = Staff.objects.get()
    assert person.pin_once
    assert argon2.PasswordHasher().verify(person.pin, pin.group(1))
    assert pin.group(1) not in person.pin
    assert_feed_equals_tables()


@pytest.mark.expects_log  # Django logs what it refuses
def test_nothing_goes_round_the_services(client: Any, made: Made) -> None:
    from django.contrib import admin

    for model, owner in admin.site._registry.items():
        assert owner.actions is None, model
    for name in ("orders.order", "talks.talk", "protocol.epoch"):
        item = made.rows[name]
        assert client.post(_url(name, item), {"note": "x"}).status_code == 403
    for name in ("members.member", "staff.staff", "catalogue.product"):
        page = f"/admin/{name.replace('.', '/')}/{made.rows[name].pk}/delete/"
        assert client.post(page, {"post": "yes"}).status_code == 403


def test_a_deleted_price_list_is_gone_from_the_feed(client: Any, made: Made) -> None:
    from hq.protocol.models import FeedRow

    url = f"/admin/catalogue/pricelist/{made.rows['catalogue.pricelist'].pk}/delete/"
    assert client.post(url, {"post": "yes"}).status_code == 302
    gone = FeedRow.objects.filter(op="gone").values_list("entity", flat=True)
    assert sorted(gone) == ["price", "price_list"]
    assert_feed_equals_tables()


@pytest.mark.expects_log  # Django logs what it refuses
def test_only_the_permitted_see_and_change(made: Made) -> None:
    from tests.console_people import person

    viewer = person("viewer", "A")
    client = _browser()
    client.force_login(viewer)
    assert client.get("/admin/members/member/").status_code == 200
    assert client.get("/admin/staff/staff/add/").status_code == 403
    assert client.post(_url("members.member", made.rows["members.member"]), {"name": "x"}).status_code == 403
    assert client.post(f"/admin/stores/store/{made.store.pk}/enrol-code/").status_code == 403


@pytest.mark.parametrize(("language", "words"), [("en", ("late", "rated by the customer", "4/5")),
                                                ("zh-hans", ("逾期", "顾客评分", "4/5"))])  # fmt: skip
def test_tickets_and_promises_are_filtered_and_tell_their_history(
    client: Any, made: Made, language: str, words: tuple[str, str, str]
) -> None:
    late, rated, five = words
    page = _page(client, "/admin/service/promise/kept/?days=365", language)
    assert late in page.lower()
    assert str(made.store) in page
    ticket = _page(client, _url("service.ticket", made.rows["service.ticket"]), language)
    assert rated in ticket
    assert five in ticket
    for model, fits, other in (
        ("ticket", "state=solved&kind=complaint&rating=4", "state=open"),
        ("promise", "outcome=kept_late", "outcome=broken"),
    ):
        address = f"/admin/service/{model}/"
        row = f"{address}{made.rows[f'service.{model}'].pk}/change/"
        for query, there in ((fits, True), (f"store={made.store.pk}", True), (other, False), ("", True)):
            assert (row in _page(client, f"{address}?{query}", language)) == there, query


def test_how_the_word_is_kept_is_counted_by_the_stores_own_day(made: Made) -> None:
    from guide_app.domain.promises import Tally
    from hq.service.counted import kept
    from hq.service.models import Promise

    (shop, guide) = kept(365)
    assert (shop.guide, shop.tally, guide.tally) == ("", Tally(late=1), Tally(late=1))
    Promise.objects.update(state="open", settled_on=None, due_on="2999-01-01")
    assert [row.tally for row in kept(365)] == [Tally(open=1), Tally(open=1)]
    Promise.objects.update(state="void")
    assert list(kept(365)) == []


def test_tickets_are_counted_by_store_and_guide(client: Any, made: Made) -> None:
    from guide_app.domain.tickets import Score
    from hq.service.counted import scores
    from hq.service.models import Ticket

    four = Score(solved=1, rated=1, stars=4)
    (shop, guide) = scores(36_500)
    assert (shop.guide, shop.score, guide.score) == ("", four, four)
    page = _page(client, "/admin/service/ticket/scores/?days=365")
    assert str(made.store) in page
    assert "How are they solved?" in _page(client, "/admin/service/ticket/")
    Ticket.objects.update(raised_at="2001-01-01T00:00:00Z")
    assert list(scores(365)) == [], "what was solved long ago"
    Ticket.objects.update(state="open")
    assert [row.score for row in scores(30)] == [Score(open=1), Score(open=1)], "what is open counts however old"


def test_pages_carry_their_security_headers(client: Any) -> None:
    answer = client.get("/admin/")
    assert "script-src 'self' 'unsafe-eval';" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in answer.content.decode()


def test_members_are_listed_with_masked_phones_and_found_by_any_of_their_names(client: Any, made: Made) -> None:
    page = _page(client, "/admin/members/member/")
    assert "13800000001" not in page
    for words in ("王小", "0001", "wang", "wxm", "101ab7k"):
        assert "王小明" in _page(client, f"/admin/members/member/?q={words}"), words
    assert "P1001" in _page(client, "/admin/catalogue/product/?q=6900000000018")


def test_every_style_and_script_of_a_page_is_ours(client: Any, made: Made) -> None:
    from django.contrib.staticfiles import finders

    page = _page(client, _url("members.member", made.rows["members.member"]))
    linked = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', page)
    assert linked
    for address in linked:
        path = address.partition("?")[0]
        assert path == "/admin/jsi18n/" or finders.find(path.removeprefix("/static/")), address


@pytest.mark.parametrize(("language", "title"), [("en", "Overview"), ("zh-hans", "概览")])
def test_the_first_page_shows_the_day_and_the_tablets(client: Any, made: Made, language: str, title: str) -> None:
    page = _page(client, "/admin/", language)
    assert title in page
    assert made.rows["devices.device"].name in page
    assert _page(client, "/admin/protocol/oplog/?status=parked", language)


def test_made_up_data_is_labelled_as_such(client: Any, made: Made) -> None:
    from hq.policies import services
    from hq.policies.models import ScopeSettings
    from hq.protocol import scopes

    assert "synthetic data" not in _page(client, "/admin/")
    item, _made = ScopeSettings.objects.get_or_create(scope=scopes.of_chain(), defaults={"values": {}})
    item.values = {**item.values, "data_note": {"en": "Sample baskets.", "zh": "示例购物篮。"}}
    services.save_settings(item)
    assert "Sample baskets." in _page(client, "/admin/")
    assert "合成数据" in _page(client, "/admin/stores/store/", "zh-hans")


def test_an_enrol_code_opened_by_a_phone_says_what_to_do(client: Any) -> None:
    answer = _browser().get("/enrol")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This code is for the tablet" in page
    assert "这个一次性码是给平板用的" in page
    assert "<script" not in page


def test_the_look_is_served_without_a_step_by_hand(hq_database: str) -> None:
    import httpx

    from tests.hq_server import serving

    with serving() as url:
        page = httpx.get(f"{url}/admin/login/").text
        files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
        assert {"/static/console/admin.css", "/static/console/mark.svg"} <= files
        assert {httpx.get(url + file).status_code for file in files} == {200}


def _other_store(made: Made) -> Any:
    from hq.stores import services as stores
    from hq.stores.models import Store

    return stores.save_store(Store(code="987", name_en="Harbour", name_zh="海港店", region=made.region))


def test_a_member_and_a_person_move_to_another_store_from_their_pages(client: Any, made: Made) -> None:
    from hq.members.models import Member, Visitor
    from hq.protocol.models import FeedRow
    from hq.staff.models import Staff
    from tests.integration.feed_check import assert_feed_equals_tables

    new = _other_store(made)
    for item in (made.rows["members.member"], made.rows["staff.staff"]):
        url = f"/admin/{item._meta.app_label}/{item._meta.model_name}/{item.pk}/move/"
        assert "987 Harbour" in _page(client, url)
        assert "Choose a store." in client.post(url, {"choice": str(made.store.pk)}).content.decode()
        assert type(item).objects.get(pk=item.pk).store_id == made.store.pk
        assert "Done." in client.post(url, {"choice": str(new.pk)}).content.decode()
        assert type(item).objects.get(pk=item.pk).store_id == new.pk
        standing = FeedRow.objects.filter(entity_id=item.pk, entity=item._meta.model_name).values_list("scope", "op")
        assert dict(standing) == {made.store.scope: "left", new.scope: "put"}
    assert (Member.objects.count(), Staff.objects.filter(store_id=made.store.pk).count()) == (1, 0)
    assert str(made.store.pk) in {str(visitor.store_id) for visitor in Visitor.objects.all()}
    assert_feed_equals_tables()


@pytest.mark.parametrize("problem", [Clash("first"), Transient("deadlock", rerun=True), Transient("timeout")])
def test_a_move_that_others_get_in_the_way_of_is_tried_again_and_then_told(
    client: Any, made: Made, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    from django.contrib.admin.models import LogEntry

    from hq.handlers import abroad
    from hq.members.models import Member

    member, new = made.rows["members.member"], _other_store(made)
    client.cookies["guide_hq_language"] = "en"
    url = f"/admin/members/member/{member.pk}/move/"
    move, tries = abroad.move, [problem] * 4

    def hindered(*args: Any) -> Any:
        if tries:
            raise tries.pop()
        return move(*args)

    monkeypatch.setattr(abroad, "move", hindered)
    assert "try again in a moment" in client.post(url, {"choice": str(new.pk)}).content.decode()
    assert Member.objects.get(pk=member.pk).store_id == made.store.pk
    assert not LogEntry.objects.filter(object_id=str(member.pk)).exists()
    tries[:] = [problem] if not isinstance(problem, Transient) or problem.rerun else []
    assert "Done." in client.post(url, {"choice": str(new.pk)}).content.decode()
    assert not tries
    assert Member.objects.get(pk=member.pk).store_id == new.pk
    assert_feed_equals_tables()


@pytest.mark.parametrize("problem", [Clash("first"), Transient("deadlock", rerun=True), Transient("timeout")])
def test_a_form_or_a_deed_that_others_get_in_the_way_of_says_so_and_changes_nothing(
    client: Any, made: Made, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    from hq.history import services as erasing
    from hq.members.models import Member
    from hq.sync_api import visits

    def hindered(*_: Any) -> None:
        raise problem

    member = made.rows["members.member"]
    client.cookies["guide_hq_language"] = "en"
    url, before = _url("members.member", member), Member.objects.get(pk=member.pk).note
    with monkeypatch.context() as patched:
        patched.setattr(visits, "save", hindered)
        patched.setattr(erasing, "begin", hindered)
        told = _save(client, url, note="by hand")
        assert (told.status_code, "try again in a moment" in told.content.decode()) == (200, True)
        assert "by hand" in told.content.decode(), "what was typed stays"
        told = client.post(f"/admin/members/member/{member.pk}/erase/", {"reason": "request"})
        assert (told.status_code, "try again in a moment" in told.content.decode()) == (200, True)
    assert Member.objects.get(pk=member.pk).note == before
    assert _save(client, url, note="by hand").status_code == 302
    assert Member.objects.get(pk=member.pk).note == "by hand"
    assert_feed_equals_tables()


@pytest.mark.parametrize("problem", [Clash("first"), Transient("timeout")])
def test_a_deletion_or_a_deed_on_a_list_that_others_get_in_the_way_of_says_so(
    client: Any, made: Made, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    from hq.catalogue import services as catalogue
    from hq.sync_api import directory

    def hindered(*_: Any) -> None:
        raise problem

    url = f"/admin/catalogue/pricelist/{made.rows['catalogue.pricelist'].pk}/delete/"
    client.cookies["guide_hq_language"] = "en"
    with monkeypatch.context() as patched:
        patched.setattr(catalogue, "delete_price_list", hindered)
        told = client.post(url, {"post": "yes"}, follow=True)
        assert (told.status_code, "Nothing was changed" in told.content.decode()) == (200, True)
        if isinstance(problem, Clash):  # that tells of a Transient itself
            patched.setattr(directory, "replay_parked", hindered)
            told = client.post("/admin/protocol/oplog/run-all-again/")
            assert (told.status_code, "Look at what was done" in told.content.decode()) == (200, True)
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert_feed_equals_tables()


def test_what_hq_changes_of_a_member_reaches_the_stores_that_they_visit(client: Any, made: Made) -> None:
    from hq.members.models import Visitor
    from hq.sync_api import directory, visits

    new = _other_store(made)
    member = made.rows["members.member"]
    visits.move(str(member.pk), str(made.store.pk), str(new.pk))
    _save(client, _url("members.member", member), name="王大明")
    directory.sweep()
    assert '"name":"王大明"' in Visitor.objects.get(member_id=member.pk).record


def test_a_phone_is_masked_until_an_operator_asks_and_that_is_kept(client: Any, made: Made) -> None:
    from hq.privacy.models import Showing

    url = _url("members.member", made.rows["members.member"])
    for page in (_page(client, url), _page(client, "/admin/members/member/")):
        assert "138****0001" in page
        assert "13800000001" not in page
        assert "138 0000 0001" not in page
    deed = url.replace("/change/", "/phone/")
    assert "138 0000 0001" not in _page(client, deed)
    before = Showing.objects.count()
    assert "138 0000 0001" in client.post(deed).content.decode()
    kept = Showing.objects.get(operator="op")
    assert (str(kept.member_id), kept.what) == (str(made.rows["members.member"].pk), "phone")
    assert Showing.objects.count() == before + 1


def test_showings_are_found_by_whom_they_were_about_and_by_who_saw_them(client: Any, made: Made) -> None:
    staff = made.rows["staff.staff"]
    for told in ("王小明", "101AB7K00013", "101-AB7K-0001-3", "0001"):
        assert "王小明" in _page(client, f"/admin/privacy/showing/?q={told}"), told
    for told in ("nobody", "9999", "op", staff.name):
        assert "王小明" not in _page(client, f"/admin/privacy/showing/?q={told}"), told
