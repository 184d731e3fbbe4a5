"""Files that people bring are opened in a process of their own: what is in them may take memory and time without end.

The port `Renditions` is what HQ's features know; another kind of file gets another method, done by the same process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import msgspec

from guide_app.domain.errors import Refused
from hq.files.pictures import MOST_BYTES, MOST_PIXELS, Made, Rendering
from hq.files.rendering import Answer

_ROOT = Path(__file__).parents[2]
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
"""A process of HQ has one worker at work; others wait their turn."""


class Limits(NamedTuple):
    """`megabytes` of address space, `seconds` by the clock, `pixels` of a picture."""

    megabytes: int = 1400
    seconds: int = 30
    pixels: int = MOST_PIXELS


USUAL = Limits()


class Renditions(Protocol):
    """Makes what tablets show of what people bring."""

    def picture(self, source: BinaryIO) -> Made:
        """See `hq.files.pictures.make`, and its refusals."""


class Worker:
    """The port by a process for each file, which ends with it."""

    def __init__(self, limits: Limits = USUAL) -> None:
        self._limits = limits

    def picture(self, source: BinaryIO) -> Made:
        """Also refused as picture_pixels is what needs more memory, as picture_broken what needs more time, or ends the
        process."""
        source.seek(0)
        content = source.read(MOST_BYTES + 1)  # one more, and it is refused as too large
        told = self._run(content)
        if told.refused:
            raise Refused(told.refused, told.detail)
        thumb, large = (Rendering(*one) for one in told.sizes)
        return Made(thumb, large)

    def _run(self, content: bytes) -> Answer:
        command = [sys.executable, "-m", "hq.files.rendering", *map(str, self._limits)]
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "LANG")}
        with _ONE_AT_A_TIME:
            try:
                done = subprocess.run(  # noqa: S603  (our own module)
                    command, input=content, capture_output=True, timeout=self._limits.seconds, check=False, cwd=_ROOT,
                    env={**kept, "PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1"},
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return Answer(refused="picture_broken", detail="time")
        if done.returncode:
            return Answer(refused="picture_broken", detail=f"ended {done.returncode}")
        try:
            return msgspec.msgpack.decode(done.stdout, type=Answer)
        except msgspec.MsgspecError:
            return Answer(refused="picture_broken", detail="answer")
