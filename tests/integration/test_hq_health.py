"""What HQ knows of its tablets' health, and where it says it: the console, the first page, /metrics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sync.protocol.messages import Health
from tests import shop
from tests.hq_server import serving
from tests.tablet_client import Tablet

pytestmark = pytest.mark.usefixtures("hq_database")


@pytest.fixture
def place(hq_database: str) -> shop.Shop:
    return shop.make_shop(shop.make_chain(), stock=10)


@contextmanager
def enrolled(place: shop.Shop) -> Iterator[tuple[str, Tablet]]:
    """HQ's address, and a tablet of the shop."""
    with serving() as url:
        tablet = Tablet(url, place.guide_id)
        with tablet.http:
            assert tablet.enrol(shop.new_code(place)).status_code == 200
            yield url, tablet


def _console() -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("op", password="correct-horse-9"))
    client.cookies["guide_hq_language"] = "en"
    return client


def test_a_tablets_word_is_kept_and_shown_to_whom_it_concerns(place: shop.Shop) -> None:
    from hq.devices.models import Device

    oldest = (datetime.now(UTC) - timedelta(hours=3)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with enrolled(place) as (_url, tablet):
        tablet.sync(health=Health(waiting=7, oldest=oldest, parked=2, mended=1))
        tablet.sync()
    device = Device.objects.get(id=tablet.told.device_id)
    assert (device.waiting, device.parked, device.mended, device.differs) == (7, 2, 1, False)
    client = _console()
    page = client.get("/admin/devices/device/?trouble=stuck").content.decode()
    assert device.name in page
    assert "equal, 1 mended" in page
    assert device.name not in client.get("/admin/devices/device/?trouble=differs").content.decode()
    first = client.get("/admin/").content.decode()
    assert "work waits for over an hour" in first
    assert "rows differ from HQ" not in first


def test_a_time_that_is_none_spoils_nothing(place: shop.Shop) -> None:
    from hq.devices.models import Device

    with enrolled(place) as (_url, tablet):
        answer = tablet.sync(tablet.maker.sign_up(), health=Health(waiting=1, oldest="soon"))
    assert answer.results[0].status == "applied"
    device = Device.objects.get(id=tablet.told.device_id)
    assert (device.waiting, device.oldest_waiting_at) == (1, None)


def test_metrics_tell_what_happened_to_this_machine(place: shop.Shop) -> None:
    with enrolled(place) as (url, tablet):
        op = tablet.maker.sign_up()
        tablet.sync(op, health=Health(parked=1))
        answer = httpx.get(f"{url}/metrics")
    assert answer.status_code == 200
    assert 'guide_hq_operations_total{code="",status="applied"} 1.0' in answer.text
    assert 'guide_hq_answers_total{path="/v1/sync",status="200"}' in answer.text
    assert 'guide_hq_tablets{trouble="used"} 1.0' in answer.text
    assert 'guide_hq_tablets{trouble="parked"} 1.0' in answer.text


def test_with_a_token_only_who_knows_it_is_answered(place: shop.Shop) -> None:
    import asyncio

    from hq.observe.app import MetricsApp
    from hq.observe.metrics import Metrics

    def asked(token: str, client: str, *headers: tuple[bytes, bytes]) -> int:
        sent = list[Any]()

        async def send(message: Any) -> None:
            sent.append(message)

        app = MetricsApp(Metrics(), token)
        asyncio.run(app({"type": "http", "headers": list(headers), "client": (client, 1)}, None, send))
        return int(sent[0]["status"])

    right = (b"authorization", b"Bearer secret-word")
    assert asked("secret-word", "10.0.0.9", right) == 200
    assert asked("secret-word", "127.0.0.1") == 403
    assert asked("secret-word", "127.0.0.1", (b"authorization", b"Bearer other")) == 403
    assert asked("", "127.0.0.1") == 200
    assert asked("", "10.0.0.9", right) == 403
    for passed_on in (b"x-forwarded-proto", b"x-forwarded-for", b"forwarded"):  # a web server asks for somebody outside
        assert asked("", "127.0.0.1", (passed_on, b"https")) == 403
