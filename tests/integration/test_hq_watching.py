"""What HQ's people see and can do about work that waits and tablets that were copied: lists, first page, replay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guide_app.domain.records import OpOutcome
from sync.protocol import codec
from tests import shop as shops
from tests.hq_server import serving
from tests.ops import new_id
from tests.tablet_client import Tablet

pytestmark = pytest.mark.usefixtures("hq_database")
LOG = "/admin/protocol/oplog/"


@pytest.fixture
def tablet(hq_database: str) -> Iterator[Tablet]:
    """A tablet of a shop, on an HQ that serves."""
    shop = shops.make_shop(shops.make_chain())
    with serving() as url:
        tablet = Tablet(url, shop.guide_id)
        with tablet.http:
            assert tablet.enrol(shops.new_code(shop)).status_code == 200
            yield tablet


@pytest.fixture
def client(hq_database: str) -> Any:
    from django.contrib.auth.models import User

    return _browser(User.objects.create_superuser("op", password="correct-horse-9"))


def _browser(user: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    client.cookies["guide_hq_language"] = "en"
    return client


def _page(client: Any, url: str, language: str = "en") -> str:
    client.cookies["guide_hq_language"] = language
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def _done(client: Any, url: str) -> str:
    answer = client.post(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def _parked(tablet: Tablet, count: int = 1) -> list[str]:
    """Sign-ups under a policy that HQ has not published; their op_ids."""
    consents = [{"kind": "terms", "policy_version": "2", "granted": True}]
    ops = [tablet.maker.sign_up(consents=consents) for _ in range(count)]
    assert {result.code for result in tablet.sync(*ops).results} == {"policy_unknown"}
    return [op.op_id for op in ops]


def _mend() -> None:
    from hq.policies import services
    from hq.policies.models import Policy

    services.save_policy(Policy(kind="terms", version="2", title_en="t", title_zh="t", text_en="t", text_zh="t"))


def _late(tablet: Tablet) -> dict[str, str]:
    """What the tablet's own scope tells it: op_id → status."""
    rows = tablet.sync().rows
    return {row.id: codec.decode(bytes(row.d), OpOutcome).status for row in rows if row.e == "op_outcome"}


def _history() -> list[tuple[str, str]]:
    from django.contrib.admin.models import LogEntry

    return list(LogEntry.objects.order_by("object_id").values_list("object_id", "change_message"))


def test_one_parked_operation_is_run_again_from_its_page(tablet: Tablet, client: Any) -> None:
    first, second = _parked(tablet, 2)
    row = f"{LOG}{first}"
    page = _page(client, f"{row}/change/")
    assert f'href="{row}/run-again/"' in page
    assert "the policy is not known" in page
    assert "It still waits: the policy is not known." in _done(client, f"{row}/run-again/")
    _mend()
    assert "nothing is ever done twice" in _page(client, f"{row}/run-again/")
    assert _late(tablet) == {}
    assert "It was run: done." in _done(client, f"{row}/run-again/")
    assert _late(tablet) == {first: "applied"}
    assert _history() == [(first, "Run again")] * 2
    assert f'href="{row}/run-again/"' not in _page(client, f"{row}/change/")
    assert f'href="{LOG}{second}/run-again/"' in _page(client, f"{LOG}{second}/change/")


def test_all_that_wait_are_run_again_from_the_list(tablet: Tablet, client: Any) -> None:
    waiting = _parked(tablet, 3)
    assert f'href="{LOG}run-all-again/"' in _page(client, f"{LOG}?status=parked")
    assert "0 done, 3 still waiting" in _done(client, f"{LOG}run-all-again/")
    _mend()
    assert "3 done, 0 still waiting" in _done(client, f"{LOG}run-all-again/")
    assert _late(tablet) == dict.fromkeys(waiting, "applied")
    assert _history() == sorted([(op_id, "Run again") for op_id in waiting] * 2)
    assert "0 done, 0 still waiting" in _done(client, f"{LOG}run-all-again/")


