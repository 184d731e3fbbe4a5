"""Films of the library, by QtMultimedia: loaded when somebody plays one first, from the tablet's own files.

The film is opened by a thread of ours and played from memory: it never lies unsealed on the disk, and no network is
asked. Qt reads it in threads of its own, which must not wait for Python: it is read by Qt's own buffer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLoggingCategory, QObject, Signal
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame

QUIET = "qt.multimedia*=false"
"""Which codecs and sound this system has is not told each time: what goes wrong comes as `errorOccurred`."""

log = logging.getLogger(__name__)


class FilmPlayer(QObject):
    """One film at a time. `read`: a file that is here, whole; it blocks. `spawn` starts work in the event loop."""

    framed = Signal(QImage)
    changed = Signal()
    ended = Signal()
    """It was played to its end."""

    def __init__(
        self, read: Callable[[str], bytes | None], spawn: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        super().__init__()
        self._read, self._spawn = read, spawn
        self._wanted = ""
        self._player: QMediaPlayer | None = None
        self._buffer: QBuffer | None = None
        self.broken = False

    @property
    def playing(self) -> bool:
        """Whether it runs."""
        return self._player is not None and self._player.isPlaying()

    @property
    def position(self) -> int:
        """Where it stands, ms."""
        return self._player.position() if self._player else 0

    @property
    def duration(self) -> int:
        """How long it is, ms; 0 until that is known."""
        return self._player.duration() if self._player else 0

    def open(self, sha256: str) -> None:
        """Plays this film from its beginning; "" none."""
        if sha256 == self._wanted:
            return
        self.close()
        self._wanted = sha256
        if sha256:
            self._spawn(self._bring(sha256))

    def play(self) -> None:
        """Goes on; from the beginning where it had ended."""
        if self._player is not None:
            if self.duration and self.position >= self.duration:
                self._player.setPosition(0)
            self._player.play()

    def pause(self) -> None:
        """Stands still."""
        if self._player is not None:
            self._player.pause()

    def seek(self, ms: int) -> None:
        """Goes to a place."""
        if self._player is not None:
            self._player.setPosition(max(0, min(ms, self.duration)))
            self.changed.emit()

    def close(self) -> None:
        """Lets the film go, and the memory it took."""
        self._wanted, self.broken = "", False
        player, self._player = self._player, None
        buffer, self._buffer = self._buffer, None
        if player is not None:
            player.disconnect(self)
            player.stop()
            player.deleteLater()
        if buffer is not None:
            buffer.deleteLater()
        self.changed.emit()

    async def _bring(self, sha256: str) -> None:
        content = await asyncio.to_thread(self._read, sha256)
        if sha256 == self._wanted:
            if content is None:
                self._broke()
            else:
                self._begin(content)

    def _begin(self, content: bytes) -> None:
        QLoggingCategory.setFilterRules(QUIET)
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoSink

        self._player = player = QMediaPlayer(self)
        self._buffer = buffer = QBuffer(player)
        buffer.setData(QByteArray(content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        _settle(buffer)
        sink = QVideoSink(player)
        sink.videoFrameChanged.connect(self._frame)
        player.setVideoSink(sink)
        if not QMediaDevices.defaultAudioOutput().isNull():
            player.setAudioOutput(QAudioOutput(player))
        player.playbackStateChanged.connect(self._tell)
        player.durationChanged.connect(self._tell)
        player.positionChanged.connect(self._tell)
        player.mediaStatusChanged.connect(self._status)
        player.errorOccurred.connect(self._failed)
        player.setSourceDevice(buffer)
        player.play()

    def _frame(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self.framed.emit(frame.toImage())

    def _tell(self, _: object) -> None:
        self.changed.emit()

    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status == type(status).EndOfMedia:
            self.ended.emit()
        self.changed.emit()

    def _failed(self, _error: object, words: str) -> None:
        log.warning("a film cannot be played: %s", words)
        self._broke()

    def _broke(self) -> None:
        self.broken = True
        self.changed.emit()


def _settle(buffer: QBuffer) -> None:
    """Asks it once for all that Qt's threads will: PySide then knows that none of it is Python's."""
    buffer.peek(1)
    buffer.read(1)
    buffer.seek(0)
    for ask in (buffer.size, buffer.pos, buffer.atEnd, buffer.isSequential, buffer.bytesAvailable):
        ask()
