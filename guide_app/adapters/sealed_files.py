"""Files on the tablet's disk, encrypted with a key that follows from the store's, each under its content's SHA-256.

    SGF1, the size (8 bytes, big-endian), then frames: nonce (12), AES-256-GCM of up to 64 KiB, tag (16)

Every frame but the last is full, so that one that broke off goes on behind its last whole frame. A frame is bound to
its file, the file's size and its place: none can be exchanged, left out or cut off unseen. A file gets its name once
all of it was read back from the disk, opened, and found to have its hash.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import os
import re
import shutil
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guide_app.adapters.files import make_folder
from guide_app.domain.errors import Defect, NotSaved
from guide_app.services.durable import sync_folder

FRAME = 64 << 10
"""Plain bytes of a full frame."""
_MAGIC = b"SGF1"
_HEAD, _NONCE, _TAG = 12, 12, 16
_SEALED = _NONCE + FRAME + _TAG
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_PART = ".part"

log = logging.getLogger(__name__)


def key_from(store_key: bytes) -> bytes:
    """The files' key, 32 bytes: whoever has it has not the store's."""
    return HKDF(SHA256(), 32, salt=None, info=b"store-guide files").derive(store_key)


class SealedFiles:
    """Implements `sync.ports.FileBox` in one folder, which is made with the first file."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._cipher = folder, AESGCM(key)

    @asynccontextmanager
    async def coming(self, sha256: str, size: int) -> AsyncIterator[ComingFile]:
        made = await asyncio.to_thread(ComingFile.open, self._path(sha256), self._cipher, size)
        try:
            yield made
        finally:
            await asyncio.shield(asyncio.to_thread(made.close))

    async def remove(self, names: Collection[str]) -> None:
        await asyncio.to_thread(self._remove, names)

    async def names(self) -> Sequence[str]:
        return await asyncio.to_thread(self._names)

    async def begun(self) -> Sequence[str]:
        return await asyncio.to_thread(self._names, _PART)

    async def free(self) -> int:
        with _told():
            return (await asyncio.to_thread(shutil.disk_usage, self._folder.parent)).free

    def read(self, sha256: str) -> bytes | None:
        try:
            with self._path(sha256).open("rb") as file:
                return b"".join(_opened(file, self._cipher, sha256))
        except FileNotFoundError:
            return None
        except (OSError, _Damaged) as problem:
            log.warning("a file cannot be read: %s", type(problem).__name__)
            return None

    def _path(self, sha256: str) -> Path:
        if not _NAME.match(sha256):
            raise Defect("no name of a file")
        return self._folder / sha256

    def _names(self, suffix: str = "") -> list[str]:
        with _told():
            found = [path for path in self._folder.glob("*") if path.suffix == suffix]
            return [path.stem for path in found if _NAME.match(path.stem)]

    def _remove(self, names: Collection[str]) -> None:
        with _told():
            for name in names:
                path = self._path(name)
                path.unlink(missing_ok=True)
                path.with_suffix(_PART).unlink(missing_ok=True)


class ComingFile:
    """Implements `sync.ports.FilePart`: frames are written as they fill."""

    def __init__(self, path: Path, file: BinaryIO, cipher: AESGCM, size: int, frames: int) -> None:
        self._path, self._file, self._cipher, self._size, self._frames = path, file, cipher, size, frames
        self._rest = bytearray()

    @classmethod
    def open(cls, path: Path, cipher: AESGCM, size: int) -> ComingFile:
        """Goes on with what came before, or begins. Raises NotSaved."""
        with _told():
            make_folder(path.parent)
            part = path.with_suffix(_PART)
            part.touch(mode=0o600)
            file = part.open("r+b")
            try:
                frames = _whole_frames(file, size)
                file.seek(0)
                file.write(_MAGIC + size.to_bytes(8, "big"))
                file.seek(_HEAD + frames * _SEALED)
                file.truncate()
            except BaseException:
                file.close()
                raise
            return cls(path, file, cipher, size, frames)

    @property
    def here(self) -> int:
        return min(self._frames * FRAME, self._size) + len(self._rest)

    async def write(self, piece: bytes) -> None:
        self._rest += piece
        if len(self._rest) >= FRAME:
            await asyncio.to_thread(self._write_frames)

    async def finish(self) -> bool:
        return await asyncio.to_thread(self._finish)

    def close(self) -> None:
        """What is not a whole frame is fetched again."""
        with _told():
            self._file.close()

    def _write_frames(self) -> None:
        with _told():
            while len(self._rest) >= FRAME:
                self._write_frame(bytes(self._rest[:FRAME]))
                del self._rest[:FRAME]

    def _write_frame(self, plain: bytes) -> None:
        nonce = os.urandom(_NONCE)
        bound = _bound(self._path.name, self._size, self._frames)
        self._file.write(nonce + self._cipher.encrypt(nonce, plain, bound))
        self._frames += 1

    def _finish(self) -> bool:
        with _told():
            if self._rest:
                self._write_frame(bytes(self._rest))
                self._rest.clear()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.seek(0)
            part = self._path.with_suffix(_PART)
            if not self._is_right():
                part.unlink(missing_ok=True)
                return False
            part.replace(self._path)
            sync_folder(self._path.parent)
            return True

    def _is_right(self) -> bool:
        digest = hashlib.sha256()
        try:
            for plain in _opened(self._file, self._cipher, self._path.name):
                digest.update(plain)
        except _Damaged:
            return False
        return digest.hexdigest() == self._path.name


class _Damaged(Exception):
    """What lies there is not what was sealed."""


def _whole_frames(file: BinaryIO, size: int) -> int:
    """How many full frames of a file of this size lie there; none where it is another file's beginning."""
    head = file.read(_HEAD)
    if head != _MAGIC + size.to_bytes(8, "big"):
        return 0
    return min((file.seek(0, os.SEEK_END) - _HEAD) // _SEALED, size // FRAME)


def _opened(file: BinaryIO, cipher: AESGCM, name: str) -> Iterator[bytes]:
    """The plain bytes, frame by frame, to the last. Raises _Damaged."""
    head = file.read(_HEAD)
    if len(head) != _HEAD or not head.startswith(_MAGIC):
        raise _Damaged
    size = int.from_bytes(head[len(_MAGIC) :], "big")
    came = frame = 0
    while sealed := file.read(_SEALED):
        try:
            plain = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(name, size, frame))
        except (InvalidTag, ValueError) as problem:
            raise _Damaged from problem
        came, frame = came + len(plain), frame + 1
        yield plain
    if came != size:
        raise _Damaged


def _bound(name: str, size: int, frame: int) -> bytes:
    return bytes.fromhex(name) + size.to_bytes(8, "big") + frame.to_bytes(8, "big")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise NotSaved("disk_full" if full else "disk_failed", error.strerror or "") from error
