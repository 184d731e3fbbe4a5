"""Files that people bring piece by piece, over a line that breaks: HQ keeps what came, and they go on from there.

A piece counts once it is on the disk, synced, and written down. A piece that comes twice, late or out of order is
answered with how far HQ is; nothing is ever put behind a hole.
"""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guide_app.domain.errors import EnvironmentProblem, Refused
from hq.files import content, faststart, films, jobs
from hq.files import services as files
from hq.files.models import StoredFile, Upload
from hq.files.port import BlobsFailed

MOST_PIECE = 2 << 20
"""Bytes of a piece; a page's body may have a little more."""
MOST_OPEN = 50
"""Files that one person may have under way at once."""
LEFT_ALONE_FOR = timedelta(days=2)
_ROOM = 1 << 30
"""Bytes that stay free on HQ's disk."""
_AT_ONCE = 200
State = Upload.State


def begin(name: str, size: int, mark: str, by: str) -> Upload:
    """A file that somebody is about to bring, or the one of theirs with this size and mark that broke off: it goes on.

    `mark`: a browser makes it of the file, so that it is never gone on with by another of the same name.
    Raises Refused: upload_empty, upload_large (HQ's setting), upload_many, upload_room.
    """
    if size <= 0:
        raise Refused("upload_empty")
    if size > settings.ENVIRONMENT.upload_bytes:
        raise Refused("upload_large")
    with transaction.atomic():
        coming = Upload.objects.select_for_update().filter(by=by, state=State.COMING)
        if begun := coming.filter(mark=mark[:64], size=size).order_by("-began_at").first():
            return begun
        if coming.count() >= MOST_OPEN:
            raise Refused("upload_many")
        _make_room(size)
        now = timezone.now()
        made: Upload = Upload.objects.create(
            name=_short(name), mark=mark[:64], size=size, by=by, began_at=now, heard_at=now
        )
    return made


def take(upload_id: str, at: int, piece: bytes, by: str) -> Upload:
    """Puts a piece at this place, if that is where HQ is; `received` says how far it is now, whatever came.

    The last piece leads to what the file is: `taken`, or `refused` with `why`. Raises Refused: upload_unknown (what
    is not theirs), upload_piece (larger than a piece may be, or beyond the end of the file); BlobsFailed.
    """
    with transaction.atomic():
        upload = _theirs(upload_id, by)
        if upload.state != State.COMING or at != upload.received:
            return upload
        if len(piece) > MOST_PIECE or at + len(piece) > upload.size:
            raise Refused("upload_piece")
        _write(_part(upload.id), at, piece)
        upload.received, upload.heard_at = at + len(piece), timezone.now()
        if upload.received == upload.size:
            _finish(upload)
        upload.save()
        if upload.state == State.TAKEN:
            jobs.ask(upload)
    if upload.state != State.COMING:
        _part(upload.id).unlink(missing_ok=True)
    return upload


def look(upload_id: str, by: str) -> Upload:
    """How far it is. Raises Refused("upload_unknown")."""
    with transaction.atomic():
        return _theirs(upload_id, by)


def give_up(upload_id: str, by: str) -> None:
    """They do not want it any more: nothing of it is left. Raises Refused("upload_unknown")."""
    with transaction.atomic():
        _drop([_theirs(upload_id, by)])


def tidy() -> int:
    """Lets go what nobody went on with for days; how many."""
    before = timezone.now() - LEFT_ALONE_FOR
    with transaction.atomic():
        old = list(Upload.objects.select_for_update().filter(heard_at__lt=before)[:_AT_ONCE])
        _drop(old)
    return len(old)


def _theirs(upload_id: str, by: str) -> Upload:
    found: Upload | None = Upload.objects.select_for_update().filter(id=upload_id, by=by).first()
    if found is None:
        raise Refused("upload_unknown")
    return found


def _drop(uploads: list[Upload]) -> None:
    for upload in uploads:
        files.name("", "upload", str(upload.id), ())
        _part(upload.id).unlink(missing_ok=True)
        upload.delete()


def _finish(upload: Upload) -> None:
    """All of it is here: it is kept as it came, or it is refused and nothing of it is kept."""
    try:
        with _part(upload.id).open("rb") as part:
            found = content.examine(part, files.limits())
            upload.sha256 = _keep(part, found.media_type)
            shown = _cleaned(part, found) if found.film else upload.sha256
    except BlobsFailed:
        raise
    except EnvironmentProblem as problem:
        upload.state, upload.why = State.REFUSED, problem.code
        return
    upload.state, upload.kind, upload.media_type, upload.shown = State.TAKEN, found.kind, found.media_type, shown
    upload.pages = found.pages
    if found.film:
        upload.seconds, upload.width, upload.height = found.film.seconds, found.film.width, found.film.height
    files.name("", "upload", str(upload.id), {upload.sha256, shown})


def _keep(part: BinaryIO, media_type: str) -> str:
    return files.keep(part, media_type).sha256


def _cleaned(part: BinaryIO, found: content.Found) -> str:
    """The film as it travels: without what it tells besides, and its table in front; kept under its own hash."""
    film = found.film
    if film is None or (film.starts_fast and not film.telling):
        return files.keep(part, found.media_type).sha256
    clean, ready = Path(part.name + ".clean"), Path(part.name + ".ready")
    try:
        with clean.open("w+b") as silent, ready.open("w+b") as fast:
            silent.writelines(films.without_metadata(part, film))
            fast.writelines(faststart.pieces(silent, film))
            return files.keep(fast, found.media_type).sha256
    except OSError as error:
        raise BlobsFailed(error.strerror or type(error).__name__) from error
    finally:
        clean.unlink(missing_ok=True)
        ready.unlink(missing_ok=True)


def _write(path: Path, at: int, piece: bytes) -> None:
    """On the disk, and nothing behind it: what a crash left there was never counted."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(handle).st_size < at:
                raise BlobsFailed("a part is shorter than it was")
            left = memoryview(piece)
            while left:
                left = left[os.pwrite(handle, left, at + len(piece) - len(left)) :]
            os.ftruncate(handle, at + len(piece))
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise BlobsFailed(error.strerror or type(error).__name__) from error


def _make_room(size: int) -> None:
    """What is under way has its room already promised."""
    folder = settings.ENVIRONMENT.files
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    promised = sum(
        whole - came for whole, came in Upload.objects.filter(state=State.COMING).values_list("size", "received")
    )
    if shutil.disk_usage(folder).free < promised + 3 * size + _ROOM:
        raise Refused("upload_room")


def _part(upload_id: UUID) -> Path:
    folder: Path = settings.ENVIRONMENT.files
    return folder / ".uploads" / str(upload_id)


def _short(name: str) -> str:
    """What a person called it, for them alone: no path is made of it."""
    told = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    return told.strip()[:120] or "?"


def kept_of(upload: Upload) -> StoredFile:
    """The file that travels of it. Raises Refused("upload_unknown") where there is none."""
    found = StoredFile.objects.filter(sha256=upload.shown).first() if upload.shown else None
    if found is None:
        raise Refused("upload_unknown")
    return found
