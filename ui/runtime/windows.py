"""What every window of the app is made of: our fonts, an engine with icons and pages, a language and a look."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import PySide6.QtQuick  # noqa: F401  (without it the root object is no QQuickWindow)
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

import assets
import ui.qml
from guide_app.domain.errors import Defect
from guide_app.services.ports.device import Preferences
from ui.runtime.icons import IconProvider
from ui.runtime.translations import CatalogueTranslator

QML = Path(ui.qml.__file__).parent
FAMILY = "Noto Sans SC"
FONTS = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-SemiBold.ttf")


def load_fonts() -> None:
    """Our own font in both weights: names must not break for want of a system's."""
    for name in FONTS:
        if QFontDatabase.addApplicationFont(str(assets.path(name))) < 0:
            raise Defect(f"the font {name} cannot be read")
    QGuiApplication.setFont(QFont(FAMILY))


def load_window(file: str, properties: Mapping[str, object]) -> tuple[QQmlApplicationEngine, QQuickWindow]:
    """The window that a QML file describes, not shown yet, and its engine, which must live as long."""
    engine = QQmlApplicationEngine()
    engine.addImageProvider("icon", IconProvider())
    engine.addImportPath(str(QML))
    engine.setInitialProperties(dict(properties))
    engine.load(str(QML / file))
    roots: list[QObject] = engine.rootObjects()
    if not roots or not isinstance(roots[0], QQuickWindow):
        raise Defect(f"the window {file} does not open")
    return engine, roots[0]


def show(window: QQuickWindow, *, windowed: bool) -> None:
    """On the whole screen, as a tablet does, or as a window."""
    if windowed:
        window.show()
    else:
        window.showFullScreen()


class Looks:
    """How a window speaks and looks, as the preferences say."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._translator: CatalogueTranslator | None = None

    def speak(self) -> None:
        """From now on the app speaks the chosen language."""
        self.hush()
        self._translator = CatalogueTranslator(self._preferences.language)
        _application().installTranslator(self._translator)

    def hush(self) -> None:
        """Takes the language away."""
        if self._translator is not None:
            _application().removeTranslator(self._translator)
            self._translator = None

    def paint(self, window: QQuickWindow) -> None:
        """Dark or light, size of text, motion."""
        chosen = self._preferences
        window.setProperty("dark", chosen.theme == "dark" or (chosen.theme == "system" and _system_is_dark()))
        window.setProperty("textScale", chosen.text_scale)
        window.setProperty("reduceMotion", chosen.reduce_motion)


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme().name == "Dark"


def _application() -> QCoreApplication:
    app = QGuiApplication.instance()
    if app is None:
        raise Defect("there is no application")
    return app
