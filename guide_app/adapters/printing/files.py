"""Documents as PDF files where a person finds them again."""

from __future__ import annotations

import asyncio
import errno
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from guide_app.domain.errors import BadInput, NotSaved
from guide_app.domain.receipt import Document
from guide_app.services.ports.printing import PaperPlace

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_DRIVES = ("/media/*/*", "/run/media/*/*", "/Volumes/*")


class PdfFiles:
    """The PaperFiles port."""

    def __init__(self, places: Sequence[PaperPlace] | None = None) -> None:
        """`places`: those, instead of what the system has."""
        self._places = places

    def places(self) -> Sequence[PaperPlace]:
        return self._places if self._places is not None else tuple(_places())

    async def save(self, document: Document, place: PaperPlace) -> str:
        return str(await asyncio.to_thread(_save, document, place))


def file_name(document: Document) -> str:
    """What its file is called: "Receipt-101-AB7K-0042-3.pdf"."""
    return f"{_NOT_IN_NAMES.sub('-', document.title).strip('-')}.pdf"


def _save(document: Document, place: PaperPlace) -> Path:
    from guide_app.adapters.printing.pdf import pdf

    data, folder = pdf(document), Path(place.path)
    try:
        if place.kind == "drive" and not folder.is_dir():  # a folder of its name is not the drive
            raise BadInput("place_gone")
        folder.mkdir(parents=True, exist_ok=True)
        path = _unused(folder / file_name(document))
        path.write_bytes(data)
    except OSError as error:
        raise NotSaved("disk_full" if error.errno == errno.ENOSPC else "disk_failed", type(error).__name__) from error
    return path


def _unused(path: Path) -> Path:
    n, free = 1, path
    while free.exists():
        n += 1
        free = path.with_name(f"{path.stem}-{n}{path.suffix}")
    return free


def _places() -> Iterator[PaperPlace]:
    from platformdirs import user_documents_path, user_downloads_path

    yield PaperPlace(path=str(user_documents_path()), kind="documents")
    yield PaperPlace(path=str(user_downloads_path()), kind="downloads")
    for pattern in _DRIVES:
        for folder in sorted(Path("/").glob(pattern[1:])):
            if folder.is_mount():
                yield PaperPlace(path=str(folder), kind="drive", name=folder.name)
