"""The proof that all of a tablet's work is here, on real tables: the service, the console's page, the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sync.protocol.messages import Health, WireOp
from tests import shop as shops
from tests.hq_server import serving
from tests.ops import new_id
from tests.tablet_client import Tablet

pytestmark = pytest.mark.usefixtures("hq_database")
DAY = date(2026, 11, 20)
"""In the shop (UTC+8); `Maker` makes its operations at 18:00 of that day."""


@pytest.fixture
def tablet(hq_database: str) -> Iterator[Tablet]:
    """A tablet of a shop, on an HQ that serves."""
    shop = shops.make_shop(shops.make_chain())
    with serving() as url:
        tablet = Tablet(url, shop.guide_id)
        with tablet.http:
            assert tablet.enrol(shops.new_code(shop)).status_code == 200
            yield tablet


def _device(tablet: Tablet) -> Any:
    from hq.devices.models import Device

    return Device.objects.get(id=tablet.told.device_id)


def _proof(tablet: Tablet, day: date | None = DAY) -> Any:
    from hq.devices import proving

    return proving.of(_device(tablet), day)


def _said(tablet: Tablet, day: date | None = DAY) -> list[str]:
    from django.utils import translation

    from hq.console import proof_words

    with translation.override("en"):
        return proof_words.sentences(_proof(tablet, day))


def _spans(tablet: Tablet, day: date | None = DAY) -> list[tuple[int, int]]:
    return [(stretch.first, stretch.last) for stretch in _proof(tablet, day).stretches]


def _forget(seq: int) -> None:
    from hq.database import statements

    statements.run("DELETE FROM op_seen WHERE seq = %s", (seq,))


def _sign_ups(tablet: Tablet, count: int) -> list[WireOp]:
    return [tablet.maker.sign_up() for _ in range(count)]


def test_all_of_a_day_is_here(tablet: Tablet) -> None:
    tablet.sync(*_sign_ups(tablet, 148))
    assert _proof(tablet).whole
    first, heard = _said(tablet)
    assert first == "Operations 1–148 are all here."
    assert "nothing of this time waited on it" in heard
    assert _said(tablet, DAY + timedelta(days=1))[0] == "No operation of this time came here."


def test_a_hole_is_named_and_fills_when_the_tablet_tells_again(tablet: Tablet) -> None:
    ops = _sign_ups(tablet, 9)
    tablet.sync(*ops)
    for seq in (4, 5, 9):
        _forget(seq)
    assert not _proof(tablet).whole
    assert _said(tablet)[0] == "Of the operations 1–9 these are missing: 4–5, 9."
    tablet.incarnation, was = new_id(), tablet.incarnation
    tablet.sync(*ops, forked_from=was)
    assert [bool(stretch.missing) for stretch in _proof(tablet).stretches] == [True, False]


def test_a_number_whose_operation_is_not_here_is_missing(tablet: Tablet) -> None:
    from hq.database import statements

    ops = _sign_ups(tablet, 3)
    tablet.sync(*ops)
    statements.run("DELETE FROM op_log WHERE op_id = %s", (ops[1].op_id,))
    assert _said(tablet)[0] == "Of the operations 1–3 these are missing: 2."


def test_a_copied_file_is_proved_beside_the_one_it_came_from(tablet: Tablet) -> None:
    ops = _sign_ups(tablet, 5)
    tablet.sync(*ops)
    was, tablet.incarnation = tablet.incarnation, new_id()
    tablet.sync(*ops[:3], tablet.maker.op("talk.log", "{}", seq=4), next_seq=5, forked_from=was)
    assert _spans(tablet) == [(1, 5), (1, 4)]
    said = _said(tablet)
    assert said[:3] == [
        f"File {was[:8]}:", "Operations 1–5 are all here.", f"File {tablet.incarnation[:8]}, a copy of {was[:8]}:",
    ]  # fmt: skip
    assert said[4] == "Of these HQ could not run yet: 4 talk (its content cannot be read)."


def test_a_tablet_that_was_enrolled_anew_has_two_files(tablet: Tablet) -> None:
    from hq.devices import services
    from hq.stores.models import Store

    tablet.sync(*_sign_ups(tablet, 2))
    services.revoke(_device(tablet), datetime.now(UTC))
    code = services.new_code(Store.objects.get(), datetime.now(UTC)).code
    assert tablet.enrol(code).status_code == 200
    tablet.incarnation = new_id()
    later = [tablet.maker.op("talk.log", "{}", made_at="2026-11-20T11:00:00.000Z") for _ in range(3)]
    tablet.sync(*later)
    assert _spans(tablet) == [(1, 2), (1, 3)]
    assert _proof(tablet).whole


def test_a_second_content_under_a_known_id_is_named(tablet: Tablet) -> None:
    first = tablet.maker.sign_up()
    tablet.sync(first)
    other = tablet.maker.op("talk.log", "{}", op_id=first.op_id)
    assert [r.code for r in tablet.sync(other).results] == ["op_id_conflict"]
    assert any("two contents under one id" in sentence for sentence in _said(tablet))


def test_a_day_is_the_shops_own_from_midnight_to_midnight(tablet: Tablet) -> None:
    made = [tablet.maker.sign_up() for _ in range(4)]
    times = ["2026-11-19T15:59:59.999Z", "2026-11-19T16:00:00.000Z", "2026-11-20T15:59:59.999Z",
             "2026-11-21T00:00:00.000+08:00"]  # fmt: skip
    ops = [tablet.maker.op(op.kind, op.body or "", seq=op.seq, made_at=at) for op, at in zip(made, times, strict=True)]
    tablet.sync(*ops)
    assert [_spans(tablet, DAY + timedelta(days=n)) for n in (-1, 0, 1)] == [[(1, 1)], [(2, 3)], [(4, 4)]]


def test_a_clock_that_is_ahead_makes_nothing_after_it_came(tablet: Tablet) -> None:
    tablet.sync(tablet.maker.op("talk.log", "{}", made_at="2031-01-01T00:00:00.000Z"))
    today = datetime.now(UTC).astimezone().date()
    assert _proof(tablet, date(2031, 1, 1)).stretches == ()
    assert sum(len(_proof(tablet, today + timedelta(days=n)).stretches) for n in (-1, 0, 1)) == 1


def test_what_the_tablet_says_that_waits_counts_from_the_oldest_on(tablet: Tablet) -> None:
    told = Health(waiting=3, oldest="2026-11-20T04:00:00.000Z")
    tablet.sync(tablet.maker.sign_up(), health=told)
    assert "it says that 3 still wait on it, the oldest made on 20 Nov 2026, 12:00" in _said(tablet)[-1]
    assert "nothing of this time waited" in _said(tablet, DAY - timedelta(days=1))[-1]
    assert "3 still wait" in _said(tablet, None)[-1]


def test_after_a_restore_it_says_that_the_tablet_was_not_heard_of_since(tablet: Tablet) -> None:
    from hq.devices.models import Device
    from hq.protocol import epoch

    tablet.sync(tablet.maker.sign_up())
    Device.objects.update(last_seen_at=datetime.now(UTC) - timedelta(hours=1), told_at=None)
    epoch.begin("restored")
    assert "HQ was restored on" in _said(tablet)[-1]
    Device.objects.update(last_seen_at=datetime.now(UTC) + timedelta(seconds=1))
    assert "HQ was restored on" not in _said(tablet)[-1]


def test_the_tablets_page_leads_to_the_proof_of_any_day(tablet: Tablet) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    tablet.sync(*_sign_ups(tablet, 2))
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))

    def page(url: str, language: str = "en") -> str:
        client.cookies["guide_hq_language"] = language
        answer = client.get(url)
        assert answer.status_code == 200
        return str(answer.content.decode())

    row = f"/admin/devices/device/{tablet.told.device_id}"
    assert f'href="{row}/proof/"' in page(f"{row}/change/")
    assert "Operations 1–2 are all here." in page(f"{row}/proof/?day=2026-11-20")
    assert "操作 1–2 全部在此。" in page(f"{row}/proof/?day=all", "zh-hans")
    assert "No operation of this time came here." in page(f"{row}/proof/?day=2026-11-18")
    assert "A day is written as 2026-11-22." in page(f"{row}/proof/?day=9999-12-31")
    assert page(f"{row}/proof/")


@pytest.mark.expects_log  # Django logs what it refuses
def test_the_proof_is_for_whom_may_see_tablets(tablet: Tablet) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from hq.rights.models import Account

    viewer = User.objects.create_user("viewer", password="correct-horse-9", is_staff=True)
    client = Client(SERVER_NAME="localhost")
    client.force_login(viewer)
    url = f"/admin/devices/device/{tablet.told.device_id}/proof/"
    assert client.get(url).status_code == 404, "what is nobody's is not there for them"
    Account.objects.create(user=viewer, role="V")
    assert client.get(url).status_code == 200
    assert client.get(f"/admin/devices/device/{new_id()}/proof/").status_code == 404


def test_the_command_says_it_and_its_status_is_the_proof(tablet: Tablet, capsys: pytest.CaptureFixture[str]) -> None:
    from guide_app.domain.errors import EnvironmentProblem
    from hq import commands

    tablet.sync(*_sign_ups(tablet, 3))
    store, letters = tablet.told.store_code, tablet.told.device_letters
    assert commands.proof(store, letters.lower(), "2026-11-20") == 0
    heading, first, _heard = capsys.readouterr().out.splitlines()
    assert heading.startswith(f"Counter ({letters}) · {store} ")
    assert first == "Operations 1–3 are all here."
    _forget(2)
    assert commands.proof(store, letters, None) == 1
    assert "these are missing: 2." in capsys.readouterr().out
    for args, code in ((("999", letters, None), "store_unknown"), ((store, "ZZ", None), "device_unknown"),
                       ((store, letters, "yesterday"), "day_invalid")):  # fmt: skip
        with pytest.raises(EnvironmentProblem) as raised:
            commands.proof(*args)
        assert raised.value.code == code
