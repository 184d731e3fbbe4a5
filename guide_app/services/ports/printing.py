"""Printers and papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Protocol

import msgspec

from guide_app.domain.receipt import Document
from guide_app.services.ports.base import View


class PrinterChoice(View, frozen=True):
    """The receipt printer of this tablet. `network`: raw TCP at host and port; `device`: a device file of the system at
    `path`, with `speed` in baud where it is a serial line. `answers`: it tells how it is when asked; `auto`: each order
    that is placed here is printed by itself."""

    kind: Literal["none", "network", "device"] = "none"
    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 9100
    path: str = ""
    speed: Literal[9600, 19200, 38400, 57600, 115200] = 9600
    columns: Literal[32, 42, 48] = 48
    charset: Literal["chinese", "western"] = "chinese"
    answers: bool = True
    auto: bool = False

    @property
    def there(self) -> bool:
        """Whether enough was said to reach one."""
        return bool({"none": "", "network": self.host, "device": self.path}[self.kind])


class PrinterSetting(Protocol):
    """Which printer this tablet has; kept outside the encrypted store, as it is the tablet's and not the shop's."""

    choice: PrinterChoice

    def keep(self, choice: PrinterChoice) -> None:
        """Takes the choice and saves it. Raises NotSaved("preferences"); the choice holds until the app ends then."""

    def devices(self) -> Sequence[str]:
        """Device files of the system behind which a printer may be."""


class Printer(Protocol):
    """What brings a document onto paper; never in the UI thread."""

    async def print(self, choice: PrinterChoice, document: Document) -> None:
        """Returns once the printer has told that all of it is printed, or, where it cannot tell, that all was sent. May
        be cancelled: what the printer holds by then may still come out.

        Raises NotPrinted("printer_…"), its code saying what is wrong.
        """


class PrintedPapers(Protocol):
    """Which receipts came out of this tablet's printer: the next of an order is a copy."""

    async def at(self, order_id: str) -> str:
        """When the receipt was printed first (RFC 3339 UTC); empty where it was not."""

    async def note(self, order_id: str) -> None:
        """It came out whole, now. Raises NotSaved."""


class PaperPlace(View, frozen=True):
    """A folder that a file can be saved in; `name`: what a drive is called."""

    path: str
    kind: Literal["documents", "downloads", "drive"]
    name: str = ""


class PaperFiles(Protocol):
    """Documents as PDF files."""

    def places(self) -> Sequence[PaperPlace]:
        """Where one can be saved now: the account's folders, then the drives that are plugged in."""

    async def save(self, document: Document, place: PaperPlace) -> str:
        """Writes it beside what is there; its path. Raises NotSaved("disk_full" | "disk_failed"),
        BadInput("place_gone")."""
