"""The form on the customer's own phone, at a real HQ: in both languages, one effect a form, saying nothing."""

from __future__ import annotations

import html
import logging
import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest

from guide_app.domain.ids import derived_id
from guide_app.operations.joining import of_form
from sync.protocol import invitation
from sync.protocol.invitation import LIFE_S, Invitation
from sync.protocol.signature import SigningKey
from tests import shop as shops
from tests.hq_server import serving
from tests.integration.feed_check import assert_feed_equals_tables
from tests.ops import new_id, new_phone

CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


class House:
    """A shop at HQ with a tablet that shows links."""

    def __init__(self, database: str) -> None:
        from hq.devices import services
        from hq.stores.models import Store

        self.database = database
        self.chain = shops.make_chain()
        self.shop = shops.make_shop(self.chain)
        self.key = SigningKey(secrets.token_bytes(32))
        store, now = Store.objects.get(id=self.shop.store_id), datetime.now(UTC)
        self.device = services.enrol(services.new_code(store, now).code, self.key.public_text, "One", "linux", now)

    def told(self, **over: Any) -> Invitation:
        until = int(time.time()) + LIFE_S
        link = Invitation(self.shop.store_id, self.shop.guide_id, str(self.device.id), new_id(), until, "poster-3")
        return link._replace(**over)

    def path(self, told: Invitation | None = None, key: SigningKey | None = None) -> str:
        return f"/join/{invitation.write(told or self.told(), key or self.key)}"

    def count(self, query: str, *values: Any) -> int:
        with psycopg.connect(self.database) as connection:
            ((found,),) = connection.execute(query, values).fetchall()
        return int(found)

    def member(self, told: Invitation) -> Any:
        from hq.members.models import Member

        return Member.objects.filter(id=of_form(told.form_id).member_id).first()


@pytest.fixture
def house(hq_database: str) -> House:
    return House(hq_database)


@pytest.fixture
def phone() -> Any:
    """A browser without scripts at an address of its own, so that tests do not count for each other."""
    from django.test import Client

    return Client(SERVER_NAME="localhost", REMOTE_ADDR=f"2001:db8::{secrets.randbelow(0xFFFF):x}")


def filled(**over: str) -> dict[str, str]:
    return {
        "phone": new_phone(), "name": "林夏", "gender": "f", "birthday": "05-20", "referrer": "", "lang": "en",
        "consent-terms": "yes", "version-terms": "1", "consent-marketing_phone": "no", "version-marketing_phone": "1",
        **over,
    }  # fmt: skip


def said(answer: Any) -> str:
    return html.unescape(str(answer.content, "utf-8"))


def sent(phone: Any, path: str, form: dict[str, str], **headers: str) -> Any:
    from urllib.parse import urlencode

    return phone.post(path, urlencode(form), content_type="application/x-www-form-urlencoded", headers=headers)


def test_the_form_speaks_the_phones_language_and_can_be_switched(house: House, phone: Any) -> None:
    path = house.path()
    chinese, english = phone.get(path, headers=CHINESE), phone.get(path, headers={"Accept-Language": "en-GB"})
    assert [answer.status_code for answer in (chinese, english)] == [200, 200]
    assert '<html lang="zh-Hans">' in said(chinese)
    assert "成为会员" in said(chinese)
    assert "条款。" in said(chinese)
    assert '<html lang="en">' in said(english)
    assert "Become a member" in said(english)
    assert "Words." in said(english)
    assert "Version 1" in said(english)
    other = sent(phone, path, {**filled(name="Lin"), "switch": "zh-hans"}, **{"Accept-Language": "en"})
    assert "成为会员" in said(other)
    assert 'value="Lin"' in said(other)
    assert house.count("SELECT count(*) FROM op_log") == 0
    assert phone.cookies == {}


