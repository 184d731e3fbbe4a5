"""One person's data as a file: all of it, logged, by console and command."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guide_app.domain.errors import EnvironmentProblem
from tests.integration.test_hq_erasure import Bench, a_life
from tests.ops import new_phone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MACHINERY = {"feed", "step", "op_log", "op_conflict", "django_admin_log"}
"""Where a person's rows stand a second time: as they travel, and (as `operations`, `history`) as they came."""


@pytest.fixture
def bench(hq_database: str) -> Bench:
    return Bench(hq_database)


def opened(content: bytes) -> tuple[dict[str, list[dict[str, Any]]], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = json.loads(archive.read("export.json"))
        return told["tables"], archive.read("export.html").decode()


def exported(member_id: str) -> tuple[dict[str, list[dict[str, Any]]], str]:
    from hq import exports
    from hq.members.models import Member

    return opened(exports.export(Member.objects.get(id=member_id), NOW).content)


def test_every_table_that_names_the_person_is_in_it(bench: Bench) -> None:
    who, number = a_life(bench)
    tables, page = exported(who)
    assert {line.partition(":")[0] for line in bench.traces(who)} - MACHINERY <= tables.keys()
    assert tables["member"][0]["phone"] == number
    assert {line["note"] for line in tables["talk"]} == {"PLANTED"}
    assert tables["order_line"]
    assert [line["granted"] for line in tables["member_consent"]] == [True]
    assert [line["kind"] for line in tables["consent_history"]] == ["member.sign_up", "member.sign_up"]
    assert any("PLANTED note" in line["body"] for line in tables["operations"])
    assert "PLANTED note" in page


def test_nobody_elses_data_is_in_it(bench: Bench) -> None:
    who, _ = a_life(bench)
    other = new_phone()
    bench.push(bench.maker.sign_up(name="SOMEBODY ELSE", phone=other))
    tables, page = exported(who)
    assert "SOMEBODY ELSE" not in page
    assert other not in json.dumps(tables)
    assert len(tables["member"]) == 1


def test_an_operator_takes_it_once_asked_and_that_is_kept(bench: Bench) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from hq.privacy.models import Showing

    who, _ = a_life(bench)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    page = f"/admin/members/member/{who}/export/"
    assert "PLANTED note" not in client.get(page).content.decode()
    answer = client.post(page)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="member-')
    assert opened(answer.content)[0]["talk"]
    kept = Showing.objects.get(operator="op")
    assert (str(kept.member_id), kept.what) == (who, "export")


def test_the_command_writes_it_for_its_owner_alone_and_over_nothing(bench: Bench, tmp_path: Path) -> None:
    from hq import commands
    from hq.members.models import Member
    from hq.privacy.models import Showing
    from hq.stores.models import Store

    who, _ = a_life(bench)
    code = Store.objects.get(id=bench.shop.store_id).code
    number, path = Member.objects.get(id=who).member_no, tmp_path / "person.zip"
    assert commands.export_member(code, number, path) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert opened(path.read_bytes())[0]["member"][0]["member_no"] == number
    assert Showing.objects.get(operator="guide-hq").what == "export"
    with pytest.raises(EnvironmentProblem, match="file_unwritable"):
        commands.export_member(code, number, path)
