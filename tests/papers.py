"""PDFs and HEIC pictures for tests, made here: sound ones, and such as mean no good."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

_PAINT = b"0.8 0.1 0.2 rg 40 40 300 500 re f 0.1 0.2 0.7 rg 100 200 200 200 re f"
Change = Callable[[Pdf], object]


def _saved(pdf: Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, static_id=True, **how)
    return out.getvalue()


def paper(*changes: Change, pages: int = 2, size: tuple[int, int] = (595, 842), **how: Any) -> bytes:
    """A PDF with two colours on each page; `changes` make it what it should not be, `how` says how it is saved."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
        pdf.pages[-1].MediaBox = Array([0, 0, *size])
        pdf.pages[-1].Contents = pdf.make_stream(_PAINT)
    for change in changes:
        change(pdf)
    return _saved(pdf, **how)


def acts(**deed: Any) -> Change:
    """A deed at the opening."""
    return lambda pdf: setattr(pdf.Root, "OpenAction", Dictionary(Type=Name.Action, **deed))


def carries(pdf: Pdf) -> None:
    pdf.attachments["run.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ")


def noted(**what: Any) -> Change:
    """Something that lies on the first page."""
    lies = Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **what)])
    return lambda pdf: setattr(pdf.pages[0], "Annots", lies)


def form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xdp/>"))


def unused_script(pdf: Pdf) -> None:
    """A script that no page names, deep in an array."""
    pdf.Root.Kept = pdf.make_indirect(Array([Array([Dictionary(S=Name.JavaScript)])]))


def fetched(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_indirect(Stream(pdf, b"", F=pikepdf.String("http://127.0.0.1/a")))


def great_picture(pdf: Pdf) -> None:
    shown = Stream(pdf, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000)
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(A=pdf.make_indirect(shown)))


def raw(*objects: bytes, root: int = 1, more: bytes = b"") -> bytes:
    """A PDF of just these objects, from 1 on, with a true list of where they lie."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, more, start)
    return bytes(out)


def loop() -> bytes:
    """Pages that are their own parents."""
    return raw(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>")


def deep() -> bytes:
    """A hundred thousand lists in each other."""
    return raw(b"<</Type/Catalog/Pages 2 0 R/A " + b"[" * 100_000 + b">>", b"<</Type/Pages/Count 0/Kids[]>>")


def escaped() -> bytes:
    """A script whose names are written in numbers."""
    return raw(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</#53/#4a#61vaScript/#4a#53(app.alert)>>>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>",
    )  # fmt: skip


def packed_bomb() -> bytes:
    """A stream of objects that unpacks to four gigabytes: zeros packed, and what came of it packed again."""
    packer, zeros = zlib.compressobj(9), bytes(16 << 20)
    first = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)  # what follows a full flush is the same each time
    once = first + again * 255 + packer.flush()
    twice = zlib.compress(once, 9)
    head = b"<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(twice)
    body = bytearray(b"%PDF-1.7\n")
    at = {1: len(body)}
    body += b"1 0 obj\n" + head + twice + b"\nendstream\nendobj\n"
    at[2] = len(body)
    rows = b"".join((
        b"\0\0\0\0\0\0", b"\1" + at[1].to_bytes(4, "big") + b"\0", b"\1" + at[2].to_bytes(4, "big") + b"\0",
        b"\2\0\0\0\1\0",
    ))  # fmt: skip
    body += b"2 0 obj\n<</Type/XRef/Size 4/W[1 4 1]/Root 3 0 R/Length %d>>stream\n" % len(rows)
    body += rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at[2]
    return bytes(body)


def heic(size: tuple[int, int] = (640, 480), *, turned: int = 1, place: bool = False, left: str = "red") -> bytes:
    """A telephone's picture: its left half of one colour, the right one blue; `turned`: how it was held, as EXIF says;
    `place`: where it was taken, and by whom.
    """
    image = Image.new("RGB", size, "blue")
    image.paste(Image.new("RGB", (size[0] // 2, size[1]), left), (0, 0))
    told = image.getexif()
    told[0x0112] = turned
    if place:
        told[0x010F] = "Telephone of Lin"
        told.get_ifd(0x8825)[1] = "N"
        told.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    out = io.BytesIO()
    pillow_heif.register_heif_opener()
    image.save(out, "HEIF", exif=told.tobytes(), quality=80)
    return out.getvalue()


def great_heic() -> bytes:
    """A HEIC that says of itself that it has 3,600 megapixels."""
    whole = heic((64, 64))
    at = whole.index(b"ispe") + 8
    return whole[:at] + (60_000).to_bytes(4, "big") * 2 + whole[at + 8 :]