def test_the_page_may_do_nothing_but_be_read_and_sent_back(house: House, phone: Any) -> None:
    answer = phone.get(house.path())
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in said(answer)
    assert "http://" not in said(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


def test_who_fills_it_in_is_a_member_by_the_ordinary_operation(house: House, phone: Any) -> None:
    told = house.told()
    number = new_phone()
    answer = sent(phone, house.path(told), filled(phone=number[3:]))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{house.path(told)}?lang=en")
    thanks = phone.get(answer.headers["Location"])
    assert "Thank you" in said(thanks)
    assert number[3:] not in said(thanks)
    member = house.member(told)
    assert (member.phone, member.name, str(member.owner_id), member.touch_point) == (
        number, "林夏", house.shop.guide_id, "poster-3",
    )  # fmt: skip
    kinds = house.count("SELECT count(*) FROM op_log WHERE kind = 'member.sign_up' AND status = 'applied'")
    assert kinds == 1
    assert_feed_equals_tables()


def test_sent_twice_at_once_it_is_one_member(house: House) -> None:
    told = house.told()
    with serving() as url, httpx.Client(base_url=url) as caller, ThreadPoolExecutor(4) as hands:
        form = filled()
        jobs = [hands.submit(caller.post, house.path(told), data=form) for _ in range(8)]
        answers = [job.result() for job in jobs]
        assert {answer.status_code for answer in answers} == {303}
        assert "Thank you" in caller.get(answers[0].headers["location"]).text
    assert house.count("SELECT count(*) FROM member") == 1
    assert house.count("SELECT count(*) FROM op_log") == 1
    assert house.count("SELECT count(*) FROM op_seen") == 1


def test_two_phones_and_one_link_are_one_member_the_first_one_counts(house: House, phone: Any) -> None:
    told = house.told()
    for name in ("First", "Second"):
        assert sent(phone, house.path(told), filled(name=name)).status_code == 303
    assert house.member(told).name == "First"
    assert house.count("SELECT count(*) FROM member") == 1


def test_a_known_phone_is_merged_and_the_page_says_exactly_the_same(house: House, phone: Any) -> None:
    first, again = house.told(), house.told()
    form = filled()
    pages = []
    for told in (first, again):
        answer = sent(phone, house.path(told), form)
        pages.append(said(phone.get(answer.headers["Location"])).replace(house.path(told), "…"))
    assert pages[0] == pages[1]
    assert house.count("SELECT count(*) FROM member") == 1
    alias = house.count(
        "SELECT count(*) FROM feed WHERE entity = 'member_alias' AND entity_id = %s", of_form(again.form_id).member_id
    )
    assert alias == 1
    assert_feed_equals_tables()


def test_what_waits_at_hq_is_said_so_that_nobody_waits_at_the_tablet(house: House, phone: Any) -> None:
    told = house.told(guide_id=new_id())  # HQ has not heard of them yet
    answer = sent(phone, house.path(told), filled())
    assert house.count("SELECT count(*) FROM op_log WHERE status = 'parked'") == 1
    page = said(phone.get(answer.headers["Location"]))
    assert "We have received your details" in page
    assert "Your guide can sign you up on the tablet" in page
    assert "Thank you" not in page
    assert "我们已收到您的信息" in said(phone.get(house.path(told), headers=CHINESE))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "123", "This is not a phone number"),
        ("name", " ", "Please tell us your name"),
        ("birthday", "20 May", "Write the birthday as"),
        ("name", "x" * 121, "This is too long"),
        ("consent-terms", "no", "Without agreeing to this"),
        ("consent-marketing_phone", "", "Please choose one of the two"),
        ("version-terms", "0", "These words have changed"),
    ],
)
@pytest.mark.expects_log  # Django says what it refuses
def test_what_cannot_be_is_said_beside_it_and_the_rest_is_kept(
    house: House, phone: Any, field: str, value: str, words: str
) -> None:
    form = filled(**{"referrer": "许安然", field: value})
    answer = sent(phone, house.path(), form)
    assert answer.status_code == 422
    assert words in said(answer)
    assert 'value="许安然"' in said(answer)
    assert house.count("SELECT count(*) FROM op_log") == 0


@pytest.mark.expects_log
def test_a_link_that_does_not_count_says_why_in_both_languages(house: House, phone: Any) -> None:
    from hq.devices import services
    from hq.devices.models import Device

    now = int(time.time())
    other = SigningKey(secrets.token_bytes(32))
    cases = [
        (house.path(house.told(until=now - 1)), 410, "half an hour", "半小时"),
        (house.path(house.told(until=now + 100 * LIFE_S)), 410, "half an hour", "半小时"),
        (house.path(key=other), 404, "does not work", "无法使用"),
        (house.path(house.told(store_id=new_id())), 404, "does not work", "无法使用"),
        (house.path(house.told(device_id=new_id())), 404, "does not work", "无法使用"),
        (f"{house.path()}x", 404, "does not work", "无法使用"),
    ]
    for path, status, english, chinese in cases:
        answers = phone.get(path, headers={"Accept-Language": "en"}), sent(phone, path, filled(lang="zh-hans"))
        assert [answer.status_code for answer in answers] == [status, status]
        assert english in said(answers[0])
        assert chinese in said(answers[1])
    services.revoke(Device.objects.get(id=house.device.id), datetime.now(UTC))
    answers = phone.get(house.path(), headers=CHINESE), sent(phone, house.path(), filled())
    assert [answer.status_code for answer in answers] == [410, 410]
    assert "链接已失效" in said(answers[0])
    assert house.count("SELECT count(*) FROM op_log") == 0


