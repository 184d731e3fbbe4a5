"""A bucket keeps files as the contract says, asked of moto: an emulator of S3, in an environment of its own."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest
from django.utils import timezone

from guide_app.domain.errors import BadInput
from hq.files import s3
from hq.files.port import Blobs, BlobsFailed
from hq.files.s3 import S3Blobs, Settings
from hq.files.sigv4 import Asked, Keys, quoted_path, quoted_query, signed
from tests.contract.blobs import BlobsContract
from tests.hq_fixtures import hq_cluster, hq_database, hq_template

__all__ = ["hq_cluster", "hq_database", "hq_template"]

KEYS = Keys("AKIDEXAMPLE", "the secret", "us-east-1")
EMULATOR = Path(__file__).parents[2] / ".venv" / "emulator" / "bin" / "python"


def free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        port: int = plug.getsockname()[1]
        return port


def asked(port: int, method: str, path: str, body: bytes | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        named = {"Host": f"127.0.0.1:{port}"}
        about = Asked(method, unquote(path), {}, named, hashlib.sha256(body or b"").hexdigest())
        connection.request(method, path, body, signed(about, datetime.now(UTC), KEYS))
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.fixture(scope="module")
def emulator() -> Iterator[int]:
    """The port of a running emulator."""
    assert EMULATOR.exists(), "make env makes the emulator's environment"
    port = free_port()
    kept = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    command = [str(EMULATOR), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            ends = time.monotonic() + 60
            while time.monotonic() < ends:
                try:
                    asked(port, "GET", "/moto-api/")
                    break
                except OSError:
                    time.sleep(0.1)
            yield port
        finally:
            process.kill()


@pytest.fixture
def told(emulator: int) -> Settings:
    """A bucket that is empty."""
    asked(emulator, "POST", "/moto-api/reset", b"")
    assert asked(emulator, "PUT", "/shop") == 200
    return Settings(f"http://127.0.0.1:{emulator}", "us-east-1", "shop", "AKIDEXAMPLE", "secret", "hq files/")


class TestS3(BlobsContract):
    @pytest.fixture
    def blobs(self, told: Settings) -> Blobs:
        return S3Blobs(told, "the secret")

    @pytest.fixture
    def spoil(self, emulator: int) -> Callable[[str], None]:
        def spoiled(name: str) -> None:
            assert asked(emulator, "PUT", f"/shop/hq%20files/{name[:2]}/{name}", b"another") == 200

        return spoiled

    def test_what_else_is_in_the_bucket_is_no_file(self, blobs: Blobs, emulator: int) -> None:
        name = blobs.put([b"a picture"]).sha256
        for other in ("readme", "hq%20files/readme", f"hq%20files/00/{name}", f"{name[:2]}/{name}"):
            assert asked(emulator, "PUT", f"/shop/{other}", b"x") == 200
        assert list(blobs.every()) == [name]

    def test_a_list_of_more_than_a_page(self, blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
        names = {blobs.put([b"%d" % number]).sha256 for number in range(7)}
        pages: list[str] = []

        def by_three(query: dict[str, str]) -> str:
            pages.append(query.get("continuation-token", ""))
            return quoted_query({**query, "max-keys": "3"})

        monkeypatch.setattr("hq.files.s3.quoted_query", by_three)
        assert set(blobs.every()) == names
        assert len(pages) == 3

    def test_a_bucket_that_is_not_there_and_a_service_that_is_gone(self, told: Settings) -> None:
        nowhere = S3Blobs(msgspec.structs.replace(told, bucket="nowhere"), "b")
        gone = S3Blobs(msgspec.structs.replace(told, endpoint=f"http://127.0.0.1:{free_port()}"), "b")
        for blobs in (nowhere, gone):
            with pytest.raises(BlobsFailed):
                blobs.put([b"a"])
            with pytest.raises(BlobsFailed):
                list(blobs.every())


BOTOCORE = """
import json, sys
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
told = json.load(sys.stdin)
signs = S3SigV4Auth(Credentials(told["id"], told["secret"]), "s3", told["region"])
request = AWSRequest(told["method"], told["url"], told["headers"])
request.context["timestamp"] = told["headers"]["x-amz-date"]
print(signs.signature(signs.string_to_sign(request, signs.canonical_request(request)), request))
"""


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/shop/hq files/ab/abcd", {}),
        ("PUT", "/shop/冬季/~a+b*c(1)", {}),
        ("GET", "/shop", {"list-type": "2", "prefix": "hq files/", "continuation-token": "1+/=&é"}),
    ],
)
def test_what_is_odd_in_a_name_is_signed_as_amazon_s_own_client_signs_it(
    method: str, path: str, query: dict[str, str]
) -> None:
    asked_for = Asked(method, path, query, {"Host": "s3.example.com", "Range": "bytes=0-9"})
    headers = signed(asked_for, datetime(2026, 11, 23, 7, tzinfo=UTC), KEYS)
    proof = headers.pop("Authorization")
    url = f"https://s3.example.com{quoted_path(path)}" + (f"?{quoted_query(query)}" if query else "")
    told = {"id": KEYS.id, "secret": KEYS.secret, "region": KEYS.region, "method": method, "url": url}
    command = [str(EMULATOR), "-c", BOTOCORE]
    given = json.dumps({**told, "headers": headers})
    theirs = subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout.strip()
    assert proof.endswith(f",Signature={theirs}")


def test_it_is_set_up_by_a_file(tmp_path: Path) -> None:
    told = {"endpoint": "https://s3.example.com", "region": "r", "bucket": "b", "key_id": "k", "secret_file": "secret"}
    (tmp_path / "s3.json").write_text(json.dumps(told))
    with pytest.raises(BadInput, match="setting_files_s3"):
        s3.from_file(tmp_path / "s3.json")
    (tmp_path / "secret").write_text("hush\n")
    assert isinstance(s3.from_file(tmp_path / "s3.json"), S3Blobs)


@pytest.mark.usefixtures("hq_database")
def test_hq_keeps_its_files_there_once_it_is_set(told: Settings, tmp_path: Path) -> None:
    from django.conf import settings

    from hq.files import services
    from hq.files.models import StoredFile

    (tmp_path / "s3.json").write_text(json.dumps({**msgspec.to_builtins(told), "secret_file": "secret"}))
    (tmp_path / "secret").write_text("the secret")
    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = replace(before, files=tmp_path / "files", files_s3=tmp_path / "s3.json")
    try:
        kept = services.keep(io.BytesIO(b"a picture"), "image/webp")
        assert list(services.blobs().every()) == [kept.sha256]
        assert b"".join(services.blobs().read(kept.sha256)) == b"a picture"
        assert not (tmp_path / "files").exists()
        StoredFile.objects.update(kept_at=timezone.now() - services.UNNAMED_FOR - timedelta(days=1))
        assert services.let_go() == 1
        assert list(services.blobs().every()) == []
    finally:
        settings.ENVIRONMENT = before


@pytest.mark.parametrize("endpoint", ["http://s3.example.com", "s3.example.com", "https://s3.example.com/bucket", ""])
def test_an_address_that_is_none_or_not_safe_is_refused(endpoint: str) -> None:
    with pytest.raises(BadInput, match="setting_files_s3"):
        S3Blobs(Settings(endpoint, "r", "b", "k", "s"), "hush")
