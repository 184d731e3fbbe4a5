"""Signing in with a code as well: who has to, what a code is good for, and what becomes of who has it no more."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hq.two_factor.codes import STEP_S, Secret
from tests.console_people import PASSWORD, browser, person

pytestmark = [pytest.mark.usefixtures("hq_database"), pytest.mark.expects_log]  # Django logs what it refuses
CODE, ENROL = "/admin/login/code/", "/admin/login/enrol/"


class Clock:
    """HQ's time, as these tests have it."""

    def __init__(self) -> None:
        from django.utils import timezone

        self.now = timezone.now()

    def forward(self, **away: float) -> None:
        self.now += timedelta(**away)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


def stranger() -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.cookies["guide_hq_language"] = "en"
    return client


def told_password(name: str, client: Any = None) -> tuple[Any, str]:
    """A browser after the right password, and where it is sent."""
    client = client or stranger()
    answer = client.post("/admin/login/?next=/admin/stores/store/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def secret_on(page: Any) -> Secret:
    found = re.search(r'class="console-key">([A-Z2-7 ]+)<', page.content.decode())
    assert found is not None
    return Secret(base64.b32decode(found[1].replace(" ", "")))


def code_of(secret: Secret, clock: Clock) -> str:
    return secret.code(int(clock.now.timestamp()) // STEP_S)


def enrolled(name: str, clock: Clock) -> tuple[Any, Secret, list[str]]:
    """Somebody signs in for the first time: the browser, the secret, the recovery codes."""
    client, where = told_password(name)
    assert where == ENROL
    secret = secret_on(client.get(ENROL))
    page = client.post(ENROL, {"code": code_of(secret, clock)})
    codes = re.findall(r"<code>([A-Z2-9-]{11})</code>", page.content.decode())
    assert len(codes) == 10
    assert "no-store" in page.headers["Cache-Control"]
    clock.forward(seconds=STEP_S)
    return client, secret, codes


def is_in(client: Any) -> bool:
    return bool(client.get("/admin/").status_code == 200)


def acts(name: str = "lin") -> list[tuple[str, str]]:
    from hq.audit.models import Entry

    return list(Entry.objects.filter(who=name).order_by("id").values_list("act", "told"))


@pytest.mark.parametrize(("role", "where"), [("O", ENROL), ("V", ENROL), ("A", "/admin/stores/store/")])
def test_operators_and_reviewers_have_to_others_may(role: str, where: str) -> None:
    person("lin", role)
    client, sent = told_password("lin")
    assert sent == where
    assert is_in(client) == (where != ENROL)


def test_the_setting_says_whose_role_has_to(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    person("lin", "A")
    person("bo", "O")
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, two_factor=frozenset("A")))
    assert told_password("lin")[1] == ENROL
    assert told_password("bo")[1] == "/admin/stores/store/"


def test_the_first_sign_in_sets_it_up_and_the_next_asks_for_a_code(clock: Clock) -> None:
    person("lin", "O")
    client, secret, _codes = enrolled("lin", clock)
    assert is_in(client)
    other, where = told_password("lin")
    assert where == CODE
    assert not is_in(other)
    answer = other.post(CODE, {"code": code_of(secret, clock)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/stores/store/")
    assert is_in(other)
    assert acts() == [("changed", "set up"), ("signed_in", ""), ("signed_in", "")]


def test_who_told_the_password_alone_is_nobody(clock: Clock) -> None:
    person("lin", "O")
    client, _where = told_password("lin")
    for url in ("/admin/", "/admin/stores/store/", "/admin/two-factor/", "/admin/password_change/"):
        assert client.get(url).headers["Location"].startswith("/admin/login/?next="), url
    assert client.get(CODE).headers["Location"] == "/admin/login/", "they have no app"
    assert client.post("/library/uploads", {}).status_code in (401, 403)
    assert acts() == []


def test_who_has_an_app_cannot_set_up_another_with_the_password_alone(clock: Clock) -> None:
    person("lin", "O")
    _client, secret, _codes = enrolled("lin", clock)
    thief, where = told_password("lin")
    assert where == CODE
    assert thief.get(ENROL).headers["Location"] == "/admin/login/"
    assert thief.post(ENROL, {"code": "123456"}).headers["Location"] == "/admin/login/"
    other, _where = told_password("lin")
    assert other.post(CODE, {"code": code_of(secret, clock)}).status_code == 302
    assert is_in(other)


def test_two_browsers_that_set_it_up_at_once_only_the_first_does(clock: Clock) -> None:
    person("lin", "O")
    both = [told_password("lin")[0] for _ in range(2)]
    secrets = [secret_on(one.get(ENROL)) for one in both]
    assert secrets[0] != secrets[1], "nobody sets up what another one saw"
    answers = [one.post(ENROL, {"code": code_of(key, clock)}) for one, key in zip(both, secrets, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 302]
    assert [is_in(one) for one in both] == [True, False]


def test_a_code_is_good_once(clock: Clock) -> None:
    person("lin", "O")
    _client, secret, _codes = enrolled("lin", clock)
    code = code_of(secret, clock)
    first, second = told_password("lin")[0], told_password("lin")[0]
    assert first.post(CODE, {"code": code}).status_code == 302
    answer = second.post(CODE, {"code": code})
    assert "was used already" in answer.content.decode()
    assert not is_in(second)
    clock.forward(seconds=STEP_S)
    assert second.post(CODE, {"code": code_of(secret, clock)}).status_code == 302
    assert is_in(second)


def test_five_wrong_codes_lock_it_for_a_quarter_of_an_hour_then_longer(clock: Clock) -> None:
    person("lin", "O")
    _client, secret, codes = enrolled("lin", clock)
    for minutes in (15, 30):
        client, _where = told_password("lin")
        pages = [client.post(CODE, {"code": "ABC"}).content.decode() for _ in range(5)]
        assert ["is not right" in page for page in pages] == [True] * 4 + [False]
        assert f"Wait {minutes} min" in pages[4]
        for right in (code_of(secret, clock), codes[0]):
            assert "Too many wrong codes" in client.post(CODE, {"code": right}).content.decode(), "no way round"
        clock.forward(minutes=minutes, seconds=1)
    client, _where = told_password("lin")
    assert client.post(CODE, {"code": codes[0]}).status_code == 302, "locked codes were not used up"
    assert [act for act, _told in acts()].count("wrong_code") == 10
    client, _where = told_password("lin")
    assert "is not right" in client.post(CODE, {"code": "000"}).content.decode(), "counted anew after a right one"


def test_a_recovery_code_signs_in_once_and_none_is_kept_in_clear(clock: Clock, hq_database: str) -> None:
    import psycopg

    person("lin", "O")
    _client, secret, codes = enrolled("lin", clock)
    for turn, works in enumerate((True, False)):
        client, _where = told_password("lin")
        answer = client.post(CODE, {"code": f" {codes[3].lower()} "})
        assert (answer.status_code == 302) == works, turn
    with psycopg.connect(hq_database) as connection:
        rows = connection.execute("SELECT t::text FROM two_factor_recovery t").fetchall()
        rows += connection.execute("SELECT t::text FROM two_factor_authenticator t").fetchall()
        rows += connection.execute("SELECT t::text FROM audit_entry t").fetchall()
    kept = " ".join(row for (row,) in rows).upper()
    assert len(re.findall(r"[0-9A-F]{64}", kept)) >= 9
    for told in (*codes, *(code.replace("-", "") for code in codes), secret.text, secret.text.replace(" ", "")):
        assert told not in kept
    assert secret.content.hex().upper() not in kept
    assert base64.b64encode(secret.content).decode().upper() not in kept


def test_a_secret_that_was_moved_to_another_row_or_sealed_otherwise_is_refused(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from django.conf import settings

    from guide_app.domain.errors import EnvironmentProblem
    from hq.two_factor import sealing
    from hq.two_factor.models import Authenticator

    lin = person("lin", "O")
    enrolled("lin", clock)
    row = Authenticator.objects.get(user=lin)
    with pytest.raises(EnvironmentProblem):
        sealing.opened(row.secret, lin.pk + 1)
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, two_factor_key=tmp_path / "other.key"))
    client, _where = told_password("lin")
    assert "sealed with another key" in client.post(CODE, {"code": "123456"}).content.decode()


def test_ten_minutes_after_the_password_it_is_asked_again(clock: Clock) -> None:
    person("lin", "O")
    _client, secret, _codes = enrolled("lin", clock)
    client, _where = told_password("lin")
    clock.forward(minutes=10, seconds=1)
    assert client.post(CODE, {"code": code_of(secret, clock)}).headers["Location"] == "/admin/login/"
    assert not is_in(client)


def test_another_operator_resets_it_and_nobody_else(clock: Clock) -> None:
    from django.contrib.auth.models import User

    lin = person("lin", "O")
    client, _secret, _codes = enrolled("lin", clock)
    url = f"/admin/auth/user/{lin.pk}/reset-two-factor/"
    assert "Another operator does this" in client.post(url).content.decode()
    for role in "VA":
        assert browser(person(f"one-{role}", role)).post(url).status_code == 403
    assert is_in(client)
    other = browser(person("bo", "O"))
    assert "Reset the second factor" in other.get(f"/admin/auth/user/{lin.pk}/change/").content.decode()
    assert "Done." in other.post(url).content.decode()
    assert not is_in(client), "their sessions end"
    assert told_password("lin")[1] == ENROL
    assert ("changed", "reset") in acts("bo")

    boss = User.objects.create_superuser("boss", password=PASSWORD)
    boss_client, *_rest = enrolled("boss", clock)
    refused = other.post(f"/admin/auth/user/{boss.pk}/reset-two-factor/")
    assert "for somebody who may do everything" in refused.content.decode()
    assert is_in(boss_client)


def test_the_command_line_resets_it_for_who_is_alone(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    from guide_app.domain.errors import EnvironmentProblem
    from hq import commands

    person("lin", "O")
    client, *_rest = enrolled("lin", clock)
    assert commands.reset_two_factor("lin") == 0
    assert "lin sets up two-factor sign-in" in capsys.readouterr().out
    assert not is_in(client)
    assert acts("guide-hq") == [("changed", "reset")]
    with pytest.raises(EnvironmentProblem):
        commands.reset_two_factor("nobody")


def test_a_new_password_ends_every_other_session_and_a_half_one(clock: Clock) -> None:
    lin = person("lin", "O")
    first, secret, _codes = enrolled("lin", clock)
    waiting, _where = told_password("lin")
    changing, _where = told_password("lin")
    changing.post(CODE, {"code": code_of(secret, clock)})
    new = {"old_password": PASSWORD, "new_password1": "battery-staple-7", "new_password2": "battery-staple-7"}
    assert changing.post("/admin/password_change/", new).status_code == 302
    assert (is_in(changing), is_in(first)) == (True, False)
    clock.forward(seconds=STEP_S)
    assert waiting.post(CODE, {"code": code_of(secret, clock)}).headers["Location"] == "/admin/login/"
    lin.refresh_from_db()
    assert lin.check_password("battery-staple-7")


def test_ones_own_page_gives_new_recovery_codes_and_another_app(clock: Clock) -> None:
    person("lin", "A")
    client, where = told_password("lin")
    assert where == "/admin/stores/store/"
    assert "password alone" in client.get("/admin/two-factor/").content.decode()
    assert client.post("/admin/two-factor/").headers["Location"] == ENROL
    secret = secret_on(client.get(ENROL))
    page = client.post(ENROL, {"code": code_of(secret, clock)}).content.decode()
    old = re.findall(r"<code>([A-Z2-9-]{11})</code>", page)
    assert told_password("lin")[1] == CODE, "who set it up is asked"

    clock.forward(seconds=STEP_S)
    told = {"code": code_of(secret, clock), "what": "codes"}
    new = re.findall(r"<code>([A-Z2-9-]{11})</code>", client.post("/admin/two-factor/", told).content.decode())
    assert len(new) == 10
    assert not set(new) & set(old)
    assert "is not right" in client.post("/admin/two-factor/", {"code": old[0], "what": "app"}).content.decode()
    assert client.post("/admin/two-factor/", {"code": new[0], "what": "app"}).headers["Location"] == ENROL
    other = secret_on(client.get(ENROL))
    assert client.post(ENROL, {"code": code_of(other, clock)}).status_code == 200
    clock.forward(seconds=STEP_S)
    again, _where = told_password("lin")
    assert "is not right" in again.post(CODE, {"code": code_of(secret, clock)}).content.decode(), "the old app"
    assert again.post(CODE, {"code": code_of(other, clock)}).status_code == 302
