"""The lock and the PIN pad: choosing, six digits, wrong PINs, the wait, and a PIN of one's own."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.services.ports.engine import Waiting
from guide_app.services.ports.writing import Change
from tests.qt.viewmodels.fakes import GU, LIN, PIN, ZHOU, Counter, tablet
from ui.viewmodels.lock import LockViewModel


@pytest.fixture
def lock(counter: Counter) -> Any:
    model = LockViewModel(
        counter.desk, counter.session, counter.any_shelf, counter.any_shelf, counter.link, counter.any_shelf,
        counter.clock, counter.looks, counter.looks.apply,
    )  # fmt: skip
    model.open()
    return model


def types(pad: Any, pin: str) -> None:
    for digit in pin:
        pad.digit(digit)


def test_it_shows_who_serves_and_greets_by_the_shops_hour(lock: Any) -> None:
    assert [(row.name, row.role) for row in lock.people.rows][-1] == ("顾明珊", "Store manager")
    assert (lock.clock, lock.day, lock.greeting) == ("14:26", "Saturday 21 November", "Choose your name")
    lock.choose(LIN)
    assert (lock.chosenId, lock.greeting) == (LIN, "Good afternoon, 林晓棠")
    assert [row.selected for row in lock.people.rows] == [True, False, False]
    lock.choose(LIN)
    assert not lock.pad.enabled


def test_the_sixth_digit_signs_in(counter: Counter, lock: Any) -> None:
    lock.choose(LIN)
    types(lock.pad, PIN[:5])
    lock.pad.backspace()
    assert lock.pad.digits == 4
    types(lock.pad, PIN[4:])
    assert counter.session.guide_id == LIN
    assert counter.heard.pages == [("Today", {})]
    assert (lock.chosenId, lock.pad.digits) == ("", 0)


def test_wrong_pins_are_counted_and_lead_to_a_wait(counter: Counter, lock: Any) -> None:
    lock.choose(LIN)
    types(lock.pad, "000001")
    assert lock.pad.problem == "Wrong PIN. 2 try(s) left."
    types(lock.pad, "000001" * 2)
    assert lock.pad.problem == "Too many wrong PINs. Try again in 60 second(s)."
    types(lock.pad, PIN)
    assert (lock.pad.digits, counter.session.guide) == (0, None)
    lock.choose(GU)
    assert lock.pad.enabled
    lock.choose(LIN)
    counter.clock.advance(59.5)
    lock.pad.tick()
    assert lock.pad.waitSeconds == 1
    counter.clock.advance(1)
    lock.pad.tick()
    types(lock.pad, PIN)
    assert counter.session.guide_id == LIN


def test_a_pin_of_hqs_must_be_replaced_by_ones_own(counter: Counter, lock: Any) -> None:
    lock.choose(ZHOU)
    types(lock.pad, PIN)
    assert (lock.pad.stage, lock.pad.hint) == ("new", "Choose a new PIN of 6 digits")
    types(lock.pad, "123456")
    assert "too easy" in lock.pad.problem
    types(lock.pad, PIN)
    assert "is the old one" in lock.pad.problem
    types(lock.pad, "520873")
    types(lock.pad, "520874")
    assert lock.pad.problem.startswith("The two were not the same")
    types(lock.pad, "520873" * 2)
    assert [draft.kind for _, draft in counter.shelf.drafts] == ["staff.set_pin"]
    assert counter.session.guide_id == ZHOU
    assert counter.heard.pages == [("Today", {})]


def test_it_says_what_waits(counter: Counter, lock: Any) -> None:
    assert lock.stateDetail == "Nothing waits to be sent. Last in step 2 minutes ago."
    counter.shelf.waits = Waiting(by_kind={"talk.log": 1}, oldest="2026-11-21T01:12:00.000Z", parked=0)
    counter.link.set(phase="offline")
    counter.shelf.tell(Change(state=True))
    assert lock.offline
    assert lock.stateDetail.startswith("1 record(s) since 09:12 wait to be sent: 1 talk(s).")


def test_the_language_is_switched_and_kept(counter: Counter, lock: Any) -> None:
    lock.setLanguage("zh_CN")
    lock.setLanguage("klingon")
    assert (lock.language, counter.looks.saved, counter.looks.applied) == ("zh_CN", 1, 1)


def test_locking_forgets_the_last_guide(counter: Counter, lock: Any) -> None:
    lock.choose(LIN)
    types(lock.pad, PIN[:3])
    counter.sign_in(GU)
    counter.session.lock()
    assert (lock.chosenId, lock.pad.digits, lock.chosenName) == ("", 0, "")


@pytest.mark.parametrize(
    ("barred", "title"),
    [("tablet_locked_out", "Locked by HQ"), ("authorisation_ended", "HQ was not heard for too long")],
)
def test_a_tablet_without_its_rights_opens_for_nobody_and_says_what_to_do(
    counter: Counter, lock: Any, barred: Any, title: str
) -> None:
    counter.shelf.info = tablet(barred=barred)
    lock.open()
    assert (lock.barred, lock.stateTitle) == (True, title)
    assert "opens for nobody" in lock.stateDetail
    lock.choose(LIN)
    types(lock.pad, PIN)
    assert counter.session.guide is None
    assert "opens for nobody" in lock.pad.problem
    asked = []
    lock.enrolAsked.connect(lambda: asked.append(1))
    lock.enrolAgain()
    assert asked == [1]
