"""The Printer port: one job at a time, in a worker thread, given up the moment somebody cancels."""

from __future__ import annotations

import asyncio
import threading

from guide_app.adapters.printing.delivery import Patience, deliver
from guide_app.adapters.printing.escpos import job
from guide_app.adapters.printing.links import Stop, Stopped, open_link
from guide_app.domain.errors import NotPrinted
from guide_app.domain.receipt import Document
from guide_app.services.ports.printing import PrinterChoice


class ReceiptPrinter:
    """Prints by ESC/POS. A second job waits for the first: two tablets that share a printer are its own affair."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._turn = asyncio.Lock()

    async def print(self, choice: PrinterChoice, document: Document) -> None:
        """As the port says; NotPrinted("printer_none") where no printer was chosen."""
        if not choice.there:
            raise NotPrinted("printer_none")
        async with self._turn:
            cancelled = threading.Event()
            try:
                await asyncio.to_thread(self._print, choice, document, cancelled.is_set)
            finally:
                cancelled.set()

    def _print(self, choice: PrinterChoice, document: Document, stop: Stop) -> None:
        try:
            link = open_link(choice, self._patience.connect_s, stop)
            try:
                deliver(link, job(document, choice), self._patience, answers=choice.answers)
            finally:
                link.close()
        except Stopped:
            return  # nobody waits for it any more
