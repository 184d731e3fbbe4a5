"""Brings the bytes of a job to a printer and stays until it is known what became of them. Blocking.

A printer that answers is asked before anything is sent, so that no receipt begins on the last centimetre of paper; and
behind the last byte, in its turn, so that "printed" means printed. One that cannot answer is sent the job and believed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from guide_app.adapters.printing import condition
from guide_app.adapters.printing.links import Link
from guide_app.domain.errors import NotPrinted


@dataclass(frozen=True)
class Patience:
    """Seconds to wait: for the connection, for an answer, while the printer takes nothing more, and for the end."""

    connect_s: float = 4
    answer_s: float = 3
    stall_s: float = 8
    finish_s: float = 20


def deliver(link: Link, job: bytes, patience: Patience, *, answers: bool) -> None:
    """Raises NotPrinted, links.Stopped."""
    if not answers:
        link.write(job, patience.stall_s)
        return
    printer = _Printer(link, patience)
    printer.must_be_ready()
    link.write(job + condition.IN_ITS_TURN, patience.stall_s)
    printer.must_end()


class _Printer:
    """What is known of the printer at the other end."""

    def __init__(self, link: Link, patience: Patience) -> None:
        self._link, self._patience = link, patience
        self._answers: list[int] = []
        self._silence = "printer_silent"
        self._ended = False

    def must_be_ready(self) -> None:
        """Raises NotPrinted with what keeps it from printing, or "printer_silent"."""
        asked = (condition.PRINTER, condition.OFFLINE, condition.ERROR, condition.PAPER)
        if wrong := condition.problem(*(self._ask(what) for what in asked)):
            raise NotPrinted(wrong)

    def must_end(self) -> None:
        """Waits until all that was sent is printed; asks what is wrong while it is not."""
        self._silence = "printer_stalled"
        until = time.monotonic() + self._patience.finish_s
        while not self._ended:
            self._listen(1.0)
            if not self._ended:
                self.must_be_ready()
            if not self._ended and time.monotonic() > until:
                raise NotPrinted("printer_stalled")

    def _ask(self, what: int) -> int:
        self._answers.clear()
        self._link.write(condition.question(what), self._patience.stall_s)
        until = time.monotonic() + self._patience.answer_s
        while not self._answers:
            left = until - time.monotonic()
            if left <= 0:
                raise NotPrinted(self._silence)
            self._listen(left)
        return self._answers[0]

    def _listen(self, within_s: float) -> None:
        for byte in self._link.read(within_s):
            if condition.is_answer(byte):
                self._answers.append(byte)
            elif condition.is_turn(byte):
                self._ended = True
