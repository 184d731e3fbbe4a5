"""The log: a rotating file without personal data. What looks like a phone number, a PIN's hash or a key is masked.

Masking is the second line of defence; the first is that no code logs such a thing.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path

from guide_app.adapters.files import make_folder

_BYTES, _FILES = 1 << 20, 5
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SECRET = re.compile(r"\$argon2\S+|(?<![\w+/-])[A-Za-z0-9+/_-]{43}=?(?![\w+/-])")
_PHONE = re.compile(r"(?<![\w.-])\+?\d(?:[ -]?\d){6,14}(?![\w-])")


def mask(text: str) -> str:
    """The text with hashes, 32-byte keys in base64 and runs of 7 to 15 digits hidden but for the last two."""
    return _PHONE.sub(lambda found: "****" + found[0][-2:], _SECRET.sub("[secret]", text))


class MaskingFormatter(logging.Formatter):
    """Masks the whole message, the traceback too; the time of day stays as it is."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        time = len(record.asctime)
        return text[:time] + mask(text[time:])


def set_up(folder: Path | None, level: str) -> logging.Handler:
    """Sends the log to ``store-guide.log`` in the folder (5 files of 1 MiB), or to stderr where there is none.

    Returns the handler; the caller closes it with `take_down`. Raises OSError when the folder cannot be written.
    """
    handler: logging.Handler
    if folder is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        make_folder(folder)
        handler = logging.handlers.RotatingFileHandler(
            folder / "store-guide.log", maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8"
        )
    handler.setFormatter(MaskingFormatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every request at INFO
    logging.captureWarnings(capture=True)
    return handler


def take_down(handler: logging.Handler) -> None:
    """Undoes `set_up`."""
    logging.captureWarnings(capture=False)
    logging.getLogger().removeHandler(handler)
    handler.close()
