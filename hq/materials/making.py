"""What travels of the files that somebody brought: of each picture and each page of a PDF a page in its sizes, of a
film the film and the picture that stands for it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from guide_app.domain.errors import Refused
from guide_app.domain.records import FileRef, MaterialFile
from hq.files import content, uploads
from hq.files import services as files
from hq.files.models import Upload
from hq.files.pictures import Rendering


def files_of(brought: Sequence[str], by: str) -> tuple[str, tuple[MaterialFile, ...]]:
    """The kind of material that these uploads make, and its files. Pictures become pages in their order, and so does
    what one PDF has; a film comes with the one picture that stands for it, or with one of its own.

    Raises Refused: upload_unknown (not theirs, or not taken), material_mixed (what does not belong together), and as
    `Renditions` does; BlobsFailed.
    """
    found = [_taken(upload, by) for upload in brought]
    kinds = sorted(upload.kind for upload in found)
    if kinds and set(kinds) == {"image"}:
        return "image", tuple(file for page, one in enumerate(found, 1) for file in _picture(one, page, "page"))
    if kinds == ["pdf"]:
        return "pdf", tuple(file for page in range(1, found[0].pages + 1) for file in _paper(found[0], page))
    if kinds not in (["video"], ["image", "video"]):
        raise Refused("material_mixed")
    film = next(upload for upload in found if upload.kind == "video")
    stands = next((upload for upload in found if upload.kind == "image"), None)
    return "video", (_film(film), *(_picture(stands, 1, "poster") if stands else _poster(film)))


def text_of(upload_id: str, by: str) -> str:
    """The words of a text. Raises Refused: upload_unknown, material_mixed where it is none; BlobsFailed."""
    upload = _taken(upload_id, by)
    if upload.kind != "text":
        raise Refused("material_mixed")
    return content.text_of(io.BytesIO(b"".join(files.blobs().read(upload.sha256))))


def _taken(upload_id: str, by: str) -> Upload:
    found: Upload | None = Upload.objects.filter(id=upload_id, by=by, state=Upload.State.TAKEN).first()
    if found is None:
        raise Refused("upload_unknown")
    return found


def _film(upload: Upload) -> MaterialFile:
    kept = uploads.kept_of(upload)
    return MaterialFile(
        sha256=kept.sha256, bytes=kept.size, type=kept.media_type, role="video", width=upload.width,
        height=upload.height, seconds=upload.seconds,
    )  # fmt: skip


def _picture(upload: Upload, page: int, role: str) -> tuple[MaterialFile, ...]:
    """Drawn anew from the pixels: nothing else of the file that came goes any further."""
    with _opened(upload) as file:
        return _named(files.renditions().sizes(file), role, page)


def _paper(upload: Upload, page: int) -> tuple[MaterialFile, ...]:
    with _opened(upload) as file:
        return _named(files.renditions().page(file, page), "page", page)


def _poster(upload: Upload) -> tuple[MaterialFile, ...]:
    with _opened(upload) as file:
        return _named(files.renditions().poster(file), "poster", 1)


def _named(sizes: Sequence[Rendering], role: str, page: int) -> tuple[MaterialFile, ...]:
    """The smallest is for lists, of the page that it shows; the others are the page."""
    thumb, *larger = map(files.keep_rendering, sizes)
    shown = page if role == "page" else 0
    return (*(_file(one, role, shown) for one in larger), _file(thumb, "thumb", page))


def _file(file: FileRef, role: str, page: int) -> MaterialFile:
    return MaterialFile(
        sha256=file.sha256, bytes=file.bytes, type=file.type, role=role, page=page, width=file.width, height=file.height
    )


@contextmanager
def _opened(upload: Upload) -> Iterator[BinaryIO]:
    """What somebody brought, as a file on the disk for a worker."""
    with tempfile.NamedTemporaryFile() as file:
        file.writelines(files.blobs().read(upload.shown))
        file.flush()
        with Path(file.name).open("rb") as opened:
            yield opened
