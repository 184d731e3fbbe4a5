"""The pictures of products for QML's ``image://product/<sha256>/<n>``: opened and decoded in Qt's reader thread."""

from __future__ import annotations

import logging

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtQml import QQmlImageProviderBase
from PySide6.QtQuick import QQuickImageProvider

from guide_app.services.ports import Files

log = logging.getLogger(__name__)


class PictureProvider(QQuickImageProvider):
    """A picture that is not here, or that cannot be read, is one clear pixel: what stands behind it shows."""

    def __init__(self, files: Files) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image, QQmlImageProviderBase.Flag.ForceAsynchronousImageLoading)
        self._files = files

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N802, N803, A002  (Qt's own)
        """Qt: the picture for one address."""
        try:
            content = self._files.read(id.partition("/")[0])
            image = QImage.fromData(content) if content else QImage()
        except Exception:
            log.exception("a picture could not be opened")
            image = QImage()
        if image.isNull():
            image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
        elif requestedSize.isValid() and (
            image.width() > requestedSize.width() or image.height() > requestedSize.height()
        ):
            kept, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            image = image.scaled(requestedSize, kept, smooth)
        return image
