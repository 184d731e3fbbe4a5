"""What travels of the files that somebody brought: of each picture a page and its small size, of a film the film."""

from __future__ import annotations

import io
from collections.abc import Sequence

from guide_app.domain.errors import Refused
from guide_app.domain.records import FileRef, MaterialFile
from hq.files import content, uploads
from hq.files import services as files
from hq.files.models import Upload
from hq.files.worker import Worker


def files_of(brought: Sequence[str], by: str) -> tuple[str, tuple[MaterialFile, ...]]:
    """The kind of material that these uploads make, and its files. Pictures become pages in their order; a film comes
    with the one picture that stands for it.

    Raises Refused: upload_unknown (not theirs, or not taken), material_mixed (what does not belong together), and as
    `Worker.picture` does; BlobsFailed.
    """
    found = [_taken(upload, by) for upload in brought]
    films = [upload for upload in found if upload.kind == "video"]
    shown = [upload for upload in found if upload.kind == "image"]
    if not found or len(films) + len(shown) != len(found) or (films and (len(films), len(shown)) != (1, 1)):
        raise Refused("material_mixed")
    if films:
        return "video", (_film(films[0]), *_page(shown[0], 1, "poster"))
    return "image", tuple(file for page, upload in enumerate(shown, 1) for file in _page(upload, page, "page"))


def text_of(upload_id: str, by: str) -> str:
    """The words of a text. Raises Refused: upload_unknown, material_mixed where it is none; BlobsFailed."""
    upload = _taken(upload_id, by)
    if upload.kind != "text":
        raise Refused("material_mixed")
    return content.text_of(_opened(upload))


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


def _page(upload: Upload, page: int, role: str) -> tuple[MaterialFile, MaterialFile]:
    """Drawn anew from the pixels: nothing else of the file that came goes any further."""
    made = files.keep_picture(Worker().picture(_opened(upload)))
    return _named(made.large, role, page if role == "page" else 0), _named(made.thumb, "thumb", page)


def _named(file: FileRef, role: str, page: int) -> MaterialFile:
    return MaterialFile(
        sha256=file.sha256, bytes=file.bytes, type=file.type, role=role, page=page, width=file.width, height=file.height
    )


def _opened(upload: Upload) -> io.BytesIO:
    """A picture or a text: both have bounds that fit in memory."""
    return io.BytesIO(b"".join(files.blobs().read(upload.sha256)))
