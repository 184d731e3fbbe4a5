"""The frame: what it says about HQ, where a code leads, when it locks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import msgspec
import pytest

from guide_app.domain.records import Names, Ref, Ticket, TouchPoint
from guide_app.services.ports.care import TicketRow
from guide_app.services.ports.engine import AttentionRow, Waiting
from guide_app.services.ports.writing import Change
from tests.qt.viewmodels.fakes import MEMBER_NO, NUMBER, Counter, member, order, product, tablet, troubles
from ui.viewmodels.shell import ShellViewModel

SIX = Waiting(
    by_kind={"order.place": 2, "talk.log": 3, "member.sign_up": 1}, oldest="2026-11-21T01:12:00.000Z", parked=0
)


@pytest.fixture
def shell(counter: Counter) -> Any:
    model = ShellViewModel(
        counter.desk, counter.session, counter.readers, counter.link, counter.any_shelf, counter.clock, "key_file"
    )
    model.open()
    return model


def test_it_goes_from_enrolment_over_the_first_sync_to_the_lock_and_work(counter: Counter, shell: Any) -> None:
    counter.shelf.info = None
    shell.open()
    assert shell.stage == "enrol"
    counter.shelf.info = tablet(bootstrap="loading")
    counter.link.set(phase="loading")
    assert shell.stage == "first_sync"
    counter.shelf.info = tablet()
    counter.link.set(phase="idle")
    assert shell.stage == "lock"
    counter.sign_in()
    assert (shell.stage, shell.guideName, shell.shopName) == ("work", "林晓棠", "Wutong Road")


@pytest.mark.parametrize(
    ("sync", "waits", "things", "text", "tone"),
    [
        ({}, None, 0, "In step · 2 minutes ago", "good"),
        ({"phase": "offline", "problem": "no_network"}, SIX, 0, "Offline · 6 to send", "warn"),
        ({"phase": "offline", "problem": "no_network"}, None, 0, "Offline · nothing to send", "warn"),
        ({"phase": "syncing"}, SIX, 0, "Sending 6", "good"),
        ({"phase": "syncing"}, None, 0, "In step · 2 minutes ago", "good"),
        ({"phase": "idle", "last_in_step": ""}, None, 0, "Connecting to HQ", "good"),
        ({}, None, 5, "5 thing(s) need you", "bad"),
        ({"phase": "offline", "problem": "revoked"}, SIX, 5, "Locked out by HQ", "bad"),
    ],
)
def test_the_pill_says_how_it_stands(
    counter: Counter, shell: Any, sync: dict[str, str], waits: Waiting | None, things: int, text: str, tone: str
) -> None:
    counter.shelf.waits = waits or counter.shelf.waits
    counter.shelf.things = troubles()[:things]
    counter.link.set(**sync)
    counter.shelf.tell(Change(state=True))
    assert (shell.pillText, shell.pillTone) == (text, tone)


def test_the_banner_counts_what_waits_by_kind(counter: Counter, shell: Any) -> None:
    counter.shelf.waits = SIX
    counter.link.set(phase="offline", problem="no_network")
    counter.shelf.tell(Change(state=True))
    assert shell.bannerLead == "No network — keep serving."
    assert shell.bannerText == "6 record(s) since 09:12 wait to be sent: 3 talk(s), 2 order(s), 1 new member(s)."


def test_the_warning_about_the_key_goes_once_the_settings_were_seen(shell: Any) -> None:
    assert shell.bannerPage == "Settings"
    shell.shown("Settings")
    assert not shell.bannerShown


def test_it_locks_when_nobody_touches_it(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    counter.clock.advance(170)
    shell.touched()
    counter.clock.advance(179)
    shell.checkIdle()
    assert shell.stage == "work"
    counter.clock.advance(1)
    shell.checkIdle()
    assert (shell.guideName, shell.stage) == ("", "lock")


def test_a_scanned_code_finds_its_order_ticket_member_or_product(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    counter.shelf.found_orders = [order("o1", NUMBER)]
    shell.scanned("101-ab7k-0042-3")
    counter.shelf.found_orders = []
    counter.shelf.by_ticket_no[NUMBER] = TicketRow(id="t1", ticket=Ticket(member_id="m1", number=NUMBER), member=None)
    shell.scanned("101-AB7K-0042-3")
    counter.shelf.by_no[MEMBER_NO] = member("m1", "许安然")
    shell.scanned(MEMBER_NO)
    counter.shelf.products["6901234567892"] = product("p1")
    shell.scanned("6901234567892")
    assert counter.heard.pages == [
        ("Orders", {"orderId": "o1"}),
        ("Tickets", {"ticketId": "t1"}),
        ("Members", {"memberId": "m1"}),
        ("Order", {"code": "6901234567892"}),
    ]


@pytest.mark.parametrize(
    "code", ["poster-3", "https://chain.example/t/poster-3", "https://chain.example/?from=poster-3"]
)
def test_a_posters_code_leads_to_the_sign_up_and_fills_in_what_brought_them(
    counter: Counter, shell: Any, code: str
) -> None:
    counter.sign_in()
    poster = TouchPoint(code="poster-3", names=Names(en="Window poster", zh="橱窗海报"), source="event")
    counter.shelf.rules = msgspec.structs.replace(counter.shelf.rules, touch_points=(poster,))
    shell.scanned(code)
    assert counter.heard.pages == [("SignUp", {"touchPoint": "poster-3"})]
    shell.scanned("https://chain.example/?from=poster-4")
    assert shell.unknownCode == "https://chain.example/?from=poster-4"


@pytest.mark.parametrize("code", ["http://[x", "//[a", "http://\u95e8\u5e97\uff1a5"])
def test_a_code_that_only_looks_like_an_address_is_an_unknown_one(counter: Counter, shell: Any, code: str) -> None:
    counter.sign_in()
    shell.scanned(code)
    assert (shell.unknownCode, counter.heard.sheets) == (code, [("Find", {"text": code})])


def test_what_hq_made_of_a_sign_up_is_told_as_it_comes_and_only_at_work(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    counter.shelf.tell(Change(state=True))
    known = AttentionRow(key="merged:1", kind="merged", code="phone_known", at="", member_id="m1", member_name="林夏")
    gift = AttentionRow(key="gift_twice:2", kind="gift_twice", code="gift_twice", at="", member_name="何佳怡")
    counter.shelf.things = [*counter.shelf.things, known]
    counter.shelf.tell(Change(state=True))
    counter.shelf.tell(Change(state=True))
    assert counter.heard.said == ["This phone was already 林夏's: both are one member now"]
    counter.shelf.things = [*counter.shelf.things, gift]
    counter.shelf.tell(Change(state=True))
    assert counter.heard.said[-1] == "何佳怡 was given the sign-up gift before; HQ knows"
    shell.lock()
    counter.shelf.things = [*counter.shelf.things, msgspec.structs.replace(known, key="merged:3")]
    counter.shelf.tell(Change(state=True))
    counter.sign_in()
    counter.shelf.tell(Change(state=True))
    assert len(counter.heard.said) == 2, "what came meanwhile stands on the list"


def test_a_count_that_ends_after_a_newer_one_tells_no_news_again(
    counter: Counter, shell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.sign_in()
    counter.shelf.tell(Change(state=True))
    gift = AttentionRow(key="gift_twice:2", kind="gift_twice", code="gift_twice", at="", member_name="何佳怡")
    begun: list[Coroutine[Any, Any, None]] = []
    monkeypatch.setattr(shell.desk, "spawn", lambda work, problem: begun.append(work))

    async def overlapping() -> None:
        gate = asyncio.Event()

        async def held() -> list[AttentionRow]:
            rows = list(counter.shelf.things)
            if gift not in rows:
                await gate.wait()
            return rows

        monkeypatch.setattr(counter.shelf, "attention", held)
        counter.shelf.tell(Change(state=True))
        older = asyncio.ensure_future(begun.pop())
        await asyncio.sleep(0.01)
        counter.shelf.things = [*counter.shelf.things, gift]
        counter.shelf.tell(Change(state=True))
        await begun.pop()
        gate.set()
        await older
        assert shell.needsYou == len(counter.shelf.things)
        counter.shelf.tell(Change(state=True))
        await begun.pop()

    asyncio.run(overlapping())
    assert counter.heard.said == ["何佳怡 was given the sign-up gift before; HQ knows"]


def test_handed_over_it_scans_nothing_and_a_lock_ends_it(counter: Counter, shell: Any) -> None:
    shell.handOver()
    assert shell.stage == "lock"
    counter.sign_in()
    shell.handOver()
    counter.shelf.by_no[MEMBER_NO] = member("m1", "许安然")
    shell.scanned(MEMBER_NO)
    assert (shell.stage, counter.heard.pages) == ("handed", [])
    shell.lock()
    counter.sign_in()
    assert shell.stage == "work"
    shell.handOver()
    shell.handedBack()
    assert shell.stage == "work"


def test_before_it_locks_it_says_so_and_a_touch_keeps_it_open(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    counter.clock.advance(164)
    shell.checkIdle()
    assert shell.lockWords == ""
    counter.clock.advance(1)
    shell.checkIdle()
    assert "15" in shell.lockWords
    counter.clock.advance(10.5)
    shell.checkIdle()
    assert "5" in shell.lockWords
    shell.touched()
    assert shell.lockWords == ""
    counter.clock.advance(175)
    shell.checkIdle()
    assert (shell.stage, shell.lockWords != "") == ("work", True)
    counter.clock.advance(5)
    shell.checkIdle()
    assert (shell.stage, shell.lockWords) == ("lock", "")


def test_a_product_scanned_while_a_talk_is_logged_was_shown(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    shown: list[str] = []
    shell.shownScanned.connect(shown.append)
    counter.shelf.products["6901234567892"] = product("p1")
    shell.covered("LogTalk")
    shell.scanned("6901234567892")
    shell.scanned("4006381333931")
    assert (shown, counter.heard.pages, counter.heard.sheets) == (["6901234567892"], [], []), "the sheet stays"
    counter.session.lock()
    counter.sign_in()
    shell.scanned("6901234567892")
    assert counter.heard.pages == [("Order", {"code": "6901234567892"})]


def test_what_is_typed_on_top_is_looked_for_everywhere(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    shell.search("  ")
    shell.search("xa")
    assert counter.heard.sheets == [("Find", {"text": "xa"})]


def test_an_unknown_code_is_said_and_kept(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    shell.scanned("  4006381333931 ")
    assert shell.unknownCode == "4006381333931"
    assert counter.heard.sheets == [("Find", {"text": "4006381333931"})], "and it can be looked for otherwise"
    assert counter.heard.said == ["This code is not known here: 4006381333931"]


def test_a_locked_tablet_hears_no_scanner(counter: Counter, shell: Any) -> None:
    shell.scanned("4006381333931")
    assert (counter.heard.said, shell.unknownCode) == ([], "")


def test_a_code_read_before_enrolment_is_for_enrolling(counter: Counter, shell: Any) -> None:
    heard: list[str] = []
    shell.enrolScanned.connect(heard.append)
    counter.shelf.info = None
    shell.open()
    shell.scanned("https://hq.example.com#K7")
    assert heard == ["https://hq.example.com#K7"]


def test_the_rail_shows_where_one_is(shell: Any) -> None:
    shell.shown("Orders")
    assert [row.key for row in shell.rail.rows if row.selected] == ["Order"]
    shell.shown("Attention")
    assert not [row for row in shell.rail.rows if row.selected]


def test_a_change_of_no_concern_reads_nothing(counter: Counter, shell: Any) -> None:
    counter.shelf.waits = SIX
    counter.shelf.tell(Change(refs=frozenset({Ref("stock", "p")})))
    assert shell.pillText == "In step · 2 minutes ago"


def test_it_locks_when_hq_takes_its_rights_and_leads_back_to_enrolment(counter: Counter, shell: Any) -> None:
    counter.sign_in()
    assert shell.stage == "work"
    counter.link.set(phase="offline", problem="revoked")
    assert shell.stage == "work", "a key that HQ does not know is HQ's trouble, not the guide's"
    counter.shelf.info = tablet(barred="tablet_locked_out")
    counter.link.set(phase="idle", problem="")
    counter.link.set(phase="offline", problem="revoked")
    assert (shell.stage, counter.session.guide) == ("lock", None)
    shell.enrolAgain()
    assert shell.stage == "enrol"
    shell.enrolEnded()
    assert shell.stage == "lock"
