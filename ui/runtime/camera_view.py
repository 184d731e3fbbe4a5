"""What the camera sees, as an item of a page: drawn by the painter, so that every backend of Qt Quick shows it."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from ui.runtime.camera import CameraScanner

QML_IMPORT_NAME = "StoreGuide"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class CameraView(QQuickPaintedItem):
    """Set `camera`; the picture fills the item, its edges are cut where the shapes differ."""

    cameraChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._camera: CameraScanner | None = None
        self._image = QImage()

    def _get_camera(self) -> QObject | None:
        return self._camera

    def _set_camera(self, camera: QObject | None) -> None:
        if self._camera is None and isinstance(camera, CameraScanner):
            self._camera = camera
            camera.framed.connect(self._show)
            self.cameraChanged.emit()

    camera = Property(QObject, _get_camera, _set_camera, notify=cameraChanged)

    def paint(self, painter: QPainter) -> None:
        """Qt: draws the newest picture."""
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(0, 0, self.width(), self.height()).center())
        painter.drawImage(place, self._image)

    def _show(self, image: QImage) -> None:
        self._image = image
        self.update()
