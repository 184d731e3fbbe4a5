"""`GET /v1/files/<sha256>`: a file that a row in one of the device's scopes names, whole or from a byte on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hq.files import services
from hq.files.port import BlobsFailed
from hq.ledger.postgres import translated
from hq.sync_api.problems import Answer, Problem
from hq.sync_api.session import Session
from sync.protocol import ranges

ADDRESS = "/v1/files/"
"""What a file's hash is behind."""
_RETRY_AFTER_S = 60
"""A disk that cannot be read is not mended in a moment."""


def answer(session: Session, sha256: str, headers: Mapping[str, str]) -> Answer:
    """200, 206 or 304. `headers`: the request's, names in lower case.

    Raises Problem 404 for a file that no row of the device's names, whether there is one or not; 416; 503 where HQ
    cannot read it; Transient.
    """
    with translated():
        found = services.find(sha256, [granted.key.scope for granted in session.granted])
    if found is None:
        raise Problem(404, "not_found")
    tag = f'"{sha256}"'
    if tag in _tags(headers.get("if-none-match", "")):
        return Answer(304, b"", (("etag", tag),))
    said = (("etag", tag), ("accept-ranges", "bytes"), ("content-type", found.media_type))
    span = _span(headers, tag, found.size)
    first, length = (span.first, span.length) if span else (0, found.size)
    pieces = _begun(sha256, first, length)
    length_said = ("content-length", str(length))
    if span is None:
        return Answer(200, b"", (*said, length_said), pieces)
    return Answer(206, b"", (*said, length_said, ("content-range", ranges.told(span, found.size))), pieces)


def _span(headers: Mapping[str, str], tag: str, size: int) -> ranges.Span | None:
    """The bytes that are asked for; None for all. A condition that is not this file's asks for all of it."""
    if headers.get("if-range", tag).strip() != tag:
        return None
    try:
        return ranges.asked(headers.get("range", ""), size)
    except ranges.Unsatisfiable:
        raise Problem(416, "range", headers=(("content-range", ranges.none_of(size)),)) from None


def _begun(sha256: str, first: int, length: int) -> Iterator[bytes]:
    """The pieces, the first of which is read already: what cannot be read is found out before the answer begins."""
    blobs = services.blobs()
    try:
        if blobs.size(sha256) is None:
            raise Problem(404, "not_found")
        pieces = blobs.read(sha256, first, length)
        begin = next(pieces, b"")
    except BlobsFailed as problem:
        raise Problem(503, "busy", _RETRY_AFTER_S) from problem
    return _joined(begin, pieces)


def _joined(begin: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield begin
    yield from rest


def _tags(header: str) -> set[str]:
    """What `If-None-Match` names, weak or not."""
    return {part.strip().removeprefix("W/") for part in header.split(",")}
