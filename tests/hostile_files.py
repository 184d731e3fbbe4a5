"""Files that somebody might bring who means no good, or whose program did not: each made here, none of them stored.

`python -m tests.hostile_files` writes their page, docs/proofs/hostile_files.md, anew.
"""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image

from tests import papers
from tests.films import DATA, Maker, box
from tests.papers import acts, noted, paper


class Hostile(NamedTuple):
    """`name`: as it is brought; `what`: what it is; `why`: the code by which it must be refused."""

    name: str
    what: str
    why: str
    make: Callable[[], bytes]


def picture(form: str, width: int = 64, height: int = 64) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, form)
    return out.getvalue()


def png(width: int, height: int, rows: bytes = b"", *, more: bytes = b"", kind: bytes = b"\x08\x02") -> bytes:
    """A PNG that says this of itself, whatever it holds."""
    head = _chunk(b"IHDR", struct.pack(">II", width, height) + kind + bytes(3))
    return b"\x89PNG\r\n\x1a\n" + head + more + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bomb() -> bytes:
    """Kilobytes that unpack to gigabytes."""
    return png(60_000, 60_000, bytes(4 << 20))


def text_bomb() -> bytes:
    """A comment of a PNG that unpacks to 64 MiB."""
    return png(64, 64, bytes(64 * 193), more=_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 << 20))))


def archive(name: str = "run.exe") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, bytes(1 << 20))
    return out.getvalue()


def nested_archive() -> bytes:
    inner = archive()
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for copy in range(10):
                packed.writestr(f"{copy}.zip", inner)
        inner = out.getvalue()
    return inner


def commented(told: bytes) -> bytes:
    """A JPEG with this in its comment."""
    whole = picture("JPEG")
    return whole[:2] + b"\xff\xfe" + struct.pack(">H", len(told) + 2) + told + whole[2:]


def cut(content: bytes, part: float = 0.5) -> bytes:
    return content[: int(len(content) * part)]


