"""HQ's services on a real database: enrolment, epochs, price lists, policies, and what `feed.publish` refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from guide_app.domain.errors import BadInput, Defect, Refused
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.hq_data import NOW, Made, make_all, make_store

pytestmark = pytest.mark.usefixtures("hq_database")


@pytest.fixture
def store(hq_database: str) -> Any:
    return make_store()[1]


@pytest.fixture
def made(hq_database: str) -> Made:
    return make_all()


def test_a_code_enrols_one_tablet_within_ten_minutes(store: Any) -> None:
    from hq.devices import services
    from hq.devices.models import EnrolCode

    code = services.new_code(store, NOW)
    assert code.text("https://hq.example.com/") == f"https://hq.example.com/enrol#{code.code}"
    assert code.code.replace("-", "") not in EnrolCode.objects.get().code_hash
    with pytest.raises(Refused, match="enrol_code"):
        services.enrol(code.code, "a" * 43, "Counter", "linux", NOW + timedelta(minutes=10))
    with pytest.raises(Refused, match="enrol_code"):
        services.enrol("AAAA-AAAA", "a" * 43, "Counter", "linux", NOW)
    device = services.enrol(code.code.lower().replace("-", " "), "a" * 43, "Counter", "linux", NOW)
    assert (device.letters, device.store_id, device.scope) == ("AA", store.id, device.scope)
    assert [(grant.kind, grant.name) for grant in services.grants(device)] == [
        ("store", "滨江店"), ("device", "Counter"), ("region", "华东"), ("chain", ""),
    ]  # fmt: skip
    with pytest.raises(Refused, match="enrol_code"):
        services.enrol(code.code, "b" * 43, "Counter", "linux", NOW)


def test_a_key_that_comes_again_is_the_same_tablet_in_its_store_and_none_in_another(store: Any) -> None:
    from hq.devices import services
    from hq.devices.models import Device

    first = services.enrol(services.new_code(store, NOW).code, "a" * 43, "Counter", "linux", NOW)
    services.revoke(first, NOW)
    again = services.enrol(services.new_code(store, NOW).code, "a" * 43, "Front", "linux", NOW)
    assert (again.id, again.revoked_at, again.name) == (first.id, None, "Front")
    other = make_store("102")[1]
    with pytest.raises(Refused, match="enrol_key"):
        services.enrol(services.new_code(other, NOW).code, "a" * 43, "Counter", "linux", NOW)
    assert Device.objects.count() == 1


def test_codes_can_be_read_aloud_and_do_not_repeat(store: Any) -> None:
    from hq.devices import services

    codes = {services.new_code(store, NOW).code.replace("-", "") for _ in range(50)}
    assert (len(codes), {len(code) for code in codes}) == (50, {8})
    assert not set("".join(codes)) & set("0O1IL")


def test_a_shop_whose_letters_are_used_up_enrols_nobody_else(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.devices import services

    monkeypatch.setattr(services, "LETTERS", "A")
    services.enrol(services.new_code(store, NOW).code, "a" * 43, "Counter", "linux", NOW)
    with pytest.raises(Refused, match="letters_used_up"):
        services.enrol(services.new_code(store, NOW).code, "b" * 43, "Front", "linux", NOW)


def test_old_codes_are_swept(store: Any) -> None:
    from hq.devices import services
    from hq.devices.models import EnrolCode

    services.new_code(store, NOW)
    services.new_code(store, NOW + timedelta(days=2))
    assert EnrolCode.objects.count() == 1


def test_an_epoch_lasts_until_the_database_is_another() -> None:
    from hq.protocol import epoch
    from hq.protocol.models import Epoch

    first = epoch.current()
    assert epoch.current() == first
    Epoch.objects.update(timeline=99)
    second = epoch.current()
    assert second != first
    assert epoch.current() == second
    assert epoch.begin("a dump was restored") == epoch.current()
    Epoch.objects.update(began_at=NOW + timedelta(days=9000))  # written when this server's clock was far ahead
    assert epoch.begin("its clock is right again") == epoch.current()


def test_scopes_are_short_unique_and_found_by_their_owner(store: Any) -> None:
    from hq.protocol import scopes
    from hq.protocol.models import Scope

    assert scopes.of_store(str(store.id)) == store.scope
    assert scopes.of_region(str(store.region.id)) == store.region.scope
    assert scopes.of_chain() == scopes.of_chain()
    assert all(len(scope) <= 12 for scope in Scope.objects.values_list("id", flat=True))
    with pytest.raises(Defect):
        scopes.of_device(str(uuid4()))


def test_changed_prices_make_the_next_version_and_the_header_comes_last(made: Made) -> None:
    from hq.catalogue import services
    from hq.catalogue.models import Price
    from hq.protocol.models import FeedRow

    prices, product = made.rows["catalogue.pricelist"], made.rows["catalogue.product"]
    services.save_price_list(prices, {str(product.id): 12_900})
    assert prices.version == 1
    services.save_price_list(prices, {str(product.id): 9_900})
    assert prices.version == 2
    order = FeedRow.objects.filter(entity__in=["price", "price_list"]).order_by("seq").values_list("entity", flat=True)
    assert list(order) == ["price", "price_list"]
    services.save_price_list(prices, {str(product.id): None})
    assert (prices.version, Price.objects.count()) == (3, 0)
    assert_feed_equals_tables()


def test_a_region_has_prices_of_its_own(made: Made) -> None:
    from hq.catalogue import services
    from hq.catalogue.models import PriceList
    from hq.protocol.models import FeedRow

    own = PriceList(scope=made.region.scope, name_en="East", name_zh="华东价", valid_from=NOW)
    services.save_price_list(own, {str(made.rows["catalogue.product"].id): 11_900})
    assert set(FeedRow.objects.filter(scope=made.region.scope).values_list("entity", flat=True)) == {
        "material", "price", "price_list",
    }  # fmt: skip
    assert_feed_equals_tables()


def test_a_current_policy_takes_the_place_of_the_one_before(made: Made) -> None:
    from hq.policies import services
    from hq.policies.models import Policy

    words = {"title_en": "Terms", "title_zh": "条款", "text_en": "…", "text_zh": "…"}
    services.save_policy(Policy(kind="terms", version="2", **words))
    assert dict(Policy.objects.values_list("version", "current")) == {"1": False, "2": True}
    assert_feed_equals_tables()


def test_settings_of_a_store_stand_in_its_own_feed(made: Made) -> None:
    from hq.policies import services
    from hq.policies.models import ScopeSettings
    from hq.protocol.models import FeedRow

    services.save_settings(ScopeSettings(scope=made.store.scope, values={"pin_tries": 3}))
    assert FeedRow.objects.get(scope=made.store.scope, entity="settings").store_id == made.store.id


def test_a_members_new_name_and_phone_are_searched_for_as_they_are(made: Made) -> None:
    from hq.members import services
    from hq.members.models import Member

    member = Member.objects.get()
    member.name, member.phone = "单小明", "138 0000 0009"
    services.save(member)
    kept = Member.objects.get()
    assert (kept.phone, kept.pinyin, kept.initials) == ("+8613800000009", "shan xiao ming", "sxm")
    member.phone = "1"
    with pytest.raises(BadInput, match="phone_invalid"):
        services.save(member)
    assert_feed_equals_tables()


def test_publishing_needs_a_transaction_a_known_scope_and_a_row_of_a_fair_size(store: Any) -> None:
    from django.db import transaction

    from hq.protocol.feed import Change, publish

    def change(scope: str, data: str = "{}") -> Change:
        return Change(str(store.id), scope, "talk", str(uuid4()), 1, "put", data)

    with pytest.raises(Defect, match="transaction"):
        publish([change(store.scope)])
    with pytest.raises(Defect, match="no feed"), transaction.atomic():
        publish([change("nowhere")])
    with pytest.raises(Refused, match="row_too_large"), transaction.atomic():
        publish([change(store.scope, "x" * (256 * 1024 + 1))])
    with transaction.atomic():
        assert publish([]) == {}


def test_of_several_changes_of_a_row_the_last_is_published(store: Any) -> None:
    from django.db import transaction

    from hq.protocol.feed import Change, publish
    from hq.protocol.models import FeedRow, ScopeHead

    ids = [str(uuid4()) for _ in range(2)]
    first, second, third = (
        Change(str(store.id), store.scope, "talk", row, ver, "put", f"{ver}")
        for row, ver in ((ids[0], 1), (ids[1], 1), (ids[0], 2))
    )
    with transaction.atomic():
        positions = publish([first, second, third])
    assert (positions[second.key], positions[third.key]) == (1, 2)
    assert FeedRow.objects.get(entity_id=ids[0]).data == "2"
    assert ScopeHead.objects.get(scope=store.scope).head == 2
    with transaction.atomic():
        publish([Change(str(store.id), store.scope, "talk", row, 3, "gone", None) for row in ids])
    assert int(ScopeHead.objects.get(scope=store.scope).digest) == 0


def test_the_compiled_chinese_is_that_of_the_source() -> None:
    import gettext
    import re
    from ast import literal_eval
    from pathlib import Path

    import hq

    folder = Path(str(hq.__file__)).parent / "locale" / "zh_Hans" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    source = (folder / "django.po").read_text(encoding="utf-8")
    entry = r'^(?:msgctxt (".*")\n)?msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)'
    entries = re.findall(entry, source, re.MULTILINE)
    assert len(entries) > 250
    for parts in entries[1:]:
        told, text, chinese = ("".join(literal_eval(line) for line in part.splitlines()) for part in parts)
        assert chinese
        assert (compiled.pgettext(told, text) if told else compiled.gettext(text)) == chinese


def test_the_migrations_make_exactly_the_models() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
