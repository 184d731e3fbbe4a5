"""Files over HTTP: who may have which, whole, in part, and what is said where that cannot be."""

from __future__ import annotations

import hashlib
import io
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest

from sync.protocol import codec
from sync.protocol.messages import ErrorBody
from tests import shop as shops
from tests.hq_server import serving
from tests.tablet_client import Tablet

T = TypeVar("T")
CONTENT = bytes(range(256)) * 1500
NAME = hashlib.sha256(CONTENT).hexdigest()
ADDRESS = f"/v1/files/{NAME}"
TAG = f'"{NAME}"'


@dataclass
class Hq:
    """A served HQ with two shops and a tablet in each; the file is named by a row of the first shop's scope."""

    url: str
    database: str
    shop: shops.Shop
    tablet: Tablet
    elsewhere: Tablet


def named_by(scope: str, *names: str, row: str | None = None) -> str:
    """A row of the scope that names these files; its id."""
    from hq.files import services

    row = row or str(uuid4())
    services.name(scope, "material", row, names)
    return row


@pytest.fixture
def hq(hq_database: str) -> Iterator[Hq]:
    from hq.files import services

    chain = shops.make_chain()
    here, there = shops.make_shop(chain), shops.make_shop(chain)
    services.let_go()  # files of tests before, whose rows are gone
    assert services.keep(io.BytesIO(CONTENT), "image/webp") == (NAME, len(CONTENT))
    named_by(here.scope, NAME)
    with serving() as url, ExitStack() as closing:
        tablets = [Tablet(url, shop.guide_id) for shop in (here, there)]
        for tablet, shop in zip(tablets, (here, there), strict=True):
            closing.callback(tablet.close)
            assert tablet.enrol(shops.new_code(shop)).status_code == 200
        yield Hq(url, hq_database, here, *tablets)


def code_of(answer: httpx.Response) -> str:
    return codec.decode(answer.content, ErrorBody).code