@pytest.mark.expects_log
def test_nobody_tries_without_end(house: House, phone: Any) -> None:
    from hq.join_form.limits import A_FORM, NO_LINKS

    path = house.path()
    codes = [phone.get(path).status_code for _ in range(A_FORM + 1)]
    assert codes == [200] * A_FORM + [429]
    refused = sent(phone, path, filled(name="Kept"))
    assert refused.status_code == 429
    assert 'value="Kept"' in said(refused)
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert phone.get(house.path()).status_code == 200
    for _ in range(NO_LINKS):
        assert phone.get("/join/AAAA").status_code == 404
    assert phone.get("/join/AAAA").status_code == 429
    assert phone.get(house.path()).status_code == 200, "who guesses shuts out nobody else behind the same address"


@pytest.mark.expects_log
def test_a_form_is_never_larger_than_a_form(house: House, phone: Any) -> None:
    assert sent(phone, house.path(), filled(name="x" * 20_000)).status_code == 413
    assert phone.put(house.path()).status_code == 405
    assert house.count("SELECT count(*) FROM op_log") == 0


def test_no_page_swallows_a_body_without_end(house: House) -> None:
    import socket
    from urllib.parse import urlsplit

    with serving() as url:
        where = urlsplit(url)
        for path, said_of in [
            ("/join/AAAA", b"Content-Length: 50000000000"),
            ("/admin/login/", b"Content-Length: 4000000"),
            ("/join/AAAA", b"Transfer-Encoding: chunked"),
        ]:
            with socket.create_connection((where.hostname, where.port or 0), 10) as line:
                line.sendall(b"POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n" % (path.encode(), said_of))
                if b"chunked" in said_of:  # and it never ends
                    line.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                assert line.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.expects_log
def test_a_full_hq_keeps_what_was_typed(house: House, phone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.join_form import links
    from hq.ledger.port import Transient

    def busy(_token: str) -> Any:
        raise Transient("gone")

    told = house.told()
    with monkeypatch.context() as patched:
        patched.setattr(links, "find", busy)
        answer = sent(phone, house.path(told), filled(name="Kept"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', said(answer)))
    assert kept["name"] == "Kept"
    assert kept["consent-terms"] == "yes"
    assert sent(phone, house.path(told), kept).status_code == 303
    assert house.member(told).name == "Kept"


def test_what_is_signed_by_hand_takes_the_tablet(house: House, phone: Any) -> None:
    from hq.policies import services
    from hq.policies.models import Policy

    words = {"title_en": "Pictures", "title_zh": "照片", "text_en": "Window.", "text_zh": "橱窗。"}
    services.save_policy(Policy(kind="pictures", version="1", signed=True, **words))
    assert "Pictures" not in said(phone.get(house.path()))
    services.save_policy(Policy(kind="pictures", version="2", signed=True, required=True, **words))
    assert "Your guide hands you the tablet" in said(phone.get(house.path()))


@pytest.mark.parametrize("bad", [False, True])
def test_no_log_holds_a_person_or_a_link(
    house: House, phone: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], bad: bool
) -> None:
    from hq.join_form.logs import WithoutLinks

    caplog.handler.addFilter(WithoutLinks())  # as HQ's own handler has it
    caplog.set_level(logging.INFO)
    form = filled(name="PLANTED" * (30 if bad else 1))
    path = house.path()
    assert sent(phone, path, form).status_code == (422 if bad else 303)
    written = caplog.text + "".join(capfd.readouterr())
    for secret in ("PLANTED", form["phone"][3:], path):
        assert secret not in written


def test_hqs_handler_leaves_links_out(hq_database: str) -> None:
    from django.conf import settings

    handler: Any = settings.LOGGING["handlers"]
    assert handler["console"]["filters"] == ["links"]


def test_somebody_who_joined_so_is_erased_without_a_trace(house: House, phone: Any) -> None:
    from hq.history import services
    from tests.integration.test_hq_erasure import Bench

    told, number = house.told(), new_phone()
    form = filled(name="PLANTED", phone=number)
    assert sent(phone, house.path(told), form).status_code == 303
    traces = Bench.traces
    bench = Bench.__new__(Bench)
    bench.database = house.database
    assert traces(bench, "PLANTED", number)
    services.erase(of_form(told.form_id).member_id, datetime.now(UTC))
    assert traces(bench, "PLANTED", number) == []
    assert "Thank you" in said(phone.get(house.path(told), headers={"Accept-Language": "en"}))
    sent(phone, house.path(told), form)
    assert traces(bench, "PLANTED", number) == []


def test_the_tablets_proof_counts_only_its_own_numbers(house: House, phone: Any) -> None:
    from hq.devices import proving
    from hq.protocol import epoch

    assert sent(phone, house.path(), filled()).status_code == 303
    ours = derived_id("join_stream", str(house.device.id), epoch.current())
    assert house.count("SELECT last_seq FROM device_stream WHERE incarnation = %s", ours) == 1
    assert proving.of(house.device).stretches == ()
