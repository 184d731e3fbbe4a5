"""What travels of the files that somebody brought: of each picture and each page of a PDF a page in its sizes, of a
film the film and the picture that stands for it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from guide_app.domain.errors import Refused
from guide_app.domain.records import FileRef, MaterialFile
from hq.files import content, jobs, uploads
from hq.files import services as files
from hq.files.models import Upload


def files_of(brought: Sequence[str], by: str) -> tuple[str, tuple[MaterialFile, ...]]:
    """The kind of material that these uploads make, and its files. Pictures become pages in their order, and so does
    what one PDF has; a film comes with the one picture that stands for it, or with one of its own.

    Raises Refused: upload_unknown (not theirs, or not taken), material_mixed (what does not belong together),
    renditions_pending (its pictures are still being made), and why they could not be made.
    """
    found = [_taken(upload, by) for upload in brought]
    kinds = sorted(upload.kind for upload in found)
    if kinds and (set(kinds) == {"image"} or kinds == ["pdf"]):
        pages = [sizes for upload in found for sizes in jobs.made_of(upload)]
        return kinds[0], tuple(file for page, one in enumerate(pages, 1) for file in _page(one, page, "page"))
    if kinds not in (["video"], ["image", "video"]):
        raise Refused("material_mixed")
    film = next(upload for upload in found if upload.kind == "video")
    stands = next((upload for upload in found if upload.kind == "image"), film)
    return "video", (_film(film), *_page(jobs.made_of(stands)[0], 1, "poster"))


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


def _page(sizes: Sequence[FileRef], page: int, role: str) -> tuple[MaterialFile, ...]:
    """The smallest is for lists, of the page that it shows; the others are the page."""
    thumb, *larger = sizes
    shown = page if role == "page" else 0
    return (*(_file(one, role, shown) for one in larger), _file(thumb, "thumb", page))


def _file(file: FileRef, role: str, page: int) -> MaterialFile:
    return MaterialFile(
        sha256=file.sha256, bytes=file.bytes, type=file.type, role=role, page=page, width=file.width, height=file.height
    )
