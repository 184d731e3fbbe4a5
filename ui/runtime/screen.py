"""The window with everything in it: engine, fonts, translators, navigation, toasts, scanner and the pages."""

from __future__ import annotations

from functools import partial

from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from guide_app.domain.errors import Defect
from guide_app.services.container import Container
from guide_app.services.ports.shop import StaffRow
from ui.runtime.figures import LocalFigures
from ui.runtime.navigator import Navigator
from ui.runtime.pages import Pages
from ui.runtime.pictures import address
from ui.runtime.scanner import ScanCatcher
from ui.runtime.toasts import Toasts
from ui.runtime.warmth import Warmth
from ui.runtime.windows import Looks, load_window, show
from ui.viewmodels.base import Desk, Spawn
from ui.viewmodels.pictures import Pictures


class Screen:
    """One window. `spawn` starts work in the event loop."""

    def __init__(
        self,
        container: Container,
        spawn: Spawn,
        *,
        windowed: bool = True,
    ) -> None:
        self._container = container
        self._looks = Looks(container.preferences)
        self.toasts, self.navigator = Toasts(), Navigator()
        self.figures = LocalFigures(container.clock, container.preferences.language)
        self._pictures = Pictures(container.files, partial(address, container.files), spawn)
        desk = Desk(spawn, self.toasts, self.figures, self.navigator, self._pictures)
        self._engine: QQmlApplicationEngine | None = None
        self._window: QQuickWindow | None = None
        container.do.session.subscribe(self._on_session)  # subscribed first, it hears last: after every page
        self.pages = Pages(container, desk, self.apply_look)
        self.navigator.opened.connect(self.pages.opened)
        self.navigator.sheetOpened.connect(self.pages.sheet_opened)
        self.navigator.changed.connect(lambda: self.pages.covered(self.navigator.over))
        self._scanner = ScanCatcher(container.clock.monotonic, lambda: self._window and self._window.activeFocusItem())
        self._scanner.scanned.connect(self.pages.shell.scanned)
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
        self._looks.speak()
        self.figures.set_language(self._container.preferences.language)
        if self._engine is not None:
            self._engine.retranslate()
            self.pages.retranslate()
        if self._window is not None:
            self._looks.paint(self._window)

    def close(self) -> None:
        """Engine first, view-models after: bindings never see them gone."""
        if self._engine is not None:
            if self._window is not None:
                self._window.removeEventFilter(self._scanner)
            self._looks.hush()
            self.pages.hush()
            self._engine.deleteLater()
            self._engine, self._window = None, None

    def _open(self, windowed: bool) -> None:
        shell = self.pages.shell
        self._engine, self._window = load_window(
            "Main.qml", {"shell": shell, "pages": self.pages, "navigator": self.navigator, "toasts": self.toasts}
        )
        self._window.installEventFilter(self._scanner)
        self.apply_look()
        Warmth(self._engine, self._window, self.pages)
        show(self._window, windowed=windowed)
        shell.open()
        self._spawn(self._zone(), self.toasts.problem)

    async def _zone(self) -> None:
        tablet = await self._container.read.shop.tablet()
        if tablet is not None:
            self.figures.set_zone(tablet.time_zone)

    def _on_session(self, guide: StaffRow | None) -> None:
        self.navigator.reset()
        self.toasts.clear()
        if guide is not None:
            self._spawn(self._zone(), self.toasts.problem)
