"""What a file that somebody brings is, by its content: never by its name, nor by what a browser says of it."""

from __future__ import annotations

import io
import unicodedata
from typing import BinaryIO, Literal, NamedTuple

from guide_app.domain.errors import Refused
from hq.files import films, pictures
from hq.files.worker import Worker

Kind = Literal["image", "video", "text"]
LONGEST_TEXT = 64 << 10
"""Bytes of a text: sixteen thousand Chinese characters, more than a material may have."""
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_HEIC = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}
_MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<body", "<head", "{\\rtf", "%pdf", "#!")


class Found(NamedTuple):
    """What a file is; `film`: where it is one."""

    kind: Kind
    media_type: str
    film: films.Film | None = None


def examine(source: BinaryIO) -> Found:
    """What it is, once all of it was looked at.

    Raises Refused: upload_empty, upload_type, upload_heic, upload_pdf, upload_text, upload_text_long, upload_markup,
    and as `films.examine` and `pictures.make` do.
    """
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    begin = source.read(16)
    if not begin:
        raise Refused("upload_empty")
    if found := _picture_type(begin):
        Worker().picture(source)
        return Found("image", found)
    if begin[4:8] == b"ftyp":
        if begin[8:12] in _HEIC:
            raise Refused("upload_heic")
        return Found("video", films.TYPE, films.examine(source))
    if begin.startswith(b"%PDF-"):
        raise Refused("upload_pdf")
    _check_text(source, size)
    return Found("text", "text/plain")


def text_of(source: BinaryIO) -> str:
    """A text that was examined, lines apart by LF alone and without a mark of its encoding."""
    source.seek(0)
    return source.read().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _picture_type(begin: bytes) -> str:
    if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
        return pictures.TYPE
    return next((media for magic, media in _PICTURES.items() if begin.startswith(magic)), "")


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
    if text.lstrip().lower().startswith(_MARKUP):
        raise Refused("upload_markup")
    if not text.strip():
        raise Refused("upload_empty")


def _is_binary(piece: bytes) -> bool:
    """Whether it has bytes that no text of any old encoding has."""
    return any(sign < 9 or 13 < sign < 32 for sign in piece)
