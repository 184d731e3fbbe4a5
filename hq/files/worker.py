"""Files that people bring are opened in a process of their own: what is in them may take memory and time without end.

The port `Renditions` is what HQ's features know; another kind of file gets another method, done by the same process.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import msgspec

from guide_app.domain.errors import Refused
from hq.files.pictures import MOST_BYTES, MOST_PIXELS, Made, Rendering
from hq.files.port import BlobsFailed
from hq.files.rendering import FAILING, Answer, Task
from hq.files.sizes import MATERIAL, PRODUCT

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
    """Makes what tablets show of what people bring. Every method raises Refused, and BlobsFailed for HQ's own disk."""

    def picture(self, source: BinaryIO) -> Made:
        """A product's picture; see `hq.files.pictures.make`, and its refusals."""

    def sizes(self, source: BinaryIO) -> tuple[Rendering, ...]:
        """A material's picture in its sizes, the small one first; refused as `hq.files.pictures.drawn`."""

    def pages(self, source: BinaryIO) -> int:
        """How many pages a PDF has; refused as `hq.files.papers.examine`."""

    def page(self, source: BinaryIO, page: int) -> tuple[Rendering, ...]:
        """One of them, from 1, in a material's sizes; refused as pdf_broken or pdf_heavy."""

    def poster(self, source: BinaryIO) -> tuple[Rendering, ...]:
        """The picture that stands for a film, in a material's sizes; refused as film_undecodable."""


class Worker:
    """The port by a process for each task, which ends with it."""

    def __init__(self, limits: Limits = USUAL) -> None:
        self._limits = limits

    def picture(self, source: BinaryIO) -> Made:
        """Also refused: picture_memory and picture_slow (it needs more than there is for it), picture_failed (it ends
        the process)."""
        return Made(*self._drawn(source, Task("picture", PRODUCT, self._limits.pixels)))

    def sizes(self, source: BinaryIO) -> tuple[Rendering, ...]:
        return self._drawn(source, Task("picture", MATERIAL, self._limits.pixels))

    def pages(self, source: BinaryIO) -> int:
        return self._done(source, Task("pdf", pixels=self._limits.pixels)).pages

    def page(self, source: BinaryIO, page: int) -> tuple[Rendering, ...]:
        return self._drawn(source, Task("page", MATERIAL, page=page))

    def poster(self, source: BinaryIO) -> tuple[Rendering, ...]:
        return self._drawn(source, Task("poster", MATERIAL))

    def _drawn(self, source: BinaryIO, task: Task) -> tuple[Rendering, ...]:
        return tuple(Rendering(*one) for one in self._done(source, task).sizes)

    def _done(self, source: BinaryIO, task: Task) -> Answer:
        if task.what == "picture" and source.seek(0, os.SEEK_END) > MOST_BYTES:
            raise Refused("picture_bytes")
        with _on_disk(source) as file:
            told = self._run(file, task)
        if told.refused:
            raise Refused(told.refused, told.detail)
        return told

    def _run(self, file: BinaryIO, task: Task) -> Answer:
        megabytes, seconds, _pixels = map(str, self._limits)
        told = msgspec.json.encode(task).decode()
        command = [sys.executable, "-m", "hq.files.rendering", megabytes, seconds, told]
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "LANG")}
        failing = FAILING[task.what]
        with _ONE_AT_A_TIME:
            try:
                done = subprocess.run(  # noqa: S603  (our own module)
                    command, stdin=file, capture_output=True, timeout=self._limits.seconds, check=False, cwd=_ROOT,
                    env={**kept, "PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": "1"},
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return Answer(refused=failing.time, detail="time")
        if done.returncode:
            why = failing.time if done.returncode == -signal.SIGXCPU else failing.otherwise
            return Answer(refused=why, detail=f"ended {done.returncode}")
        try:
            return msgspec.msgpack.decode(done.stdout, type=Answer)
        except msgspec.MsgspecError:
            return Answer(refused=failing.otherwise, detail="answer")


@contextmanager
def _on_disk(source: BinaryIO) -> Iterator[BinaryIO]:
    """The file as one on the disk, opened for the worker alone: whoever shares an open file shares its place in it."""
    try:
        path = getattr(source, "name", None)
        if isinstance(path, str) and Path(path).is_file():
            source.flush()
            with Path(path).open("rb") as file:
                yield file
            return
        with tempfile.TemporaryFile() as file:
            source.seek(0)
            shutil.copyfileobj(source, file)
            file.seek(0)
            yield file
    except OSError as error:
        raise BlobsFailed(error.strerror or type(error).__name__) from error
