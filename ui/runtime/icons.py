"""The pictures of assets/icons in any colour, for QML's ``image://icon/<name>/<colour>/<stroke width>``."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

import assets

DRAWN = 48


class IconProvider(QQuickImageProvider):
    """Draws an icon with its stroke in the colour asked for."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N802, N803, A002  (Qt's own)
        """Qt: the picture for one address."""
        name, _, rest = id.partition("/")
        colour, _, stroke = rest.partition("/")
        wanted = requestedSize if requestedSize.isValid() else QSize(DRAWN, DRAWN)
        image = QImage(wanted, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)  # transparent
        drawing = (
            svg(name).replace("currentColor", _colour(colour)).replace('stroke-width="2"', f'stroke-width="{stroke}"')
        )
        renderer = QSvgRenderer(QByteArray(drawing.encode()))
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        return image


@cache
def svg(name: str) -> str:
    """The source of one icon. Raises FileNotFoundError for a name that is not there: our bug."""
    return assets.path(f"icons/{name}.svg").read_text(encoding="utf-8")


def _colour(hexadecimal: str) -> str:
    """SVG has no #AARRGGBB: the alpha that Qt writes first is left out."""
    return f"#{hexadecimal[-6:]}"
