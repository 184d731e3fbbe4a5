"""The window with everything in it: engine, fonts, translators, navigation, toasts, scanner and the pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import PySide6.QtQuick  # noqa: F401  (without it the root object is no QQuickWindow)
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

import assets
import ui.qml
from guide_app.domain.errors import Defect
from guide_app.services.container import Container
from guide_app.services.ports import StaffRow
from ui.runtime.figures import LocalFigures
from ui.runtime.icons import IconProvider
from ui.runtime.navigator import Navigator
from ui.runtime.pages import Pages, make_pages
from ui.runtime.scanner import ScanCatcher
from ui.runtime.toasts import Toasts
from ui.runtime.translations import CatalogueTranslator
from ui.viewmodels.base import Desk

QML = Path(ui.qml.__file__).parent
FAMILY = "Noto Sans SC"
FONTS = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-SemiBold.ttf")


def load_fonts() -> None:
    """Our own font in both weights: names must not break for want of a system's."""
    for name in FONTS:
        if QFontDatabase.addApplicationFont(str(assets.path(name))) < 0:
            raise Defect(f"the font {name} cannot be read")
    QGuiApplication.setFont(QFont(FAMILY))


class Screen:
    """One window. `spawn` starts work in the event loop."""

    def __init__(
        self,
        container: Container,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        *,
        windowed: bool = True,
    ) -> None:
        self._container = container
        self._translator: CatalogueTranslator | None = None
        self.toasts, self.navigator = Toasts(), Navigator()
        self.figures = LocalFigures(container.clock, container.preferences.language)
        desk = Desk(spawn, self.toasts, self.figures, self.navigator)
        self._engine: QQmlApplicationEngine | None = None
        self._window: QQuickWindow | None = None
        self.pages: Pages = make_pages(container, desk, self.apply_look)
        self.navigator.opened.connect(self.pages.opened)
        self.navigator.sheetOpened.connect(self.pages.sheet_opened)
        container.do.session.subscribe(self._on_session)
        self._scanner = ScanCatcher(container.clock.monotonic, lambda: self._window and self._window.activeFocusItem())
        self._scanner.scanned.connect(self.pages.shell.scanned)
        self.pages.shell.enrolScanned.connect(self.pages.enrol.scanned)
        self._scanner.typed.connect(self.pages.shell.touched)
        self._spawn = spawn
        self._open(windowed)

    @property
    def window(self) -> QQuickWindow:
        """The window. Raises Defect after `close`."""
        if self._window is None:
            raise Defect("the window is closed")
        return self._window

    def apply_look(self) -> None:
        """Looks and speaks as the preferences say."""
        self._speak()
        if self._engine is not None:
            self._engine.retranslate()
            self.pages.retranslate()
        self._paint()

    def close(self) -> None:
        """Engine first, view-models after: bindings never see them gone."""
        if self._engine is not None:
            if self._window is not None:
                self._window.removeEventFilter(self._scanner)
            if self._translator is not None:
                _application().removeTranslator(self._translator)
            self._engine.deleteLater()
            self._engine, self._window = None, None

    def _open(self, windowed: bool) -> None:
        engine = self._engine = QQmlApplicationEngine()
        engine.addImageProvider("icon", IconProvider())
        engine.addImportPath(str(QML))
        pages = self.pages
        engine.setInitialProperties(
            {
                "shell": pages.shell, "lock": pages.lock, "enrol": pages.enrol, "firstSync": pages.first_sync,
                "today": pages.today, "members": pages.members, "signUp": pages.sign_up, "order": pages.order,
                "orders": pages.orders, "talk": pages.talk, "attention": pages.attention, "settings": pages.settings,
                "navigator": self.navigator, "toasts": self.toasts,
            }
        )  # fmt: skip
        engine.load(str(QML / "Main.qml"))
        roots: list[QObject] = engine.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            raise Defect("the window does not open")
        self._window = roots[0]
        self._window.installEventFilter(self._scanner)
        self.apply_look()  # only now: the thread that loads QML would wait for the translator, and we for that thread
        if windowed:
            self._window.show()
        else:
            self._window.showFullScreen()
        pages.shell.open()
        pages.lock.open()
        self._spawn(self._zone())

    async def _zone(self) -> None:
        tablet = await self._container.read.shop.tablet()
        if tablet is not None:
            self.figures.set_zone(tablet.time_zone)

    def _speak(self) -> None:
        app = _application()
        if self._translator is not None:
            app.removeTranslator(self._translator)
        self._translator = CatalogueTranslator(self._container.preferences.language)
        app.installTranslator(self._translator)
        self.figures.set_language(self._container.preferences.language)

    def _paint(self) -> None:
        if self._window is None:
            return
        chosen = self._container.preferences
        system = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self._window.setProperty("dark", chosen.theme == "dark" or (chosen.theme == "system" and system))
        self._window.setProperty("textScale", chosen.text_scale)
        self._window.setProperty("reduceMotion", chosen.reduce_motion)

    def _on_session(self, guide: StaffRow | None) -> None:
        self.navigator.reset()
        self.toasts.close()
        if guide is not None:
            self._spawn(self._zone())


def _application() -> QCoreApplication:
    app = QGuiApplication.instance()
    if app is None:
        raise Defect("there is no application")
    return app
