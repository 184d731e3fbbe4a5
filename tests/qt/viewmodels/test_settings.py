"""Settings: what is chosen holds at once and is kept; the tablet says who it is; a new PIN."""

from __future__ import annotations

from typing import Any

import pytest

from guide_app.domain.errors import NotSaved
from guide_app.domain.records import FileRef, Picture
from guide_app.services.ports.catalogue import FilesView
from guide_app.services.ports.engine import WorkProof
from guide_app.services.ports.writing import Change
from tests.qt.viewmodels.fakes import PIN, Counter
from ui.viewmodels.pictures import Pictures
from ui.viewmodels.settings import SettingsViewModel


@pytest.fixture
def page(counter: Counter) -> Any:
    model = SettingsViewModel(
        counter.desk, counter.session, counter.state, counter.any_shelf, counter.clock, counter.looks,
        counter.looks.apply, "0.1.0", counter.papers, "key_file",
    )  # fmt: skip
    counter.sign_in()
    model.open()
    return model


def test_every_choice_holds_at_once_and_is_kept(counter: Counter, page: Any) -> None:
    page.setLanguage("zh_CN")
    page.setTheme("dark")
    page.setTextScale(1.3)
    page.setReduceMotion(True)
    looks = counter.looks
    assert (looks.language, looks.theme, looks.text_scale, looks.reduce_motion) == ("zh_CN", "dark", 1.3, True)
    assert (looks.saved, looks.applied) == (4, 4)


def test_what_is_not_offered_is_not_taken(counter: Counter, page: Any) -> None:
    page.setLanguage("fr")
    page.setTheme("pink")
    page.setTextScale(4.0)
    assert counter.looks.saved == 0


def test_the_tablet_says_who_it_is(page: Any) -> None:
    lines = {row.key: row.value for row in page.identity.rows}
    assert lines == {
        "shop": "Wutong Road",
        "store_code": "101",
        "device": "Counter tablet 2",
        "letters": "AB",
        "hq": "https://hq.example.com",
        "version": "0.1.0",
    }
    assert (page.dataNote, page.stateTitle) == ("Synthetic data", "In step with HQ")
    assert "no key store" in page.keyWarning


def test_a_new_pin_is_typed_twice_after_the_old_one(counter: Counter, page: Any) -> None:
    page.changePin()
    assert (page.changingPin, page.pad.hint) == (True, "Type your current PIN")
    for digit in PIN + "520873" * 2:
        page.pad.digit(digit)
    assert [draft.kind for _, draft in counter.shelf.drafts] == ["staff.set_pin"]
    assert not page.changingPin
    assert counter.heard.said == ["Your new PIN holds from now on"]


def test_a_wrong_old_pin_is_told_at_the_end(counter: Counter, page: Any) -> None:
    page.changePin()
    for digit in "111112" + "520873" * 2:
        page.pad.digit(digit)
    assert page.pad.problem == "Wrong PIN. 2 try(s) left."
    assert counter.shelf.drafts == []
    page.cancelPin()
    assert not page.changingPin


def test_a_diagnostics_file_is_written_and_said_where(counter: Counter, page: Any) -> None:
    page.saveDiagnostics()
    assert counter.heard.said == ["Saved: Documents/store-guide-20261121-140000.json"]


def test_a_diagnostics_file_that_cannot_be_written_is_said_too(counter: Counter, page: Any) -> None:
    counter.papers.problem = NotSaved("disk_full")
    page.saveDiagnostics()
    assert counter.heard.said == []
    assert counter.heard.problems == ["disk_full"]


def _work(counter: Counter, page: Any, proof: WorkProof) -> tuple[str, str, str]:
    counter.shelf.work = proof
    counter.shelf.tell(Change(state=True))
    return page.workTitle, page.workDetail, page.workTone


def test_the_days_work_is_proved_by_its_numbers(counter: Counter, page: Any) -> None:
    assert (page.workTitle, page.workDetail) == ("Today's work: operations 131–148", "All of them are at HQ.")
    assert (page.workTone, page.workIcon) == ("good", "cloud-check")
    since, until = counter.shelf.asked
    assert (since, until) == ("2026-11-20T16:00:00.000Z", "2026-11-21T16:00:00.000Z")


