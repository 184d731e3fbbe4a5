"""Pictures of what a window shows, in every look a person may choose, under ``build/pictures/``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtQuick import QQuickWindow

from tests.qt.walker import lay_out

FOLDER = Path(__file__).resolve().parents[2] / "build" / "pictures"
LANDSCAPE, PORTRAIT = (1280, 800), (800, 1280)


@dataclass(frozen=True)
class Look:
    """How the tablet is held and set. `size` in dp; `text_scale` 1.0 to 1.3."""

    size: tuple[int, int] = LANDSCAPE
    language: str = "en"
    dark: bool = False
    text_scale: float = 1.0

    def __str__(self) -> str:
        way = "landscape" if self.size[0] > self.size[1] else "portrait"
        parts = [way, self.language, "dark" if self.dark else "light", f"{round(self.text_scale * 100)}"]
        return "-".join(parts)


LOOKS = tuple(
    Look(size, language, dark, scale)
    for size, language, dark, scale in product((LANDSCAPE, PORTRAIT), ("en", "zh_CN"), (False, True), (1.0, 1.3))
)


def hold(window: QQuickWindow, look: Look) -> None:
    """Turns the window as the look says and lets it lay itself out."""
    window.resize(QSize(*look.size))
    lay_out(window.contentItem())


def take(window: QQuickWindow, name: str, look: Look) -> Path:
    """Draws the window into a file named by the page and the look, and returns where it is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}-{look}.png"
    if not window.grabWindow().save(str(path)):
        raise AssertionError(f"{path} cannot be written")
    return path
