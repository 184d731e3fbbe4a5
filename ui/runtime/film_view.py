"""A film as an item of a page: drawn by the painter, so that every backend of Qt Quick shows it."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from ui.runtime.film import FilmPlayer

QML_IMPORT_NAME = "StoreGuide"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class FilmView(QQuickPaintedItem):
    """Set `player` and `film`, a file's SHA-256. The film is let go with the item."""

    changed = Signal()
    playerChanged = Signal()
    filmChanged = Signal()
    ended = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._player: FilmPlayer | None = None
        self._film = ""
        self._image = QImage()

    def _get_player(self) -> QObject | None:
        return self._player

    def _set_player(self, player: QObject | None) -> None:
        if self._player is None and isinstance(player, FilmPlayer):
            self._player = player
            player.framed.connect(self._show)
            player.changed.connect(self.changed)
            player.ended.connect(self.ended)
            player.open(self._film)
            self.playerChanged.emit()

    def _get_film(self) -> str:
        return self._film

    def _set_film(self, film: str) -> None:
        if film != self._film:
            self._film = film
            if self._player is not None:
                self._player.open(film)
            self.filmChanged.emit()

    player = Property(QObject, _get_player, _set_player, notify=playerChanged)
    film = Property(str, _get_film, _set_film, notify=filmChanged)

    @Property(bool, notify=changed)
    def playing(self) -> bool:
        """Whether it runs."""
        return self._player is not None and self._player.playing

    @Property(bool, notify=changed)
    def broken(self) -> bool:
        """Whether it cannot be played here."""
        return self._player is not None and self._player.broken

    @Property(bool, notify=changed)
    def begun(self) -> bool:
        """Whether a picture of it was shown."""
        return not self._image.isNull()

    @Property(int, notify=changed)
    def at(self) -> int:
        """Where it stands, ms."""
        return self._player.position if self._player else 0

    @Property(int, notify=changed)
    def length(self) -> int:
        """How long it is, ms."""
        return self._player.duration if self._player else 0

    @Slot()
    def toggle(self) -> None:
        """Plays or stands still."""
        if self._player is not None:
            (self._player.pause if self._player.playing else self._player.play)()

    @Slot(int)
    def seek(self, ms: int) -> None:
        """Goes to a place."""
        if self._player is not None:
            self._player.seek(ms)

    @Slot()
    def close(self) -> None:
        """Lets the film go."""
        if self._player is not None:
            self._player.close()

    def paint(self, painter: QPainter) -> None:
        """Qt: draws the newest picture, whole."""
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(0, 0, self.width(), self.height()).center())
        painter.drawImage(place, self._image)

    def _show(self, image: QImage) -> None:
        first, self._image = self._image.isNull(), image
        if first:
            self.changed.emit()
        self.update()