def test_what_of_the_days_work_waits_or_is_parked_is_named(counter: Counter, page: Any) -> None:
    waits = WorkProof(first=1, last=148, waiting=3, parked=(17, 20, 21), missing=())
    assert _work(counter, page, waits) == (
        "Today's work: operations 1–148", "3 of them still wait(s) here. HQ is looking at 17, 20–21.",
        "warn",
    )  # fmt: skip
    parked = WorkProof(first=7, last=7, waiting=0, parked=(7,), missing=())
    assert _work(counter, page, parked) == (
        "Today's work: operations 7", "All of them are at HQ. HQ is looking at 7.", "good",
    )  # fmt: skip


def test_a_number_that_is_missing_is_told_first(counter: Counter, page: Any) -> None:
    missing = WorkProof(first=1, last=9, waiting=2, parked=(), missing=(4, 5, 8))
    assert _work(counter, page, missing) == (
        "Today's work: operations 1–9", "Missing on this tablet: 4–5, 8. Tell HQ.", "bad",
    )  # fmt: skip
    nothing = WorkProof(first=0, last=0, waiting=0, parked=(), missing=())
    assert _work(counter, page, nothing) == ("Nothing was done on this tablet today", "", "good")


@pytest.mark.parametrize(
    ("stands", "words", "tone"),
    [
        (FilesView(here=1203, here_bytes=45 << 20), "1,203 (45 MB)", ""),
        (FilesView(here=3, here_bytes=1 << 20, coming=12), "3 (1 MB), 12 on the way", ""),
        (FilesView(here=3, coming=12, problem="disk_low"), "3 (1 MB). The disk is nearly full: pictures make", "warn"),
        (FilesView(problem="disk_full"), "0 (1 MB). The disk is full: no further ones are kept", "warn"),
        (FilesView(problem="disk_failed"), "0 (1 MB). The tablet's memory failed: no further ones are kept", "warn"),
    ],
)  # fmt: skip
def test_how_pictures_stand_is_said(counter: Counter, page: Any, stands: FilesView, words: str, tone: str) -> None:
    counter.files.stands = stands
    page.open()
    line = next(row for row in page.held.rows if row.key == "files")
    assert line.value.startswith(words)
    assert line.tone == tone


def test_a_picture_is_opened_once_and_again_when_it_comes(counter: Counter) -> None:
    opened, here = list[str](), {"b" * 64: "data:b"}

    def opens(sha256: str) -> str:
        opened.append(sha256)
        return here.get(sha256, "")

    pictures = Pictures(counter.files, opens, counter.work.spawn)
    shown = Picture(thumb=FileRef(sha256="a" * 64, bytes=1), large=FileRef(sha256="b" * 64, bytes=1))
    assert (pictures.thumb([shown]), pictures.thumb([shown]), pictures.thumb([])) == ("", "", "")
    assert opened == ["a" * 64], "what is not here is asked for once"
    counter.files.came("c" * 64)
    assert opened == ["a" * 64]
    here["a" * 64] = "data:a"
    counter.files.came("a" * 64)
    assert (pictures.thumb([shown]), opened) == ("data:a", ["a" * 64] * 2)
    pictures.large([shown])
    assert pictures.large([shown]) == [{"source": "data:b", "before": "data:a"}]
    assert opened == ["a" * 64, "a" * 64, "b" * 64]


def test_the_pictures_used_least_leave_the_memory(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.viewmodels.pictures._ROOM", 100)
    opened = list[str]()

    def opens(sha256: str) -> str:
        opened.append(sha256)
        return sha256[0] * 40

    pictures = Pictures(counter.files, opens, counter.work.spawn)

    def look(letter: str) -> str:
        ref = FileRef(sha256=letter * 64, bytes=1)
        pictures.thumb([Picture(thumb=ref, large=ref)])
        return pictures.thumb([Picture(thumb=ref, large=ref)])

    assert [look(letter) for letter in "abac"] == ["a" * 40, "b" * 40, "a" * 40, "c" * 40]
    assert (look("a"), len(opened)) == ("a" * 40, 3)
    assert (look("b"), len(opened)) == ("b" * 40, 4)
