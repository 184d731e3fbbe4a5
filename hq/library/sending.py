"""A material's file as the console's pages show it: a picture whole, a film range by range as a browser plays it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from hq.files import services as files
from hq.files.models import StoredFile
from sync.protocol import ranges

PIECE = 2 << 20
"""Bytes of a film in one answer, which is in memory whole. RFC 9110 lets an answer have less than was asked for: a
browser asks for the next piece by itself."""
_SHOWN = ("image/", "video/")
_KEPT = {"Cache-Control": "private, max-age=86400", "Accept-Ranges": "bytes"}


def shown(found: StoredFile | None) -> bool:
    """Whether HQ has it and a page may show it: what acts in a browser (a PDF, a text) is no file of a page."""
    return found is not None and found.media_type.startswith(_SHOWN) and files.blobs().size(found.sha256) is not None


def sent(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """200 with all of it, 206 with a part. 416 for none of its bytes, and for all of a film: it comes in ranges.

    Raises BlobsFailed.
    """
    try:
        span = ranges.asked(request.headers.get("Range", ""), file.size)
    except ranges.Unsatisfiable:
        return _none_of(file)
    if span is None:
        if file.size > PIECE and not file.media_type.startswith("image/"):
            return _none_of(file)
        return _bytes(file, HTTPStatus.OK, 0, file.size)
    part = ranges.Span(span.first, min(span.last, span.first + PIECE - 1))
    answer = _bytes(file, HTTPStatus.PARTIAL_CONTENT, part.first, part.length)
    answer["Content-Range"] = ranges.told(part, file.size)
    return answer


def _bytes(file: StoredFile, status: HTTPStatus, first: int, length: int) -> HttpResponse:
    content = b"".join(files.blobs().read(file.sha256, first, length))
    return HttpResponse(content, status=status, content_type=file.media_type, headers=_KEPT)


def _none_of(file: StoredFile) -> HttpResponse:
    answer = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    answer["Content-Range"] = ranges.none_of(file.size)
    return answer
