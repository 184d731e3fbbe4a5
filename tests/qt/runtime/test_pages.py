"""Pages come to be when they are first opened: one view-model each, made once, told what it was opened with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

import ui.qml
from guide_app.domain.errors import Defect
from ui.runtime import pages
from ui.runtime.pages import PAGES, PARTS, STAGES, Pages
from ui.viewmodels.base import ViewModel


class Shell(QObject):
    """The frame, as far as the pages need it."""

    stageChanged = Signal()

    def __init__(self, *_: object) -> None:
        super().__init__()
        self.standing, self.again, self.seen = "", False, [""]

    def shown(self, page: str) -> None:
        self.seen.append(page)

    def retranslate(self) -> None:
        self.seen.append("retranslated")


class Page(ViewModel):
    """Writes down what it is told."""

    def __init__(self, name: str) -> None:
        super().__init__(None)  # type: ignore[arg-type]  # it does nothing
        self.name, self.told = name, list[Any]()

    def enter(self, arguments: Any) -> None:
        self.told.append(dict(arguments))

    def retranslate(self) -> None:
        self.told.append("retranslated")


@pytest.fixture
def made(qapp: object, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[str]]:
    """The pages with a shell and view-models that only listen; the names of those made."""
    names: list[str] = []

    def maker(name: str) -> Any:
        def make(_: object) -> Page:
            names.append(name)
            return Page(name)

        return make

    monkeypatch.setattr(pages, "ShellViewModel", Shell)
    monkeypatch.setattr(pages, "Readers", lambda **_: None)
    monkeypatch.setattr(pages, "PAGES", {name: maker(name) for name in PAGES})
    return Pages(Anything(), None, lambda: None), names  # type: ignore[arg-type]  # nothing of them is used


class Anything:
    """A container that has whatever it is asked for."""

    warnings = ()

    def __getattr__(self, name: str) -> Anything:
        return self


def test_a_page_is_made_when_it_is_opened_and_only_once(made: tuple[Any, list[str]]) -> None:
    page, names = made
    assert names == []
    page.opened("Members", {"memberId": "m"})
    page.opened("Members", {})
    page.sheet_opened("LogTalk", {"memberId": "m"})
    assert names == ["Members", "LogTalk"]
    assert page.model("Members").told == [{"memberId": "m"}, {}]
    assert page.shell.seen == ["", "Members", "Members"], "a sheet is no page"
    assert page.model("Members").parent() is page, "QML would take what nobody owns for its own"


def test_a_stage_opens_the_page_that_stands_alone(made: tuple[Any, list[str]]) -> None:
    page, names = made
    page.shell.standing, page.shell.again = "enrol", True
    page.shell.stageChanged.emit()
    assert (names, page.model("Enrol").told) == (["Enrol"], [{"again": True}])
    page.shell.standing = "work"
    page.shell.stageChanged.emit()
    assert names == ["Enrol", "MissingOrders"], "at work the returns to finish hear of the network on whatever page"
    assert [page.alone(stage) for stage in ("lock", "work", "")] == ["Lock", "", ""]


def test_only_what_was_made_hears_of_another_language(made: tuple[Any, list[str]]) -> None:
    page, names = made
    page.opened("Today", {})
    page.retranslate()
    assert (names, page.model("Today").told, page.shell.seen[-1]) == (["Today"], [{}, "retranslated"], "retranslated")


def test_nothing_happens_by_itself_once_the_window_is_closed(made: tuple[Any, list[str]]) -> None:
    page, _ = made
    timers = [QTimer(page.shell), QTimer(page.model("Today"))]
    for timer in timers:
        timer.start(60_000)
    page.hush()
    assert [timer.isActive() for timer in timers] == [False, False]


@pytest.mark.parametrize("sheet", PARTS)
def test_a_sheet_of_a_page_stands_on_its_view_model_and_opens_nothing_anew(
    made: tuple[Any, list[str]], sheet: str
) -> None:
    pages, names = made
    pages.sheet_opened(sheet, {})
    assert names == []
    assert pages.model(sheet) is pages.model(PARTS[sheet])
    assert names == [PARTS[sheet]]


def test_a_page_that_is_none_is_our_mistake(made: tuple[Any, list[str]]) -> None:
    with pytest.raises(Defect, match="Nowhere"):
        made[0].model("Nowhere")


def test_every_page_has_its_file() -> None:
    folder = Path(ui.qml.__file__).parent / "Pages"
    assert [name for name in {*PAGES, *PARTS} if not (folder / f"{name}.qml").exists()] == []
    assert set(STAGES.values()) <= set(PAGES)


def test_no_page_is_imported_before_it_is_opened() -> None:
    code = "import sys, ui.runtime.screen; print(*sorted(m for m in sys.modules if m.startswith('ui.viewmodels.')))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.rpartition(".")[2] for name in told.stdout.split()}
    assert loaded <= {"base", "pictures", "problems", "scans", "shell", "waiting", "words"}, loaded
