"""What a worker runs: one file from the standard input, made into what tablets show, within limits that it sets itself.

`python -m hq.files.rendering MEGABYTES SECONDS PIXELS`. Nothing of HQ is loaded: neither its settings nor its database.
"""

from __future__ import annotations

import io
import resource
import sys

import msgspec

from guide_app.domain.errors import Refused
from hq.files import pictures

OUT_OF_MEMORY = "picture_pixels"
"""As a picture with too many pixels: exported smaller it fits."""


class Answer(msgspec.Struct, frozen=True):
    """Either the sizes (content, width, height), small and large, or why there are none."""

    sizes: tuple[tuple[bytes, int, int], ...] = ()
    refused: str = ""
    detail: str = ""


def answer(content: bytes, most_pixels: int) -> Answer:
    """What becomes of the file; never raises for what a file may hold."""
    try:
        made = pictures.make(io.BytesIO(content), most_pixels)
    except Refused as problem:
        return Answer(refused=problem.code, detail=problem.detail)
    except MemoryError:
        return Answer(refused=OUT_OF_MEMORY, detail="memory")
    return Answer(sizes=tuple((one.content, one.width, one.height) for one in made))


def main() -> None:
    """Answers on the standard output."""
    megabytes, seconds, pixels = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(sys.stdin.buffer.read(), pixels)))


if __name__ == "__main__":
    main()
