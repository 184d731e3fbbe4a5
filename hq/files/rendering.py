"""What a worker runs: one file, its standard input, made into what tablets show, within limits that it sets itself.

`python -m hq.files.rendering MEGABYTES SECONDS TASK`, the task in JSON. Nothing of HQ is loaded: neither its settings
nor its database. It can write nothing but its answer, and its readers are loaded only by the task that needs them.
"""

from __future__ import annotations

import resource
import sys
from typing import BinaryIO, Literal

import msgspec

from guide_app.domain.errors import Refused
from hq.files import pictures
from hq.files.pictures import Rendering

What = Literal["picture", "pdf", "page", "poster"]


class Failing(msgspec.Struct, frozen=True):
    """The codes for what needs more memory or more time than there is for it, and for what ends the process."""

    memory: str
    time: str
    otherwise: str


FAILING: dict[What, Failing] = {
    "picture": Failing("picture_memory", "picture_slow", "picture_failed"),
    "pdf": Failing("pdf_heavy", "pdf_heavy", "pdf_heavy"),
    "page": Failing("pdf_heavy", "pdf_heavy", "pdf_heavy"),
    "poster": Failing("film_undecodable", "film_undecodable", "film_undecodable"),
}


class Task(msgspec.Struct, frozen=True):
    """What to do: draw a picture, look at a PDF, draw its page `page` (from 1), or draw a film's poster."""

    what: What
    sides: tuple[int, ...] = ()
    pixels: int = pictures.MOST_PIXELS
    page: int = 1


class Answer(msgspec.Struct, frozen=True):
    """Either the sizes (content, width, height), the small one first; of a PDF its `pages`; or why there are none."""

    sizes: tuple[tuple[bytes, int, int], ...] = ()
    pages: int = 0
    refused: str = ""
    detail: str = ""


def answer(source: BinaryIO, task: Task) -> Answer:
    """What becomes of the file; never raises for what a file may hold."""
    try:
        if task.what == "pdf":
            from hq.files import papers

            return Answer(pages=papers.examine(source, task.pixels))
        return Answer(sizes=tuple((one.content, one.width, one.height) for one in _drawn(source, task)))
    except Refused as problem:
        return Answer(refused=problem.code, detail=problem.detail)
    except MemoryError:
        return Answer(refused=FAILING[task.what].memory, detail="memory")


def _drawn(source: BinaryIO, task: Task) -> tuple[Rendering, ...]:
    if task.what == "page":
        from hq.files import papers

        return papers.drawn(source, task.page, task.sides)
    if task.what == "poster":
        from hq.files import posters

        return posters.drawn(source, task.sides)
    return pictures.drawn(source, task.sides, task.pixels)


def main() -> None:
    """Answers on the standard output."""
    megabytes, seconds = map(int, sys.argv[1:3])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for none in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(none, (0, 0))
    told = answer(sys.stdin.buffer, msgspec.json.decode(sys.argv[3], type=Task))
    sys.stdout.buffer.write(msgspec.msgpack.encode(told))


if __name__ == "__main__":
    main()
