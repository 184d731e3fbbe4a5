"""Pictures from this tablet's own camera, by QtMultimedia: loaded when somebody scans with it for the first time."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QCamera, QCameraDevice, QMediaCaptureSession, QMediaDevices, QVideoFrame, QVideoSink

from ui.runtime.camera import Trouble

EVERY_S = 0.08
"""Pictures that come sooner after one another are let go: to turn one into pixels takes the screen's thread a while."""


class QtFrames(QObject):
    """Implements `ui.runtime.camera.FrameSource`; of several cameras the one at the back."""

    def __init__(self) -> None:
        super().__init__()
        self._framed: Callable[[QImage], None] = _nobody
        self._failed: Callable[[Trouble], None] = _nobody
        self._session: QMediaCaptureSession | None = None
        self._wanted, self._last = False, 0.0

    def start(self, framed: Callable[[QImage], None], failed: Callable[[Trouble], None]) -> None:
        """Asks for the permission where the system wants that; then opens the camera."""
        self._framed, self._failed, self._wanted = framed, failed, True
        app, permission = QCoreApplication.instance(), QCameraPermission()
        if app is None or app.checkPermission(permission) == Qt.PermissionStatus.Granted:
            self._open()
        elif app.checkPermission(permission) == Qt.PermissionStatus.Denied:
            failed("refused")
        else:
            app.requestPermission(permission, self, self._answered)

    def stop(self) -> None:
        """Lets the camera go."""
        self._wanted, self._framed, self._failed = False, _nobody, _nobody
        if self._session is not None:
            camera = self._session.camera()
            if camera is not None:
                camera.stop()
            self._session.deleteLater()
            self._session = None

    def _answered(self, permission: QCameraPermission) -> None:
        app = QCoreApplication.instance()
        if not self._wanted:
            return
        if app is not None and app.checkPermission(permission) == Qt.PermissionStatus.Granted:
            self._open()
        else:
            self._failed("refused")

    def _open(self) -> None:
        device = _device()
        if device is None:
            self._failed("no_camera")
            return
        self._session = QMediaCaptureSession(self)
        camera, sink = QCamera(device, self._session), QVideoSink(self._session)
        camera.errorOccurred.connect(self._broke)
        sink.videoFrameChanged.connect(self._frame)
        if camera.isFocusModeSupported(QCamera.FocusMode.FocusModeAutoNear):
            camera.setFocusMode(QCamera.FocusMode.FocusModeAutoNear)
        self._session.setCamera(camera)
        self._session.setVideoSink(sink)
        camera.start()

    def _broke(self, error: QCamera.Error, _words: str) -> None:
        if error != QCamera.Error.NoError:
            self._failed("broken")

    def _frame(self, frame: QVideoFrame) -> None:
        now = time.monotonic()
        if now - self._last < EVERY_S or not frame.isValid():
            return
        self._last = now
        self._framed(frame.toImage())


def _device() -> QCameraDevice | None:
    """The camera at the back, else the system's own choice."""
    devices = QMediaDevices.videoInputs()
    back = (device for device in devices if device.position() == QCameraDevice.Position.BackFace)
    chosen = next(back, QMediaDevices.defaultVideoInput())
    return None if chosen.isNull() else chosen


def _nobody(_told: object) -> None:
    """Nobody listens any more."""
