"""The pictures of products as QML shows them: opened by a thread of ours, decoded by Qt's own.

QML is given the whole picture as its address. An image provider in Python would be asked by Qt's reader thread, which
then waits for the interpreter while the screen's thread, that has it, waits for the reader: both stand still for ever.
"""

from __future__ import annotations

import base64
import logging

from PySide6.QtGui import QImage

from guide_app.services.ports.catalogue import Files

log = logging.getLogger(__name__)


def address(files: Files, sha256: str) -> str:
    """A picture as a ``data:`` address (RFC 2397); "" where it is not here or cannot be read. It blocks."""
    try:
        content = files.read(sha256)
    except Exception:
        log.exception("a picture could not be opened")
        return ""
    if not content:
        return ""
    if QImage.fromData(content).isNull():
        log.error("a picture could not be decoded: %s", sha256)
        return ""
    return "data:image/webp;base64," + base64.b64encode(content).decode("ascii")
