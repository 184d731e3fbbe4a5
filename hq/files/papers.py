"""PDFs that people bring: looked at object by object, then drawn page by page. Only a worker runs this.

What travels are pictures of the pages; yet the file that came is kept, so nothing that acts, hides or carries other
files is taken. `examine` reads the structure by qpdf, which repairs nothing here; PDFium draws and runs no scripts.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import pikepdf
import pypdfium2

from guide_app.domain.errors import Refused
from hq.files.limits import PDF_BYTES, PDF_PAGES
from hq.files.pictures import MOST_PIXELS, Rendering, in_sizes

LEAST_POINTS, MOST_POINTS = 36, 14_400
"""Of a page's sides, 72 to the inch: from half an inch to 200, which is what the format allows."""
_MOST_OBJECTS, _MOST_PARTS = 100_000, 2_000_000
_TAIL = 66_000
"""Bytes at the end in which an archive would begin its list."""
_SCRIPT = frozenset({"/JS", "/JavaScript", "/XFA"})
_CARRIED = frozenset({"/EmbeddedFiles", "/EF", "/RichMediaContent"})
_CARRYING = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Screen", "/Sound"})
_DEEDS = frozenset({"/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"})
_BROKEN = (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, KeyError, IndexError, OSError, RuntimeError)


def examine(source: BinaryIO, most_pixels: int = MOST_PIXELS) -> int:
    """How many pages it has. Raises Refused: pdf_bytes, pdf_locked, pdf_broken, pdf_odd (something else lies behind its
    end), pdf_pages (none, or too many), pdf_page (too small or too large), pdf_script, pdf_action, pdf_files (it
    carries or fetches other files), pdf_heavy (more than can be looked at).
    """
    size = source.seek(0, io.SEEK_END)
    if size > PDF_BYTES:
        raise Refused("pdf_bytes")
    _end(source, size)
    try:
        source.seek(0)
        with pikepdf.Pdf.open(source, attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refused("pdf_locked")
            if not 0 < len(pdf.pages) <= PDF_PAGES:
                raise Refused("pdf_pages")
            _objects(pdf, most_pixels)
        return _pages(source)
    except pikepdf.PasswordError:
        raise Refused("pdf_locked") from None
    except _BROKEN as error:
        raise Refused("pdf_broken", type(error).__name__) from error


def drawn(source: BinaryIO, page: int, sides: Sequence[int]) -> tuple[Rendering, ...]:
    """A page, from 1, in these sizes, on white. Raises Refused("pdf_broken")."""
    try:
        with pypdfium2.PdfDocument(source) as document:
            shown = document[page - 1]
            image = shown.render(scale=max(sides) / max(shown.get_size())).to_pil().convert("RGB")
    except _BROKEN as error:
        raise Refused("pdf_broken", type(error).__name__) from error
    return in_sizes(image, sides)


def _end(source: BinaryIO, size: int) -> None:
    """Nothing but blanks behind its end, and no archive in one with it."""
    source.seek(max(0, size - _TAIL))
    tail = source.read(_TAIL)
    _before, mark, behind = tail.rpartition(b"%%EOF")
    if not mark:
        raise Refused("pdf_broken", "no end")
    if behind.strip(b"\0\t\n\f\r ") or b"PK\x05\x06" in tail:
        raise Refused("pdf_odd")


def _pages(source: BinaryIO) -> int:
    source.seek(0)
    with pypdfium2.PdfDocument(source) as document:
        for page in range(len(document)):
            sides = document.get_page_size(page)
            if not (min(sides) >= LEAST_POINTS and max(sides) <= MOST_POINTS):
                raise Refused("pdf_page")
        return len(document)


def _objects(pdf: pikepdf.Pdf, most_pixels: int) -> None:
    """All that there is in the file, named by a page or not."""
    if len(pdf.objects) > _MOST_OBJECTS:
        raise Refused("pdf_heavy", "objects")
    for count, part in enumerate(_parts(pdf)):
        if count > _MOST_PARTS:
            raise Refused("pdf_heavy", "parts")
        _look(part, most_pixels)


def _parts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary, however deep it stands in an object."""
    waiting: list[pikepdf.Object] = [pdf.trailer, *pdf.objects]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
            yield part
            inner = [value for _name, value in part.items()]
        elif isinstance(part, pikepdf.Array):
            inner = list(part)
        else:
            continue
        waiting.extend(one for one in inner if isinstance(one, pikepdf.Object) and not one.is_indirect)


def _look(part: pikepdf.Object, most_pixels: int) -> None:
    names = set(part.keys())
    kinds = {str(part[name]) for name in ("/S", "/Type", "/Subtype") if isinstance(part.get(name), pikepdf.Name)}
    if names & _SCRIPT or "/JavaScript" in kinds:
        raise Refused("pdf_script")
    if names & _CARRIED or kinds & _CARRYING or (isinstance(part, pikepdf.Stream) and "/F" in names):
        raise Refused("pdf_files")
    if "/S" in names and kinds & _DEEDS:
        raise Refused("pdf_action")
    if "/Image" in kinds and _pixels(part) > most_pixels:
        raise Refused("pdf_heavy", "pixels")


def _pixels(image: pikepdf.Object) -> int:
    return int(image.get("/Width", 0)) * int(image.get("/Height", 0))