def damaged(content: bytes, seed: int) -> bytes:
    """With bytes of its middle replaced."""
    chance, out = random.Random(seed), bytearray(content)
    for at in range(len(out) // 3, 2 * len(out) // 3):
        out[at] = chance.randrange(256)
    return bytes(out)


def endless() -> bytes:
    """Ever more boxes, each within the one before."""
    inner = box(b"trak")
    for _ in range(2000):
        inner = box(b"trak", inner)
    return Maker().head() + box(b"mdat", DATA) + box(b"moov", inner)


def huge_size() -> bytes:
    return Maker().head() + struct.pack(">I4sQ", 1, b"mdat", 2**63) + DATA


def many_chunks() -> bytes:
    """A table that says that it has four thousand million entries."""
    return Maker().film().replace(b"stco" + struct.pack(">II", 0, 1), b"stco" + struct.pack(">II", 0, 2**32 - 1))


def many_sizes() -> bytes:
    return Maker(samples=2**32 - 1).film()


PAGE, FILM = b"<html><script>alert(1)</script></html>", Maker()
CORPUS: tuple[Hostile, ...] = (
    Hostile("empty.jpg", "nothing at all", "upload_empty", bytes),
    Hostile("blank.txt", "blanks alone", "upload_empty", lambda: b" \n\t " * 9),
    Hostile("bomb.png", "a PNG of 3,600 megapixels in 4 KiB", "picture_pixels", bomb),
    Hostile("wide.png", "a PNG of 2^31-1 pixels in one row", "picture_pixels", lambda: png(2**31 - 1, 40)),
    Hostile("thin.png", "a PNG one pixel high", "picture_small", lambda: png(4000, 1, bytes(12_001))),
    Hostile("zero.png", "a PNG without width", "picture_broken", lambda: png(0, 64)),
    Hostile("comment.png", "a PNG whose comment unpacks to 64 MiB", "picture_broken", text_bomb),
    Hostile("short.png", "a PNG with fewer rows than it says", "picture_broken", lambda: png(64, 64, bytes(99))),
    Hostile("depth.png", "a PNG of a depth that there is none of", "picture_broken",
            lambda: png(64, 64, bytes(9999), kind=b"\x07\x02")),
    Hostile("sum.png", "a PNG with a wrong checksum", "picture_broken",
            lambda: picture("PNG")[:40] + b"\xff" + picture("PNG")[41:]),
    Hostile("cut.png", "half a PNG", "picture_broken", lambda: cut(picture("PNG"))),
    Hostile("cut.jpg", "half a JPEG", "picture_broken", lambda: cut(picture("JPEG"))),
    Hostile("cut.webp", "half a WebP", "picture_broken", lambda: cut(picture("WEBP"))),
    Hostile("begin.jpg", "the first three bytes of a JPEG", "picture_broken", lambda: b"\xff\xd8\xff"),
    Hostile("begin.png", "the first eight bytes of a PNG", "picture_broken", lambda: b"\x89PNG\r\n\x1a\n"),
    Hostile("begin.webp", "the first twelve bytes of a WebP", "picture_broken", lambda: b"RIFF\xff\xff\xff\x7fWEBP"),
    Hostile("noise.jpg", "a JPEG's beginning, then noise", "picture_broken",
            lambda: b"\xff\xd8\xff" + random.Random(1).randbytes(5000)),
    Hostile("damaged.png", "a PNG with bytes replaced", "picture_broken", lambda: damaged(picture("PNG"), 3)),
    Hostile("script.jpg", "a web page called JPEG", "upload_markup", lambda: PAGE),
    Hostile("drawing.png", "an SVG with a script, called PNG", "upload_markup",
            lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    Hostile("entities.txt", "XML that grows a thousand million fold", "upload_markup",
            lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'),
    Hostile("hidden.txt", "a web page behind blanks and a mark of its encoding", "upload_markup",
            lambda: b"\xef\xbb\xbf \n\n" + PAGE),
    Hostile("run.txt", "a script of the shell", "upload_markup", lambda: b"#!/bin/sh\nrm -rf /\n"),
    Hostile("letter.txt", "RTF with an object", "upload_markup", lambda: b"{\\rtf1{\\object\\objocx}}"),
    Hostile("svg.txt", "an SVG behind a comment", "upload_markup", lambda: b"<!-- a --><svg onload='alert(1)'/>"),
    Hostile("inner.txt", "words with an SVG among them", "upload_markup",
            lambda: b"Three steps <SVG><script href='a'/></SVG> and no more"),
    Hostile("frame.txt", "words with a frame among them", "upload_markup", lambda: b"a < iframe src='javascript:b'>"),
    Hostile("drawing.svgz", "an SVG with a script, packed", "upload_type",
            lambda: gzip.compress(b"<svg onload='alert(1)'/>")),
    Hostile("wide.svg", "an SVG with a script in UTF-16", "upload_type",
            lambda: "<svg onload='alert(1)'/>".encode("utf-16")),
    Hostile("archive.jpg", "a JPEG and an archive in one", "upload_odd", lambda: picture("JPEG") + archive()),
    Hostile("archive.png", "a PNG and an archive in one", "upload_odd", lambda: picture("PNG") + archive()),
    Hostile("archive.heic", "a HEIC and an archive in one", "upload_odd", lambda: papers.heic() + archive()),
    Hostile("pages.jpg", "a JPEG that is a PDF too", "upload_odd", lambda: commented(paper())),
    Hostile("site.jpg", "a JPEG that is a web page too", "upload_odd", lambda: commented(PAGE)),
    Hostile("paper.txt", "half a PDF whose script opens an address", "pdf_broken",
            lambda: b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.launchURL\\(1\\))>>>>endobj"),
    Hostile("locked.pdf", "a PDF with a password", "pdf_locked",
            lambda: paper(encryption=pikepdf.Encryption(owner="a", user="b"))),
    Hostile("bound.pdf", "a PDF that opens, and may not be printed", "pdf_locked",
            lambda: paper(encryption=pikepdf.Encryption(owner="a", user=""))),
    Hostile("odd_lock.pdf", "a PDF with a lock that nobody knows", "pdf_broken",
            lambda: papers.raw(b"<</Type/Catalog>>", more=b"/Encrypt<</Filter/Own/V 9>>")),
    Hostile("script.pdf", "a PDF with a script", "pdf_script",
            lambda: paper(acts(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))),
    Hostile("packed.pdf", "a PDF with a script in a packed part", "pdf_script",
            lambda: paper(acts(S=Name.JavaScript), object_stream_mode=pikepdf.ObjectStreamMode.generate)),
    Hostile("escaped.pdf", "a PDF with a script whose names are written in numbers", "pdf_script", papers.escaped),
    Hostile("unused.pdf", "a PDF with a script that no page names", "pdf_script", lambda: paper(papers.unused_script)),
    Hostile("form.pdf", "a PDF with a form that runs", "pdf_script", lambda: paper(papers.form)),
    Hostile("launch.pdf", "a PDF that starts a program", "pdf_action",
            lambda: paper(acts(S=Name.Launch, F=pikepdf.String("cmd.exe")))),
    Hostile("click.pdf", "a PDF that starts a program when it is touched", "pdf_action",
            lambda: paper(noted(Subtype=Name.Link, A=Dictionary(S=Name.Launch)))),
    Hostile("sends.pdf", "a PDF that sends what is filled in", "pdf_action", lambda: paper(acts(S=Name.SubmitForm))),
    Hostile("other.pdf", "a PDF that opens another file", "pdf_action", lambda: paper(acts(S=Name.GoToR))),
    Hostile("within.pdf", "a PDF that opens a file in itself", "pdf_action", lambda: paper(acts(S=Name.GoToE))),
    Hostile("carries.pdf", "a PDF with a program in it", "pdf_files", lambda: paper(papers.carries)),
    Hostile("pinned.pdf", "a PDF with a file pinned to its page", "pdf_files",
            lambda: paper(noted(Subtype=Name.FileAttachment))),
    Hostile("moves.pdf", "a PDF with a film on its page", "pdf_files", lambda: paper(noted(Subtype=Name.RichMedia))),
    Hostile("fetches.pdf", "a PDF that fetches its page from an address", "pdf_files", lambda: paper(papers.fetched)),
    Hostile("cut.pdf", "half a PDF", "pdf_broken", lambda: cut(paper())),
    Hostile("begin.pdf", "the first five bytes of a PDF", "pdf_broken", lambda: b"%PDF-"),
    Hostile("noise.pdf", "a PDF's beginning and end, noise between", "pdf_broken",
            lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(5000) + b"\n%%EOF"),
    Hostile("lost.pdf", "a PDF that says wrongly where its parts lie", "pdf_broken",
            lambda: papers.raw(b"<</Type/Catalog>>").replace(b"startxref\n", b"startxref\n9")),
    Hostile("loop.pdf", "a PDF whose pages are their own parents", "pdf_broken", papers.loop),
    Hostile("deep.pdf", "a PDF of a hundred thousand lists in each other", "pdf_broken", papers.deep),
    Hostile("bomb.pdf", "a PDF of kilobytes that unpacks to four gigabytes", "pdf_broken", papers.packed_bomb),
    Hostile("great.pdf", "a PDF with a picture of 3,600 megapixels", "pdf_heavy", lambda: paper(papers.great_picture)),
    Hostile("archive.pdf", "a PDF and an archive in one", "pdf_odd", lambda: paper() + archive()),
    Hostile("comment.pdf", "an archive whose comment ends a PDF", "pdf_odd",
            lambda: paper() + b"PK\x05\x06" + bytes(18) + b"%%EOF"),
    Hostile("page.pdf", "a PDF and a web page in one", "pdf_odd", lambda: paper() + PAGE),
    Hostile("none.pdf", "a PDF without a page", "pdf_pages", lambda: paper(pages=0)),
    Hostile("long.pdf", "a PDF of 61 pages", "pdf_pages", lambda: paper(pages=61)),
    Hostile("wide.pdf", "a PDF with a page of two kilometres", "pdf_page", lambda: paper(size=(5_700_000, 842))),
    Hostile("thin.pdf", "a PDF with a page one point high", "pdf_page", lambda: paper(size=(595, 1))),
    Hostile("large.pdf", "a PDF of 51 megabytes", "pdf_bytes", lambda: paper() + b" " * (51 << 20)),
    Hostile("late.jpg", "a PDF behind a line of text", "upload_type", lambda: b"x\n%PDF-1.4\n\x00\x01\x02"),
    Hostile("photo.heic", "the head of a telephone's picture", "picture_broken",
            lambda: box(b"ftyp", b"heic", bytes(4)) + bytes(99)),
    Hostile("cut.heic", "half a HEIC", "picture_broken", lambda: cut(papers.heic(), 0.9)),
    Hostile("keyless.heic", "a HEIC without what its decoder needs", "picture_broken",
            lambda: papers.heic().replace(b"hvcC", b"free")),
    Hostile("bomb.heic", "a HEIC that says it has 3,600 megapixels", "picture_pixels", papers.great_heic),
    Hostile("tiny.heic", "a HEIC of eight pixels", "picture_small", lambda: papers.heic((8, 8))),
    Hostile("film.heic", "a film called HEIC by its head", "picture_broken", lambda: Maker(brand=b"heic").film()),
    Hostile("live.heic", "HEIC pictures that move", "upload_heic", lambda: box(b"ftyp", b"hevc", bytes(4)) + bytes(99)),
    Hostile("bare.heif", "a picture of that family in no codec that it says", "upload_heic",
            lambda: box(b"ftyp", b"mif1", bytes(4)) + bytes(99)),
    Hostile("photo.mp4", "a HEIC called a film by its head", "film_broken",
            lambda: papers.heic().replace(b"ftypheic", b"ftypisom")),
    Hostile("photo.jpg", "an AVIF called JPEG", "upload_heic", lambda: box(b"ftyp", b"avif", bytes(4)) + bytes(99)),
    Hostile("moves.gif", "a GIF", "upload_type", lambda: b"GIF89a" + bytes(64)),
    Hostile("scan.tif", "a TIFF", "upload_type", lambda: b"II*\x00\x08\x00\x00\x00" + bytes(64)),
    Hostile("old.bmp", "a BMP", "upload_type", lambda: picture("BMP")),
    Hostile("icon.ico", "an icon", "upload_type", lambda: b"\x00\x00\x01\x00\x01\x00" + bytes(64)),
    Hostile("files.zip", "an archive", "upload_type", archive),
    Hostile("bomb.jpg", "archives in archives, called JPEG", "upload_type", nested_archive),
    Hostile("packed.txt", "a text packed by gzip", "upload_type", lambda: gzip.compress(bytes(1 << 20))),
    Hostile("setup.mp4", "a program of Windows", "upload_type", lambda: b"MZ\x90\x00" + bytes(256)),
    Hostile("tool.mp4", "a program of Linux", "upload_type", lambda: b"\x7fELF\x02\x01\x01" + bytes(256)),
    Hostile("list.docx", "a document that is an archive", "upload_type", lambda: archive("word/document.xml")),
    Hostile("nul.txt", "a text with a zero byte", "upload_type", "冬季\0护肤".encode),
    Hostile("bell.txt", "a text with signs that steer a terminal", "upload_type", lambda: b"\x1b]0;own\x07 text"),
    Hostile("gbk.txt", "Chinese in GBK", "upload_text", lambda: "冬季护肤三步走".encode("gb18030")),
    Hostile("long.txt", "a text of a megabyte", "upload_text_long", lambda: "护".encode() * 350_000),
    Hostile("brand.mp4", "a film of QuickTime", "film_type", lambda: Maker(brand=b"qt  ").film()),
    Hostile("begin.mp4", "the first twelve bytes of a film", "film_broken", lambda: FILM.film()[:12]),
    Hostile("cut.mp4", "a film without its end", "film_broken", lambda: cut(FILM.film(), 0.8)),
    Hostile("headless.mp4", "a film whose table is missing", "film_broken", lambda: FILM.head() + box(b"mdat", DATA)),
    Hostile("empty.mp4", "a film without pictures", "film_broken", lambda: FILM.head() + FILM.moov(0)),
    Hostile("twice.mp4", "a film with two tables", "film_broken", lambda: FILM.film(after=FILM.moov(40))),
    Hostile("tail.mp4", "a film and an archive in one", "film_odd", lambda: FILM.film() + archive()),
    Hostile("page.mp4", "a film and a web page in one", "film_odd", lambda: FILM.film() + PAGE),
    Hostile("inside.mp4", "a box that no film has", "film_odd", lambda: FILM.film(before=box(b"evil", PAGE))),
    Hostile("boxes.mp4", "a hundred thousand empty boxes", "film_broken",
            lambda: FILM.film(after=box(b"free") * 100_000)),
    Hostile("nothing.mp4", "a box that is nothing long", "film_odd", lambda: FILM.film(after=bytes(64))),
    Hostile("nested.mp4", "two thousand boxes in each other", "film_broken", endless),
    Hostile("size.mp4", "a box of nine million million million bytes", "film_broken", huge_size),
    Hostile("chunks.mp4", "a table of four thousand million places", "film_broken", many_chunks),
    Hostile("samples.mp4", "a table of four thousand million sizes", "film_broken", many_sizes),
    Hostile("beyond.mp4", "pictures that lie behind the file's end", "film_broken",
            lambda: Maker(chunk=2**31).film()),
    Hostile("into.mp4", "pictures that lie in the table", "film_broken", lambda: Maker(chunk=2).film()),
    Hostile("outside.mp4", "pictures that lie in another file", "film_outside",
            lambda: Maker(self_contained=False).film()),
    Hostile("locked.mp4", "a film that is protected", "film_locked", lambda: Maker(codec=b"encv").film()),
    Hostile("codec.mp4", "H.265, which not every tablet plays", "film_codec", lambda: Maker(codec=b"hvc1").film()),
    Hostile("web.mp4", "a film in fragments", "film_fragmented", lambda: FILM.film(after=box(b"moof", bytes(16)))),
    Hostile("parts.mp4", "a film that says that fragments follow", "film_fragmented",
            lambda: Maker(in_moov=box(b"mvex", bytes(16))).film()),
    Hostile("eyes.mp4", "a film with two pictures", "film_tracks",
            lambda: Maker(more_tracks=Maker().track(44)).film()),
    Hostile("mute.mp4", "a film of sound alone", "film_tracks",
            lambda: Maker(handler=b"soun", codec=b"mp4a").film()),
    Hostile("words.mp4", "a track that is neither picture nor sound", "film_tracks",
            lambda: Maker(handler=b"text", codec=b"tx3g").film()),
    Hostile("entries.mp4", "a track of two codecs", "film_broken", lambda: Maker(entries=2).film()),
    Hostile("long.mp4", "a film of thirty years", "film_long", lambda: Maker(seconds=10**9, scale=1).film()),
    Hostile("still.mp4", "a film of no time", "film_long", lambda: Maker(seconds=0).film()),
    Hostile("scale.mp4", "a film whose seconds have no parts", "film_broken", lambda: Maker(scale=0).film()),
    Hostile("great.mp4", "a film of 65,535 by 65,535 pixels", "film_size",
            lambda: Maker(width=65_535, height=65_535).film()),
    Hostile("tiny.mp4", "a film of one pixel", "film_size", lambda: Maker(width=1, height=1).film()),
)  # fmt: skip
TABLE = Path(__file__).parents[1] / "docs" / "proofs" / "hostile_files.md"
_HEAD = """# Files that mean no good

Made by `tests/hostile_files.py`, judged by `hq.files.content`: each is refused by the code beside it, which has words
in both languages (`hq.files.words`), within five seconds and 300 MB of HQ's own process. PDFs and pictures are opened
in a process of their own. `tests/unit/hq/files/test_content.py` holds this table to what happens;
`python -m tests.hostile_files` writes it anew. There are COUNT.

| file | what it is | refused as |
| --- | --- | --- |
"""


def table() -> str:
    """The page that tells of them all."""
    rows = [f"| `{one.name}` | {one.what} | `{one.why}` |" for one in CORPUS]
    return _HEAD.replace("COUNT", str(len(CORPUS))) + "\n".join(rows) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
