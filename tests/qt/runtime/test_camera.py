"""Scanning by camera, through the same port as the tablet's own: real codes, turned, small, noisy, in bad light."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zxingcpp
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from guide_app.adapters.codes import Codes
from ui.runtime import camera
from ui.runtime.camera import CameraScanner, Trouble, looked_at
from ui.runtime.frames import QtFrames

EAN, CODE_128, QR = "6901234567892", "101-AB7K-0042-3", "https://hq.example.com/p/weekend"
KINDS = {
    EAN: zxingcpp.BarcodeFormat.EAN13,
    CODE_128: zxingcpp.BarcodeFormat.Code128,
    QR: zxingcpp.BarcodeFormat.QRCode,
}
WIDE, HIGH = 1280, 720


class Frames:
    """A camera whose pictures the test takes."""

    def __init__(self, trouble: Trouble | None = None) -> None:
        self.trouble = trouble
        self.running = False
        self.framed: Callable[[QImage], None] = lambda _: None
        self.failed: Callable[[Trouble], None] = lambda _: None

    def start(self, framed: Callable[[QImage], None], failed: Callable[[Trouble], None]) -> None:
        self.framed, self.failed, self.running = framed, failed, self.trouble is None
        if self.trouble is not None:
            failed(self.trouble)

    def stop(self) -> None:
        self.running = False


class Watch:
    """What a scanner told, and a clock."""

    def __init__(self, qtbot: QtBot, trouble: Trouble | None = None) -> None:
        self.now, self.read, self.shown = 100.0, list[str](), 0
        self.frames = Frames(trouble)
        self.scanner = CameraScanner(self.frames, Codes(), lambda: self.now)
        self.scanner.scanned.connect(self.read.append)
        self.scanner.framed.connect(self._count)
        self._qtbot = qtbot
        self.scanner.start()

    def _count(self, _: QImage) -> None:
        self.shown += 1

    def sees(self, image: QImage, times: int = 1, every: float = 0.1) -> str:
        """Pictures come; what the scanner makes of the last one."""
        for _ in range(times):
            self.now += every
            self.frames.framed(image)
            self.settle()
        return self.scanner._sight

    def settle(self) -> None:
        """Until nothing is looked at."""
        self._qtbot.waitUntil(lambda: not self.scanner._looking, timeout=10_000)


@pytest.fixture
def watch(qtbot: QtBot) -> Iterator[Watch]:
    made = Watch(qtbot)
    yield made
    made.scanner.stop()


def code(text: str, scale: int = 4) -> QImage:
    """The code as it is printed."""
    drawn: Any = zxingcpp.create_barcode(text, KINDS[text]).to_image(scale=scale)
    pixels: Any = memoryview(drawn)
    height, width = pixels.shape
    return QImage(bytes(pixels), width, height, width, QImage.Format.Format_Grayscale8).copy()


def picture(text: str, *, turned: float = 0, scale: int = 3, noise: int = 0, light: int = 255) -> QImage:
    """What a camera sees of it: in the middle of something, turned, in this light, with so much noise on each pixel."""
    seen = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    seen.fill(QColor(200, 190, 180))
    painter = QPainter(seen)
    laid = code(text, scale).convertToFormat(QImage.Format.Format_RGB32).transformed(QTransform().rotate(turned))
    painter.drawImage((WIDE - laid.width()) // 2, (HIGH - laid.height()) // 2, laid)
    painter.fillRect(seen.rect(), QColor(0, 0, 0, 255 - light))
    painter.end()
    return noisy(seen, noise) if noise else seen


def noisy(image: QImage, noise: int) -> QImage:
    chosen = random.Random(5)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytearray(grey.constBits())
    spread = [chosen.randint(-noise, noise) for _ in range(9973)]
    pixels[:] = bytes(min(255, max(0, value + spread[n % 9973])) for n, value in enumerate(pixels))
    return QImage(bytes(pixels), grey.width(), grey.height(), grey.bytesPerLine(), grey.format()).copy()


@pytest.mark.parametrize("text", KINDS)
@pytest.mark.parametrize("turned", [0, 90, 180, 270, 7, -12])
def test_codes_are_read_in_any_direction(watch: Watch, text: str, turned: float) -> None:
    assert watch.sees(picture(text, turned=turned), times=2) == "seeing"
    assert (watch.read, watch.shown) == ([text], 2)


@pytest.mark.parametrize("text", KINDS)
def test_codes_are_read_through_noise_small_and_in_poor_light(watch: Watch, text: str) -> None:
    watch.sees(picture(text, noise=60), times=2)
    assert watch.read == [text]
    watch.now += 10
    watch.sees(picture(text, scale=2, noise=15, light=130), times=2)
    assert watch.read == [text, text]


def test_two_codes_in_one_picture_are_both_read(watch: Watch) -> None:
    both = picture(EAN)
    painter = QPainter(both)
    painter.drawImage(30, 20, code(QR, 5))
    painter.end()
    watch.sees(both, times=3)
    assert sorted(watch.read) == sorted([EAN, QR])


def test_a_code_that_is_held_counts_once_and_again_once_it_was_away(watch: Watch) -> None:
    watch.sees(picture(EAN), times=20, every=0.3)
    assert watch.read == [EAN]
    watch.now += camera.AGAIN_S + 0.1
    watch.sees(picture(EAN), times=2)
    assert watch.read == [EAN, EAN]


def test_one_look_alone_is_not_believed(watch: Watch) -> None:
    watch.sees(picture(EAN))
    watch.sees(picture(CODE_128))
    assert watch.read == []


@pytest.mark.parametrize(("colour", "sight"), [("black", "dark"), ("white", "bright"), ("gray", "seeing")])
def test_bad_light_is_said(watch: Watch, colour: str, sight: str) -> None:
    plain = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    plain.fill(QColor(colour))
    assert watch.sees(plain) == sight
    assert watch.read == []


def test_a_picture_without_a_code_leads_to_advice_and_a_code_ends_it(watch: Watch) -> None:
    plain = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    plain.fill(QColor("gray"))
    assert [watch.sees(plain), watch.sees(plain, every=camera.FAR_S)] == ["seeing", "far"]
    assert watch.sees(picture(QR)) == "seeing"


@pytest.mark.parametrize("trouble", ["no_camera", "refused", "broken"])
def test_what_keeps_a_camera_from_working_is_said(qtbot: QtBot, trouble: Trouble) -> None:
    watch = Watch(qtbot, trouble)
    assert watch.scanner._sight == trouble
    watch.frames.trouble = None
    watch.scanner.start()
    watch.sees(picture(EAN), times=2)
    assert watch.read == [EAN]
    watch.scanner.stop()


def test_pictures_that_come_while_one_is_looked_at_are_shown_and_let_go(watch: Watch) -> None:
    for _ in range(5):
        watch.frames.framed(picture(EAN))
    watch.settle()
    assert (watch.shown, watch.read) == (5, [])
    watch.sees(picture(EAN))
    assert (watch.shown, watch.read) == (6, [EAN])


def test_what_was_seen_before_it_was_closed_counts_no_more(watch: Watch, qtbot: QtBot) -> None:
    watch.sees(picture(EAN))
    watch.frames.framed(picture(EAN))
    watch.scanner.stop()
    watch.frames.framed(picture(EAN))
    qtbot.wait(300)
    assert (watch.read, watch.scanner._sight, watch.frames.running) == ([], "off", False)


def test_wide_pictures_are_made_smaller_and_an_empty_one_shows_nothing() -> None:
    assert looked_at(Codes(), picture(QR).scaledToWidth(4000)).codes == (QR,)
    assert looked_at(Codes(), QImage()).codes == ()


def test_a_tablet_without_a_camera_says_so_at_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.runtime.frames._device", lambda: None)
    scanner: Any = CameraScanner(QtFrames(), Codes(), lambda: 0.0)
    scanner.start()
    assert scanner._sight == "no_camera"
    scanner.stop()
    assert scanner._sight == "off"
