"""Which printer this tablet has, in a small JSON file beside the preferences."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from guide_app.adapters.files import make_folder, write_whole
from guide_app.domain.errors import NotSaved
from guide_app.services.ports.printing import PrinterChoice

_DEVICES = ("usb/lp*", "ttyUSB*", "ttyACM*")

log = logging.getLogger(__name__)


class FilePrinterSetting:
    """The PrinterSetting port. A file that cannot be read leaves the tablet without a printer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.choice = self._read()

    def keep(self, choice: PrinterChoice) -> None:
        """As the port says."""
        self.choice = choice
        try:
            make_folder(self._path.parent)
            write_whole(self._path, msgspec.json.format(msgspec.json.encode(choice), indent=2) + b"\n")
        except OSError as error:
            raise NotSaved("preferences", type(error).__name__) from error

    def devices(self) -> Sequence[str]:
        """USB printers first, then serial lines."""
        return [str(path) for pattern in _DEVICES for path in sorted(Path("/dev").glob(pattern))]

    def _read(self) -> PrinterChoice:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=PrinterChoice)
        except FileNotFoundError:
            return PrinterChoice()
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("the printer's setting cannot be read, none is used: %s", type(error).__name__)
            return PrinterChoice()
