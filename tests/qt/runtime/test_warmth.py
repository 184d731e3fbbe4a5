"""Pages are prepared one by one from the first frame of the lock on, and what was prepared is ready to be shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtQml import QQmlEngine
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest

from ui.runtime import warmth
from ui.runtime.warmth import FIRST, THEN, Warmth
from ui.runtime.windows import QML

MODULES = {"LogTalk": "talk", "SignUp": "sign_up"}


class Asked:
    """The pages: whose view-model was asked for, in order. A module registers its type for QML."""

    def __init__(self, stage: str) -> None:
        self.shell = SimpleNamespace(standing=stage)
        self.names: list[str] = []

    def model(self, name: str) -> None:
        self.names.append(name)
        import_module(f"ui.viewmodels.{MODULES.get(name, name.lower())}")


def waited(condition: Callable[[], bool]) -> bool:
    """Lets Qt go on until something is so, or patience ends."""
    return any(condition() or QTest.qWait(20) for _ in range(500))


@pytest.fixture
def prepared(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Starts warming pages of a stage; pages rest a moment only."""
    monkeypatch.setattr(warmth, "REST_MS", 1)
    engine, window = QQmlEngine(), QQuickWindow()
    engine.addImportPath(str(QML))

    def start(stage: str) -> tuple[Asked, Warmth, QQuickWindow]:
        asked: Any = Asked(stage)
        return asked, Warmth(engine, window, asked), window

    yield start
    window.destroy()


def test_the_first_page_comes_with_the_locks_first_frame_and_the_others_follow(prepared: Any) -> None:
    asked, warm, window = prepared("lock")
    QTest.qWait(20)
    assert asked.names == [], "nothing before the lock is drawn"
    window.frameSwapped.emit()
    window.frameSwapped.emit()
    assert waited(lambda: len(asked.names) == 1 + len(THEN))
    assert asked.names == [FIRST, *THEN], "each once"
    assert waited(lambda: all(not one.isLoading() for one in warm._kept))
    assert [one.errorString() for one in warm._kept if not one.isReady()] == []


def test_a_tablet_that_is_not_enrolled_yet_has_something_else_to_do(prepared: Any) -> None:
    asked, _, window = prepared("first_sync")
    window.frameSwapped.emit()
    QTest.qWait(20)
    assert asked.names == []
    asked.shell.standing = "lock"
    window.frameSwapped.emit()
    assert waited(lambda: bool(asked.names))
