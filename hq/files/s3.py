"""Files in a service of objects that speaks S3: each under its hash, the service checks that hash as it takes it.

A JSON file beside HQ says which: {"endpoint": "https://s3.example.com", "region": …, "bucket": …, "prefix": "files/",
"key_id": …, "secret_file": …}; the secret's file lies beside it. Nothing of them is ever logged.
"""

from __future__ import annotations

import hashlib
import html
import http.client
import re
import ssl
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import msgspec

from guide_app.domain.errors import BadInput
from hq.files.port import PIECE, BlobsFailed, Kept
from hq.files.sigv4 import NOTHING, Asked, Keys, quoted_path, quoted_query, signed

TIMEOUT_S = 30.0
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_KEY = re.compile(r"<Key>([^<]*)</Key>")
_NEXT = re.compile(r"<NextContinuationToken>([^<]*)</NextContinuationToken>")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OK, _PART, _EMPTY, _ABSENT, _BEYOND = 200, 206, 204, 404, 416
_LONGEST_LIST = 4 << 20


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the service is, and who HQ is to it."""

    endpoint: str
    region: str
    bucket: str
    key_id: str
    secret_file: str
    prefix: str = ""


def from_file(path: Path) -> S3Blobs:
    """The store that a file of settings names. Raises BadInput("setting_files_s3")."""
    try:
        told = msgspec.json.decode(path.read_bytes(), type=Settings)
        secret = (path.parent / told.secret_file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError, msgspec.MsgspecError) as problem:
        raise BadInput("setting_files_s3", f"{path.name}: {type(problem).__name__}") from problem
    return S3Blobs(told, secret)


class S3Blobs:
    """The port over a bucket, a connection for each request. Many processes and machines may use one."""

    def __init__(self, told: Settings, secret: str) -> None:
        """Raises BadInput("setting_files_s3") for an address that is none, or is not safe."""
        parts = urlsplit(told.endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise BadInput("setting_files_s3", "the endpoint is an address such as https://s3.example.com")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise BadInput("setting_files_s3", "a service on another machine is reached over https")
        self._https, self._host, self._port, self._netloc = (
            parts.scheme == "https", parts.hostname, parts.port, parts.netloc
        )  # fmt: skip
        self._keys = Keys(told.key_id, secret, told.region)
        self._bucket, self._prefix = f"/{told.bucket}", told.prefix

    def put(self, pieces: Iterable[bytes]) -> Kept:
        """Gathered in a file without a name first: the service is told its hash before the first byte."""
        with _failing(), tempfile.TemporaryFile() as file:
            digest, size = hashlib.sha256(), 0
            for piece in pieces:
                digest.update(piece)
                size += file.write(piece)
            file.seek(0)
            kept = Kept(digest.hexdigest(), size)
            headers = {"Content-Length": str(size)}
            with self._asked("PUT", self._path(kept.sha256), headers=headers, body=(kept.sha256, file)) as answer:
                _expect(answer, _OK)
            return kept

    def size(self, sha256: str) -> int | None:
        if not _NAME.match(sha256):
            return None
        with _failing(), self._asked("HEAD", self._path(sha256)) as answer:
            if answer.status == _ABSENT:
                return None
            _expect(answer, _OK)
            return int(answer.headers["Content-Length"])

    def read(self, sha256: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        with _failing():
            if not _NAME.match(sha256):
                raise BlobsFailed("no such file")
            if length is not None and length <= 0:
                return
            part = {"Range": f"bytes={first}-{'' if length is None else first + length - 1}"}
            whole = not first and length is None
            with self._asked("GET", self._path(sha256), headers={} if whole else part) as answer:
                if answer.status == _BEYOND:
                    return
                _expect(answer, _OK if whole else _PART)
                left = int(answer.headers["Content-Length"])
                while left:
                    piece = answer.read(min(PIECE, left))
                    if not piece:
                        raise BlobsFailed("cut off")
                    left -= len(piece)
                    yield piece

    def sound(self, sha256: str) -> bool:
        if self.size(sha256) is None:
            return False
        digest = hashlib.sha256()
        for piece in self.read(sha256):
            digest.update(piece)
        return digest.hexdigest() == sha256

    def remove(self, sha256: str) -> None:
        if _NAME.match(sha256):
            with _failing(), self._asked("DELETE", self._path(sha256)) as answer:
                _expect(answer, _OK, _EMPTY, _ABSENT)

    def every(self) -> Iterator[str]:
        token = ""
        while True:
            query = {"list-type": "2", "prefix": self._prefix, **({"continuation-token": token} if token else {})}
            with _failing(), self._asked("GET", self._bucket, query) as answer:
                _expect(answer, _OK)
                told = answer.read(_LONGEST_LIST).decode()
            for key in map(html.unescape, _KEY.findall(told)):
                name = key.rpartition("/")[2]
                if _NAME.match(name) and self._key(name) == key:
                    yield name
            found = _NEXT.search(told)
            if found is None:
                return
            token = html.unescape(found[1])

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}{sha256[:2]}/{sha256}"

    def _path(self, sha256: str) -> str:
        return f"{self._bucket}/{self._key(sha256)}"

    @contextmanager
    def _asked(
        self, method: str, path: str, query: Mapping[str, str] | None = None, *,
        headers: Mapping[str, str] | None = None, body: tuple[str, BinaryIO] | None = None,
    ) -> Iterator[http.client.HTTPResponse]:  # fmt: skip
        """`body`: its hash and the file."""
        asked = Asked(
            method, path, query or {}, {"Host": self._netloc, **(headers or {})}, body[0] if body else NOTHING
        )  # fmt: skip
        target = quoted_path(path) + (f"?{quoted_query(query)}" if query else "")
        connection = self._connection()
        try:
            told = signed(asked, datetime.now(UTC), self._keys)
            connection.request(method, target, body[1] if body else None, told)
            answer = connection.getresponse()
            try:
                yield answer
            finally:
                answer.close()
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._https:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT_S, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)


def _expect(answer: http.client.HTTPResponse, *wanted: int) -> None:
    if answer.status not in wanted:
        raise BlobsFailed("no such file" if answer.status == _ABSENT else f"the service answered {answer.status}")


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError, TypeError) as error:
        raise BlobsFailed(getattr(error, "strerror", None) or type(error).__name__) from error