@pytest.mark.expects_log  # HQ logs what the database could not do
def test_a_database_that_cannot_is_said_and_nothing_is_written_down(
    tablet: Tablet, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hq.ledger.port import Transient
    from hq.ledger.postgres import PostgresLedger

    (op_id,) = _parked(tablet)

    def gone(self: object, parked: object) -> bool:
        raise Transient("gone")

    monkeypatch.setattr(PostgresLedger, "reopen", gone)
    for url in (f"{LOG}{op_id}/run-again/", f"{LOG}run-all-again/"):
        assert "The database could not do it now." in _done(client, url)
    assert _history() == []


@pytest.mark.expects_log  # Django logs what it refuses
def test_only_who_may_change_operations_runs_them_again(tablet: Tablet) -> None:
    from hq.rights.models import Account
    from tests.console_people import person

    (op_id,) = _parked(tablet)
    viewer = person("viewer", "A")
    client = _browser(viewer)
    urls = (f"{LOG}{op_id}/run-again/", f"{LOG}run-all-again/")
    assert "run-again" not in _page(client, f"{LOG}{op_id}/change/")
    assert "run-all-again" not in _page(client, LOG)
    assert [client.post(url).status_code for url in urls] == [403, 403]
    Account.objects.update(role="O")
    assert [client.post(url).status_code for url in urls] == [200, 200]


@pytest.mark.expects_log  # Django logs what it refuses
def test_what_cannot_be_run_again_has_no_button(tablet: Tablet, client: Any) -> None:
    odd = tablet.maker.op("talk.log", "{}", sha="0" * 64)
    assert [r.code for r in tablet.sync(odd).results] == ["sha_mismatch"]
    assert "damaged on its way" in _page(client, f"{LOG}{odd.op_id}/change/")
    assert client.get(f"{LOG}{odd.op_id}/run-again/").status_code == 404
    assert client.get(f"{LOG}none/run-again/").status_code == 404


def test_an_operation_that_was_sent_on_is_shown_as_it_became(tablet: Tablet, client: Any) -> None:
    from hq.database import statements
    from hq.stores.models import Store

    (op_id,) = _parked(tablet)
    other, columns = new_id(), "op_id, device_id, kind, schema_v, guide_id, made_at, sha, received_at"
    statements.run(
        f"INSERT INTO op_log (store_id, status, {columns}) SELECT %s::uuid, 'forwarded', {columns} FROM op_log",
        (other,),
    )
    assert str(Store.objects.get()) in _page(client, f"{LOG}{op_id}/change/")
    assert "sent on to another store" in _page(client, LOG)


def test_the_first_page_alarms_with_links_to_the_lists(tablet: Tablet, client: Any) -> None:
    quiet = _page(client, "/admin/")
    assert "What somebody should look into" not in quiet
    _parked(tablet, 2)
    known = tablet.maker.talk(new_id())
    tablet.sync(known)
    tablet.sync(tablet.maker.op("talk.log", "{}", op_id=known.op_id))
    was, tablet.incarnation = tablet.incarnation, new_id()
    tablet.sync(forked_from=was, next_seq=1)
    page = _page(client, "/admin/")
    assert "2 · operations waiting: the policy is not known" in page
    assert 'href="/admin/protocol/oplog/?status=parked&amp;code=policy_unknown"' in page
    assert 'href="/admin/protocol/opconflict/">1 · operations with two contents' in page
    assert 'href="/admin/history/fork/">1 · tablets' in page
    listed = _page(client, f"{LOG}?status=parked&code=policy_unknown")
    assert listed.count("the policy is not known") >= 2
    assert known.op_id not in listed
    assert known.op_id in _page(client, "/admin/protocol/opconflict/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_copied_tablets_are_listed_and_an_alarm_for_thirty_days(tablet: Tablet, client: Any, language: str) -> None:
    from hq.history.models import Fork

    was, tablet.incarnation = tablet.incarnation, new_id()
    tablet.sync(forked_from=was, next_seq=1)
    page = _page(client, "/admin/history/fork/", language)
    for shown in (was, tablet.incarnation, "Counter (", f"/admin/devices/device/{tablet.told.device_id}/change/"):
        assert shown in page
    Fork.objects.update(at=datetime.now(UTC) - timedelta(days=31))
    assert '/admin/history/fork/">1' not in _page(client, "/admin/", language)
    assert was in _page(client, "/admin/history/fork/", language)


def test_a_copy_of_a_tablet_that_is_gone_is_listed_too(client: Any) -> None:
    from hq.history.models import Fork

    device = new_id()
    Fork.objects.create(
        incarnation=new_id(), store_id=new_id(), device_id=device, forked_from=new_id(), at=datetime.now(UTC)
    )
    assert device in _page(client, "/admin/history/fork/")
