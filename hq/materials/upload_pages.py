"""The addresses by which a console's page brings files: begin, put a piece, ask how far HQ is, give up.

Answers are JSON, refusals too, in the words of the page's language. A session with its CSRF token is the authority.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from guide_app.domain.errors import EnvironmentProblem, Refused
from hq.files import uploads, words
from hq.files.models import RenditionJob, Upload
from hq.files.port import BlobsFailed

PERMISSION = "materials.add_material"
_STATUS = {
    "upload_unknown": HTTPStatus.NOT_FOUND, "upload_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "upload_many": HTTPStatus.TOO_MANY_REQUESTS, "upload_room": HTTPStatus.INSUFFICIENT_STORAGE,
    "files_failed": HTTPStatus.INSUFFICIENT_STORAGE,
}  # fmt: skip


class Begin(msgspec.Struct, frozen=True):
    """A file that is about to come; `mark`: by which the browser knows it again."""

    name: Annotated[str, msgspec.Meta(max_length=1000)]
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    mark: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Making(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far the pictures are that are made of a file; `why` in words where they could not be."""

    state: str
    done: int
    total: int
    why: str = ""


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a file is; `why` in words where it was refused; what it is where it was taken."""

    id: str
    name: str
    state: str
    received: int
    size: int
    why: str = ""
    kind: str = ""
    seconds: int = 0
    width: int = 0
    height: int = 0
    pages: int = 0
    making: Making | None = None


@require_http_methods(["POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A file is about to come, or goes on: `received` says from where."""
    if not _may(request):
        return _no()
    try:
        asked = msgspec.json.decode(request.body, type=Begin)
    except msgspec.DecodeError:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    try:
        return _told(uploads.begin(asked.name, asked.size, asked.mark, _who(request)))
    except (Refused, BlobsFailed) as problem:
        return _refused(asked.name, problem)


@require_http_methods(["GET", "PUT", "DELETE"])
def piece(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """PUT: a piece at `?at=`; GET: how far HQ is; DELETE: it is not wanted any more."""
    if not _may(request):
        return _no()
    try:
        named = str(upload_id)
        if request.method == "PUT":
            at = request.GET.get("at", "")
            if not (at.isascii() and at.isdecimal() and len(at) < 16):
                return HttpResponse(status=HTTPStatus.BAD_REQUEST)
            return _told(uploads.take(named, int(at), request.body, _who(request)))
        if request.method == "DELETE":
            uploads.give_up(named, _who(request))
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return _told(uploads.look(named, _who(request)))
    except (Refused, BlobsFailed) as problem:
        return _refused("", problem)


def _may(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_staff and request.user.has_perm(PERMISSION)


def _who(request: HttpRequest) -> str:
    return request.user.get_username()


def _told(upload: Upload) -> HttpResponse:
    why = words.refused(upload.name, Refused(upload.why)) if upload.why else ""
    return _json(HTTPStatus.OK, Told(
        id=str(upload.id), name=upload.name, state=upload.state, received=upload.received, size=upload.size, why=why,
        kind=upload.kind, seconds=upload.seconds, width=upload.width, height=upload.height,
        pages=upload.pages, making=_making(upload),
    ))  # fmt: skip


def _making(upload: Upload) -> Making | None:
    job = RenditionJob.objects.filter(upload=upload).first()
    if job is None:
        return None
    why = words.refused(upload.name, Refused(job.why)) if job.state == RenditionJob.State.FAILED else ""
    return Making(job.state, job.done, job.total, why)


def _refused(name: str, problem: EnvironmentProblem) -> HttpResponse:
    status = _STATUS.get(problem.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _json(status, {"code": problem.code, "why": words.refused(name, problem)})


def _no() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.FORBIDDEN)


def _json(status: HTTPStatus, body: object) -> HttpResponse:
    return HttpResponse(
        msgspec.json.encode(body), status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
