"""Scanning by camera: pictures come from a source, codes are looked for in a thread of their own.

No picture is kept or leaves the tablet. While one is looked at, those that come are let go: what counts is never
older than one look.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, Protocol

from PySide6.QtCore import Property, QObject, Qt, Signal
from PySide6.QtGui import QImage

from guide_app.services.ports.device import CodeReader, Seen

Trouble = Literal["no_camera", "refused", "broken"]
Sight = Literal["off", "starting", "seeing", "dark", "bright", "far", "no_camera", "refused", "broken"]
DARK, BRIGHT = 35, 240
"""Brightness of a picture, 0 to 255, below or above which no code can be made out."""
FAR_S = 6.0
"""Seconds without a code after which it is said how to hold one."""
AGAIN_S = 1.5
"""Seconds for which a code must be out of sight before it counts again: one that is held still is one scan."""
WIDEST = 1280
"""Pixels across that are looked at: more finds no more and takes longer."""


class FrameSource(Protocol):
    """Where pictures come from. Both callbacks are called in the thread of the screen."""

    def start(self, framed: Callable[[QImage], None], failed: Callable[[Trouble], None]) -> None:
        """Begins to bring pictures, or says why there are none."""

    def stop(self) -> None:
        """Ends it; the camera is free for others."""


class CameraScanner(QObject):
    """`scanned` brings each code once for as long as it is held; `framed` each picture, to be shown."""

    changed = Signal()
    framed = Signal(QImage)
    scanned = Signal(str)
    _looked = Signal(int, object)

    def __init__(self, source: FrameSource, codes: CodeReader, seconds: Callable[[], float]) -> None:
        """`seconds` is a clock that only grows."""
        super().__init__()
        self._source, self._codes, self._seconds = source, codes, seconds
        self._eye = ThreadPoolExecutor(max_workers=1, thread_name_prefix="camera")
        self._sight: Sight = "off"
        self._turn, self._looking = 0, False
        self._since = 0.0
        self._held: dict[str, float] = {}
        self._guessed: tuple[str, ...] = ()
        self._looked.connect(self._on_looked, Qt.ConnectionType.QueuedConnection)

    @Property(str, notify=changed)
    def sight(self) -> str:
        """off, starting, seeing, dark, bright, far, no_camera, refused or broken."""
        return self._sight

    def start(self) -> None:
        """Opens the camera."""
        self.stop()
        self._since, self._held, self._guessed = self._seconds(), {}, ()
        self._set("starting")
        self._source.start(self._on_frame, self._set)

    def stop(self) -> None:
        """Closes it. What is still being looked at counts no more."""
        self._turn += 1
        self._looking = False
        self._source.stop()
        self._set("off")

    def _on_frame(self, image: QImage) -> None:
        if self._sight == "off":
            return
        self.framed.emit(image)
        if not self._looking:
            self._looking, turn = True, self._turn
            self._eye.submit(self._look, turn, image)

    def _look(self, turn: int, image: QImage) -> None:
        """In the thread of the camera."""
        try:
            self._looked.emit(turn, looked_at(self._codes, image))
        except Exception as error:
            self._looked.emit(turn, error)

    def _on_looked(self, turn: int, seen: Seen | Exception) -> None:
        if isinstance(seen, Exception):
            raise seen
        if turn != self._turn:
            return
        self._looking = False
        now = self._seconds()
        if seen.codes:
            self._since = now
        self._set(self._judged(seen, now))
        for code in seen.codes:
            self._count(code, now)
        self._guessed = seen.codes

    def _judged(self, seen: Seen, now: float) -> Sight:
        if seen.codes:
            return "seeing"
        if seen.brightness < DARK:
            return "dark"
        if seen.brightness > BRIGHT:
            return "bright"
        return "far" if now - self._since > FAR_S else "seeing"

    def _count(self, code: str, now: float) -> None:
        """Two looks must agree, so that a code half in the picture is not taken for another one."""
        held = self._held.get(code)
        if held is not None and now - held <= AGAIN_S:
            self._held[code] = now
        elif code in self._guessed:
            self._held[code] = now
            self.scanned.emit(code)

    def _set(self, sight: Sight) -> None:
        if sight != self._sight:
            self._sight = sight
            self.changed.emit()


def looked_at(codes: CodeReader, image: QImage) -> Seen:
    """What a picture of any format and size shows."""
    if image.width() > WIDEST:
        image = image.scaledToWidth(WIDEST)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    if grey.isNull():
        return Seen(codes=(), brightness=0)
    return codes.read(memoryview(grey.constBits()), grey.height(), grey.bytesPerLine())
