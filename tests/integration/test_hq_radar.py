"""The duplicate radar at HQ: made for who asks, given part by part, forgotten with a person or a tablet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import psycopg
import pytest

from guide_app.domain.radar import PER_BUCKET, RadarSet
from sync.protocol import codec
from sync.protocol.messages import ErrorBody, RadarResponse
from tests import shop as shops
from tests.hq_server import serving
from tests.tablet_client import Tablet

PHONES = [f"+86138000{n:05d}" for n in range(40)]


class Hq:
    """A served HQ with two shops in a region each; `PHONES` are members of the second one."""

    def __init__(self, url: str, database: str, closing: ExitStack) -> None:
        chain = shops.make_chain()
        self.shop, self.other = shops.make_shop(chain), shops.make_shop(chain)
        self.url, self.database, self._closing = url, database, closing
        maker = self.tablet(self.other)
        self.members = {phone: maker.maker.sign_up(phone=phone) for phone in PHONES}
        answer = maker.sync(*self.members.values())
        assert {result.status for result in answer.results} == {"applied"}

    def tablet(self, shop: shops.Shop | None = None) -> Tablet:
        shop = shop or self.shop
        tablet = Tablet(self.url, shop.guide_id)
        self._closing.callback(tablet.http.close)
        assert tablet.enrol(shops.new_code(shop)).status_code == 200
        return tablet

    def run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def hq(hq_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hq]:
    from hq.radar import services

    monkeypatch.setattr(services, "salt", lambda: bytes(32))  # of these phones no two have one name
    with serving() as url, ExitStack() as closing:
        yield Hq(url, hq_database, closing)


def make() -> int:
    from hq.radar.making import make_asked

    return make_asked()


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, codec.decode(answer.content, ErrorBody).code


def fetched(tablet: Tablet) -> RadarSet:
    """The whole set, as a tablet puts it together."""
    parts = [codec.decode(tablet.get("/v1/radar").content, RadarResponse)]
    while sum(len(part.buckets) for part in parts) < parts[0].of:
        first = sum(len(part.buckets) for part in parts)
        parts.append(codec.decode(tablet.get(f"/v1/radar?from={first}").content, RadarResponse))
        assert (parts[-1].first, parts[-1].version) == (first, parts[0].version)
    found = RadarSet(parts[0].terms, [bucket for part in parts for bucket in part.buckets])
    assert found.version == parts[0].version
    return found


def test_a_set_is_made_for_the_store_that_asks_and_has_every_member_of_the_chain(hq: Hq) -> None:
    tablet = hq.tablet()
    waits = tablet.get("/v1/radar")
    assert refused(waits) == (503, "making")
    assert int(waits.headers["retry-after"]) > 0
    assert (make(), make()) == (1, 0)
    found = fetched(tablet)
    assert all(map(found.may_have, PHONES))
    assert found.terms.count == len(PHONES)
    assert hq.run("SELECT count(*) FROM radar") == [(1,)]


def test_what_the_tablet_has_is_not_sent_again(hq: Hq) -> None:
    tablet = hq.tablet()
    tablet.get("/v1/radar")
    make()
    first = tablet.get("/v1/radar")
    tag = first.headers["etag"]
    assert tag == f'"{codec.decode(first.content, RadarResponse).version}"'
    again = tablet.get("/v1/radar", {"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert tablet.get("/v1/radar", {"if-none-match": '"another"'}).status_code == 200


def test_who_was_erased_is_in_no_set_six_hours_after_it_was_made(hq: Hq) -> None:
    from django.utils import timezone

    from hq.history import services as history

    tablet = hq.tablet()
    tablet.get("/v1/radar")
    make()
    tag = tablet.get("/v1/radar").headers["etag"]
    (member_id,) = hq.run("SELECT id::text FROM member WHERE phone = %s", PHONES[0])[0]
    history.erase(member_id, timezone.now())
    assert tablet.get("/v1/radar").headers["etag"] == tag, "a fetch goes on to its end"
    hq.run("UPDATE radar SET made_at = made_at - interval '7 hours'")
    hq.run("UPDATE erased_person SET finished_at = finished_at - interval '5 hours'")
    assert refused(tablet.get("/v1/radar", {"if-none-match": tag})) == (503, "making")
    assert make() == 1
    found = fetched(tablet)
    assert found.terms.count == len(PHONES) - 1
    assert f'"{found.version}"' != tag


def test_a_set_of_some_hours_is_given_out_while_nobody_is_erased(hq: Hq) -> None:
    tablet = hq.tablet()
    tablet.get("/v1/radar")
    make()
    before = fetched(tablet)
    hq.run("UPDATE radar SET made_at = made_at - interval '23 hours'")
    assert fetched(tablet).version == before.version


def test_a_set_is_a_day_old_at_most_and_stays_the_same_where_nobody_came_or_went(hq: Hq) -> None:
    tablet = hq.tablet()
    tablet.get("/v1/radar")
    make()
    before = fetched(tablet)
    hq.run("UPDATE radar SET made_at = made_at - interval '25 hours'")
    assert refused(tablet.get("/v1/radar", {"if-none-match": f'"{before.version}"'})) == (503, "making")
    make()
    assert tablet.get("/v1/radar", {"if-none-match": f'"{before.version}"'}).status_code == 304


def test_a_revoked_tablet_gets_none_and_its_store_another_key(hq: Hq) -> None:
    from django.utils import timezone

    from hq.devices import services as devices
    from hq.devices.models import Device

    stolen, kept = hq.tablet(), hq.tablet()
    kept.get("/v1/radar")
    make()
    before = fetched(stolen)
    devices.revoke(Device.objects.get(id=stolen.told.device_id), timezone.now())
    assert refused(stolen.get("/v1/radar")) == (403, "revoked")
    assert refused(kept.get("/v1/radar")) == (503, "making")
    make()
    after = fetched(kept)
    assert after.terms.key != before.terms.key
    assert after.terms.salt == before.terms.salt
    assert not set(after.buckets) & set(before.buckets)
    assert all(map(after.may_have, PHONES))


def test_each_store_has_a_key_of_its_own(hq: Hq) -> None:
    one, two = hq.tablet(), hq.tablet(hq.other)
    for tablet in (one, two):
        tablet.get("/v1/radar")
    assert make() == 2
    assert fetched(one).terms.key != fetched(two).terms.key
    assert not set(fetched(one).buckets) & set(fetched(two).buckets)


def test_a_key_that_changes_while_a_set_is_made_leaves_it_to_be_made_anew(
    hq: Hq, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guide_app.domain import radar
    from hq.radar import services

    tablet = hq.tablet()
    tablet.get("/v1/radar")
    real = radar.made

    def slow(*asked: Any) -> RadarSet:
        services.rotate(hq.shop.store_id)
        return real(*asked)

    with monkeypatch.context() as patch:
        patch.setattr(radar, "made", slow)
        make()
    assert refused(tablet.get("/v1/radar")) == (503, "making")
    assert make() == 1
    assert all(map(fetched(tablet).may_have, PHONES))


def test_a_large_set_comes_in_parts(hq: Hq, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.radar import services

    hq.run(
        "INSERT INTO member (id, store_id, ver, member_no, phone, name, pinyin, initials, gender, birthday, source,"
        " level, tags, note, referrer, order_count, spent, other_numbers, likes, touch_point, signed)"
        " SELECT gen_random_uuid(), %s::uuid, 1, 'M' || n, '+86139' || lpad(n::text, 8, '0'), 'x', '', '', '', '', '',"
        " '', '{}', '', '', 0, 0, '{}', '{}', '', '{}' FROM generate_series(1, 2000) n",
        hq.other.store_id,
    )
    monkeypatch.setattr(services, "AT_ONCE", 2)
    tablet = hq.tablet()
    tablet.get("/v1/radar")
    make()
    found = fetched(tablet)
    assert len(found.buckets) == -(-found.terms.count // PER_BUCKET) > 2
    assert all(map(found.may_have, [*PHONES, *(f"+86139{n:08d}" for n in range(1, 2001))]))
    beyond = codec.decode(tablet.get("/v1/radar?from=999").content, RadarResponse)
    assert (beyond.buckets, beyond.first, beyond.of) == ([], 999, len(found.buckets))


def test_a_chain_may_limit_it_to_the_region_and_do_without(hq: Hq, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    mine = hq.tablet()
    own = mine.maker.sign_up(phone="+8613912345678")
    mine.sync(own)
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, radar="region", radar_bits=12))
    mine.get("/v1/radar")
    make()
    found = fetched(mine)
    assert (found.terms.count, found.terms.rest, found.may_have("+8613912345678")) == (1, 12, True)
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, radar="off"))
    assert refused(mine.get("/v1/radar")) == (404, "not_found")


@pytest.mark.parametrize("query", ["from=-1", "from=1e3", "from=", "from=12345678901", "from=%D9%A1"])
def test_a_part_that_is_no_number_is_refused(hq: Hq, query: str) -> None:
    assert refused(hq.tablet().get(f"/v1/radar?{query}")) == (422, "envelope_invalid")


def test_who_asks_is_proved_and_may_not_ask_without_end(hq: Hq) -> None:
    tablet = hq.tablet()
    assert refused(tablet.http.get("/v1/radar")) == (401, "unsigned")
    assert refused(tablet.post("/v1/radar", b"{}")) == (405, "method")
    for _ in range(60):
        assert tablet.get("/v1/radar").status_code == 503
    last = tablet.get("/v1/radar")
    assert refused(last) == (429, "too_often")
    assert int(last.headers["retry-after"]) > 0
