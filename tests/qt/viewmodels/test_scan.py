"""The sheet of the camera: where a code leads, what is said, and that nobody looks once it is gone."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal

from tests.qt.viewmodels.fakes import Counter
from ui.viewmodels.scan import ScanViewModel

SIGHTS = ("off", "starting", "seeing", "dark", "bright", "far", "no_camera", "refused", "broken")


class Camera(QObject):
    """A camera that sees what it is told."""

    changed = Signal()
    scanned = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sight = "off"

    def see(self, sight: str) -> None:
        self.sight = sight
        self.changed.emit()

    def start(self) -> None:
        self.see("starting")

    def stop(self) -> None:
        self.see("off")


@pytest.fixture
def sheet(counter: Counter) -> Any:
    counter.sign_in()
    led: list[str] = []
    put_in: list[str] = []
    model: Any = ScanViewModel(counter.desk, Camera(), led.append, put_in.append, counter.session)
    model.led, model.put_in = led, put_in
    return model


def test_a_code_leads_where_a_scanners_does_and_the_sheet_goes(sheet: Any, counter: Counter) -> None:
    sheet.enter({})
    assert sheet.camera.sight == "starting"
    sheet.camera.scanned.emit("6901234567892")
    assert (sheet.led, sheet.put_in, counter.heard.sheets) == (["6901234567892"], [], [("", {})])


def test_codes_go_into_the_basket_one_after_the_other(sheet: Any, counter: Counter) -> None:
    sheet.enter({"into": "basket"})
    for code in ("6901234567892", "4006381333931"):
        sheet.camera.scanned.emit(code)
    assert (sheet.led, sheet.put_in, counter.heard.sheets) == ([], ["6901234567892", "4006381333931"], [])
    assert sheet.last == "Read: 4006381333931"
    sheet.enter({})
    assert sheet.last == ""


def test_everything_that_it_may_see_is_said_in_its_own_words(sheet: Any) -> None:
    words = []
    for sight in SIGHTS:
        sheet.camera.see(sight)
        words.append(sheet.words)
        assert sheet.trouble is (sight in ("no_camera", "refused", "broken"))
        assert sheet.again is (sight in ("refused", "broken"))
    assert len(set(words)) == len(SIGHTS)


def test_nobody_looks_once_the_sheet_or_the_guide_is_gone(sheet: Any, counter: Counter) -> None:
    sheet.enter({})
    sheet.stop()
    assert sheet.camera.sight == "off"
    sheet.start()
    counter.session.lock()
    assert sheet.camera.sight == "off"
