"""The audit log: what people do in the console is in it, nobody can change it, and it says nothing about people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.console_people import PASSWORD, browser, person
from tests.integration.two_worlds import World, two_worlds

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # Django logs what it refuses


@pytest.fixture
def worlds(hq_database: str) -> tuple[World, World]:
    return two_worlds()


def entries() -> list[tuple[str, str, str, str]]:
    """(who, role, act, feature), the first first; sign-ins left out."""
    from hq.audit.models import Entry

    told = Entry.objects.exclude(act="signed_in").order_by("id").values_list("who", "role", "act", "feature")
    return [(who, role, act, feature) for who, role, act, feature in told]


def test_changes_deeds_and_refusals_are_in_it_with_their_store(worlds: tuple[World, World]) -> None:
    from hq.audit.models import Entry

    first, second = worlds
    client = browser(person("wen", "R", regions=[first.region]))
    tablet, list_ = first.rows["devices.device"], first.rows["catalogue.pricelist"]
    assert client.post(f"/admin/devices/device/{tablet.pk}/revoke/").status_code == 200
    assert client.post(f"/admin/devices/device/{second.rows['devices.device'].pk}/revoke/").status_code == 404
    assert client.get("/admin/protocol/oplog/").status_code == 403
    told = {"scope": first.region.scope, "name_zh": "春季", "name_en": "Spring", "currency": "CNY",
            "seen_ver": list_.ver, "valid_from_0": "2026-11-21", "valid_from_1": "18:00:00", "changes": ""}  # fmt: skip
    assert client.post(f"/admin/catalogue/pricelist/{list_.pk}/change/", told).status_code == 302
    assert entries() == [
        ("wen", "R", "changed", "devices.device"), ("wen", "R", "refused", "devices.device"),
        ("wen", "R", "refused", "protocol.oplog"), ("wen", "R", "changed", "catalogue.pricelist"),
    ]  # fmt: skip
    deed = Entry.objects.get(feature="devices.device", act="changed")
    assert (deed.key, deed.store_id, deed.told) == (str(tablet.pk), first.store.pk, "Revoke this tablet")
    assert '["MARK1", "Spring"]' in Entry.objects.get(feature="catalogue.pricelist").told, "from what to what"


def test_of_people_it_keeps_the_fields_alone(worlds: tuple[World, World]) -> None:
    from django.contrib.admin.models import LogEntry

    from hq.audit.models import Entry
    from tests.integration.test_hq_admin import _save

    member = worlds[0].rows["members.member"]
    client = browser(person("wen", "S", stores=[worlds[0].store]))
    assert client.post(f"/admin/members/member/{member.pk}/phone/").status_code == 200
    assert _save(client, f"/admin/members/member/{member.pk}/change/", name="Synthetic Secret").status_code == 302
    shown, changed = Entry.objects.filter(feature="members.member").order_by("id")
    assert shown.told == "Show the phone number"
    assert "Name" in changed.told
    for entry in (shown, changed):
        assert (entry.key, entry.store_id) == (str(member.pk), worlds[0].store.pk)
        assert "Secret" not in entry.told
        assert member.phone[-8:] not in entry.told
    assert LogEntry.objects.count() == 2


def test_signing_in_and_out_and_a_wrong_password_are_in_it(worlds: tuple[World, World]) -> None:
    from hq.audit.models import Entry

    person("wen", "A")
    client = _stranger()
    for name, password in (("wen", "wrong"), ("my-password-by-mistake", "x"), ("wen", PASSWORD)):
        client.post("/admin/login/?next=/admin/", {"username": name, "password": password})
    client.post("/admin/logout/")
    told = list(Entry.objects.order_by("id").values_list("act", "who"))
    assert told == [("wrong", "wen"), ("wrong", ""), ("signed_in", "wen"), ("signed_out", "wen")]


def _stranger() -> Any:
    from django.test import Client

    return Client(SERVER_NAME="localhost")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET who = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_the_database_itself_lets_nobody_change_it(worlds: tuple[World, World], statement: str) -> None:
    from django.db import DatabaseError, connection, transaction

    from hq.audit import services
    from hq.audit.models import Act, Entry

    services.note(services.Told(Act.ADDED, "wen"))
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.filter(who="wen").count() == 1
    assert services.broken() is None


def test_an_entry_that_is_altered_with_the_databases_own_means_is_missed(worlds: tuple[World, World]) -> None:
    from django.db import connection

    from hq.audit import services
    from hq.audit.models import Act, Entry

    for who in ("ai", "bo", "cy"):
        services.note(services.Told(Act.CHANGED, who, told=who))
    auditor = browser(person("auditor", "A"))
    assert "Every entry is as it was written." in auditor.get("/admin/audit/entry/whole/").content.decode()
    second = Entry.objects.get(who="bo")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_entry WHERE id = %s", [second.pk])
    assert services.broken() == Entry.objects.get(who="cy").pk
    assert "Not as it was written" in auditor.get("/admin/audit/entry/whole/").content.decode()


def test_a_change_that_is_undone_leaves_no_entry(worlds: tuple[World, World]) -> None:
    from django.db import transaction

    from hq.audit.models import Entry

    client = browser(person("wen", "O"))
    before = Entry.objects.count()
    with transaction.atomic():
        client.post(f"/admin/devices/device/{worlds[0].rows['devices.device'].pk}/revoke/")
        transaction.set_rollback(True)
    assert Entry.objects.count() == before


def test_the_auditor_searches_it_and_nobody_below_sees_it(worlds: tuple[World, World]) -> None:
    client = browser(person("wen", "R", regions=[worlds[0].region]))
    client.post(f"/admin/devices/device/{worlds[0].rows['devices.device'].pk}/revoke/")
    auditor, narrow = browser(person("all", "A")), browser(person("second", "A", regions=[worlds[1].region]))
    key = str(worlds[0].rows["devices.device"].pk)
    for query, there in (("", True), ("?q=wen", True), (f"?store={worlds[0].store.pk}", True), ("?act=deleted", False)):
        assert (key in auditor.get(f"/admin/audit/entry/{query}").content.decode()) == there, query
    assert key not in narrow.get("/admin/audit/entry/").content.decode()
    assert client.get("/admin/audit/entry/").status_code == 403
