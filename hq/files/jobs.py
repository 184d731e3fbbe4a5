"""What tablets show is made of each file in HQ's background, picture by picture, from a table.

A step is written down as begun before a worker sees the file, and as done with what it made, in one transaction: who
kills HQ in between loses that step alone. Steps of all files take turns, so that none waits behind a long one, nor
behind one that always fails: that is put off longer each time, and given up in words after `MOST_TRIES`.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec
from django.db import DatabaseError, transaction
from django.utils import timezone

from guide_app.domain.errors import Refused
from guide_app.domain.records import FileRef
from hq.files import services
from hq.files.models import RenditionJob, Upload
from hq.files.pictures import Rendering
from hq.files.port import BlobsFailed

MOST_TRIES = 4
"""Of one step, then it is given up: what ends the process each time would end it for ever."""
PAUSE, PAUSE_FILES = timedelta(seconds=5), timedelta(minutes=1)
"""Before another try, times the tries so far; the longer one where HQ's disk or store of files would not."""
ROUND_S = 20.0
"""After so long a round ends; the next begins a second later."""
ENDED = "rendition_ended"
"""The code of a step that ended its process, or that HQ did not get to the end of, too often."""
State = RenditionJob.State
_log = logging.getLogger(__name__)


def ask(upload: Upload) -> None:
    """Puts down that pictures are to be made of a file; part of the transaction that takes it."""
    if upload.kind in ("image", "pdf", "video"):
        now = timezone.now()
        RenditionJob.objects.get_or_create(
            upload=upload, defaults={"total": upload.pages or 1, "queued_at": now, "due_at": now}
        )


def again(job_id: UUID) -> bool:
    """Begins anew what was given up, from the step where it stood; whether it was."""
    now = timezone.now()
    given_up = RenditionJob.objects.filter(id=job_id, state=State.FAILED)
    return bool(
        given_up.update(state=State.QUEUED, tries=0, why="", detail="", queued_at=now, due_at=now, ended_at=None)
    )


def made_of(upload: Upload) -> tuple[tuple[FileRef, ...], ...]:
    """The pictures of each page, the small one first. Raises Refused: renditions_pending, and why it failed."""
    job = RenditionJob.objects.filter(upload=upload).first()
    if job is None:  # taken before there were jobs
        ask(upload)
    if job is None or job.state in RenditionJob.UNDER_WAY:
        raise Refused("renditions_pending")
    if job.state == State.FAILED:
        raise Refused(job.why, job.detail)
    return tuple(msgspec.convert(job.made, tuple[tuple[FileRef, ...], ...]))


def run_queued(monotonic: Callable[[], float] = time.monotonic) -> int:
    """Does steps that are due, turn by turn, for a bounded time; how many. One process at a time runs this."""
    began, steps = monotonic(), 0
    while monotonic() - began < ROUND_S and (job := _begun()):
        if job.state != State.FAILED:
            _step(job)
        steps += 1
    return steps


def _begun() -> RenditionJob | None:
    """The job whose turn it is, its step written down as begun: so it counts as tried, whatever happens now."""
    with transaction.atomic():
        due = RenditionJob.objects.select_for_update(of=("self",)).filter(state__in=RenditionJob.UNDER_WAY)
        job: RenditionJob | None = (
            due.filter(due_at__lte=timezone.now()).select_related("upload").order_by("due_at", "id").first()
        )
        if job is None:
            return None
        if job.tries >= MOST_TRIES:
            _give_up(job, job.why or ENDED, job.detail)
        else:
            job.state, job.tries = State.RUNNING, job.tries + 1
            job.due_at = timezone.now() + PAUSE * job.tries
        job.save()
    return job


def _step(job: RenditionJob) -> None:
    try:
        sizes = _drawn(job.upload, len(job.made) + 1)
        with transaction.atomic():
            _done(job, tuple(services.keep_rendering(one) for one in sizes))
    except Refused as problem:
        _put_down(job, problem.code, problem.detail, for_good=True)
    except BlobsFailed as problem:
        _log.warning("pictures of %s wait for HQ's files: %s", job.upload_id, problem.detail)
        _put_down(job, problem.code, problem.detail, PAUSE_FILES)
    except DatabaseError:
        raise
    except Exception as error:
        _log.exception("pictures of %s could not be made", job.upload_id)
        _put_down(job, ENDED, type(error).__name__)


def _drawn(upload: Upload, step: int) -> tuple[Rendering, ...]:
    with _opened(upload) as file:
        worker = services.renditions()
        if upload.kind == "pdf":
            return worker.page(file, step)
        return worker.poster(file) if upload.kind == "video" else worker.sizes(file)


def _done(job: RenditionJob, sizes: Sequence[FileRef]) -> None:
    """What was made is named by the upload, so that it stays until a material names it."""
    now = timezone.now()
    held = RenditionJob.objects.select_for_update().filter(id=job.id, state=State.RUNNING).first()
    if held is None:  # given up by whoever brought it
        return
    held.made = [*held.made, msgspec.to_builtins(tuple(sizes))]
    held.done, held.tries, held.why, held.detail, held.due_at = len(held.made), 0, "", "", now
    if held.done >= held.total:
        held.state, held.ended_at = State.DONE, now
    held.save()
    pictures = {one["sha256"] for step in held.made for one in step}
    services.name("", "upload", str(held.upload_id), {held.upload.sha256, held.upload.shown, *pictures})


def _put_down(job: RenditionJob, why: str, detail: str, pause: timedelta = PAUSE, *, for_good: bool = False) -> None:
    with transaction.atomic():
        held = RenditionJob.objects.select_for_update().filter(id=job.id, state=State.RUNNING).first()
        if held is None:
            return
        if for_good:
            _give_up(held, why, detail)
        else:
            held.why, held.detail, held.due_at = why, detail[:80], timezone.now() + pause * held.tries
        held.save()


def _give_up(job: RenditionJob, why: str, detail: str) -> None:
    job.state, job.why, job.detail, job.ended_at = State.FAILED, why, detail[:80], timezone.now()


@contextmanager
def _opened(upload: Upload) -> Iterator[BinaryIO]:
    """What somebody brought, as a file on the disk for a worker."""
    with _spooling() as path:
        with path.open("wb") as file:
            file.writelines(services.blobs().read(upload.shown))
        with path.open("rb") as opened:
            yield opened


@contextmanager
def _spooling() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="hq-rendition-") as folder:
            yield Path(folder) / "file"
    except OSError as error:
        raise BlobsFailed(error.strerror or type(error).__name__) from error
