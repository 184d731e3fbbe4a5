"""Scanning with the tablet's camera: what it sees in words, and where a code leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from guide_app.services.session import Session
from ui.viewmodels.base import QML_MODULE, Desk, ViewModel, tr

QML_IMPORT_NAME = QML_MODULE
QML_IMPORT_MAJOR_VERSION = 1

TROUBLE = frozenset({"no_camera", "refused", "broken"})
BASKET = "basket"


@QmlElement
class ScanViewModel(ViewModel):
    """The sheet with the picture of `camera`, a `ui.runtime.camera.CameraScanner`. Opened for the basket it stays,
    and each code goes there; else a code leads where a hardware scanner's does."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        camera: QObject,
        lead: Callable[[str], None],
        put_in: Callable[[str], None],
        session: Session,
    ) -> None:
        super().__init__(desk)
        self._camera = cast(Any, camera)
        self._lead, self._put_in = lead, put_in
        self._for_basket, self._last = False, ""
        camera.setParent(self)
        self._camera.changed.connect(self.changed)
        self._camera.scanned.connect(self._on_code)
        session.subscribe(lambda _: self.stop())

    @Property(QObject, constant=True)
    def camera(self) -> QObject:
        """What brings the picture."""
        camera: QObject = self._camera
        return camera

    @Property(bool, notify=changed)
    def trouble(self) -> bool:
        """Whether there is no picture, and will be none by waiting."""
        return self._camera.sight in TROUBLE

    @Property(bool, notify=changed)
    def again(self) -> bool:
        """Whether it is worth trying again."""
        return self._camera.sight in ("refused", "broken")

    @Property(str, notify=changed)
    def words(self) -> str:
        """What the camera sees, or why it sees nothing, and what to do."""
        said = {
            "off": tr("The camera is off"),
            "starting": tr("The camera starts"),
            "seeing": tr("Hold a barcode or QR code into the picture"),
            "dark": tr("Too dark: turn towards the light, or type the code into the search"),
            "bright": tr("Too bright: tilt it a little, so that it does not reflect"),
            "far": tr("Hold the code flat and still, a hand's width away"),
            "no_camera": tr("This tablet has no camera. Use a scanner, or type the code into the search."),
            "refused": tr("The camera may not be used. Allow it in the system's settings, then try again."),
            "broken": tr("The camera does not answer; another program may be using it. Close that, then try again."),
        }
        return said[self._camera.sight]

    @Property(str, notify=changed)
    def last(self) -> str:
        """The code read last, since the sheet was opened."""
        return tr("Read: %1", self._last) if self._last else ""

    def enter(self, arguments: Mapping[str, Any]) -> None:
        """`into`: "basket" where codes go into the basket."""
        self._for_basket, self._last = arguments.get("into") == BASKET, ""
        self.start()

    @Slot()
    def start(self) -> None:
        """Opens the camera, or tries again."""
        self._camera.start()

    @Slot()
    def stop(self) -> None:
        """The sheet is gone: nobody looks any more."""
        self._camera.stop()

    @Slot()
    def close(self) -> None:
        """The sheet goes, the page stays."""
        self.desk.go.closeSheet()

    @Slot()
    def retranslate(self) -> None:
        """The language changed."""
        self.changed.emit()

    def _on_code(self, code: str) -> None:
        self._last = code
        self.changed.emit()
        if self._for_basket:
            self._put_in(code)
        else:
            self.close()
            self._lead(code)
