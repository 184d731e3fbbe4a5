"""Enrolment: nothing typed is lost, and each failure has its own words."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.errors import BadInput, EnvironmentProblem, NoNetwork, Refused
from tests.qt.viewmodels.fakes import Counter
from ui.viewmodels.enrol import EnrolViewModel


@pytest.fixture
def enrol(counter: Counter) -> Any:
    return EnrolViewModel(counter.desk, counter.link, counter.looks, counter.looks.apply)


def test_one_text_fills_address_and_code(counter: Counter, enrol: Any) -> None:
    enrol.typeCode("https://hq.example.com#ABCD-1234")
    assert (enrol.address, enrol.code, enrol.ready) == ("https://hq.example.com", "ABCD-1234", True)
    enrol.typeName(" Till 1 ")
    enrol.enrol()
    assert counter.link.enrolled == [("https://hq.example.com", "ABCD-1234", "Till 1")]
    assert enrol.code == ""


def test_a_scan_enrols_at_once(counter: Counter, enrol: Any) -> None:
    enrol.scanned("https://hq.example.com#XY")
    assert counter.link.enrolled == [("https://hq.example.com", "XY", "Counter tablet")]


@pytest.mark.parametrize(
    ("error", "field", "words"),
    [
        (Refused("enrol_code"), "code", "does not know this code"),
        (NoNetwork("no_network"), "address", "did not answer"),
        (BadInput("url"), "address", "no address of an HQ"),
        (Refused("app_old"), "", "too old for HQ"),
        (Refused("never_heard"), "", "never_heard"),
    ],
)
def test_a_failure_keeps_what_was_typed(
    counter: Counter, enrol: Any, error: EnvironmentProblem, field: str, words: str
) -> None:
    counter.link.refuses = error
    enrol.typeAddress("hq.example.com")
    enrol.typeCode("K1")
    enrol.enrol()
    assert (enrol.address, enrol.code, enrol.busy, enrol.problemField) == ("hq.example.com", "K1", False, field)
    assert words in enrol.problem
    enrol.typeCode("K2")
    assert enrol.problem == ""


def test_a_second_tap_does_nothing_while_hq_is_asked(counter: Counter, enrol: Any) -> None:
    enrol.typeCode("hq.example.com#K1")
    counter.work.paused = True
    enrol.enrol()
    enrol.enrol()
    assert enrol.busy
    counter.work.run()
    assert len(counter.link.enrolled) == 1


def test_nothing_is_asked_without_a_code(counter: Counter, enrol: Any) -> None:
    enrol.typeAddress("hq.example.com")
    enrol.enrol()
    assert (enrol.ready, counter.link.enrolled) == (False, [])


def test_the_language_is_switched_before_anything_else(counter: Counter, enrol: Any) -> None:
    enrol.setLanguage("zh_CN")
    enrol.setLanguage("zh_CN")
    assert (enrol.language, counter.looks.saved, counter.looks.applied) == ("zh_CN", 1, 1)


def test_a_tablet_that_was_enrolled_before_can_go_back(enrol: Any) -> None:
    ended = []
    enrol.done.connect(lambda: ended.append(1))
    assert not enrol.again
    enrol.beginAgain()
    assert enrol.again
    enrol.goBack()
    assert (enrol.again, ended) == (False, [1])
    enrol.beginAgain()
    enrol.scanned("https://hq.example.com#XY")
    assert (enrol.again, ended) == (False, [1, 1])
