"""Files as HQ's features use them: kept, named by rows, found for who may have them, and let go."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from guide_app.domain.records import FileRef, Picture
from hq.files import s3
from hq.files.folder import FolderBlobs
from hq.files.models import FileUse, StoredFile
from hq.files.pictures import TYPE, Made, Rendering
from hq.files.port import PIECE, Blobs, Kept
from hq.files.s3 import S3Blobs
from hq.files.worker import Limits, Renditions, Worker

UNNAMED_FOR = timedelta(days=2)
"""A file that no row names is kept so long: the form that brought it may be saved only later."""
_AT_ONCE = 500


def blobs() -> Blobs:
    """Where this HQ keeps files. The only place that knows which adapter it is. Raises BadInput("setting_files_s3")."""
    told = settings.ENVIRONMENT.files_s3
    return _bucket(told) if told else FolderBlobs(settings.ENVIRONMENT.files)


@cache
def _bucket(told: Path) -> S3Blobs:
    return s3.from_file(told)


def renditions() -> Renditions:
    """What opens the files that people bring, apart from HQ's own processes."""
    return Worker(limits())


def limits() -> Limits:
    """What a file may take while it is opened: HQ's setting."""
    return Limits(pixels=settings.ENVIRONMENT.picture_megapixels * 1_000_000)


def keep(source: BinaryIO, media_type: str) -> Kept:
    """Keeps a file, read twice from its beginning and never held whole. Raises BlobsFailed; nothing is kept then."""
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(source):
        digest.update(piece)
        size += len(piece)
    row = StoredFile(sha256=digest.hexdigest(), size=size, media_type=media_type, kept_at=timezone.now())
    with transaction.atomic():
        # the row first: it holds off `let_go`, which would take the file away under it
        StoredFile.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["sha256"], update_fields=["size", "media_type", "kept_at"]
        )
        return blobs().put(_pieces(source))


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    source.seek(0)
    return iter(lambda: source.read(PIECE), b"")


def keep_picture(made: Made) -> Picture:
    """Keeps a picture in both sizes. Raises BlobsFailed."""
    return Picture(thumb=keep_rendering(made.thumb), large=keep_rendering(made.large))


def keep_rendering(shown: Rendering) -> FileRef:
    """Keeps one size of a picture. Raises BlobsFailed."""
    kept = keep(io.BytesIO(shown.content), TYPE)
    return FileRef(sha256=kept.sha256, bytes=kept.size, type=TYPE, width=shown.width, height=shown.height)


def name(scope: str, entity: str, entity_id: str, files: Collection[str]) -> None:
    """A row of the scope names just these files from now on; part of the transaction that publishes the row."""
    named = FileUse.objects.filter(scope=scope, entity=entity, entity_id=entity_id)
    named.exclude(sha256__in=files).delete()
    uses = [FileUse(scope=scope, entity=entity, entity_id=entity_id, sha256=file) for file in sorted(set(files))]
    FileUse.objects.bulk_create(uses, ignore_conflicts=True)


def find(sha256: str, scopes: Sequence[str]) -> StoredFile | None:
    """The file, where a row of one of these scopes names it."""
    named = FileUse.objects.filter(sha256=OuterRef("sha256"), scope__in=list(scopes))
    return StoredFile.objects.filter(Exists(named), sha256=sha256).first()


def let_go() -> int:
    """Removes files that no row has named for days, and what a crash left that is kept for no row at all; how many."""
    swept = 0 if connection.in_atomic_block else _orphans()  # there rows may be gone that come back
    return _unnamed() + swept


def _unnamed() -> int:
    """The row goes first: one without its file would be a picture that nobody can show."""
    unnamed = StoredFile.objects.filter(
        ~Exists(FileUse.objects.filter(sha256=OuterRef("sha256"))), kept_at__lt=timezone.now() - UNNAMED_FOR
    )
    with transaction.atomic():
        names = list(unnamed.select_for_update().values_list("sha256", flat=True)[:_AT_ONCE])
        StoredFile.objects.filter(sha256__in=names).delete()
        transaction.on_commit(partial(_remove, names))
    return len(names)


def _orphans() -> int:
    """Files of no row: a crash came before `_remove`, or whoever kept one was rolled back."""
    found, there = 0, blobs().every()
    while names := list(islice(there, _AT_ONCE)):
        known = set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        found += _remove([one for one in names if one not in known])
    return found


def _remove(names: Collection[str]) -> int:
    """Removes the files of names that have no row; how many."""
    return sum(map(_removed, names))


def _removed(sha256: str) -> bool:
    """A row of that name holds off whoever brings the file meanwhile; where it cannot be made, somebody did."""
    row = StoredFile(sha256=sha256, size=0, media_type="", kept_at=timezone.now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            blobs().remove(sha256)
            row.delete()
    except IntegrityError:
        return False
    return True


def unsound() -> list[str]:
    """The files that rows name and that are not there whole: reads every file."""
    named = FileUse.objects.values_list("sha256", flat=True).distinct().order_by("sha256")
    return [sha256 for sha256 in named.iterator() if not blobs().sound(sha256)]