def test_a_file_comes_whole_with_its_hash(hq: Hq) -> None:
    answer = hq.tablet.get(ADDRESS)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    told = answer.headers
    assert (told["etag"], told["content-type"], told["accept-ranges"]) == (TAG, "image/webp", "bytes")
    assert "content-encoding" not in told


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=1000-", 1000, 383_999),
        ("bytes=-5", 383_995, 383_999),
        ("bytes=9-999999", 9, 383_999),
    ],
)
def test_a_part_of_it(hq: Hq, asked: str, first: int, last: int) -> None:
    answer = hq.tablet.get(ADDRESS, {"range": asked})
    assert (answer.status_code, answer.content) == (206, CONTENT[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.headers["etag"] == TAG


@pytest.mark.parametrize(
    ("condition", "status"), [(TAG, 206), ('"another"', 200), ("Sun, 22 Nov 2026 10:00:00 GMT", 200)]
)
def test_a_part_of_another_file_is_never_sent(hq: Hq, condition: str, status: int) -> None:
    answer = hq.tablet.get(ADDRESS, {"range": "bytes=5-", "if-range": condition})
    assert answer.status_code == status
    assert answer.content == (CONTENT[5:] if status == 206 else CONTENT)


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=x", "pages=1-2"])
def test_what_is_no_range_of_the_contract_brings_the_whole_file(hq: Hq, asked: str) -> None:
    answer = hq.tablet.get(ADDRESS, {"range": asked})
    assert (answer.status_code, answer.content) == (200, CONTENT)


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", "bytes=-0", "bytes=99999999999999-"])
def test_bytes_that_the_file_has_not(hq: Hq, asked: str) -> None:
    answer = hq.tablet.get(ADDRESS, {"range": asked})
    assert (answer.status_code, code_of(answer)) == (416, "range")
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize(("known", "status"), [(TAG, 304), (f"W/{TAG}", 304), (f'"a", {TAG}', 304), ('"a"', 200)])
def test_what_the_tablet_has_is_not_sent_again(hq: Hq, known: str, status: int) -> None:
    answer = hq.tablet.get(ADDRESS, {"if-none-match": known})
    assert (answer.status_code, answer.headers["etag"]) == (status, TAG)
    assert answer.content == (b"" if status == 304 else CONTENT)


def test_a_file_that_no_row_of_the_tablet_s_scopes_names_is_not_there(hq: Hq) -> None:
    for address in (ADDRESS, f"/v1/files/{'0' * 64}", "/v1/files/", "/v1/files/..%2f..%2fsecret.key"):
        answer = hq.elsewhere.get(address)
        assert (answer.status_code, code_of(answer)) == (404, "not_found"), address


def test_a_file_is_not_there_any_more_once_no_row_names_it(hq: Hq) -> None:
    from hq.protocol import scopes

    row = named_by(scopes.of_chain(), NAME)
    assert hq.elsewhere.get(ADDRESS).status_code == 200
    named_by(scopes.of_chain(), row=row)
    assert hq.elsewhere.get(ADDRESS).status_code == 404
    assert hq.tablet.get(ADDRESS).status_code == 200


def test_nobody_has_a_file_without_a_signature(hq: Hq) -> None:
    answer = hq.tablet.http.get(ADDRESS)
    assert (answer.status_code, code_of(answer)) == (401, "unsigned")
    other = hq.tablet.signed("GET", f"/v1/files/{'0' * 64}")
    assert hq.tablet.http.get(ADDRESS, headers=other).status_code == 401


def test_a_tablet_whose_rights_were_taken_gets_none(hq: Hq) -> None:
    from django.utils import timezone

    from hq.devices import services as devices
    from hq.devices.models import Device

    devices.revoke(Device.objects.get(id=hq.tablet.told.device_id), timezone.now())
    answer = hq.tablet.get(ADDRESS)
    assert (answer.status_code, code_of(answer)) == (403, "revoked")


def test_a_file_that_the_disk_lost_is_not_there(hq: Hq, capsys: pytest.CaptureFixture[str]) -> None:
    from hq import commands
    from hq.files import services

    services.blobs().remove(NAME)
    assert commands.check_files() == 1
    assert capsys.readouterr().out.splitlines() == [NAME, "1 files missing or damaged"]
    assert hq.tablet.get(ADDRESS).status_code == 404
    services.keep(io.BytesIO(CONTENT), "image/webp")
    assert commands.check_files() == 0
    assert hq.tablet.get(ADDRESS).status_code == 200


def test_many_files_at_once_wait_their_turn(hq: Hq, monkeypatch: pytest.MonkeyPatch) -> None:
    from hq.sync_api import sending

    monkeypatch.setattr(sending.Sending, "full", True)
    answer = hq.tablet.get(ADDRESS)
    assert (answer.status_code, code_of(answer)) == (503, "busy")
    assert int(answer.headers["retry-after"]) > 0


def test_a_line_that_breaks_does_not_disturb_the_next(hq: Hq) -> None:
    parts = urlsplit(hq.url)
    head = "".join(f"{name}: {value}\r\n" for name, value in hq.tablet.signed("GET", ADDRESS).items())
    for _ in range(3):
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as line:
            line.sendall(f"GET {ADDRESS} HTTP/1.1\r\nhost: {parts.netloc}\r\n{head}\r\n".encode())
            assert line.recv(100).startswith(b"HTTP/1.1 200")
    assert hq.tablet.get(ADDRESS).content == CONTENT


def test_only_what_no_row_has_named_for_days_is_let_go(hq: Hq) -> None:
    from hq.files import services

    young = services.keep(io.BytesIO(b"brought just now"), "image/webp").sha256
    old = services.keep(io.BytesIO(b"brought long ago"), "image/webp").sha256
    with psycopg.connect(hq.database) as database:
        database.execute("UPDATE stored_file SET kept_at = now() - interval '3 days' WHERE sha256 = %s", (old,))
        database.execute("UPDATE stored_file SET kept_at = now() - interval '3 days' WHERE sha256 = %s", (NAME,))
    assert services.let_go() == 1
    assert [services.blobs().size(name) is not None for name in (young, old, NAME)] == [True, False, True]
    assert services.let_go() == 0


def rolled_back(work: Callable[[], T]) -> T:
    """What the work gave, in a transaction that never was."""
    from django.db import transaction

    with transaction.atomic():
        done = work()
        transaction.set_rollback(True)
    return done


def test_a_file_leaves_the_disk_only_once_its_row_is_gone_for_good(hq: Hq) -> None:
    from hq.files import services

    old = services.keep(io.BytesIO(b"brought long ago, and still needed"), "image/webp").sha256
    with psycopg.connect(hq.database) as database:
        database.execute("UPDATE stored_file SET kept_at = now() - interval '3 days' WHERE sha256 = %s", (old,))
    assert rolled_back(services.let_go) == 1
    assert services.blobs().sound(old), "the row stands, and so does its file"
    assert services.let_go() == 1
    assert services.blobs().size(old) is None


def test_a_file_of_no_row_is_swept_up_and_one_that_is_brought_again_stays(hq: Hq) -> None:
    from hq.files import services

    lost = rolled_back(lambda: services.keep(io.BytesIO(b"kept for nothing"), "image/webp")).sha256
    assert services.blobs().sound(lost)
    assert services._removed(NAME) is False, "a row names it"
    assert services.let_go() == 1
    assert services.blobs().size(lost) is None
    again = services.keep(io.BytesIO(b"kept for nothing"), "image/webp").sha256
    assert again == lost
    assert services.let_go() == 0
    assert services.blobs().sound(again)
