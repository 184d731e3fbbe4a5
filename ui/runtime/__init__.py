"""Qt's application and event loop, and what every page needs of them."""

from ui.runtime.app import run

__all__ = ["run"]
