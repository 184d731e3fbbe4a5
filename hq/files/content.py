"""What a file that somebody brings is, by its content: never by its name, nor by what a browser says of it."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import BinaryIO, Literal, NamedTuple

from guide_app.domain.errors import Refused
from hq.files import films, pictures
from hq.files.worker import USUAL, Limits, Worker

Kind = Literal["image", "video", "pdf", "text"]
PDF = "application/pdf"
LONGEST_TEXT = 64 << 10
"""Bytes of a text: sixteen thousand Chinese characters, more than a material may have."""
_OTHER_HEIF = {b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
"""Of the same family as HEIC: pictures that move, and those in other codecs."""
_MARKUP = ("<!doctype", "<!--", "<?xml", "{\\rtf", "%pdf", "#!")
_ACTS = re.compile(r"<\s*(?:script|svg|html|head|body|iframe|object|embed|foreignobject)\b")
"""What a browser acts on wherever it stands."""
_ALSO = re.compile(rb"%PDF-|<\s*(?:script|svg|html|iframe)\b", re.IGNORECASE)
_LOOKED_AT = 1024
"""Bytes in which readers of pages and of PDFs look for their beginning."""
_ARCHIVE, _ARCHIVE_END, _COMMENT = b"PK\x05\x06", 22, 65_535


class Found(NamedTuple):
    """What a file is; `film`: where it is one; `pages`: of a PDF."""

    kind: Kind
    media_type: str
    film: films.Film | None = None
    pages: int = 0


def examine(source: BinaryIO, limits: Limits = USUAL) -> Found:
    """What it is, once all of it was looked at.

    Raises Refused: upload_empty, upload_type, upload_heic, upload_odd (a picture that is something else too),
    upload_text, upload_text_long, upload_markup, and as `films.examine`, `pictures.drawn` and `papers.examine` do.
    """
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    begin = source.read(pictures.BEGIN)
    if not begin:
        raise Refused("upload_empty")
    if found := pictures.type_of(begin):
        Worker(limits).picture(source)
        _check_one(source, size)
        return Found("image", found)
    if begin[4:8] == b"ftyp":
        if begin[8:12] in _OTHER_HEIF:
            raise Refused("upload_heic")
        return Found("video", films.TYPE, films.examine(source))
    if begin.startswith(b"%PDF-"):
        return Found("pdf", PDF, pages=Worker(limits).pages(source))
    _check_text(source, size)
    return Found("text", "text/plain")


def text_of(source: BinaryIO) -> str:
    """A text that was examined, lines apart by LF alone and without a mark of its encoding."""
    source.seek(0)
    return source.read().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _check_one(source: BinaryIO, size: int) -> None:
    """It is a picture and nothing else besides: no page, no PDF, and no archive that ends where it ends."""
    source.seek(0)
    if _ALSO.search(source.read(_LOOKED_AT)):
        raise Refused("upload_odd")
    source.seek(max(0, size - _ARCHIVE_END - _COMMENT))
    tail = source.read()
    at = tail.rfind(_ARCHIVE)
    if at >= 0 and at + _ARCHIVE_END + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
        raise Refused("upload_odd")


def _check_text(source: BinaryIO, size: int) -> None:
    source.seek(0)
    piece = source.read(LONGEST_TEXT + 1)
    try:
        text = piece[:LONGEST_TEXT].decode("utf-8-sig", errors="strict" if size <= LONGEST_TEXT else "ignore")
    except UnicodeDecodeError:
        raise Refused("upload_type" if b"\0" in piece or _is_binary(piece) else "upload_text") from None
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
        raise Refused("upload_type")
    if size > LONGEST_TEXT:
        raise Refused("upload_text_long")
    if text.lstrip().lower().startswith(_MARKUP) or _ACTS.search(text.lower()):
        raise Refused("upload_markup")
    if not text.strip():
        raise Refused("upload_empty")


def _is_binary(piece: bytes) -> bool:
    """Whether it has bytes that no text of any old encoding has."""
    return any(sign < 9 or 13 < sign < 32 for sign in piece)
